"""AuxVault: payments of an invoice, recorded, made, tried again, listed and refunded.

Our own receipts are recorded as money received elsewhere, whatever they were received by: any other method would draw
the money again. The key stands in their notes, which no call shows again. A refund is not shown by any call either. The
history shows failed attempts beside the payments. Invoices cannot be listed by any call of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.model import PaymentMethod
from reconcile.post.answers import a_date, a_text, an_amount, as_rows
from reconcile.post.connector import Capabilities, History, NewPayment, PaymentFailed, RemotePayment
from reconcile.post.connectors.auxvault_means import (
    External,
    Means,
    fields_of,
    is_private,
    method_of,
    without_digits,
)
from reconcile.post.connectors.auxvault_wire import (
    BASE,
    FAILED,
    STATUSES,
    Standing,
    address,
    data_of,
    must_be,
    plain,
    sent,
    standing_of,
)
from reconcile.post.remote import NotOffered, Patience, Remote, RemoteError, Unclear

CAPABILITIES: Final = Capabilities(
    key_field="", notes_length_max=None, shows_refunds=False, has_balance=True, requests_per_second_max=5
)
"""300 requests a minute on its "Professional" plan, 100 on "Standard" (https://docs.auxcore.net/docs/rate-limits.html)."""
PAYMENT_STATUSES: Final = ("approved", FAILED, *STATUSES)
"""The document's history shows `approved`; its table "Payment Status" names the others, but for a failed attempt's."""


@dataclass(frozen=True)
class Paid:
    """A payment as it was taken, and how its invoice stands now."""

    payment: RemotePayment
    standing: Standing


@dataclass(frozen=True)
class Attempts:
    """All attempts to pay an invoice, the failed ones too, and how it stands."""

    attempts: tuple[RemotePayment, ...]
    standing: Standing


@dataclass(frozen=True)
class AuxVault:
    """The connector; `remote` carries the address, the secret and the tenant."""

    remote: Remote
    capabilities: Capabilities = CAPABILITIES

    @classmethod
    def of(cls, settings: ConnectorSettings, secret: str, patience: Patience) -> AuxVault:
        """Reach the system as configured; the secret is sent as `Authorization: Bearer ...`.

        Raises:
            ConfigError: no tenant is named.
        """
        if not settings.tenant_id:
            raise ConfigError("connector.tenant_id is missing: auxvault takes no request without it")
        headers = {"authorization": f"Bearer {secret}", "x-tenant-id": settings.tenant_id}
        base_url = settings.base_url.rstrip("/").removesuffix(BASE)
        return cls(Remote(base_url, headers=headers, patience=patience))

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record money that we have received; nothing is drawn.

        Raises:
            PaymentFailed: the system took it and says that it failed.
            NotOffered: by a method that only draws money.
        """
        notes = f"{payment.key}: {payment.notes}" if payment.notes else payment.key
        means = External(payment.method, payment.payment_date, notes=notes)
        return (await self.pay(payment.invoice_id, payment.amount, means)).payment

    async def pay(self, invoice_id: str, amount: Decimal, means: Means | None = None) -> Paid:
        """Pay an invoice, a part of it, or more than it: `POST /api/v1/invoices/{invoice_id}/payment`.

        Without means the system takes what it has of the customer. All means but `External` draw money.

        Raises:
            PaymentFailed: the payment failed; its `payment` can be tried again.
        """
        body = {"amount": amount, **fields_of(means)}
        return await self._paid(address("invoices", invoice_id, "payment"), body, invoice_id, amount, means)

    async def retry_payment(self, failed: RemotePayment, means: Means) -> Paid:
        """Try a failed payment again: `POST /api/v1/invoices/{invoice_id}/payment/retry`.

        Raises:
            PaymentFailed: it failed again.
        """
        body = {"paymentId": failed.payment_id, **fields_of(means)}
        path = address("invoices", failed.invoice_id, "payment", "retry")
        return await self._paid(path, body, failed.invoice_id, failed.amount, means)

    async def _paid(
        self, path: str, body: Mapping[str, Any], invoice_id: str, amount: Decimal, means: Means | None
    ) -> Paid:
        try:
            row = await sent(self.remote, path, body)
            must_be(row, "invoiceId", invoice_id)
            return Paid(_taken(row, invoice_id, amount, means), standing_of(row))
        except RemoteError as error:
            if isinstance(error, PaymentFailed) and error.payment.invoice_id != invoice_id:
                raise Unclear("its answer is about another invoiceId") from None
            if not is_private(means):
                raise
            trouble = without_digits(error)
        raise trouble  # here, and not above, so that it carries nothing of the first one along

    async def attempts_of(self, invoice_id: str) -> Attempts:
        """Return all attempts to pay an invoice: `GET /api/v1/invoices/{invoice_id}/payments`."""
        row = data_of(await self.remote.read(address("invoices", invoice_id, "payments")))
        must_be(row, "invoiceId", invoice_id)
        return Attempts(tuple(_payment(each, invoice_id) for each in as_rows(row, "payments")), standing_of(row))

    async def history_of(self, invoice_id: str) -> History:
        """Return the payments of an invoice, without failed attempts: no money has moved in them."""
        told = await self.attempts_of(invoice_id)
        payments = tuple(attempt for attempt in told.attempts if attempt.status != FAILED)
        return History(payments, told.standing.remaining, told.standing.status)

    async def refund_payment(
        self,
        payment: RemotePayment,
        amount: Decimal,
        reason: str,  # noqa: ARG002 - the document's refund has no field for it
    ) -> str:
        """Refund a part or all of a payment: `POST /api/v1/transactions/{transaction_id}/refund`.

        Some answers to a payment name no transaction; then it is looked up in the history.

        Raises:
            NotOffered: the payment has no transaction.
        """
        transaction_id = payment.transaction_id or await self._transaction_of(payment)
        refund = await sent(self.remote, address("transactions", transaction_id, "refund"), {"amount": amount})
        if "amount" in refund:
            an_amount(refund, "amount", expected=amount)
        return a_text(refund, "refundId") if refund.get("refundId") else ""

    async def _transaction_of(self, payment: RemotePayment) -> str:
        history = await self.history_of(payment.invoice_id)
        for known in history.payments:
            if known.payment_id == payment.payment_id and known.transaction_id:
                return known.transaction_id
        message = f"auxvault names no transaction of payment {payment.payment_id}, and refunds only transactions"
        raise NotOffered(message)


def _taken(row: Mapping[str, Any], invoice_id: str, asked: Decimal, means: Means | None) -> RemotePayment:
    """Read a payment that was taken. `paidAt` is when the system was told; money received elsewhere is older."""
    return RemotePayment(
        payment_id=a_text(row, "paymentId"),
        invoice_id=invoice_id,
        amount=_amount(row, asked),
        payment_date=None if isinstance(means, External) else a_date(row, "paidAt"),
        status=str(row.get("status")),
        transaction_id=a_text(row, "transactionId") if row.get("transactionId") else "",
    )


def _amount(row: Mapping[str, Any], asked: Decimal) -> Decimal:
    """Return a payment's amount. The answer to an overpayment tells only what is paid on the invoice in all."""
    if "amount" in row:
        return an_amount(row, "amount")
    paid = an_amount(row, "paidAmount")
    if paid < asked:
        message = f"its answer says that {paid} is paid in all, less than the payment of {asked}"
        raise Unclear(message)
    return asked


def _payment(row: Mapping[str, Any], invoice_id: str) -> RemotePayment:
    """Read one attempt of a history."""
    status = row.get("status")
    if status not in PAYMENT_STATUSES:
        message = f"its answer has an unknown status of a payment: {plain(status)[:40]!r}"
        raise Unclear(message)
    method = method_of(row.get("method"))
    draws = method in {PaymentMethod.CREDIT_CARD, PaymentMethod.ACH, PaymentMethod.SAVED}
    return RemotePayment(
        payment_id=a_text(row, "paymentId"),
        invoice_id=invoice_id,
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "paidAt") if draws else None,
        method=method,
        text=plain(row.get("declineReason")),
        status=str(status),
        transaction_id=a_text(row, "transactionId") if row.get("transactionId") else "",
    )
