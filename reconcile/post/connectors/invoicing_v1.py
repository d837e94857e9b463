"""The plain invoicing API: payments of an invoice, recorded, shown, listed and refunded.

`reference` holds our key. A refund is not shown again by any call. Invoices cannot be listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from reconcile.config import Connector as ConnectorSettings
from reconcile.model import PaymentMethod
from reconcile.post.answers import a_date, a_text, an_amount, as_rows, as_table
from reconcile.post.connector import Capabilities, History, NewPayment, RemotePayment, asked_for
from reconcile.post.methods import Methods
from reconcile.post.pages import rows_of_pages
from reconcile.post.remote import Patience, Remote, Unclear, json_body

METHODS: Final = Methods(
    "invoicing_v1",
    {
        PaymentMethod.CASH: "cash",
        PaymentMethod.CHECK: "check",
        PaymentMethod.BANK_TRANSFER: "bank_transfer",
        PaymentMethod.CREDIT_CARD: "credit_card",
        PaymentMethod.PAYPAL: "paypal",
        PaymentMethod.OTHER: "other",
    },
)
CAPABILITIES: Final = Capabilities(key_field="reference", notes_length_max=None, shows_refunds=False, has_balance=False)
PAGE_SIZE: Final = 100
COMPLETED: Final = "completed"
"""The status of a refund that was made, the only one that the document shows."""


@dataclass(frozen=True)
class Filters:
    """Which payments a list shall hold. What is empty does not matter.

    limit: how many at most; None for all. offset: how many to leave out first.
    """

    invoice_id: str = ""
    customer_id: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    limit: int | None = None
    offset: int = 0

    def query(self) -> dict[str, str]:
        """Return the parameters of a request, but for `limit` and `offset`."""
        named = {name: getattr(self, name) for name in ("invoice_id", "customer_id", "start_date", "end_date")}
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True)
class InvoicingV1:
    """The connector; `remote` carries the address and the secret."""

    remote: Remote
    capabilities: Capabilities = CAPABILITIES

    @classmethod
    def of(cls, settings: ConnectorSettings, secret: str, patience: Patience) -> InvoicingV1:
        """Reach the system as configured; the secret is sent as `Authorization: Bearer ...`."""
        headers = {"authorization": f"Bearer {secret}"}
        return cls(Remote(settings.base_url, headers=headers, patience=patience))

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record a payment: `POST /v1/invoicing/invoices/{invoice_id}/payments`."""
        body = {
            "amount": payment.amount,
            "payment_date": payment.payment_date.isoformat(),
            "payment_method": METHODS.theirs(payment.method),
            **{name: text for name, text in (("reference", payment.key), ("notes", payment.notes)) if text},
        }
        path = f"/v1/invoicing/invoices/{quote(payment.invoice_id, safe='')}/payments"
        answer = await self.remote.send("POST", path, json_body(body), content_type="application/json")
        return _payment(as_table(as_table(answer.json()), "data"))

    async def get_payment(self, payment_id: str) -> RemotePayment:
        """Show one payment: `GET /v1/invoicing/payments/{payment_id}`."""
        answer = await self.remote.read(f"/v1/invoicing/payments/{quote(payment_id, safe='')}")
        return asked_for(_payment(as_table(as_table(answer.json()), "data")), payment_id)

    async def list_payments(self, filters: Filters = Filters()) -> AsyncIterator[RemotePayment]:
        """List payments: `GET /v1/invoicing/payments`, page by page to the end, or to the limit of the filters."""

        async def page(offset: int, left: int | None) -> list[Mapping[str, Any]]:
            size = PAGE_SIZE if left is None else min(left, PAGE_SIZE)
            query = {**filters.query(), "limit": str(size), "offset": str(offset)}
            return _rows((await self.remote.read("/v1/invoicing/payments", query)).json())

        async for row in rows_of_pages(page, skip=filters.offset, limit=filters.limit):
            yield _payment(row)

    async def history_of(self, invoice_id: str) -> History:
        """Return all payments of an invoice."""
        found = [payment async for payment in self.list_payments(Filters(invoice_id=invoice_id))]
        return History(tuple(payment for payment in found if payment.invoice_id == invoice_id))

    async def refund_payment(self, payment: RemotePayment, amount: Decimal, reason: str) -> str:
        """Refund a part or all of a payment: `POST /v1/invoicing/payments/{payment_id}/refund`.

        Raises:
            Unclear: the answer is about another payment or amount, or says that it is not completed.
        """
        path = f"/v1/invoicing/payments/{quote(payment.payment_id, safe='')}/refund"
        body = json_body({"amount": amount, "reason": reason})
        answer = await self.remote.send("POST", path, body, content_type="application/json")
        refund = as_table(as_table(answer.json()), "data")
        an_amount(refund, "amount", expected=amount)
        if refund.get("payment_id", payment.payment_id) != payment.payment_id:
            raise Unclear("its answer is about the refund of another payment")
        if (status := refund.get("status", COMPLETED)) != COMPLETED:
            message = f"its answer says that the refund is {str(status)[:40]!r}, not {COMPLETED}"
            raise Unclear(message)
        return a_text(refund, "id")


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """Read a list. The document shows no answer to it: its rows may stand under `data`, `payments`, both or neither."""
    for name in ("data", "payments"):
        value = value.get(name, value) if isinstance(value, Mapping) else value
    return as_rows(value)


def _payment(row: Mapping[str, Any]) -> RemotePayment:
    return RemotePayment(
        payment_id=a_text(row, "id"),
        invoice_id=a_text(row, "invoice_id"),
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "payment_date"),
        method=METHODS.ours(row.get("payment_method")),
        text=" ".join(str(row[name]) for name in ("reference", "notes") if row.get(name)),
        status=str(row.get("status") or ""),
        recorded=str(row.get("created_at") or ""),
    )
