"""Tell what waits for a person, and what became of a line. Must not: change anything."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from reconcile.ledger import Ledger
from reconcile.review.standing import line_named
from reconcile.sql import sql

_QUEUED: Final = ("queue_proposals", "queue_alternatives")


def queue(ledger: Ledger, amount_min: Decimal = Decimal(0), customer_id: str = "") -> list[dict[str, Any]]:
    """Return the lines that wait for a person, the largest first, each with its proposal and its alternatives.

    Args:
        ledger: the open ledger.
        amount_min: leave out smaller lines, in their own currencies; money out counts by its size.
        customer_id: only lines that are, or are proposed to be, of this customer; '' for all.
    """
    lines = ledger.frame(sql("review", "queue"), amount_min=amount_min, customer_id=customer_id).rows(named=True)
    proposals, alternatives = (_by_line(ledger, name) for name in _QUEUED)
    return [
        line
        | {
            "proposal": proposals.get(line["line_id"], []),
            "alternatives": [
                {**row, "invoice_ids": row["invoice_ids"].split("|")} for row in alternatives.get(line["line_id"], [])
            ],
        }
        for line in lines
    ]


def history(ledger: Ledger, line: str) -> list[dict[str, Any]]:
    """Return all that was decided about a line, by runs and by people, in order.

    Args:
        ledger: the open ledger.
        line: its id, or a beginning of it.

    Raises:
        ReviewError: no line has it, or several have.
    """
    return ledger.frame(sql("review", "history"), line_id=line_named(ledger, line)).rows(named=True)


def _by_line(ledger: Ledger, name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ledger.frame(sql("review", name)).rows(named=True):
        found.setdefault(row.pop("line_id"), []).append(row)
    return found
