"""Say on a terminal how the night went and what waits for a person: a screenful, and where the report is.

All text is given to rich as plain `Text`, never as markup, and with terminal controls shown: a file's name or a reason
can hold anything. Must not: say anything that the report's files do not say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from reconcile.money import written
from reconcile.report.headline import (
    LABELS,
    WAITS,
    counted,
    headline,
    is_well,
    lines_by_outcome,
    money_in,
    parts_shown,
)
from reconcile.report.match_report import MatchReport
from reconcile.report.safe_text import shown

_NAMED_MAX: Final = 5
"""How many rejections and discrepancies are named before the rest is only counted."""


def print_summary(report: MatchReport, out: Path, console: Console) -> None:
    """Print the summary of a run.

    Args:
        report: what the run has to tell.
        out: the folder that the report was written to.
        console: where to print; its width may be exceeded, as an amount is never cut.
    """
    run = report.run
    title = f"Run {run.run_number}, as of {run.as_of.isoformat()}"
    print_whole(console, Text(title, style="bold"))
    if run.is_dry_run:
        print_whole(console, Text("Dry run: nothing was written to the ledger or to any other system.", style="yellow"))
    print_whole(console, Text(headline(report), style="green" if is_well(report) else "yellow"))
    print_whole(console)
    print_whole(console, _outcomes(report))
    if report.summary["money"]:
        print_whole(console)
        print_whole(console, _money(report))
    _print_named(console, "Not accepted", _rejections(report), "rejected.csv")
    _print_named(console, "To look at", report.discrepancies["sentence"].to_list(), "report.html")
    _print_named(console, "Not confirmed elsewhere", _postings(report), "report.html")
    print_whole(console)
    print_whole(console, Text(f"Report: {shown(str(out / 'report.html'))}"))


def _outcomes(report: MatchReport) -> Text:
    rows = [
        [LABELS[outcome], str(lines), "wait for a person" if outcome in WAITS else ""]
        for outcome, lines in lines_by_outcome(report).items()
        if lines
    ]
    return table(["Outcome", "Lines", ""], [*rows, ["All", str(report.lines.height), ""]])


def _money(report: MatchReport) -> Text:
    moneys = money_in(report)
    shown_parts = parts_shown(moneys)
    rows = [
        [
            money.currency,
            *(written(part, money.currency) for part in (money.total, *(money.parts[name] for name in shown_parts))),
        ]
        for money in moneys
    ]
    return table(["Money in", "Total", *shown_parts.values()], rows)


def _rejections(report: MatchReport) -> list[str]:
    return [
        f"{file}: {reason}" if row is None else f"{file}, transaction {row}: {reason}"
        for file, row, reason in report.rejected.select("source_file", "source_row", "reason").head(_NAMED_MAX).rows()
    ] + [""] * max(0, report.rejected.height - _NAMED_MAX)


def _postings(report: MatchReport) -> list[str]:
    shown_rows = report.postings.select("state", "invoice_number", "detail").head(_NAMED_MAX).rows()
    named = [f"{state}: invoice {number}{': ' if detail else ''}{detail}" for state, number, detail in shown_rows]
    return named + [""] * (report.postings.height - len(named))


def _print_named(console: Console, heading: str, sentences: list[str], file: str) -> None:
    if not sentences:
        return
    print_whole(console)
    print_whole(console, Text(f"{heading}: {len(sentences)}", style="yellow"))
    for sentence in sentences[:_NAMED_MAX]:
        print_whole(console, Text(f"  {shown(sentence)}"))
    if len(sentences) > _NAMED_MAX:
        print_whole(console, Text(f"  and {counted(len(sentences) - _NAMED_MAX, 'more', 'more')}, in {file}"))


def table(headings: list[str], rows: list[list[str]]) -> Text:
    """Align figures to the right, under their headings. Not rich's table: that cuts amounts on a narrow terminal."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    aligned = [
        "  ".join(
            cell.ljust(width) if place == 0 or not headings[place] else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [headings, *rows]
    ]
    text = Text("\n".join(aligned))
    text.stylize("dim", 0, len(aligned[0]))
    return text


def print_whole(console: Console, text: Text | None = None) -> None:
    """Print without folding or cutting: a path can be copied, an amount is whole."""
    console.print(text or Text(), soft_wrap=True, highlight=False)
