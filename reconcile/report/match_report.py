"""Gather what a run has to tell, from the ledger: the frames that every form of the match report is written from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from reconcile.ledger import Ledger
from reconcile.model import Outcome
from reconcile.money import MONEY
from reconcile.report.desk import Desk, gather_desk
from reconcile.report.told import lines_told
from reconcile.sql import sql

DISCREPANCY_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "source_file": pl.String,
    "account_id": pl.String,
    "amount": MONEY,
    "currency": pl.String,
    "sentence": pl.String,
}
"""What an accountant must look at: what kind, where, how much (null where it is no amount), and a sentence."""


@dataclass(frozen=True)
class RunFacts:
    """What the report says of the run itself. `started_at` is UTC."""

    run_number: int
    as_of: dt.date
    started_at: dt.datetime
    version: str
    ledger: Path
    is_dry_run: bool


@dataclass(frozen=True)
class PostedElsewhere:
    """Where payments were posted besides the ledger.

    stopped: why nothing more was posted; '' where all was tried.
    differences: where ledger and system differ, for the invoices posted to in this run: `kind`, `invoice_id`,
        `invoice_number`, `ledger_amount`, `remote_amount` (null where it could not be read), `currency`, `sentence`.
    """

    system: str
    place: str
    stopped: str
    differences: pl.DataFrame


@dataclass(frozen=True)
class MatchReport:
    """What a run has to tell. All amounts are exact decimals in the row's currency; text from banks is as it came.

    run: the run itself.
    summary: what `summary.json` holds, but for the timings.
    files: one row per statement file: `source_file`, `layout`, `transactions`, `lines_new`, `lines_repeated`,
        `rows_rejected`.
    lines: one row per line of the accepted files: the columns of `lines.csv` in the contract, then
        `counterparty_name`, `remittance_text`, `payment_reference`, `customer_id`, `customer_name`, `rule`.
    allocations: one row per line and invoice: the columns of `allocations.csv` in the contract, then `customer_name`,
        `due_date`, `residual`, `residual_kind`.
    candidates: one row per explanation considered for a line in review: `source_file`, `source_row`, `line_id`,
        `rank`, `invoice_ids` and `invoice_numbers` (separated by `|` and `, `), `customer_id`, `customer_name`,
        `amount` (what these items owe), `currency`, `score`, `probability`, `rule`, `why_not`.
    rejected: `source_file`, `source_row` (null for a whole file), `reason`.
    discrepancies: `kind`, `source_file`, `account_id`, `amount` (may be null), `currency`, `sentence`.
    postings: postings to the other system that are not confirmed: `state`, `posting_id`, `invoice_number`, `amount`,
        `currency`, `payment_date`, `changed_at` (UTC), `detail`.
    elsewhere: the other system; None where there is none.
    open_items: what is still owed: `invoice_id`, `invoice_number`, `kind`, `customer_id`, `customer_name`,
        `issue_date`, `due_date`, `currency`, `total`, `open_amount`, `days_overdue` (0 where not due yet).
    desk: what the review queue needs besides: lines of earlier nights that still wait, customers, what people said.
    """

    run: RunFacts
    summary: dict[str, Any]
    files: pl.DataFrame
    lines: pl.DataFrame
    allocations: pl.DataFrame
    candidates: pl.DataFrame
    rejected: pl.DataFrame
    discrepancies: pl.DataFrame
    open_items: pl.DataFrame
    postings: pl.DataFrame
    elsewhere: PostedElsewhere | None = None
    desk: Desk = field(default_factory=Desk)


def gather(ledger: Ledger, run: RunFacts, notes: pl.DataFrame, elsewhere: PostedElsewhere | None = None) -> MatchReport:
    """Read what a run has to tell from the ledger, before or after its commit.

    Args:
        ledger: the open ledger.
        run: the run that is told of.
        notes: what readers noted of files, with the columns of `discrepancies`.
        elsewhere: the other system that this run posted to.
    """

    def told(name: str, **parameters: object) -> pl.DataFrame:
        return ledger.frame(sql("report", name), run_number=run.run_number, **parameters)

    own = lines_told(ledger, run.run_number)
    files = told("files")
    rejected = told("rejected")
    found = [
        told(name) for name in ("statement_checks", "export_disagreements", "payments_seen_twice", "contested_payers")
    ]
    discrepancies = pl.concat([*found, notes], how="vertical_relaxed")
    there = {"system": elsewhere.system if elsewhere else "", "place": elsewhere.place if elsewhere else ""}
    summary = _summary(run, own.lines, files, rejected, discrepancies, told("news"))
    if elsewhere is not None:
        summary["postings"] = _posted(elsewhere, told("posting_counts", **there))
    return MatchReport(
        run=run,
        summary=summary,
        files=files,
        lines=own.lines,
        allocations=own.allocations,
        candidates=own.candidates,
        rejected=rejected,
        discrepancies=discrepancies,
        open_items=ledger.frame(sql("report", "open_items"), as_of=run.as_of),
        postings=told("postings", **there),
        elsewhere=elsewhere,
        desk=gather_desk(ledger, run.run_number),
    )


def _posted(elsewhere: PostedElsewhere, counts: pl.DataFrame) -> dict[str, Any]:
    """Say what became of postings: to which system, how many in each state, and in what it differs from the ledger."""
    return {
        "system": elsewhere.system,
        **counts.row(0, named=True),
        "differences": elsewhere.differences.height,
        "stopped": elsewhere.stopped,
    }


def _summary(
    run: RunFacts,
    lines: pl.DataFrame,
    files: pl.DataFrame,
    rejected: pl.DataFrame,
    discrepancies: pl.DataFrame,
    news: pl.DataFrame,
) -> dict[str, Any]:
    """Count and add up: by outcome, by currency, by file. Amounts are decimal strings."""
    money = (
        lines.group_by("currency", "outcome")
        .agg(lines=pl.len(), amount=pl.col("amount").sum(), applied=pl.col("applied").sum())
        .sort("currency", "outcome")
    )
    received = lines.filter(pl.col("amount") > 0)
    by_currency = {}
    for currency in sorted(lines["currency"].unique().to_list()):
        rows = received.filter(pl.col("currency") == currency)
        waits = rows["outcome"].is_in([Outcome.REVIEW.value, Outcome.UNMATCHED.value])
        by_currency[currency] = {
            "money_in": _text(rows["amount"].sum()),
            "applied": _text(rows["applied"].sum()),
            "on_account": _text(rows.filter(~waits)["unapplied"].sum()),
            "in_review": _text(rows.filter(pl.col("outcome") == Outcome.REVIEW.value)["unapplied"].sum()),
            "unmatched": _text(rows.filter(pl.col("outcome") == Outcome.UNMATCHED.value)["unapplied"].sum()),
            "money_out": _text(lines.filter((pl.col("currency") == currency) & (pl.col("amount") < 0))["amount"].sum()),
        }
    return {
        "run_number": run.run_number,
        "as_of": run.as_of.isoformat(),
        "version": run.version,
        "dry_run": run.is_dry_run,
        "lines": lines.height,
        "outcomes": {
            outcome.value: {
                "lines": int(money.filter(pl.col("outcome") == outcome.value)["lines"].sum()),
                "amounts": {
                    row["currency"]: _text(row["amount"])
                    for row in money.filter(pl.col("outcome") == outcome.value).rows(named=True)
                },
            }
            for outcome in Outcome
        },
        "money": by_currency,
        "new": news.row(0, named=True),
        "files": {
            row["source_file"]: {key: row[key] for key in files.columns if key != "source_file"}
            for row in files.rows(named=True)
        },
        "rejected_files": sorted(rejected.filter(pl.col("source_row").is_null())["source_file"].to_list()),
        "rejected_rows": rejected["source_row"].drop_nulls().len(),
        "discrepancies": discrepancies.height,
    }


def _text(amount: Any) -> str:
    return f"{amount or 0:.3f}".rstrip("0").rstrip(".")
