"""Space Invoices, from its document; documents, filters and pages from its public documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from tests.post.servers.base import Answer, Refusal, Request, System, route_of
from tests.post.servers.invoicing_v1 import date_in, one_of, shown

TYPES = {"bank", "online", "paypal", "cash", "crypto", "other"}
FIELDS = {"type", "date", "amount", "description"}


@dataclass
class SpaceInvoicesServer(System):
    """`invoices`: totals of the documents by id. `details`: what else a document says, by id.

    page_size: how many rows a list has at most.
    """

    token: str = "secret"
    organization_id: str = "O1"
    invoices: dict[str, Decimal] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    next_ids: list[str] = field(default_factory=list)
    made: int = 0
    page_size: int = 100

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != self.token:
            raise Refusal(401, "no such token")
        routes = (
            ("POST", r"/v1/documents/([^/]+)/payments", self._create),
            ("GET", r"/v1/documents/([^/]+)/payments", self._list_of_document),
            ("PUT", r"/v1/payments/([^/]+)", self._update),
            ("DELETE", r"/v1/payments/([^/]+)", self._delete),
            ("GET", r"/v1/organizations/([^/]+)/payments", self._list),
            ("GET", r"/v1/organizations/([^/]+)/documents", self._list_documents),
        )
        route, ids = route_of(request, routes)
        return route(request, *ids)

    def _create(self, request: Request, document_id: str) -> Answer:
        self._document(document_id)
        given = _form(request)
        self.made += 1
        payment = {
            "id": self.next_ids.pop(0) if self.next_ids else f"P{self.made}",
            "documentId": document_id,
            "organizationId": self.organization_id,
            **given,
        }
        self.payments.append(payment)
        return Answer.of(200, shown(payment))

    def _update(self, request: Request, payment_id: str) -> Answer:
        for payment in self.payments:
            if payment["id"] == payment_id:
                payment.update(_form(request))
                return Answer.of(200, shown(payment))
        raise Refusal(404, "no such payment")

    def _delete(self, request: Request, payment_id: str) -> Answer:
        if request.body:
            raise Refusal(400, "a deletion has no body")
        left = [payment for payment in self.payments if payment["id"] != payment_id]
        count = len(self.payments) - len(left)
        self.payments = left
        return Answer.of(200, {"count": count})

    def _list(self, request: Request, organization_id: str) -> Answer:
        self._organization(organization_id)
        return _filtered(request, self.payments, self.page_size)

    def _list_of_document(self, request: Request, document_id: str) -> Answer:
        self._document(document_id)
        mine = [payment for payment in self.payments if payment["documentId"] == document_id]
        return _filtered(request, mine, self.page_size)

    def _list_documents(self, request: Request, organization_id: str) -> Answer:
        self._organization(organization_id)
        return _filtered(request, [self._document_row(document_id) for document_id in self.invoices], self.page_size)

    def _document_row(self, document_id: str) -> dict[str, Any]:
        total, paid = self.invoices[document_id], self.paid().get(document_id, Decimal(0))
        return {
            "id": document_id,
            "organizationId": self.organization_id,
            "number": f"2026-{document_id}",
            "type": "invoice",
            "date": "2026-09-01T07:59:37.902Z",
            "dateDue": "2026-10-01T00:00:00.000Z",
            "draft": False,
            "canceled": False,
            "currencyId": "EUR",
            "clientId": f"C-{document_id}",
            "totalWithTax": total,
            "totalPaid": paid,
            "totalDue": total - paid,
            "paidInFull": paid >= total,
            **self.details.get(document_id, {}),
        }

    def _document(self, document_id: str) -> None:
        if document_id not in self.invoices:
            raise Refusal(404, "no such document")

    def _organization(self, organization_id: str) -> None:
        if organization_id != self.organization_id:
            raise Refusal(404, "no such organization")

    def standing(self) -> list[tuple[str, Decimal]]:
        return [(p["documentId"], p["amount"]) for p in self.payments]

    def paid(self) -> dict[str, Decimal]:
        """What is paid on each document."""
        totals: dict[str, Decimal] = {}
        for payment in self.payments:
            totals[payment["documentId"]] = totals.get(payment["documentId"], Decimal(0)) + payment["amount"]
        return totals


def _form(request: Request) -> dict[str, Any]:
    """Read a form with each of its fields once, whole: what is not there is nothing."""
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise Refusal(415, "send application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(request.body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise Refusal(422, "no form") from None
    body = dict(pairs)
    if len(body) < len(pairs) or set(body) - FIELDS:
        raise Refusal(422, f"only {sorted(FIELDS)} are allowed, each once")
    amount = body.get("amount", "")
    if not re.fullmatch(r"\d+(\.\d+)?", amount) or Decimal(amount) <= 0:
        raise Refusal(422, "amount is no positive number")
    return {
        "type": one_of(body, "type", TYPES),
        "date": date_in(body, "date"),
        "amount": Decimal(amount),
        "description": body.get("description"),
    }


def _filtered(request: Request, rows: list[dict[str, Any]], page_size: int) -> Answer:
    """Answer a list with `filter[where][field]=value`, `filter[limit]` and `filter[skip]`."""
    limit, skip = page_size, 0
    for name, value in request.query.items():
        if found := re.fullmatch(r"filter\[where\]\[(\w+)\](\[inq\]\[\d+\])?", name):
            wanted = [v for n, v in request.query.items() if n.startswith(f"filter[where][{found[1]}]")]
            rows = [row for row in rows if _word(row.get(found[1])) in wanted]
        elif name == "filter[limit]":
            limit = min(limit, int(value))
        elif name == "filter[skip]":
            skip = int(value)
        else:
            raise Refusal(400, f"unknown parameter {name}")
    return Answer.of(200, [shown(row) for row in rows[skip : skip + limit]])


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
