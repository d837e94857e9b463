"""Harvest's first API, from its document; `GET /invoices` from its public description (harvesthq/api on GitHub)."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote

from lxml import etree

from tests.post.servers.base import Answer, Refusal, Request, System, route_of

XML = "application/xml"
TYPES = {
    "amount": "decimal",
    "due-amount": "decimal",
    "id": "integer",
    "invoice-id": "integer",
    "client-id": "integer",
    "paid-at": "datetime",
    "updated-at": "datetime",
    "created-at": "datetime",
    "issued-at": "date",
    "due-at": "date",
}
PAGE_SIZE = 50
STATES = {"open", "partial", "draft", "paid", "unpaid", "pastdue"}


@dataclass
class HarvestServer(System):
    """`invoices`: totals by id. `details`: what `GET /invoices` says otherwise of one, by name.

    `shows_created`: whether a new payment is shown in the answer, as Rails does, or only named by `Location`, as the
    document has it.
    """

    token: str = "user:secret"
    invoices: dict[str, Decimal] = field(default_factory=dict)
    details: dict[str, dict[str, str]] = field(default_factory=dict)
    payments: list[dict[str, str]] = field(default_factory=list)
    shows_created: bool = True
    next_id: int = 1334

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Basic " + base64.b64encode(self.token.encode()).decode():
            raise Refusal(401, "no such user")
        if request.headers.get("accept") != XML or request.headers.get("content-type", "").split(";")[0] != XML:
            raise Refusal(406, "send application/xml as Accept and Content-Type")
        if request.query and request.path != "/invoices":
            raise Refusal(400, "there are no parameters")
        routes = (
            ("GET", r"/invoices/([^/]+)/payments", self._list),
            ("GET", r"/invoices/([^/]+)/payments/([^/]+)", self._show),
            ("POST", r"/invoices/([^/]+)/payments", self._create),
            ("DELETE", r"/invoices/([^/]+)/payments/([^/]+)", self._delete),
            ("GET", r"/invoices", self._invoices),
        )
        route, quoted = route_of(request, routes)
        ids = [unquote(part) for part in quoted]
        if ids and ids[0] not in self.invoices:
            raise Refusal(404, "no such invoice")
        return route(request, *ids)

    def refused(self, refusal: Refusal) -> Answer:
        return Answer(refusal.status, f"<errors><error>{refusal}</error></errors>".encode(), XML)

    def with_wrong_amounts(self, body: bytes) -> bytes:
        return body.replace(b'<amount type="decimal">', b'<amount type="decimal">9')

    def _list(self, request: Request, invoice_id: str) -> Answer:
        return listed("payments", "payment", [p for p in self.payments if p["invoice-id"] == invoice_id])

    def _show(self, request: Request, invoice_id: str, payment_id: str) -> Answer:
        return Answer(200, etree.tostring(element("payment", self._payment(invoice_id, payment_id))), XML)

    def _create(self, request: Request, invoice_id: str) -> Answer:
        sent = payment_in(request.body)
        payment = {
            "amount": shown(Decimal(sent["amount"])),
            "id": str(self.next_id),
            "invoice-id": invoice_id,
            "notes": sent.get("notes", ""),
            "paid-at": sent["paid-at"],
            "recorded-by": "Happy Owner",
            "recorded-by-email": "happy@owner.com",
            "updated-at": "2008-04-09T12:07:56Z",
            "created-at": "2008-04-09T12:07:56Z",
        }
        self.next_id += 1
        self.payments.append(payment)
        body = etree.tostring(element("payment", payment)) if self.shows_created else b""
        return Answer(201, body, XML, {"Location": f"/invoice/{invoice_id}/payments/{payment['id']}"})

    def _delete(self, request: Request, invoice_id: str, payment_id: str) -> Answer:
        self.payments.remove(self._payment(invoice_id, payment_id))
        return Answer(200, b"", XML)

    def _payment(self, invoice_id: str, payment_id: str) -> dict[str, str]:
        for payment in self.payments:
            if (payment["invoice-id"], payment["id"]) == (invoice_id, payment_id):
                return payment
        raise Refusal(404, "no such payment")

    def _invoices(self, request: Request) -> Answer:
        if set(request.query) - {"page", "status", "from", "to", "client", "updated_since"}:
            raise Refusal(400, "unknown parameters")
        wanted = request.query.get("status")
        if wanted is not None and wanted not in STATES:
            raise Refusal(400, f"no such state: {wanted}")
        rows = [self._invoice(invoice_id) for invoice_id in self.invoices]
        rows = [row for row in rows if wanted is None or row["state"] == wanted]
        begin = (int(request.query.get("page", "1")) - 1) * PAGE_SIZE
        return listed("invoices", "invoice", rows[begin : begin + PAGE_SIZE])

    def _invoice(self, invoice_id: str) -> dict[str, str]:
        total = self.invoices[invoice_id]
        due = total - self.paid().get(invoice_id, Decimal(0))
        return {
            "id": invoice_id,
            "amount": shown(total),
            "due-amount": shown(due),
            "due-at": "2026-10-30",
            "due-at-human-format": "Net 30",
            "client-id": "46066",
            "currency": "United States Dollars - USD",
            "issued-at": "2026-09-30",
            "notes": "",
            "number": f"N{invoice_id}",
            "state": "paid" if due <= 0 else "open" if due == total else "partial",
        } | self.details.get(invoice_id, {})

    def standing(self) -> list[tuple[str, Decimal]]:
        return [(p["invoice-id"], Decimal(p["amount"])) for p in self.payments]

    def paid(self) -> dict[str, Decimal]:
        """What is paid on each invoice."""
        totals: dict[str, Decimal] = {}
        for payment in self.payments:
            invoice_id = payment["invoice-id"]
            totals[invoice_id] = totals.get(invoice_id, Decimal(0)) + Decimal(payment["amount"])
        return totals


def payment_in(body: bytes) -> dict[str, str]:
    """Read a new payment: `paid-at` and `amount` of their types, and `notes` where it has some; nothing else."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        raise Refusal(400, "no XML") from None
    if root.tag != "payment" or root.getroottree().docinfo.doctype:
        raise Refusal(400, "no payment")
    sent = {child.tag: child.text or "" for child in root}
    if len(sent) != len(root) or not {"paid-at", "amount"} <= set(sent) <= {"paid-at", "amount", "notes"}:
        raise Refusal(422, "paid-at and amount are required, notes are allowed")
    for child in root:
        if child.get("type") != TYPES.get(child.tag) or len(child):
            raise Refusal(422, f"{child.tag} is of another type")
    if not re.fullmatch(r"\d+(\.\d{1,3})?", sent["amount"]) or Decimal(sent["amount"]) <= 0:
        raise Refusal(422, "the amount is no positive number")
    try:
        dt.datetime.strptime(sent["paid-at"], "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise Refusal(422, "paid-at is no instant") from None
    return sent


def listed(name: str, child_name: str, rows: list[dict[str, str]]) -> Answer:
    root = etree.Element(name, type="array")
    root.extend(element(child_name, row) for row in rows)
    return Answer(200, etree.tostring(root, xml_declaration=True, encoding="UTF-8"), XML)


def element(name: str, row: dict[str, str]) -> etree._Element:
    root = etree.Element(name)
    for child_name, text in row.items():
        kind = TYPES.get(child_name)
        etree.SubElement(root, child_name, {"type": kind} if kind else {}).text = text
    return root


def shown(amount: Decimal) -> str:
    """Write an amount as the examples do: `1238.0`, `253.44`."""
    whole, _, cents = f"{amount:f}".partition(".")
    return f"{whole}.{cents.rstrip('0') or '0'}"
