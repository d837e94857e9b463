"""Why a row of a delimited file is no line: sentences that name the column, the value and what to do.

Works on whole columns, and looks only at what `delimited_lines` has read; it reads nothing itself.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile.ingest.readers.delimited_currencies import CURRENCIES
from reconcile.ingest.readers.delimited_headers import says_credit, says_debit
from reconcile.ingest.readers.delimited_layout import Layout
from reconcile.money import has_too_many_decimals

AMOUNTS: Final = ("amount", "debit", "credit")
"""The columns that may hold what a row moves; each is read as `<name>_read` from `<name>_text`."""

_QUOTED_CHARACTERS_MAX: Final = 60
_MEND: Final = "correct it or declare the bank's notation in a profile under config/banks"


def troubles(layout: Layout) -> list[pl.Expr]:
    """Return all that can be wrong with a row, the first counting: a sentence, or null where all is well."""
    return [*_row_troubles(layout), *_amount_troubles(layout), *_currency_troubles(layout)]


def _row_troubles(layout: Layout) -> list[pl.Expr]:
    columns = layout.profile.columns
    booked_text, value_text = pl.col("booked_date_text"), pl.col("value_date_text")
    torn = "it has more or fewer cells than the header: a delimiter or a quotation mark is lost; mend the row"
    is_wrong_value_date = (value_text != "") & pl.col("value_date").is_null()
    return [
        pl.when("is_ragged").then(pl.lit(torn)),
        _trouble(pl.col("booked_date").is_null(), columns.booked_date, booked_text, "is no date", _MEND),
        _trouble(is_wrong_value_date, columns.value_date, value_text, "is no date", _MEND),
    ]


def _currency_troubles(layout: Layout) -> list[pl.Expr]:
    columns, currency = layout.profile.columns, pl.col("currency")
    amount_name = columns.amount or f"{columns.debit}, {columns.credit}"
    found = [
        _trouble(
            ~currency.is_in(list(CURRENCIES)),
            columns.currency or amount_name,
            currency,
            "is no ISO 4217 currency code",
            "correct it or declare [fixed] currency in a profile under config/banks",
        )
    ]
    for role in AMOUNTS:
        name, text = getattr(columns, role), pl.col(f"{role}_text")
        beside, amount = pl.col(f"{role}_currency"), pl.col(f"{role}_read")
        is_other = (beside != "") & (beside != currency)
        is_too_fine = has_too_many_decimals(amount, currency)
        found += [
            _trouble(is_other, name, text, "names another currency than the row", "correct one of them"),
            _trouble(is_too_fine, name, text, "has more decimals than its currency", "correct it"),
        ]
    return found


def _amount_troubles(layout: Layout) -> list[pl.Expr]:
    columns = layout.profile.columns
    found = []
    for role in AMOUNTS:
        text, bare, name = pl.col(f"{role}_text"), pl.col(f"{role}_bare"), getattr(columns, role)
        is_wrong = pl.col(f"{role}_read").is_null() & ((bare != "") if columns.debit else pl.lit(value=True))
        if name:
            found.append(_trouble(is_wrong, name, text, "is no amount", _MEND))
    if columns.debit:
        found += _split_troubles(layout)
    elif columns.indicator:
        text = pl.col("indicator_text")
        is_debit, is_credit = says_debit(text, layout.debit_words()), says_credit(text, layout.credit_words())
        found += [
            _trouble(~(is_debit | is_credit), columns.indicator, text, "says neither debit nor credit",
                     "correct it or declare the word in the bank's profile"),
            _trouble(is_credit & (pl.col("amount_read") < 0), columns.amount, pl.col("amount_text"),
                     f"is negative, but column {columns.indicator!r} says credit", "correct one of them"),
        ]  # fmt: skip
    return found


def _split_troubles(layout: Layout) -> list[pl.Expr]:
    columns = layout.profile.columns
    debit, credit = pl.col("debit_read"), pl.col("credit_read")
    has_debit, has_credit = debit.fill_null(0) != 0, credit.fill_null(0) != 0
    both = f"columns {columns.debit!r} and {columns.credit!r}: "
    return [
        pl.when(has_debit & has_credit).then(pl.lit(both + "both hold an amount; leave one of them empty")),
        pl.when(~has_debit & ~has_credit).then(pl.lit(both + "neither holds an amount; fill one of them")),
        _trouble((debit < 0) & (debit > 0).any(), columns.debit, pl.col("debit_text"),
                 "is negative where other debits are positive", "say by hand whether it came in or went out"),
        _trouble(credit < 0, columns.credit, pl.col("credit_text"),
                 "is negative where a credit should be", "say by hand whether it came in or went out"),
    ]  # fmt: skip


def _trouble(is_wrong: pl.Expr, column: str, text: pl.Expr, what: str, remedy: str) -> pl.Expr:
    said = pl.concat_str(
        pl.lit(f"column {column!r}: '"),
        text.str.slice(0, _QUOTED_CHARACTERS_MAX),
        pl.lit(f"' {what}: {remedy}"),
    )
    return pl.when(is_wrong).then(said)
