"""Heed what people said: what they rejected, how far what they taught is believed, which rules they corrected; pure."""

from __future__ import annotations

import polars as pl

from reconcile.config import Review
from reconcile.match import Candidates
from reconcile.money import MONEY
from reconcile.resolve.decisions import Policy
from reconcile.resolve.sentences import known_since, money, rule

REJECTED = "A person rejected what seemed right before, so a person looks again. "


def with_learned(explanations: pl.DataFrame, candidates: Candidates) -> pl.DataFrame:
    """Return the explanations with what is known of their payer because people taught it.

    `learned_kind` is `account` or `name`; '' where the customer's own data know the payer, or nobody does. Then
    `confirmations`, `who`, `confirmed_date` and `is_newly_learned` mean nothing.
    """
    known = explanations.join(candidates.learned, on=["line_id", "customer_id"], how="left", maintain_order="left")
    return known.with_columns(pl.col("learned_kind").fill_null(""), pl.col("is_newly_learned").fill_null(value=False))


def doubt(policy: Policy) -> pl.Expr:
    """Say why a person looks at what would be posted otherwise; '' where nothing that people said is in the way.

    What a line names to the cent does not rest on who its payer is, and needs no alias.
    """
    review = policy.review
    rests_on_new = pl.col("is_newly_learned") & (pl.col("kind") != "named")
    return (
        pl.when("is_rejected")
        .then(pl.lit(REJECTED))
        .when(rests_on_new & is_too_much(review))
        .then(pl.concat_str(known_since(), _looked_at_from(review)))
        .when(_is_corrected(policy))
        .then(
            pl.format(
                "People took back {} of {} lines that were posted here for such reasons, so a person looks. ",
                _of_rule(policy, "undone"),
                _of_rule(policy, "posted"),
            )
        )
        .otherwise(pl.lit(""))
    )


def _is_corrected(policy: Policy) -> pl.Expr:
    """Say whether people had to take back so much of what a rule posted that its probability no longer holds here.

    The calibrated probability counts as so many lines as `rule_prior_lines`, beside the lines that the rule posted in
    this ledger: few corrections among many lines change nothing, and nothing ever makes a rule surer than calibrated.
    """
    prior, posted, undone = policy.review.rule_prior_lines, _of_rule(policy, "posted"), _of_rule(policy, "undone")
    right = pl.col("probability") * prior + posted - undone
    return (undone > 0) & (right < (posted + prior) * float(policy.gate.probability_min))


def _of_rule(policy: Policy, column: str) -> pl.Expr:
    counts = dict(policy.rules.select("rule", column).rows())
    return rule().replace_strict(counts, default=0, return_dtype=pl.Int64) if counts else pl.lit(0, dtype=pl.Int64)


def is_too_much(review: Review) -> pl.Expr:
    """Say whether a line's amount is more than one newly learned account or name may decide: a name alone, anything."""
    return (pl.col("learned_kind") == "name") | (pl.col("amount") > pl.lit(review.alias_posted_amount_max).cast(MONEY))


def _looked_at_from(review: Review) -> pl.Expr:
    above = money(pl.lit(review.alias_posted_amount_max).cast(MONEY))
    return (
        pl.when(pl.col("learned_kind") == "name")
        .then(pl.lit(f"; by a name alone, a person looks until there are {review.alias_confirmations_min}. "))
        .otherwise(pl.concat_str(pl.lit("; a person looks above "), above, pl.lit(". ")))
    )
