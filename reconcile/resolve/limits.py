"""Hold what is posted without a person within the company's limits: of a line, and of a run in each currency."""

from __future__ import annotations

import polars as pl

from reconcile.config import Gate
from reconcile.money import MONEY
from reconcile.resolve.sentences import money


def with_limits(passing: pl.DataFrame, posted: pl.DataFrame, gate: Gate) -> pl.DataFrame:
    """Return the passing lines with `over_limit`: the sentence that says why a person looks at a line, else empty.

    The surest lines take what the run's limit leaves; from the first that does not fit, all of its currency wait.

    Args:
        passing: lines that pass the gate: `line_id`, `turn`, `amount`, `currency`, `probability`, and `doubt`, why a
            person looks at it however little it is.
        posted: what this run has posted so far: `currency`, `posted_amount`.
        gate: `posted_amount_max` and `posted_total_max`, in each currency's own units; 0 is no limit.
    """
    is_too_large = pl.lit(gate.posted_amount_max > 0) & (pl.col("amount") > _limit(gate.posted_amount_max))
    is_held = is_too_large | (pl.col("doubt") != "")
    claimed = pl.when(is_held).then(pl.lit(0).cast(MONEY)).otherwise("amount")
    surest = passing.join(posted, on="currency", how="left").sort("probability", "turn", descending=[True, False])
    total = pl.col("posted_amount").fill_null(0) + claimed.cum_sum().over("currency")
    is_beyond_total = pl.lit(gate.posted_total_max > 0) & (total > _limit(gate.posted_total_max))
    return (
        surest.with_columns(line_limit=_limit(gate.posted_amount_max), run_limit=_limit(gate.posted_total_max))
        .with_columns(
            over_limit=pl.when(pl.col("doubt") != "")
            .then("doubt")
            .when(is_too_large)
            .then(pl.concat_str(pl.lit("Above the limit of "), money("line_limit"), pl.lit(" for a line. ")))
            .when(is_beyond_total)
            .then(pl.concat_str(pl.lit("Beyond the limit of "), money("run_limit"), pl.lit(" for a run. ")))
            .otherwise(pl.lit(""))
        )
        .drop("posted_amount", "line_limit", "run_limit")
        .sort("line_id")
    )


def _limit(amount: object) -> pl.Expr:
    return pl.lit(amount).cast(MONEY)
