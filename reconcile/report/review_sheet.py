"""Write the sheet where an accountant decides: one row per line that waits and alternative, with columns to fill in.

`reconcile.review` reads the filled-in columns back. Must not: decide, or judge what is filled in.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile.decision_sheet import (
    ACTIONS,
    CUSTOMER,
    DECIDED_BY,
    DECISION,
    INVOICE_IDS,
    INVOICES,
    LINE_ID,
    RANK,
    REASON,
)
from reconcile.report.headline import WAITS
from reconcile.report.match_report import MatchReport
from reconcile.report.sheet import Sheet
from reconcile.report.sheet_rows import Column

_DECISION_HINT: Final = (
    "accept: this row's invoices are paid. reject: never propose them again. assign: pays the invoices you name. "
    "on account: keep as credit. write off: as accept; what is missing is written off. not receivable: no "
    "customer's money. One decision for each line."
)
_INVOICES_HINT: Final = (
    "Which invoices, where they are not this row's: INV-1001; INV-1002=50.00. Without an amount an invoice gets what "
    "it owes. A credit note's amount is negative."
)
_CUSTOMER_HINT: Final = (
    "The customer's id, as in the sheet Open items. Needed for on account; for assign only where what is left over "
    "is another customer's."
)
_REASON_HINT: Final = "Why, for the auditor. Please say it for not receivable and for reject."
_DECIDED_BY_HINT: Final = "Your name. Once is enough: one file is of one person."

_INPUTS: Final = (
    Column("decision", DECISION, 13, _DECISION_HINT, is_input=True, choices=tuple(ACTIONS)),
    Column("invoices", INVOICES, 22, _INVOICES_HINT, is_input=True),
    Column("for_customer", CUSTOMER, 14, _CUSTOMER_HINT, is_input=True),
    Column("reason", REASON, 22, _REASON_HINT, is_input=True),
    Column("decided_by", DECIDED_BY, 12, _DECIDED_BY_HINT, is_input=True),
)

COLUMNS: Final = (
    Column("booked_date", "Booked", 12), Column("days", "Days", 7, "How many days ago it was booked."),
    Column("line_amount", "Amount", 12), Column("currency", "Currency", 9), Column("outcome", "State", 11),
    Column("counterparty_name", "Payer", 24, is_wrapped=True),
    Column("remittance_text", "Text", 32, is_wrapped=True),
    Column("choice", "Option", 8, "The best explanation is 1. To accept another one, decide on its row."),
    Column("would_pay", "Would pay", 20, is_wrapped=True), Column("customer", "Of customer", 24, is_wrapped=True),
    Column("amount", "They owe", 12, "What the invoices of this row owe together."),
    Column("left_over", "Left over", 11, "The line's amount less what they owe; negative: they owe more."),
    Column("probability", "Probability", 11),
    *_INPUTS,
    Column("why", "Why", 70, is_wrapped=True), Column("payment_reference", "Payment reference", 20, is_wrapped=True),
    Column("account_id", "Account", 26), Column("source_file", "Statement file", 30),
    Column("source_row", "Transaction", 12),
    Column(LINE_ID, LINE_ID, 12, is_hidden=True), Column(RANK, RANK, 6, is_hidden=True),
    Column(INVOICE_IDS, INVOICE_IDS, 12, is_hidden=True),
)  # fmt: skip


def write_review(sheet: Sheet, report: MatchReport) -> None:
    """Write what waits for a person: the largest amounts first, of equal ones the oldest."""
    waiting = _waiting(report)
    sheet.write_table(waiting, COLUMNS)
    sheet.take_decisions(COLUMNS, waiting.height, first_of=RANK)


def _waiting(report: MatchReport) -> pl.DataFrame:
    """One row per waiting line and alternative; a line without any has one row. Lines of earlier nights wait too."""
    told, alternatives, earlier = report.lines, report.candidates, report.desk.earlier
    if earlier is not None:
        told = pl.concat([told, earlier.lines], how="vertical_relaxed")
        alternatives = pl.concat([alternatives, earlier.candidates], how="vertical_relaxed")
    lines = told.filter(pl.col("outcome").is_in([outcome.value for outcome in WAITS]))
    considered = alternatives.select(
        "line_id", "rank", "invoice_ids", "invoice_numbers", "customer_id", "customer_name", "probability", "why_not",
        owed="amount",
    )  # fmt: skip
    joined = lines.drop("customer_id", "customer_name").join(considered, on="line_id", how="left")
    named = pl.concat_str("customer_name", pl.lit(" ("), "customer_id", pl.lit(")"))
    return (
        joined.rename({"amount": "line_amount", "owed": "amount"})
        .with_columns(
            days=(pl.lit(report.run.as_of) - pl.col("booked_date")).dt.total_days(),
            choice=pl.format("{} of {}", "rank", pl.len().over("line_id")),
            would_pay=pl.col("invoice_numbers").str.replace_all(", ", "; ", literal=True),
            customer=pl.when(pl.col("customer_id") != "").then(named),
            left_over=pl.col("line_amount") - pl.col("amount"),
            why=pl.when(pl.col("rank").fill_null(1) == 1).then("explanation").otherwise("why_not"),
            rank=pl.col("rank").fill_null(0),
        )
        .sort(pl.col("line_amount").abs(), "booked_date", "line_id", "rank", descending=[True, False, False, False])
    )
