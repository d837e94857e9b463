"""Invoiless, from its document; the list of invoices from its public documentation.

Its document shows no answers, so `wrapped` and `id_name` choose between the forms that they may have.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.post.servers.base import Answer, Refusal, Request, System, route_of
from tests.post.servers.invoicing_v1 import date_in, json_of, one_of, paid_of, positive, shown

METHODS = {"Cash", "Cheque", "Card", "BankTransfer", "Other"}
FIELDS = {"amount", "method", "paidAt", "notes", "sendNotification"}
STATUSES = {"Draft", "Pending", "Unpaid", "Canceled", "Partial", "Paid", "Refunded"}
TODAY = dt.date(2026, 11, 2)


@dataclass
class InvoilessServer(System):
    """`invoices`: totals by id. `details`: what else an invoice says, by id, such as its status.

    scope_id: what must be sent as `scope-id`; '' where none may be. page_size: of lists that are asked for without one.
    """

    token: str = "secret"
    scope_id: str = ""
    invoices: dict[str, Decimal] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    wrapped: bool = False
    id_name: str = "id"
    page_size: int = 50
    count_name: str = "pages"

    def answer(self, request: Request) -> Answer:
        if request.headers.get("api-key") != self.token:
            raise Refusal(401, "no such key")
        if request.headers.get("scope-id", "") != self.scope_id:
            raise Refusal(400, "another scope")
        routes = (
            ("POST", r"/v1/invoices/([^/]+)/payments", self._create),
            ("GET", r"/v1/invoices/([^/]+)/payments", self._list),
            ("GET", r"/v1/payments/([^/]+)", self._show),
            ("PUT", r"/v1/payments/([^/]+)", self._replace),
            ("PATCH", r"/v1/payments/([^/]+)", self._change),
            ("DELETE", r"/v1/payments/([^/]+)", self._delete),
            ("GET", r"/v1/invoices()", self._list_invoices),
        )
        route, ids = route_of(request, routes)
        return route(request, *ids)

    def _create(self, request: Request, invoice_id: str) -> Answer:
        given = self._whole(request, self._invoice(invoice_id))
        payment = {"id": f"pay{len(self.payments) + len(self.deleted) + 1}", "invoice_id": invoice_id, **given}
        self.payments.append(payment)
        return self._said(201, self._row(payment))

    def _show(self, request: Request, payment_id: str) -> Answer:
        _only(request.query, set())
        return self._said(200, self._row(self._payment(payment_id)))

    def _list(self, request: Request, invoice_id: str) -> Answer:
        self._invoice(invoice_id)
        return self._page(request, [self._row(p) for p in self.payments if p["invoice_id"] == invoice_id], {"page"})

    def _replace(self, request: Request, payment_id: str) -> Answer:
        payment = self._payment(payment_id)
        others = [p for p in self.payments if p is not payment]
        given = self._whole(request, payment["invoice_id"], others)
        payment.update(given)
        return self._said(200, self._row(payment))

    def _change(self, request: Request, payment_id: str) -> Answer:
        payment = self._payment(payment_id)
        payment.update(self._given(request, payment["invoice_id"]))
        return self._said(200, self._row(payment))

    def _delete(self, request: Request, payment_id: str) -> Answer:
        if request.body:
            raise Refusal(400, "a deletion has no body")
        self.payments.remove(self._payment(payment_id))
        self.deleted.append(payment_id)
        return self._said(200, {"message": "Payment deleted"})

    def _list_invoices(self, request: Request, _: str) -> Answer:
        return self._page(request, [self._invoice_row(name) for name in self.invoices], {"page", "limit", "search"})

    def _given(self, request: Request, invoice_id: str) -> dict[str, Any]:
        """Read what a body gives; what it does not is not there."""
        body = json_of(request, FIELDS)
        given: dict[str, Any] = {}
        if "amount" in body:
            given["amount"] = positive(body["amount"], 2)
        if "method" in body:
            given["method"] = one_of(body, "method", METHODS)
        if "paidAt" in body:
            given["paidAt"] = date_in(body, "paidAt")
        if "notes" in body:
            given["notes"] = _notes(body["notes"])
        if not isinstance(body.get("sendNotification", False), bool):
            raise Refusal(400, "sendNotification is true or false")
        self.told += [invoice_id] if body.get("sendNotification") else []
        return given

    def _whole(self, request: Request, invoice_id: str, others: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Read a body that stands for the whole payment, with the defaults of what it does not give."""
        given = self._given(request, invoice_id)
        if "method" not in given:
            raise Refusal(400, "method is required")
        paid = paid_of(self.payments if others is None else others, []).get(invoice_id, Decimal(0))
        balance = self.invoices[invoice_id] - paid
        if "amount" not in given and balance <= 0:
            raise Refusal(400, "the invoice has no balance")
        return {"amount": balance, "paidAt": TODAY.isoformat(), "notes": None, **given}

    def _page(self, request: Request, rows: list[dict[str, Any]], allowed: set[str]) -> Answer:
        _only(request.query, allowed)
        page, limit = int(request.query.get("page", 1)), int(request.query.get("limit", self.page_size))
        if page < 1 or not 1 <= limit <= 100:
            raise Refusal(400, "no such page")
        limit = min(limit, self.page_size)
        pages = max(1, -(-len(rows) // limit))
        shown_rows = rows[(page - 1) * limit : page * limit]
        told = {"page": page, self.count_name: pages, "total": len(rows), "limit": limit}
        return self._said(200, {"docs": shown_rows, **told})

    def _said(self, status: int, value: dict[str, Any]) -> Answer:
        return Answer.of(status, {"data": value} if self.wrapped else value)

    def _row(self, payment: dict[str, Any]) -> dict[str, Any]:
        row = shown({name: value for name, value in payment.items() if name not in {"id", "invoice_id"}})
        return {self.id_name: payment["id"], "invoice": payment["invoice_id"], **row}

    def _invoice_row(self, invoice_id: str) -> dict[str, Any]:
        row = {
            self.id_name: invoice_id,
            "number": f"INV-{invoice_id}",
            "customer": {self.id_name: f"C-{invoice_id}", "billTo": {"company": "Invoiless"}},
            "date": "2026-09-01T00:00:00.000Z",
            "dueDate": "2026-10-01T00:00:00.000Z",
            "currency": "EUR",
            "status": "Unpaid",
            "total": self.invoices[invoice_id],
            **self.details.get(invoice_id, {}),
        }
        assert row["status"] in STATUSES | {"Lost"}
        return shown(row)

    def _invoice(self, invoice_id: str) -> str:
        if invoice_id not in self.invoices:
            raise Refusal(404, "no such invoice")
        return invoice_id

    def _payment(self, payment_id: str) -> dict[str, Any]:
        for payment in self.payments:
            if payment["id"] == payment_id:
                return payment
        raise Refusal(404, "no such payment")

    def standing(self) -> list[tuple[str, Decimal]]:
        return [(p["invoice_id"], p["amount"]) for p in self.payments]

    def paid(self) -> dict[str, Decimal]:
        """What is paid on each invoice."""
        return paid_of(self.payments, [])


def _only(query: Any, allowed: set[str]) -> None:
    if unknown := set(query) - allowed:
        raise Refusal(400, f"unknown parameters {sorted(unknown)}")


def _notes(value: Any) -> str | None:
    """Take notes of at most 500 characters, as JavaScript counts them; '' and null clear them."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value.encode("utf-16-le")) > 2 * 500:
        raise Refusal(400, "notes are a text of at most 500 characters")
    return value
