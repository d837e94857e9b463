"""Send AuxVault a request, and read what its answers and webhooks have in common.

Every answer is `{"success": ..., "data": {...}}`. A payment that failed is an answer too: `success` is false and `data`
is the attempt with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from reconcile.post.answers import a_date, a_text, an_amount, as_table
from reconcile.post.connector import PaymentFailed, RemotePayment
from reconcile.post.remote import Answer, NotOffered, Refused, Remote, RemoteError, Unclear, json_body

BASE: Final = "/api/v1"
STATUSES: Final = ("unpaid", "partially_paid", "paid", "overpaid", "refunded")
FAILED: Final = "failed"
SHOWN_MAX: Final = 200
"""How many characters of what the system says are shown to a person."""


@dataclass(frozen=True)
class Standing:
    """How an invoice stands after a payment: one of `STATUSES`, and the sums that the system tells; else None."""

    status: str
    total: Decimal | None = None
    paid: Decimal | None = None
    remaining: Decimal | None = None
    overpaid: Decimal | None = None


def address(*parts: str) -> str:
    """Join the parts of an address below `/api/v1`; an id cannot leave its place.

    Raises:
        NotOffered: a part is empty or made of dots, which would name another thing.
    """
    if any(part.strip(".") == "" for part in parts):
        message = f"{parts!r} names nothing there"
        raise NotOffered(message)
    return "/".join((BASE, *(quote(part, safe="") for part in parts)))


async def sent(remote: Remote, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send a change and return the data of its answer; the document shows none for some, so it may be empty.

    The document names no HTTP status of a payment that failed: it is one with a 402 as well as with a 200.
    """
    try:
        answer = await remote.send("POST", path, json_body(body), content_type="application/json")
    except Refused as refused:
        if not is_attempt(refused.said):
            raise
        answer = Answer(refused.said)
    return data_of(answer)


def data_of(answer: Answer) -> Mapping[str, Any]:
    """Return an answer's data.

    Raises:
        PaymentFailed: it is a payment that failed.
        Refused: it says that it did nothing, and why.
        Unclear: it does not say whether it succeeded.
    """
    envelope = as_table(answer.json())
    success = envelope.get("success")
    data = envelope.get("data")
    if success is True:
        return as_table(envelope, "data") if data is not None else {}
    if success is False and isinstance(data, Mapping) and (data.get("status") == FAILED or "declineReason" in data):
        raise PaymentFailed(_attempt(data))
    error = envelope.get("error")
    if success is False and data is None and isinstance(error, Mapping):
        words = (plain(error[name]) for name in ("code", "message") if error.get(name))
        raise Refused(200, f"refused (200): {' '.join(words)}")
    raise Unclear("its answer does not say whether it succeeded")


def is_attempt(said: bytes) -> bool:
    """Say whether an answer is a payment that failed, and no refusal of a request."""
    try:
        data_of(Answer(said))
    except RemoteError as error:
        return isinstance(error, PaymentFailed)
    return False


def _attempt(row: Mapping[str, Any]) -> RemotePayment:
    return RemotePayment(
        payment_id=a_text(row, "paymentId"),
        invoice_id=a_text(row, "invoiceId"),
        amount=an_amount(row, "amount"),
        payment_date=a_date(row, "attemptedAt"),
        text=plain(row.get("declineReason")),
        status=FAILED,
    )


def standing_of(row: Mapping[str, Any]) -> Standing:
    """Read how an invoice stands.

    Raises:
        Unclear: its status is none that the system has, or a sum is no amount.
    """
    status = row.get("status")
    if status not in STATUSES:
        message = f"its answer has an unknown status: {plain(status)[:40]!r}"
        raise Unclear(message)
    return Standing(
        status=str(status),
        total=amount_or_none(row, "totalAmount"),
        paid=amount_or_none(row, "paidAmount"),
        remaining=amount_or_none(row, "remainingBalance"),
        overpaid=amount_or_none(row, "overpaymentAmount"),
    )


def amount_or_none(row: Mapping[str, Any], name: str) -> Decimal | None:
    """Return an amount that need not be there."""
    return an_amount(row, name) if row.get(name) is not None else None


def an_instant(row: Mapping[str, Any], name: str) -> dt.datetime:
    """Return an instant that must be there, in UTC."""
    try:
        instant = dt.datetime.fromisoformat(a_text(row, name))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"its {name} is no instant"
        raise Unclear(message)
    return instant.astimezone(dt.UTC)


def must_be(row: Mapping[str, Any], name: str, expected: str) -> None:
    """Check that an answer is about what was asked.

    Raises:
        Unclear: it is about another.
    """
    if a_text(row, name) != expected:
        message = f"its answer is about another {name}"
        raise Unclear(message)


def plain(value: object) -> str:
    """Return what the system says in words as one printable line of at most `SHOWN_MAX` characters."""
    text = "" if value is None else str(value)[: 4 * SHOWN_MAX]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SHOWN_MAX]
