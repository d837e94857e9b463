"""AuxVault's other calls: reminders, receipts, customers' credit, its own matching, and how payments go.

The document shows no answer to any of these but the last: success is all that is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reconcile.post.answers import an_amount
from reconcile.post.connectors.auxvault_wire import address, data_of, sent
from reconcile.post.remote import Remote, Unclear


class Channel(StrEnum):
    """What a message to a customer goes by."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True)
class Reminder:
    """A reminder of a schedule. `days_from_due`: negative before the due date, positive after it, never 0.

    Raises:
        ValueError: on the due date itself, which the system's schedule cannot say.
    """

    days_from_due: int
    send_via: Sequence[Channel]
    message: str = ""

    def __post_init__(self) -> None:
        if self.days_from_due == 0:
            raise ValueError("a reminder is sent days before or days after an invoice is due")

    def fields(self) -> dict[str, Any]:
        """Return the request's fields."""
        days = {"daysBefore": -self.days_from_due} if self.days_from_due < 0 else {"daysAfter": self.days_from_due}
        return {**days, "sendVia": list(self.send_via), **({"message": self.message} if self.message else {})}


async def remind(remote: Remote, invoice_id: str, send_via: Sequence[Channel], message: str = "") -> None:
    """Remind of an unpaid invoice now: `POST /api/v1/invoices/{invoice_id}/remind`."""
    body = {"sendVia": list(send_via), **({"message": message} if message else {})}
    await sent(remote, address("invoices", invoice_id, "remind"), body)


async def schedule_reminders(remote: Remote, invoice_id: str, reminders: Sequence[Reminder]) -> None:
    """Have the system remind by a schedule. The document names no other address than that of reminders for it."""
    body = {"reminderSchedule": [reminder.fields() for reminder in reminders]}
    await sent(remote, address("invoices", invoice_id, "remind"), body)


async def send_receipt(remote: Remote, invoice_id: str, payment_id: str, send_to: str, send_via: Channel) -> None:
    """Send a payment's receipt to an e-mail address or phone: `POST /api/v1/invoices/{invoice_id}/receipt`."""
    body = {"paymentId": payment_id, "sendTo": send_to, "sendVia": str(send_via)}
    await sent(remote, address("invoices", invoice_id, "receipt"), body)


async def credit_customer(remote: Remote, customer_id: str, amount: Decimal) -> None:
    """Keep an excess on a customer's account, for a next invoice: `POST /api/v1/customers/{customer_id}/credit`."""
    credit = await sent(remote, address("customers", customer_id, "credit"), {"amount": amount})
    if "amount" in credit:
        an_amount(credit, "amount", expected=amount)


async def match_transaction(remote: Remote, transaction_id: str, invoice_number: str) -> None:
    """Have the system match a transaction to an invoice: `POST /api/v1/invoices/reconcile`."""
    body = {"transactionId": transaction_id, "invoiceNumber": invoice_number}
    await sent(remote, address("invoices", "reconcile"), body)


@dataclass(frozen=True)
class Performance:
    """How invoices are paid over a period. Rates from 0 to 1; revenue in the tenant's currency."""

    total_invoices: int
    paid_invoices: int
    partially_paid: int
    unpaid: int
    payment_rate: Decimal
    average_days_to_payment: Decimal
    total_revenue: Decimal
    partial_payment_rate: Decimal


async def performance_of(remote: Remote, period: str) -> Performance:
    """Tell how invoices are paid: `GET /api/v1/analytics/invoice-payments`.

    Args:
        remote: the system.
        period: as `30d`.
    """
    row = data_of(await remote.read(address("analytics", "invoice-payments"), {"period": period}))
    # The document's key has a blank in it; should the system ever mend that, it is the same figure.
    days = "averageDaysTo Payment" if "averageDaysTo Payment" in row else "averageDaysToPayment"
    return Performance(
        total_invoices=_a_count(row, "totalInvoices"),
        paid_invoices=_a_count(row, "paidInvoices"),
        partially_paid=_a_count(row, "partiallyPaid"),
        unpaid=_a_count(row, "unpaid"),
        payment_rate=an_amount(row, "paymentRate"),
        average_days_to_payment=an_amount(row, days),
        total_revenue=an_amount(row, "totalRevenue"),
        partial_payment_rate=an_amount(row, "partialPaymentRate"),
    )


def _a_count(row: Mapping[str, Any], name: str) -> int:
    count = an_amount(row, name)
    if count != int(count) or count < 0:
        message = f"its answer says {name} {count}, which is no count"
        raise Unclear(message)
    return int(count)
