"""Invoiless: payments of an invoice, recorded, shown, listed, replaced, changed and deleted.

`notes` holds our key, in front. Its document shows no answers: what is sent keeps to the document, and what comes back
is read in each form that is known of this system or usual (`id` or `_id`; bare, or under `data` or `docs`). What an
answer then does not say makes it unclear.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from reconcile.config import Connector as ConnectorSettings
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
from reconcile.post.remote import NotOffered, Patience, Remote, Unclear, json_body

METHODS: Final = Methods(
    "invoiless",
    {
        PaymentMethod.CASH: "Cash",
        PaymentMethod.CHECK: "Cheque",
        PaymentMethod.CREDIT_CARD: "Card",
        PaymentMethod.BANK_TRANSFER: "BankTransfer",
        PaymentMethod.ACH: "BankTransfer",
        PaymentMethod.OTHER: "Other",
    },
)
NOTES_LENGTH_MAX: Final = 500
DECIMALS_MAX: Final = 2
CAPABILITIES: Final = Capabilities(
    key_field="notes", notes_length_max=NOTES_LENGTH_MAX, shows_refunds=True, has_balance=False
)
PAGE_SIZE: Final = 50
LISTS: Final = ("docs", "payments", "invoices")
"""Where a page's rows may stand."""

OWED: Final = frozenset({"Pending", "Unpaid", "Partial"})
NOT_OWED: Final = frozenset({"Draft", "Canceled", "Paid", "Refunded"})


@dataclass(frozen=True)
class Terms:
    """What a payment is made of here. What is None is not sent.

    A new payment is then of the invoice's balance, of today, without notes, and no mail goes to the customer.
    notes: at most 500 characters; '' takes them away.
    """

    method: PaymentMethod | None = None
    amount: Decimal | None = None
    payment_date: dt.date | None = None
    notes: str | None = None
    send_notification: bool | None = None

    @classmethod
    def of(cls, payment: NewPayment) -> Terms:
        """Return a payment's terms, the key in front of its notes."""
        notes = with_key(payment.key, payment.notes, NOTES_LENGTH_MAX)
        return cls(payment.method, payment.amount, payment.payment_date, notes or None)

    def body(self) -> bytes:
        """Write the body of a request.

        Raises:
            NotOffered: no such method, or an amount that it does not take.
        """
        values = {
            "amount": None if self.amount is None else _sent_amount(self.amount),
            "method": None if self.method is None else METHODS.theirs(self.method),
            "paidAt": None if self.payment_date is None else self.payment_date.isoformat(),
            "notes": None if self.notes is None else with_key("", self.notes, NOTES_LENGTH_MAX),
            "sendNotification": self.send_notification,
        }
        return json_body({name: value for name, value in values.items() if value is not None})

    def whole_body(self) -> bytes:
        """Write the body of a request that must name the method."""
        if self.method is None:
            raise NotOffered("invoiless takes no payment without a method")
        return self.body()


@dataclass(frozen=True)
class Invoiless:
    """The connector; `remote` carries the address and the secret."""

    remote: Remote
    capabilities: Capabilities = CAPABILITIES

    @classmethod
    def of(cls, settings: ConnectorSettings, secret: str, patience: Patience) -> Invoiless:
        """Reach the system as configured; the secret is sent as `api-key`, a scope, if any, as `scope-id`."""
        headers = {"api-key": secret} | ({"scope-id": settings.scope_id} if settings.scope_id else {})
        return cls(Remote(settings.base_url, headers=headers, patience=patience))

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record a payment; nobody is told by mail."""
        return await self.create_payment(payment.invoice_id, Terms.of(payment))

    async def create_payment(self, invoice_id: str, terms: Terms) -> RemotePayment:
        """Record a payment: `POST /v1/invoices/{id}/payments`."""
        path = _payments_of(invoice_id)
        answer = await self.remote.send("POST", path, terms.whole_body(), content_type="application/json")
        return _payment(_held(answer.json()), invoice_id)

    async def get_payment(self, payment_id: str) -> RemotePayment:
        """Show one payment: `GET /v1/payments/{id}`."""
        return asked_for(_payment(_held((await self.remote.read(_path(payment_id))).json())), payment_id)

    async def replace_payment(self, payment_id: str, terms: Terms) -> RemotePayment:
        """Replace all of a payment, what is not given by its default: `PUT /v1/payments/{id}`."""
        answer = await self.remote.send("PUT", _path(payment_id), terms.whole_body(), content_type="application/json")
        return asked_for(_payment(_held(answer.json())), payment_id, terms.amount)

    async def change_payment(self, payment_id: str, terms: Terms) -> RemotePayment:
        """Change what is given and leave the rest: `PATCH /v1/payments/{id}`."""
        answer = await self.remote.send("PATCH", _path(payment_id), terms.body(), content_type="application/json")
        return asked_for(_payment(_held(answer.json())), payment_id, terms.amount)

    async def delete_payment(self, payment: RemotePayment) -> None:
        """Delete a payment for good: `DELETE /v1/payments/{id}`."""
        answer = await self.remote.send("DELETE", _path(payment.payment_id))
        if answer.body.strip():
            answer.json()

    async def history_of(self, invoice_id: str) -> History:
        """Return all payments of an invoice: `GET /v1/invoices/{id}/payments`."""
        found: dict[str, RemotePayment] = {}
        async for row in self._listed(_payments_of(invoice_id), {}):
            payment = _payment(row, invoice_id)
            found[payment.payment_id] = payment
        return History(tuple(found.values()))

    async def open_items(self) -> AsyncIterator[RemoteInvoice | UnreadInvoice]:
        """Read the invoices on which something is owed, page by page: `GET /v1/invoices?page=&limit=`.

        Endpoint, statuses, `page` and `limit` are from https://docs.invoiless.com/docs/invoices and
        https://docs.invoiless.com/docs/api-usage; the page's members (`docs`, `pages`) and an invoice's are those that
        its public clients read. An invoice does not say what is left to pay: it is the total less its payments.
        """
        seen: set[str] = set()
        async for row in self._listed("/v1/invoices", {"limit": str(PAGE_SIZE)}):
            invoice_id = _id(row)
            if invoice_id in seen or row.get("status") in NOT_OWED:
                continue
            seen.add(invoice_id)
            payments = [each async for each in self._listed(_payments_of(invoice_id), {})]
            invoice = as_invoice(invoice_id, row, partial(_invoice, payments=payments))
            if is_owed(invoice):
                yield invoice

    async def _listed(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Mapping[str, Any]]:
        """Read a list; a further page is asked for only where an answer says that there is one."""
        page = 1
        while True:
            value = (await self.remote.read(path, query if page == 1 else {**query, "page": str(page)})).json()
            rows = _rows(value)
            for row in rows:
                yield row
            if not rows or page >= _page_count(value):
                return
            page += 1


def _payments_of(invoice_id: str) -> str:
    return f"/v1/invoices/{quote(invoice_id, safe='')}/payments"


def _path(payment_id: str) -> str:
    return f"/v1/payments/{quote(payment_id, safe='')}"


def _sent_amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount <= 0 or amount != round(amount, DECIMALS_MAX):
        message = f"invoiless takes no payment of {amount}, only positive ones with at most {DECIMALS_MAX} decimals"
        raise NotOffered(message)
    return Decimal(f"{amount.normalize():f}")


def _held(value: Any) -> Any:
    """Return what an answer is about: itself, or what stands under `data`."""
    wrapped = value.get("data") if isinstance(value, Mapping) else None
    return wrapped if isinstance(wrapped, Mapping | list) else value


def _rows(value: Any) -> list[Mapping[str, Any]]:
    held = _held(value)
    if isinstance(held, Mapping):
        held = next((held[name] for name in LISTS if name in held), None)
    return as_rows(held)


def _page_count(value: Any) -> int:
    """Return how many pages a list says that it has, 1 where it says nothing."""
    parts = [part for part in (value, _held(value)) if isinstance(part, Mapping)]
    counts = (part.get(name) for part in parts for name in ("pages", "totalPages"))
    return next((count for count in counts if isinstance(count, int)), 1)


def _id(value: Any) -> str:
    """Return the id of a thing, which is the id itself or a table with it."""
    return a_text(value, "id" if "id" in value else "_id") if isinstance(value, Mapping) else str(value or "")


def _payment(value: Any, invoice_id: str = "") -> RemotePayment:
    """Read a payment; of which invoice it is, where it was not asked by it, is what it says itself."""
    row = as_table(value)
    method = row.get("method")
    return RemotePayment(
        payment_id=_id(row),
        invoice_id=invoice_id or _id(row.get("invoice") or row.get("invoiceId")),
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "paidAt"),
        method=METHODS.ours(method) if method in METHODS.words.values() else None,
        text=str(row.get("notes") or ""),
        status=str(row.get("status") or ""),
    )


def _invoice(row: Mapping[str, Any], payments: Iterable[Mapping[str, Any]]) -> RemoteInvoice:
    status = a_text(row, "status")
    if status not in OWED:
        message = f"its answer has an unknown status of an invoice: {status[:40]!r}"
        raise Unclear(message)
    issue_date = a_date(row, "date")
    if issue_date is None:
        raise Unclear("its answer has no date")
    total = an_amount(row, "total")
    paid = sum({payment.payment_id: payment.amount for payment in map(_payment, payments)}.values(), Decimal(0))
    return RemoteInvoice(
        invoice_id=_id(row),
        invoice_number=a_text(row, "number"),
        customer_id=_id(row.get("customer")),
        issue_date=issue_date,
        due_date=a_date(row, "dueDate") or issue_date,
        currency=a_text(row, "currency"),
        total=total,
        amount_due=total - paid,
    )
