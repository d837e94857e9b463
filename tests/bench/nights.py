"""Run one night on a world, as a user would."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path


def night(world: Path, customers: Path | None = None) -> dict[str, float]:
    """Run one night on a world, with a new ledger; return its seconds by step.

    Args:
        world: the folder that `write_world` wrote; the report goes into `out` in it.
        customers: another file of customers than the world's own.
    """
    from reconcile.night import run_night_with

    ledger = world / "ledger.duckdb"
    ledger.unlink(missing_ok=True)
    remittances = world / "remittances.csv"
    done = run_night_with(
        statements=[world / "statements"],
        invoices=world / "invoices.csv",
        customers=customers or world / "customers.csv",
        remittances=remittances if remittances.exists() else None,
        ledger=ledger,
        out=world / "out",
        as_of=dt.date(2027, 1, 1),
    )
    if done.rejected.height:
        sys.stderr.write(f"{world.name}: {done.rejected.height} rejected: {done.rejected['reason'][0]}\n")
    return done.seconds
