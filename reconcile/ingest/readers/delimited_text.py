"""From the bytes of a delimited file to its header and its cells, all of them text.

Cells are read by polars. How many rows and cells there are is counted a second time, in the text itself, so
that a row that is torn or swallowed is noticed. Nothing here knows what a column means.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement

HEADER_ROWS_MAX: Final = 50

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS: Final = re.compile(
    rb"\s*(?:%PDF|PK\x03\x04|\xd0\xcf\x11\xe0|<|OFXHEADER|DATA:OFX|:20:|\{|\[|!Type:"
    rb"|01,[^,\r\n]*,[^,\r\n]*,\d{6})"
)
_BLANK_CONTROLS: Final = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# The other control characters, marks of writing direction, and marks without width.
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# Free once the control characters are gone: a quotation mark that is part of a text, and an empty quoted
# cell.
_LITERAL_QUOTE: Final = "\x01"
_CELL_END: Final = "\x02"


@dataclass(frozen=True)
class Header:
    """A header row: its place among the lines of the text (from 0), its delimiter, its cells as written."""

    line: int
    delimiter: str
    cells: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Return one name a column: `Name#2` for a repeated one, `#3` for the third where it has none."""
        names: list[str] = []
        for place, cell in enumerate(self.cells, start=1):
            plain = " ".join(cell.split())
            name, number = plain or f"#{place}", 1
            while name in names:
                number += 1
                name = f"{plain}#{number}"
            names.append(name)
        return tuple(names)


def is_other_format(data: bytes) -> bool:
    """Return whether the bytes are empty, binary, or another format: OFX, XML, PDF, MT940, BAI2, JSON."""
    if not data.strip() or _OTHER_FORMATS.match(data.removeprefix(codecs.BOM_UTF8)[:512]):
        return True
    head = data[:4096].decode(encoding_of(data), errors="replace")
    return "\x00" in head or "<OFX>" in head.upper()


def encoding_of(data: bytes, declared: str = "") -> str:
    """Return the encoding the bytes show, or else the declared one, or else cp1252.

    A byte order mark and text that is UTF-8 beyond ASCII win over a declared encoding of single bytes: a bank
    changes its export without telling, and other text is hardly ever valid UTF-8 by chance.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if declared and not _is_single_byte(declared):
        return declared
    if (bare := _utf_16_without_mark(data[:512])) and not declared:
        return bare
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return declared or "cp1252"
    return declared if declared and data.isascii() else "utf-8"


def decode(data: bytes, declared: str = "") -> str:
    """Return the whole text with line feeds only, without control characters.

    Raises:
        UnreadableStatement: bytes that the encoding does not have.
    """
    encoding = encoding_of(data, declared)
    try:
        return _plain(data.decode(encoding))
    except UnicodeDecodeError as trouble:
        raise UnreadableStatement(
            f"byte {trouble.start + 1} is no {encoding} text: declare the file's encoding in a profile under "
            "config/banks"
        ) from trouble


def decode_head(data: bytes, declared: str = "") -> str:
    """Return the text of the first rows, with a replacement character for what the encoding does not have."""
    head = data[:65536]
    return _plain(head.decode(encoding_of(data, declared), errors="replace"))


def find_header(
    text: str,
    delimiters: Sequence[str],
    quote: str,
    is_header: Callable[[tuple[str, ...]], bool],
    rows_max: int = HEADER_ROWS_MAX,
) -> Header | None:
    """Return the first of the first rows that is a header under one of the delimiters."""
    for line, row in enumerate(text.split("\n", rows_max)[:rows_max]):
        found = [
            Header(line, delimiter, cells)
            for delimiter in delimiters
            if (cells := split_row(row, delimiter, quote)) and is_header(cells)
        ]
        if found:
            return max(found, key=lambda header: len(header.cells))
    return None


def split_row(row: str, delimiter: str, quote: str) -> tuple[str, ...]:
    """Return the cells of one row; none where it is no such row."""
    if not quote:
        return tuple(row.split(delimiter))
    try:
        return tuple(next(csv.reader([row], delimiter=delimiter, quotechar=quote), ()))
    except csv.Error:
        return ()


def split_at_header(text: str, header: Header) -> tuple[str, str]:
    """Return what stands above the header row and what stands below it."""
    lines = text.split("\n", header.line + 1)
    return "\n".join(lines[: header.line]), "".join(lines[header.line + 1 :])


def count_cells(body: str, delimiter: str, quote: str) -> pl.DataFrame:
    """Count the cells of every row that is not white space, in the text itself: one row per row of the file.

    Quoted text is taken out first, so that each line feed ends a row and each delimiter ends a cell.

    Returns:
        `cell_count`; `filled_count`, up to the last cell that is not empty; both 64-bit integers.
    """
    bare = _quoted(quote, delimiter).sub(rf"\1{_CELL_END}", body) if quote else body
    rows = pl.Series("row", bare.split("\n"), dtype=pl.String).to_frame().filter(pl.col("row").str.contains(r"\S"))
    mark = pl.lit(delimiter)
    filled = pl.col("row").str.replace(rf"(?:{re.escape(delimiter)}|{_CELL_END}|\s)+$", "")
    filled_count = pl.when(filled == "").then(0).otherwise(filled.str.count_matches(mark, literal=True) + 1)
    return rows.select(
        (pl.col("row").str.count_matches(mark, literal=True) + 1).cast(pl.Int64).alias("cell_count"),
        filled_count.cast(pl.Int64).alias("filled_count"),
    )


def read_cells(body: str, names: Sequence[str], delimiter: str, quote: str) -> pl.DataFrame:
    """Read the rows below the header as columns of text, white space folded; missing cells are empty.

    Cells beyond the header's are left out, and rows that are white space.
    """
    if quote:
        body = _with_literal_quotes(body, delimiter, quote)
    # Polars would make a row of nulls of an empty line; inside a quoted text, white space is folded anyway.
    body = re.sub(r"\n[^\S\n]*(?=\n|\Z)", "", "\n" + body)
    header = delimiter.join(f"c{place}" for place in range(len(names)))
    cells = pl.read_csv(
        (header + body).encode(),
        separator=delimiter,
        quote_char=quote or None,
        infer_schema=False,
        empty_string_is_null=False,
        truncate_ragged_lines=True,
    )
    cells.columns = list(names)
    text = pl.all().fill_null("").str.replace_all(_LITERAL_QUOTE, quote or '"', literal=True)
    folded = text.str.replace_all(r"\s{2,}|[^\S ]", " ").str.strip_chars()
    # A spreadsheet writes ="00123" to keep the zeros of a text.
    return cells.select(folded).with_columns(pl.all().str.replace(r'^="(.*)"$', "$1"))


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _BLANK_CONTROLS.sub(" ", lines))


def _is_single_byte(encoding: str) -> bool:
    return len(bytes(range(256)).decode(encoding, errors="replace")) == 256


def _utf_16_without_mark(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _quoted(quote: str, delimiter: str) -> re.Pattern[str]:
    """Match one whole quoted cell; its group is empty where the cell is.

    Possessive, so that a stray mark costs one look and no backtracking.
    """
    ends = rf"[^{re.escape(delimiter)}\n]"
    is_blank = rf"\s*+{quote}(?!{quote})"
    inside = rf"(?:[^{quote}]++|{quote}{quote})*+"
    return re.compile(rf"(?<!{ends})(?:(?!{quote}{is_blank})({quote})|{quote}){inside}{quote}(?!{ends})")


def _with_literal_quotes(body: str, delimiter: str, quote: str) -> str:
    """Set quotation marks apart that quote no cell (`5" pipe`): they would swallow the rows below."""
    cell = _quoted(quote, delimiter)
    if quote not in cell.sub("", body):
        return body
    either = re.compile(rf"{cell.pattern}|{quote}")
    return either.sub(lambda found: found[0] if len(found[0]) > 1 else _LITERAL_QUOTE, body)
