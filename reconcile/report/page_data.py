"""Bring all rows of the page to the one packed block that its script reads.

What can be worked out in the browser is left out: names stand once beside their customer's number, an allocation's
amount only where it is not its line's, a line's id only where a person decides of it. Must not: know HTML.
"""

from __future__ import annotations

import polars as pl

from reconcile.config import ROOT
from reconcile.money import decimals
from reconcile.report.headline import LABELS, WAITS
from reconcile.report.match_report import MatchReport
from reconcile.report.packing import block, packed, packed_reasons, packed_texts
from reconcile.report.page_rows import SECTIONS, PageRows


def page_data(report: MatchReport, rows: PageRows, rows_shown: int) -> str:
    """Return the packed data of the page."""
    customers = rows.customers.select("customer_id", customer=pl.row_index())
    currencies = pl.concat([rows.lines["currency"], rows.open_items["currency"]]).unique().to_list()
    return block(
        {
            "rows_shown": rows_shown,
            "run": {
                "number": report.run.run_number,
                "as_of": report.run.as_of.isoformat(),
                "ledger": str(report.run.ledger),
                "is_default_ledger": report.run.ledger == ROOT / "data" / "ledger.duckdb",
                "is_dry_run": report.run.is_dry_run,
            },
            "labels": LABELS,
            "decimals": {currency: decimals(currency) for currency in sorted(currencies)},
            "sections": {section: list(outcomes) for section, outcomes in SECTIONS.items()},
            "lines": packed(_lines(rows, customers)),
            "waiting": packed(_waiting(rows)),
            "allocations": packed(_allocations(rows, customers), numbered=("invoice_number",)),
            "candidates": packed(_at(rows.candidates.with_columns(packed_reasons(rows.candidates)), customers)),
            "open_items": packed(_open_items(rows, customers), numbered=("invoice_id", "invoice_number")),
            "waiting_reviews": packed(rows.waiting_reviews),
            "customers": packed(rows.customers, numbered=("customer_id",)),
        }
    )


def _lines(rows: PageRows, customers: pl.DataFrame) -> pl.DataFrame:
    texts = packed_texts(rows.lines, rows.allocations)
    lines = _at(rows.lines, customers).drop("line_id", "explanation", "counterparty_name", "remittance_text")
    return lines.with_columns(*texts)


def _waiting(rows: PageRows) -> pl.DataFrame:
    """Return the lines that a person decides, which alone need their id: a decision names it."""
    waits = pl.col("outcome").is_in([outcome.value for outcome in WAITS])
    return rows.lines.select("line_id", "outcome", line=pl.row_index().cast(pl.Int64)).filter(waits).drop("outcome")


def _allocations(rows: PageRows, customers: pl.DataFrame) -> pl.DataFrame:
    """Leave out what the line says already, and what only a line that waits needs."""
    line = rows.lines.select(line_amount="amount", line_customer="customer_id").with_row_index("line")
    ids = rows.open_items.unique("invoice_number", keep="none").select("invoice_number", open_id="invoice_id")
    told = (
        rows.allocations.join(line, on="line", maintain_order="left")
        .join(ids, on="invoice_number", how="left", maintain_order="left")
        .with_columns(is_proposed=pl.col("state") == "proposed", cash=pl.col("amount").str.to_decimal(scale=3))
    )
    others = pl.col("cash").sum().over("line") - pl.col("cash")
    is_rest = pl.col("line").is_last_distinct() & (
        pl.col("line_amount").str.to_decimal(scale=3) == others + pl.col("cash")
    )
    return _at(
        told.select(
            "line",
            "invoice_number",
            "besides",
            "probability",
            customer_id=_where(pl.col("customer_id") != pl.col("line_customer"), "customer_id"),
            amount=_where(~is_rest, "amount"),
            invoice_id=_where(pl.col("is_proposed") & pl.col("invoice_id").ne_missing(pl.col("open_id")), "invoice_id"),
            due_date=_where(pl.col("is_proposed"), "due_date"),
        ),
        customers,
    )


def _where(when: pl.Expr, name: str) -> pl.Expr:
    return pl.when(when).then(name).otherwise(pl.lit(""))


def _open_items(rows: PageRows, customers: pl.DataFrame) -> pl.DataFrame:
    items = rows.open_items.with_columns(open_amount=_where(pl.col("open_amount") != pl.col("total"), "open_amount"))
    return _at(items, customers)


def _at(frame: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Put the customer's place in `customers` for its id and name; -1 for none."""
    placed = frame.join(customers, on="customer_id", how="left", maintain_order="left")
    return placed.with_columns(pl.col("customer").cast(pl.Int64).fill_null(-1).cast(pl.String)).drop(
        "customer_id", "customer_name", strict=False
    )
