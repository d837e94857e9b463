"""Nights that were: whether one began since an instant, and the last one's report written anew."""

import datetime as dt
import shutil
import subprocess
import sys

import pytest

from reconcile.errors import LedgerBusy, UsageError
from reconcile.ledger import open_ledger
from reconcile.nights import night_figures, night_since, report_again
from tests.test_night import FIRST, SECOND, Office, statement

AN_ERROR = "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></SONRS></SIGNONMSGSRSV1>"


def test_the_report_written_anew_is_the_night_s_own_file_by_file(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST, SECOND)
    noted = statement(("20261007", "12.00", "Stranger", "thanks")).replace("<OFX>", f"<OFX>{AN_ERROR}")
    (office.statements / "noted.ofx").write_text(noted)
    office.night()
    before = {name: (office.out / name).read_bytes() for name in ("lines.csv", "allocations.csv", "rejected.csv")}
    page = (office.out / "report.html").read_text()
    shutil.rmtree(office.out)

    told, folder = report_again(ledger=office.ledger, out=office.out)

    assert folder == office.out
    assert told.run.run_number == 1
    assert before == {name: (office.out / name).read_bytes() for name in before}
    assert (office.out / "report.html").read_text() == page
    assert told.discrepancies.height == 1  # the reader's note of the bank's error
    assert len(list(office.out.iterdir())) == 7


def test_what_a_person_did_since_is_no_night(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST)
    office.night()
    opened = open_ledger(office.ledger)
    with opened as ledger:
        ledger.begin_run_of_person("payments", dt.datetime.now(dt.UTC))
        opened.keep()

    told, _ = report_again(ledger=office.ledger, out=office.out)

    assert told.run.run_number == 1


def test_without_a_ledger_or_a_night_the_report_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="run a night first"):
        report_again(ledger=tmp_path / "none.duckdb", out=tmp_path)
    opened = open_ledger(tmp_path / "empty.duckdb")
    with opened:
        opened.keep()
    with pytest.raises(UsageError, match="no night stands in this ledger"):
        report_again(ledger=tmp_path / "empty.duckdb", out=tmp_path)


def test_a_night_answers_for_every_instant_up_to_its_beginning_and_for_none_after(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST)
    before = dt.datetime.now(dt.UTC)
    assert night_since(before, ledger=office.ledger) is None
    office.night()

    assert night_since(before, ledger=office.ledger) is not None
    assert night_since(before - dt.timedelta(days=5), ledger=office.ledger) is not None
    assert night_since(dt.datetime.now(dt.UTC), ledger=office.ledger) is None


def test_a_dry_run_and_a_person_s_run_answer_for_no_night(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST)
    office.night()
    since = dt.datetime.now(dt.UTC)
    office.night(is_dry_run=True)
    opened = open_ledger(office.ledger)
    with opened as ledger:
        ledger.begin_run_of_person("review", dt.datetime.now(dt.UTC))
        opened.keep()

    assert night_since(since, ledger=office.ledger) is None


def test_who_holds_the_ledger_is_told(tmp_path, monkeypatch):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST)
    office.night()

    def held(self):
        raise LedgerBusy("process 7 holds the ledger")

    monkeypatch.setattr(open_ledger, "_connect", held)
    with pytest.raises(LedgerBusy):
        night_since(dt.datetime.now(dt.UTC), ledger=office.ledger)


def test_figures_count_a_day_s_lines_once_however_often_it_ran(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST, SECOND)
    office.night()
    office.night()

    figures = night_figures(office.ledger)

    assert figures.days.select("lines", "receipts", "decided_receipts").rows() == [(2, 2, 2)]
    assert figures.money.height == 1


def test_the_command_writes_the_report_anew_or_says_in_one_line_why_not(tmp_path):
    office = Office(tmp_path)
    office.receives("a.ofx", FIRST)
    office.night()
    shutil.rmtree(office.out)

    def told(ledger):
        command = [sys.executable, "-m", "reconcile", "report", "--ledger", str(ledger), "--out", str(office.out)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert told(office.ledger).returncode == 0
    assert (office.out / "report.html").exists()
    missing = told(tmp_path / "none.duckdb")
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1
    assert "run a night first" in missing.stderr
