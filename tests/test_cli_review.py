"""The commands `reconcile review` from outside: what they print, exit codes, and one clear line for a mistake."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import reconcile.cli
from reconcile.ledger import open_ledger
from tests.builders import begin_run
from tests.review.cases import a_night
from tests.test_cli_payments import Told


class Desk:
    """A ledger as a night left it, and `reconcile review` on it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        self.ledger = folder / "ledger.duckdb"
        with (opened := open_ledger(self.ledger)) as ledger:
            begin_run(ledger)
            self.lines = a_night(ledger)
            opened.keep()

    def __call__(self, *words: str) -> Told:
        self.monkeypatch.setattr(sys, "argv", ["reconcile", "review", *words, "--ledger", str(self.ledger)])
        code = 0
        self.capsys.readouterr()
        try:
            reconcile.cli.main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        told = self.capsys.readouterr()
        return Told(code, told.out, told.err)

    def file(self, *decisions: dict[str, Any]) -> str:
        path = self.folder / "decisions.json"
        told = {"format": "reconcile-decisions/1", "run_number": 1, "who": "anna", "decisions": decisions}
        path.write_text(json.dumps(told), encoding="utf-8")
        return str(path)


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def test_what_waits_is_listed_with_its_proposal_and_its_alternatives(desk):
    listed = desk("list", "--json").json
    largest = listed[0]

    assert [line["amount"] for line in listed] == ["100.00", "60.00", "49.50", "-40.00", "25.00", "5.00"]
    assert [(each["invoice_id"], each["amount"]) for each in largest["proposal"]] == [("I1", "100.00")]
    assert [(each["rank"], each["invoice_ids"]) for each in largest["alternatives"]] == [
        (1, ["I1"]), (2, ["J1"]), (3, ["I2", "I3"]),
    ]  # fmt: skip
    assert [line["amount"] for line in desk("list", "--json", "--min", "50").json] == ["100.00", "60.00"]
    assert desk("list", "--json", "--customer", "C9").json == []
    assert "--rank 2 (50 %): J1 of C2" in desk("list").out


def test_a_line_goes_through_two_persons_and_back_and_its_history_tells_it(desk, tmp_path):
    (tmp_path / "four_eyes.toml").write_text('[review]\nsecond_person_amount_min = "100"\n', encoding="utf-8")
    config = ("--config", str(tmp_path / "four_eyes.toml"))
    line = desk.lines["one"]

    assert "waits for a second person" in desk("accept", line, "--by", "anna", "--reason", "phoned", *config).out
    assert "waits for a second person: accept by anna" in desk("list").out
    assert desk("confirm", line, "--by", "anna", *config).code == 3
    assert "the line is now applied" in desk("confirm", line, "--by", "bob", *config).out
    assert "the line is now review" in desk("undo", line, "--by", "carol", "--reason", "\x1b[31mno", *config).out

    told = desk("history", line).out
    assert [who for who in ("run 1", "anna", "bob", "carol") if who in told] == ["run 1", "anna", "bob", "carol"]
    assert "\x1b" not in told
    assert [event["action"] for event in desk("history", line, "--json").json] == [
        "", "accept (waits for a second person)", "accept", "undo",
    ]  # fmt: skip


def test_every_way_of_deciding_has_its_command(desk):
    lines = desk.lines
    for words, outcome in (
        (("accept", lines["one"], "--rank", "2"), "applied"),
        (("reject", lines["two"]), "review"),
        (("write-off", lines["short"], "--invoice", "INV-I2=49.50"), "short_paid"),
        (("assign", lines["over"], "--invoice", "I3=15", "--customer", "C2"), "overpaid"),
        (("on-account", lines["back"], "--customer", "C1"), "refund"),
        (("not-receivable", lines["nobody"]), "ignored"),
    ):
        told = desk(*words, "--by", "anna", "--json").json
        assert [done["outcome"] for done in told["done"]] == [outcome], words


def test_of_a_file_what_is_refused_is_named_and_the_rest_is_carried_out_once(desk):
    accept = {"line_id": desk.lines["one"], "action": "accept", "invoices": [], "reason": "", "decided_at": ""}
    file = desk.file(accept, accept | {"line_id": "x\x1b[2J"}, {"line_id": "y"})

    told = desk("apply", file)
    assert told.code == 3
    assert "1 carried out, 2 refused." in told.out
    assert [line.split(": ")[:2] for line in told.err.splitlines()] == [
        ["refused", "decision 3"], ["refused", "decision 2"],
    ]  # fmt: skip
    assert "\x1b" not in told.err
    again = desk("apply", desk.file(accept))
    assert (again.code, again.err) == (0, "")
    assert "1 written down before and unchanged." in again.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("apply", "{folder}/none.json"), "cannot be read: No such file"),
        (("apply", "{folder}/ledger.duckdb"), "is no file of decisions"),
        (("accept", "abc"), "at least 6 characters"),
        (("accept", "abcdefgh"), "the ledger knows no line"),
        (("assign", "{one}", "--invoice", "I1=1e3"), "is no amount"),
        (("assign", "{one}", "--invoice", "I1=1", "--invoice", "I1=2"), "an invoice stands twice"),
        (("accept", "{one}", "--by", "x" * 101), "say who decides"),
        (("accept", "{one}", "--reason", "x" * 501), "at most 500 are allowed"),
        (("history", "zzzzzz"), "the ledger knows no line"),
        (("list", "--min", "-1"), "is no amount above zero"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(desk, words, why):
    filled = [word.format(folder=desk.folder, one=desk.lines["one"]) for word in words]

    told = desk(*filled)

    assert (told.code, told.out) == (2, "")
    assert why in told.err
    assert len(told.err.splitlines()) == 1
    assert len(desk("list", "--json").json) == 6
