"""Say in few words how the night went: what every form of the report opens with.

The words for outcomes and the sums that must add up stand here once, so that page, workbook and terminal agree.
Must not: lay anything out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from reconcile.model import Outcome
from reconcile.report.match_report import MatchReport

LABELS: Final[dict[str, str]] = {outcome.value: outcome.value.replace("_", " ").capitalize() for outcome in Outcome}
"""An outcome as a heading says it."""

MEANINGS: Final[dict[str, str]] = {
    Outcome.APPLIED: "posted, and it settles what it pays",
    Outcome.SHORT_PAID: "posted, for less than was due",
    Outcome.OVERPAID: "posted; the excess is on account",
    Outcome.DUPLICATE: "pays again what is settled; on account",
    Outcome.ON_ACCOUNT: "customer known, nothing open; kept as credit",
    Outcome.RETURNED: "the bank took an earlier payment back",
    Outcome.REFUND: "went back to a customer",
    Outcome.REVIEW: "a person decides between explanations",
    Outcome.UNMATCHED: "money in that no explanation fits",
    Outcome.IGNORED: "not a matter of receivables",
}
"""What an outcome means, in a line."""

EXCEPTIONS: Final = (
    Outcome.UNMATCHED, Outcome.RETURNED, Outcome.SHORT_PAID, Outcome.OVERPAID, Outcome.DUPLICATE, Outcome.REFUND,
    Outcome.ON_ACCOUNT,
)  # fmt: skip
"""The outcomes that an accountant looks through even where nothing is left to decide."""

POSTED: Final = (Outcome.APPLIED, Outcome.SHORT_PAID, Outcome.OVERPAID, Outcome.RETURNED)
"""The outcomes that change what an invoice owes."""

WAITS: Final = (Outcome.REVIEW, Outcome.UNMATCHED)
"""The outcomes that wait for a person."""


@dataclass(frozen=True)
class MoneyIn:
    """What came in, in one currency, and where it is: `parts` add up to `total`. `out` is what left (negative)."""

    currency: str
    total: Decimal
    parts: dict[str, Decimal]
    out: Decimal


PARTS: Final[dict[str, str]] = {
    "applied": "Applied",
    "on_account": "On account",
    "in_review": "In review",
    "unmatched": "Unmatched",
    "not_receivable": "Not receivables",
}
"""Where money that came in can be, as headings say it."""


def money_in(report: MatchReport) -> list[MoneyIn]:
    """Return where each currency's money is. What no other part holds is not a matter of receivables."""
    told = []
    for currency, sums in report.summary["money"].items():
        parts = {part: Decimal(sums[part]) for part in PARTS if part in sums}
        total = Decimal(sums["money_in"])
        parts["not_receivable"] = total - sum(parts.values(), Decimal(0))
        told.append(MoneyIn(currency, total, parts, Decimal(sums["money_out"])))
    return told


def parts_shown(moneys: list[MoneyIn]) -> dict[str, str]:
    """Return the parts worth a column: all but "not receivables" where nothing is there."""
    has_other = any(money.parts["not_receivable"] for money in moneys)
    return {part: label for part, label in PARTS.items() if has_other or part != "not_receivable"}


def lines_by_outcome(report: MatchReport) -> dict[str, int]:
    """Return how many lines each outcome has; those without any are zero."""
    outcomes = report.summary["outcomes"]
    return {outcome.value: outcomes[outcome.value]["lines"] for outcome in Outcome}


def waiting_lines(report: MatchReport) -> int:
    """Return how many lines wait for a person."""
    counts = lines_by_outcome(report)
    return sum(counts[outcome] for outcome in WAITS)


def is_well(report: MatchReport) -> bool:
    """Return whether all was read and posted and nothing contradicts it; lines in review are normal."""
    return not _troubles(report)


def headline(report: MatchReport) -> str:
    """Return the one sentence that says whether the night went well."""
    lines, waiting = report.lines.height, waiting_lines(report)
    decided = f"{lines - waiting} of {counted(lines, 'line')} decided" if lines else "no line to decide"
    if waiting:
        decided += f", {waiting} waiting for a person"
    if is_well(report):
        return f"The night went well: every transaction was read; {decided}."
    return f"The night needs a look: {', '.join(_troubles(report))}; {decided}."


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun, as `1 line` and `3 lines`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _troubles(report: MatchReport) -> list[str]:
    files = report.rejected["source_row"].null_count()
    rows = report.rejected.height - files
    rejected = [counted(number, noun) for number, noun in ((files, "file"), (rows, "transaction")) if number]
    contradictions = report.discrepancies.height
    return [
        *([f"{' and '.join(rejected)} not accepted"] if rejected else []),
        *([f"{counted(contradictions, 'discrepancy', 'discrepancies')} to look at"] if contradictions else []),
        *_troubles_elsewhere(report),
    ]


def _troubles_elsewhere(report: MatchReport) -> list[str]:
    """Say what of the postings to another system needs a look."""
    if report.elsewhere is None:
        return []
    system, refused = report.elsewhere.system, report.postings.filter(pl.col("state") == "refused").height
    unconfirmed, differences = report.postings.height - refused, report.elsewhere.differences.height
    return [
        *([f"{counted(unconfirmed, 'posting')} to {system} not confirmed"] if unconfirmed else []),
        *([f"{counted(refused, 'posting')} to {system} refused"] if refused else []),
        *([f"{counted(differences, 'difference')} between ledger and {system}"] if differences else []),
        *(["posting stopped"] if report.elsewhere.stopped else []),
    ]
