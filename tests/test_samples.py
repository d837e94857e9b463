"""The samples are what a newcomer sees first: every line of them comes out as an accountant would have it."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from reconcile.config import SAMPLES, load
from reconcile.model import Outcome
from reconcile.night import run_night

pytestmark = pytest.mark.xdist_group("samples")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    output = {"ledger": folder / "ledger.duckdb", "out": folder / "report"}
    assert run_night(load(None, {"output": output}).with_samples()).exit_code == 0
    return output["out"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def place(row: dict[str, str]) -> tuple[str, str]:
    return row["source_file"], row["source_row"]


def test_every_line_of_the_samples_has_the_expected_outcome(report):
    found = {place(row): row["outcome"] for row in rows(report / "lines.csv")}
    expected = {place(row): row["outcome"] for row in rows(SAMPLES / "expected.csv")}

    assert found == expected


def test_every_line_of_the_samples_is_posted_to_the_expected_invoices(report):
    posted: dict[tuple[str, str], set[str]] = {}
    for row in rows(report / "allocations.csv"):
        if row["state"] == "posted":
            posted.setdefault(place(row), set()).add(row["invoice_id"])
    expected = {
        place(row): set(row["invoice_ids"].split("|")) for row in rows(SAMPLES / "expected.csv") if row["invoice_ids"]
    }

    assert posted == expected


def test_every_outcome_of_the_contract_occurs_in_the_samples(report):
    assert {row["outcome"] for row in rows(report / "lines.csv")} == {outcome.value for outcome in Outcome}


def test_the_samples_money_in_is_explained_to_the_cent(report):
    summary = json.loads((report / "summary.json").read_text(encoding="utf-8"))

    for money in summary["money"].values():
        parts = ("applied", "on_account", "in_review", "unmatched")
        assert Decimal(money["money_in"]) == sum(Decimal(money[part]) for part in parts)
