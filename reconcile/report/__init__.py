"""Tell accountants what a run brought: the match report as CSV, JSON, a page, a workbook and a summary on a terminal.

In: the ledger, read only. Out: files. Must not: decide, or write to the ledger.
"""

from reconcile.report.digest import digest, exceptions, inert
from reconcile.report.files import ReportFolder
from reconcile.report.headline import headline, is_well
from reconcile.report.match_report import DISCREPANCY_COLUMNS, MatchReport, PostedElsewhere, RunFacts, gather
from reconcile.report.terminal import print_summary

__all__ = [
    "DISCREPANCY_COLUMNS",
    "MatchReport",
    "PostedElsewhere",
    "ReportFolder",
    "RunFacts",
    "digest",
    "exceptions",
    "gather",
    "headline",
    "inert",
    "is_well",
    "print_summary",
]
