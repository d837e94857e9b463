"""Say in words and tables what the ledger knows of payments; and the same as plain values for JSON.

All text is given to rich as plain `Text` with terminal controls shown. Must not: read the ledger, or compute money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from reconcile.money import written
from reconcile.report.safe_text import shown
from reconcile.report.terminal import print_whole, table

Row = Mapping[str, Any]

_COLUMNS: Final = {
    "Date": "payment_date",
    "Amount": "amount",
    "": "currency",
    "Method": "method",
    "Status": "status",
    "Invoice": "invoice_number",
    "Customer": "customer_name",
    "Reference": "reference",
    "From": "origin",
    "Payment": "payment_id",
}

_EVENT_COLUMNS: Final = {
    "At (UTC)": "happened_at",
    "What": "kind",
    "Amount": "amount",
    "": "currency",
    "On the invoice": "applied_change",
    "Who": "who",
    "Reason": "reason",
    "Payment": "payment_id",
}

_REMINDER_COLUMNS: Final = {
    "Due": "due_date",
    "Step (days)": "step_days",
    "Remaining": "remaining",
    "": "currency",
    "Invoice": "invoice_number",
    "Customer": "customer_name",
    "E-mail": "email",
}

_AMOUNTS: Final = frozenset({"amount", "applied_change", "remaining"})


def plain_values(value: Any, currency: str = "") -> Any:
    """Return what JSON holds: amounts as strings in their currency's decimals, dates ISO 8601, instants with `Z`."""
    if isinstance(value, Mapping):
        own = str(value.get("currency", currency))
        return {key: plain_values(part, own) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(part, currency) for part in value]
    if isinstance(value, Decimal):
        return written(value, currency)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds") + "Z"
    return value.isoformat() if isinstance(value, dt.date) else value


def print_payments(payments: Sequence[Row], console: Console) -> None:
    """Print payments as a table, or that there is none."""
    print_whole(console, _rows(payments, _COLUMNS) if payments else Text("No payment."))


def print_payment(payment: Row, console: Console) -> None:
    """Print one payment, its events and how its invoice stands."""
    print_payments([payment], console)
    if payment["reason"]:
        print_whole(console, Text(f"Reason: {shown(payment['reason'])}"))
    if payment["notes"]:
        print_whole(console, Text(f"Notes: {shown(payment['notes'])}"))
    print_whole(console)
    _print_events(payment["events"], console)
    print_whole(console, Text(totals_sentence(payment["invoice"])))


def print_history(history: Row, console: Console) -> None:
    """Print an invoice's totals, its payments and all that happened to them."""
    print_whole(console, Text(totals_sentence(history), style="bold"))
    print_payments(history["payments"], console)
    if history["events"]:
        print_whole(console)
        _print_events(history["events"], console)


def print_analytics(told: Row, console: Console) -> None:
    """Print how a period's invoices were paid and what cash came in: what `payment_analytics.analytics` returns."""
    title = f"Invoices issued from {told['start_date']} to {told['end_date']}: {told['total_invoices']}"
    print_whole(console, Text(title, style="bold"))
    for name in ("paid", "overpaid", "partially_paid", "refunded", "unpaid"):
        print_whole(console, Text(f"  {name.replace('_', ' ')}: {told[name]}"))
    rates = {
        "Payment rate": told["payment_rate"],
        "Partial payment rate": told["partial_payment_rate"],
        f"Average days to payment ({told['invoices_with_days']} invoices)": told["average_days_to_payment"],
    }
    for label, value in rates.items():
        print_whole(console, Text(f"{label}: {'none' if value is None else f'{value:f}'}"))
    for cash in told["revenue"]:
        print_whole(console, Text(f"Cash received: {written(cash['amount'], cash['currency'])} {cash['currency']}"))


def print_reminders(due: Sequence[Row], console: Console) -> None:
    """Print reminders as a table, then the text of each, and which to look at first."""
    if not due:
        print_whole(console, Text("No reminder is due."))
        return
    print_whole(console, _rows(due, _REMINDER_COLUMNS))
    for row in due:
        print_whole(console)
        if row["proposed"]:
            amount = f"{written(row['proposed'], row['currency'])} {row['currency']}"
            print_whole(console, Text(f"Look first: receipts in review may have paid {amount} of it.", style="yellow"))
        print_whole(console, Text(row["text"].rstrip()))


def totals_sentence(totals: Row) -> str:
    """Return how an invoice stands, in a sentence."""

    def amount(name: str) -> str:
        return f"{written(totals[name], totals['currency'])} {totals['currency']}"

    more = f", {amount('overpaid')} of it beyond what was owed" if totals["overpaid"] else ""
    otherwise = f", {amount('settled_otherwise')} settled otherwise" if totals["settled_otherwise"] else ""
    status = str(totals["status"]).replace("_", " ")
    return (
        f"Invoice {shown(totals['invoice_number'])}: {status}; total {amount('total')}, paid {amount('paid')}{more}"
        f"{otherwise}, remaining {amount('remaining')}."
    )


def _print_events(events: Sequence[Row], console: Console) -> None:
    print_whole(console, _rows(events, _EVENT_COLUMNS))


def _rows(rows: Sequence[Row], columns: Mapping[str, str]) -> Text:
    cells = [[_cell(row, name) for name in columns.values()] for row in rows]
    return table(list(columns), cells)


def _cell(row: Row, name: str) -> str:
    value = row[name]
    if name in _AMOUNTS:
        return written(value, row["currency"])
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", timespec="seconds")
    return shown(str(value))
