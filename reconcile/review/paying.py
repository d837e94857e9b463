"""Say how a line's money pays invoices as a person decided, or why it cannot.

Pure, as `ruling` is. Must not: look into the ledger or write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reconcile.config import Review
from reconcile.errors import ReviewError
from reconcile.model import Outcome
from reconcile.money import fits, written
from reconcile.review.decided import Decided, InvoiceCash
from reconcile.review.standing import Item, Line, Proposed, Standing, known_customer

ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Ruling:
    """What becomes of a line: a decision's columns. `allocated` is posted; `refused_ids` are never proposed again."""

    line: Line
    outcome: str
    customer_id: str = ""
    applied: Decimal = ZERO
    on_account: Decimal = ZERO
    unapplied: Decimal = ZERO
    difference: Decimal = ZERO
    difference_kind: str = ""
    allocated: tuple[Proposed, ...] = ()
    refused_ids: tuple[str, ...] = ()


def allocated_by(
    decided: Decided, line: Line, standing: Standing, owed: Mapping[str, Decimal], seen: int
) -> tuple[Proposed, ...]:
    """Say how much of the line's money each invoice gets; a proposal that is accepted keeps what it settles besides."""
    named = _named(decided, line, standing, seen)
    proposal = standing.proposals.get(line.line_id, ())
    proposed = {each.invoice_id: each for each in proposal}
    items = [standing.item_named(cash.invoice_id) for cash in named]
    if len({item.invoice_id for item in items}) < len(items):
        raise ReviewError("an invoice stands twice")
    is_proposal = {item.invoice_id for item in items} == set(proposed) and all(
        cash.amount in (None, proposed[item.invoice_id].amount) for cash, item in zip(named, items, strict=True)
    )
    if is_proposal and decided.action == "accept":
        spread = [proposed[item.invoice_id] for item in items]
    else:
        spread = _spread(named, items, line, owed)
    for item, each in zip(items, spread, strict=True):
        _check(item, each, line, owed[item.invoice_id])
    net = sum((each.amount for each in spread), ZERO)
    if not 0 < net <= line.amount:
        message = f"its invoices and credit notes take {_money(net, line)}; it has {_money(line.amount, line)}"
        raise ReviewError(message)
    return tuple(spread)


def _named(decided: Decided, line: Line, standing: Standing, seen: int) -> tuple[InvoiceCash, ...]:
    """Return the invoices that a decision is about: those it names, an alternative's, or those that are proposed."""
    if decided.invoices:
        return decided.invoices
    if decided.rank:
        ids = standing.alternatives.get((line.line_id, decided.rank))
        if ids is None:
            message = f"it has no alternative {decided.rank}"
            raise ReviewError(message)
        return tuple(InvoiceCash(invoice_id) for invoice_id in ids)
    if decided.action == "assign":
        raise ReviewError("name the invoices that it pays")
    if seen and line.run_number > seen:
        message = f"run {line.run_number} looked at it anew since the report of run {seen}; look at the newer one"
        raise ReviewError(message)
    proposal = standing.proposals.get(line.line_id, ())
    if not proposal:
        raise ReviewError("nothing is proposed for it; name the invoices that it pays")
    return tuple(InvoiceCash(each.invoice_id) for each in proposal)


def _spread(
    named: tuple[InvoiceCash, ...], items: list[Item], line: Line, owed: Mapping[str, Decimal]
) -> list[Proposed]:
    """Fill in the cash that is not said: credit notes give all they have, then invoices in turn get what they owe."""
    left = line.amount
    for cash, item in zip(named, items, strict=True):
        if cash.amount is not None:
            left -= cash.amount
        elif item.kind == "credit_note":
            left += owed[item.invoice_id]
    spread = []
    for cash, item in zip(named, items, strict=True):
        amount = cash.amount
        if amount is None and item.kind == "credit_note":
            amount = -owed[item.invoice_id]
        elif amount is None:
            amount = max(ZERO, min(owed[item.invoice_id], left))
            left -= amount
            if not amount and owed[item.invoice_id]:
                message = f"nothing of its money is left for invoice {item.invoice_number}"
                raise ReviewError(message)
        spread.append(Proposed(item.invoice_id, amount, ZERO))
    return spread


def _check(item: Item, each: Proposed, line: Line, owed: Decimal) -> None:
    """Hold an invoice against what it is to get.

    Raises:
        ReviewError: it cannot be paid by this line, or owes less by now, or the amount is none.
    """
    what = f"{'credit note' if item.kind == 'credit_note' else 'invoice'} {item.invoice_number}"
    if item.status in {"void", "draft"}:
        message = f"{what} is {item.status}"
        raise ReviewError(message)
    if item.currency != line.currency:
        message = f"{what} is in {item.currency}, the line in {line.currency}"
        raise ReviewError(message)
    if not owed:
        message = f"nothing is owed on {what} by now"
        raise ReviewError(message)
    settled, cash = each.amount + each.residual, each.amount
    if item.kind == "credit_note":
        settled, cash = -settled, -cash
    if not fits(cash, line.currency):
        message = f"{cash} is too large for {what}, or has more decimals than {line.currency}"
        raise ReviewError(message)
    if cash <= 0:
        wanted = "below" if item.kind == "credit_note" else "above"
        message = f"the amount for {what} is to be {wanted} zero"
        raise ReviewError(message)
    if settled > owed:
        message = f"{what} owes {_money(owed, line)} by now, not {_money(settled, line)}"
        raise ReviewError(message)


def written_off(
    allocated: tuple[Proposed, ...], line: Line, standing: Standing, owed: Mapping[str, Decimal], limits: Review
) -> tuple[Proposed, ...]:
    """Write off what the invoices still owe after the line's cash."""
    settled = tuple(
        Proposed(each.invoice_id, each.amount, rest, "write_off")
        if standing.items[each.invoice_id].kind == "invoice" and (rest := owed[each.invoice_id] - each.amount)
        else each
        for each in allocated
    )
    total = sum((each.residual for each in settled), ZERO)
    if not total:
        raise ReviewError("nothing is left to write off; accept or assign it")
    if total > limits.write_off_amount_max:
        message = (
            f"{_money(total, line)} would be written off; at most {_money(limits.write_off_amount_max, line)} may be "
            "([review] write_off_amount_max)"
        )
        raise ReviewError(message)
    return settled


def applied_by(
    decided: Decided, line: Line, standing: Standing, owed: Mapping[str, Decimal], allocated: tuple[Proposed, ...]
) -> Ruling:
    """Name what the line does: it settles, or leaves a part open, or brings more than was owed."""
    items = [standing.items[each.invoice_id] for each in allocated]
    applied = sum((each.amount for each in allocated), ZERO)
    rest = line.amount - applied
    due = sum((owed[item.invoice_id] for item in items if item.kind == "invoice"), ZERO)
    credit = sum((each.amount for item, each in zip(items, allocated, strict=True) if item.kind != "invoice"), ZERO)
    difference = rest or line.amount - due - credit
    kinds = [each.residual_kind for each in allocated if each.residual]
    if rest and kinds:
        message = f"{_money(rest, line)} of its money would be left over while something is written off"
        raise ReviewError(message)
    customers = {item.customer_id for item in items}
    customer_id = decided.customer_id or (customers.pop() if len(customers) == 1 else "")
    if rest and not customer_id:
        message = (
            f"{_money(rest, line)} is beyond what its invoices get, and they are several customers': say whose it is"
        )
        raise ReviewError(message)
    if decided.customer_id:
        known_customer(decided.customer_id, standing)
    outcome = Outcome.OVERPAID if rest else Outcome.SHORT_PAID if difference else Outcome.APPLIED
    kind = kinds[0] if kinds else "excess" if rest else "part" if difference else ""
    return Ruling(
        line, outcome, customer_id, applied, rest, difference=difference, difference_kind=kind, allocated=allocated
    )


def _money(amount: Decimal, line: Line) -> str:
    return f"{written(amount, line.currency)} {line.currency}"
