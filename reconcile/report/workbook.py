"""Write the match report as a workbook that accountants can sort, filter and add up.

What each sheet holds stands here; how a cell is written, so that no text of a bank becomes a formula, in `sheet`.
Must not: say anything that the report's frames do not hold.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from reconcile.decision_sheet import FACTS_SHEET, FORMAT, FORMAT_FACT, LEDGER_FACT, REVIEW_SHEET, RUN_FACT, STARTED_FACT
from reconcile.model import State
from reconcile.report.headline import EXCEPTIONS, LABELS, headline, lines_by_outcome, money_in, parts_shown
from reconcile.report.match_report import MatchReport, RunFacts
from reconcile.report.review_sheet import write_review
from reconcile.report.sheet import Book, Sheet
from reconcile.report.sheet_rows import Column

_LINE: Final = (
    Column("booked_date", "Booked", 11), Column("amount", "Amount", 14), Column("currency", "Currency", 9),
    Column("outcome", "Outcome", 12), Column("counterparty_name", "Payer", 30),
    Column("remittance_text", "Text", 48), Column("payment_reference", "Payment reference", 20),
    Column("customer_id", "Customer", 12), Column("customer_name", "Customer name", 30),
    Column("applied", "Applied", 14), Column("unapplied", "Not applied", 14),
    Column("difference", "Difference", 12), Column("difference_kind", "Difference is", 14),
)  # fmt: skip
_PLACE: Final = (
    Column("account_id", "Account", 24), Column("source_file", "Statement file", 28),
    Column("source_row", "Transaction", 12),
)  # fmt: skip
_WHY: Final = Column("explanation", "Why", 90)  # the last column: long sentences run on into empty cells
_WHOLE_LINE: Final = (*_LINE, *_PLACE, _WHY)
_POSTED: Final = (
    Column("booked_date", "Booked", 11), Column("counterparty_name", "Payer", 30),
    Column("invoice_number", "Invoice", 18), Column("customer_id", "Customer", 12),
    Column("customer_name", "Customer name", 30), Column("due_date", "Due", 11),
    Column("amount", "Cash applied", 14), Column("residual", "Settled besides", 14),
    Column("residual_kind", "As", 12), Column("currency", "Currency", 9),
    Column("probability", "Probability", 11), *_PLACE[1:], _WHY,
)  # fmt: skip
_OPEN_ITEMS: Final = (
    Column("invoice_number", "Item", 18), Column("kind", "Kind", 12), Column("customer_id", "Customer", 12),
    Column("customer_name", "Customer name", 30), Column("issue_date", "Issued", 11), Column("due_date", "Due", 11),
    Column("days_overdue", "Days overdue", 13), Column("total", "Total", 14), Column("open_amount", "Open", 14),
    Column("currency", "Currency", 9),
)  # fmt: skip
_REJECTED: Final = (
    Column("source_file", "Statement file", 28), Column("source_row", "Transaction", 12),
    Column("reason", "Why not accepted", 90),
)  # fmt: skip
_POSTINGS: Final = (
    Column("state", "State", 11), Column("invoice_number", "Invoice", 18), Column("invoice_id", "Invoice id", 18),
    Column("customer_id", "Customer", 12), Column("amount", "Amount", 14), Column("currency", "Currency", 9),
    Column("payment_date", "Booked", 11), Column("posting_id", "Key", 32), Column("detail", "What is known", 90),
)  # fmt: skip
_DIFFERENCES: Final = (
    Column("kind", "Difference", 14), Column("invoice_number", "Invoice", 18), Column("invoice_id", "Invoice id", 18),
    Column("ledger_amount", "Ledger", 14), Column("remote_amount", "There", 14), Column("currency", "Currency", 9),
    Column("sentence", "What", 90),
)  # fmt: skip
_FILES: Final = ("source_file", "layout", "transactions", "lines_new", "lines_repeated", "rows_rejected")


def write_workbook(report: MatchReport, path: Path) -> None:
    """Write the workbook to `path`.

    Raises:
        OSError: the file cannot be written.
    """
    book, lines = Book("Match report", report.run.started_at), report.lines
    _write_summary(book.add_sheet("Summary"), report)
    write_review(book.add_sheet(REVIEW_SHEET), report)
    for name, frame, columns in (
        ("Exceptions", lines.filter(pl.col("outcome").is_in([o.value for o in EXCEPTIONS])), _WHOLE_LINE),
        ("Posted", _posted(report), _POSTED),
        ("Open items", report.open_items, _OPEN_ITEMS),
        ("Lines", lines, _WHOLE_LINE),
        ("Rejected", report.rejected, _REJECTED),
        *_elsewhere(report),
    ):
        book.add_sheet(name).write_table(frame, columns)
    _write_facts(book.add_sheet(FACTS_SHEET), report.run)
    book.save(path)


def _write_summary(sheet: Sheet, report: MatchReport) -> None:
    run, moneys = report.run, money_in(report)
    sheet.set_widths(28, 16, 16, 16, 16, 16, 16)
    sheet.write_title("Match report")
    sheet.write_row(headline(report))
    if run.is_dry_run:
        sheet.write_row("Dry run: nothing was written to the ledger or to any other system.")
    sheet.write_row("As of", run.as_of)
    sheet.write_row("Run", str(run.run_number))
    sheet.write_row("Started (UTC)", f"{run.started_at:%Y-%m-%d %H:%M}")
    sheet.write_row("Version", run.version)
    parts = parts_shown(moneys)
    sheet.skip_row()
    sheet.write_headings("Money in", "Total", *parts.values(), "Money out")
    for money in moneys:
        amounts = [money.total, *(money.parts[part] for part in parts), money.out]
        sheet.write_row(money.currency, *((amount, money.currency) for amount in amounts))
    sheet.skip_row()
    amounts_of = {outcome: told["amounts"] for outcome, told in report.summary["outcomes"].items()}
    currencies = [money.currency for money in moneys]
    sheet.write_headings("Outcome", "Lines", *currencies)
    for outcome, lines in lines_by_outcome(report).items():
        sums = ((Decimal(amounts_of[outcome].get(currency, "0")), currency) for currency in currencies)
        sheet.write_row(LABELS[outcome], lines, *sums)
    if report.elsewhere is not None:
        told = report.summary["postings"]
        sheet.skip_row()
        sheet.write_headings("Posted to", "Confirmed", "Pending", "Unknown", "Refused", "Conflict")
        sheet.write_row(told["system"], *(told[s] for s in ("confirmed", "pending", "unknown", "refused", "conflict")))
    sheet.skip_row()
    sheet.write_headings("Statement file", "Layout", "Transactions", "New", "Repeated", "Not accepted", numbers_from=2)
    for row in report.files.select(_FILES).iter_rows():
        sheet.write_row(*row)
    if not report.discrepancies.is_empty():
        sheet.skip_row()
        sheet.write_headings("Discrepancy", "Currency", "Amount", "Statement file", "Account", "What", numbers_from=9)
    for found in report.discrepancies.rows(named=True):
        amount = "" if found["amount"] is None else (found["amount"], found["currency"])
        place = (found["currency"], found["source_file"], found["account_id"])
        sheet.write_row(found["kind"], amount, *place, found["sentence"])


def _write_facts(sheet: Sheet, run: RunFacts) -> None:
    """Say in a hidden sheet which report this is, for those who read decisions back."""
    sheet.write_row(FORMAT_FACT, FORMAT)
    sheet.write_row(RUN_FACT, run.run_number)
    sheet.write_row(LEDGER_FACT, str(run.ledger))
    sheet.write_row(STARTED_FACT, f"{run.started_at:%Y-%m-%dT%H:%M:%SZ}")
    sheet.set_widths(14, 60)
    sheet.hide()


def _posted(report: MatchReport) -> pl.DataFrame:
    told = report.lines.select("line_id", "booked_date", "counterparty_name")
    posted = report.allocations.filter(pl.col("state") == State.POSTED.value)
    return posted.join(told, on="line_id", how="left", maintain_order="left")


def _elsewhere(report: MatchReport) -> list[tuple[str, pl.DataFrame, tuple[Column, ...]]]:
    """Return the sheets on another system, where payments are posted to one."""
    if report.elsewhere is None:
        return []
    return [("Postings", report.postings, _POSTINGS), ("Comparison", report.elsewhere.differences, _DIFFERENCES)]
