"""Take back what was decided about a line, by a person or by a run: a new decision that reverses the line's own.

Refused where something stands on it: the bank's return, a payment from the line's money on account. Must not: change
or delete what was written.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

from reconcile.errors import ReviewError
from reconcile.ledger import Ledger
from reconcile.model import Outcome
from reconcile.money import MONEY, written
from reconcile.resolve import Decisions
from reconcile.review.acts import NewAct, digest, sentence
from reconcile.review.paying import ZERO
from reconcile.review.standing import REJECTED, UNDONE, Act, Line, Proposed, Standing
from reconcile.sql import sql


def undo_of(ledger: Ledger, standing: Standing, line_id: str, who: str, at: dt.datetime, reason: str) -> NewAct:
    """Make the act that takes back the last thing that was decided about a line.

    What waits for a second person, and a rejection that a run has looked beyond since, is only withdrawn. What a person
    decided goes back to what was proposed before; of what a run decided, the pairs count as rejected.

    Raises:
        ReviewError: nothing is decided about it, or what is decided cannot be taken back, and why.
    """
    line = standing.lines[line_id]
    acts = [act for act in standing.acts.get(line_id, ()) if act.is_standing and act.action != "undo"]
    made = next((act for act in acts if act.decision_id == line.decision_id), None)
    if waiting := standing.waiting(line_id):
        return _act(line, who, at, reason, waiting)
    if line.is_open and line.rule != REJECTED:
        rejections = [act for act in acts if act.action == "reject"]
        if not rejections:
            message = f"nothing is decided about it that could be undone: it is in {line.outcome}"
            raise ReviewError(message)
        return _act(line, who, at, reason, rejections[-1])
    if line.rule != REJECTED:
        _refuse_what_stands_on_it(ledger, line)
    return _reversal(ledger, line, made, who, at, reason)


def _act(line: Line, who: str, at: dt.datetime, reason: str, undone: Act | None) -> NewAct:
    return NewAct(
        review_id=digest(line.line_id, "undo", undone.review_id if undone else line.decision_id, who, at.isoformat()),
        line_id=line.line_id,
        action="undo",
        customer_id="",
        reason=reason,
        who=who,
        decided_at=at,
        undoes_id=undone.review_id if undone else "",
        items=undone.items if undone else (),
        outcome=line.outcome,
    )


def _reversal(ledger: Ledger, line: Line, made: Act | None, who: str, at: dt.datetime, reason: str) -> NewAct:
    reversals = ledger.frame(sql("review", "reversals_of_line"), line_id=line.line_id)
    proposals = ledger.frame(sql("review", "proposals_before"), line_id=line.line_id)
    considered = ledger.frame(sql("review", "considered_before"), line_id=line.line_id)
    if made is None:  # a run's own: it is wrong, and nothing that led to it is laid before a person again
        proposals, considered = proposals.clear(), considered.clear()
    told = sentence("undo", who, at, reason, line)
    # What a run had said is no matter of receivables is that again: its money is not waiting for anything.
    outcome = Outcome.IGNORED if made is not None and _was_ignored(ledger, line) else Outcome.REVIEW
    waiting = ZERO if outcome == Outcome.IGNORED else line.amount
    taken_back = reversals.with_columns(rule=pl.lit(UNDONE), explanation=pl.lit(told))
    decision = pl.DataFrame(
        {
            "line_id": [line.line_id],
            "outcome": [outcome.value],
            "unapplied": pl.Series([waiting], dtype=MONEY),
            "rule": [UNDONE],
            "explanation": [told],
        }
    )
    act = _act(line, who, at, reason, made)
    items = act.items or tuple(
        Proposed(invoice_id, -amount, -residual)
        for invoice_id, amount, residual in reversals.select("invoice_id", "amount", "residual").rows()
    )
    allocations = Decisions.of(decision, taken_back).allocations, Decisions.of(decision, proposals).allocations
    return NewAct(
        **{name: getattr(act, name) for name in _KEPT},
        items=items,
        outcome=outcome.value,
        decision=Decisions(
            Decisions.of(decision).decisions,
            pl.concat(allocations),
            Decisions.of(decision, None, considered).considered,
        ),
    )


def _was_ignored(ledger: Ledger, line: Line) -> bool:
    before = ledger.rows(
        "select outcome from decisions where line_id = ? qualify row_number() over (order by run_number desc) = 2",
        line.line_id,
    )
    return before == [(Outcome.IGNORED.value,)]


_KEPT: Final = ("review_id", "line_id", "action", "customer_id", "reason", "who", "decided_at", "undoes_id")


def _refuse_what_stands_on_it(ledger: Ledger, line: Line) -> None:
    """Refuse to take back what others have built on.

    Raises:
        ReviewError: names what is to be taken back first, or why nothing can be.
    """
    if line.outcome == Outcome.RETURNED:
        raise ReviewError("it is the bank's own return of an earlier receipt, and stands as the bank booked it")
    returned = ledger.rows("select line_id from current_decisions where returns_line_id = ?", line.line_id)
    if returned:
        message = f"the bank took this receipt back (line {returned[0][0]}): what it paid is open again already"
        raise ReviewError(message)
    if not line.on_account:
        return
    spent = ledger.frame(sql("review", "spent_from_line"), line_id=line.line_id).rows()
    if spent:
        paid = ", ".join(
            f"payment {payment_id} ({written(amount, line.currency)} {line.currency} for invoice {invoice_id})"
            for payment_id, invoice_id, amount in spent
        )
        message = f"its money on account was spent since: delete {paid} first"
        raise ReviewError(message)
    credit, paid_back = ledger.frame(
        sql("review", "free_credit"), customer_id=line.customer_id, currency=line.currency
    ).rows()[0]
    if paid_back and line.on_account > max(ZERO, credit - paid_back):
        message = (
            f"{written(paid_back, line.currency)} {line.currency} of customer {line.customer_id}'s credit was paid "
            "back by bank since; undo that refund's line first"
        )
        raise ReviewError(message)
