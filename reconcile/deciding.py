"""Decide a night's lines: match and resolve in rounds, since each posting changes what is owed.

Must not: read a file, or reach another system.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile import ledger as books
from reconcile import match, resolve
from reconcile.config import Config
from reconcile.ledger import Ledger
from reconcile.resolve import Policy
from reconcile.steps import Clock

ROUNDS_MAX: Final = 50
"""How often postings may change what is owed before what is left goes to a person: twins in a row need one each."""

ROUND_LINES_MIN: Final = 2000
"""What a round costs besides its lines is what so many lines cost: fewer with hope take those without hope along."""


def decide(ledger: Ledger, config: Config, clock: Clock) -> None:
    """Match and resolve until nothing more can be posted, then name what is left.

    What is clear goes first, all at once. Then receipts, round by round; where none can be posted any more, the
    returns, which open items again; and so on. Each posting changes what is owed, so each round proposes anew, for the
    lines that it concerns; where there is hope for many of these, the others wait until nothing more can be posted.
    """
    policy = Policy.of(config, ledger.rule_precision())
    lines = resolve.in_turn(ledger.undecided_lines())
    items = ledger.items()
    learned = books.learned_payers(ledger, config.review.alias_confirmations_min)
    told = (lines, items, ledger.customers(), ledger.remittances(), learned)
    layout = clock("match", match.lay_out, ledger.con, *told)
    clear = clock("match", match.propose_clear, layout, config)
    decided = clock("resolve", resolve.receipts, lines, items, clear, policy, ledger.posted_totals())
    lines, items = _settle(ledger, clock, layout, decided, lines, items)
    if lines.is_empty():
        return
    candidates = clock("match", match.propose, layout, lines, config)

    def anew(known: match.Candidates, again: pl.DataFrame) -> match.Candidates:
        if again.is_empty():
            return known
        return known.updated_by(clock("match", match.propose, layout, again, config), again)

    later = lines.clear()
    for _ in range(ROUNDS_MAX):
        decided = clock("resolve", resolve.receipts, lines, items, candidates, policy, ledger.posted_totals())
        if decided.decisions.is_empty() and later.height:
            candidates, later = anew(candidates, later), lines.clear()
            continue
        if decided.decisions.is_empty():
            candidates = clock("match", match.propose_money_out, candidates, layout, lines, config)
            decided = clock("resolve", resolve.returned_credits, lines, items, candidates, policy)
        if decided.decisions.is_empty():
            decided = clock("resolve", resolve.returns, lines, candidates, ledger.posted_allocations())
        if decided.decisions.is_empty():
            break
        lines, items = _settle(ledger, clock, layout, decided, lines, items)
        if lines.is_empty():
            return
        concerned = candidates.concerned_by(decided.allocations["invoice_id"], items)
        hopeful = concerned.join(candidates.hopeful(float(policy.gate.probability_min)), on="line_id", how="semi")
        again = lines.join(pl.concat([concerned, later.select("line_id")]), on="line_id", how="semi")
        later = lines.clear()
        if hopeful.height >= ROUND_LINES_MIN:
            later = again.join(hopeful, on="line_id", how="anti")
            again = again.join(hopeful, on="line_id", how="semi")
        candidates = anew(candidates, again).without_explanations(later)
    candidates = anew(candidates, later)
    rest = clock("resolve", resolve.remainder, lines, items, candidates, policy, ledger.posted_totals())
    clock("store decisions", ledger.write, rest)


def _settle(
    ledger: Ledger,
    clock: Clock,
    layout: match.Layout,
    decided: resolve.Decisions,
    lines: pl.DataFrame,
    items: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write down what was decided; return the lines that are left, and the items with what is owed now."""
    clock("store decisions", ledger.write, decided)
    left = lines.join(decided.decisions.select("line_id"), on="line_id", how="anti")
    owed = clock("match", books.owed_after, items, decided.allocations)
    clock("match", layout.owes, owed.join(decided.allocations.select("invoice_id"), on="invoice_id", how="semi"))
    return left, owed
