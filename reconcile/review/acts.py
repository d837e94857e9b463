"""What is written down of a person's act: the review, the decision that comes of it, its sentence. Values and words."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from reconcile.ledger import Ledger
from reconcile.money import MONEY
from reconcile.resolve import Decisions
from reconcile.review.decided import Decided
from reconcile.review.paying import ZERO, Ruling
from reconcile.review.standing import PERSON, REJECTED, Act, Item, Line, Proposed
from reconcile.sql import sql

Schema = dict[str, pl.DataType | type[pl.DataType]]

SAID: Final = {
    "accept": "Accepted",
    "reject": "Rejected what was proposed for it, said",
    "assign": "Assigned",
    "on_account": "Put on account",
    "write_off": "Assigned, and the rest written off,",
    "not_receivable": "Marked as not receivable",
    "undo": "Taken back",
}
"""How a sentence about a decision begins; `by <who>` follows."""


@dataclass(frozen=True)
class NewAct:
    """An act to be written down, and the decision that comes of it: a ruling, its frames, or none of both.

    The first fields are those of `reviews`. `confirmed` is the waiting act that this one confirms.
    """

    review_id: str
    line_id: str
    action: str
    customer_id: str
    reason: str
    who: str
    decided_at: dt.datetime
    is_waiting: bool = False
    confirms_id: str = ""
    undoes_id: str = ""
    items: tuple[Proposed, ...] = ()
    outcome: str = ""
    decision: Decisions | None = None


def review_id_of(decided: Decided, who: str, seen: int) -> str:
    """Return the id of a decision: the same decision by the same person at the same instant is the same one.

    Where its instant is not known, as in a workbook, the report that was looked at stands for it.
    """
    named = sorted(
        f"{cash.invoice_id}={'' if cash.amount is None else cash.amount.normalize()}" for cash in decided.invoices
    )
    when = decided.decided_at.isoformat() if decided.decided_at else f"run {seen}"
    return digest(decided.line_id, decided.action, *named, str(decided.rank), decided.customer_id, who, when)


def digest(*parts: str) -> str:
    """Return an id that depends on every part."""
    return hashlib.sha256("\x1f".join(("review", *parts)).encode()).hexdigest()[:24]


def sentence(action: str, who: str, at: dt.datetime, reason: str, line: Line, first: Act | None = None) -> str:
    """Say who decided, when and why, and what the evidence was.

    Args:
        action: what was decided.
        who: by whom, at `at`; the second person where `first` was the first.
        at: when, UTC.
        reason: why, as the person said it; may be ''.
        line: what is decided.
        first: the waiting act that is confirmed.
    """
    taken_back = f" (it was {line.outcome.replace('_', ' ')})" if action == "undo" else ""
    said = (
        f"{SAID[action]}{taken_back} by {first.who if first else who} on {_instant(first.decided_at if first else at)}"
    )
    confirmed = f", confirmed by {who} on {_instant(at)}" if first else ""
    reasons = "; ".join(text.rstrip(". ") for text in (first.reason if first else "", reason) if text)
    why = f": {reasons}." if reasons else "."
    return f"{said}{confirmed}{why}" + (f" The run had said: {line.evidence}" if line.evidence else "")


def decision_of(ruling: Ruling, told: str, items: dict[str, Item], kept: pl.DataFrame | None) -> Decisions:
    """Make the frames of a person's decision.

    Args:
        ruling: what becomes of the line.
        told: the decision's sentence.
        items: the invoices that it allocates to.
        kept: what is still considered for the line, where it stays open.
    """
    rule = REJECTED if ruling.refused_ids else PERSON
    decision = {
        "line_id": ruling.line.line_id,
        "outcome": str(ruling.outcome),
        "customer_id": ruling.customer_id,
        "applied": ruling.applied,
        "on_account": ruling.on_account,
        "unapplied": ruling.unapplied,
        "difference": ruling.difference,
        "difference_kind": ruling.difference_kind,
        "rule": rule,
        "explanation": told,
    }
    allocations = [
        {
            "line_id": ruling.line.line_id,
            "invoice_id": each.invoice_id,
            "invoice_number": items[each.invoice_id].invoice_number,
            "customer_id": items[each.invoice_id].customer_id,
            "amount": each.amount,
            "residual": each.residual,
            "residual_kind": each.residual_kind,
            "currency": ruling.line.currency,
            "state": "posted",
            "probability": 1.0,  # a person said so
            "rule": rule,
            "explanation": told,
        }
        for each in ruling.allocated
    ]
    return Decisions.of(
        pl.DataFrame([decision], schema_overrides=_AMOUNTS),
        pl.DataFrame(allocations, schema_overrides=_AMOUNTS) if allocations else None,
        kept,
    )


def items_of(ruling: Ruling) -> tuple[Proposed, ...]:
    """Return the invoices that a review speaks of: what it allocates, or refuses."""
    return ruling.allocated or tuple(Proposed(invoice_id, ZERO, ZERO) for invoice_id in ruling.refused_ids)


def write_acts(ledger: Ledger, acts: Sequence[NewAct]) -> None:
    """Write down acts and the decisions that come of them, in the run that is open."""
    decisions = [act.decision for act in acts if act.decision is not None]
    if decisions:
        ledger.write(
            Decisions(
                pl.concat([each.decisions for each in decisions]),
                pl.concat([each.allocations for each in decisions]),
                pl.concat([each.considered for each in decisions]),
            )
        )
    told = [(*(getattr(act, name) for name in _REVIEW_COLUMNS),) for act in acts]
    named = [(act.review_id, each.invoice_id, each.amount, each.residual) for act in acts for each in act.items]
    reviews = pl.DataFrame(told, schema=_REVIEW_COLUMNS, orient="row")
    items = pl.DataFrame(named, schema=_ITEM_COLUMNS, orient="row")
    with ledger.given(new_reviews=reviews, new_review_items=items):
        ledger.con.execute(sql("review", "insert_reviews"), {"run_number": ledger.run_number})
        ledger.con.execute(sql("review", "insert_review_items"))


def _instant(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


_AMOUNTS: Final[Schema] = dict.fromkeys(
    ("applied", "on_account", "unapplied", "difference", "amount", "residual"), MONEY
)  # fmt: skip
_REVIEW_COLUMNS: Final[Schema] = {
    "review_id": pl.String,
    "line_id": pl.String,
    "action": pl.String,
    "customer_id": pl.String,
    "reason": pl.String,
    "who": pl.String,
    "decided_at": pl.Datetime("us"),
    "is_waiting": pl.Boolean,
    "confirms_id": pl.String,
    "undoes_id": pl.String,
}
_ITEM_COLUMNS: Final[Schema] = {"review_id": pl.String, "invoice_id": pl.String, "amount": MONEY, "residual": MONEY}
