"""Look up what payments by hand are about, and write their events with what they move and book.

A payment's state is the sum of its events (`current_payments.sql`). Must not: decide what an event moves.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from reconcile.errors import PaymentError
from reconcile.ledger.book import Ledger
from reconcile.ledger.payment_rules import ZERO, Shares
from reconcile.sql import sql


@dataclass(frozen=True)
class Payable:
    """An invoice, and what is owed on it now."""

    invoice_id: str
    invoice_number: str
    customer_id: str
    currency: str
    open_amount: Decimal


@dataclass(frozen=True)
class Source:
    """Where credit came from, and what is left of it, or what is taken from it (negative) or given (positive)."""

    kind: str
    source_id: str
    amount: Decimal


@dataclass(frozen=True)
class HandPayment:
    """A payment that a person recorded, after its last event. `shares` is where its money is now."""

    payment_id: str
    event_number: int
    invoice_id: str
    customer_id: str
    currency: str
    amount: Decimal
    method: str
    payment_date: dt.date
    reference: str
    notes: str
    reason: str
    origin: str
    status: str
    shares: Shares

    @property
    def gone(self) -> Decimal:
        """Return what was refunded, or spent as credit on other invoices."""
        return self.amount - self.shares.total


def new_payment(payment_id: str, to: Payable, amount: Decimal, today: dt.date, *, origin: str = "hand") -> HandPayment:
    """Make a payment of which nothing is recorded yet."""
    return HandPayment(
        payment_id,
        0,
        to.invoice_id,
        to.customer_id,
        to.currency,
        amount,
        "other",
        today,
        "",
        "",
        "",
        origin,
        "",
        Shares(),
    )


def invoice_of(ledger: Ledger, invoice: str) -> Payable:
    """Return an invoice by its id, or by its number where only one has it.

    Raises:
        PaymentError: there is none, or several have the number, or it is not to be paid.
    """
    found = ledger.frame(
        "select invoice_id, invoice_number, customer_id, currency, open_amount, kind, status from item_balances "
        "where invoice_id = $invoice or invoice_number = $invoice order by invoice_id = $invoice desc, invoice_id",
        invoice=invoice,
    ).rows()
    if not found or (len(found) > 1 and found[0][0] != invoice):
        what = "several invoices have the number" if found else "the ledger knows no invoice"
        message = f"{what} {invoice[:60]!r}" + (
            "; name it by its id" if found else "; it learns them from `reconcile run`"
        )
        raise PaymentError(message)
    *facts, kind, status = found[0]
    if kind == "credit_note":
        message = f"{facts[1]} is a credit note; payments are for invoices"
        raise PaymentError(message)
    if status in {"void", "draft"}:
        message = f"invoice {facts[1]} is {status}; nothing can be paid on it"
        raise PaymentError(message)
    return Payable(*facts)


def open_amount(ledger: Ledger, invoice_id: str) -> Decimal:
    """Return what is owed on an invoice now."""
    amount: Decimal = ledger.frame(
        "select open_amount from item_balances where invoice_id = $invoice_id", invoice_id=invoice_id
    ).item()
    return amount


def hand_payment(ledger: Ledger, payment_id: str) -> HandPayment:
    """Return a payment that a person recorded.

    Raises:
        PaymentError: there is none, or a bank line made it.
    """
    names = (
        "payment_id, event_number, invoice_id, customer_id, currency, amount, method, payment_date, reference, notes"
    )
    found = ledger.frame(
        f"select {names}, reason, origin, status, applied, excess, kept from current_payments "
        "where payment_id = $payment_id",
        payment_id=payment_id,
    ).rows(named=True)
    if found:
        row = found[0]
        shares = Shares(**{name: row.pop(name) for name in ("applied", "excess", "kept")})
        return HandPayment(**row, shares=shares)
    of_bank = ledger.rows("select line_id from bank_payments where payment_id = ?", payment_id)
    if of_bank:
        message = (
            f"payment {payment_id} was made by the bank line {of_bank[0][0]} and changes only by a decision about that "
            "line, or by the bank's own return or refund: correct it in the review of that line"
        )
        raise PaymentError(message)
    message = f"the ledger knows no payment {payment_id[:60]!r}"
    raise PaymentError(message)


def known_payment(ledger: Ledger, event_id: str, request_id: str) -> str:
    """Return the payment that the same request under this id concerned before; '' where the id is new.

    Raises:
        PaymentError: the id was given to another request.
    """
    found = ledger.rows("select payment_id, request_id from payment_events where event_id = ?", event_id)
    if not found:
        return ""
    payment_id, known = found[0]
    if known != request_id:
        message = f"the id {event_id!r} was given to another request before; take a new one"
        raise PaymentError(message)
    return str(payment_id)


def taken_from(ledger: Ledger, payment_id: str) -> tuple[Source, ...]:
    """Return what a payment took from other sources of credit and still holds."""
    rows = ledger.frame(sql("ledger", "spent_credits"), payment_id=payment_id).rows()
    return tuple(Source(*row) for row in rows)


def write_event(
    ledger: Ledger,
    payment: HandPayment,
    change: Shares,
    *,
    kind: str,
    amount: Decimal,
    event_id: str,
    request_id: str,
    who: str,
    at: dt.datetime,
    draws: tuple[Source, ...] = (),
) -> None:
    """Write an event of a payment, what it moves between sources of credit, and its journal entry, as a run of its own.

    Args:
        ledger: the open ledger.
        payment: as it is after the event, but for its shares.
        change: what the event adds to each share.
        kind: what happened.
        amount: what the event is about, in the payment's currency.
        event_id: the event's own id; '' for a new one.
        request_id: what tells two requests under one id apart.
        who: the person.
        at: the instant, UTC.
        draws: what it takes from other sources of credit (negative) or gives back to them.
    """
    ledger.begin_run_of_person("payments", at)
    own = (Source("excess", payment.payment_id, change.excess), Source("kept", payment.payment_id, change.kept))
    event_id = event_id or f"evt_{uuid.uuid4().hex[:20]}"
    ledger.con.execute(
        sql("ledger", "insert_payment_event"),
        {
            "event_id": event_id,
            "run_number": ledger.run_number,
            "payment_id": payment.payment_id,
            "event_number": payment.event_number + 1,
            "kind": kind,
            "invoice_id": payment.invoice_id,
            "customer_id": payment.customer_id,
            "currency": payment.currency,
            "amount": amount,
            "payment_amount": payment.amount,
            "applied_change": change.applied,
            "received_change": change.total + sum((draw.amount for draw in draws), ZERO),
            "method": payment.method,
            "payment_date": payment.payment_date,
            "reference": payment.reference,
            "notes": payment.notes,
            "reason": payment.reason,
            "who": who,
            "happened_at": at.replace(tzinfo=None),
            "request_id": request_id,
        },
    )
    for source in (*own, *draws):
        if source.amount:
            ledger.con.execute(
                "insert into payment_credits values (?, ?, ?, ?)",
                [event_id, source.kind, source.source_id, source.amount],
            )
    ledger.con.execute(sql("ledger", "insert_payment_journal"), {"run_number": ledger.run_number})
