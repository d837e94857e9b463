"""Tell how a period's invoices were paid and what cash came in. Must not: write."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final

from reconcile.errors import PaymentError
from reconcile.ledger.book import Ledger
from reconcile.sql import sql

DAYS_MAX: Final = 36_500
"""The longest period; a longer one is a slip."""

_RATE: Final = Decimal("0.0001")
_DAYS: Final = Decimal("0.1")


def analytics(ledger: Ledger, period: str, as_of: dt.date) -> dict[str, Any]:
    """Return how the invoices issued in a period stand now, and the cash that came in during it.

    Args:
        ledger: the open ledger.
        period: a number of days, `30d`; the last of them is `as_of`.
        as_of: the date that counts as today. It moves the period: what is paid is what the ledger holds now.

    Returns:
        start_date, end_date: the period, both days included.
        total_invoices: invoices issued in the period; no credit notes, void invoices or drafts. Each is exactly one of
            paid: settled in full, by whatever means, and nothing beyond;
            overpaid: settled, and money beyond what was owed is neither refunded nor kept as credit yet;
            partially_paid: a part is settled;
            refunded: what was paid went back, and it is owed again;
            unpaid: nothing is settled.
        payment_rate: paid and overpaid of all, 0 to 1 with four decimals; None without an invoice.
        partial_payment_rate: partially paid of all, likewise.
        average_days_to_payment: from the issue date to the last payment, over the paid and overpaid invoices that the
            ledger holds a payment of (`invoices_with_days`), with one decimal; None where there is none.
        revenue: cash received in the period less what went back, `currency` and `amount` each; see `cash_received.sql`.

    Raises:
        PaymentError: the period is none.
    """
    days = {"start_date": start_of(period, as_of), "end_date": as_of}
    counts = ledger.frame(sql("ledger", "invoices_paid"), **days).row(0, named=True)
    days_taken = counts.pop("days_to_payment")
    total = counts["total_invoices"]
    return {
        **days,
        **counts,
        "payment_rate": _ratio(counts["paid"] + counts["overpaid"], total, _RATE),
        "partial_payment_rate": _ratio(counts["partially_paid"], total, _RATE),
        "average_days_to_payment": _ratio(days_taken, counts["invoices_with_days"], _DAYS),
        "revenue": ledger.frame(sql("ledger", "cash_received"), **days).rows(named=True),
    }


def start_of(period: str, as_of: dt.date) -> dt.date:
    """Return the first day of a period of days that ends with `as_of`.

    Raises:
        PaymentError: it is none, or begins before the calendar does.
    """
    days = int(period[:-1]) if re.fullmatch(r"[0-9]{1,5}d", period, re.ASCII) else 0
    if not 1 <= days <= min(DAYS_MAX, as_of.toordinal()):
        message = f"{period[:40]!r} is no period; write a number of days, as 30d"
        raise PaymentError(message)
    return as_of - dt.timedelta(days=days - 1)


def _ratio(part: int, whole: int, unit: Decimal) -> Decimal | None:
    return (Decimal(part) / whole).quantize(unit) if whole else None
