"""Every line is kept once, under the file that brought it first, and every transaction says which line it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl

from reconcile.ingest import RejectedFile
from reconcile.ledger import Ledger, open_ledger, store_statements
from reconcile.model import StatementFile
from tests.builders import a_line, a_statement, a_statement_file, begin_run, store_lines

ELM = a_line("100.00", "INV-1001 Elm Ltd", bank_reference="F1")
OAK = a_line("70.00", "INV-1002 Oak Ltd", bank_reference="F2")
ASH = a_line("30.00", "INV-1003 Ash Ltd", bank_reference="F3")


def without_bank_reference(line: pl.DataFrame) -> pl.DataFrame:
    return line.with_columns(bank_reference=pl.lit(""))


def on(line: pl.DataFrame, day: str) -> pl.DataFrame:
    return line.with_columns(booked_date=pl.lit(dt.date.fromisoformat(day)))


def a_csv(name: str, *lines: pl.DataFrame) -> StatementFile:
    """Make a CSV that names no account and gives no bank's ids."""
    return a_statement_file(name, [without_bank_reference(line) for line in lines], layout="csv", account_id="")


def texts(ledger: Ledger) -> list[object]:
    return [row[0] for row in ledger.rows("select remittance_text from statement_lines order by 1")]


def accounts(ledger: Ledger) -> list[object]:
    return [row[0] for row in ledger.rows("select distinct account_id from statement_lines order by 1")]


def counts(ledger: Ledger, name: str) -> tuple[object, ...]:
    """Return the file's counts in this run: counted, new, repeated, rejected."""
    (row,) = ledger.rows(
        "select transactions_counted, lines_new, lines_repeated, rows_rejected from statement_files "
        "where run_number = ? and source_file = ?",
        ledger.run_number,
        name,
    )
    return row


def test_a_line_is_kept_as_the_file_says_it(ledger: Ledger) -> None:
    line = a_line(
        "-12.345", "text", currency="KWD", booked_date="2026-10-05", value_date="2026-10-06", bank_reference="F1",
        transaction_type="FEE", counterparty_name="Elm", counterparty_account="DE1", payment_reference="E2E",
    )  # fmt: skip
    store_statements(ledger, [a_statement_file("bank.ofx", [line], account_id="990408/55012894")])
    kept = ledger.frame("select * from statement_lines").row(0, named=True)
    said = line.drop("statement_number").row(0, named=True)
    assert kept | said == kept
    assert (kept["account_id"], kept["source_file"], kept["layout"]) == ("990408/55012894", "bank.ofx", "ofx")
    assert kept["amount"] == Decimal("-12.345")


def test_every_transaction_names_its_line(ledger: Ledger) -> None:
    first, second, third = store_lines(ledger, ELM, OAK, ELM)
    assert len({first, second, third}) == 3
    assert ledger.rows("select source_row from line_sources order by 1") == [(1,), (2,), (3,)]


def test_the_same_file_in_the_next_run_brings_repeats_only(ledger: Ledger) -> None:
    before = store_lines(ledger, ELM, OAK, ELM)
    begin_run(ledger)
    assert store_lines(ledger, ELM, OAK, ELM) == before
    assert counts(ledger, "bank.ofx") == (3, 0, 3, 0)
    assert ledger.value("select count(*) from statements") == 1


def test_the_same_file_under_another_name_brings_repeats_only(ledger: Ledger) -> None:
    before = a_statement_file("march.ofx", [ELM, OAK], data="same bytes")
    renamed = a_statement_file("march (1).ofx", [ELM, OAK], data="same bytes")
    store_statements(ledger, [before, renamed])
    assert counts(ledger, "march.ofx") == (2, 2, 0, 0)
    assert counts(ledger, "march (1).ofx") == (2, 0, 2, 0)
    assert ledger.rows("select distinct source_file from statement_lines") == [("march.ofx",)]


def test_the_same_file_in_two_folders_is_counted_once(ledger: Ledger) -> None:
    file = a_statement_file("bank.ofx", [ELM, OAK])
    store_statements(ledger, [file, file])
    assert counts(ledger, "bank.ofx") == (2, 2, 0, 0)
    assert ledger.value("select count(*) from line_sources") == 2


def test_two_files_of_one_name_are_two_files(ledger: Ledger) -> None:
    store_statements(ledger, [a_statement_file("bank.ofx", [ELM]), a_statement_file("bank.ofx", [OAK])])
    assert ledger.value("select count(*) from statement_files") == 2
    assert texts(ledger) == ["INV-1001 Elm Ltd", "INV-1002 Oak Ltd"]


def test_an_overlapping_file_brings_its_new_lines_and_names_the_known_ones(ledger: Ledger) -> None:
    elm, oak = store_lines(ledger, ELM, OAK, name="a.ofx")
    repeated, new = store_lines(ledger, OAK, ASH, name="b.ofx")
    assert repeated == oak
    assert new not in {elm, oak}
    assert counts(ledger, "b.ofx") == (2, 1, 1, 0)


def test_a_lines_id_comes_from_its_account_and_content_alone(ledger: Ledger, tmp_path: Path) -> None:
    elm, oak = store_lines(ledger, ELM, OAK, name="a.ofx")
    with open_ledger(tmp_path / "other.duckdb") as other:
        begin_run(other)
        begin_run(other)
        assert store_lines(other, ASH, OAK, ELM, name="b.ofx")[1:] == [oak, elm]


def test_equal_lines_of_two_accounts_have_two_ids(ledger: Ledger) -> None:
    here = store_lines(ledger, ELM, account_id="A-10001")
    assert here != store_lines(ledger, ELM, account_id="A-10002", name="b.ofx")


def test_rejected_transactions_and_files_are_kept_with_their_reasons(ledger: Ledger) -> None:
    file = a_statement_file("bank.ofx", [ELM], rejected={2: "no date"})
    store_statements(ledger, [RejectedFile("photo.ofx", "no statement"), file])
    assert ledger.rows("select source_file, source_row, reason from rejections order by 1") == [
        ("bank.ofx", 2, "no date"),
        ("photo.ofx", None, "no statement"),
    ]
    assert counts(ledger, "bank.ofx") == (2, 1, 0, 1)


def test_a_file_without_a_transaction_keeps_its_statement(ledger: Ledger) -> None:
    statement = a_statement(
        "990408/55012894", start_date="2026-10-01", end_date="2026-10-31", opening_balance="5.00",
        closing_balance="5.00", closing_date="2026-10-31",
    )  # fmt: skip
    store_statements(ledger, [a_statement_file("bank.ofx", [], statements=[statement])])
    assert ledger.rows("select account_id, start_date, end_date, closing_balance, closing_date from statements") == [
        ("990408/55012894", dt.date(2026, 10, 1), dt.date(2026, 10, 31), Decimal("5.000"), dt.date(2026, 10, 31))
    ]
    assert counts(ledger, "bank.ofx") == (0, 0, 0, 0)


def test_the_lines_of_two_statements_in_a_file_go_to_their_own_accounts(ledger: Ledger) -> None:
    statements = [a_statement("A-10001", statement_number=1), a_statement("A-10002", statement_number=2)]
    lines = [a_line("1.00", "one"), a_line("2.00", "two", statement_number=2)]
    store_statements(ledger, [a_statement_file("bank.ofx", lines, statements=statements)])
    assert ledger.rows("select remittance_text, account_id from statement_lines order by 1") == [
        ("one", "A-10001"),
        ("two", "A-10002"),
    ]


def test_an_account_keeps_the_spelling_by_which_it_came_first(ledger: Ledger) -> None:
    store_lines(ledger, ELM, name="a.ofx", account_id="DE89370400440532013000")
    store_lines(ledger, ELM, OAK, name="b.ofx", account_id="37040044/532013000")
    assert accounts(ledger) == ["DE89370400440532013000"]
    assert texts(ledger) == ["INV-1001 Elm Ltd", "INV-1002 Oak Ltd"]


def test_equal_lines_of_two_named_accounts_are_two_lines(ledger: Ledger) -> None:
    store_lines(ledger, ELM, name="a.ofx", account_id="990408/55012894")
    store_lines(ledger, ELM, name="b.ofx", account_id="990409/55012894")
    assert accounts(ledger) == ["990408/55012894", "990409/55012894"]


def test_a_csv_without_an_account_is_of_the_account_whose_lines_it_brings_again(ledger: Ledger) -> None:
    store_lines(ledger, ELM, OAK, name="a.ofx", account_id="990408/55012894")
    store_statements(ledger, [a_csv("b.csv", ELM, OAK, ASH)])
    assert accounts(ledger) == ["990408/55012894"]
    assert counts(ledger, "b.csv") == (3, 1, 2, 0)


def test_a_csv_without_an_account_that_brings_nothing_known_is_kept_by_currency(ledger: Ledger) -> None:
    store_lines(ledger, ELM, name="a.ofx", account_id="990408/55012894")
    store_statements(ledger, [a_csv("b.csv", ASH)])
    assert accounts(ledger) == ["990408/55012894", "unnamed/EUR"]


def test_the_same_csv_without_an_account_again_brings_repeats_only(ledger: Ledger) -> None:
    store_statements(ledger, [a_csv("a.csv", ELM, OAK)])
    begin_run(ledger)
    store_statements(ledger, [a_csv("a.csv", ELM, OAK)])
    assert counts(ledger, "a.csv") == (2, 0, 2, 0)


def test_an_account_that_comes_by_name_after_its_lines_came_without_brings_repeats_only(ledger: Ledger) -> None:
    store_statements(ledger, [a_csv("a.csv", ELM, OAK)])
    store_lines(ledger, ELM, OAK, name="b.ofx", account_id="990408/55012894")
    assert counts(ledger, "b.ofx") == (2, 0, 2, 0)


def test_a_named_account_takes_no_lines_of_another_named_account(ledger: Ledger) -> None:
    store_statements(ledger, [a_csv("a.csv", ELM, OAK)])
    store_lines(ledger, ASH, name="b.ofx", account_id="990408/55012894")
    assert accounts(ledger) == ["990408/55012894", "unnamed/EUR"]


def test_an_account_that_came_first_without_a_name_and_then_goes_on_by_name_is_one_account(ledger: Ledger) -> None:
    """January without a name, February by name, then both months by name: January is no news."""
    january, february = on(ELM, "2026-01-10"), on(OAK, "2026-02-10")
    store_statements(ledger, [a_csv("january.csv", january)])
    store_lines(ledger, february, name="february.ofx", account_id="990408/55012894")
    store_lines(ledger, january, february, name="both.ofx", account_id="990408/55012894")
    assert counts(ledger, "both.ofx") == (2, 0, 2, 0)


def test_an_account_found_by_its_lines_is_found_by_its_name_afterwards(ledger: Ledger) -> None:
    """January without a name and by name, February by name, then both months by name: nothing is news."""
    january, february = on(ELM, "2026-01-10"), on(OAK, "2026-02-10")
    store_statements(ledger, [a_csv("january.csv", january)])
    store_lines(ledger, january, name="january.ofx", account_id="990408/55012894")
    store_lines(ledger, february, name="february.ofx", account_id="990408/55012894")
    store_lines(ledger, january, february, name="both.ofx", account_id="990408/55012894")
    assert counts(ledger, "both.ofx") == (2, 0, 2, 0)
