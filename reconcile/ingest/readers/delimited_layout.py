"""Which column of one file says what: from the bank's profile, or explained by the header and the values.

It reads no rows into lines, and chooses no layout; `delimited` does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.bank_profile import GENERIC, BankProfile, Columns
from reconcile.ingest.readers.delimited_amounts import bare_amount
from reconcile.ingest.readers.delimited_headers import currency_in_header, read_header, settle_columns
from reconcile.ingest.readers.delimited_text import Header
from reconcile.ingest.readers.delimited_words import CREDIT_WORDS, DEBIT_WORDS

GENERIC_PROFILE: Final = BankProfile(name=GENERIC, header=(), columns=Columns(booked_date=""))
"""What holds for a file that no profile describes: everything is inferred."""


@dataclass(frozen=True)
class Layout:
    """A profile whose columns are those of one file, and the account that the file's preamble names."""

    profile: BankProfile
    account_id: str = ""

    def debit_words(self) -> Sequence[str]:
        """Return the words of an indicator that mean: money went out."""
        return self.profile.notation.debit_words or DEBIT_WORDS

    def credit_words(self) -> Sequence[str]:
        """Return the words of an indicator that mean: money came in."""
        return self.profile.notation.credit_words or CREDIT_WORDS

    def fixed_currency(self) -> str:
        """Return the currency of all the file's rows, from the profile or the amount's header, or empty."""
        columns = self.profile.columns
        named = {currency_in_header(name) for name in (columns.amount, columns.debit, columns.credit) if name}
        return self.profile.currency or (named.pop() if len(named) == 1 else "")


def column_key(name: str) -> str:
    """Return a column's name as headers are compared with profiles: white space and capitals do not count."""
    return " ".join(name.split()).casefold()


def resolved(profile: BankProfile, header: Header) -> tuple[BankProfile, tuple[str, ...]]:
    """Return the profile with its columns as this file spells them, and notes about those it does not have.

    Raises:
        UnreadableStatement: a column is missing without which no row can be read or left out.
    """
    spelled = {column_key(name): name for name in header.names()}
    needed = [getattr(profile.columns, role) for role in ("booked_date", "amount", "debit", "credit", "indicator")]
    needed += [skipped.column for skipped in profile.skipped]
    for name in filter(None, needed):
        if column_key(name) not in spelled:
            raise UnreadableStatement(f"its header has no column {name!r}, which the profile {profile.name} needs")
    missing = [name for name in profile.columns.named() if column_key(name) not in spelled]
    found: dict[str, str | tuple[str, ...]] = {}
    for field in fields(Columns):
        named = getattr(profile.columns, field.name)
        if isinstance(named, str):
            found[field.name] = spelled.get(column_key(named), "")
        else:
            found[field.name] = tuple(spelled[column_key(name)] for name in named if column_key(name) in spelled)
    skipped = tuple(replace(one, column=spelled[column_key(one.column)]) for one in profile.skipped)
    notes = (f"its header has no column {', '.join(map(repr, missing))}; left empty",) if missing else ()
    columns = Columns(**found)  # type: ignore[arg-type]  # each field keeps the kind that it had
    return replace(profile, columns=columns, skipped=skipped), notes


def explained(header: Header, rows: pl.DataFrame) -> BankProfile:
    """Return a profile made from the header's words and the values of the rows."""
    reading = read_header(header.names())
    if reading is None:
        raise UnreadableStatement("it has no header row that is known: declare it in a profile under config/banks")
    amount = reading.columns.amount
    is_negative = bare_amount(pl.col(amount)).str.contains(r"^[-(]|-$") if amount else pl.lit(value=False)
    columns = settle_columns(reading, rows.filter(~pl.col("is_ragged")), is_negative)
    return replace(GENERIC_PROFILE, columns=columns)
