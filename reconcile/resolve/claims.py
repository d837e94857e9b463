"""Lay out what receipts in review could take of which open item, and what each such claim weighs; pure.

A likely explanation weighs its score and 1 more, an unlikely one `UNLIKELY`; places among equals weigh a `STEP` each.
So likelier explanations come first, then each receipt's own order of them, then the oldest of equal items for the
earliest receipt.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile.match import Candidates
from reconcile.money import MONEY
from reconcile.resolve.receipts import UNNAMED

STEP: Final = 0.001
"""What a place among equals is worth: less than any difference in evidence."""

UNLIKELY: Final = 0.1
"""What an explanation weighs that is less likely than none: something, and less than any likely one (1 and more)."""


def claims(receipts: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, shown: float) -> pl.DataFrame:
    """Return what each receipt could take of which item, with its `weight`; one row per (receipt, explanation, item).

    Of equal items that nothing tells apart, one stands for all among the explanations; here each is a claim, and
    `stands_for` is the explanation that it is an equal of.

    Args:
        receipts: those that wait for a person: `line_id`, `turn`, `amount`.
        items: every known item with `invoice_number`, `customer_id`, `due_date`.
        candidates: what `match.propose` found for them.
        shown: the probability from which an explanation is shown to a person.
    """
    counted = candidates.items.with_columns(items_of_it=pl.len().over("explanation_id")).join(
        items.select("invoice_id", "invoice_number", "customer_id", "due_date"), on="invoice_id"
    )
    explained = candidates.explanations.join(receipts.select("line_id", "turn", "amount"), on="line_id").filter(
        (pl.col("score") > 0) | (pl.col("probability") >= shown) | (pl.col("explanation_rank") == 1)
    )
    standing = explained.filter((pl.col("item_count") == 1) & pl.col("reference_level").is_in(UNNAMED)).select(
        "line_id", "customer_id", pl.col("due_amount").cast(MONEY), stands_for="explanation_id"
    )
    equals = (
        counted.filter(pl.col("items_of_it") == 1)
        .join(candidates.explanations, on="explanation_id", how="anti")
        .rename({"item_amount": "due_amount"})
        .join(standing, on=["line_id", "customer_id", "due_amount"])
        .select("explanation_id", "stands_for")
    )
    all_claims = pl.concat(
        [equals, explained.select("explanation_id", stands_for="explanation_id")]
    ).join(
        explained.select(
            "turn", "amount", "item_count", "reference_level", "amount_level", "score", "explanation_rank",
            stands_for="explanation_id",
        ),
        on="stands_for",
    ).join(counted, on="explanation_id")  # fmt: skip
    is_part = (pl.col("item_count") == 1) & pl.col("amount_level").is_in(["instalment", "part", "charge"])
    cash = pl.when(is_part).then("amount").otherwise("item_amount")
    return _weighed(all_claims.with_columns(cash=cash)).sort(
        "turn", "explanation_rank", "place", "explanation_id", "invoice_id"
    )


def _weighed(claims: pl.DataFrame) -> pl.DataFrame:
    """Weigh claims: by their score, then by rank, then so that the earliest receipt gets the oldest of equal items.

    Items that a text names come last among equals, and so do receipts whose text names something else.
    """
    is_unnamed = pl.col("reference_level").is_in(UNNAMED)
    named = claims.filter(~is_unnamed)["invoice_id"].unique()
    is_equal = is_unnamed & (pl.col("item_count") == 1)
    places = (
        claims.filter(is_equal)
        .group_by("customer_id", "item_amount", "invoice_id", "due_date", "invoice_number")
        .agg(stands=(pl.col("stands_for") == pl.col("explanation_id")).any())
        .sort(
            pl.col("invoice_id").is_in(named.implode()), "due_date", pl.col("stands").not_(), "invoice_number",
            "invoice_id",
        )
        .select("invoice_id", place=pl.int_range(pl.len()).over("customer_id", "item_amount"))
    )  # fmt: skip
    order = (
        claims.filter(pl.col("explanation_rank") == 1)
        .group_by("line_id", "turn")
        .agg(names_other=(pl.col("reference_level") != "none").any())
        .sort("names_other", "turn")
        .select("line_id", order=pl.int_range(pl.len()) / pl.len())
    )
    weight = pl.when(pl.col("score") > 0).then(pl.col("score") + 1).otherwise(UNLIKELY)
    place = pl.when(is_equal).then("place").otherwise(0)
    return (
        claims.join(places, on="invoice_id", how="left")
        .join(order, on="line_id")
        .with_columns(place=place)
        .with_columns(weight=weight - STEP * (pl.col("explanation_rank") - 1 + pl.col("place") * (2 - pl.col("order"))))
    )
