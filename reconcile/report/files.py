"""Write the match report's files: CSV and JSON as the contract names them, the page and the workbook.

All are written aside first, and put in place together when the ledger has committed: a reader never sees half a
report, and a disk that is full leaves the ledger and the old report as they were.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import polars as pl

from reconcile.errors import ReportError
from reconcile.money import written_all
from reconcile.report.match_report import MatchReport
from reconcile.report.page import render_page
from reconcile.report.workbook import write_workbook

ALLOCATIONS: Final = (
    "source_file", "source_row", "line_id", "invoice_id", "invoice_number", "customer_id", "amount", "currency",
    "state", "probability", "rule", "explanation",
)  # fmt: skip
LINES: Final = (
    "source_file", "source_row", "line_id", "account_id", "booked_date", "amount", "currency", "outcome", "applied",
    "unapplied", "difference", "difference_kind", "explanation",
)  # fmt: skip
CANDIDATES: Final = (
    "source_file", "source_row", "line_id", "rank", "invoice_ids", "invoice_numbers", "customer_id", "amount",
    "currency", "score", "probability", "rule", "why_not",
)  # fmt: skip
REJECTED: Final = ("source_file", "source_row", "reason")

_MONEY: Final = ("amount", "applied", "unapplied", "difference")


class ReportFolder:
    """The report of one run: written aside by `write`, put in place by `publish`, thrown away by `discard`."""

    def __init__(self, out: Path) -> None:
        """Prepare a folder aside, on the same disk as `out`.

        Raises:
            ReportError: the folder cannot be made.
        """
        self._out = out
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._aside = Path(tempfile.mkdtemp(prefix=".report-", dir=out))
        except OSError as error:
            message = f"{out}: the report's folder cannot be written: {error.strerror}; choose another with --out"
            raise ReportError(message) from None

    def write(self, report: MatchReport, timings: Mapping[str, float], *, is_kept: bool = False) -> None:
        """Write every file of the report aside. `timings` are seconds by step; `is_kept`: the ledger holds the run.

        Raises:
            ReportError: the disk is full or a file cannot be written.
        """
        try:
            with ThreadPoolExecutor(max_workers=1) as beside:  # the page takes as long as all the rest
                page = beside.submit(render_page, report)
                for name, frame, columns in (
                    ("allocations.csv", report.allocations, ALLOCATIONS),
                    ("lines.csv", report.lines, LINES),
                    ("candidates.csv", report.candidates, CANDIDATES),
                    ("rejected.csv", report.rejected, REJECTED),
                ):
                    _as_text(frame, columns).write_csv(self._aside / name)
                write_workbook(report, self._aside / "report.xlsx")
                (self._aside / "report.html").write_text(page.result(), encoding="utf-8")
            self._write_json("summary.json", report.summary | {"seconds": dict(timings)})
        except OSError as error:
            state = "the ledger holds the run" if is_kept else "the run was rolled back and nothing was posted"
            message = (
                f"{self._out}: the report cannot be written: {error.strerror or error}; {state}. "
                "Make room and run again"
            )
            raise ReportError(message) from None

    def publish(self) -> None:
        """Put the files in place, one rename each."""
        for file in sorted(self._aside.iterdir()):
            file.replace(self._out / file.name)
        self.discard()

    def discard(self) -> None:
        """Throw away what was written aside."""
        shutil.rmtree(self._aside, ignore_errors=True)

    def _write_json(self, name: str, value: Mapping[str, Any]) -> None:
        (self._aside / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _as_text(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Write amounts with their currency's decimals, and leave everything else as it is."""
    if "currency" not in columns:
        return frame.select(columns)
    return frame.select(
        written_all(pl.col(name), pl.col("currency")).alias(name) if name in _MONEY else pl.col(name)
        for name in columns
    )
