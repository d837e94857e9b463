"""The night's body: every step in order, from statement files to the match report.

Each step is called through a wrapper that it is given: plain here, a Prefect task in `flows/`. Must not: know how it
was started, or print.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from reconcile import elsewhere, post, telling
from reconcile import ledger as books
from reconcile.config import Config, load, today
from reconcile.deciding import decide
from reconcile.errors import ReconcileError
from reconcile.ingest import (
    Receivables,
    RejectedFile,
    find_statement_files,
    read_receivables,
    read_statements,
)
from reconcile.ingest.readers import readers
from reconcile.ledger import Ledger
from reconcile.model import StatementFile
from reconcile.report import MatchReport, ReportFolder, RunFacts
from reconcile.steps import Clock, Step, plain
from reconcile.version import VERSION

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NightResult:
    """What a night brought: the report and its folder, seconds by step, what was not accepted, what was posted."""

    report: MatchReport
    out: Path
    seconds: dict[str, float]
    rejected: pl.DataFrame
    posted: post.PostingResult | None = None

    @property
    def exit_code(self) -> int:
        """Return the command's exit code: 0; 4 where postings could not be confirmed; 3 where input was rejected."""
        if self.posted is not None and (self.posted.stopped or self.posted.unconfirmed):
            return 4
        return 3 if self.rejected.height else 0


def run_night_with(
    *,
    step: Step = plain,
    statements: Sequence[Path] = (),
    invoices: Path | None = None,
    customers: Path | None = None,
    remittances: Path | None = None,
    banks: Path | None = None,
    ledger: Path | None = None,
    out: Path | None = None,
    config: Path | None = None,
    as_of: dt.date | None = None,
    dry_run: bool = False,
) -> NightResult:
    """Run one night with options that stand over the configuration; what is empty is as configured.

    Raises:
        ReconcileError: as `run_night`.
    """
    inputs: dict[str, object] = {
        "statements": tuple(statements), "invoices": invoices, "customers": customers, "remittances": remittances,
        "banks": banks,
    }  # fmt: skip
    given: dict[str, dict[str, object]] = {"input": inputs, "output": {"ledger": ledger, "out": out}}
    flags = {section: {key: value for key, value in values.items() if value} for section, values in given.items()}
    return run_night(load(config, flags).with_samples(), as_of=as_of, is_dry_run=dry_run, step=step)


def run_night(
    config: Config, *, as_of: dt.date | None = None, is_dry_run: bool = False, step: Step = plain
) -> NightResult:
    """Run one night: ingest, match, resolve, ledger, post, report. Safe to repeat.

    Args:
        config: the settings, with samples filled in where nothing is named (`Config.with_samples`).
        as_of: the date that counts as today.
        is_dry_run: decide and report, and write nothing to the ledger nor to any other system.
        step: how each step is called.

    Raises:
        ReconcileError: the settings, the invoices, the ledger or the report's folder are not usable; the ledger is as
            it was. Where the report cannot be written after payments were posted elsewhere, the ledger holds the run.
    """
    ledger_path, out = config.output.ledger, config.output.out
    if ledger_path is None or out is None:
        raise ReconcileError("no ledger or report folder is named")
    clock = Clock(step)
    paths = find_statement_files(config.input.statements)
    connector = elsewhere.connector_for_night(config, is_dry_run=is_dry_run)
    invoices: Path | pl.DataFrame | None = config.input.invoices
    unread: list[str] = []
    if invoices is None:
        listed = clock("list invoices", elsewhere.listed_invoices, config, connector)
        invoices, unread = listed.invoices, listed.notes()
    receivables = clock(
        "read receivables", read_receivables, invoices, config.input.customers, config.input.remittances
    )
    statement_readers = readers(config.input.banks)
    files = clock("read statements", read_statements, paths, statement_readers, config.limits.statement_megabytes_max)
    opened = books.open_ledger(ledger_path, is_dry_run=is_dry_run)
    with opened as ledger:
        facts = _begin(ledger, config, as_of or today(), ledger_path, is_dry_run=is_dry_run)
        clock("store", _store, ledger, receivables, files, unread)
        if ledger.has_news():
            decide(ledger, config, clock)
        if config.posts and not is_dry_run:
            clock("store decisions", post.plan, ledger, config.connector)
        clock("check laws", books.broken_laws, ledger)
        folder = ReportFolder(out)
        try:
            posted = None
            if connector is not None and not is_dry_run:
                opened.keep()
                posted = clock("post", post.post_what_waits, ledger, config, connector)
                telling.remember(ledger, posted)
            is_kept = posted is not None
            told = clock("report", telling.write_report, ledger, facts, folder, clock.seconds, is_kept=is_kept)
            opened.keep()
            folder.publish()
        finally:
            folder.discard()
    return NightResult(report=told, out=out, seconds=clock.seconds, rejected=told.rejected, posted=posted)


def _begin(ledger: Ledger, config: Config, as_of: dt.date, ledger_path: Path, *, is_dry_run: bool) -> RunFacts:
    started_at = dt.datetime.now(dt.UTC)
    run_id = hashlib.sha256(f"{started_at.isoformat()}{ledger_path}".encode()).hexdigest()[:16]
    ledger.begin_run(run_id=run_id, as_of=as_of, started_at=started_at, version=VERSION, policy_id=config.policy_id())
    return RunFacts(
        run_number=ledger.run_number,
        as_of=as_of,
        started_at=started_at,
        version=VERSION,
        ledger=ledger_path,
        is_dry_run=is_dry_run,
    )


def _store(
    ledger: Ledger, receivables: Receivables, files: Sequence[StatementFile | RejectedFile], unread: Sequence[str]
) -> None:
    books.store_receivables(ledger, receivables)
    books.store_statements(ledger, files, unread)
    rejected = sum(isinstance(file, RejectedFile) for file in files)
    new = ledger.value("select count(*) from statement_lines where run_number = ?", ledger.run_number)
    log.info("%d statement files, %d of them rejected; %d new lines", len(files), rejected, new)
