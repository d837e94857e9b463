"""The sentences of discrepancies write every amount exactly, however large: never as a float."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.ledger import Ledger, open_ledger, store_receivables, store_statements
from reconcile.sql import sql
from tests.builders import (
    a_decision,
    a_line,
    a_statement,
    a_statement_file,
    an_allocation,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)


def exports_after_a_payment(ledger: Ledger, due: str, paid: str, due_then: str) -> list[dict[str, object]]:
    """Pay a part of an invoice, export it anew as owing `due_then`, and return the disagreements."""
    store_receivables(ledger, receivables([an_invoice("I1", amount_due=due)]))
    (line,) = store_lines(ledger, a_line(paid, "INV-I1"))
    ledger.write(decided([a_decision(line, "short_paid", applied=paid)], [an_allocation(line, "I1", paid)]))
    begin_run(ledger)
    store_receivables(ledger, receivables([an_invoice("I1", amount_due=due_then, total=due)]))
    return ledger.frame(sql("report", "export_disagreements")).rows(named=True)


def test_an_export_that_says_another_amount_is_told_to_the_cent(ledger):
    (told,) = exports_after_a_payment(ledger, "123456789012345.67", "0.05", "99999999999.99")

    assert told["amount"] == Decimal("99999999999.99") - Decimal("123456789012345.62")
    assert "the export says 99999999999.99 is due, the ledger 123456789012345.62;" in told["sentence"]
    assert "; 99999999999.99 is taken as owed" in told["sentence"]


@pytest.mark.parametrize("due_then", ["100.00", "40.00"])
def test_an_export_that_says_what_was_owed_or_what_is_left_is_silent(ledger, due_then):
    assert exports_after_a_payment(ledger, "100.00", "60.00", due_then) == []


@settings(max_examples=20)
@given(st.integers(1, 10**16).map(lambda cents: Decimal(cents).scaleb(-2)), st.sampled_from(["0.01", "0.10", "7.00"]))
def test_a_balance_that_does_not_add_up_is_told_to_the_cent(opening, moved):
    closing = opening + Decimal(moved) + Decimal("0.01")
    statement = a_statement(
        start_date="2026-10-01",
        end_date="2026-10-31",
        closing_date="2026-10-31",
        opening_balance=str(opening),
        closing_balance=str(closing),
    )
    file = a_statement_file(lines=[a_line(moved, "rent", booked_date="2026-10-05")], statements=[statement])
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.duckdb") as ledger:
        begin_run(ledger)
        store_statements(ledger, [file])
        ((sentence,),) = ledger.frame(sql("report", "statement_checks"), run_number=1).select("sentence").rows()

    assert f"{opening:.2f} and lines of {moved} make not {closing:.2f} on 2026-10-31. Off by 0.01:" in sentence
