"""Read bank statements in delimited text: in a bank's declared layout, or in one that its header explains.

This is the way through one file: which layout, which header, which rows, which statements. What words, dates,
amounts and balances mean is in the modules beside it. It must not guess: what can be read in two ways is
refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

import polars as pl
import polars.selectors as cs

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.bank_profile import GENERIC, BankProfile
from reconcile.ingest.readers.delimited_amounts import bare_amount, read_bare_amounts
from reconcile.ingest.readers.delimited_balances import make_statements
from reconcile.ingest.readers.delimited_dates import read_dates
from reconcile.ingest.readers.delimited_headers import read_header
from reconcile.ingest.readers.delimited_layout import GENERIC_PROFILE, Layout, column_key, explained, resolved
from reconcile.ingest.readers.delimited_lines import read_lines
from reconcile.ingest.readers.delimited_text import (
    Header,
    count_cells,
    decode,
    decode_head,
    find_header,
    is_other_format,
    read_cells,
    split_at_header,
)
from reconcile.model import LINE_COLUMNS, REJECTED_COLUMNS, SourceFile, Statement, StatementFile

_DELIMITERS: Final = (",", ";", "\t", "|")
_GENERIC_HEADER_ROWS_MAX: Final = 30
_HEADER_CHARACTERS_MAX: Final = 200
_AMOUNT_SHAPED: Final = re.compile(r"[-+]?[0-9][0-9.,/' -]*")


class DelimitedReader:
    """Read delimited statements in the layouts of the profiles, or as `csv` if the header explains itself."""

    def __init__(self, profiles: tuple[BankProfile, ...]) -> None:
        self._profiles = {profile.name: profile for profile in profiles}

    def identify(self, source: SourceFile) -> tuple[str, ...]:
        """Return the profiles that claim the file; where none does, `csv` if its header explains itself."""
        if is_other_format(source.data):
            return ()
        claims = [
            name
            for name, profile in self._profiles.items()
            if _find_profile_header(decode_head(source.data, profile.encoding), profile)
        ]
        if not claims and _find_generic_header(decode_head(source.data)):
            return (GENERIC,)
        return tuple(claims)

    def read(self, source: SourceFile, layout: str) -> StatementFile:
        """Read the file in one of the layouts that `identify` returned.

        Raises:
            UnreadableStatement: the file is empty, does not decode, or can be read in two ways.
        """
        if not source.data.strip():
            raise UnreadableStatement("the file is empty: download it again from the bank")
        profile = GENERIC_PROFILE if layout == GENERIC else self._profiles[layout]
        text = decode(source.data, profile.encoding)
        header = _find_generic_header(text) if layout == GENERIC else _find_profile_header(text, profile)
        if header is None:
            raise UnreadableStatement(f"it has no header row of the layout {layout}: download it again from the bank")
        preamble, body = split_at_header(text, header)
        rows = _read_rows(body, header, profile.quote)
        used, notes = (explained(header, rows), ()) if layout == GENERIC else resolved(profile, header)
        return _read_statements(source, used, preamble, rows, notes)


def describe_unknown(source: SourceFile) -> str | None:
    """Return what to do about delimited text of no known layout; None where the file is no delimited text."""
    if is_other_format(source.data):
        return None
    text = decode_head(source.data)
    headers = [find_header(text, (mark,), '"', lambda cells: sum(map(bool, cells)) >= 3) for mark in _DELIMITERS]
    found = max(filter(None, headers), key=lambda header: len(header.cells), default=None)
    if found is None:
        return None
    row = found.delimiter.join(found.cells)[:_HEADER_CHARACTERS_MAX]
    if any(_AMOUNT_SHAPED.fullmatch(cell.strip()) for cell in found.cells):
        return f"row {found.line + 1}, {row!r}, is no header row: download it again with the columns' names"
    return (
        f"row {found.line + 1}, {row!r}, is the header of no known layout: declare it in a profile under config/banks"
    )


def _find_profile_header(text: str, profile: BankProfile) -> Header | None:
    wanted = set(map(column_key, profile.header))
    header = find_header(
        text,
        profile.delimiters,
        profile.quote,
        lambda cells: wanted <= set(map(column_key, Header(0, "", cells).names())),
    )
    if header is None or (profile.preamble_rows is not None and header.line != profile.preamble_rows):
        return None
    return header if profile.preamble_contains in split_at_header(text, header)[0] else None


def _find_generic_header(text: str) -> Header | None:
    def is_header(cells: tuple[str, ...]) -> bool:
        return len(cells) > 1 and read_header(Header(0, "", cells).names()) is not None

    return find_header(text, _DELIMITERS, '"', is_header, rows_max=_GENERIC_HEADER_ROWS_MAX)


def _read_rows(body: str, header: Header, quote: str) -> pl.DataFrame:
    """Read the rows that are not blank, with `is_ragged`: it has more or fewer cells than the header."""
    names = header.names()
    counts = count_cells(body, header.delimiter, quote)
    cells = read_cells(body, names, header.delimiter, quote)
    _check_count(cells.height, counts.height)
    named_count = max((place for place, cell in enumerate(header.cells, start=1) if cell.strip()), default=0)
    is_ragged = (pl.col("cell_count") < named_count) | (pl.col("filled_count") > len(names))
    flags = counts.select(is_ragged.alias("is_ragged"), (pl.col("filled_count") > 0).alias("is_filled"))
    return cells.hstack(flags["is_ragged"].to_frame()).filter(flags["is_filled"])


def _check_count(read_count: int, counted: int) -> None:
    if read_count != counted:
        raise UnreadableStatement(
            f"{counted} transactions stand in the file, but {read_count} were read: a quotation mark is lost "
            "or the file is damaged; download it again from the bank"
        )


def _booked_rows(rows: pl.DataFrame, profile: BankProfile) -> pl.DataFrame:
    """Return the rows without the footer and those that the profile skips."""
    rows = rows.head(max(rows.height - profile.footer_rows, 0))
    if profile.footer_contains:
        is_date = read_dates([rows[profile.columns.booked_date]], profile.date_formats)[0].is_not_null()
        has_mark = pl.any_horizontal(cs.string().str.contains_any(list(profile.footer_contains)))
        footer = (rows.select(has_mark.alias("has_mark")).to_series() & ~is_date).arg_true()
        if footer.len():
            # A mark that stands in front of transactions is none: to believe it would lose them.
            if is_date.slice(footer[0]).any():
                raise UnreadableStatement(
                    f"a row before the last transaction looks like the footer of profile {profile.name}: "
                    "correct its footer_contains"
                )
            rows = rows.head(footer[0])
    for skipped in profile.skipped:
        values = [value.lower() for value in skipped.equals]
        rows = rows.filter(~pl.col(skipped.column).str.to_lowercase().is_in(values))
    return rows


def _read_statements(
    source: SourceFile, profile: BankProfile, preamble: str, rows: pl.DataFrame, notes: tuple[str, ...]
) -> StatementFile:
    account_id = profile.account or _found(profile.preamble.account, preamble)
    layout = Layout(profile, account_id)
    booked = _booked_rows(rows, profile)
    read = read_lines(booked, layout).with_row_index("source_row", offset=1)
    sound = _numbered(read.filter(pl.col("reason").is_null()))
    lines = sound.select(pl.col(name).cast(kind) for name, kind in LINE_COLUMNS.items())
    rejected = read.filter(pl.col("reason").is_not_null()).select(
        pl.col(name).cast(kind) for name, kind in REJECTED_COLUMNS.items()
    )
    # The rows were held against the count in the text when they were read; from here on none may be lost.
    _check_count(lines.height + rejected.height, booked.height)
    statements = make_statements(sound)
    if not statements and account_id and layout.fixed_currency():
        statements = (Statement(1, account_id, layout.fixed_currency()),)
    if len(statements) == 1:
        statements = (_with_preamble_balances(statements[0], profile, preamble),)
    return StatementFile(source, profile.name, statements, lines, rejected, booked.height, notes)


def _numbered(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `statement_number`: accounts and currencies in the order in which the file brings them."""
    own = ["account_id", "currency"]
    numbers = lines.select(own).unique(maintain_order=True).with_row_index("statement_number", offset=1)
    return lines.join(numbers, on=own, how="left", maintain_order="left")


def _with_preamble_balances(statement: Statement, profile: BankProfile, preamble: str) -> Statement:
    """Add the balances that stand above the header, where the rows do not prove any."""
    opening, closing = statement.opening_balance, statement.closing_balance
    if opening is None:
        opening = _found_amount(profile.preamble.opening_balance, preamble, profile)
    if closing is None:
        closing = _found_amount(profile.preamble.closing_balance, preamble, profile)
    closing_date = None if closing is None else statement.end_date
    return replace(statement, opening_balance=opening, closing_balance=closing, closing_date=closing_date)


def _found(pattern: str, preamble: str) -> str:
    found = re.search(pattern, preamble) if pattern else None
    text = " ".join((found[1] or "").split()) if found else ""
    compact = text.replace(" ", "")
    return compact if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", compact) else text


def _found_amount(pattern: str, preamble: str, profile: BankProfile) -> Decimal | None:
    text = _found(pattern, preamble)
    if not text:
        return None
    bare = pl.DataFrame({"text": [text]}).select(bare_amount(pl.col("text"))).to_series()
    notation = profile.notation
    amount: Decimal | None = read_bare_amounts(bare, notation.decimal_mark, notation.thousands_mark)[0]
    return amount
