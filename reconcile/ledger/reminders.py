"""Tell which invoices are due for a reminder, and write down which were reminded. Must not: send anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from reconcile.ledger.book import Ledger
from reconcile.sql import sql


def due_reminders(
    ledger: Ledger, days_before: Iterable[int], days_after: Iterable[int], as_of: dt.date
) -> list[dict[str, Any]]:
    """Return the invoices that are due for a reminder by a schedule; see `due_reminders.sql`.

    Args:
        ledger: the open ledger.
        days_before: steps, in days before the due date.
        days_after: steps, in days after it.
        as_of: the date that counts as today. What is owed is what the ledger holds now.
    """
    steps = sorted({-days for days in days_before} | set(days_after))
    return ledger.frame(sql("ledger", "due_reminders"), steps=steps, as_of=as_of).rows(named=True)


def mark_sent(ledger: Ledger, due: Sequence[dict[str, Any]], who: str, at: dt.datetime) -> None:
    """Write down that these reminders were sent: each invoice and step once. It decides nothing, so it is no run.

    Args:
        ledger: the open ledger.
        due: what `due_reminders` returned in this transaction.
        who: the person.
        at: the instant, UTC.
    """
    for row in due:
        told = [row[name] for name in ("invoice_id", "due_date", "step_days", "customer_id", "remaining", "currency")]
        ledger.con.execute(
            "insert into reminders values (?, ?, ?, ?, ?, ?, ?, ?)", [*told, who, at.replace(tzinfo=None)]
        )
