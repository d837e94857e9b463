"""Space Invoices: payments of a document, recorded, updated, deleted and listed.

`description` holds our key, in front. Bodies are forms, so that an amount is a text and stays exact.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.model import PaymentMethod
from reconcile.post.answers import a_date, a_text, an_amount, as_rows, as_table
from reconcile.post.connector import (
    Capabilities,
    History,
    NewPayment,
    RemoteInvoice,
    RemotePayment,
    UnreadInvoice,
    asked_for,
)
from reconcile.post.listing import as_invoice, is_owed
from reconcile.post.methods import Methods
from reconcile.post.notes import with_key
from reconcile.post.pages import rows_of_pages
from reconcile.post.remote import Answer, Patience, Remote, Unclear

METHODS: Final = Methods(
    "space_invoices",
    {
        PaymentMethod.BANK_TRANSFER: "bank",
        PaymentMethod.ACH: "bank",
        PaymentMethod.ONLINE: "online",
        PaymentMethod.PAYPAL: "paypal",
        PaymentMethod.CASH: "cash",
        PaymentMethod.CRYPTO: "crypto",
        PaymentMethod.OTHER: "other",
    },
)
LATER_TYPES: Final = {"card": PaymentMethod.CREDIT_CARD, "coupon": PaymentMethod.OTHER}
"""Types that the product has got since its document was written: read, never sent."""

CAPABILITIES: Final = Capabilities(
    key_field="description", notes_length_max=None, shows_refunds=True, has_balance=False
)


@dataclass(frozen=True)
class SpaceInvoices:
    """The connector; `remote` carries the address and the secret."""

    remote: Remote
    organization_id: str = ""
    capabilities: Capabilities = CAPABILITIES

    @classmethod
    def of(cls, settings: ConnectorSettings, secret: str, patience: Patience) -> SpaceInvoices:
        """Reach the system as configured; the secret is sent as `Authorization`, with no word before it."""
        headers = {"authorization": secret}
        return cls(Remote(settings.base_url, headers=headers, patience=patience), settings.organization_id)

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record a payment: `POST /v1/documents/{id}/payments`."""
        answer = await self._sent("POST", f"/v1/documents/{_quoted(payment.invoice_id)}/payments", payment)
        return _of_document(_payment(answer.json()), payment.invoice_id)

    async def update_payment(self, payment_id: str, payment: NewPayment) -> RemotePayment:
        """Say all of a payment anew: `PUT /v1/payments/{id}`; it stays with its document."""
        answer = await self._sent("PUT", f"/v1/payments/{_quoted(payment_id)}", payment)
        return asked_for(_payment(answer.json()), payment_id, payment.amount)

    async def delete_payment(self, payment: RemotePayment) -> None:
        """Delete a payment: `DELETE /v1/payments/{id}`, which must say that it has deleted one."""
        answer = await self.remote.send("DELETE", f"/v1/payments/{_quoted(payment.payment_id)}")
        an_amount(as_table(answer.json()), "count", expected=Decimal(1))

    async def list_payments(self, filters: Mapping[str, Any] | None = None) -> AsyncIterator[RemotePayment]:
        """List the organization's payments: `GET /v1/organizations/{id}/payments`.

        Args:
            filters: such as `{"where": {"type": "bank"}, "limit": 5}`; see https://spaceinvoices.com/docs/Filters, and
                for `skip` and the hundred rows that a page has at most https://spaceinvoices.com/docs/Pagination.
        """
        async for row in self._listed(f"{self._organization()}/payments", filters or {}):
            yield _payment(row)

    async def list_document_payments(
        self, document_id: str, filters: Mapping[str, Any] | None = None
    ) -> AsyncIterator[RemotePayment]:
        """List a document's payments: `GET /v1/documents/{id}/payments`; `filters` as in `list_payments`."""
        async for row in self._listed(f"/v1/documents/{_quoted(document_id)}/payments", filters or {}):
            yield _of_document(_payment(row), document_id)

    async def history_of(self, invoice_id: str) -> History:
        """Return all payments of a document."""
        return History(tuple([payment async for payment in self.list_document_payments(invoice_id)]))

    async def open_items(self) -> AsyncIterator[RemoteInvoice | UnreadInvoice]:
        """Read the invoices on which something is owed, page by page: `GET /v1/organizations/{id}/documents`.

        From https://spaceinvoices.com/docs/Document and the pages Filters and Pagination there, and for what has no
        `totalDue` yet from the "Documents" of https://docs.spaceinvoices.com.
        """
        filters = {"where": {"type": "invoice", "paidInFull": False}}
        async for row in self._listed(f"{self._organization()}/documents", filters):
            if row.get("type") == "invoice" and not row.get("draft") and not row.get("canceled"):
                invoice = as_invoice(a_text(row, "id"), row, _invoice)
                if is_owed(invoice):
                    yield invoice

    async def _sent(self, method: str, path: str, payment: NewPayment) -> Answer:
        values = {
            "type": METHODS.theirs(payment.method),
            "date": payment.payment_date.isoformat(),
            "amount": f"{payment.amount.normalize():f}",
            "description": with_key(payment.key, payment.notes, None),
        }
        body = urlencode({name: value for name, value in values.items() if value}).encode()
        return await self.remote.send(method, path, body, content_type="application/x-www-form-urlencoded")

    async def _listed(self, path: str, filters: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
        """Read a list to its end, or to the limit of its filters, each thing once."""

        async def page(skip: int, left: int | None) -> list[Mapping[str, Any]]:
            asked = {**filters, **({"skip": skip} if skip else {}), **({} if left is None else {"limit": left})}
            return as_rows((await self.remote.read(path, _query("filter", asked))).json())

        limit = int(filters["limit"]) if "limit" in filters else None
        async for row in rows_of_pages(page, skip=int(filters.get("skip", 0)), limit=limit):
            yield row

    def _organization(self) -> str:
        if not self.organization_id:
            raise ConfigError("connector.organization_id is empty: it says whose documents and payments are listed")
        return f"/v1/organizations/{_quoted(self.organization_id)}"


def _quoted(an_id: str) -> str:
    return quote(an_id, safe="")


def _query(name: str, value: Any) -> dict[str, str]:
    """Write a parameter with parts: `filter[where][type]=invoice`."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        return {path: text for part in value for path, text in _query(f"{name}[{part}]", value[part]).items()}
    return {name: str(value).lower() if isinstance(value, bool) else str(value)}


def _payment(value: Any) -> RemotePayment:
    row = as_table(value)
    word = row.get("type")
    return RemotePayment(
        payment_id=a_text(row, "id"),
        invoice_id=a_text(row, "documentId"),
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "date"),
        method=LATER_TYPES.get(str(word)) or METHODS.ours(word),
        text=str(row.get("description") or ""),
    )


def _of_document(payment: RemotePayment, document_id: str) -> RemotePayment:
    if payment.invoice_id != document_id:
        raise Unclear("its answer has a payment of another document")
    return payment


def _invoice(row: Mapping[str, Any]) -> RemoteInvoice:
    issue_date = a_date(row, "date")
    if issue_date is None:
        raise Unclear("its answer has no date")
    total = an_amount(row, "totalWithTax")
    return RemoteInvoice(
        invoice_id=a_text(row, "id"),
        invoice_number=a_text(row, "number"),
        customer_id=str(row.get("clientId") or ""),
        issue_date=issue_date,
        due_date=a_date(row, "dateDue") or issue_date,
        currency=a_text(row, "currencyId"),
        total=total,
        amount_due=total - an_amount(row, "totalPaid") if row.get("totalDue") is None else an_amount(row, "totalDue"),
    )
