"""Make a match report from literal rows: what a test does not name has a plain value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from reconcile.money import MONEY
from reconcile.report import match_report
from reconcile.report.desk import Desk
from reconcile.report.match_report import MatchReport, PostedElsewhere, RunFacts
from reconcile.report.told import LinesTold

Row = Mapping[str, Any]

RUN = RunFacts(
    run_number=7,
    as_of=dt.date(2026, 10, 31),
    started_at=dt.datetime(2026, 11, 1, 2, 15, tzinfo=dt.UTC),
    version="0.1.0",
    ledger=Path("data/ledger.duckdb"),
    is_dry_run=False,
)
DAY = dt.date(2026, 10, 5)
LINE = {
    "source_file": "bank.ofx", "source_row": 1, "line_id": "L1", "account_id": "990408/55012894", "booked_date": DAY,
    "amount": "100.00", "currency": "EUR", "outcome": "applied", "applied": "100.00", "unapplied": "0",
    "difference": "0", "difference_kind": "", "explanation": "The text names INV-1.", "counterparty_name": "Elm Ltd",
    "remittance_text": "INV-1", "payment_reference": "", "customer_id": "C-1", "customer_name": "Elm Ltd",
    "rule": "reference+payer+exact",
}  # fmt: skip
ALLOCATION = {
    "source_file": "bank.ofx", "source_row": 1, "line_id": "L1", "invoice_id": "I1", "invoice_number": "INV-1",
    "customer_id": "C-1", "amount": "100.00", "currency": "EUR", "state": "posted", "probability": 0.998,
    "rule": "reference+payer+exact", "explanation": "The text names INV-1.", "customer_name": "Elm Ltd",
    "due_date": dt.date(2026, 10, 1), "residual": "0", "residual_kind": "",
}  # fmt: skip
CANDIDATE = {
    "source_file": "bank.ofx", "source_row": 1, "line_id": "L1", "rank": 1, "invoice_ids": "I1",
    "invoice_numbers": "INV-1", "customer_id": "C-1", "customer_name": "Elm Ltd", "amount": "100.00",
    "currency": "EUR", "score": 3.5, "probability": 0.61, "rule": "payer+exact",
    "why_not": "best, but too uncertain to post",
}  # fmt: skip
ITEM = {
    "invoice_id": "I1", "invoice_number": "INV-1", "kind": "invoice", "customer_id": "C-1", "customer_name": "Elm Ltd",
    "issue_date": dt.date(2026, 9, 1), "due_date": dt.date(2026, 10, 1), "currency": "EUR", "total": "100.00",
    "open_amount": "100.00", "days_overdue": 30,
}  # fmt: skip
FILE = {
    "source_file": "bank.ofx", "layout": "ofx", "transactions": 1, "lines_new": 1, "lines_repeated": 0,
    "rows_rejected": 0,
}  # fmt: skip
REJECTED = {"source_file": "bank.ofx", "source_row": None, "reason": "no statement in it"}
DISCREPANCY = {
    "kind": "balance", "source_file": "bank.ofx", "account_id": "990408/55012894", "amount": "12.00",
    "currency": "EUR", "sentence": "The balance does not add up.",
}  # fmt: skip
POSTING = {
    "state": "unknown", "posting_id": "rc-" + "a" * 26, "invoice_id": "I1", "invoice_number": "INV-1",
    "customer_id": "C-1", "amount": "100.00", "currency": "EUR", "payment_date": DAY,
    "changed_at": dt.datetime(2026, 11, 1, 2, 20), "detail": "no answer within 30 seconds",  # noqa: DTZ001 - UTC
}  # fmt: skip
DIFFERENCE = {
    "kind": "missing_there", "invoice_id": "I1", "invoice_number": "INV-1", "ledger_amount": "100.00",
    "remote_amount": "0", "currency": "EUR", "sentence": "the ledger has applied 100.00, there 0.00 of it",
}  # fmt: skip
WAITING = {
    "review_id": "R1", "line_id": "L1", "action": "accept", "customer_id": "", "reason": "", "who": "anna",
    "decided_at": dt.datetime(2026, 11, 1, 8, 1), "invoice_id": "I1", "invoice_number": "INV-1", "amount": "100.00",  # noqa: DTZ001 - UTC
    "currency": "EUR",
}  # fmt: skip
CHANGE = {
    "outcome_before": "new", "outcome_now": "applied", "who": "", "currency": "EUR", "lines": 1, "amount": "100.00",
}  # fmt: skip
RULE = {
    "rule": "reference+payer+exact", "posted": 1, "undone": 0, "proposed": 0, "accepted": 0, "changed": 0,
    "rejected": 0,
}  # fmt: skip
CUSTOMER = {"customer_id": "C-1", "name": "Elm Ltd"}
NEWS = {"lines": 1, "decisions": 1, "posted_allocations": 1, "proposed_allocations": 0}


def report(
    lines: Sequence[Row] = (),
    allocations: Sequence[Row] = (),
    candidates: Sequence[Row] = (),
    open_items: Sequence[Row] = (),
    files: Sequence[Row] = (),
    rejected: Sequence[Row] = (),
    discrepancies: Sequence[Row] = (),
    postings: Sequence[Row] = (),
    differences: Sequence[Row] | None = None,
    customers: Sequence[Row] = (),
    waiting_reviews: Sequence[Row] = (),
    changes: Sequence[Row] = (),
    rules: Sequence[Row] = (),
    earlier: Sequence[Row] = (),
    run: RunFacts = RUN,
) -> MatchReport:
    """Make a report; each row needs only what the test is about. The n-th line is `L<n>` unless it says otherwise."""
    numbered = [{"line_id": f"L{n}", "source_row": n, **row} for n, row in enumerate(lines, start=1)]
    frames = {
        "lines": frame(numbered, LINE),
        "files": frame(files, FILE),
        "rejected": frame(rejected, REJECTED),
        "discrepancies": frame(discrepancies, DISCREPANCY),
    }
    summary = match_report._summary(run, *frames.values(), pl.DataFrame([NEWS]))
    posted, elsewhere = frame(postings, POSTING), None
    if differences is not None:
        elsewhere = PostedElsewhere("invoicing_v1", "example.org", "", frame(differences, DIFFERENCE))
        states = ("confirmed", "pending", "unknown", "refused", "conflict")
        counts = {state: posted.filter(pl.col("state") == state).height for state in states}
        summary["postings"] = match_report._posted(elsewhere, pl.DataFrame([counts]))
    return MatchReport(
        run=run,
        summary=summary,
        postings=posted,
        elsewhere=elsewhere,
        allocations=frame(allocations, ALLOCATION),
        candidates=frame(candidates, CANDIDATE),
        open_items=frame(open_items, ITEM),
        desk=Desk(
            earlier=LinesTold(frame(earlier, LINE), frame((), ALLOCATION), frame((), CANDIDATE)) if earlier else None,
            customers=frame(customers, CUSTOMER),
            waiting_reviews=frame(waiting_reviews, WAITING),
            changes=frame(changes, CHANGE),
            rules=frame(rules, RULE),
        ),
        **frames,
    )


def line(outcome: str, amount: str = "100.00", **told: object) -> dict[str, object]:
    """Make a line of an outcome, with its money where that outcome keeps it."""
    is_posted = outcome in {"applied", "short_paid", "overpaid", "returned"}
    is_elsewhere = outcome in {"ignored", "refund"}
    applied = amount if is_posted else "0"
    unapplied = "0" if is_posted or is_elsewhere else amount
    return {"outcome": outcome, "amount": amount, "applied": applied, "unapplied": unapplied, **told}


def frame(rows: Sequence[Row], plain: Row) -> pl.DataFrame:
    """Make a frame with the columns and types of a plain row."""
    schema = {name: _type(name, value) for name, value in plain.items()}
    whole = [plain | row for row in rows]
    return pl.DataFrame(
        {name: [_value(row[name], kind) for row in whole] for name, kind in schema.items()}, schema=schema
    )


def _type(name: str, value: object) -> Any:
    if name in {
        "amount",
        "applied",
        "unapplied",
        "difference",
        "residual",
        "total",
        "open_amount",
        "ledger_amount",
        "remote_amount",
    }:
        return MONEY
    if name == "source_row":
        return pl.Int64
    kinds = {str: pl.String, int: pl.Int64, float: pl.Float64, dt.date: pl.Date, dt.datetime: pl.Datetime}
    return kinds[type(value)]


def _value(value: object, kind: Any) -> object:
    return Decimal(value) if kind == MONEY and isinstance(value, str) else value
