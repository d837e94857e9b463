"""Decisions come back from the workbook: exactly those that a person wrote, whoever saved it; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from reconcile.decision_sheet import ACTIONS
from reconcile.errors import ReviewError
from reconcile.night import run_night_with
from reconcile.report.match_report import MatchReport
from reconcile.report.workbook import write_workbook
from reconcile.review.cells import Cell
from reconcile.review.decided import Decided, DecisionsFile, InvoiceCash
from reconcile.review.typed import invoices_typed
from reconcile.review.workbook import decisions_of_workbook
from tests.report.builders import line, report

Row = dict[str, object]
CellOfTest = Any
WAIT = {"review", "unmatched"}
SAMPLES = Path(__file__).parents[2] / "data" / "samples"

ALTERNATIVES = [
    {"line_id": "L1", "rank": 1, "invoice_ids": "I1", "invoice_numbers": "INV-1"},
    {"line_id": "L1", "rank": 2, "invoice_ids": "I2|I3", "invoice_numbers": "INV-2, INV-3"},
]
"""Of L1, 300.00; L2 (200.00) is unmatched and L3 (100.00) in review without an alternative: rows 2 and 3, 4, 5."""


def filled(
    folder: Path, rows: dict[int, Row], change: Callable[[Workbook], None] | None = None, name: str = "filled.xlsx"
) -> Path:
    """Write a report, fill in rows of its review sheet by their headings, and save it."""
    told = report([line("review", "300"), line("unmatched", "200"), line("review", "100")], (), ALTERNATIVES)
    write_workbook(told, folder / "report.xlsx")
    workbook = load_workbook(folder / "report.xlsx")
    sheet = workbook["Review"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in rows.items():
        for heading, value in cells.items():
            sheet.cell(row, places[heading]).value = value
    if change is not None:
        change(workbook)
    workbook.save(folder / name)
    return folder / name


def read(folder: Path, rows: dict[int, Row], change: Callable[[Workbook], None] | None = None) -> DecisionsFile:
    return decisions_of_workbook(filled(folder, rows, change))


def sample_night(folder: Path) -> MatchReport:
    """Run a night over the samples."""
    return run_night_with(
        statements=[SAMPLES / "statements"],
        invoices=SAMPLES / "invoices.csv",
        customers=SAMPLES / "customers.csv",
        remittances=SAMPLES / "remittances.csv",
        ledger=folder / "ledger.duckdb",
        out=folder / "out",
        as_of=dt.date(2026, 10, 31),
    ).report


def only(told: DecisionsFile) -> Decided:
    assert not told.refused
    [decided] = told.decisions
    return decided


def refusal(told: DecisionsFile) -> tuple[str, str]:
    assert not told.decisions
    [refused] = told.refused
    return refused.place, refused.reason


def test_every_way_to_decide_comes_back_from_a_night_on_the_samples(tmp_path: Path) -> None:
    told = sample_night(tmp_path)
    waiting = {line_id for line_id, outcome in told.lines.select("line_id", "outcome").iter_rows() if outcome in WAIT}
    workbook = load_workbook(tmp_path / "out" / "report.xlsx")
    headings, *rows = workbook["Review"].iter_rows()
    places = {cell.value: place for place, cell in enumerate(headings)}
    expected: dict[str, Decided] = {}
    for number, row in enumerate(reversed(rows)):  # the last row of a line is its last alternative

        def at(heading: str, row: tuple[CellOfTest, ...] = row) -> CellOfTest:
            return row[places[heading]]

        if (line_id := at("line_id").value) in expected:
            continue
        word = list(ACTIONS)[number % len(ACTIONS)]
        at("Decision").value, at("Reason").value, at("Decided by").value = word, f"seen {number}", "anna"
        invoices: tuple[InvoiceCash, ...] = ()
        rank = 0
        if word == "assign":
            at("Invoices").value, at("For customer").value = "INV-1; INV-2=50,00", "C-1"
            invoices = (InvoiceCash("INV-1"), InvoiceCash("INV-2", Decimal("50.00")))
        elif at("rank").value > 1 and word in {"accept", "reject", "write off"}:
            rank = at("rank").value
            invoices = tuple(map(InvoiceCash, at("invoice_ids").value.split("|")))
        customer_id = "C-1" if word == "assign" else ""
        place = f"Review!{at('Decision').coordinate}"
        expected[line_id] = Decided(
            line_id, ACTIONS[word], invoices, customer_id, f"seen {number}", rank=rank, place=place
        )
    workbook.save(tmp_path / "filled.xlsx")
    read_back = decisions_of_workbook(tmp_path / "filled.xlsx")
    assert set(expected) == waiting
    assert any(each.rank for each in expected.values())
    assert read_back.refused == ()
    assert {each.line_id: each for each in read_back.decisions} == expected
    assert (read_back.run_number, read_back.who) == (told.run.run_number, "anna")


def test_a_workbook_that_nobody_filled_in_decides_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == DecisionsFile("filled.xlsx", 7, "", ())


def test_the_workbook_says_of_which_run_it_is_and_who_decided(tmp_path: Path) -> None:
    told = read(tmp_path, {2: {"Decision": "accept", "Decided by": " Anna "}, 4: {"Decision": "reject"}})
    assert (told.name, told.run_number, told.who) == ("filled.xlsx", 7, "Anna")


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("accept", "accept"),
        ("reject", "reject"),
        ("on account", "on_account"),
        ("write off", "write_off"),
        ("not receivable", "not_receivable"),
        (" Not  Receivable ", "not_receivable"),
        ("WRITE-OFF", "write_off"),
        ("on_account", "on_account"),
    ],
)
def test_a_decision_in_plain_words_is_its_action(tmp_path: Path, word: str, action: str) -> None:
    assert only(read(tmp_path, {2: {"Decision": word}})) == Decided("L1", action, place="Review!N2")


def test_a_decision_on_an_alternatives_row_is_about_that_alternative(tmp_path: Path) -> None:
    ids = (InvoiceCash("I2"), InvoiceCash("I3"))
    for word in ("accept", "reject", "write off"):
        decided = only(read(tmp_path, {3: {"Decision": word}}))
        assert (decided.line_id, decided.rank, decided.invoices) == ("L1", 2, ids)


def test_invoices_that_are_named_stand_over_the_rows_own(tmp_path: Path) -> None:
    told = {"Decision": "assign", "Invoices": "INV-1001; INV-1002=50.00 ;", "For customer": "C-9", "Reason": "phoned"}
    assert only(read(tmp_path, {3: told})) == Decided(
        "L1",
        "assign",
        (InvoiceCash("INV-1001"), InvoiceCash("INV-1002", Decimal("50.00"))),
        "C-9",
        "phoned",
        place="Review!N3",
    )


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("50,00", "50.00"),
        ("50", "50"),
        ("-12.5", "-12.5"),
        ("\u221212,5", "-12.5"),
        ("1.204,50", "1204.50"),
        ("1,204.50", "1204.50"),
        ("1 204,50", "1204.50"),
        ("1'204.50", "1204.50"),
    ],
)
def test_an_amount_in_any_land_s_notation_that_means_one_thing_is_read(typed: str, amount: str) -> None:
    assert invoices_typed(Cell("Review!O2", f"INV-1={typed}")) == (InvoiceCash("INV-1", Decimal(amount)),)


@pytest.mark.parametrize(
    "typed",
    [
        "INV-1=1,204",
        "INV-1=1,204,000",
        "INV-1=twelve",
        "INV-1=1e3",
        "INV-1=",
        "=5",
        "INV-1, INV-2",
        "INV-1; INV-1=5",
        "INV-1=NaN",
        "INV-1=12.00.00",
        dt.datetime(2026, 1, 2),  # noqa: DTZ001 - as a workbook holds it
        12.5,
        True,
    ],
)
def test_invoices_that_cannot_be_read_or_mean_two_things_are_refused(typed: object) -> None:
    with pytest.raises(ReviewError):
        invoices_typed(Cell("Review!O2", typed))


def test_a_number_typed_for_an_invoice_or_a_customer_is_its_digits(tmp_path: Path) -> None:
    decided = only(read(tmp_path, {2: {"Decision": "assign", "Invoices": 20260114, "For customer": 1017.0}}))
    assert (decided.invoices, decided.customer_id) == ((InvoiceCash("20260114"),), "1017")


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        (
            {"Decision": "acept"},
            "Review!N2",
            "'acept' is no decision; choose one of: accept, reject, assign, on account",
        ),
        ({"Invoices": "INV-1"}, "Review!N2", "a decision is missing"),
        ({"Decision": "assign"}, "Review!O2", "invoices are missing"),
        ({"Decision": "on account", "Invoices": "INV-1"}, "Review!O2", "pays no invoice"),
        ({"Decision": "accept", "Invoices": "INV-1=x"}, "Review!O2", "'INV-1=x' cannot be read: 'x' is no amount"),
        ({"Decision": "accept", "Reason": "=A1"}, "Review!Q2", "'=A1' is a formula whose value the file does not hold"),
        ({"Decision": "accept", "Reason": "x" * 501}, "Review!Q2", "has 501 characters; at most 500"),
        ({"Decision": "accept", "For customer": dt.date(2026, 1, 2)}, "Review!P2", "is a date to the workbook"),
        ({"Decision": "accept", "line_id": None}, "Review!N2", "stands in a row of no line"),
        ({"Decision": "accept", "rank": "best"}, "Review!N2", "stands in a row of no line"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_and_no_other(
    tmp_path: Path, row: Row, place: str, reason: str
) -> None:
    told = read(tmp_path, {2: row, 5: {"Decision": "reject"}})
    [refused] = told.refused
    assert refused.place == place
    assert reason in refused.reason
    assert [decided.line_id for decided in told.decisions] == ["L3"]


def test_a_reason_or_a_name_alone_is_a_note_and_no_decision(tmp_path: Path) -> None:
    assert not read(tmp_path, {2: {"Reason": "asked them"}, 4: {"Decided by": "Anna"}}).refused


def test_two_decisions_about_one_line_are_both_refused(tmp_path: Path) -> None:
    told = read(tmp_path, {2: {"Decision": "accept"}, 3: {"Decision": "accept"}, 4: {"Decision": "reject"}})
    assert [decided.line_id for decided in told.decisions] == ["L2"]
    assert [(refused.place, refused.reason) for refused in told.refused] == [
        ("Review!N2", "this line is decided in Review!N3 too; keep one decision for each line"),
        ("Review!N3", "this line is decided in Review!N2 too; keep one decision for each line"),
    ]


def test_a_decision_beside_one_that_cannot_be_read_is_refused_with_it(tmp_path: Path) -> None:
    told = read(tmp_path, {2: {"Decision": "accept"}, 3: {"Decision": "acept"}})
    assert not told.decisions
    assert {refused.place for refused in told.refused} == {"Review!N2", "Review!N3"}


def test_a_file_is_of_one_person_and_a_row_that_names_another_is_refused(tmp_path: Path) -> None:
    rows: dict[int, Row] = {
        2: {"Decision": "accept", "Decided by": "Anna"},
        4: {"Decision": "reject", "Decided by": "Ben"},
        5: {"Decision": "reject", "Decided by": "anna "},
    }
    told = read(tmp_path, rows)
    assert (told.who, [decided.line_id for decided in told.decisions]) == ("Anna", ["L1", "L3"])
    assert [refused.place for refused in told.refused] == ["Review!N4"]


def test_rows_may_be_sorted_and_columns_moved_and_sheets_added(tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        sheet = workbook["Review"]
        sheet.insert_cols(1, 2)
        sheet.insert_rows(1, 3)
        sheet.move_range("A6:AD6", rows=40)
        sheet["A1"] = "my notes"
        workbook.create_sheet("Mine", 0)["A1"] = "Decision"
        workbook.move_sheet("Review", -1)

    decided = only(read(tmp_path, {3: {"Decision": "accept"}}, change))
    assert (decided.line_id, decided.rank, decided.place) == ("L1", 2, "Review!P46")


def without_run(workbook: Workbook) -> None:
    del workbook["About"]


def without_review(workbook: Workbook) -> None:
    del workbook["Review"]


def without_column(workbook: Workbook) -> None:
    workbook["Review"].delete_cols(20, 10)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without_run, "is no workbook of a report: its hidden sheet 'About'"),
        (without_review, "its sheet 'Review' has no column 'Decision'"),
        (without_column, "its sheet 'Review' has no column 'line_id'"),
    ],
)
def test_a_workbook_that_is_not_ours_is_refused_whole(
    tmp_path: Path, change: Callable[[Workbook], None], why: str
) -> None:
    with pytest.raises(ReviewError, match=why):
        read(tmp_path, {}, change)


def packed(folder: Path, parts: dict[str, bytes]) -> Path:
    """Return a report's workbook with some parts exchanged."""
    filled(folder, {})
    with (
        zipfile.ZipFile(folder / "report.xlsx") as old,
        zipfile.ZipFile(folder / "made.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return folder / "made.xlsx"


def test_what_is_no_workbook_is_one_clear_error(tmp_path: Path) -> None:
    for content, why in (
        (b"line_id;Decision\n", "it is no .xlsx file"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "it has a password or is an old .xls"),
        (b"PK\x03\x04" + bytes(600), "it is damaged"),
    ):
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(ReviewError, match=why):
            decisions_of_workbook(tmp_path / "x.xlsx")
    with pytest.raises(ReviewError, match="cannot be read: No such file"):
        decisions_of_workbook(tmp_path / "missing.xlsx")


def test_xml_that_unpacks_itself_is_one_clear_error(tmp_path: Path) -> None:
    grow = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{grow}]><worksheet><x>&a11;</x></worksheet>'.encode()
    for part in ("xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        with pytest.raises(ReviewError, match="damaged or was made to do harm"):
            decisions_of_workbook(packed(tmp_path, {part: bomb}))


def test_a_file_of_another_system_is_not_read_through_xml(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("accept")
    told = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><worksheet><x>&s;</x></worksheet>'.encode()
    with pytest.raises(ReviewError, match="damaged or was made to do harm"):
        decisions_of_workbook(packed(tmp_path, {"xl/worksheets/sheet2.xml": told}))


def test_a_zip_that_unpacks_to_a_gigabyte_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconcile.review.cells.UNPACKED_MEGABYTES_MAX", 1)
    with pytest.raises(ReviewError, match="it unpacks to more than 1 MB"):
        decisions_of_workbook(packed(tmp_path, {"xl/worksheets/sheet2.xml": bytes(2_000_000)}))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_libreoffice_reads_as_it_was_filled_in(tmp_path: Path) -> None:
    rows: dict[int, Row] = {
        3: {"Decision": "accept", "Decided by": "Anna"},
        4: {
            "Decision": "assign",
            "Invoices": "INV-9=50,00",
            "For customer": '=CONCATENATE("C-";"7")'.replace(";", ","),
        },
    }
    source = filled(tmp_path, rows, name="typed.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    told = decisions_of_workbook(tmp_path / "saved" / "typed.xlsx")
    assert (told.run_number, told.who, told.refused) == (7, "Anna", ())
    assert [(each.line_id, each.rank, each.invoices, each.customer_id) for each in told.decisions] == [
        ("L1", 2, (InvoiceCash("I2"), InvoiceCash("I3")), ""),
        ("L2", 0, (InvoiceCash("INV-9", Decimal("50.00")),), "C-7"),
    ]
