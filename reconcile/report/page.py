"""Write the match report as one page: a single HTML file that works offline, without a script, and on paper.

The page carries all rows as data and the first of each section as HTML; its script shows the others. Text from a bank
is hostile: everything is escaped, and the page's own policy lets no style or script run but the two written here.
Must not: decide what to tell; `headline` and `page_rows` do.
"""

from __future__ import annotations

import base64
import hashlib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jinja2
import polars as pl
from markupsafe import Markup

from reconcile.money import written
from reconcile.report.headline import (
    LABELS,
    MEANINGS,
    MoneyIn,
    counted,
    headline,
    is_well,
    lines_by_outcome,
    money_in,
    parts_shown,
)
from reconcile.report.match_report import MatchReport
from reconcile.report.page_data import page_data
from reconcile.report.page_rows import AGES, SECTIONS, PageRows, ages, first_rows, page_rows
from reconcile.report.rates import changes, rates, share
from reconcile.report.safe_text import shown, with_text_shown

ROWS_SHOWN: Final = 50
"""How many rows of a section are shown at a time."""

FIRST_ROWS: Final = 25
"""How many rows of a section stand in the page's HTML: enough for the first look, and for reading without a script."""

TABLE_ROWS: Final = 200
"""How many rows of a table that no script turns the pages of are shown; the others are in the files."""

POSTING_STATES: Final = {
    "confirmed": "recorded there, once",
    "pending": "not sent yet; the next run sends it",
    "unknown": "sent, and nobody knows whether it arrived; the next run looks it up, or a person does",
    "refused": "cannot be recorded there; a person decides",
    "conflict": "found there, but different; its invoice waits for a person",
}
"""What a posting's state means."""

STYLES: Final = ("report.css", "desk.css", "print.css")
SCRIPTS: Final = (
    "money.js", "data.js", "report.js", "marks.js", "cases.js", "casepage.js", "forms.js", "drafts.js", "desk.js",
    "start.js",
)  # fmt: skip
"""What the page's style and its script are made of, in this order."""

BAR_WIDTH: Final = 1000
"""How wide the picture of the money is, in its own units."""


def render_page(report: MatchReport) -> str:
    """Return the whole page as HTML."""
    rows, moneys = page_rows(report), money_in(report)
    style, script = _parts(STYLES), _parts(SCRIPTS)
    return _environment().get_template("report.html.j2").render(
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(page_data(report, rows, ROWS_SHOWN)),  # noqa: S704 - base 85 without any sign of HTML
        run=report.run,
        ledger=shown(str(report.run.ledger)),
        headline=headline(report),
        is_well=is_well(report),
        moneys=[(money, _bar(money)) for money in moneys],
        parts=parts_shown(moneys),
        blank=_blank(rows),
        outcomes=_outcomes(report),
        new=report.summary["new"],
        rates=rates(report),
        changes=changes(report),
        rules=_rules(report),
        waits_since_earlier=report.desk.earlier.lines.height if report.desk.earlier else 0,
        sections=_sections(rows),
        ages=ages(report),
        age_names=AGES,
        open_items=rows.open_items.head(FIRST_ROWS).rows(named=True),
        open_items_count=rows.open_items.height,
        rejected=_shown_rows(report.rejected),
        rejected_count=report.rejected.height,
        discrepancies=_shown_rows(report.discrepancies),
        discrepancies_count=report.discrepancies.height,
        elsewhere=report.elsewhere,
        stopped=shown(report.elsewhere.stopped) if report.elsewhere else "",
        posting_counts=report.summary.get("postings", {}),
        posting_states=POSTING_STATES,
        postings=_shown_rows(report.postings),
        postings_count=report.postings.height,
        differences=_shown_rows(report.elsewhere.differences) if report.elsewhere else [],
        differences_count=report.elsewhere.differences.height if report.elsewhere else 0,
        files=with_text_shown(report.files).rows(named=True),
        first_rows=FIRST_ROWS,
        table_rows=TABLE_ROWS,
    )  # fmt: skip


def _sections(rows: PageRows) -> dict[str, dict[str, Any]]:
    """Return the sections of lines: how many lines, which outcomes, and the first rows."""
    counts = dict.fromkeys(LABELS, 0) | dict(rows.lines.group_by("outcome").len().rows())
    return {
        section: {
            "count": sum(counts[outcome] for outcome in outcomes),
            "outcomes": [counted(counts[o], LABELS[o].lower(), LABELS[o].lower()) for o in outcomes if counts[o]],
            "rows": first_rows(rows, section, FIRST_ROWS),
        }
        for section, outcomes in SECTIONS.items()
    }


def _blank(rows: PageRows) -> dict[str, dict[str, Any]]:
    """Return a row of nothing for each kind of row: the page's script fills copies of it."""
    frames = {"line": rows.lines, "allocation": rows.allocations, "candidate": rows.candidates, "item": rows.open_items}
    blank: dict[str, dict[str, Any]] = {kind: dict.fromkeys(frame.columns, "") for kind, frame in frames.items()}
    blank["line"] |= {"allocations": [], "candidates": []}
    return blank


def _outcomes(report: MatchReport) -> list[dict[str, Any]]:
    """Return one row per outcome: its lines, and its amounts by currency."""
    told = report.summary["outcomes"]
    return [
        {
            "outcome": outcome,
            "meaning": MEANINGS[outcome],
            "lines": lines,
            "amounts": {currency: _written(amount, currency) for currency, amount in told[outcome]["amounts"].items()},
        }
        for outcome, lines in lines_by_outcome(report).items()
    ]


def _rules(report: MatchReport) -> list[dict[str, Any]]:
    """Return one row per rule, with the share of what it posted that nobody took back."""
    rows = report.desk.rules.rows(named=True)
    return [row | {"stands": share(Decimal(row["posted"] - row["undone"]), Decimal(row["posted"]))} for row in rows]


def _bar(money: MoneyIn) -> list[dict[str, Any]]:
    """Return the segments of a currency's bar, each as wide as its share of what came in; none where nothing did."""
    segments, start = [], 0.0
    for part, amount in money.parts.items():
        width = float(amount / money.total) * BAR_WIDTH if money.total else 0.0
        if width:
            segments.append({"part": part, "start": round(start, 3), "width": round(width, 3)})
        start += width
    return segments


def _shown_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return with_text_shown(frame.head(TABLE_ROWS)).rows(named=True)


def _policy(style: str, script: str) -> str:
    """Return the content security policy: nothing is loaded, and only these very texts are style and script."""
    hashes = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in (("style", style), ("script", script))
    }
    return (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _written(amount: Any, currency: str) -> str:
    return _grouped(written(pl.Series([amount]).cast(pl.Decimal(18, 3)).item(), currency))


def _grouped(amount: str) -> str:
    """Set commas between thousands, for the eye; the digits stay as `money.written` wrote them."""
    sign, digits = amount[: amount.startswith("-")], amount.removeprefix("-")
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}" if whole else ""


def _label(outcome: str) -> str:
    return LABELS.get(outcome, "")


@cache
def _parts(names: tuple[str, ...]) -> str:
    folder = files("reconcile.report").joinpath("templates")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reconcile.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"grouped": _grouped, "written": _written, "counted": counted, "label": _label}
    return environment
