"""Take back the receipts that the bank took back. A return is never a payment, and never pays an invoice."""

from __future__ import annotations

import polars as pl

from reconcile.match import Candidates
from reconcile.model import Outcome, State
from reconcile.resolve.decisions import Decisions
from reconcile.resolve.sentences import money


def returns(lines: pl.DataFrame, candidates: Candidates, posted: pl.DataFrame) -> Decisions:
    """Reverse the allocations of each receipt that a line of money out takes back.

    A return speaks of one, or names the invoice that the receipt paid and does not speak of a refund. Where several
    receipts would do and none is named, a person decides.

    Args:
        lines: undecided lines.
        candidates: what `match.propose` found; its `money_out` names the receipts.
        posted: the posted allocations of those receipts, with the ledger's `allocation_id`.
    """
    taken_back = (
        candidates.money_out.filter(
            (pl.col("receipt_line_id") != "")
            & (pl.col("is_named") | (pl.col("receipts_alike") == 1))
            & (pl.col("speaks_of_return") | (pl.col("is_named") & ~pl.col("speaks_of_refund")))
        )
        .join(lines.filter(~pl.col("is_rejected")).select("line_id", "amount", "currency", "booked_date"), on="line_id")
        .sort("line_id")
    )
    reversed_rows = taken_back.rename({"amount": "line_amount"}).join(
        posted.rename({"line_id": "receipt_line_id"}).drop("currency", "customer_id", "rule", "explanation", "state"),
        on="receipt_line_id",
    )
    reason = (
        pl.when(pl.col("return_code") == "")
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit(" (reason "), pl.col("return_code"), pl.lit(")")))
    )
    numbers = reversed_rows.group_by("line_id").agg(
        numbers=pl.col("invoice_number").sort().str.join(", "),
        reversed=pl.col("amount").sum(),
    )
    told = taken_back.join(numbers, on="line_id", how="left").with_columns(
        numbers=pl.col("numbers").fill_null(""), reversed=pl.col("reversed").fill_null(0)
    ).with_columns(
        rule=pl.lit("return"),
        explanation=pl.concat_str(
            pl.lit("The bank took back the receipt of "), money("amount"), reason,
            pl.when(pl.col("numbers") == "").then(pl.lit("; it had been kept on account."))
            .otherwise(pl.concat_str(pl.lit("; open again: "), pl.col("numbers"), pl.lit("."))),
        ),
    )  # fmt: skip
    decisions = told.with_columns(
        outcome=pl.lit(Outcome.RETURNED.value),
        applied=-pl.col("reversed"),
        on_account=pl.col("amount") + pl.col("reversed"),
        returns_line_id=pl.col("receipt_line_id"),
    )
    allocations = reversed_rows.join(told.select("line_id", "rule", "explanation"), on="line_id").with_columns(
        amount=-pl.col("amount"),
        residual=-pl.col("residual"),
        state=pl.lit(State.POSTED.value),
        reverses_id=pl.col("allocation_id"),
    )
    return Decisions.of(decisions, allocations)
