"""What nights before brought: whether one began since an instant, figures by day, the last one's report written anew.

Must not: decide, or reach another system.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from reconcile.config import load
from reconcile.errors import UsageError
from reconcile.ledger import open_ledger
from reconcile.notices import NightFigures
from reconcile.report import MatchReport, ReportFolder, RunFacts
from reconcile.sql import sql
from reconcile.telling import write_report


def night_since(instant: dt.datetime, *, config: Path | None = None, ledger: Path | None = None) -> dt.datetime | None:
    """Return when the last night began (UTC), where that was at the instant or later and its result is kept.

    Whatever lay ready at the instant was then read by that night: to read it again would bring nothing.

    Raises:
        ReconcileError: the settings or the ledger are not usable, or another run holds it.
    """
    path, _ = _places(config, ledger, None)
    if not path.exists():
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


def report_again(
    *, config: Path | None = None, ledger: Path | None = None, out: Path | None = None
) -> tuple[MatchReport, Path]:
    """Write the last night's report anew, with what people decided since; return it and its folder.

    Args:
        config: a TOML file that stands over config/reconcile.toml.
        ledger: the embedded ledger's file; as configured where None.
        out: the folder of the report; as configured where None.

    Raises:
        UsageError: there is no ledger, or no night in it.
        ReconcileError: the settings, the ledger or the folder are not usable, or another run holds the ledger.
    """
    path, folder_path = _places(config, ledger, out)
    if not path.exists():
        message = f"{path}: there is no ledger; name it with --ledger, or run a night first"
        raise UsageError(message)
    started = time.perf_counter()
    with open_ledger(path) as opened:
        nights = opened.frame(sql("ledger", "nights")).rows(named=True)
        if not nights:
            message = f"{path}: no night stands in this ledger; run one first"
            raise UsageError(message)
        last = nights[-1]
        facts = RunFacts(
            run_number=last["run_number"],
            as_of=last["as_of_date"],
            started_at=last["started_at"].replace(tzinfo=dt.UTC),
            version=last["version"],
            ledger=path,
            is_dry_run=False,
        )
        folder = ReportFolder(folder_path)
        try:
            seconds = {"open": round(time.perf_counter() - started, 3)}
            told = write_report(opened, facts, folder, seconds, is_kept=True)
            folder.publish()
        finally:
            folder.discard()
    return told, folder_path


def _places(config: Path | None, ledger: Path | None, out: Path | None) -> tuple[Path, Path]:
    """Return the ledger's file and the report's folder, as given or as configured."""
    flags = {key: path for key, path in (("ledger", ledger), ("out", out)) if path}
    return load(config, {"output": flags}).output_in_use()
