"""Tell of a night in a short text and a short table, for where the whole report cannot be shown: the Prefect UI.

Text from banks and customers is made inert for Markdown and HTML. Must not: lay out a page, or say what the report does
not say.
"""

from __future__ import annotations

import re
from typing import Any, Final

import polars as pl

from reconcile.money import written
from reconcile.report.headline import (
    EXCEPTIONS,
    LABELS,
    MEANINGS,
    WAITS,
    headline,
    lines_by_outcome,
    money_in,
    parts_shown,
    waiting_lines,
)
from reconcile.report.match_report import MatchReport
from reconcile.report.safe_text import shown

CELL_LENGTH_MAX: Final = 300
"""A cell of the table is cut after so many characters; the report has them all."""

_OPENS: Final = re.compile(
    r"[\\`*_\[\]{}<>!&~:@#|]|^[-+=](?=[-+=\s])|(?<=www)\.|(?:(?<=^\d)|(?<=^\d\d))[.)](?=\s)", re.IGNORECASE
)
"""What may open a link, a tag, a picture or a list. Cells of Prefect's tables are Markdown; pictures are fetched."""


def digest(report: MatchReport, place: str) -> str:
    """Return a night's summary as Markdown: the headline, money by currency, lines by outcome, what waits.

    Args:
        report: what the night has to tell.
        place: where the whole report is, as Markdown.
    """
    run = report.run
    parts = [
        f"**{inert(headline(report))}**",
        f"Run {run.run_number}, as of {run.as_of.isoformat()}." + (" A dry run: nothing was written." * run.is_dry_run),
        place,
        _table(*_money(report)),
        _table(*_outcomes(report)),
    ]
    if waiting := waiting_lines(report):
        parts.append(f"Waiting for a person: {waiting}. They are decided in the report.")
    return "\n\n".join(part for part in parts if part) + "\n"


def exceptions(report: MatchReport, rows_max: int) -> list[dict[str, str]]:
    """Return what a person looks through, as inert Markdown: not accepted, contradicted, waiting, not as it should be.

    Args:
        report: what the night has to tell.
        rows_max: how many rows at most; where there are more, the last one says how many.
    """
    rows = [
        *(_row("Not accepted", row, row["reason"]) for row in report.rejected.rows(named=True)),
        *(_row("To look at", row, row["sentence"]) for row in report.discrepancies.rows(named=True)),
    ]
    by_value = report.lines.sort(pl.col("amount").abs(), descending=True)
    for outcome in (*WAITS, *(outcome for outcome in EXCEPTIONS if outcome not in WAITS)):
        found = by_value.filter(pl.col("outcome") == outcome.value).head(rows_max + 1)
        rows += [_row(LABELS[outcome], row, row["explanation"]) for row in found.rows(named=True)]
    if len(rows) <= rows_max:
        return rows
    rest = {**dict.fromkeys(rows[0], ""), "kind": "More", "why": "The rest stands in the report."}
    return [*rows[: rows_max - 1], rest]


def inert(text: str) -> str:
    """Return a text that Markdown and HTML show as it is: no link, no tag, no picture, no hidden character."""
    return _OPENS.sub(r"\\\g<0>", shown(text))


def _row(kind: str, row: dict[str, Any], why: str) -> dict[str, str]:
    amount, currency, day = row.get("amount"), row.get("currency") or "", row.get("booked_date")
    told = {
        "kind": kind,
        "file": row["source_file"],
        "row": str(row.get("source_row") or ""),
        "booked": day.isoformat() if day else "",
        "amount": "" if amount is None else written(amount, currency),
        "currency": currency,
        "customer": row.get("customer_name") or "",
        "why": why,
    }
    return {key: inert(_cut(value)) for key, value in told.items()}


def _cut(text: str) -> str:
    return text if len(text) <= CELL_LENGTH_MAX else text[:CELL_LENGTH_MAX] + " ..."


def _money(report: MatchReport) -> tuple[list[str], list[list[str]]]:
    moneys = money_in(report)
    shown_parts = parts_shown(moneys)
    return ["", "Money in", *shown_parts.values(), "Money out"], [
        [
            inert(money.currency),
            *(
                written(amount, money.currency)
                for amount in (money.total, *(money.parts[part] for part in shown_parts))
            ),
            written(money.out, money.currency),
        ]
        for money in moneys
    ]


def _outcomes(report: MatchReport) -> tuple[list[str], list[list[str]]]:
    counts = lines_by_outcome(report)
    rows = [[LABELS[outcome], f"{count}", MEANINGS[outcome]] for outcome, count in counts.items() if count]
    return ["Outcome", "Lines", "Which means"], rows


def _table(heads: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
