"""Walk through the lines by date and make each label true: what an accountant could tell from the data, no more.

A payment by name alone pays the oldest equal open item that no line names. Where two sets fit, the line is ambiguous.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tests.bench.model import Invoice, Line, World

AMOUNTS_MAX: Final = 26
"""More different amounts than these, and their sums fit nearly anything: ambiguous."""
SET_MAX: Final = 5


def settle(world: World) -> None:
    """Order the lines, decide what each pays, and say which are ambiguous."""
    for invoice in world.invoices:
        is_owed = invoice.status == "open" and invoice.currency == world.currency
        invoice.open = invoice.amount_due if is_owed else 0
    _demote_cut(world.lines)
    named = {id(invoice) for line in world.lines for invoice in line.named}
    named |= {id(invoice) for advice in world.advices for invoice, _ in advice.line.pays}
    order = {id(line): place for place, line in enumerate(world.lines)}
    world.lines.sort(key=lambda line: (line.booked, order[id(line)]))
    gone: set[int] = set()
    for line in world.lines:
        if line.earlier is not None and line.cls == "returned":
            _take_back(line, gone)
        elif line.pays:
            _decide(line, named)
        for invoice, amount in line.pays:
            invoice.open += amount if invoice.kind == "credit_note" else -amount
            if invoice.open < 0:
                gone.add(id(line))
    world.lines = [line for line in world.lines if id(line) not in gone]


def _demote_cut(lines: Sequence[Line]) -> None:
    """Count a cut reference as none where what is left of it fits several equal invoices: the oldest of them then."""
    for line in lines:
        if line.rule == "cut" and line.customer:
            fits = [
                i for i in line.customer.invoices if i.total == line.amount and i.number.startswith(line.kept_prefix)
            ]
            if len(fits) > 1:
                line.rule, line.named = "single", []


def _take_back(line: Line, gone: set[int]) -> None:
    """Reverse what the earlier line truly paid."""
    assert line.earlier
    line.pays = [(invoice, -amount) for invoice, amount in line.earlier.pays]
    if id(line.earlier) in gone or line.earlier.cls == "ambiguous":
        line.pays, line.cls, line.outcome = [], "ambiguous", "ambiguous"


def _decide(line: Line, named: set[int]) -> None:
    customer = line.customer
    if customer is None:
        return
    items = [i for i in customer.invoices if i.open > 0 and i.issued <= line.booked + dt.timedelta(days=5)]
    others = [i for i in items if i.kind == "invoice" and id(i) not in named]
    match line.rule:
        case "single":
            _oldest_equal(line, [i for i in others if i.number.startswith(line.kept_prefix)])
        case "set":
            _only_set(line, others, line.pays)
        case "completes":
            in_text = {id(i) for i in line.named}
            rest = [i for i in others if id(i) not in in_text]
            _only_set(line, rest, [(i, amount) for i, amount in line.pays if id(i) not in in_text])
        case "uneven":
            paid = line.pays[0][0]
            excess = line.amount - paid.open
            if any(i.open in (line.amount, excess) for i in items if i is not paid):
                _call_ambiguous(line)
        case _:
            pass


def _oldest_equal(line: Line, others: Sequence[Invoice]) -> None:
    equal = _oldest_first(i for i in others if i.open == line.amount)
    if not equal:
        _call_ambiguous(line)
        line.pays = []
        return
    line.pays = [(equal[0], line.amount)]
    if len(equal) > 1 and line.outcome == "applied":
        line.cls = "name_recurring"


def _only_set(line: Line, items: Sequence[Invoice], paid: list[tuple[Invoice, int]]) -> None:
    """Hold the line ambiguous unless only these amounts make up the sum; of equal items the oldest are paid."""
    if not paid:
        return
    sums = list(_sets([i.open for i in items], sum(amount for _, amount in paid)))
    if len(sums) != 1 or sums[0] != tuple(sorted((i.open for i, _ in paid), reverse=True)):
        _call_ambiguous(line)
        return
    by_amount: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in _oldest_first(items):
        by_amount[invoice.open].append(invoice)
    if line.rule == "completes" and any(len(by_amount[amount]) > sums[0].count(amount) for amount in sums[0]):
        _call_ambiguous(line)  # the payer named one of the equal items, and the bank cut it off
        return
    oldest = [(by_amount[amount].pop(0), amount) for amount in sums[0]]
    kept = {id(invoice) for invoice, _ in paid}
    line.pays = [pair for pair in line.pays if id(pair[0]) not in kept] + oldest


def _oldest_first(items: Iterable[Invoice]) -> list[Invoice]:
    return sorted(items, key=lambda i: (i.due, i.issued, i.invoice_id))


def _call_ambiguous(line: Line) -> None:
    line.cls = line.outcome = "ambiguous"


def _sets(amounts: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    """Give amounts that make up a total, largest first, two such sets at most; all amounts together count too."""
    counts = sorted(Counter(amounts).items(), reverse=True)
    if total <= 0 or len(counts) > AMOUNTS_MAX:
        return
    found = 0
    every = tuple(sorted(amounts, reverse=True))
    if len(every) > SET_MAX and sum(every) == total:
        found += 1
        yield every
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, total, ())]
    while stack and found < 2:
        place, left, chosen = stack.pop()
        if left == 0:
            found += 1
            yield chosen
        elif place < len(counts) and len(chosen) < SET_MAX:
            amount, count = counts[place]
            for times in range(min(count, left // amount, SET_MAX - len(chosen)) + 1):
                stack.append((place + 1, left - times * amount, chosen + (amount,) * times))
