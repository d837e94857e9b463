"""Name the places of a workbook where people decide: the report writes them, the review reads them back.

Must not: write or read a workbook.
"""

from __future__ import annotations

from typing import Final

REVIEW_SHEET: Final = "Review"
FACTS_SHEET: Final = "About"
"""A hidden sheet of names and values, that says which report the workbook is."""

FORMAT_FACT, RUN_FACT, LEDGER_FACT, STARTED_FACT = "format", "run_number", "ledger", "started_at"
FORMAT: Final = "reconcile-workbook/1"
"""What a workbook says of itself."""

LINE_ID: Final = "line_id"
RANK: Final = "rank"
INVOICE_IDS: Final = "invoice_ids"
"""Headings of what a person need not see: the line, the alternative's number (none: 0) and its invoices."""

INVOICE_IDS_MARK: Final = "|"

DECISION: Final = "Decision"
INVOICES: Final = "Invoices"
CUSTOMER: Final = "For customer"
REASON: Final = "Reason"
DECIDED_BY: Final = "Decided by"

INPUTS: Final = (DECISION, INVOICES, CUSTOMER, REASON, DECIDED_BY)
"""Headings of the columns that a person fills in."""

ACTIONS: Final[dict[str, str]] = {
    "accept": "accept",
    "reject": "reject",
    "assign": "assign",
    "on account": "on_account",
    "write off": "write_off",
    "not receivable": "not_receivable",
}
"""What a person can write as a decision, and the action that it means."""
