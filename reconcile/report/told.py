"""Read lines from the ledger with what became of them: those of a run, or those that wait since earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reconcile.ledger import Ledger
from reconcile.sql import sql


@dataclass(frozen=True)
class LinesTold:
    """Lines with their allocations and what was considered for them; columns as in `MatchReport`."""

    lines: pl.DataFrame
    allocations: pl.DataFrame
    candidates: pl.DataFrame


def lines_told(ledger: Ledger, run_number: int, *, is_earlier: bool = False) -> LinesTold:
    """Read the lines of a run's files; or, where `is_earlier`, all others that still wait for a person."""
    told = ledger.frame(sql("report", "lines_told"), run_number=run_number, is_earlier=is_earlier)
    with ledger.given(lines_told=told):
        return LinesTold(*(ledger.frame(sql("report", name)) for name in ("lines", "allocations", "candidates")))
