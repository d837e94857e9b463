"""Money as text, as exact decimals, and as a currency's own number of decimals.

Nothing here rounds and nothing guesses: text that is no amount in the stated notation is refused.
No other module turns text into an amount.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import polars as pl

MONEY: Final = pl.Decimal(18, 3)
"""The type of every amount in a frame; `DECIMAL(18, 3)` in SQL."""

AMOUNT_MAX: Final = Decimal("999999999999999.999")
"""The largest amount that `MONEY` holds."""

# ISO 4217: currencies whose number of decimals is not two, as of its 2024 list of active codes.
_DECIMALS: Final[dict[str, int]] = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
         "XAF", "XOF", "XPF"),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip


def decimals(currency: str) -> int:
    """Return how many decimals an amount in this currency may have (ISO 4217: JPY 0, EUR 2, KWD 3)."""
    return _DECIMALS.get(currency, 2)


def decimals_of(currency: pl.Expr) -> pl.Expr:
    """Return `decimals` for a column of currency codes."""
    return currency.replace_strict(_DECIMALS, default=2, return_dtype=pl.Int64)


def read_amounts(text: pl.Expr, decimal_mark: str = ".", thousands_mark: str = "") -> pl.Expr:
    """Read a column of amounts written in one stated notation; null where the text is no amount.

    `text` is trimmed; it may carry a leading or trailing sign or stand in parentheses (negative). The thousands
    mark, where one is stated, may only stand where thousands end. `NaN`, `1e3`, `Infinity`, `0x1` and more than
    three decimals that matter are no amounts: the column is null there, and the caller rejects the row.
    A blank thousands mark stands for any kind of blank (no-break and thin ones too).
    """
    mark = _escaped(decimal_mark)
    blank = thousands_mark.strip() == "" and thousands_mark != ""
    thousands = r"[\s\u00a0\u2009\u202f]" if blank else _escaped(thousands_mark)
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|" if thousands_mark else ""
    number = rf"(?:{grouped}\d+)?(?:{mark}\d*)?"
    trimmed = text.str.strip_chars().str.replace_all("\u2212", "-", literal=True)
    negative = (
        trimmed.str.starts_with("-")
        | trimmed.str.ends_with("-")
        | (trimmed.str.starts_with("(") & trimmed.str.ends_with(")"))
    )
    bare = (
        pl.when(trimmed.str.contains(r"^\(.*\)$"))
        .then(trimmed.str.replace(r"^\((.*)\)$", "$1"))
        .when(trimmed.str.contains(r"^[+-]"))
        .then(trimmed.str.replace(r"^[+-]\s*", ""))
        .otherwise(trimmed.str.replace(r"\s*[+-]$", ""))
    )
    sound = bare.str.contains(rf"^{number}$") & bare.str.contains(r"\d")
    plain = bare.str.replace_all(thousands, "") if thousands_mark else bare
    if decimal_mark != ".":
        plain = plain.str.replace(decimal_mark, ".", literal=True)
    whole = plain.str.extract(r"^(\d*)", 1).str.strip_chars_start("0")
    fraction = plain.str.extract(r"\.(\d*)$", 1).fill_null("").str.strip_chars_end("0")
    fits = (whole.str.len_chars() <= 15) & (fraction.str.len_chars() <= 3)
    digits = pl.concat_str(
        pl.when(negative).then(pl.lit("-")).otherwise(pl.lit("")),
        pl.when(whole == "").then(pl.lit("0")).otherwise(whole),
        pl.lit("."),
        fraction.str.pad_end(3, "0"),
    )
    return pl.when(sound & fits).then(digits).otherwise(None).str.to_decimal(scale=3).cast(MONEY)


def read_amount(text: str) -> Decimal | None:
    """Read one amount as a person types it, `1204.50`, without sign or thousands mark; None where it is none."""
    plain = text.strip()
    return Decimal(plain) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", plain) else None


def fits(amount: Decimal, currency: str) -> bool:
    """Say whether an amount is finite, can be held, and has no more decimals than its currency."""
    if not amount.is_finite() or abs(amount) > AMOUNT_MAX:
        return False
    return -int(amount.normalize().as_tuple().exponent) <= decimals(currency)


def has_too_many_decimals(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """Return where an amount has more decimals than its currency (12.345 EUR, 1.5 JPY)."""
    text = amount.cast(pl.String).str.extract(r"\.(\d*)$", 1).fill_null("").str.strip_chars_end("0")
    return text.str.len_chars().cast(pl.Int64) > decimals_of(currency)


def written(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency's decimals, as `1204.50`; more where it has more that matter."""
    exact = amount.normalize()
    places = max(decimals(currency), -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f}"


def written_all(amount: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """Write a column of amounts with their currencies' decimals, as `written` does."""
    text = amount.cast(MONEY).cast(pl.String)
    drop = 3 - decimals_of(currency)
    whole = text.str.extract(r"^(-?\d+)", 1)
    fraction = text.str.extract(r"\.(\d*)$", 1).fill_null("").str.pad_end(3, "0")
    places = pl.max_horizontal(3 - drop, fraction.str.strip_chars_end("0").str.len_chars().cast(pl.Int64))
    return pl.when(places > 0).then(pl.concat_str(whole, pl.lit("."), fraction.str.slice(0, places))).otherwise(whole)


def _escaped(mark: str) -> str:
    return "".join(f"\\{c}" for c in mark)
