"""Small cases on which any careful accountant agrees: a few customers, invoices and lines, and what becomes of them.

The cases stand in `cases/*.toml`, grouped by theme; each title is a sentence about one law. What a case leaves out has
a plain value:

    customers     id, name; optional iban, account, parent_id, aliases. Left out: the four of `CUSTOMERS`.
    invoices      id, number, amount; optional customer (C1), open (what is still due), currency (EUR), issue, due,
                  kind, status, creditor_reference, purchase_order, discount_date, discount_percent, night (the
                  night whose export first lists it).
    remittances   id, number, amount; optional customer, reference, date, paid.
    lines         amount, text, name, outcome (one, or several that are acceptable); optional date, account,
                  reference, currency, bank_reference, file (name), night, repeats (the line brings nothing new).
                  pays: posted amounts by invoice, none unless said; "any" where twins leave it open. may_pay: these or
                  none. proposes: the invoices proposed to a person. kind: the `difference_kind`.
    owes          what invoices still owe in the end.
    config        settings that stand over the defaults.
    falls_short   why this does not come out so yet. Such a case must fail: once it comes out, the word is struck out.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from reconcile.config import load
from reconcile.deciding import decide
from reconcile.ledger import Ledger, broken_laws, open_ledger, store_receivables, store_statements
from reconcile.report.told import lines_told
from reconcile.steps import Clock, plain
from tests.builders import (
    a_customer,
    a_line,
    a_remittance,
    a_statement_file,
    an_invoice,
    begin_run,
    receivables,
)

CASES: Final = Path(__file__).parent / "cases"
CUSTOMERS: Final = (
    {"id": "C1", "name": "Larkspur Optics GmbH"},
    {"id": "C2", "name": "Bramble Foods AG"},
    {"id": "C3", "name": "Whitcombe Joinery Ltd"},
    {"id": "C4", "name": "Åkerlund Möbler AB"},
)
NAMES: Final = {
    "id": "invoice_id",
    "number": "invoice_number",
    "customer": "customer_id",
    "issue": "issue_date",
    "due": "due_date",
}


def cases() -> list[Any]:
    """Read every case, named by its file and title."""
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            short = case.get("falls_short")
            marks = [pytest.mark.xfail(strict=True, reason=short)] if short else []
            found.append(pytest.param(case, id=f"{path.stem}: {case['title']}", marks=marks))
    return found


def invoice(row: dict[str, Any]) -> pl.DataFrame:
    values = {NAMES.get(key, key): value for key, value in row.items() if key not in {"amount", "open", "night"}}
    return an_invoice(**values, total=row["amount"], amount_due=row.get("open", row["amount"]))


def customer(row: dict[str, Any]) -> pl.DataFrame:
    return a_customer(**{"customer_id" if key == "id" else key: value for key, value in row.items()})


def remittance(row: dict[str, Any]) -> pl.DataFrame:
    return a_remittance(
        row["id"],
        invoice_number=row["number"],
        amount=row["amount"],
        customer_id=row.get("customer", "C1"),
        payment_reference=row.get("reference", ""),
        payment_date=row.get("date"),
        payment_amount=row.get("paid"),
    )


def line(row: dict[str, Any]) -> pl.DataFrame:
    return a_line(
        row["amount"],
        row.get("text", ""),
        booked_date=row.get("date", "2026-10-05"),
        currency=row.get("currency", "EUR"),
        bank_reference=row.get("bank_reference", ""),
        counterparty_name=row.get("name", ""),
        counterparty_account=row.get("account", ""),
        payment_reference=row.get("reference", ""),
    )


def run(case: dict[str, Any], ledger: Ledger) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run the case's nights and return its lines and their allocations, as the match report tells them."""
    config = load(None, {section: decimals(given) for section, given in case.get("config", {}).items()})
    nights: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in case["lines"]:
        nights[row.get("night", 1)][row.get("file", "bank.ofx")].append(row)
    for night, files in sorted(nights.items()):
        begin_run(ledger)
        owed = receivables(
            [invoice(row) for row in case.get("invoices", ()) if row.get("night", 1) <= night],
            [customer(row) for row in case.get("customers", CUSTOMERS)],
            [remittance(row) for row in case.get("remittances", ())],
        )
        store_receivables(ledger, owed)
        store_statements(
            ledger,
            [
                a_statement_file(
                    name,
                    [line(row) for row in rows],
                    layout=Path(name).suffix.removeprefix("."),
                    data=f"{night}{name}{rows}",
                )
                for name, rows in files.items()
            ],
        )
        decide(ledger, config, Clock(plain))
        broken_laws(ledger)
    lines, allocations = [], []
    for number in range(1, len(nights) + 1):
        told = lines_told(ledger, number)
        lines += [
            row for row in told.lines.rows(named=True) if row["line_id"] not in {known["line_id"] for known in lines}
        ]
        allocations += told.allocations.rows(named=True)
    return lines, list({(row["line_id"], row["invoice_id"], row["amount"]): row for row in allocations}.values())


def in_order(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines that a case expects, in the order of the report: by night, file and place."""
    expected = [row for row in case["lines"] if not row.get("repeats")]
    return sorted(expected, key=lambda row: (row.get("night", 1), row.get("file", "bank.ofx")))


def amounts(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["invoice_id"]] += row["amount"]
    return dict(totals)


def decimals(told: dict[str, Any]) -> dict[str, Any]:
    return {key: Decimal(value) if isinstance(value, str) else value for key, value in told.items()}


@pytest.mark.parametrize("case", cases())
def test_a_case_comes_out_as_an_accountant_would_say(case: dict[str, Any], tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.duckdb", is_dry_run=True) as ledger:
        lines, allocations = run(case, ledger)
        owed = {row["invoice_id"]: row["open_amount"] for row in ledger.items().rows(named=True)}

    expected = in_order(case)
    told = [(row["amount"], row["outcome"], row["explanation"]) for row in lines]
    assert [Decimal(row["amount"]) for row in expected] == [row["amount"] for row in lines], told
    for wanted, found in zip(expected, lines, strict=True):
        own = [row for row in allocations if row["line_id"] == found["line_id"]]
        posted = amounts([row for row in own if row["state"] == "posted"])
        acceptable = wanted["outcome"] if isinstance(wanted["outcome"], list) else [wanted["outcome"]]
        told_here = (found["outcome"], found["explanation"], own and amounts(own))
        assert found["outcome"] in acceptable, told_here
        if "may_pay" in wanted:
            assert posted in ({}, decimals(wanted["may_pay"])), told_here
        elif wanted.get("pays") != "any":
            assert posted == decimals(wanted.get("pays", {})), told_here
        if "proposes" in wanted and found["outcome"] == "review":
            proposed = {row["invoice_id"] for row in own if row["state"] == "proposed"}
            assert proposed == set(wanted["proposes"]), told_here
        if "kind" in wanted:
            assert found["difference_kind"] == wanted["kind"], told_here
    assert {key: owed[key] for key in case.get("owes", {})} == decimals(case.get("owes", {}))


def test_every_title_is_a_sentence_of_its_own() -> None:
    titles = [case.values[0]["title"] for case in cases()]

    assert len(titles) == len(set(titles))
    assert all(title[0].isupper() or title[0].isdigit() for title in titles)
    assert not any(title.endswith(".") for title in titles)
