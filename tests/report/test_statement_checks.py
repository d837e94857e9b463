"""Statements that do not add up, or that leave days out, are told; sound ones are not."""

from decimal import Decimal

import pytest

from reconcile.ledger import Ledger, store_statements
from reconcile.model import StatementFile
from reconcile.sql import sql
from tests.builders import a_line, a_statement, a_statement_file


def month(
    name: str, first: str, last: str, closing: str | None, *amounts: str, opening: str | None = None
) -> StatementFile:
    """Make a month's statement whose lines are all booked on its first day."""
    statement = a_statement(
        start_date=first, end_date=last, opening_balance=opening, closing_balance=closing, closing_date=last
    )
    lines = [a_line(amount, f"line {place}", booked_date=first) for place, amount in enumerate(amounts)]
    return a_statement_file(name, lines, statements=[statement])


def findings(ledger: Ledger, *files: StatementFile) -> list[tuple[str, str, Decimal | None]]:
    store_statements(ledger, files)
    found = ledger.frame(sql("report", "statement_checks"), run_number=ledger.run_number)
    return found.select("kind", "source_file", "amount").rows()


def test_months_that_follow_each_other_and_add_up_are_silent(ledger):
    september = month("09.ofx", "2026-09-01", "2026-09-30", "100.00", "100.00")
    october = month("10.ofx", "2026-10-01", "2026-10-31", "130.00", "50.00", "-20.00")

    assert findings(ledger, september, october) == []


def test_a_closing_balance_that_the_lines_do_not_reach_is_told_with_the_difference(ledger):
    september = month("09.ofx", "2026-09-01", "2026-09-30", "100.00", "100.00")
    october = month("10.ofx", "2026-10-01", "2026-10-31", "135.00", "50.00", "-20.00")

    assert findings(ledger, september, october) == [("balance", "10.ofx", Decimal("5.000"))]


def test_an_opening_balance_in_the_file_is_enough_to_tell(ledger):
    october = month("10.csv", "2026-10-01", "2026-10-31", "151.00", "50.00", opening="100.00")

    assert findings(ledger, october) == [("balance", "10.csv", Decimal("1.000"))]


def test_days_that_no_statement_covers_are_told(ledger):
    september = month("09.ofx", "2026-09-01", "2026-09-28", None, "100.00")
    october = month("10.ofx", "2026-10-01", "2026-10-31", None, "50.00")

    assert findings(ledger, september, october) == [("gap", "10.ofx", None)]


@pytest.mark.parametrize("first", ["2026-09-20", "2026-10-01"])
def test_overlapping_and_adjoining_statements_leave_no_gap(ledger, first):
    september = month("09.ofx", "2026-09-01", "2026-09-30", None, "100.00")
    october = month("10.ofx", first, "2026-10-31", None, "50.00")

    assert findings(ledger, september, october) == []
