"""Which of the two marks in an OFX amount is the decimal mark, decided value by value.

The standard allows point or comma and no thousands mark; banks write thousands marks all the same. What may
be read in two ways is not read. Turning the text into an amount is the business of `reconcile.money`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile.money import decimals_of, has_too_many_decimals, read_amounts

_AMOUNT_TEXT: Final = pl.col("amount_text")
_COMMAS: Final = _AMOUNT_TEXT.str.count_matches(",", literal=True)
_POINTS: Final = _AMOUNT_TEXT.str.count_matches(".", literal=True)

# One mark and then three digits, after one to three that could be thousands: 1.234, not 0.234 or 1234.567.
_MAY_BE_THOUSANDS: Final = _AMOUNT_TEXT.str.contains(r"^\D*[1-9]\d{0,2}[.,]\d{3}\D*$")

# Where both marks stand the last one is it; a mark that stands twice parts thousands, so it is the other one.
_DECIMAL_MARK: Final = (
    pl.when((_COMMAS > 0) & (_POINTS > 0))
    .then(_AMOUNT_TEXT.str.extract(r"([.,])[^.,]*$", 1))
    .when((_COMMAS == 1) | (_POINTS > 1))
    .then(pl.lit(","))
    .when((_POINTS == 1) | (_COMMAS > 1))
    .then(pl.lit("."))
)


def read_ofx_amounts(amounts: pl.DataFrame) -> pl.DataFrame:
    """Read `amount_text` into `amount`, and say in `amount_trouble` why it cannot be read.

    Args:
        amounts: has `statement_number`, `currency` (the amount's) and `amount_text` (white space folded).

    Returns:
        The same rows with `amount` (null where it cannot be read) and `amount_trouble` (what is wrong with
        the value, as the end of a sentence; null where nothing is).
    """
    marked = amounts.with_columns(decimal_mark=_DECIMAL_MARK, may_be_thousands=_MAY_BE_THOUSANDS)
    judged = marked.with_columns(is_ambiguous=_is_ambiguous(), plain=_with_decimal_point())
    read = judged.with_columns(amount=read_amounts(pl.col("plain"), decimal_mark=".", thousands_mark=","))
    troubled = read.with_columns(amount_trouble=_amount_trouble())
    sound = troubled.with_columns(pl.when(pl.col("amount_trouble").is_null()).then("amount").alias("amount"))
    return sound.drop("decimal_mark", "may_be_thousands", "is_ambiguous", "plain")


def _is_ambiguous() -> pl.Expr:
    """Return where `1.234` may be a thousand or a one.

    Three decimals are believed where the currency has three, or where a bank pads two with a zero (`-3.770`);
    but not in a statement that shows elsewhere that its decimal mark is the other one.
    """
    mark, places = pl.col("decimal_mark"), decimals_of(pl.col("currency"))
    sure_mark = pl.when(~pl.col("may_be_thousands")).then(mark)
    is_contradicted = (
        pl.when(mark == ",")
        .then((sure_mark == ".").any().over("statement_number"))
        .otherwise((sure_mark == ",").any().over("statement_number"))
    )
    is_padded = (places == 2) & _AMOUNT_TEXT.str.contains(r"0\D*$")
    return pl.col("may_be_thousands") & (is_contradicted | ~(is_padded | (places == 3)))


def _with_decimal_point() -> pl.Expr:
    swapped = _AMOUNT_TEXT.str.replace_many([",", "."], [".", ","])
    pointed = pl.when(pl.col("decimal_mark") == ",").then(swapped).otherwise(_AMOUNT_TEXT)
    return pointed.str.replace_all(r"(\d) (\d)", "${1},${2}")  # a blank inside a number parts thousands


def _amount_trouble() -> pl.Expr:
    amount, currency = pl.col("amount"), pl.col("currency")
    has_endless_decimals = pl.col("plain").str.contains(r"^[+-]? ?[\d,]*\.\d{4,}$")
    return (
        pl.when(pl.col("is_ambiguous"))
        .then(pl.lit("may be read as thousands or as decimals"))
        .when(amount.is_null() & ~has_endless_decimals)
        .then(pl.lit("is no amount"))
        .when(amount.is_null() | has_too_many_decimals(amount, currency))
        .then(pl.concat_str(pl.lit("has more decimals than "), currency, pl.lit(" has")))
    )
