"""A small ledger as a night leaves it for a person, a desk at it, and what is to be the same after an undo."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Final

from reconcile.config import Review, load
from reconcile.ledger import Ledger, broken_laws, store_receivables
from reconcile.review import Decided, InvoiceCash, ReviewDesk
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    an_allocation,
    an_alternative,
    an_invoice,
    decided,
    receivables,
    store_lines,
)

AT: Final = dt.datetime(2026, 11, 26, 8, 1, 2, tzinfo=dt.UTC)
LIMITS: Final = load().review
TEXTS: Final = ("one", "two", "short", "over", "nobody", "fee", "back", "posted", "kept")


def a_night(ledger: Ledger) -> dict[str, str]:
    """Store what a night left behind, and return the lines' ids by their texts.

    Customer C1 owes I1 (100), I2 (50), I3 (20) and has a credit note N1 (10); C2 owes J1 (100); U1 is in dollars and
    V1 is void. P1 of C3 is paid, and 8.00 of C3 are on account.
    """
    store_receivables(
        ledger,
        receivables(
            [
                an_invoice("I1", amount_due="100.00"),
                an_invoice("I2", amount_due="50.00"),
                an_invoice("I3", amount_due="20.00"),
                an_invoice("N1", amount_due="10.00", kind="credit_note"),
                an_invoice("J1", amount_due="100.00", customer_id="C2"),
                an_invoice("U1", amount_due="9.00", currency="USD"),
                an_invoice("V1", amount_due="9.00", status="void"),
                an_invoice("P1", amount_due="60.00", customer_id="C3"),
            ],
            [a_customer("C1"), a_customer("C2", name="Oak"), a_customer("C3", name="Ash")],
        ),
    )
    amounts = ("100.00", "60.00", "49.50", "25.00", "5.00", "-3.00", "-40.00", "60.00", "8.00")
    rows = (a_line(amount, text) for amount, text in zip(amounts, TEXTS, strict=True))
    lines = dict(zip(TEXTS, store_lines(ledger, *rows), strict=True))
    one, two, short, over, nobody, fee, back, posted, kept = lines.values()
    ledger.write(
        decided(
            [
                a_decision(
                    one, "review", unapplied="100.00", customer_id="C1", explanation="To decide (80 %): it fits."
                ),
                a_decision(two, "review", unapplied="60.00", customer_id="C1"),
                a_decision(short, "review", unapplied="49.50", customer_id="C1"),
                a_decision(over, "review", unapplied="25.00", customer_id="C1"),
                a_decision(nobody, "unmatched", unapplied="5.00", rule="none"),
                a_decision(fee, "ignored", rule="no_receivable"),
                a_decision(back, "review", unapplied="-40.00", customer_id="C1", rule="return"),
                a_decision(posted, "applied", applied="60.00", customer_id="C3"),
                a_decision(kept, "on_account", on_account="8.00", customer_id="C3"),
            ],
            [
                an_allocation(one, "I1", "100.00", state="proposed", probability=0.8),
                an_allocation(two, "I2", "50.00", state="proposed", probability=0.7),
                an_allocation(two, "I3", "20.00", state="proposed", probability=0.7),
                an_allocation(two, "N1", "-10.00", state="proposed", probability=0.7),
                an_allocation(short, "I2", "49.50", state="proposed", residual="0.50", residual_kind="bank_charge"),
                an_allocation(over, "I3", "20.00", state="proposed"),
                an_allocation(posted, "P1", "60.00", customer_id="C3"),
            ],
            [
                an_alternative(one, "I1"),
                an_alternative(one, "J1", rank=2, customer_id="C2"),
                an_alternative(one, "I2|I3", rank=3),
            ],
        )
    )
    broken_laws(ledger)
    return lines


def desk(ledger: Ledger, who: str = "anna", *, minutes: int = 0, **limits: str) -> ReviewDesk:
    """Put a person at a desk; limits stand over those of the configuration."""
    changed: Review = replace(LIMITS, **{name: Decimal(value) for name, value in limits.items()})  # type: ignore[arg-type]
    return ReviewDesk(ledger, who, AT + dt.timedelta(minutes=minutes), changed)


def said(line_id: str, action: str, *invoices: str, **more: object) -> Decided:
    """Say a decision; an invoice is `I1`, or `I1=12.00` with its cash."""
    named = [invoice.partition("=") for invoice in invoices]
    cash = tuple(InvoiceCash(name, Decimal(amount) if amount else None) for name, _, amount in named)
    return Decided(line_id, action, cash, **more)  # type: ignore[arg-type]


def refusal(applied: object) -> str:
    """Return why the one decision of a call was refused."""
    (refused,) = applied.refused  # type: ignore[attr-defined]
    return str(refused.reason)


def decision(ledger: Ledger, line_id: str) -> dict[str, object]:
    """Return what is decided about a line now."""
    return ledger.frame("select * from current_decisions where line_id = $line_id", line_id=line_id).row(0, named=True)


def owed(ledger: Ledger) -> dict[str, Decimal]:
    """Return what each invoice owes now."""
    return dict(ledger.rows("select invoice_id, open_amount from item_balances order by invoice_id"))  # type: ignore[arg-type]


def balances(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """Return what an undo restores: open amounts, credit, the journal's sums by account, the lines' standing money."""
    return {
        "owed": ledger.rows("select invoice_id, open_amount from item_balances order by all"),
        "standings": ledger.rows("select * from invoice_standings order by all"),
        "credit": ledger.rows("select source_id, customer_id, amount from credit_sources order by all"),
        "journal": ledger.rows(
            "select account, customer_id, invoice_id, currency, sum(amount) as amount from journal "
            "group by all having sum(amount) != 0 order by all"
        ),
    }
