"""Every line that the samples leave to a person is decided, by file and by command; the next night posts just that.

An undo of all of it restores the ledger's balances to the cent.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reconcile.cli import cli
from reconcile.config import load
from reconcile.ledger import open_ledger
from reconcile.night import run_night
from reconcile.review import Decided, carry_out, queue, read_decisions
from tests.review.cases import balances

pytestmark = pytest.mark.xdist_group("samples decided")


class Folder:
    """A ledger and a report folder, and nights over the samples."""

    def __init__(self, folder: Path) -> None:
        self.ledger, self.out = folder / "ledger.duckdb", folder / "out"
        self.config = load(None, {"output": {"ledger": self.ledger, "out": self.out}}).with_samples()

    def night(self) -> dict[str, list[dict[str, str]]]:
        """Run a night and return its report's tables."""
        run_night(self.config)
        tables = {}
        for name in ("lines", "allocations"):
            with (self.out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                tables[name] = list(csv.DictReader(file))
        return tables

    def look(self, read: Any) -> Any:
        with open_ledger(self.ledger) as ledger:
            return read(ledger)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory) -> tuple[Path, dict[str, list[dict[str, str]]]]:
    folder = tmp_path_factory.mktemp("samples")
    return folder, Folder(folder).night()


@pytest.fixture
def folder(first_night, tmp_path) -> Folder:
    shutil.copy(first_night[0] / "ledger.duckdb", tmp_path / "ledger.duckdb")
    return Folder(tmp_path)


def a_file(folder: Folder, path: Path) -> list[dict[str, Any]]:
    """Write a file as the page saves it: what is proposed is accepted; every other of the rest kept as credit."""
    decisions = []
    for number, line in enumerate(folder.look(queue)):
        invoices = [{"invoice_id": p["invoice_id"], "amount": str(p["amount"])} for p in line["proposal"]]
        action = "accept" if invoices else ("on_account", "not_receivable")[number % 2]
        decisions.append(
            {
                "line_id": line["line_id"],
                "action": action,
                "invoices": invoices,
                "customer_id": "C-1001" if action == "on_account" else "",
                "reason": "looked up",
                "decided_at": "2026-11-26T08:01:02Z",
            }
        )
    told = {"format": "reconcile-decisions/1", "run_number": 1, "who": "anna", "decisions": decisions}
    path.write_text(json.dumps(told), encoding="utf-8")
    return decisions


def changed(before: list[dict[str, str]], after: list[dict[str, str]]) -> set[str]:
    """Return the lines of which a report's table says something else than before."""
    rows = {tuple(row.items()) for row in before} ^ {tuple(row.items()) for row in after}
    return {dict(row)["line_id"] for row in rows}


def test_every_line_is_decided_by_file_posted_as_said_and_undone_to_the_cent(first_night, folder, tmp_path):
    _, first = first_night
    before = folder.look(balances)
    decisions = a_file(folder, tmp_path / "decisions.json")
    applied = carry_out(
        folder.ledger, folder.config, "anna", lambda desk: desk.apply(read_decisions(tmp_path / "decisions.json"))
    )
    after = folder.look(balances)

    assert len(decisions) >= 20
    assert applied.refused == ()
    assert [done.status for done in applied.done] == ["done"] * len(decisions)
    assert folder.look(queue) == []
    again = carry_out(
        folder.ledger, folder.config, "anna", lambda desk: desk.apply(read_decisions(tmp_path / "decisions.json"))
    )
    assert [done.status for done in again.done] == ["known"] * len(decisions)

    second = folder.night()
    of_people = {decision["line_id"] for decision in decisions}
    said = {(d["line_id"], i["invoice_id"]) for d in decisions for i in d["invoices"]}
    posted = {(row["line_id"], row["invoice_id"]) for row in second["allocations"] if row["rule"] == "person"}
    assert folder.look(balances) == after
    assert changed(first["lines"], second["lines"]) == of_people
    assert changed(first["allocations"], second["allocations"]) == {line for line, _ in said}
    assert posted == said
    assert {row["state"] for row in second["allocations"]} == {"posted"}

    def undo_all(desk: Any) -> Any:
        for line_id in sorted(of_people):
            undone = desk.undo(line_id)
            assert not undone.refused
        return undone

    carry_out(folder.ledger, folder.config, "bob", undo_all)
    assert folder.look(balances) == before


def test_every_line_with_a_proposal_is_decided_and_undone_by_command(folder):
    def review(*words: str) -> str:
        told = CliRunner().invoke(cli, ["review", *words, "--ledger", str(folder.ledger)], catch_exceptions=False)
        assert told.exit_code == 0, told.output
        return told.output

    before = folder.look(balances)
    waiting = [line for line in json.loads(review("list", "--json")) if line["proposal"]]
    for line in waiting:
        assert "the line is now" in review("accept", line["line_id"][:10], "--by", "anna", "--reason", "phoned")
    assert {line["line_id"] for line in json.loads(review("list", "--json"))}.isdisjoint(
        line["line_id"] for line in waiting
    )
    assert folder.look(balances) != before
    for line in waiting:
        assert "the line is now review" in review("undo", line["line_id"], "--by", "bob")

    assert len(waiting) == 8
    assert folder.look(balances) == before


def test_the_next_night_does_not_decide_again_what_a_person_took_back_from_it(folder):
    kinds = {
        str(outcome): str(line_id)
        for outcome, line_id in folder.look(
            lambda ledger: ledger.rows(
                "select outcome, min(line_id) from current_decisions where line_id not in (select returns_line_id from "
                "current_decisions) and outcome not in ('review', 'unmatched', 'ignored', 'returned') and (outcome = "
                "'refund' or customer_id not in (select customer_id from current_decisions where outcome = 'refund')) "
                "group by 1"
            )
        )
    }
    pairs = folder.look(
        lambda ledger: ledger.rows(
            "select allocations.line_id, invoice_id from allocations inner join current_decisions using (decision_id) "
            "where state = 'posted' and list_contains(?, allocations.line_id)",
            list(kinds.values()),
        )
    )

    def undo_all(desk: Any) -> Any:
        for line_id in kinds.values():
            undone = desk.undo(line_id, "wrong")
            assert not undone.refused, undone.refused
        return undone

    carry_out(folder.ledger, folder.config, "bob", undo_all)
    night = folder.night()

    outcomes = {row["line_id"]: row["outcome"] for row in night["lines"]}
    told = {(row["line_id"], row["invoice_id"]) for row in night["allocations"]}
    assert {"applied", "short_paid", "overpaid", "on_account", "duplicate", "refund"} == set(kinds)
    assert {outcomes[line_id] for line_id in kinds.values()} <= {"review", "unmatched"}
    assert told.isdisjoint(pairs)


def test_a_rejected_pair_is_not_proposed_again_for_its_line(folder):
    waiting = [line for line in folder.look(queue) if line["proposal"]]
    pairs = {(line["line_id"], each["invoice_id"]) for line in waiting for each in line["proposal"]}

    def reject_all(desk: Any) -> Any:
        for line in waiting:
            done = desk.decide(Decided(line["line_id"], "reject"))
        return done

    carry_out(folder.ledger, folder.config, "anna", reject_all)
    night = folder.night()

    assert {(row["line_id"], row["invoice_id"]) for row in night["allocations"]}.isdisjoint(pairs)
    assert {row["outcome"] for row in night["lines"] if row["line_id"] in {line for line, _ in pairs}} <= {
        "review",
        "unmatched",
    }
