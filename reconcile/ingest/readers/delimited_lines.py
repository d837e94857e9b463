"""From the cells of a delimited file to its lines, each sound or with the reason why it is not.

Works on whole columns. It decides neither the file's layout nor what becomes of a rejected row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.delimited_amounts import (
    bare_amount,
    currency_beside,
    read_bare_amounts,
    settle_notation,
)
from reconcile.ingest.readers.delimited_currencies import SYMBOLS
from reconcile.ingest.readers.delimited_dates import read_dates
from reconcile.ingest.readers.delimited_headers import says_debit
from reconcile.ingest.readers.delimited_layout import Layout
from reconcile.ingest.readers.delimited_rejections import AMOUNTS, troubles
from reconcile.money import MONEY

_PLACEHOLDERS: Final = ("notprovided", "nonref")

_DATES: Final = ("booked_date", "value_date")
_LINE_TEXTS: Final = (
    "bank_reference",
    "transaction_type",
    "counterparty_name",
    "counterparty_account",
    "remittance_text",
    "payment_reference",
)


def read_lines(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Read rows into lines.

    Args:
        cells: one row per transaction, all text, with `is_ragged` (boolean).
        layout: which column says what.

    Returns:
        In the same order, the columns of a line but for its numbers, and `account_id`, `balance` (null where
        there is none) and `reason` (null where the line is sound; its other values then hold).

    Raises:
        UnreadableStatement: no currency, or an ambiguous notation of dates or amounts.
    """
    columns = layout.profile.columns
    named = {name: getattr(columns, name) for name in (*_DATES, *AMOUNTS, "balance", "indicator")}
    rows = cells.select(
        "is_ragged",
        *(_cell(name).alias(f"{role}_text") for role, name in named.items()),
        *(bare_amount(_cell(named[role])).alias(f"{role}_bare") for role in (*AMOUNTS, "balance")),
        *(currency_beside(_cell(named[role])).alias(f"{role}_currency") for role in AMOUNTS),
        _cell(columns.currency).str.to_uppercase().replace(SYMBOLS).alias("currency"),
        *_texts(layout),
    )
    rows = _with_currency(rows, layout)
    rows = _with_dates(rows, layout)
    rows = _with_amounts(rows, layout)
    reason = pl.coalesce(troubles(layout))
    party = pl.when(pl.col("amount") < 0).then("payee_name").otherwise("payer_name").alias("counterparty_name")
    has_pair = bool(columns.payer_name or columns.payee_name)
    return (
        rows.with_columns(_signed(layout).cast(MONEY).alias("amount"), pl.col("balance_read").alias("balance"))
        .with_columns(party if has_pair else pl.col("counterparty_name"), reason.alias("reason"))
        .select(*_LINE_TEXTS, *_DATES, "amount", "currency", "account_id", "balance", "reason")
    )


def _cell(name: str) -> pl.Expr:
    return pl.col(name) if name else pl.lit("")


def _texts(layout: Layout) -> list[pl.Expr]:
    """Return the columns of a line that are text."""
    profile, columns = layout.profile, layout.profile.columns
    blank = "" if profile.is_remittance_text_joined else " "
    parts = [_without_placeholder(name) for name in columns.account]
    account = pl.concat_str(parts, separator="/").str.strip_chars("/") if parts else pl.lit("")
    named = pl.when(account != "").then(account).otherwise(pl.lit(layout.account_id))
    return [
        _compact_iban(named.str.replace_all("'", "", literal=True)).alias("account_id"),
        _first_filled(columns.counterparty_name).alias("counterparty_name"),
        _without_placeholder(columns.payer_name).alias("payer_name"),
        _without_placeholder(columns.payee_name).alias("payee_name"),
        _compact_iban(_without_placeholder(columns.counterparty_account)).alias("counterparty_account"),
        _joined(columns.remittance_text, blank).alias("remittance_text"),
        _joined(columns.payment_reference, " ").alias("payment_reference"),
        _without_placeholder(columns.bank_reference).alias("bank_reference"),
        _without_placeholder(columns.transaction_type).alias("transaction_type"),
    ]


def _without_placeholder(name: str) -> pl.Expr:
    text = _cell(name)
    return pl.when(text.str.to_lowercase().is_in(_PLACEHOLDERS)).then(pl.lit("")).otherwise(text)


def _first_filled(names: Sequence[str]) -> pl.Expr:
    texts = [_without_placeholder(name) for name in names]
    return pl.coalesce(*(pl.when(text != "").then(text) for text in texts), pl.lit(""))


def _joined(names: Sequence[str], blank: str) -> pl.Expr:
    if not names:
        return pl.lit("")
    filled = [pl.when(text != "").then(text) for text in map(_without_placeholder, names)]
    return pl.concat_str(filled, separator=blank, ignore_nulls=True)


def _compact_iban(text: pl.Expr) -> pl.Expr:
    compact = text.str.replace_all(" ", "", literal=True)
    return pl.when(compact.str.contains(r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")).then(compact).otherwise(text)


def _with_currency(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Complete `currency` from the profile or the header or, without any of these, from beside the amount."""
    column, fixed = layout.profile.columns.currency, layout.fixed_currency()
    if not column and not fixed:
        beside = pl.concat_str(f"{role}_currency" for role in AMOUNTS).str.slice(0, 3)
        rows = rows.with_columns(beside.alias("currency"))
        if rows.height and (rows["currency"] == "").all():
            raise UnreadableStatement(
                "no column says the currency: declare [fixed] currency in a profile under config/banks"
            )
    code = pl.col("currency")
    return rows.with_columns(pl.when(code != "").then(code).otherwise(pl.lit(fixed)).alias("currency"))


def _with_dates(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    # The cells of a torn row stand in wrong columns: no evidence for how the bank writes dates.
    texts = [
        rows.select(pl.when(~pl.col("is_ragged")).then(f"{role}_text").otherwise(pl.lit(""))).to_series()
        for role in _DATES
    ]
    read = read_dates(texts, layout.profile.date_formats)
    return rows.with_columns(date.alias(role) for role, date in zip(_DATES, read, strict=True))


def _with_amounts(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    columns, decimal_mark = layout.profile.columns, layout.profile.notation.decimal_mark
    thousands_mark = layout.profile.notation.thousands_mark if decimal_mark else None
    if not decimal_mark:
        sound = rows.filter(~pl.col("is_ragged"))
        bare = [sound[f"{role}_bare"] for role in AMOUNTS if getattr(columns, role)]
        decimal_mark = settle_notation(bare, sound["currency"])
    read = []
    for role in (*AMOUNTS, "balance"):
        absent = pl.repeat(None, rows.height, dtype=MONEY, eager=True)
        bare_texts = rows[f"{role}_bare"]
        is_there = bool(getattr(columns, role))
        amounts = read_bare_amounts(bare_texts, decimal_mark, thousands_mark) if is_there else absent
        read.append(amounts.alias(f"{role}_read"))
    return rows.hstack(read)


def _signed(layout: Layout) -> pl.Expr:
    """Return the amount as the account's owner sees it: positive came in."""
    profile = layout.profile
    amount, debit, credit = pl.col("amount_read"), pl.col("debit_read"), pl.col("credit_read")
    if profile.columns.debit:
        # Some banks write a minus before each debit. Then none is positive.
        is_signed_already = (debit > 0).sum() == 0
        out = pl.when(is_signed_already).then(debit).otherwise(-debit)
        signed = pl.when(debit.fill_null(0) != 0).then(out).otherwise(credit)
    elif profile.columns.indicator:
        signed = (
            pl.when(says_debit(pl.col("indicator_text"), layout.debit_words())).then(-amount.abs()).otherwise(amount)
        )
    else:
        signed = amount
    return -signed if profile.notation.is_inverted else signed
