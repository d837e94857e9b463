"""Write what customers read of payments: a receipt that confirms one, and a reminder of what is owed.

Plain text in which nothing from outside can steer a terminal or begin a line of its own. What our own people noted is
not in it. Must not: read the ledger, or compute money.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile.errors import PaymentError
from reconcile.ledger.payment_rules import money
from reconcile.report.safe_text import shown

Row = Mapping[str, Any]


def receipt(payment: Row) -> str:
    """Return a text that confirms a payment: who paid, what for, how much, and what remains.

    Args:
        payment: as `payment_reads.shown` returns it, of a bank line or by hand.

    Raises:
        PaymentError: it failed, was deleted, taken back by the bank or refunded in full: there is nothing to confirm.
    """
    if payment["status"] not in {"completed", "partially_refunded"}:
        message = f"payment {payment['payment_id']} is {payment['status']}; a receipt confirms money that was kept"
        raise PaymentError(message)
    invoice, currency = payment["invoice"], payment["currency"]
    credit = payment["excess"] + payment["kept"]
    lines = {
        "Payment": payment["payment_id"],
        "Date": payment["payment_date"].isoformat(),
        "From": _customer(payment),
        "Amount": money(payment["amount"], currency),
        "Method": "credit" if payment["origin"] == "credit" else str(payment["method"]).replace("_", " "),
        "Reference": payment["reference"],
        "Refunded": money(payment["refunded"], currency) if payment["refunded"] else "",
        "Your credit": money(credit, currency) if credit else "",
        "Invoice": f"{invoice['invoice_number']} of {invoice['issue_date']}, {money(invoice['total'], currency)}",
        "For it": money(payment["applied"], currency),
        "Remaining": money(invoice["remaining"], currency),
    }
    told = "\n".join(f"{name + ':':<13}{shown(str(value))}" for name, value in lines.items() if value)
    return f"Receipt\n\n{told}\n\n{_closing(invoice)}\n"


def reminder(invoice: Row) -> str:
    """Return the text that reminds a customer of what remains of an invoice: a row of `due_reminders.sql`."""
    currency, days = invoice["currency"], invoice["days_overdue"]
    if days > 0:
        due = f"was due on {invoice['due_date']}, {_days(days)} ago"
    else:
        due = f"is due on {invoice['due_date']}, {f'in {_days(-days)}' if days else 'today'}"
    settled = invoice["total"] - invoice["remaining"]
    part = f"{money(settled, currency)} of it is settled. " if settled else ""
    return (
        f"Dear {shown(_customer(invoice))},\n\n"
        f"invoice {shown(invoice['invoice_number'])} of {invoice['issue_date']}, {money(invoice['total'], currency)}, "
        f"{due}. {part}Please pay {money(invoice['remaining'], currency)} and quote the invoice's number. "
        "If you have paid in the meantime, there is nothing to do.\n"
    )


def _closing(invoice: Row) -> str:
    if invoice["remaining"]:
        return f"Thank you. {money(invoice['remaining'], invoice['currency'])} of the invoice remains to be paid."
    return "Thank you. The invoice is settled."


def _customer(row: Row) -> str:
    return str(row["customer_name"] or row["customer_id"])


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
