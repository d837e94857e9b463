"""Tell what happened to invoices as invoicing systems tell it by webhook, for whoever forwards it. Must not: send it.

The shapes are those of AuxVault's document: `invoice.payment_received`, `invoice.paid`, `invoice.payment_failed`. The
envelope has an `id` beside them, the same for the same event whenever it is told, so that a receiver can tell repeats,
and as `timestamp` when the ledger learned of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from reconcile.ledger.book import Ledger
from reconcile.money import written
from reconcile.sql import sql


def events_since(ledger: Ledger, since: dt.datetime) -> list[dict[str, Any]]:
    """Return what the ledger learned at an instant or later, in order; see `invoice_events.sql`.

    Amounts are decimals with their currency's own number of them, to be written as JSON numbers. Of a payment's time
    the ledger knows the day: `paidAt` and `attemptedAt` are its midnight, UTC.
    """
    rows = ledger.frame(sql("ledger", "invoice_events"), since=since.astimezone(dt.UTC).replace(tzinfo=None))
    return [_event(row) for row in rows.rows(named=True)]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "evt_" + hashlib.sha256(f"{row['event_type']} {row['source_id']}".encode()).hexdigest()[:32],
        "type": row["event_type"],
        "timestamp": row["happened_at"].isoformat(timespec="seconds") + "Z",
        "data": _data(row),
    }


def _data(row: dict[str, Any]) -> dict[str, Any]:
    day = f"{row['payment_date'].isoformat()}T00:00:00Z"
    of = {"invoiceId": row["invoice_id"]}
    if row["event_type"] == "invoice.paid":
        totals = {"totalAmount": _exact(row, "total"), "paidAmount": _exact(row, "paid")}
        return of | totals | {"status": row["status"], "paidAt": day}
    payment = of | {"paymentId": row["payment_id"], "amount": _exact(row, "amount")}
    if row["event_type"] == "invoice.payment_failed":
        return payment | {"declineReason": row["reason"], "attemptedAt": day}
    return payment | {"remainingBalance": _exact(row, "remaining"), "status": row["status"], "paidAt": day}


def _exact(row: dict[str, Any], name: str) -> Decimal:
    return Decimal(written(row[name], row["currency"]))
