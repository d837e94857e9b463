"""Write a frame's rows as the XML of a sheet, all rows at once.

A sheet of 100,000 lines has two million cells, and a call for each takes a workbook's library 15 seconds; as columns of
text they take one. Text is an inline string, so nothing that a bank or a payer wrote can be a formula or a link.
Must not: know what a sheet is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from reconcile.money import decimals_of, written_all
from reconcile.report.safe_text import with_text_shown

EXACT_BELOW: Final = Decimal(10) ** 12
"""Below this an amount has at most 15 significant digits, which a workbook's binary numbers keep; others are text."""

TEXT_MAX: Final = 16_383
"""A cell holds 32,767 UTF-16 units, and a character is at most two; what is longer is cut."""

_ROWS_AT_ONCE: Final = 50_000
_LINES_MAX: Final = 6  # of wrapped text that a row shows at once
_LINE_POINTS: Final = 15
_DAY_ZERO: Final = dt.date(1899, 12, 30)
_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the frame's column, its heading, its width in characters.

    hint: what the heading's note says; '' for none.
    is_input: a person fills it in; its cells are empty and the frame has no such column.
    choices: the words that can be filled in; () for any.
    is_hidden: only for reading back.
    is_wrapped: long text takes several lines of a cell.
    """

    name: str
    heading: str
    width: int
    hint: str = ""
    is_input: bool = False
    choices: tuple[str, ...] = ()
    is_hidden: bool = False
    is_wrapped: bool = False


@dataclass(frozen=True)
class StyleNumbers:
    """The places of styles in a workbook's list; `amounts` with 0, 1, 2 and 3 decimals."""

    text: int
    wrapped: int
    input: int
    count: int
    date: int
    percent: int
    right: int
    amounts: tuple[int, ...]


def sheet_rows(frame: pl.DataFrame, columns: Sequence[Column], styles: StyleNumbers) -> Iterator[bytes]:
    """Write columns of a frame, from the sheet's second row on, in pieces of many rows.

    Amounts are decimals with a column `currency` beside them; `probability` is from 0 to 1. What is null or empty gets
    no cell.
    """
    for offset in range(0, frame.height, _ROWS_AT_ONCE):
        rows = with_text_shown(frame.slice(offset, _ROWS_AT_ONCE)).with_columns(
            sheet_row=pl.int_range(offset + 2, offset + 2 + pl.len()).cast(pl.String)
        )
        cells = []
        for place, column in enumerate(columns):
            name, letter = column.name, xl_col_to_name(place)
            if column.is_input:
                cells.append(_cell(letter, pl.lit(f'" s="{styles.input}"/>'), pl.lit(""), "", pl.lit(value=True)))
                continue
            value, kind = pl.col(name), frame.schema[name]
            if kind == pl.String:
                cells.append(_text_cell(letter, value, styles.wrapped if column.is_wrapped else styles.text))
            elif kind == pl.Date:
                cells.append(_number_cell(letter, (value - pl.lit(_DAY_ZERO)).dt.total_days(), pl.lit(styles.date)))
            elif name == "probability":
                cells.append(_number_cell(letter, value, pl.lit(styles.percent)))
            elif kind.is_decimal():
                cells.append(_amount_cell(letter, value, styles))
            else:
                cells.append(_number_cell(letter, value, pl.lit(styles.count)))
        head = pl.concat_str(pl.lit('<row r="'), "sheet_row", pl.lit('"'), _height(columns), pl.lit(">"))
        row = pl.concat_str(head, *cells, pl.lit("</row>"))
        yield _joined(rows.select(row))


def _joined(rows: pl.DataFrame) -> bytes:
    """Put rows together as they are: plain writing is the quickest way out of a frame."""
    joined = BytesIO()
    rows.write_csv(joined, include_header=False, quote_style="never")
    return joined.getvalue()


def note_row(note: str, sheet_row: int) -> bytes:
    """Write a row that holds one sentence of our own."""
    row = (
        pl.DataFrame({"note": [note], "sheet_row": [str(sheet_row)]}).select(_text_cell("A", pl.col("note"), 0)).item()
    )
    return f'<row r="{sheet_row}">{row}</row>'.encode()


def _height(columns: Sequence[Column]) -> pl.Expr:
    """Say how high a row is, where text is wrapped: not every program finds out by itself."""
    wrapped = [column for column in columns if column.is_wrapped]
    if not wrapped:
        return pl.lit("")
    lines = pl.max_horizontal(
        pl.col(column.name).fill_null("").str.len_chars().cast(pl.Int64).floordiv(column.width - 3) + 1
        for column in wrapped
    ).clip(1, _LINES_MAX)
    return pl.format(' ht="{}" customHeight="1"', lines * _LINE_POINTS)


def _text_cell(letter: str, text: pl.Expr, style: int) -> pl.Expr:
    """Write text; `_x000D_` and the like, which a workbook takes for a character, are escaped as its format says."""
    escaped = text.str.head(TEXT_MAX).str.replace_many(_ESCAPED).str.replace_all("_(x[0-9a-fA-F]{4}_)", "_x005F_${1}")
    head = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return _cell(letter, pl.lit(head), escaped, "</t></is></c>", text.fill_null("") != "")


def _number_cell(letter: str, number: pl.Expr, style: pl.Expr) -> pl.Expr:
    head = pl.concat_str(pl.lit('" s="'), style.cast(pl.String), pl.lit('"><v>'))
    return _cell(letter, head, number.cast(pl.String), "</v></c>", number.is_not_null())


def _amount_cell(letter: str, amount: pl.Expr, styles: StyleNumbers) -> pl.Expr:
    """Write an amount in its currency's format, with more decimals where it has more that matter."""
    currency = pl.col("currency")
    matter = amount.cast(pl.String).str.extract(r"\.(\d*?)0*$").str.len_chars().cast(pl.Int64)
    style = pl.max_horizontal(decimals_of(currency), matter).replace_strict(
        dict(enumerate(styles.amounts)), return_dtype=pl.Int64
    )
    is_exact = amount.abs() < pl.lit(EXACT_BELOW)
    as_text = _text_cell(letter, written_all(amount, currency), styles.right)
    return (
        pl.when(is_exact).then(_number_cell(letter, amount, style)).when(~is_exact).then(as_text).otherwise(pl.lit(""))
    )


def _cell(letter: str, head: pl.Expr, content: pl.Expr, tail: str, is_there: pl.Expr) -> pl.Expr:
    cell = pl.concat_str(pl.lit(f'<c r="{letter}'), "sheet_row", head, content, pl.lit(tail))
    return pl.when(is_there).then(cell).otherwise(pl.lit(""))
