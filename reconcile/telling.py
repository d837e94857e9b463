"""Write a run's report from the ledger alone, so that it can be written anew once people have decided since.

What a night learns and its report tells, but no decision needs, is kept in the ledger too: what readers noted of files,
how posting ended. Must not: decide, or reach another system.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import polars as pl

from reconcile import report
from reconcile.ledger import Ledger
from reconcile.post import PostingResult
from reconcile.report import MatchReport, PostedElsewhere, ReportFolder, RunFacts
from reconcile.sql import sql

log = logging.getLogger(__name__)


def remember(ledger: Ledger, posted: PostingResult) -> None:
    """Keep how the posting of the ledger's run ended, and where the two sides differ."""
    end = [ledger.run_number, posted.system, posted.place, posted.stopped]
    ledger.con.execute("insert into posting_ends values (?, ?, ?, ?)", end)
    with ledger.given(new_differences=posted.differences):
        ledger.con.execute(sql("post", "insert_posting_differences"), {"run_number": ledger.run_number})


def write_report(
    ledger: Ledger, facts: RunFacts, folder: ReportFolder, seconds: Mapping[str, float], *, is_kept: bool
) -> MatchReport:
    """Gather what the ledger tells of a run, as things stand now, and write it aside.

    Args:
        ledger: the open ledger.
        facts: the run that is told of.
        folder: where the files go.
        seconds: by step.
        is_kept: whether the ledger holds the run already.

    Raises:
        ReportError: it cannot be written.
    """
    notes = ledger.frame(sql("report", "file_notes"), run_number=facts.run_number)
    told = report.gather(ledger, facts, notes, _posted(ledger, facts.run_number))
    folder.write(told, seconds, is_kept=is_kept)
    log.info("%s", report.headline(told))
    return told


def _posted(ledger: Ledger, run_number: int) -> PostedElsewhere | None:
    ends = ledger.rows("select system, place, stopped from posting_ends where run_number = ?", run_number)
    if not ends:
        return None
    system, place, stopped = (str(value) for value in ends[0])
    differences: pl.DataFrame = ledger.frame(sql("report", "posting_differences"), run_number=run_number)
    return PostedElsewhere(system, place, stopped, differences)
