"""What nights before brought: whether one began since an instant, and figures by day.

Must not: decide, or reach another system.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from reconcile.config import load
from reconcile.ledger import open_ledger
from reconcile.notices import NightFigures
from reconcile.sql import sql


def night_since(instant: dt.datetime, *, config: Path | None = None, ledger: Path | None = None) -> dt.datetime | None:
    """Return when the last night began (UTC), where that was at the instant or later and its result is kept.

    Whatever lay ready at the instant was then read by that night: to read it again would bring nothing.

    Raises:
        ReconcileError: the settings or the ledger are not usable, or another run holds it.
    """
    path = load(config, {"output": {"ledger": ledger}} if ledger else None).with_samples().output.ledger
    if path is None or not path.exists():
        return None
    with open_ledger(path) as opened:
        nights = opened.frame(sql("ledger", "nights"))
    began = None if nights.is_empty() else nights["started_at"].max()
    if not isinstance(began, dt.datetime) or began.replace(tzinfo=dt.UTC) < instant:
        return None
    return began.replace(tzinfo=dt.UTC)


def night_figures(ledger: Path) -> NightFigures:
    """Return what nights brought, by day, to see whether one is unlike the others.

    Raises:
        ReconcileError: the ledger is not usable, or another run holds it.
    """
    with open_ledger(ledger) as opened:
        days, money = (opened.frame(sql("ledger", name)) for name in ("night_figures", "night_money"))
    return NightFigures(days, money)
