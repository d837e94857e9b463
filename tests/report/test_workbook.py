"""What the workbook promises: typed cells, exact amounts, and no text that becomes anything but text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from reconcile.report import sheet
from reconcile.report.desk import Desk
from reconcile.report.match_report import MatchReport
from reconcile.report.told import LinesTold
from reconcile.report.workbook import write_workbook
from tests.report.builders import DAY, line, report

SHEETS = ["Summary", "Review", "Exceptions", "Posted", "Open items", "Lines", "Rejected", "About"]
CHOICES = '"accept,reject,assign,on account,write off,not receivable"'
FORMULAS = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil")', "\t=1", "\r=1", "＝1", " =1", "{=1}"]


def written(told: MatchReport, folder: Path) -> Workbook:
    write_workbook(told, folder / "report.xlsx")
    return load_workbook(folder / "report.xlsx")


def rows(workbook: Workbook, name: str) -> list[dict[str, object]]:
    headings, *cells = workbook[name].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in cells if any(cell is not None for cell in row)]


def test_an_empty_night_has_all_its_sheets(tmp_path: Path) -> None:
    workbook = written(report(), tmp_path)
    assert workbook.sheetnames == SHEETS


def test_dates_amounts_and_counts_read_back_as_what_they_are(tmp_path: Path) -> None:
    told = report([line("applied", "1204.5", booked_date=DAY)], [{"amount": "1204.5"}], open_items=[{"total": "-0.01"}])
    workbook = written(told, tmp_path)
    [read] = rows(workbook, "Lines")
    assert read["Booked"] == dt.datetime.combine(DAY, dt.time())
    assert (read["Amount"], read["Transaction"]) == (1204.5, 1)
    assert rows(workbook, "Posted")[0]["Cash applied"] == 1204.5
    assert rows(workbook, "Open items")[0]["Total"] == -0.01


@pytest.mark.parametrize(
    ("amount", "currency", "number_format"),
    [
        ("90", "JPY", "#,##0"),
        ("90.5", "EUR", "#,##0.00"),
        ("90.125", "KWD", "#,##0.000"),
        ("1.125", "EUR", "#,##0.000"),
    ],
)
def test_an_amount_has_its_currencys_decimals(tmp_path: Path, amount: str, currency: str, number_format: str) -> None:
    workbook = written(report([line("applied", amount, currency=currency)]), tmp_path)
    assert workbook["Lines"]["B2"].number_format == number_format


def test_an_amount_too_long_for_a_binary_number_is_text_to_the_last_digit(tmp_path: Path) -> None:
    amounts = ["999999999999.999", "123456789012345.678"]
    workbook = written(report([line("applied", amount, currency="KWD") for amount in amounts]), tmp_path)
    assert workbook["Lines"]["B2"].value == 999999999999.999
    assert workbook["Lines"]["B3"].value == "123456789012345.678"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    hostile = {"counterparty_name": text, "remittance_text": text, "explanation": text, "source_file": text}
    told = report(
        [line("review", **hostile), line("unmatched", **hostile), line("applied", **hostile)],
        [{"line_id": "L3", "invoice_number": text, "customer_name": text, "explanation": text}],
        [{"invoice_numbers": text, "why_not": text}],
        [{"invoice_number": text, "customer_name": text}],
        [{"source_file": text}],
        [{"source_file": text, "reason": text}],
        [{"sentence": text}],
    )
    cells = [cell for page in written(told, tmp_path) for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_no_text_of_a_bank_gets_into_a_rule_a_note_or_a_name(tmp_path: Path) -> None:
    text = "=cmd|evil"
    hostile = {"counterparty_name": text, "remittance_text": text, "explanation": text, "source_file": text}
    told = report(
        [line("review", **hostile)],
        (),
        [{"invoice_numbers": text, "invoice_ids": text, "customer_name": text, "customer_id": text}],
    )
    page = written(told, tmp_path)["Review"]
    rules = {(rule.type, rule.formula1) for rule in page.data_validations.dataValidation}
    assert rules == {("custom", "FALSE"), ("list", CHOICES), (None, None)}
    with ZipFile(tmp_path / "report.xlsx") as parts:
        sheets = {name: parts.read(name) for name in parts.namelist() if b"evil" in parts.read(name)}
        assert all(b"<f>" not in content for content in sheets.values())
    assert {name.rpartition("/")[0] for name in sheets} == {"xl/worksheets"}


def test_who_decides_finds_cells_to_fill_in_and_others_that_refuse_to_be_changed(tmp_path: Path) -> None:
    told = report([line("review")], (), [{}, {"rank": 2}])
    page = written(told, tmp_path)["Review"]
    headings = {cell.value: cell for cell in page[1]}
    inputs = [headings[name] for name in ("Decision", "Invoices", "For customer", "Reason", "Decided by")]
    assert all(cell.comment for cell in inputs)
    assert {page.cell(3, cell.column).number_format for cell in inputs} == {"@"}
    covered = {str(area): rule for rule in page.data_validations.dataValidation for area in rule.sqref.ranges}
    decision = inputs[0].column_letter
    assert covered[f"{decision}2:{decision}3"].formula1 == CHOICES
    assert covered["A2:A3"].formula1 == "FALSE"
    assert len(covered) == page.max_column
    assert not page.protection.sheet  # a protected sheet cannot be sorted
    hidden = [name for name, cell in headings.items() if page.column_dimensions[cell.column_letter].hidden]
    assert hidden == ["line_id", "rank", "invoice_ids"]


def test_the_largest_amounts_to_decide_come_first_and_of_equal_ones_the_oldest(tmp_path: Path) -> None:
    days = {"L1": DAY, "L2": DAY, "L3": DAY - dt.timedelta(3), "L4": DAY}
    amounts = {"L1": "5", "L2": "70", "L3": "70", "L4": "-900"}
    told = report([line("review", amounts[name], line_id=name, booked_date=days[name]) for name in days])
    assert [row["line_id"] for row in rows(written(told, tmp_path), "Review")] == ["L4", "L3", "L2", "L1"]


def test_a_line_that_waits_since_an_earlier_night_is_decided_in_this_workbook_too(tmp_path: Path) -> None:
    before = report([line("review", line_id="L8"), line("unmatched", line_id="L9")], (), [{"line_id": "L8"}])
    earlier = LinesTold(before.lines, before.allocations, before.candidates)
    told = replace(report([line("review")]), desk=Desk(earlier=earlier))
    waiting = {row["line_id"]: row["Would pay"] for row in rows(written(told, tmp_path), "Review")}
    assert waiting == {"L1": None, "L8": "INV-1", "L9": None}


def test_a_hidden_sheet_says_which_report_it_is(tmp_path: Path) -> None:
    page = written(report(), tmp_path)["About"]
    assert page.sheet_state == "hidden"
    assert dict(page.iter_rows(values_only=True)) == {
        "format": "reconcile-workbook/1",
        "run_number": 7,
        "ledger": "data/ledger.duckdb",
        "started_at": "2026-11-01T02:15:00Z",
    }


def test_text_reads_back_as_it_came(tmp_path: Path) -> None:
    text = " <b>&amp; http://elm.example \u00e9\U0001f600 {{ 7*7 }} "
    workbook = written(report([line("applied", remittance_text=text)]), tmp_path)
    assert rows(workbook, "Lines")[0]["Text"] == text


def test_text_that_a_workbook_would_take_for_a_character_is_escaped_as_its_format_says(tmp_path: Path) -> None:
    write_workbook(report([line("applied", remittance_text="a_x000D_b")]), tmp_path / "report.xlsx")
    with ZipFile(tmp_path / "report.xlsx") as parts:
        assert b">a_x005F_x000D_b<" in parts.read("xl/worksheets/sheet6.xml")


def test_characters_that_cannot_be_seen_are_shown_by_their_code_point(tmp_path: Path) -> None:
    workbook = written(report([line("applied", remittance_text="a\x00b\u202ec\nd")]), tmp_path)
    assert rows(workbook, "Lines")[0]["Text"] == "a\u2329U+0000\u232ab\u2329U+202E\u232ac d"


def test_each_line_stands_where_an_accountant_looks_for_it(tmp_path: Path) -> None:
    outcomes = ["applied", "short_paid", "review", "unmatched", "ignored"]
    told = report(
        [line(outcome) for outcome in outcomes],
        [{"line_id": "L1"}, {"line_id": "L2"}, {"line_id": "L3", "state": "proposed"}],
        [{"line_id": "L3", "rank": rank} for rank in (1, 2)],
    )
    workbook = written(told, tmp_path)
    assert [row["Outcome"] for row in rows(workbook, "Lines")] == [
        "Applied",
        "Short paid",
        "Review",
        "Unmatched",
        "Ignored",
    ]
    assert [row["Outcome"] for row in rows(workbook, "Exceptions")] == ["Short paid", "Unmatched"]
    assert len(rows(workbook, "Posted")) == 2
    told = [(row["State"], row["rank"], row["Option"]) for row in rows(workbook, "Review")]
    assert told == [("Review", 1, "1 of 2"), ("Review", 2, "2 of 2"), ("Unmatched", 0, None)]


def test_a_line_in_review_without_any_alternative_is_not_lost(tmp_path: Path) -> None:
    workbook = written(report([line("review", "-50", explanation="A return without its receipt.")]), tmp_path)
    [read] = rows(workbook, "Review")
    assert (read["Amount"], read["Why"]) == (-50, "A return without its receipt.")


def test_the_summary_says_where_the_money_is_and_it_adds_up(tmp_path: Path) -> None:
    told = report([line("applied", "70"), line("review", "20"), line("unmatched", "10"), line("ignored", "5")])
    cells = {row[0]: row[1:] for row in written(told, tmp_path)["Summary"].iter_rows(values_only=True)}
    headings, amounts = cells["Money in"], cells["EUR"]
    read = dict(zip(headings, amounts, strict=True))
    assert read["Total"] == 105
    assert read["Total"] == sum(
        read[part] for part in ("Applied", "On account", "In review", "Unmatched", "Not receivables")
    )


def test_headings_stay_in_sight_and_filter(tmp_path: Path) -> None:
    page = written(report([line("applied"), line("ignored")]), tmp_path)["Lines"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:Q3"


def test_a_sheet_that_is_full_says_how_many_rows_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "ROWS_MAX", 4)
    page = written(report([line("applied") for _ in range(5)]), tmp_path)["Lines"]
    assert page.max_row == 4
    assert str(page["A4"].value).startswith("3 more rows find no room here")
    assert isinstance(page["A3"].value, dt.datetime)


def test_a_place_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_workbook(report(), tmp_path / "missing" / "report.xlsx")


def test_another_system_has_sheets_of_postings_and_of_differences(tmp_path: Path) -> None:
    workbook = written(report(postings=[{"detail": FORMULAS[0]}], differences=[{}]), tmp_path)
    assert workbook.sheetnames == [*SHEETS[:-1], "Postings", "Comparison", "About"]
    [posting] = rows(workbook, "Postings")
    assert (posting["State"], posting["Amount"], posting["What is known"]) == ("unknown", 100, FORMULAS[0])
    [difference] = rows(workbook, "Comparison")
    assert (difference["Difference"], difference["Ledger"], difference["There"]) == ("missing_there", 100, 0)
