"""Write frames and rows to a workbook's sheets, every cell by its type.

Dates are dates and amounts are numbers in their currency's format. Text is only ever written as text: nothing that a
bank or a payer wrote can become a formula or a link, and no control character gets in. Must not: choose what is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reconcile.money import decimals, written
from reconcile.report.headline import LABELS
from reconcile.report.safe_text import shown
from reconcile.report.sheet_file import ReadyRows, save_workbook
from reconcile.report.sheet_rows import EXACT_BELOW, Column, StyleNumbers, note_row, sheet_rows

ROWS_MAX: Final = 1_048_576
"""How many rows a sheet can have."""

_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # no temporary files: a full /tmp is no reason to lose a report
}
_AMOUNT_FORMATS: Final = ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000")

_HEADING_GREY, _INPUT_HEADING, _INPUT, _INPUT_BORDER = "#E7E6E6", "#FFD966", "#FFF9E5", "#D9C27A"
_DECIDED_GREEN, _AGAIN_GREY = "#E2EFDA", "#808080"
_MESSAGE_MAX: Final = 255  # characters that a cell's message can have

_READ_ONLY: Final[dict[str, object]] = {
    "validate": "custom",
    "value": "=FALSE",
    "error_title": "Not for editing",
    "error_message": "This column says what the run found. Decide in the yellow columns.",
}

Cell = str | int | dt.date | tuple[Decimal, str]
"""What a single cell can hold; an amount comes with its currency."""


class Book:
    """A workbook that takes text as text; it is written when it is saved."""

    def __init__(self, title: str, made_at: dt.datetime) -> None:
        self._made = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._made, _OPTIONS)
        self._workbook.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        self._styles = Styles(self._workbook)
        self._rows: dict[str, ReadyRows] = {}

    def add_sheet(self, name: str) -> Sheet:
        """Begin a sheet, after those that are there."""
        return Sheet(self._workbook.add_worksheet(name), self._styles, self._rows)

    def save(self, path: Path) -> None:
        """Write the workbook to `path`.

        Raises:
            OSError: the file cannot be written.
        """
        save_workbook(self._workbook, self._made, self._rows, path)


class Styles:
    """The looks that a workbook's cells share."""

    def __init__(self, workbook: Any) -> None:
        def style(**looks: object) -> Any:
            return workbook.add_format({"valign": "top", **looks})

        heading = {
            "bold": True,
            "align": "left",
            "indent": 1,
            "bottom": 1,
            "bg_color": _HEADING_GREY,
            "text_wrap": True,
        }
        self.title = style(bold=True, font_size=14)
        self.heading = style(**heading)
        self.right_heading = style(**heading | {"align": "right", "indent": 0})
        self.input_heading = style(**heading | {"bg_color": _INPUT_HEADING})
        self.text = style(align="left", indent=1)
        self.count = style()
        self.wrapped = style(text_wrap=True, align="left", indent=1)
        self.input = style(num_format="@", bg_color=_INPUT, border=1, border_color=_INPUT_BORDER, text_wrap=True)
        self.date = style(num_format="yyyy-mm-dd", align="left", indent=1)
        self.percent = style(num_format="0.0%")
        self.right = style(align="right")
        self.amounts = [style(num_format=pattern) for pattern in _AMOUNT_FORMATS]
        self.again = workbook.add_format({"font_color": _AGAIN_GREY})
        self.decided = workbook.add_format({"bg_color": _DECIDED_GREEN})

    def numbers(self) -> StyleNumbers:
        """Return the styles' numbers in the workbook's list; to ask for one enters it there."""
        named = (self.text, self.wrapped, self.input, self.count, self.date, self.percent, self.right, *self.amounts)
        text, wrapped, filled_in, count, date, percent, right, *amounts = (
            int(style._get_xf_index()) for style in named
        )
        return StyleNumbers(text, wrapped, filled_in, count, date, percent, right, tuple(amounts))


class Sheet:
    """One sheet, written either as one table or row by row."""

    def __init__(self, sheet: Any, styles: Styles, rows: dict[str, ReadyRows]) -> None:
        self._sheet = sheet
        self._styles = styles
        self._rows = rows
        self._next_row = 0
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self._sheet.set_footer("&L&A&RPage &P of &N")

    def set_widths(self, *widths: int) -> None:
        """Set the columns' widths, in characters."""
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)

    def hide(self) -> None:
        """Keep the sheet out of a person's sight; any workbook program can show it again."""
        self._sheet.hide()

    def skip_row(self) -> None:
        """Leave a row empty."""
        self._next_row += 1

    def write_title(self, title: str) -> None:
        """Write the next row as the sheet's title."""
        self._sheet.write_string(self._next_row, 0, title, self._styles.title)
        self._next_row += 1

    def write_headings(self, *headings: str, numbers_from: int = 1) -> None:
        """Write the next row as headings; those from place `numbers_from` on stand over numbers."""
        for place, heading in enumerate(headings):
            style = self._styles.right_heading if place >= numbers_from else self._styles.heading
            self._sheet.write_string(self._next_row, place, shown(heading), style)
        self._next_row += 1

    def write_row(self, *cells: Cell) -> None:
        """Write the next row."""
        row, styles = self._next_row, self._styles
        for place, cell in enumerate(cells):
            match cell:
                case str():
                    self._sheet.write_string(row, place, shown(cell))
                case int():
                    self._sheet.write_number(row, place, cell)
                case dt.date():
                    self._sheet.write_datetime(row, place, cell, styles.date)
                case (amount, currency) if abs(amount) < EXACT_BELOW:
                    self._sheet.write_number(row, place, float(amount), styles.amounts[decimals(currency)])
                case (amount, currency):
                    self._sheet.write_string(row, place, written(amount, currency), styles.right)
        self._next_row += 1

    def write_table(self, frame: pl.DataFrame, columns: Sequence[Column]) -> None:
        """Write a frame under headings that stay in sight and filter. Rows that find no room are counted instead."""
        room, styles = ROWS_MAX - 2, self._styles
        told = frame.head(room).with_columns(pl.col("^outcome$").replace(LABELS))
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width, None, {"hidden": column.is_hidden})
            is_number = not column.is_input and told.schema[column.name].is_numeric()
            style = styles.right_heading if is_number else styles.heading
            self._sheet.write_string(0, place, column.heading, styles.input_heading if column.is_input else style)
            if column.hint:
                self._sheet.write_comment(0, place, column.hint, {"x_scale": 2, "author": "reconcile"})
        pieces = sheet_rows(told, columns, styles.numbers())
        self._rows[self._sheet.name] = ReadyRows(pieces, told.height + 1)
        if frame.height > room:
            note = f"{frame.height - room} more rows find no room here; they are in the CSV files beside this workbook."
            self._rows[self._sheet.name] = ReadyRows(chain(pieces, [note_row(note, ROWS_MAX)]), ROWS_MAX)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.autofilter(0, 0, max(told.height, 1), len(columns) - 1)

    def take_decisions(self, columns: Sequence[Column], rows: int, *, first_of: str) -> None:
        """Make a table's input columns easy to fill in, and the others hard to change by mistake.

        A sheet's own protection would forbid to sort it, so cells that are not for filling in refuse what is typed
        instead. A row whose column `first_of` is above 1 tells a line once more, and is paler.
        """
        if not rows:
            return
        for place, column in enumerate(columns):
            self._sheet.data_validation(1, place, rows, place, _input_rule(column) if column.is_input else _READ_ONLY)
        inputs = [place for place, column in enumerate(columns) if column.is_input]
        first, last = min(inputs), max(inputs)
        decided = {"type": "formula", "criteria": f'=${xl_col_to_name(first)}2<>""', "format": self._styles.decided}
        self._sheet.conditional_format(1, first, rows, last, decided)
        number = next(place for place, column in enumerate(columns) if column.name == first_of)
        again = {"type": "formula", "criteria": f"=${xl_col_to_name(number)}2>1", "format": self._styles.again}
        self._sheet.conditional_format(1, 0, rows, first - 1, again)
        self._sheet.set_tab_color(_INPUT_HEADING)


def _input_rule(column: Column) -> dict[str, object]:
    """Say what can be filled in, and what it means while the cell is chosen."""
    told: dict[str, object] = {"input_title": column.heading, "input_message": column.hint[:_MESSAGE_MAX]}
    if not column.choices:
        return {"validate": "any", **told}
    error = f"Choose one of: {', '.join(column.choices)}; or leave it empty."
    return {"validate": "list", "source": list(column.choices), "error_message": error, **told}
