"""Write frames and rows to a workbook's sheets, every cell by its type.

Dates are dates and amounts are numbers in their currency's format. Text is only ever written as text: nothing that a
bank or a payer wrote can become a formula or a link, and no control character gets in. Must not: choose what is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.worksheet import Worksheet

from reconcile.money import decimals, written
from reconcile.report.headline import LABELS
from reconcile.report.safe_text import shown
from reconcile.report.sheet_rows import EXACT_BELOW, StyleNumbers, note_row, sheet_rows

ROWS_MAX: Final = 1_048_576
"""How many rows a sheet can have."""

_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # no temporary files: a full /tmp is no reason to lose a report
}
_AMOUNT_FORMATS: Final = ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000")

Cell = str | int | dt.date | tuple[Decimal, str]
"""What a single cell can hold; an amount comes with its currency."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the frame's column, its heading, its width in characters."""

    name: str
    heading: str
    width: int


def new_workbook(path: Path) -> Any:
    """Begin a workbook that takes text as text."""
    return xlsxwriter.Workbook(str(path), _OPTIONS)


def close_workbook(workbook: Any) -> None:
    """Write the workbook to its path.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        workbook.close()
    except XlsxFileError as error:  # xlsxwriter wraps the disk's own error
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from None
    if not all(sheet.is_complete for sheet in workbook.worksheets()):
        message = "this version of xlsxwriter does not write the rows it is given"
        raise RuntimeError(message)


class ReadyWorksheet(Worksheet):  # type: ignore[misc] # xlsxwriter has no types
    """A worksheet that takes the rows below its headings as ready-written XML.

    This leans on three methods that xlsxwriter keeps to itself. Should a later version no longer call `_write_rows`,
    `close_workbook` says so: rows are never silently missing.
    """

    def __init__(self) -> None:
        """Begin with no row."""
        super().__init__()
        self.rows_below: list[str] = []
        self.is_complete = False

    def set_last_cell(self, row: int, column: int) -> None:
        """Say how far the rows reach, counted from zero: readers trust a sheet's own word for it."""
        self._check_dimensions(row, column)

    def _write_rows(self) -> None:
        super()._write_rows()
        for text in self.rows_below:
            self.fh.write(text)
        self.is_complete = True


class Styles:
    """The looks that a workbook's cells share."""

    def __init__(self, workbook: Any) -> None:
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.heading = workbook.add_format({"bold": True, "bottom": 1})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.percent = workbook.add_format({"num_format": "0.0%"})
        self.right = workbook.add_format({"align": "right"})
        self.amounts = [workbook.add_format({"num_format": pattern}) for pattern in _AMOUNT_FORMATS]

    def numbers(self) -> StyleNumbers:
        """Return the styles' numbers in the workbook's list; to ask for one enters it there."""
        date, percent, right, *amounts = (
            int(style._get_xf_index()) for style in (self.date, self.percent, self.right, *self.amounts)
        )
        return StyleNumbers(date, percent, right, tuple(amounts))


class Sheet:
    """One sheet, written either as one table or row by row."""

    def __init__(self, workbook: Any, name: str, styles: Styles) -> None:
        self._sheet = workbook.add_worksheet(name, worksheet_class=ReadyWorksheet)
        self._styles = styles
        self._next_row = 0

    def set_widths(self, *widths: int) -> None:
        """Set the columns' widths, in characters."""
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)

    def skip_row(self) -> None:
        """Leave a row empty."""
        self._next_row += 1

    def write_row(self, *cells: Cell, is_title: bool = False, is_heading: bool = False) -> None:
        """Write the next row."""
        row, styles = self._next_row, self._styles
        style = styles.title if is_title else styles.heading if is_heading else None
        for place, cell in enumerate(cells):
            match cell:
                case str():
                    self._sheet.write_string(row, place, shown(cell), style)
                case int():
                    self._sheet.write_number(row, place, cell, style)
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
        self.set_widths(*(column.width for column in columns))
        self.write_row(*(column.heading for column in columns), is_heading=True)
        self._sheet.rows_below = list(sheet_rows(told, [column.name for column in columns], styles.numbers()))
        self._sheet.set_last_cell(told.height, len(columns) - 1)
        if frame.height > room:
            note = f"{frame.height - room} more rows find no room here; they are in the CSV files beside this workbook."
            self._sheet.rows_below.append(note_row(note, ROWS_MAX))
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, max(told.height, 1), len(columns) - 1)
