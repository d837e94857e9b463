"""The commands `reconcile payments` from outside: what they print, exit codes, and one clear line for a mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

import reconcile.cli
from tests.test_night import AGAIN, FIRST, SECOND, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Hand out an office whose first night has paid I1 by bank; I2 and I3 are open."""
    office = Office(tmp_path)
    office.receives("october.ofx", FIRST)
    office.night()
    return office


class Told:
    """What one command printed and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def payments(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `reconcile payments` with these words on the office's ledger, inside this process."""

    def run(*words: str, ledger: Path = office.ledger) -> Told:
        monkeypatch.setattr(sys, "argv", ["reconcile", "payments", *words, "--ledger", str(ledger)])
        code = 0
        capsys.readouterr()
        try:
            reconcile.cli.main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run


def refused(told: Told, *words: str) -> None:
    assert told.code == 2
    assert told.out == ""
    assert 1 <= len(told.err.splitlines()) <= 2, told.err
    assert "Traceback" not in told.err
    for word in words:
        assert word in told.err


def test_a_payment_goes_its_way_from_record_to_refund(payments: Any) -> None:
    paid = payments("record", "I2", "--method", "check", "--reference", "0815", "--json").json
    assert (paid["amount"], paid["invoice"]["status"], paid["invoice"]["remaining"]) == ("250.00", "paid", "0.00")
    payment = paid["payment_id"]
    assert payments("refund", payment, "--amount", "50", "--reason", "late", "--json").json["refunded"] == "50.00"
    assert payments("update", payment, "--notes", "by post", "--json").json["notes"] == "by post"
    told = payments("history", "INV-1002", "--json").json
    assert (told["total"], told["paid"], told["remaining"], told["status"]) == (
        "250.00", "200.00", "50.00", "partially_paid",
    )  # fmt: skip
    assert [event["kind"] for event in told["events"]] == ["recorded", "refunded", "updated"]
    assert payments("refund", payment, "--json").json["invoice"]["status"] == "refunded"


def test_credit_goes_to_the_next_invoice(payments: Any) -> None:
    payment = payments("record", "I2", "--amount", "300.00", "--json").json["payment_id"]
    assert payments("credit", payment, "--json").json["kept"] == "50.00"
    assert payments("apply-credit", "I3", "--json").json["invoice"]["remaining"] == "25.50"


def test_a_failed_payment_is_retried_and_deleted(payments: Any) -> None:
    failed = payments("fail", "I3", "--method", "credit_card", "--reason", "Insufficient funds", "--json").json
    assert (failed["status"], failed["reason"]) == ("failed", "Insufficient funds")
    payment = failed["payment_id"]
    assert payments("retry", payment, "--failed-because", "expired", "--json").json["status"] == "failed"
    assert payments("retry", payment, "--json").json["status"] == "completed"
    assert payments("delete", payment, "--json").json["status"] == "deleted"
    assert payments("list", "--status", "deleted", "--json").json[0]["payment_id"] == payment


def test_lists_unite_bank_and_hand_and_go_by_pages(payments: Any) -> None:
    payments("record", "I2", "--id", "mine", "--date", "2026-10-20", "--method", "paypal")
    assert [row["origin"] for row in payments("list", "--json").json] == ["bank", "hand"]
    assert [row["payment_id"] for row in payments("list", "--offset", "1", "--json").json] == ["mine"]
    assert payments("list", "--limit", "0", "--json").json == []
    first, whole = payments("list", "--limit", "1", "--json"), payments("list", "--limit", "2", "--json")
    assert (len(first.json), len(whole.json)) == (1, 2)
    assert first.err == "reconcile: there are more; --offset 1 lists the next, --limit more of them\n"
    assert whole.err == ""
    narrow = ("--customer", "C2", "--from", "2026-10-20", "--to", "2026-10-20", "--method", "paypal")
    assert len(payments("list", *narrow, "--json").json) == 1


def test_people_read_tables_and_sentences(payments: Any) -> None:
    assert "No payment." in payments("list", "--method", "crypto").out
    assert "Invoice INV-1002: paid; total 250.00 EUR, paid 250.00 EUR" in payments("record", "I2", "--id", "mine").out
    assert "completed" in payments("show", "mine").out
    assert "recorded" in payments("history", "I2").out


def test_a_hostile_note_steers_no_terminal(payments: Any) -> None:
    told = payments("record", "I2", "--notes", "\x1b[2J[red]\u202eevil", "--id", "mine")
    assert "\x1b" not in told.out
    assert "\u202e" not in told.out
    assert "[red]" in told.out
    assert payments("show", "mine", "--json").json["notes"] == "\x1b[2J[red]\u202eevil"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("record", "X9"), "knows no invoice 'X9'"),
        (("record", "I2", "--amount", "1e3"), "'1e3' is no amount"),
        (("record", "I2", "--amount", "-5"), "'-5' is no amount"),
        (("record", "I2", "--amount", "1.005"), "2 decimals of EUR"),
        (("record", "I2", "--amount", "1,50"), "write it as"),
        (("record", "I2", "--method", "barter"), "known: cash"),
        (("record", "I2", "--date", "31.10.2026"), "write it as 2026-10-31"),
        (("record", "I2", "--notes", "n" * 501), "at most 500"),
        (("record", "I1"), "owes nothing"),
        (("show", "P9"), "no payment 'P9'"),
        (("list", "--status", "odd"), "known: completed"),
        (("apply-credit", "I3"), "0.00 EUR of credit"),
        (("fail", "I2"), "reason"),
        (("record",), "missing argument 'INVOICE'; see `reconcile payments record --help`"),
        (("record", "I2", "I3"), "unexpected extra argument (I3)"),
        (("recrod", "I2"), "no such command 'recrod'"),
        (("list", "--staus", "failed"), "no such option '--staus'"),
        (("list", "--limit", "ten"), "'ten' is not a valid integer"),
        (("list", "--limit", "-1"), "limit and offset are 0 or more"),
        (("list", "--offset", "9" * 20), "limit and offset are 0 or more"),
        (("events",), "missing option '--since'"),
        (("show", "\udc80"), "not readable as text"),
        (("record", "I2", "--by", "\udc80"), "not readable as text"),
        (("record", "I2", "--by", "n" * 101), "at most 100"),
        (("record", "I2", "--amount", "999999999999999.99"), "too large"),
    ],
)
def test_a_mistake_is_told_in_a_line(payments: Any, words: tuple[str, ...], told: str) -> None:
    refused(payments(*words), told)


def test_a_bank_lines_payment_says_what_to_do_instead(payments: Any) -> None:
    (paid,) = payments("list", "--json").json
    refused(payments("delete", paid["payment_id"]), "bank line", "decision")


def test_a_missing_ledger_is_told_and_not_made(payments: Any, tmp_path: Path) -> None:
    refused(payments("list", ledger=tmp_path / "none.duckdb"), "none.duckdb", "reconcile run")
    assert not (tmp_path / "none.duckdb").exists()


def test_a_ledger_held_by_another_process_is_told(office: Office) -> None:
    holder = duckdb.connect(str(office.ledger))
    try:
        command = [sys.executable, "-m", "reconcile", "payments", "list", "--ledger", str(office.ledger)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        refused(Told(done.returncode, done.stdout, done.stderr), "holds the ledger")
    finally:
        holder.close()


def test_a_refused_payment_leaves_the_ledger_as_it_was(office: Office, payments: Any) -> None:
    runs = office.count("runs")
    payments("record", "I2", "--method", "barter")
    payments("list")
    assert office.count("runs") == runs
    assert office.count("payment_events") == 0


def test_a_night_after_a_payment_by_hand_pays_only_what_is_still_owed(office: Office, payments: Any) -> None:
    payments("record", "I2", "--amount", "200.00", "--method", "check")
    office.receives("later.ofx", SECOND)  # 325.50 for I2 and I3, of which 125.50 is still owed
    office.night()
    told = payments("history", "I2", "--json").json
    assert told["settled_otherwise"] == "0.00"
    assert not [row for row in office.told("allocations.csv") if row["state"] == "posted" and row["invoice_id"] != "I1"]


def test_nights_after_payments_by_hand_repeat_nothing(office: Office, payments: Any) -> None:
    payments("record", "I3", "--amount", "100.00", "--id", "over")
    payments("apply-credit", "I2")
    office.receives("later.ofx", AGAIN)
    office.night()
    before = {name: (office.out / name).read_bytes() for name in ("lines.csv", "allocations.csv", "candidates.csv")}
    told = payments("list", "--json").json
    counts = {
        table: office.count(table)
        for table in ("decisions", "allocations", "journal", "payment_events", "payment_credits", "payment_journal")
    }
    office.night()
    assert before == {name: (office.out / name).read_bytes() for name in before}
    assert counts == {table: office.count(table) for table in counts}
    assert told == payments("list", "--json").json


def test_the_report_says_that_a_bank_line_seems_to_be_a_payment_by_hand(office: Office, payments: Any) -> None:
    payments("record", "I2", "--amount", "250.00", "--method", "check", "--date", "2026-10-01", "--id", "cheque")
    office.receives("later.ofx", ("20261006", "250.00", "BRAMBLE FOODS AG", "INV-1002"))
    told = office.night().report.discrepancies.filter(kind="payment")["sentence"].to_list()
    assert sorted(office.outcomes()) == ["applied", "duplicate"]
    assert len(told) == 1
    assert "Payment cheque of 250.00 EUR (check, 2026-10-01)" in told[0]
