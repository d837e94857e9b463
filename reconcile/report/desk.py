"""Gather what a person decides from: lines that wait since earlier nights, customers, what others said, how rules did.

In: the ledger, read only. Must not: lay out, or judge a decision; `reconcile review apply` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from reconcile.ledger import Ledger
from reconcile.money import MONEY
from reconcile.report.told import LinesTold, lines_told
from reconcile.sql import sql

Schema = dict[str, pl.DataType | type[pl.DataType]]

CUSTOMERS: Final[Schema] = {"customer_id": pl.String, "name": pl.String}
WAITING_REVIEWS: Final[Schema] = {
    **dict.fromkeys(("review_id", "line_id", "action", "customer_id", "reason", "who"), pl.String),
    "decided_at": pl.Datetime("us"),
    "invoice_id": pl.String,
    "invoice_number": pl.String,
    "amount": MONEY,
    "currency": pl.String,
}
CHANGES: Final[Schema] = {
    **dict.fromkeys(("outcome_before", "outcome_now", "who", "currency"), pl.String),
    "lines": pl.Int64,
    "amount": MONEY,
}
RULES: Final[Schema] = {
    "rule": pl.String,
    **dict.fromkeys(("posted", "undone", "proposed", "accepted", "changed", "rejected"), pl.Int64),
}


@dataclass(frozen=True)
class Desk:
    """What the review queue needs besides the run's own lines.

    earlier: the lines that wait since earlier runs; None where there are none.
    customers: `customer_id`, `name`, as they were last told.
    waiting_reviews: what a first person decided and a second must confirm; one row per review and invoice.
    changes: what became of lines since the last night: `outcome_before`, `outcome_now`, `who`, `currency`, `lines`,
        `amount`.
    rules: how far each rule could be trusted so far: `rule`, `posted`, `undone`, `proposed`, `accepted`, `changed`,
        `rejected`, in lines.
    """

    earlier: LinesTold | None = None
    customers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CUSTOMERS))
    waiting_reviews: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WAITING_REVIEWS))
    changes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CHANGES))
    rules: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RULES))


def gather_desk(ledger: Ledger, run_number: int) -> Desk:
    """Read what the review queue needs from the ledger."""

    def told(name: str) -> pl.DataFrame:
        return ledger.frame(sql("report", name), run_number=run_number)

    earlier = lines_told(ledger, run_number, is_earlier=True)
    return Desk(
        earlier=earlier if earlier.lines.height else None,
        customers=ledger.customers().select("customer_id", "name"),
        waiting_reviews=told("waiting_reviews"),
        changes=told("changes"),
        rules=ledger.rule_precision(),
    )
