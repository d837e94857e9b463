"""Rule on a person's decision: what becomes of the line's money, or why the decision cannot be carried out.

Pure: what was said and what stands in, a `Ruling` out. Must not: look into the ledger or write.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconcile.config import Review
from reconcile.errors import ReviewError
from reconcile.model import Outcome
from reconcile.review.decided import Decided
from reconcile.review.paying import Ruling, allocated_by, applied_by, written_off
from reconcile.review.standing import Line, Standing, known_customer


def ruling_of(decided: Decided, standing: Standing, owed: Mapping[str, Decimal], limits: Review, seen: int) -> Ruling:
    """Rule on one decision.

    Args:
        decided: what was said.
        standing: what it meets.
        owed: what each invoice owes by now, after the decisions before this one.
        limits: what a person may write off.
        seen: the run whose report was looked at; 0 where that is not known.

    Raises:
        ReviewError: the line is not known or decided already, an invoice is paid or owes less, an amount is none.
    """
    line = _open_line(decided, standing)
    if decided.action == "reject":
        return _rejected(decided, line, standing)
    if decided.action == "not_receivable":
        return Ruling(line, Outcome.IGNORED)
    if decided.action == "on_account":
        return _on_account(decided, line, standing)
    if line.amount <= 0:
        raise ReviewError("no money came in by it: put it on a customer's account, or mark it as not receivable")
    allocated = allocated_by(decided, line, standing, owed, seen)
    if decided.action == "write_off":
        allocated = written_off(allocated, line, standing, owed, limits)
    return applied_by(decided, line, standing, owed, allocated)


def _open_line(decided: Decided, standing: Standing) -> Line:
    line = standing.lines.get(decided.line_id)
    if line is None:
        message = f"the ledger knows no line {decided.line_id[:60]!r}"
        raise ReviewError(message)
    if not line.is_open:
        made = next((act for act in standing.acts.get(line.line_id, ()) if act.decision_id == line.decision_id), None)
        by, at = (made.who, made.decided_at) if made else (f"run {line.run_number}", line.decided_at)
        message = f"it is decided already ({line.outcome}) by {by} on {at:%Y-%m-%d %H:%M} UTC; undo it first"
        raise ReviewError(message)
    return line


def _rejected(decided: Decided, line: Line, standing: Standing) -> Ruling:
    # An invoice may be named by its id and by its number.
    ids = tuple(dict.fromkeys(standing.item_named(named.invoice_id).invoice_id for named in decided.invoices))
    if not ids:
        ids = tuple(proposed.invoice_id for proposed in standing.proposals.get(line.line_id, ()))
    if not ids:
        raise ReviewError("nothing is proposed for it; name the invoices that it does not pay")
    outcome = line.outcome if line.outcome == Outcome.UNMATCHED else Outcome.REVIEW
    return Ruling(line, outcome, unapplied=line.amount, refused_ids=ids)


def _on_account(decided: Decided, line: Line, standing: Standing) -> Ruling:
    if not line.amount:
        raise ReviewError("it moves no money; mark it as not receivable")
    customer_id = known_customer(decided.customer_id, standing)
    if line.amount < 0:
        return Ruling(line, Outcome.REFUND, customer_id)
    return Ruling(line, Outcome.ON_ACCOUNT, customer_id, on_account=line.amount)
