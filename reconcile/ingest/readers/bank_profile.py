"""What a bank's layout of its delimited statements consists of.

Plain facts without behaviour; `bank_profiles` reads them from TOML, `delimited` reads statements by them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

GENERIC: Final = "csv"
"""The name of the layout that is recognised by its header words; no profile may take it."""


@dataclass(frozen=True)
class Columns:
    """Which column of the bank's file says what; empty where the file does not say it.

    A column whose name stands twice is `Name#2`; one without a name is `#` and its place in the header
    (`#13`).
    """

    booked_date: str
    value_date: str = ""
    amount: str = ""
    debit: str = ""
    credit: str = ""
    indicator: str = ""
    currency: str = ""
    account: tuple[str, ...] = ()
    counterparty_name: tuple[str, ...] = ()
    payer_name: str = ""
    payee_name: str = ""
    counterparty_account: str = ""
    remittance_text: tuple[str, ...] = ()
    payment_reference: tuple[str, ...] = ()
    bank_reference: str = ""
    transaction_type: str = ""
    balance: str = ""

    def named(self) -> tuple[str, ...]:
        """Return every column that is named here, once, in the order of the fields."""
        found: dict[str, None] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            found.update(dict.fromkeys((value,) if isinstance(value, str) else value))
        return tuple(name for name in found if name)


@dataclass(frozen=True)
class AmountNotation:
    """How the bank writes amounts. An empty `decimal_mark` leaves it to be inferred from the whole column."""

    decimal_mark: str = ""
    thousands_mark: str = ""
    is_inverted: bool = False
    debit_words: tuple[str, ...] = ()
    credit_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreamblePatterns:
    """Where the rows above the header name the account and its balances; each has one group."""

    account: str = ""
    opening_balance: str = ""
    closing_balance: str = ""


@dataclass(frozen=True)
class SkippedRows:
    """Rows that are no booked transactions (pending ones, balances), known by a column's value."""

    column: str
    equals: tuple[str, ...]


@dataclass(frozen=True)
class BankProfile:
    """One bank's layout.

    `encoding` is empty where the bytes decide, `date_formats` where the column does.
    """

    name: str
    header: tuple[str, ...]
    columns: Columns
    encoding: str = ""
    delimiters: tuple[str, ...] = (",",)
    quote: str = '"'
    preamble_contains: str = ""
    preamble_rows: int | None = None
    footer_rows: int = 0
    footer_contains: tuple[str, ...] = ()
    is_remittance_text_joined: bool = False
    notation: AmountNotation = AmountNotation()
    date_formats: tuple[str, ...] = ()
    account: str = ""
    currency: str = ""
    preamble: PreamblePatterns = PreamblePatterns()
    skipped: tuple[SkippedRows, ...] = ()
