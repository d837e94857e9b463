"""Say how much of what came in was decided without a person, and what changed since the last night.

Frames in, rows for a table out. Must not: lay out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from reconcile.model import Outcome
from reconcile.report.headline import LABELS, WAITS, counted
from reconcile.report.match_report import MatchReport

WAYS: Final = {
    "straight": "Straight through",
    "person": "Decided by a person",
    "waits": "Waits for a person",
}
"""How a receipt of this run can have been decided; every receipt that is a matter of receivables is in one."""


@dataclass(frozen=True)
class Rate:
    """How many receipts went a way, and how much money, by currency; `of_lines` and `of_money` are their shares."""

    label: str
    lines: int
    of_lines: str
    of_money: dict[str, str]


def rates(report: MatchReport) -> list[Rate]:
    """Return the receipts of this run by how they were decided; none where nothing came in."""
    waits = pl.col("outcome").is_in([outcome.value for outcome in WAITS])
    by_person = pl.col("rule") == "person"
    receipts = report.lines.filter((pl.col("amount") > 0) & (pl.col("outcome") != Outcome.IGNORED.value)).select(
        "currency",
        "amount",
        way=pl.when(waits).then(pl.lit("waits")).when(by_person).then(pl.lit("person")).otherwise(pl.lit("straight")),
    )
    if receipts.is_empty():
        return []
    sums = receipts.group_by("way", "currency").agg(pl.col("amount").sum())
    money: dict[tuple[str, str], Decimal] = {(way, currency): amount for way, currency, amount in sums.rows()}
    totals = dict(receipts.group_by("currency").agg(pl.col("amount").sum()).rows())
    lines = dict(receipts.group_by("way").len().rows())
    return [
        Rate(
            label=label,
            lines=lines.get(way, 0),
            of_lines=share(Decimal(lines.get(way, 0)), Decimal(receipts.height)),
            of_money={
                currency: share(money.get((way, currency), Decimal(0)), totals[currency]) for currency in sorted(totals)
            },
        )
        for way, label in WAYS.items()
    ]


def changes(report: MatchReport) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what became of lines since the last night: what kind of change, and for each outcome lines and amounts."""
    rows = report.desk.changes
    waits = [outcome.value for outcome in WAITS]
    was_waiting, is_waiting = pl.col("outcome_before").is_in(waits), pl.col("outcome_now").is_in(waits)
    is_new = pl.col("outcome_before") == "new"
    told = (
        ("New, decided", rows.filter(is_new & ~is_waiting)),
        ("New, waiting", rows.filter(is_new & is_waiting)),
        ("Left the queue", rows.filter(was_waiting & ~is_waiting)),
        ("Came back to the queue", rows.filter(~is_new & ~was_waiting & is_waiting)),
        ("Otherwise changed", rows.filter(~is_new & (was_waiting == is_waiting))),
    )
    return [(kind, list(_told(frame))) for kind, frame in told if frame.height]


def _told(rows: pl.DataFrame) -> Iterable[tuple[str, str]]:
    """Say per outcome and person how many lines it were."""
    counts = rows.group_by("outcome_now", "who", maintain_order=True).agg(pl.col("lines").sum())
    for outcome, who, lines in counts.sort("who", "lines", descending=[False, True]).rows():
        yield counted(lines, "line"), f"{LABELS[outcome].lower()}{f', by {who}' if who else ''}"


def share(part: Decimal, whole: Decimal) -> str:
    """Write a part as a percentage of the whole; 0.0 stands for none of it only, and 100.0 for all."""
    if not whole:
        return ""
    rounded = int((part * 2000 / whole + 1) // 2)
    tenths = min(max(rounded, int(part > 0)), 1000 - int(part < whole))
    return f"{tenths // 10}.{tenths % 10} %"
