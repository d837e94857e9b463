"""An invoice is reminded once a step, of what remains, and only while it is owed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from reconcile.ledger import Ledger, broken_laws, store_receivables
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.ledger.reminders import due_reminders, mark_sent
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    an_allocation,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)

AT = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
BEFORE, AFTER = (3, 1), (1, 7, 14)


def export(ledger: Ledger, *invoices: Any) -> None:
    """Export these invoices; they are due on 2026-10-01 unless they say otherwise."""
    store_receivables(ledger, receivables(list(invoices or [an_invoice("I1")]), [a_customer("C1")]))


def due(ledger: Ledger, day: str, before: tuple[int, ...] = BEFORE, after: tuple[int, ...] = AFTER) -> Any:
    return due_reminders(ledger, before, after, dt.date.fromisoformat(day))


def pay(ledger: Ledger, amount: str) -> None:
    PaymentDesk(ledger, "Anna", AT, AT.date()).record("I1", Details(amount=Decimal(amount)))


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2026-09-28", -3), ("2026-09-29", -3), ("2026-09-30", -1), ("2026-10-01", -1), ("2026-10-02", 1),
        ("2026-10-07", 1), ("2026-10-08", 7), ("2026-10-15", 14), ("2027-10-01", 14),
    ],
)  # fmt: skip
def test_the_last_step_that_is_reached_is_due(ledger: Ledger, day: str, step: int) -> None:
    export(ledger)
    (row,) = due(ledger, day)
    assert (row["step_days"], row["remaining"], row["customer_name"]) == (step, 100, "Elm Ltd")


def test_before_the_first_step_and_without_a_schedule_nothing_is_due(ledger: Ledger) -> None:
    export(ledger)
    assert due(ledger, "2026-09-27") == []
    assert due(ledger, "2026-10-08", (), ()) == []


def test_what_is_partly_paid_is_reminded_of_what_remains_and_what_is_paid_of_nothing(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    assert [row["remaining"] for row in due(ledger, "2026-10-08")] == [60]
    pay(ledger, "60.00")
    assert due(ledger, "2026-10-08") == []


@pytest.mark.parametrize(
    "facts", [{"status": "void"}, {"status": "draft"}, {"status": "paid"}, {"kind": "credit_note"}]
)
def test_what_is_not_to_be_paid_is_not_reminded(ledger: Ledger, facts: dict[str, str]) -> None:
    export(ledger, an_invoice("I1", **facts))
    assert due(ledger, "2026-10-08") == []


def test_a_step_that_was_sent_is_not_due_again_and_the_next_is(ledger: Ledger) -> None:
    export(ledger)
    mark_sent(ledger, due(ledger, "2026-10-02"), "Anna", AT)
    assert due(ledger, "2026-10-03") == []
    (row,) = due(ledger, "2026-10-08")
    assert row["step_days"] == 7
    broken_laws(ledger)


def test_an_earlier_step_is_not_due_after_a_later_one_was_sent(ledger: Ledger) -> None:
    export(ledger)
    mark_sent(ledger, due(ledger, "2026-10-08"), "Anna", AT)
    assert due(ledger, "2026-10-02") == []
    assert due(ledger, "2026-10-09", BEFORE, (1, 5)) == []


def test_where_the_due_date_moves_the_steps_begin_anew(ledger: Ledger) -> None:
    export(ledger)
    mark_sent(ledger, due(ledger, "2026-10-08"), "Anna", AT)
    begin_run(ledger)
    export(ledger, an_invoice("I1", due_date="2026-10-20"))
    assert due(ledger, "2026-10-16") == []
    assert [row["step_days"] for row in due(ledger, "2026-10-17")] == [-3]


def test_the_ledger_refuses_a_step_that_is_sent_twice(ledger: Ledger) -> None:
    export(ledger)
    rows = due(ledger, "2026-10-08")
    mark_sent(ledger, rows, "Anna", AT)
    with pytest.raises(duckdb.ConstraintException):
        mark_sent(ledger, rows, "Anna", AT)


def test_marking_is_no_run_so_a_payment_before_it_is_still_news_for_the_night(ledger: Ledger) -> None:
    export(ledger, an_invoice("I1"), an_invoice("I2"))
    pay(ledger, "100.00")
    runs = ledger.value("select count(*) from runs")
    mark_sent(ledger, due(ledger, "2026-10-08"), "Anna", AT)
    assert ledger.value("select count(*) from runs") == runs
    begin_run(ledger)
    assert ledger.has_news()


def test_money_in_review_for_an_invoice_is_told_beside_it(ledger: Ledger) -> None:
    export(ledger)
    (line,) = store_lines(ledger, a_line("60.00", "perhaps I1"))
    ledger.write(
        decided([a_decision(line, "review", unapplied="60.00")], [an_allocation(line, "I1", "60.00", state="proposed")])
    )
    assert [(row["remaining"], row["proposed"]) for row in due(ledger, "2026-10-08")] == [(100, 60)]
    begin_run(ledger)
    ledger.write(decided([a_decision(line, "on_account", on_account="60.00", customer_id="C1")]))
    assert [row["proposed"] for row in due(ledger, "2026-10-08")] == [0]
