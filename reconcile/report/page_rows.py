"""Bring the report's frames to the rows that the page shows: columns of ready-written text.

The same rows serve the page's HTML (the first of each section) and its data (all, which its script shows page by page).
Frames in, frames out. Must not: know HTML; escaping is the page's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from reconcile.model import Outcome
from reconcile.money import written_all
from reconcile.report.headline import EXCEPTIONS, POSTED, WAITS
from reconcile.report.match_report import MatchReport
from reconcile.report.safe_text import with_text_shown

SECTIONS: Final[dict[str, tuple[Outcome, ...]]] = {
    "review": WAITS,
    "exceptions": tuple(outcome for outcome in EXCEPTIONS if outcome not in WAITS),
    "posted": POSTED,
    "ignored": (Outcome.IGNORED,),
}
"""Which lines stand in which section, in the order of their outcomes and then as in the statements."""

AGES: Final = ("Not due", "1-30 days", "31-60 days", "61-90 days", "Over 90 days", "Credit notes")
"""How open items are aged: by days overdue; credit notes, which owe the other way, apart and negative."""


@dataclass(frozen=True)
class PageRows:
    """All rows of the page. `line` in `allocations` and `candidates` is the row's place in `lines`.

    Lines of earlier nights that still wait stand after the run's own, and are marked `is_earlier`.
    """

    lines: pl.DataFrame
    allocations: pl.DataFrame
    candidates: pl.DataFrame
    open_items: pl.DataFrame
    waiting_reviews: pl.DataFrame
    customers: pl.DataFrame


def page_rows(report: MatchReport) -> PageRows:
    """Write out the lines, their allocations and alternatives, the open items, and what waits for a second person."""
    lines, allocations, candidates = _with_earlier(report)
    places = lines.select("line_id", "currency").with_row_index("line")
    due = _date("due_date")
    allocations = (
        allocations.drop("currency").join(places, on="line_id", maintain_order="left").sort("line", maintain_order=True)
    )
    candidates = (
        candidates.drop("currency").join(places, on="line_id", maintain_order="left").sort("line", maintain_order=True)
    )
    return PageRows(
        lines=with_text_shown(_lines(lines)),
        allocations=with_text_shown(
            allocations.select(
                "line", "state", "invoice_id", "invoice_number", "customer_id", "customer_name", due, _amount("amount"),
                besides=_told(pl.col("residual") != 0, _amount("residual"), " ", _spoken("residual_kind")),
                probability=_percent("probability"),
            )
        ),
        candidates=with_text_shown(
            candidates.select(
                "line", "rank", "invoice_ids", "invoice_numbers", "customer_id", "customer_name", _amount("amount"),
                "rule", "why_not", probability=_percent("probability"),
            )
        ),
        open_items=with_text_shown(
            report.open_items.select(
                "invoice_id", "invoice_number", "customer_id", "customer_name", _date("issue_date"), due, "currency",
                "days_overdue", _spoken("kind"), _amount("total"), _amount("open_amount"),
            )
        ),
        waiting_reviews=with_text_shown(
            report.desk.waiting_reviews.join(places.select("line_id", "line"), on="line_id").select(
                "line", "review_id", "action", "customer_id", "reason", "who",
                pl.col("decided_at").dt.strftime("%Y-%m-%d %H:%M"), "invoice_id", "invoice_number", _amount("amount"),
            )
        ),
        customers=_customers(report, lines, allocations, candidates),
    )  # fmt: skip


def _with_earlier(report: MatchReport) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return lines, allocations and candidates of the run, then those of earlier lines that still wait."""
    own = (report.lines, report.allocations, report.candidates)
    earlier = report.desk.earlier
    others = (earlier.lines, earlier.allocations, earlier.candidates) if earlier else (f.clear() for f in own)
    lines, allocations, candidates = (
        pl.concat(
            [frame.with_columns(is_earlier=pl.lit(0)), other.with_columns(is_earlier=pl.lit(1))], how="vertical_relaxed"
        )
        for frame, other in zip(own, others, strict=True)
    )
    return lines, allocations, candidates


def _customers(report: MatchReport, *frames: pl.DataFrame) -> pl.DataFrame:
    """Return every customer that the page may name, once: `customer_id`, `name`."""
    named = [frame.select("customer_id", name="customer_name") for frame in (*frames, report.open_items)]
    every = pl.concat([report.desk.customers, *named]).filter(pl.col("customer_id") != "")
    return with_text_shown(every.unique("customer_id", keep="first", maintain_order=True).sort("customer_id"))


def first_rows(rows: PageRows, section: str, rows_max: int) -> list[dict[str, object]]:
    """Return the first lines of a section, each with its `allocations` and `candidates`."""
    outcomes = [outcome.value for outcome in SECTIONS[section]]
    chosen = (
        rows.lines.with_row_index("line")
        .filter(pl.col("outcome").is_in(outcomes))
        .sort(pl.col("outcome").replace_strict(outcomes, range(len(outcomes)), default=None), maintain_order=True)
        .head(rows_max)
    )
    nested = {
        name: frame.join(chosen, on="line", how="semi", maintain_order="left").rows_by_key("line", named=True)
        for name, frame in (("allocations", rows.allocations), ("candidates", rows.candidates))
    }
    return [row | {name: told.get(row["line"], []) for name, told in nested.items()} for row in chosen.rows(named=True)]


def ages(report: MatchReport) -> list[tuple[str, list[str]]]:
    """Return what is owed per currency: one amount for each of `AGES`, then their sum."""
    is_credit = pl.col("kind") == "credit_note"
    overdue = pl.col("days_overdue")
    bounds = (
        overdue <= 0,
        overdue.is_between(1, 30),
        overdue.is_between(31, 60),
        overdue.is_between(61, 90),
        overdue > 90,
    )
    owed = pl.when(is_credit).then(-pl.col("open_amount")).otherwise("open_amount")
    columns = [
        *(owed.filter(~is_credit & bound).sum().alias(age) for age, bound in zip(AGES, bounds, strict=False)),
        owed.filter(is_credit).sum().alias(AGES[-1]),
        owed.sum().alias("Total"),
    ]
    told = report.open_items.group_by("currency").agg(columns).sort("currency")
    return [(str(row[0]), list(row[1:])) for row in told.select("currency", *map(_amount, (*AGES, "Total"))).rows()]


def _lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Write out the lines; `facts` says in words how a line's money parts, and by how much it differs."""
    return lines.select(
        "line_id", _date("booked_date"), _amount("amount"), "currency", "outcome", "counterparty_name",
        "remittance_text", "payment_reference", "account_id", "source_file", "source_row", "customer_id",
        "customer_name", "explanation", "is_earlier",
        decided_by=_told(pl.col("rule") == "person", "by a person"),
        facts=pl.concat_str(
            _told(
                (pl.col("unapplied") != 0) & (pl.col("applied") != 0),
                "Applied ", _amount("applied"), ", not applied ", _amount("unapplied"), ". ",
            ),
            _told(
                pl.col("difference") != 0,
                "Difference ", _amount("difference"),
                _told(pl.col("difference_kind") != "", ", ", _spoken("difference_kind")), ".",
            ),
        ).str.strip_chars(),
    )  # fmt: skip


def _told(when: pl.Expr, *parts: str | pl.Expr) -> pl.Expr:
    said = pl.concat_str(*(pl.lit(part) if isinstance(part, str) else part for part in parts))
    return pl.when(when).then(said).otherwise(pl.lit(""))


def _amount(name: str) -> pl.Expr:
    return written_all(pl.col(name), pl.col("currency")).fill_null("").alias(name)


def _date(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("iso").fill_null("")


def _spoken(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all("_", " ", literal=True)


def _percent(name: str) -> pl.Expr:
    percent = (pl.col(name).cast(pl.Float64) * 100).round(1).cast(pl.String)
    return pl.concat_str(percent, pl.lit(" %")).fill_null("")
