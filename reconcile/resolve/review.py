"""Lay before a person what waits for a decision: the proposal in words, and what else was considered."""

from __future__ import annotations

import polars as pl

from reconcile.match import Candidates
from reconcile.model import Outcome
from reconcile.money import MONEY
from reconcile.resolve.sentences import evidence, percent, rivalry, rule
from reconcile.resolve.taught import with_learned

_ZERO = pl.lit(0).cast(MONEY)
CONSIDERED_MAX = 5
"""How many explanations of a line in review are kept for a person to read."""


def reviewed(
    best: pl.DataFrame,
    left_with_none: pl.DataFrame,
    agreed: pl.DataFrame,
    receipts: pl.DataFrame,
    over_limit: pl.DataFrame,
) -> pl.DataFrame:
    """Leave to a person what has an explanation, what has one that another receipt is given, and what a limit holds."""
    rivals = receipts.select(rival_id="line_id", rival_amount="amount", rival_date="booked_date")
    competing = agreed.drop("explanation_id").join(rivals, on="rival_id", how="left")
    is_left = pl.col("line_id").is_in(left_with_none["line_id"].implode())
    told = pl.concat([best, left_with_none], how="diagonal").join(competing, on="line_id", how="left")
    told = told.join(over_limit, on="line_id", how="left").with_columns(pl.col("over_limit").fill_null(""))
    chance = pl.when(is_left).then(pl.lit("nothing is left to propose")).otherwise(percent("probability"))
    return told.with_columns(
        outcome=pl.lit(Outcome.REVIEW.value),
        unapplied=pl.col("amount"),
        difference=_ZERO,
        difference_kind=pl.lit(""),
        explanation=pl.concat_str(pl.lit("To decide ("), chance, pl.lit("): "), "over_limit", "explanation", rivalry()),
    )


def considered(review: pl.DataFrame, candidates: Candidates, shown: float) -> pl.DataFrame:
    """Keep the likeliest explanations of each line in review, and say why each was not posted."""
    ids = candidates.items.group_by("explanation_id").agg(invoice_ids=pl.col("invoice_id").sort().str.join("|"))
    is_first = pl.col("explanation_rank") == 1
    return (
        with_learned(candidates.explanations.join(review.select("line_id"), on="line_id", how="semi"), candidates)
        .filter(
            pl.col("is_passed_over")
            | (pl.col("explanation_rank") <= CONSIDERED_MAX) & (is_first | (pl.col("probability") >= shown / 100))
        )
        .join(ids, on="explanation_id")
        .with_columns(
            rank=pl.col("explanation_rank"),
            amount=pl.col("due_amount"),
            rule=rule(),
            why_not=pl.concat_str(
                pl.when(is_first)
                .then(pl.lit("best, but too uncertain to post: "))
                .when("is_passed_over")
                .then(pl.lit("proposed for another receipt: "))
                .otherwise(pl.lit("less likely: ")),
                evidence(),
            ),
        )
        .sort("line_id", "rank")
    )
