"""What the summary on a terminal promises."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from reconcile.report.match_report import MatchReport
from reconcile.report.terminal import print_summary
from tests.report.builders import RUN, line, report

OUT = Path("data/report")


def printed(told: MatchReport, width: int = 80) -> str:
    file = io.StringIO()
    print_summary(told, OUT, Console(file=file, width=width, force_terminal=False))
    return file.getvalue()


def test_a_good_night_says_so_and_says_what_waits() -> None:
    text = printed(report([line("applied"), line("review"), line("unmatched")]))
    assert "The night went well: every transaction was read; 1 of 3 lines decided, 2 waiting for a person." in text
    assert str(OUT / "report.html") in text


def test_a_night_with_rejections_does_not_say_that_it_went_well() -> None:
    text = printed(report([line("applied")], rejected=[{"source_file": "torn.csv", "reason": "it is cut off"}]))
    assert "went well" not in text
    assert "1 file not accepted" in text
    assert "torn.csv: it is cut off" in text


def test_money_is_told_per_currency_with_that_currencys_decimals() -> None:
    text = printed(report([line("applied", "1204.5"), line("unmatched", "90", currency="JPY")]))
    assert "1204.50" in text
    assert "90.00" not in text


def test_no_amount_is_cut_on_a_narrow_terminal() -> None:
    text = printed(report([line("applied", "123456789012345.678", currency="KWD")]), width=40)
    assert "123456789012345.678" in text


def test_a_dry_run_says_that_nothing_was_written() -> None:
    assert "nothing was written" in printed(report(run=replace(RUN, is_dry_run=True)))
    assert "nothing was written" not in printed(report())


def test_many_rejections_are_counted_not_listed() -> None:
    text = printed(report(rejected=[{"source_row": n, "reason": f"reason {n}"} for n in range(1, 9)]))
    assert "Not accepted: 8" in text
    assert "reason 5" in text
    assert "reason 6" not in text
    assert "and 3 more, in rejected.csv" in text


def test_text_from_a_file_steers_neither_the_terminal_nor_the_markup() -> None:
    hostile = "[bold red]x[/] :bomb: \x1b[2J \x1b]8;;http://evil\x07 \u202egnp"
    text = printed(report(rejected=[{"source_file": hostile, "reason": hostile}]))
    assert "[bold red]x[/] :bomb:" in text
    assert not set("\x1b\x07\u202e") & set(text)
    assert "U+001B" in text
    assert "U+202E" in text


def test_postings_that_are_not_confirmed_are_named() -> None:
    text = printed(report(postings=[{"detail": "no answer"}], differences=[]))
    assert "The night needs a look: 1 posting to invoicing_v1 not confirmed" in text
    assert "unknown: invoice INV-1: no answer" in text
