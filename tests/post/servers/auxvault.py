"""AuxVault, from its document: full, partial, over- and failed payments, and everything else on an invoice.

An answer has the fields of the document's example of it and no others: only a full payment names its transaction, and
an overpayment tells no amount. What the document shows no answer to is answered with success alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.post.servers.base import Answer, Refusal, Request, System, route_of
from tests.post.servers.invoicing_v1 import date_in, json_of, one_of, positive, shown

METHODS = {"card", "ach", "saved", "external"}
DETAILS = {"card": "card", "ach": "bankAccount", "saved": "paymentMethodId", "external": "externalPaymentDetails"}
DECLINED = "4000000000000002"
CHANNELS = {"email", "sms"}


@dataclass
class AuxVaultServer(System):
    """`invoices`: totals by id. `attempts` to pay them, failed ones too. `told`: what was asked besides payments."""

    token: str = "secret"
    tenant_id: str = "tenant-1"
    invoices: dict[str, Decimal] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refusal(401, "no such token")
        if request.headers.get("x-tenant-id") != self.tenant_id:
            raise Refusal(401, "no such tenant")
        routes = (
            ("POST", r"/api/v1/invoices/([^/]+)/payment", self._pay),
            ("POST", r"/api/v1/invoices/([^/]+)/payment/retry", self._retry),
            ("GET", r"/api/v1/invoices/([^/]+)/payments", self._history),
            ("POST", r"/api/v1/invoices/([^/]+)/remind", self._remind),
            ("POST", r"/api/v1/invoices/([^/]+)/receipt", self._receipt),
            ("POST", r"/api/v1/invoices/reconcile()", self._match),
            ("POST", r"/api/v1/transactions/([^/]+)/refund", self._refund),
            ("POST", r"/api/v1/customers/([^/]+)/credit", self._credit),
            ("GET", r"/api/v1/analytics/invoice-payments()", self._analytics),
        )
        route, ids = route_of(request, routes)
        return route(request, *ids)

    def refused(self, refusal: Refusal) -> Answer:
        error = {"code": "REFUSED", "message": str(refusal)}
        return Answer.of(refusal.status, {"success": False, "error": error})

    def _pay(self, request: Request, invoice_id: str) -> Answer:
        self._total(invoice_id)
        body = json_of(request, {"amount", "paymentMethod", *DETAILS.values()})
        method = one_of(body, "paymentMethod", METHODS) if "paymentMethod" in body else "card"
        if set(body) - {"amount", "paymentMethod", DETAILS[method]}:
            raise Refusal(400, f"only {DETAILS[method]} goes with {method}")
        details = body.get(DETAILS[method])
        if method == "saved" and not details:
            raise Refusal(400, "paymentMethodId is missing")
        if method == "external":
            external(details)
        attempt = {
            "paymentId": f"pmt_{len(self.attempts) + 1}",
            "invoiceId": invoice_id,
            "amount": positive(body.get("amount")),
            "method": method,
            "notes": details.get("notes") if method == "external" else None,
        }
        self.attempts.append(attempt)
        return self._attempted(attempt, is_declined=method == "card" and (details or {}).get("number") == DECLINED)

    def _retry(self, request: Request, invoice_id: str) -> Answer:
        body = json_of(request, {"paymentId", "paymentMethod", *DETAILS.values()})
        attempt = self._attempt(invoice_id, body.get("paymentId"))
        if attempt["status"] != "failed":
            raise Refusal(409, "this payment has not failed")
        attempt["method"] = one_of(body, "paymentMethod", METHODS)
        return self._attempted(attempt, is_declined=body.get("card", {}).get("number") == DECLINED)

    def _attempted(self, attempt: dict[str, Any], *, is_declined: bool) -> Answer:
        named = {name: attempt[name] for name in ("paymentId", "invoiceId", "amount")}
        if is_declined:
            reason = "Insufficient funds"
            attempt |= {"status": "failed", "declineReason": reason, "attemptedAt": "2026-01-28T14:00:00Z"}
            told = {"status": "failed", "declineReason": reason, "attemptedAt": attempt["attemptedAt"]}
            return Answer.of(200, {"success": False, "data": shown(named | told)})
        paid_at = {"paidAt": "2026-01-28T14:00:00Z"}
        transaction = {"transactionId": f"txn_{attempt['paymentId']}"}
        attempt |= {"status": "approved"} | paid_at | transaction
        standing = self._standing(attempt["invoiceId"])
        left = standing["totalAmount"] - standing["paidAmount"]
        if left > 0:
            told = named | standing | {"remainingBalance": left} | paid_at
        elif left < 0:
            del named["amount"]
            told = named | standing | {"overpaymentAmount": -left}
        else:
            told = named | {"status": standing["status"], "remainingBalance": left} | paid_at | transaction
        return Answer.of(201, {"success": True, "data": shown(told)})

    def _history(self, request: Request, invoice_id: str) -> Answer:
        standing = self._standing(invoice_id)
        names = ("paymentId", "amount", "method", "status", "paidAt", "transactionId")
        mine = [attempt for attempt in self.attempts if attempt["invoiceId"] == invoice_id]
        payments = [shown({name: attempt.get(name) for name in names}) for attempt in mine]
        left = max(standing["totalAmount"] - standing["paidAmount"], Decimal(0))
        told = {"invoiceId": invoice_id, **standing, "remainingBalance": left, "payments": payments}
        return Answer.of(200, {"success": True, "data": shown(told)})

    def _refund(self, request: Request, transaction_id: str) -> Answer:
        amount = positive(json_of(request, {"amount"}).get("amount"))
        for attempt in self.attempts:
            if attempt.get("transactionId") == transaction_id:
                if amount > attempt["amount"] - self._given(attempt["paymentId"]):
                    raise Refusal(422, "more than was paid")
                self.refunds.append({"payment_id": attempt["paymentId"], "amount": amount})
                return Answer.of(200, {"success": True})
        raise Refusal(404, "no such transaction")

    def _remind(self, request: Request, invoice_id: str) -> Answer:
        self._total(invoice_id)
        body = json_of(request, {"sendVia", "message", "reminderSchedule"})
        reminders = body.get("reminderSchedule", [body])
        if "reminderSchedule" in body and ({"sendVia", "message"} & set(body) or not reminders):
            raise Refusal(400, "a schedule is a list of reminders, alone")
        for reminder in reminders:
            if not reminder.get("sendVia") or set(reminder["sendVia"]) - CHANNELS:
                raise Refusal(400, f"sendVia must be of {sorted(CHANNELS)}")
            days = [name for name in ("daysBefore", "daysAfter") if name in reminder]
            if len(days) != ("reminderSchedule" in body) or any(reminder[name] < 1 for name in days):
                raise Refusal(400, "daysBefore or daysAfter, in a schedule")
        return self._told(request, body)

    def _receipt(self, request: Request, invoice_id: str) -> Answer:
        body = json_of(request, {"paymentId", "sendTo", "sendVia"})
        self._attempt(invoice_id, body.get("paymentId"))
        channel = one_of(body, "sendVia", CHANNELS)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+" if channel == "email" else r"\+\d+", str(body.get("sendTo"))):
            raise Refusal(400, f"sendTo is none for {channel}")
        return self._told(request, body)

    def _match(self, request: Request, _: str) -> Answer:
        body = json_of(request, {"transactionId", "invoiceNumber"})
        if set(body) != {"transactionId", "invoiceNumber"}:
            raise Refusal(400, "transactionId and invoiceNumber are needed")
        return self._told(request, body)

    def _credit(self, request: Request, _: str) -> Answer:
        body = json_of(request, {"amount"})
        positive(body.get("amount"))
        return self._told(request, body)

    def _analytics(self, request: Request, _: str) -> Answer:
        if set(request.query) != {"period"} or not re.fullmatch(r"[1-9]\d*d", request.query["period"]):
            raise Refusal(400, "period, as 30d, is needed")
        statuses = [self._standing(invoice_id)["status"] for invoice_id in self.invoices]
        told = {
            "totalInvoices": len(statuses),
            "paidInvoices": statuses.count("paid"),
            "partiallyPaid": statuses.count("partially_paid"),
            "unpaid": statuses.count("unpaid"),
            "paymentRate": Decimal(statuses.count("paid")) / len(statuses),
            "averageDaysTo Payment": 12,
            "totalRevenue": sum(self.paid().values()),
            "partialPaymentRate": Decimal(statuses.count("partially_paid")) / len(statuses),
        }
        return Answer.of(200, {"success": True, "data": shown(told)})

    def _told(self, request: Request, body: Mapping[str, Any]) -> Answer:
        self.told.append((request.path, body))
        return Answer.of(200, {"success": True})

    def _total(self, invoice_id: str) -> Decimal:
        if invoice_id not in self.invoices:
            raise Refusal(404, "no such invoice")
        return self.invoices[invoice_id]

    def _attempt(self, invoice_id: str, payment_id: Any) -> dict[str, Any]:
        for attempt in self.attempts:
            if (attempt["invoiceId"], attempt["paymentId"]) == (invoice_id, payment_id):
                return attempt
        raise Refusal(404, "no such payment")

    def _standing(self, invoice_id: str) -> dict[str, Any]:
        total, paid = self._total(invoice_id), self.paid().get(invoice_id, Decimal(0))
        has_refund = any(self._attempt_of(r["payment_id"])["invoiceId"] == invoice_id for r in self.refunds)
        status = "paid" if paid == total else "overpaid" if paid > total else "partially_paid"
        if paid == 0:
            status = "refunded" if has_refund else "unpaid"
        return {"totalAmount": total, "paidAmount": paid, "status": status}

    def _attempt_of(self, payment_id: str) -> dict[str, Any]:
        return next(attempt for attempt in self.attempts if attempt["paymentId"] == payment_id)

    def _given(self, payment_id: str) -> Decimal:
        return sum((r["amount"] for r in self.refunds if r["payment_id"] == payment_id), Decimal(0))

    def standing(self) -> list[tuple[str, Decimal]]:
        return [(a["invoiceId"], a["amount"]) for a in self.attempts if a["status"] == "approved"]

    def paid(self) -> dict[str, Decimal]:
        """What is paid on each invoice, less what was given back."""
        totals: dict[str, Decimal] = {}
        for attempt in self.attempts:
            if attempt["status"] == "approved":
                left = attempt["amount"] - self._given(attempt["paymentId"])
                totals[attempt["invoiceId"]] = totals.get(attempt["invoiceId"], Decimal(0)) + left
        return totals


def external(details: Any) -> None:
    """Take the details of money received elsewhere: a method, and a date where there is one."""
    if not isinstance(details, dict) or set(details) - {"method", "checkNumber", "date", "notes"}:
        raise Refusal(400, "externalPaymentDetails are method, checkNumber, date, notes")
    if not details.get("method"):
        raise Refusal(400, "externalPaymentDetails.method is missing")
    if "date" in details:
        date_in(details, "date")
