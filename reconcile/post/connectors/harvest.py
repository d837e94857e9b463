"""Harvest's first API, in XML: payments of an invoice, recorded, shown, listed and deleted.

`notes` hold our key, and the method where it is no bank transfer: Harvest knows none. A new payment may be named by the
answer's `Location` alone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.model import PaymentMethod
from reconcile.post.answers import a_date, a_text, an_amount
from reconcile.post.connector import (
    Capabilities,
    History,
    NewPayment,
    RemoteInvoice,
    RemotePayment,
    UnreadInvoice,
    asked_for,
)
from reconcile.post.elements import a_row, element_body, the_rows
from reconcile.post.listing import as_invoice, is_owed
from reconcile.post.remote import Patience, Remote, RemoteError, Unclear

CAPABILITIES: Final = Capabilities(
    key_field="notes", notes_length_max=None, shows_refunds=True, has_balance=False, requests_per_second_max=6
)
"""Harvest shuts out who asks more than 100 times in 15 seconds (github.com/harvesthq/api, "Throttle Limit")."""

EMPTY_LIST: Final = "nil-classes"
"""What Ruby on Rails, of which Harvest was made, called a list with nothing in it."""

OPEN_STATES: Final = ("open", "partial")
"""Sent and unpaid; partly paid. The others are `draft`, `paid` and `closed` (written off)."""

METHOD: Final = re.compile(r"(?:\S+ )?\(([a-z ]+)\)(?: |$)")
"""A method in the notes, behind the key."""


@dataclass(frozen=True)
class Harvest:
    """The connector; `remote` carries the address and the secret."""

    remote: Remote
    capabilities: Capabilities = CAPABILITIES

    @classmethod
    def of(cls, settings: ConnectorSettings, secret: str, patience: Patience) -> Harvest:
        """Reach the system as configured; the secret is `user:password`, sent as HTTP Basic.

        Raises:
            ConfigError: the secret has no colon.
        """
        user, colon, password = secret.partition(":")
        if not colon:
            message = f'connector.token_env = "{settings.token_env}": it must hold user:password, with the colon'
            raise ConfigError(message)
        headers = {"accept": "application/xml", "content-type": "application/xml"}
        return cls(Remote(settings.base_url, headers=headers, auth=(user, password), patience=patience))

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record a payment: `POST /invoices/{invoice_id}/payments`.

        The answer's body may be empty: a `Location` that names the payment says that it was recorded. It is then read
        back; where that fails it is what was sent.
        """
        notes = _notes(payment)
        body = element_body(
            "payment",
            [
                ("paid-at", "datetime", f"{payment.payment_date.isoformat()}T00:00:00Z"),
                ("amount", "decimal", format(payment.amount, "f")),
                ("notes", "", notes),
            ],
        )
        answer = await self.remote.send("POST", _payments_of(payment.invoice_id), body)
        try:
            return _payment(a_row(answer.xml(), "payment"))
        except Unclear:
            invoice_id, payment_id = _named_by(answer.location)
            if not payment_id:
                raise
        try:
            return await self.get_payment(payment.invoice_id, payment_id)
        except RemoteError:
            if invoice_id != payment.invoice_id:
                raise Unclear("its answer names a payment of another invoice, which cannot be read") from None
            return RemotePayment(payment_id, payment.invoice_id, payment.amount, payment.payment_date, text=notes)

    async def get_payment(self, invoice_id: str, payment_id: str) -> RemotePayment:
        """Show one payment: `GET /invoices/{invoice_id}/payments/{payment_id}`."""
        answer = await self.remote.read(_payment_of(invoice_id, payment_id))
        return asked_for(_payment(a_row(answer.xml(), "payment")), payment_id)

    async def history_of(self, invoice_id: str) -> History:
        """Return all payments of an invoice: `GET /invoices/{invoice_id}/payments`, which has no pages.

        Raises:
            Unclear: one is said to be another invoice's; left out, it might be taken for not recorded and sent again.
        """
        answer = await self.remote.read(_payments_of(invoice_id))
        payments = tuple(_payment(row) for row in the_rows(answer.xml(), ("payments", EMPTY_LIST), "payment"))
        if any(payment.invoice_id != invoice_id for payment in payments):
            message = f"its answer has a payment of another invoice than {invoice_id}"
            raise Unclear(message)
        return History(payments)

    async def delete_payment(self, payment: RemotePayment) -> None:
        """Delete a payment: `DELETE /invoices/{invoice_id}/payments/{payment_id}`."""
        await self.remote.send("DELETE", _payment_of(payment.invoice_id, payment.payment_id))

    async def open_items(self) -> AsyncIterator[RemoteInvoice | UnreadInvoice]:
        """Read the invoices on which something is owed: `GET /invoices`, by state and page.

        Source: Harvest's public description of its first API (github.com/harvesthq/api, "Sections/Invoices.md"):
        pages of 50 by `page`, states by `status`. An invoice that is partly paid meanwhile is told once; one without a
        due date is due when issued. A list that grows shorter while it is read may leave one out until the next run.
        """
        told: set[str] = set()
        for state in OPEN_STATES:
            async for row in self._invoices(state):
                invoice_id = a_text(row, "id")
                if invoice_id in told or row.get("state") not in OPEN_STATES:
                    continue
                told.add(invoice_id)
                invoice = as_invoice(invoice_id, row, _invoice)
                if is_owed(invoice):
                    yield invoice

    async def _invoices(self, state: str) -> AsyncIterator[Mapping[str, str]]:
        """Read page after page until one brings nothing new: how many a page holds may change."""
        seen: set[str] = set()
        page = 0
        while True:
            page += 1
            answer = await self.remote.read("/invoices", {"status": state, "page": str(page)})
            rows = {a_text(row, "id"): row for row in the_rows(answer.xml(), ("invoices", EMPTY_LIST), "invoice")}
            new = {invoice_id: row for invoice_id, row in rows.items() if invoice_id not in seen}
            if not new:
                return
            seen |= set(new)
            for row in new.values():
                yield row


def _payments_of(invoice_id: str) -> str:
    return f"/invoices/{quote(invoice_id, safe='')}/payments"


def _payment_of(invoice_id: str, payment_id: str) -> str:
    return f"{_payments_of(invoice_id)}/{quote(payment_id, safe='')}"


def _notes(payment: NewPayment) -> str:
    is_transfer = payment.method is PaymentMethod.BANK_TRANSFER
    method = "" if is_transfer else f"({payment.method.value.replace('_', ' ')})"
    return " ".join(part for part in (payment.key, method, payment.notes) if part)


def _method_in(notes: str) -> PaymentMethod | None:
    """Return the method that `_notes` has written; None where there is none, as for a bank transfer."""
    found = METHOD.match(notes)
    word = found[1].replace(" ", "_") if found else ""
    return PaymentMethod(word) if word in set(PaymentMethod) else None


def _named_by(location: str) -> tuple[str, str]:
    """Return the invoice and the payment that `/invoice/{id}/payments/{id}` names; '' for both where it names none."""
    try:
        path = urlsplit(location).path
    except ValueError:
        return "", ""
    found = re.search(r"/invoices?/([^/]+)/payments/([^/]+?)(?:\.xml)?/?$", path)
    return (unquote(found[1]), unquote(found[2])) if found else ("", "")


def _payment(row: Mapping[str, str]) -> RemotePayment:
    return RemotePayment(
        payment_id=a_text(row, "id"),
        invoice_id=a_text(row, "invoice-id"),
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "paid-at"),
        method=_method_in(row.get("notes", "")),
        text=row.get("notes", ""),
        recorded=_recorded(row),
    )


def _recorded(row: Mapping[str, str]) -> str:
    email = row.get("recorded-by-email", "")
    said = (row.get("recorded-by", ""), f"<{email}>" if email else "", row.get("created-at", ""))
    return " ".join(part for part in said if part)


def _invoice(row: Mapping[str, str]) -> RemoteInvoice:
    currency = re.search(r"(?:^|- )([A-Z]{3})$", row.get("currency", ""))
    issue_date = a_date(row, "issued-at")
    if currency is None or issue_date is None:
        missing = "currency" if currency is None else "issued-at"
        message = f"no {missing} that can be read"
        raise Unclear(message)
    return RemoteInvoice(
        invoice_id=a_text(row, "id"),
        invoice_number=a_text(row, "number"),
        customer_id=a_text(row, "client-id"),
        issue_date=issue_date,
        due_date=a_date(row, "due-at") or issue_date,
        currency=currency[1],
        total=an_amount(row, "amount"),
        amount_due=an_amount(row, "due-amount"),
    )
