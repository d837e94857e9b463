"""The shape of what is decided, and of the policy that decides it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from reconcile.config import Config, Gate, Review, Tolerance
from reconcile.money import MONEY

DECISION_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.String,
    "outcome": pl.String,
    "customer_id": pl.String,
    "applied": MONEY,
    "on_account": MONEY,
    "unapplied": MONEY,
    "difference": MONEY,
    "difference_kind": pl.String,
    "returns_line_id": pl.String,
    "rule": pl.String,
    "explanation": pl.String,
}
"""One row per line. `applied + on_account + unapplied` is the line's amount, or all are zero where the money is no
matter of receivables (`refund`, `ignored`). `difference` is what came less what was due; its kind says why."""

ALLOCATION_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.String,
    "invoice_id": pl.String,
    "invoice_number": pl.String,
    "customer_id": pl.String,
    "amount": MONEY,
    "residual": MONEY,
    "residual_kind": pl.String,
    "currency": pl.String,
    "state": pl.String,
    "probability": pl.Float64,
    "rule": pl.String,
    "explanation": pl.String,
    "reverses_id": pl.String,
}
"""One row per (line, invoice). `amount` is cash; `residual` is what the policy settles besides it."""

CONSIDERED_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.String,
    "rank": pl.Int32,
    "invoice_ids": pl.String,
    "invoice_numbers": pl.String,
    "customer_id": pl.String,
    "amount": MONEY,
    "score": pl.Float64,
    "probability": pl.Float64,
    "rule": pl.String,
    "why_not": pl.String,
}
"""One row per explanation that was considered for a line in review."""

RULE_COLUMNS: Final[dict[str, type[pl.DataType]]] = {"rule": pl.String, "posted": pl.Int64, "undone": pl.Int64}
"""One row per rule: lines that runs posted by it, and how many of these a person took back."""


@dataclass(frozen=True)
class Policy:
    """What a decision must reach and which differences it may book; see `config/reconcile.toml`.

    rules: what people took back of what each rule posted: `rule`, `posted`, `undone`; only rules of which they did.
    """

    gate: Gate
    tolerance: Tolerance
    review: Review
    rules: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RULE_COLUMNS))

    @classmethod
    def of(cls, config: Config, rules: pl.DataFrame) -> Policy:
        """Take the policy's part of the settings, and of how far each rule could be trusted what concerns posting."""
        doubted = rules.filter(pl.col("undone") > 0).select(list(RULE_COLUMNS))
        return cls(gate=config.gate, tolerance=config.tolerance, review=config.review, rules=doubted)


@dataclass(frozen=True)
class Decisions:
    """What was decided in one call: frames with the columns above."""

    decisions: pl.DataFrame
    allocations: pl.DataFrame
    considered: pl.DataFrame

    @classmethod
    def of(
        cls,
        decisions: pl.DataFrame,
        allocations: pl.DataFrame | None = None,
        considered: pl.DataFrame | None = None,
    ) -> Decisions:
        """Bring frames to their columns, filling what a kind of decision does not have."""
        return cls(
            decisions=_shaped(decisions, DECISION_COLUMNS),
            allocations=_shaped(allocations, ALLOCATION_COLUMNS),
            considered=_shaped(considered, CONSIDERED_COLUMNS),
        )


def _shaped(frame: pl.DataFrame | None, columns: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame(schema=columns)
    empty: dict[type[pl.DataType], object] = {pl.String: "", pl.Float64: 0.0, pl.Int32: 0}
    return frame.select(
        pl.col(name).cast(kind)
        if name in frame.columns
        else pl.lit(empty.get(kind, 0) if isinstance(kind, type) else 0).cast(kind).alias(name)
        for name, kind in columns.items()
    )
