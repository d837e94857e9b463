"""Open a workbook that may come from anywhere, and hand out the cells of the sheets that are asked for.

What is too large, encrypted, damaged or hostile is one clear error. Must not: know what a cell means.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from reconcile.errors import ReviewError

MEGABYTES_MAX: Final = 128
"""A larger file is refused; a report of 100,000 lines has 30 MB."""

UNPACKED_MEGABYTES_MAX: Final = 1_000
"""A file that unpacks to more is refused before it is unpacked: it may be made to fill the memory."""

ROWS_MAX: Final = 1_048_576
COLUMNS_MAX: Final = 100
_SHOWN_MAX: Final = 40  # characters of a value in a message

_ZIP: Final = b"PK\x03\x04"
_OLD_OR_ENCRYPTED: Final = b"\xd0\xcf\x11\xe0"  # a compound file: .xls, or .xlsx under a password
_DAMAGED: Final = (
    BadZipFile, LargeZipFile, InvalidFileException, zlib.error, EOFError, SyntaxError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OverflowError, NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip
"""What the zip, the XML and the workbook's reader raise on bytes that are not as they should be."""


@dataclass(frozen=True)
class Cell:
    """A cell: where it is (`Review!Q14`), what it holds, and whether that is a formula that was never worked out."""

    place: str
    value: object = None
    is_unworked: bool = False
    is_error: bool = False


class RefusedCell(ReviewError):  # noqa: N818 - the cell is refused, the other rows go on
    """Say why a cell cannot be read, and what to type instead. `place` is the cell's."""

    def __init__(self, cell: Cell, why: str) -> None:
        text = " ".join(str(cell.value).split())
        cut = text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…"
        super().__init__(f"'{cut}' {why}" if text else why)
        self.place = cell.place


Rows = list[tuple[Cell, ...]]


def is_workbook(path: Path) -> bool:
    """Say whether a file is a workbook by its first bytes, readable or not.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return file.read(4) in {_ZIP, _OLD_OR_ENCRYPTED}


def sheets_of(path: Path, names: tuple[str, ...]) -> dict[str, Rows]:
    """Return the rows of the named sheets that are there, without the empty ones. Names are found in any case.

    Raises:
        ReviewError: the file cannot be read as a workbook.
    """
    _refuse_what_is_none(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the reader's remarks on what it leaves out
            sheets = _read(path, names, is_worked_out=False)
            if any(cell.is_unworked for rows in sheets.values() for row in rows for cell in row):
                sheets = _worked_out(sheets, _read(path, names, is_worked_out=True))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ReviewError(message) from None
    except _DAMAGED:
        raise _no_workbook(path, "it is damaged or was made to do harm; save it anew from the report") from None
    return sheets


def _refuse_what_is_none(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ReviewError(message) from None
    if head == _OLD_OR_ENCRYPTED:
        raise _no_workbook(path, "it has a password or is an old .xls; save it as .xlsx without a password")
    if head != _ZIP:
        raise _no_workbook(path, "it is no .xlsx file; save it as .xlsx")
    if size > MEGABYTES_MAX * 1_000_000:
        raise _no_workbook(path, f"it is larger than {MEGABYTES_MAX} MB")
    try:
        with ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            is_encrypted = any(part.flag_bits & 1 for part in parts.infolist())
    except (*_DAMAGED, OSError):
        raise _no_workbook(path, "it is damaged; save it anew") from None
    if is_encrypted:
        raise _no_workbook(path, "it has a password; save it without one")
    if unpacked > UNPACKED_MEGABYTES_MAX * 1_000_000:
        raise _no_workbook(path, f"it unpacks to more than {UNPACKED_MEGABYTES_MAX} MB")


def _read(path: Path, names: tuple[str, ...], *, is_worked_out: bool) -> dict[str, Rows]:
    with path.open("rb") as file:  # ours to close, also where the reader gives up on it
        workbook = load_workbook(file, read_only=True, data_only=is_worked_out, keep_links=False)
        places = {title.casefold(): title for title in workbook.sheetnames}
        titles = {name: places[name.casefold()] for name in names if name.casefold() in places}
        return {name: list(_rows(workbook[title], title)) for name, title in titles.items()}


def _rows(sheet: Any, title: str) -> Iterator[tuple[Cell, ...]]:
    """Read a sheet's rows, each at least as far as those before it.

    The bounds are ours: a sheet's own word for how far it reaches may be wrong.
    """
    letters = [get_column_letter(place) for place in range(1, COLUMNS_MAX + 1)]
    rows = sheet.iter_rows(min_row=1, min_col=1, max_row=ROWS_MAX, max_col=COLUMNS_MAX)
    width = 0
    for number, row in enumerate(rows, start=1):
        reach = max((place for place, cell in enumerate(row, start=1) if cell.value is not None), default=0)
        if not reach:
            continue
        width = max(width, reach)
        yield tuple(
            Cell(
                f"{title}!{letter}{number}",
                cell.value,
                is_unworked=cell.data_type == "f",
                is_error=cell.data_type == "e",
            )
            for letter, cell in zip(letters[:width], row, strict=False)
        )


def _worked_out(sheets: dict[str, Rows], values: dict[str, Rows]) -> dict[str, Rows]:
    """Put what a program last worked out in the place of formulas; where it saved nothing, the formula stays."""
    saved = {cell.place: cell for rows in values.values() for row in rows for cell in row if cell.value is not None}
    return {
        name: [tuple(saved.get(cell.place, cell) if cell.is_unworked else cell for cell in row) for row in rows]
        for name, rows in sheets.items()
    }


def _no_workbook(path: Path, why: str) -> ReviewError:
    return ReviewError(f"{path}: is no workbook that can be read: {why}")
