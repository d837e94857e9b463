"""Lay out what is matched, as tables of the run: lines and their words, items and their numbers, customers and names.

Splitting text into words is a row's own affair and is done in polars; everything that joins rows is SQL.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import duckdb
import polars as pl

from reconcile.match.words import words
from reconcile.money import MONEY, decimals_of
from reconcile.sql import given
from reconcile.text import normalised, skeleton

_WORD: Final = r"[\p{L}\p{N}]*\p{L}[\p{L}\p{N}]*"
_TWO_LETTERS: Final = {"AE": "A", "OE": "O", "UE": "U", "AA": "A"}
_UNITS: Final = {0: "1", 2: "0.01", 3: "0.001"}


def lay_out_lines(con: duckdb.DuckDBPyConnection, lines: pl.DataFrame) -> None:
    """Make `match_all_lines` (one row per undecided line) and `match_line_words` (one row per word of it)."""
    text = pl.concat_str("counterparty_name", "payment_reference", "remittance_text", separator=" / ")
    unit = decimals_of(pl.col("currency")).replace_strict(_UNITS, return_dtype=pl.String).str.to_decimal(scale=3)
    keyed = lines.select(
        "line_id",
        "account_id",
        "booked_date",
        "amount",
        "currency",
        unit.cast(MONEY).alias("smallest_unit"),
        normalised(text).alias("words_text"),
        "text_key",
        skeleton(pl.col("counterparty_account")).alias("counterparty_account"),
        normalised(pl.col("counterparty_name")).alias("name_text"),
        _folded(skeleton(pl.col("counterparty_name"))).alias("name_key"),
        normalised(pl.col("remittance_text")).alias("memo_text"),
    ).with_columns(reference_text=pl.col("words_text"))
    table(con, "match_all_lines", keyed.drop("name_text", "memo_text"))
    parts = [
        _words(keyed.select("line_id", pl.col(column).alias("text")), ["line_id"]).with_columns(
            is_payer_name=pl.lit(column == "name_text")
        )
        for column in ("name_text", "memo_text")
    ]
    named = keyed.filter(pl.col("name_text") != "").select("line_id").with_columns(has_payer_name=True)
    every = (
        pl.concat(parts)
        .group_by("line_id", "word")
        .agg(
            pl.col("is_payer_name").any(),
            pl.col("is_last").any(),
            pl.col("is_legal_form").all(),
            pl.col("is_suffix").all(),
        )
        .join(named, on="line_id", how="left")
        .with_columns(pl.col("has_payer_name").fill_null(value=False))
    )
    table(con, "match_line_words", every.sort("line_id", "word"))


def lay_out_customers(con: duckdb.DuckDBPyConnection, customers: pl.DataFrame) -> None:
    """Make `match_customers`, `match_names` (one row per name or alias) and `match_name_words`."""
    accounts = customers.select(
        "customer_id",
        skeleton(pl.col("iban")).alias("iban"),
        skeleton(pl.col("account")).alias("account"),
        pl.when(pl.col("parent_id") == "").then("customer_id").otherwise("parent_id").alias("family_id"),
    )
    table(con, "match_customers", accounts)
    names = (
        customers.select("customer_id", pl.concat_str("name", "aliases", separator="|").str.split("|").alias("name"))
        .explode("name")
        .with_columns(name=normalised(pl.col("name")))
        .filter(pl.col("name") != "")
        .unique()
        .sort("customer_id", "name")
        .with_row_index("name_id")
        .with_columns(pl.col("name_id").cast(pl.Int64))
    )
    name_words = _words(names.select("name_id", pl.col("name").alias("text")), ["name_id"])
    compact = name_words.group_by("name_id", maintain_order=True).agg(
        first_word=pl.col("word").first(),
        compact_name=pl.col("word").filter(~pl.col("is_legal_form")).str.join(""),
        full_compact_name=pl.col("word").str.join(""),
    )
    table(con, "match_names", names.join(compact, on="name_id", how="inner"))
    table(con, "match_bank_words", pl.DataFrame({"word": words("bank_words")}))
    table(con, "match_form_beginnings", pl.DataFrame({"beginning": ["", *_beginnings(words("legal_forms"), 1)]}))
    table(
        con,
        "match_name_words",
        name_words.select("name_id", "word", "is_legal_form", "is_suffix").unique().sort("name_id", "word"),
    )


def lay_out_learned_payers(con: duckdb.DuckDBPyConnection, learned: pl.DataFrame) -> None:
    """Make `match_learned_payers`: one row per account or name that people taught, spelt as those of lines are."""
    spelt = skeleton(pl.col("alias"))
    keyed = learned.with_columns(alias=pl.when(pl.col("kind") == "name").then(_folded(spelt)).otherwise(spelt))
    table(con, "match_learned_payers", keyed)


def lay_out_items(con: duckdb.DuckDBPyConnection, items: pl.DataFrame) -> None:
    """Make `match_all_items`: one row per known invoice or credit note, and how its number is compared."""
    keyed = items.with_columns(
        number_text=normalised(pl.col("invoice_number")),
        number_key=skeleton(pl.col("invoice_number")),
        creditor_text=skeleton(pl.col("creditor_reference")),
        order_text=skeleton(pl.col("purchase_order")),
        decimals=decimals_of(pl.col("currency")),
    )
    table(con, "match_all_items", keyed)


def lay_out_remittances(con: duckdb.DuckDBPyConnection, remittances: pl.DataFrame) -> None:
    """Make `match_remittances`: one row per invoice that an advice lists, with its names run together."""
    keyed = remittances.with_columns(
        reference_key=skeleton(pl.col("remittance_id")),
        payment_key=skeleton(pl.col("payment_reference")),
        number_key=skeleton(pl.col("invoice_number")),
    )
    table(con, "match_remittances", keyed)


def lay_out_weights(con: duckdb.DuckDBPyConnection) -> None:
    """Make `match_weights` from `weights.toml`: one row per level of evidence."""
    text = files("reconcile").joinpath("match", "weights.toml").read_text(encoding="utf-8")
    rows = [
        {"evidence": evidence, "level": level, "weight": float(weight)}
        for evidence, levels in tomllib.loads(text).items()
        for level, weight in levels.items()
    ]
    table(con, "match_weights", pl.DataFrame(rows))


def lay_out_calibration(con: duckdb.DuckDBPyConnection) -> None:
    """Make `match_calibration` from `calibration.csv`: one row per kind of evidence and step of shares."""
    steps = pl.read_csv(files("reconcile").joinpath("match", "calibration.csv").read_bytes())
    below = pl.col("share_from").shift(-1).over("kind", order_by="share_from").fill_null(2.0)
    table(con, "match_calibration", steps.with_columns(share_below=below))


def table(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Make a frame a temporary table of the run."""
    with given(con, frame_to_keep=frame):
        con.execute(f"create or replace temp table {name} as select * from frame_to_keep")


def _words(texts: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Cut `text` into words, umlauts folded; one row per word.

    With whether it is the last one (codes behind it left out), a legal form, or a suffix.
    A last word may be cut off: `LIMITE` is a legal form there.
    """
    joined = pl.col("text").str.replace_all(r"['’.&]", "")
    forms = list(words("legal_forms"))
    suffixes = list(words("name_suffixes"))
    cut_forms = _beginnings(forms, 2)
    cut_suffixes = _beginnings(suffixes, 3)
    return (
        texts.with_columns(word=_folded(joined).str.extract_all(_WORD))
        .filter(pl.col("word").list.len() > 0)
        .with_columns(last=pl.col("word").list.filter(~pl.element().str.contains(r"\d")).list.last())
        .explode("word")
        .select(
            *key,
            "word",
            is_last=(pl.col("word") == pl.col("last")).fill_null(value=False),
            is_suffix=pl.col("word").is_in(suffixes)
            | ((pl.col("word") == pl.col("last")).fill_null(value=False) & pl.col("word").is_in(cut_suffixes)),
            is_legal_form=pl.col("word").is_in(forms)
            | ((pl.col("word") == pl.col("last")).fill_null(value=False) & pl.col("word").is_in(cut_forms)),
        )
    )


def _beginnings(listed: Sequence[str], shortest: int) -> list[str]:
    """Return every beginning of the words, of at least so many letters, themselves included."""
    return sorted({word[:length] for word in listed for length in range(shortest, len(word) + 1)})


def _folded(text: pl.Expr) -> pl.Expr:
    """Write an umlaut spelt in two letters as one, as it reads without its dots: MUELLER and MÜLLER become MULLER."""
    return text.str.replace_many(_TWO_LETTERS)
