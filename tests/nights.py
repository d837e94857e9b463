"""Run nights on literal rows, one after the other, on one open ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from reconcile.config import Config, load
from reconcile.deciding import decide
from reconcile.ledger import Ledger, broken_laws, store_receivables
from reconcile.steps import Clock, plain
from tests.builders import begin_run, receivables, store_lines

Line = dict[str, Any]


def a_night(
    ledger: Ledger,
    *lines: pl.DataFrame,
    invoices: Sequence[pl.DataFrame] = (),
    customers: Sequence[pl.DataFrame] = (),
    config: Config | None = None,
) -> list[str]:
    """Run a night that brings these lines, and return their ids; the laws must hold after it."""
    begin_run(ledger)
    store_receivables(ledger, receivables(invoices, customers))
    line_ids = store_lines(ledger, *lines, name=f"night {ledger.run_number}") if lines else []
    decide(ledger, config or load(), Clock(plain))
    broken_laws(ledger)
    return line_ids


def decision(ledger: Ledger, line_id: str) -> Line:
    """Return what is decided of a line now, with `invoices`: (state, invoice) of what it pays."""
    (row,) = ledger.frame("select * from current_decisions where line_id = $line_id", line_id=line_id).rows(named=True)
    allocations = ledger.rows(
        "select state, invoice_id from allocations where decision_id = ? order by all", row["decision_id"]
    )
    return row | {"invoices": allocations}
