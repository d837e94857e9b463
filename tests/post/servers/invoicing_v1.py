"""The plain invoicing API, from its document."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.post.servers.base import Answer, Refusal, Request, System, route_of

METHODS = {"cash", "check", "bank_transfer", "credit_card", "paypal", "other"}
FILTERS = {"invoice_id", "customer_id", "start_date", "end_date", "limit", "offset"}


@dataclass
class InvoicingV1Server(System):
    """`invoices`: totals by id. `customers`: the customer's id by invoice, where a test needs it.

    page_size_max: how many payments a list holds at most, however many are asked for.
    """

    token: str = "secret"
    invoices: dict[str, Decimal] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    page_size_max: int = 100

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refusal(401, "no such token")
        routes = (
            ("POST", r"/v1/invoicing/invoices/([^/]+)/payments", self._record),
            ("GET", r"/v1/invoicing/payments/([^/]+)", self._show),
            ("GET", r"/v1/invoicing/payments()", self._list),
            ("POST", r"/v1/invoicing/payments/([^/]+)/refund", self._refund),
        )
        route, ids = route_of(request, routes)
        return route(request, *ids)

    def _record(self, request: Request, invoice_id: str) -> Answer:
        if invoice_id not in self.invoices:
            raise Refusal(404, "no such invoice")
        body = json_of(request, {"amount", "payment_date", "payment_method", "reference", "notes"})
        payment = {
            "id": f"pay_{len(self.payments) + 1}",
            "invoice_id": invoice_id,
            "amount": positive(body.get("amount")),
            "payment_method": one_of(body, "payment_method", METHODS),
            "payment_date": date_in(body, "payment_date"),
            "reference": body.get("reference"),
            "notes": body.get("notes"),
            "created_at": "2024-01-20T14:30:00Z",
        }
        self.payments.append(payment)
        return Answer.of(201, {"data": shown(payment)})

    def _show(self, request: Request, payment_id: str) -> Answer:
        return Answer.of(200, {"data": shown(self._payment(payment_id))})

    def _list(self, request: Request, _: str) -> Answer:
        if unknown := set(request.query) - FILTERS:
            raise Refusal(400, f"unknown parameters {sorted(unknown)}")
        query = request.query
        found = [
            payment
            for payment in self.payments
            if query.get("invoice_id", payment["invoice_id"]) == payment["invoice_id"]
            and ("customer_id" not in query or self.customers.get(payment["invoice_id"]) == query["customer_id"])
            and query.get("start_date", "") <= payment["payment_date"] <= query.get("end_date", "9999")
        ]
        begin, size = int(query.get("offset", 0)), min(int(query.get("limit", 50)), self.page_size_max)
        if begin < 0 or size < 1:
            raise Refusal(400, "no such page")
        return Answer.of(200, {"data": [shown(payment) for payment in found[begin : begin + size]]})

    def _refund(self, request: Request, payment_id: str) -> Answer:
        payment = self._payment(payment_id)
        body = json_of(request, {"amount", "reason"})
        amount = positive(body.get("amount"))
        given = sum((r["amount"] for r in self.refunds if r["payment_id"] == payment_id), Decimal(0))
        if given + amount > payment["amount"]:
            raise Refusal(422, "more than was paid")
        refund = {
            "id": f"refund_{len(self.refunds) + 1}",
            "payment_id": payment_id,
            "amount": amount,
            "status": "completed",
            "created_at": "2024-01-21T10:00:00Z",
        }
        self.refunds.append(refund)
        return Answer.of(201, {"data": shown(refund)})

    def _payment(self, payment_id: str) -> dict[str, Any]:
        for payment in self.payments:
            if payment["id"] == payment_id:
                return payment
        raise Refusal(404, "no such payment")

    def standing(self) -> list[tuple[str, Decimal]]:
        return [(p["invoice_id"], p["amount"]) for p in self.payments]

    def paid(self) -> dict[str, Decimal]:
        """What is paid on each invoice, less what was given back."""
        return paid_of(self.payments, self.refunds)


def paid_of(payments: list[dict[str, Any]], refunds: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Add up payments less refunds by invoice."""
    totals: dict[str, Decimal] = {}
    given = {}
    for refund in refunds:
        given[refund["payment_id"]] = given.get(refund["payment_id"], Decimal(0)) + refund["amount"]
    for payment in payments:
        left = payment["amount"] - given.get(payment["id"], Decimal(0))
        totals[payment["invoice_id"]] = totals.get(payment["invoice_id"], Decimal(0)) + left
    return totals


def json_of(request: Request, allowed: set[str]) -> dict[str, Any]:
    """Read a JSON object that has no other keys."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise Refusal(415, "send application/json")
    try:
        body = json.loads(request.body, parse_float=Decimal, parse_int=Decimal)
    except ValueError:
        raise Refusal(400, "no JSON") from None
    if not isinstance(body, dict) or set(body) - allowed:
        raise Refusal(400, f"only {sorted(allowed)} are allowed")
    return body


def positive(value: Any, decimals_max: int = 3) -> Decimal:
    """Take a positive number with at most so many decimals."""
    if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
        raise Refusal(400, f"{value!r} is no positive number")
    if value != round(value, decimals_max):
        raise Refusal(400, f"{value} has more than {decimals_max} decimals")
    return value


def one_of(body: dict[str, Any], name: str, known: set[str]) -> str:
    """Take one of the known words."""
    if body.get(name) not in known:
        raise Refusal(400, f"{name} must be one of {sorted(known)}")
    return str(body[name])


def date_in(body: dict[str, Any], name: str) -> str:
    """Take a date, as YYYY-MM-DD."""
    value = str(body.get(name))
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise Refusal(400, f"{name} is no date")
    return dt.date.fromisoformat(value).isoformat()


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Make decimals numbers and leave out what is not there."""
    return {
        name: (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else value
        for name, value in row.items()
        if value is not None
    }
