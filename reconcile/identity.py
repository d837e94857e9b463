"""Who is who: which account a statement is of, and which lines of a file are known already.

Banks reuse their ids, change them between downloads, or leave them out; twin lines are real; exports overlap; the
same account may arrive as OFX and as CSV. So a line is recognised by its content, occurrence by occurrence: the
second of two equal lines in a file is the second of two equal lines in the ledger. Rows of one file are never
repeats of each other.

Pure: frames in, frames out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from reconcile.text import skeleton

_DAY: Final = ["account_id", "booked_date"]
_ENTRY: Final = [*_DAY, "amount", "currency"]

OVERLAP_SHARE_MIN: Final = 0.5
"""A file that brings at least this share of what is known of a day repeats that day; one that brings less goes on
with it. Only in a repeated day may a line be recognised although its bank id changed or is missing."""

ACCOUNT_SUFFIX_MIN: Final = 5
"""How many characters two spellings of an account must share at their end to be the same account."""


def with_content_keys(lines: pl.DataFrame) -> pl.DataFrame:
    """Add what lines are compared by.

    `text_key` is the letters and digits of all text; `ascii_key` those that every charset writes alike: what is left
    of a text whose other letters were lost, replaced or mistaken on the way.
    """
    text = pl.concat_str("counterparty_name", "remittance_text", "payment_reference", separator=" ")
    return lines.with_columns(
        text_key=skeleton(text), ascii_key=text.str.replace_all(r"[^A-Za-z0-9]", "").str.to_uppercase()
    )


def recognise(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Say which lines of one file are known already.

    Args:
        new: the file's lines with `account_id`, `layout`, the columns of `StatementLine` and the content keys.
        known: lines of the same accounts from the ledger and from earlier files, with the same columns and `line_id`.

    Returns:
        `new` with two columns more: `line_id` (of the known line that it repeats; null for a new line) and
        `occurrence` (1-based, among equal lines of that account and day, known ones included).
    """
    digits = pl.col("text_key").str.replace_all(r"\D", "").alias("digits")
    fresh = new.sort("source_row").with_row_index("new_row").with_columns(digits)
    old = known.sort("line_id").with_row_index("known_row").with_columns(digits)
    pairs: pl.DataFrame = pl.DataFrame(schema={"new_row": pl.UInt32, "known_row": pl.UInt32})

    def pair_off(
        key: Sequence[str],
        days: pl.DataFrame | None = None,
        *,
        among: pl.DataFrame = old,
        needs_bank_reference: bool = False,
    ) -> None:
        nonlocal pairs
        left = fresh.join(pairs, on="new_row", how="anti")
        right = among.join(pairs, on="known_row", how="anti")
        if needs_bank_reference:
            left, right = (side.filter(pl.col("bank_reference") != "") for side in (left, right))
        if days is not None:
            left = left.join(days, on=_DAY, how="semi")
        occurrence = pl.int_range(pl.len()).over(key).alias("nth")
        found = left.with_columns(occurrence).join(right.with_columns(occurrence), on=[*key, "nth"], how="inner")
        pairs = pl.concat([pairs, found.select("new_row", "known_row")])

    pair_off([*_ENTRY, "bank_reference", "text_key"], needs_bank_reference=True)
    pair_off([*_ENTRY, "bank_reference", "ascii_key"], needs_bank_reference=True)
    by_id = pairs
    pair_off([*_ENTRY, "text_key"], _repeated_days(fresh, old, [*_ENTRY, "text_key"]))
    pairs = pairs.join(_new_twins(fresh, old, by_id, pairs), on="new_row", how="anti")
    for layout in fresh["layout"].unique().to_list():
        others = old.filter(pl.col("layout") != layout)
        days = _repeated_days(fresh, others, _ENTRY)
        pair_off([*_ENTRY, "digits"], days, among=others)
        pair_off(_ENTRY, days, among=others)

    equals = [*_ENTRY, "bank_reference", "text_key"]
    counted = old.group_by(equals).agg(known_equals=pl.len())
    return (
        fresh.join(pairs.join(old.select("known_row", "line_id"), on="known_row"), on="new_row", how="left")
        .join(counted, on=equals, how="left")
        .with_columns(
            occurrence=pl.col("known_equals").fill_null(0).cast(pl.Int64)
            + pl.col("line_id").is_null().cast(pl.Int64).cum_sum().over(equals)
        )
        .sort("source_row")
        .drop("new_row", "known_row", "known_equals", "digits")
    )


def _new_twins(fresh: pl.DataFrame, old: pl.DataFrame, by_id: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the rows (`new_row`) that bring a new twin of lines that the file repeats by their ids.

    Only where the bank's ids hold in this account: no line came again under another id, and no id stands for another
    entry. Otherwise a changed id proves nothing, and the row repeats the twin that is left.
    """
    content = [*_ENTRY, "text_key"]
    repeated = by_id.join(fresh, on="new_row").select(content).unique()
    changed = (
        pairs.join(by_id, on="new_row", how="anti")
        .join(fresh.select("new_row", "bank_reference", *content), on="new_row")
        .join(old.select("known_row", known_reference="bank_reference"), on="known_row")
        .filter((pl.col("bank_reference") != "") & (pl.col("known_reference") != ""))
    )
    entry = ("booked_date", "amount", "ascii_key")
    is_another = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_known") for name in entry)
    given_again = (
        fresh.filter(pl.col("bank_reference") != "")
        .join(old, on=["account_id", "bank_reference"], suffix="_known")
        .filter(is_another)
    )
    unsteady = pl.concat(
        [changed.join(repeated, on=content, how="anti").select("account_id"), given_again.select("account_id")]
    )
    return changed.join(repeated, on=content, how="semi").join(unsteady, on="account_id", how="anti").select("new_row")


def _repeated_days(new: pl.DataFrame, known: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return the (account, day) pairs of which `new` brings at least half of what is known, compared by `key`."""
    nth = pl.int_range(pl.len()).over(key).alias("nth")
    brought = (
        known.with_columns(nth)
        .join(new.with_columns(nth).select(*key, "nth"), on=[*key, "nth"], how="semi")
        .group_by(_DAY)
        .agg(brought=pl.len())
    )
    return (
        known.group_by(_DAY)
        .agg(total=pl.len())
        .join(brought, on=_DAY)
        .filter(pl.col("brought") >= OVERLAP_SHARE_MIN * pl.col("total"))
        .select(_DAY)
    )


def is_same_account(one: str, other: str) -> bool:
    """Say whether two spellings name one account.

    A file writes `BANKID/ACCTID`, another the IBAN or the bare number: the shorter number, without separators and
    leading zeros, must be the end of the longer, and where both name the bank, the bank must agree.
    """
    if _compact(one) == _compact(other):
        return True
    (bank, number), (other_bank, other_number) = _split(one), _split(other)
    if bank and other_bank:
        return bank == other_bank and number == other_number
    short, long = sorted((number, other_number), key=len)
    named_bank = bank or other_bank
    is_iban = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", long) is not None
    return (
        len(short) >= ACCOUNT_SUFFIX_MIN
        and long.endswith(short)
        and (long == short or (is_iban and (not named_bank or named_bank in long)))
    )


def canonical_account(account_id: str, known: Iterable[str]) -> str:
    """Return the known spelling of an account, or its own where it is new. Known spellings are tried in order."""
    if not account_id:
        return ""
    return next((other for other in known if is_same_account(account_id, other)), account_id)


def account_by_content(lines: pl.DataFrame, known: pl.DataFrame) -> str | None:
    """Return the one account whose known lines these lines bring again, or None where there is none or several.

    A CSV often names no account. Where it brings again, entry by entry, what is known of one account (the same
    bank id or the same text on the same day and amount), and of no other, it is that account's. The other way
    round the same: an account that arrives by name after its lines arrived without.
    """
    content = ["booked_date", "amount", "currency"]
    brought_again = [
        known.join(lines.filter(pl.col(key) != "").select(*content, key).unique(), on=[*content, key], how="semi")
        for key in ("bank_reference", "text_key")
    ]
    accounts = pl.concat([frame.select("account_id") for frame in brought_again])["account_id"].unique().to_list()
    return accounts[0] if len(accounts) == 1 else None


def unnamed_account(currency: str) -> str:
    """Return the id under which the lines of files that name no account are kept."""
    return f"unnamed/{currency}"


def _compact(account: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", account.upper())


def _split(account: str) -> tuple[str, str]:
    bank, _, number = account.rpartition("/")
    return _compact(bank), _compact(number).lstrip("0")
