"""The README tells the truth: its commands, its files, its options and its words are the project's own."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from reconcile.cli_payments import payments
from reconcile.ledger.payment_reads import INVOICE_STATUSES, STATUSES
from reconcile.model import Outcome
from reconcile.post.connectors import CONNECTORS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", ["Run", "Test"])
def test_under_the_heading_stands_exactly_one_fenced_command(heading):
    section = re.split(r"^## ", README.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]

    assert section.count("```") == 2
    assert "python3 -m venv .venv" in section


def test_every_path_that_the_readme_names_is_there_or_made_by_a_run():
    made = {"data/ledger.duckdb", "data/report", "data/samples-report/report.html", "data/prefect"}
    named = set(re.findall(r"`((?:reconcile|flows|config|data|tests)/[\w./*-]+)`", README)) - made

    for path in named:
        assert list(ROOT.glob(path)), path


def test_every_option_of_the_readme_is_an_option_of_the_command_and_the_other_way_round():
    told = subprocess.run(
        [sys.executable, "-m", "reconcile", "run", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"--[a-z][a-z-]*", told)) - {"--help"}
    table = README.split("| option | what it is |", 1)[1].split("\n\n", 1)[0]

    assert set(re.findall(r"--[a-z][a-z-]*", table)) - {"--statements"} == options - {"--statements"}


def test_every_outcome_is_explained():
    for outcome in Outcome:
        assert f"`{outcome.value}`" in README


def test_the_table_of_invoicing_systems_says_what_their_connectors_can_do():
    table = README.split("| system | our key stands in |", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]

    assert {row[0].strip("`") for row in rows} == set(CONNECTORS)
    for name, key, takes_back, balance, lists, notes, update, retry, seen, twice in rows:
        system = name.strip("`")
        kind = getattr(import_module(f"reconcile.post.connectors.{system}"), CONNECTORS[system])
        able = kind.capabilities
        has = {call for call in dir(kind) if not call.startswith("_")}

        assert key == (f"`{able.key_field}`" if able.key_field else "nothing that is shown")
        assert takes_back == ("refund" if "refund_payment" in has else "deletion")
        assert ("refund_payment" in has) != ("delete_payment" in has)
        assert balance == ("yes" if able.has_balance else "no")
        assert lists == ("yes" if "open_items" in has else "no")
        assert notes == ("any" if able.notes_length_max is None else str(able.notes_length_max))
        assert update == ("yes" if has & {"update_payment", "change_payment"} else "no")
        assert retry == ("yes" if "retry_payment" in has else "no")
        assert seen == ("yes" if able.shows_refunds else "no")
        assert twice == ("one payment" if able.is_idempotent else "two payments")


CALLS = {
    "reminders": ("calls", "remind"),
    "receipts": ("calls", "send_receipt"),
    "credit": ("calls", "credit_customer"),
    "matching": ("calls", "match_transaction"),
    "analytics": ("calls", "performance_of"),
    "webhooks": ("webhooks", "received"),
}


def test_the_table_of_words_and_calls_says_what_the_connectors_have():
    table = README.split("| system | its words for how money came |", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    folder = ROOT / "reconcile" / "post" / "connectors"

    assert {row[0].strip("`") for row in rows} == set(CONNECTORS)
    for name, words, calls in rows:
        system = name.strip("`")
        own = {
            path.stem: import_module(f"reconcile.post.connectors.{path.stem}") for path in folder.glob(f"{system}*.py")
        }
        words_of = [getattr(module, "EXTERNAL_METHODS", None) for module in own.values()]
        words_of = [found for found in words_of if found] or [getattr(own[system], "METHODS", None)]
        has = {call for call, (part, function) in CALLS.items() if hasattr(own.get(f"{system}_{part}"), function)}

        assert set(re.findall(r"`(\w+)`", words)) == (set(words_of[0].words.values()) if words_of[0] else set())
        assert set(calls.split(", ")) - {"none"} == has


def test_every_command_and_status_of_payments_by_hand_is_explained():
    section = README.split("\n## Payments by hand\n", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"payments ([a-z-]+)", section))

    assert named <= set(payments.commands)
    for word in (*payments.commands, *STATUSES, *INVOICE_STATUSES):
        assert f"`{word}`" in section
