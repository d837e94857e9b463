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

from reconcile.money import decimals, decimals_of, written, written_all
from reconcile.report.headline import LABELS
from reconcile.report.safe_text import shown, with_text_shown

ROWS_MAX: Final = 1_048_576
"""How many rows a sheet can have."""

EXACT_BELOW: Final = Decimal(10) ** 12
"""Below this an amount has at most 15 significant digits, which a workbook's binary numbers keep; others are text."""

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


def new_workbook(path: Path) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    """Begin a workbook that takes text as text."""
    return xlsxwriter.Workbook(str(path), _OPTIONS)


def close_workbook(workbook: Any) -> None:  # noqa: ANN401
    """Write the workbook to its path.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        workbook.close()
    except XlsxFileError as error:  # xlsxwriter wraps the disk's own error
        cause = error.args[0] if error.args else None
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from None


class Styles:
    """The looks that a workbook's cells share."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.heading = workbook.add_format({"bold": True, "bottom": 1})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.percent = workbook.add_format({"num_format": "0.0%"})
        self.right = workbook.add_format({"align": "right"})
        self.amounts = [workbook.add_format({"num_format": pattern}) for pattern in _AMOUNT_FORMATS]


class Sheet:
    """One sheet, written either as one table or row by row."""

    def __init__(self, workbook: Any, name: str, styles: Styles) -> None:  # noqa: ANN401
        self._sheet = workbook.add_worksheet(name)
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
        room = ROWS_MAX - 2
        told = with_text_shown(frame.head(room))
        self.set_widths(*(column.width for column in columns))
        self.write_row(*(column.heading for column in columns), is_heading=True)
        for place, column in enumerate(columns):
            self._write_column(place, told, column.name)
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, max(told.height, 1), len(columns) - 1)
        if frame.height > room:
            note = f"A sheet holds no more rows; {frame.height - room} more are in the CSV files beside this workbook."
            self._sheet.write_string(room + 1, 0, note)

    def _write_column(self, place: int, frame: pl.DataFrame, name: str) -> None:
        values, kind, sheet = frame[name], frame.schema[name], self._sheet
        if name == "outcome":
            values = values.replace_strict(LABELS, default=values)
        if name == "probability":
            _write_each(sheet.write_number, place, values.cast(pl.Float64), self._styles.percent)
        elif kind.is_decimal():
            self._write_amounts(place, frame, name)
        elif kind.is_numeric():
            _write_each(sheet.write_number, place, values)
        elif kind == pl.Date:
            _write_each(sheet.write_datetime, place, values, self._styles.date)
        else:
            _write_each(sheet.write_string, place, values)

    def _write_amounts(self, place: int, frame: pl.DataFrame, name: str) -> None:
        """Write amounts in their currency's format, with more decimals where an amount has more that matter."""
        amount, currency = pl.col(name), pl.col("currency")
        matter = amount.cast(pl.String).str.extract(r"\.(\d*?)0*$").str.len_chars().cast(pl.Int64)
        told = frame.select(
            number=pl.when(amount.abs() < pl.lit(EXACT_BELOW)).then(amount.cast(pl.Float64)),
            text=written_all(amount, currency),
            decimals=pl.max_horizontal(decimals_of(currency), matter),
        )
        for row, (number, text, shown_decimals) in enumerate(told.iter_rows(), start=1):
            if number is not None:
                self._sheet.write_number(row, place, number, self._styles.amounts[shown_decimals])
            elif text is not None:
                self._sheet.write_string(row, place, text, self._styles.right)


def _write_each(write: Any, place: int, values: pl.Series, *style: object) -> None:  # noqa: ANN401
    """Write a column's values below its heading; what is not there gets no cell at all."""
    for row, value in enumerate(values.to_list(), start=1):
        if value is not None and value != "":
            write(row, place, value, *style)
