"""Amounts of a bank's columns: without the currency beside them, in the declared or the inferred notation.

A notation that the columns leave open is refused, never guessed. Turning text into an amount is the business
of `reconcile.money`; which sign a row gets is that of `delimited_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.delimited_currencies import CURRENCIES, SYMBOLS, VAGUE_SYMBOLS
from reconcile.money import has_too_many_decimals, read_amounts

_POINT, _COMMA = ".", ","

# The longest first, so that R$ is not taken for $.
_MARKS: Final = sorted((*CURRENCIES, *SYMBOLS, *VAGUE_SYMBOLS), key=len, reverse=True)
_MARK: Final = f"(?i:{'|'.join(map(re.escape, _MARKS))})"
_MARK_BEFORE: Final = rf"^([-+(]? *)({_MARK})\s*([-+(]?[0-9.,'].*)$"
_MARK_AFTER: Final = rf"^(.*[0-9).,+-])\s*({_MARK})\s*(\)?[-+]?)$"
_SIGN_APART: Final = r"^([-+(]) +"
_DEBIT_AFTER: Final = r"^(.*[0-9)])\s*(?i:dr)\.?$"
_CREDIT_AFTER: Final = r"^(.*[0-9)])\s*(?i:cr)\.?$"


def bare_amount(text: pl.Expr) -> pl.Expr:
    """Return an amount's text without the currency beside it: `-30,00 PLN`, `$ 21.59`, `0.80Dr` (a debit)."""
    plain = _plain(text)
    signed = (
        pl.when(plain.str.contains(_DEBIT_AFTER)).then(plain.str.replace(_DEBIT_AFTER, "-${1}"))
        .otherwise(plain.str.replace(_CREDIT_AFTER, "${1}"))
    )  # fmt: skip
    bare = signed.str.replace(_MARK_BEFORE, "${1}${3}").str.replace(_MARK_AFTER, "${1}${3}")
    return bare.str.replace(_SIGN_APART, "${1}").str.strip_chars()


def currency_beside(text: pl.Expr) -> pl.Expr:
    """Return the code of the one currency that is written beside an amount, or empty."""
    plain = _plain(text).str.replace(r"(?i)\s*[cd]r\.?$", "")
    mark = pl.coalesce(plain.str.extract(_MARK_BEFORE, 2), plain.str.extract(_MARK_AFTER, 2)).fill_null("")
    code = mark.str.to_uppercase().replace(SYMBOLS)
    return pl.when(code.is_in(list(CURRENCIES))).then(code).otherwise(pl.lit(""))


def settle_notation(columns: Sequence[pl.Series], currency: pl.Series) -> str:
    """Return the decimal mark that the amounts of all the columns together show.

    Each mark is tried on every value, with the decimals that the value's currency has.

    Args:
        columns: bare amounts; empty where there is none.
        currency: codes, as long as each of the columns.

    Raises:
        UnreadableStatement: both marks read the values, as different amounts.
    """
    stacked = [pl.DataFrame({"text": column, "currency": currency}) for column in columns]
    values = pl.concat(stacked).filter(pl.col("text") != "")
    tried = values.with_columns(_fitting(mark).alias(mark) for mark in (_POINT, _COMMA))
    reads_point, reads_comma = tried[_POINT].is_not_null(), tried[_COMMA].is_not_null()
    point_count, comma_count = reads_point.sum(), reads_comma.sum()
    if point_count == comma_count:
        differing = tried.filter(pl.col(_POINT).ne_missing(pl.col(_COMMA)))
        if differing.height:
            raise UnreadableStatement(
                f"amount {differing['text'][0][:60]!r}: its mark may part decimals or thousands: declare the "
                "bank's decimal_mark in a profile under config/banks"
            )
    return _COMMA if comma_count > point_count else _POINT


def read_bare_amounts(text: pl.Expr, decimal_mark: str, thousands_mark: str | None) -> pl.Expr:
    """Read bare amounts; null where the text is none.

    Thousands are parted by the mark (empty: not at all), or by any usual one where it is None.
    """
    if thousands_mark is None:
        return _with_any_thousands_mark(text, decimal_mark)
    return read_amounts(text, decimal_mark, thousands_mark)


def _fitting(decimal_mark: str) -> pl.Expr:
    amount = _with_any_thousands_mark(pl.col("text"), decimal_mark)
    return pl.when(~has_too_many_decimals(amount, pl.col("currency"))).then(amount)


def _with_any_thousands_mark(text: pl.Expr, decimal_mark: str) -> pl.Expr:
    """Read amounts whose thousands are parted by the other mark, by blanks or by apostrophes, but not by a mixture."""
    mark = _COMMA if decimal_mark == _POINT else _POINT
    one_mark = (
        pl.when(text.str.contains(mark, literal=True))
        .then(text)
        .otherwise(text.str.replace_all(r"[ ']([0-9]{3})", mark + "${1}"))
    )
    # No number has thousands after a zero: 0.125 is an eighth in any notation.
    has_no_thousands = text.str.contains(rf"^[-+(]?0[{mark} ']")
    return pl.when(~has_no_thousands).then(read_amounts(one_mark, decimal_mark, mark))


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[\u2212\u2013]", "-").str.replace_all("[\u2019\u00b4`]", "'")
