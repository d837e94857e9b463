"""Name what a remittance advice leaves open: it may pay less than an invoice owes, and says on which."""

from __future__ import annotations

import polars as pl

from reconcile.match import Candidates
from reconcile.money import MONEY


def with_rest(best: pl.DataFrame, candidates: Candidates, items: pl.DataFrame) -> pl.DataFrame:
    """Add `rest`, what the invoices of an explanation owe beyond what it takes; where there is one, the amount level.

    Args:
        best: explanations.
        candidates: their items, with the amounts that they take.
        items: every known item with `open_amount`.
    """
    taken = (
        candidates.items.filter(pl.col("item_amount") > 0)
        .join(best, on="explanation_id", how="semi")
        .join(items.select("invoice_id", "open_amount"), on="invoice_id")
    )
    rests = taken.group_by("explanation_id").agg(rest=(pl.col("open_amount") - pl.col("item_amount")).sum())
    return best.join(rests, on="explanation_id", how="left", maintain_order="left").with_columns(
        rest=pl.max_horizontal(pl.col("rest").fill_null(0), pl.lit(0)).cast(MONEY),
        amount_level=pl.when(pl.col("rest") > 0).then(pl.lit("advised_part")).otherwise("amount_level"),
    )


def short_of_rest(posted: pl.DataFrame) -> pl.DataFrame:
    """Tell what is posted as short by its `rest`: to the cent what the advice lists, and less than is due."""
    has_rest = pl.col("rest") > 0
    return posted.with_columns(
        difference=pl.when(has_rest).then(-pl.col("rest")).otherwise("difference"),
        difference_kind=pl.when(has_rest).then(pl.lit("part")).otherwise("difference_kind"),
    )
