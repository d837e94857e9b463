"""The contract of the command, from outside: its flags, its exit codes, and one clear line for each mistake."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.test_night import CUSTOMERS, FIRST, INVOICES, SECOND, statement

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}


@pytest.fixture
def files(tmp_path) -> Path:
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "october.ofx").write_text(statement(FIRST, SECOND))
    (tmp_path / "invoices.csv").write_text(INVOICES)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    return tmp_path


def reconcile(folder: Path, *options: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the folder's files; `given` replaces options."""
    named = {
        "statements": "statements",
        "invoices": "invoices.csv",
        "customers": "customers.csv",
        "ledger": "ledger.duckdb",
        "out": "out",
    } | given
    words = [word for name, value in named.items() for word in (f"--{name}", value)]
    command = [sys.executable, "-m", "reconcile", "run", *words, *options]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """A mistake is told in one or two lines that name it, without a traceback."""
    told = [line for line in done.stderr.splitlines() if not line.lstrip()[:1].isdigit()]
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert 1 <= len(told) <= 3, told
    for word in words:
        assert word in done.stderr


def test_a_complete_run_exits_0_and_writes_every_file_of_the_contract(files):
    done = reconcile(files)

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "allocations.csv", "candidates.csv", "lines.csv", "rejected.csv", "report.html", "report.xlsx", "summary.json",
    ]  # fmt: skip
    assert (files / "out" / "allocations.csv").read_text().splitlines()[0] == (
        "source_file,source_row,line_id,invoice_id,invoice_number,customer_id,amount,currency,state,probability,rule,explanation"
    )
    assert (files / "out" / "lines.csv").read_text().splitlines()[0] == (
        "source_file,source_row,line_id,account_id,booked_date,amount,currency,outcome,applied,unapplied,difference,"
        "difference_kind,explanation"
    )


def test_json_prints_the_summary_and_nothing_else_on_stdout(files):
    summary = json.loads(reconcile(files, "--json", "--as-of", "2026-10-31").stdout)

    assert summary["lines"] == 2
    assert summary["as_of"] == "2026-10-31"


def test_a_missing_statement_path_is_named(files):
    refused(reconcile(files, statements="nowhere"), 2, "nowhere", "no such")
    assert not (files / "ledger.duckdb").exists()


def test_an_empty_folder_is_named(files):
    (files / "empty").mkdir()
    refused(reconcile(files, statements="empty"), 2, "empty", "no statement file")


def test_invoices_without_amount_due_are_named(files):
    (files / "invoices.csv").write_text(INVOICES.replace("amount_due", "rest"))
    refused(reconcile(files), 2, "invoices.csv", "'amount_due'")
    assert not (files / "ledger.duckdb").exists()
    assert not (files / "out").exists()


def test_an_invoice_amount_with_a_comma_is_named_with_its_row(files):
    (files / "invoices.csv").write_text(INVOICES.replace("EUR,75.50,75.50", 'EUR,75.50,"12,50"'))
    refused(reconcile(files), 2, "row 3", "'amount_due'", "'12,50'")


def test_an_invoice_id_that_stands_twice_is_named(files):
    (files / "invoices.csv").write_text(INVOICES.replace("\nI2,", "\nI1,"))
    refused(reconcile(files), 2, "'invoice_id'", "'I1'", "twice")


def test_an_unknown_key_in_the_configuration_is_named(files):
    (files / "own.toml").write_text("[gate]\nprobabilty_min = '0.9'\n")
    refused(reconcile(files, config="own.toml"), 2, "gate.probabilty_min")


def test_an_unknown_flag_and_a_bad_date_exit_2(files):
    refused(reconcile(files, "--nonsense"), 2, "no such option '--nonsense'", "reconcile run --help")
    refused(reconcile(files, "--as-of", "31.10.2026"), 2, "'--as-of'", "31.10.2026")


def test_a_rejected_file_exits_3_and_is_named(files):
    (files / "statements" / "cut.ofx").write_text(statement(FIRST, end=""))
    refused(reconcile(files), 3, "cut.ofx")


def test_a_csv_of_an_unknown_bank_is_rejected_with_what_to_do(files):
    (files / "statements" / "own.csv").write_text("Foo;Bar;Baz\n1;2;3\n")
    refused(reconcile(files), 3, "own.csv", "config/banks")


def test_a_ledger_held_by_another_run_is_told_with_its_holder(files):
    holder = duckdb.connect(str(files / "ledger.duckdb"))
    try:
        refused(reconcile(files), 2, "ledger.duckdb", str(os.getpid()))
    finally:
        holder.close()


def test_a_ledger_that_is_no_ledger_is_told(files):
    (files / "ledger.duckdb").write_text("hello")
    refused(reconcile(files), 2, "ledger.duckdb")


def limited(folder: Path, kilobytes: int) -> subprocess.CompletedProcess[str]:
    """Run the command where no file may grow beyond so many kilobytes, as on a disk that is full."""
    command = (
        f"ulimit -f {kilobytes}; exec {sys.executable} -m reconcile run --statements statements "
        "--invoices invoices.csv --customers customers.csv --ledger ledger.duckdb --out out"
    )
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


def test_a_full_disk_while_writing_the_report_leaves_neither_a_ledger_nor_half_a_report(files):
    refused(limited(files, 20), 2, "out", "nothing was posted")

    assert not (files / "ledger.duckdb").exists()
    assert list((files / "out").iterdir()) == []


def test_a_disk_that_is_full_after_the_commit_loses_nothing(files):
    assert limited(files, 300).returncode == 0
    before = (files / "out" / "allocations.csv").read_bytes()

    assert json.loads(reconcile(files, "--json").stdout)["new"]["lines"] == 0
    assert (files / "out" / "allocations.csv").read_bytes() == before


def test_a_prefect_api_that_does_not_answer_is_told(files):
    command = [sys.executable, "-m", "reconcile", "run", "--statements", "statements", "--invoices", "invoices.csv"]
    environment = ENVIRONMENT | {"PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = subprocess.run(command, cwd=files, env=environment, capture_output=True, text=True, check=False)

    refused(done, 2, "127.0.0.1:1")
