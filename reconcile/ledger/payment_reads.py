"""Read payments: one, a list, an invoice's history with its totals. Must not: write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from reconcile.errors import PaymentError
from reconcile.ledger.book import Ledger
from reconcile.ledger.payment_rules import checked_method
from reconcile.sql import sql

STATUSES: Final = ("completed", "partially_refunded", "refunded", "returned", "failed", "deleted")
"""What may have become of a payment."""

INVOICE_STATUSES: Final = ("unpaid", "partially_paid", "paid", "overpaid", "refunded")
"""What an invoice's money says."""

LIMIT_DEFAULT: Final = 100
"""How many payments a list holds unless it is told."""

COUNT_MAX: Final = 1_000_000_000
"""The most that a list may hold or leave out; more is a slip."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which payments a list shall hold; what is empty does not matter. `invoice_id` may be its number."""

    payment_id: str = ""
    invoice_id: str = ""
    customer_id: str = ""
    method: str = ""
    status: str = ""
    invoice_status: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    limit: int = LIMIT_DEFAULT
    offset: int = 0


def listed(ledger: Ledger, asked: Asked) -> list[Row]:
    """Return payments, the earliest first: rows of `payments.sql`, amounts as `Decimal`.

    Raises:
        PaymentError: a method or status is none, the dates are turned round, or an invoice is not known.
    """
    if asked.method:
        checked_method(asked.method)
    _one_of("status", asked.status, STATUSES)
    _one_of("invoice status", asked.invoice_status, INVOICE_STATUSES)
    if asked.start_date and asked.end_date and asked.start_date > asked.end_date:
        message = f"the dates are turned round: {asked.start_date} is after {asked.end_date}"
        raise PaymentError(message)
    if not (0 <= asked.limit <= COUNT_MAX and 0 <= asked.offset <= COUNT_MAX):
        message = f"limit and offset are 0 or more, and at most {COUNT_MAX}"
        raise PaymentError(message)
    given = vars(asked) | {"invoice_id": standing(ledger, asked.invoice_id)["invoice_id"] if asked.invoice_id else ""}
    return ledger.frame(sql("ledger", "list_payments"), **given).rows(named=True)


def shown(ledger: Ledger, payment_id: str) -> Row:
    """Return one payment with its events (`events`) and its invoice's totals (`invoice`).

    Raises:
        PaymentError: there is none.
    """
    found = ledger.frame("select * from payments where payment_id = $payment_id", payment_id=payment_id).rows(
        named=True
    )
    if not found:
        message = f"the ledger knows no payment {payment_id[:60]!r}"
        raise PaymentError(message)
    events = _events(ledger, found[0]["invoice_id"])
    own = [event for event in events if event["payment_id"] == payment_id]
    return found[0] | {"events": own, "invoice": standing(ledger, found[0]["invoice_id"])}


def history(ledger: Ledger, invoice: str) -> Row:
    """Return an invoice's totals with all its payments (`payments`), failed and deleted ones too, and their `events`.

    Raises:
        PaymentError: the ledger does not know the invoice.
    """
    totals = standing(ledger, invoice)
    invoice_id = totals["invoice_id"]
    payments = ledger.frame(
        "select * from payments where invoice_id = $invoice_id order by payment_date, recorded_at, payment_id",
        invoice_id=invoice_id,
    ).rows(named=True)
    return totals | {"payments": payments, "events": _events(ledger, invoice_id)}


def standing(ledger: Ledger, invoice: str) -> Row:
    """Return an invoice's total, what is paid, what remains, and its status; see `invoice_standings.sql`.

    Raises:
        PaymentError: the ledger does not know the invoice, or several have the number.
    """
    found = ledger.frame(
        "select * from invoice_standings where invoice_id = $invoice or invoice_number = $invoice "
        "order by invoice_id = $invoice desc, invoice_id",
        invoice=invoice,
    ).rows(named=True)
    if not found or (len(found) > 1 and found[0]["invoice_id"] != invoice):
        what = "several invoices have the number" if found else "the ledger knows no invoice"
        message = f"{what} {invoice[:60]!r}"
        raise PaymentError(message)
    return found[0]


def _events(ledger: Ledger, invoice_id: str) -> list[Row]:
    return ledger.frame(sql("ledger", "payment_history"), invoice_id=invoice_id).rows(named=True)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value and value not in known:
        message = f"unknown {name} {value[:40]!r}; known: {', '.join(known)}"
        raise PaymentError(message)
