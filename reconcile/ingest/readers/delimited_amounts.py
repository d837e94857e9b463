"""Amounts of a bank's columns: without the currency beside them, in the declared or the inferred notation.

A notation that the columns leave open is refused, never guessed. Turning text into an amount is the business
of `reconcile.money`; which sign a row gets is that of `delimited_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.delimited_currencies import CURRENCIES, SYMBOLS, VAGUE_SYMBOLS
from reconcile.money import has_too_many_decimals, read_amounts

_POINT, _COMMA = ".", ","

_MARK: Final = r"[A-Za-z]{3}|(?:US|R)?\$|[€£¥₹₺]|(?i:zł|kč|kr\.?|fr\.)"
_KNOWN_MARKS: Final = (*CURRENCIES, *SYMBOLS, *VAGUE_SYMBOLS)
_MARK_BEFORE: Final = rf"^([-+(]? *)({_MARK})\s*([-+(]?[0-9.,'].*)$"
_MARK_AFTER: Final = rf"^(.*[0-9).,+-])\s*({_MARK})\s*(\)?[-+]?)$"
_SIGN_APART: Final = r"^([-+(]) +"
_DEBIT_AFTER: Final = r"^(.*[0-9)])\s*(?i:dr)\.?$"
_CREDIT_AFTER: Final = r"^(.*[0-9)])\s*(?i:cr)\.?$"


def bare_amount(text: pl.Expr) -> pl.Expr:
    """Return an amount's text without the currency beside it: `-30,00 PLN`, `$ 21.59`, `0.80Dr` (a debit)."""
    signed = _with_sign(text)
    bare = signed.str.replace(_MARK_BEFORE, "${1}${3}").str.replace(_MARK_AFTER, "${1}${3}")
    known = pl.when(_mark_beside(signed).is_in(_KNOWN_MARKS)).then(bare).otherwise(signed)
    return known.str.replace(_SIGN_APART, "${1}").str.strip_chars()


def currency_beside(text: pl.Expr) -> pl.Expr:
    """Return the code of the one currency that is written beside an amount, or empty."""
    code = _mark_beside(_with_sign(text)).replace(SYMBOLS)
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
    tried = values.with_columns(
        read_bare_amounts(values["text"], mark, None).alias(mark) for mark in (_POINT, _COMMA)
    ).with_columns(
        pl.when(~has_too_many_decimals(pl.col(mark), pl.col("currency"))).then(mark).alias(mark)
        for mark in (_POINT, _COMMA)
    )
    point_count, comma_count = tried[_POINT].count(), tried[_COMMA].count()
    if point_count == comma_count:
        differing = tried.filter(pl.col(_POINT).ne_missing(pl.col(_COMMA)))
        if differing.height:
            raise UnreadableStatement(
                f"amount {differing['text'][0][:60]!r}: its mark may part decimals or thousands: declare the "
                "bank's decimal_mark in a profile under config/banks"
            )
    return _COMMA if comma_count > point_count else _POINT


def read_bare_amounts(texts: pl.Series, decimal_mark: str, thousands_mark: str | None) -> pl.Series:
    """Read bare amounts; null where the text is none.

    Thousands are parted by the mark (empty: not at all). Where it is None they are parted by the other of
    point and comma or, instead, by blanks or apostrophes.
    """
    # Each step is computed before the next one: nested, polars would compute it at each of its many mentions.
    rows, text = texts.alias("text").to_frame(), pl.col("text")
    if thousands_mark is not None:
        return rows.select(read_amounts(text, decimal_mark, thousands_mark)).to_series()
    mark = _COMMA if decimal_mark == _POINT else _POINT
    has_mark = text.str.contains(mark, literal=True)
    # No number has thousands after a zero: 0.125 is an eighth in any notation.
    is_fraction = text.str.contains(rf"^[-+(]?0[{mark} ']")
    one_mark = text.str.replace_all(r"[ ']([0-9]{3})", mark + "${1}")
    rows = rows.select(pl.when(~is_fraction & has_mark).then(text).when(~is_fraction).then(one_mark))
    return rows.select(read_amounts(text, decimal_mark, mark)).to_series()


def _with_sign(text: pl.Expr) -> pl.Expr:
    """Return the text with the usual minus and apostrophe, and a minus for `Dr` behind it."""
    plain = text.str.replace_all("[\u2212\u2013]", "-").str.replace_all("[\u2019\u00b4`]", "'")
    return plain.str.replace(_DEBIT_AFTER, "-${1}").str.replace(_CREDIT_AFTER, "${1}")


def _mark_beside(signed: pl.Expr) -> pl.Expr:
    mark = pl.coalesce(signed.str.extract(_MARK_BEFORE, 2), signed.str.extract(_MARK_AFTER, 2), pl.lit(""))
    return mark.str.to_uppercase()
