"""Fit `reconcile/match/calibration.csv`: how often explanations are right, by the kind of evidence and their share.

Nights are run as they would be without calibration; every line whose best explanation only its probability could keep
from being posted is held against the truth. Shares are cut into steps; steps that are less often right than a lower
one are pooled with it (pool adjacent violators). What a step claims is what is proved: the lower bound of the share of
right ones among its lines, or among these and those of the steps below, where more lines prove more.
"""

from __future__ import annotations

import math
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from reconcile import match, resolve
from reconcile.resolve.receipts import best_explanations, passes_gate
from tests.bench import nights
from tests.bench.ablations import replaced, without_calibration
from tests.bench.proof import lower_bound
from tests.bench.score import key_of, rows_of, truth_of
from tests.bench.worlds import write_world

STEPS: Final = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 0.98, 0.99, 0.9999)
"""Where steps of shares begin. Finer ones would hold too few lines to prove anything, and leave gaps: an amount is less
rare among few open items, so a small company's shares stand lower in a step than a large one's."""

EQUAL_KINDS: Final = frozenset({"few_equal", "many_equal", "begun_equal"})
"""Kinds at which nothing tells equal items of one customer apart: that the oldest is paid is a rule, not a likelihood,
so the line is right where it pays any of them."""

TABLE: Final = Path(match.__file__).with_name("calibration.csv")
"""Where the core reads it."""

COLUMNS: Final = ("kind", "share_from", "lines", "right", "probability")


def calibrate(profiles: Sequence[str], seeds: Sequence[int], lines: int) -> pl.DataFrame:
    """Return the table fitted on worlds of these profiles and seeds, of so many lines each; columns as `COLUMNS`."""
    judged = []
    with tempfile.TemporaryDirectory() as folder, without_calibration():
        for profile in profiles:
            for seed in seeds:
                world = Path(folder) / f"{profile}-{seed}"
                write_world(profile, seed, lines, world)
                judged.append(judged_lines(world))
    return fit(pl.concat(judged))


def judged_lines(world: Path) -> pl.DataFrame:
    """Run a night on a world and return `kind`, `share` and `is_right` of each line that could have been posted."""
    with recorded() as told:
        nights.night(world)
    places = {row["line_id"]: key_of(row) for row in rows_of(world / "out" / "lines.csv")}
    truth = truth_of(world)
    owners = {row["invoice_id"]: row["customer_id"] for row in rows_of(world / "invoices.csv")}
    paid: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for decided, _ in told:
        for line_id, invoice_id, amount in decided.allocations.select("line_id", "invoice_id", "amount").rows():
            paid[line_id][invoice_id] = amount
    best = pl.concat([best for _, best in told])

    def is_right(line_id: str, kind: str) -> bool:
        true = truth.get(places[line_id], {})
        if kind not in EQUAL_KINDS:
            return paid[line_id] == true
        return _by_owner(paid[line_id], owners) == _by_owner(true, owners)

    right = [is_right(line_id, kind) for line_id, kind in best.select("line_id", "kind").rows()]
    return best.select("kind", "share", is_right=pl.Series(right, dtype=pl.Boolean))


def _by_owner(paid: Mapping[str, Decimal], owners: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """Return the amounts that were paid, each with the customer who owes it."""
    return sorted((owners[invoice_id], amount) for invoice_id, amount in paid.items())


@contextmanager
def recorded() -> Iterator[list[tuple[resolve.Decisions, pl.DataFrame]]]:
    """Record what is decided of receipts, with the best explanation of each line that could have been posted."""
    told: list[tuple[resolve.Decisions, pl.DataFrame]] = []
    receipts, remainder = resolve.receipts, resolve.remainder

    def posting(lines: pl.DataFrame, items: pl.DataFrame, candidates: Any, policy: Any, *rest: Any) -> Any:
        decided = receipts(lines, items, candidates, policy, *rest)
        best = candidates.explanations.filter(pl.col("explanation_rank") == 1)
        told.append((decided, _judged(best.join(decided.decisions, on="line_id", how="semi"))))
        return decided

    def leaving(lines: pl.DataFrame, items: pl.DataFrame, candidates: Any, policy: Any, *rest: Any) -> Any:
        decided = remainder(lines, items, candidates, policy, *rest)
        lax = replace(policy, gate=replace(policy.gate, probability_min=Decimal(0), margin_min=Decimal(0)))
        best = best_explanations(lines.filter(pl.col("amount") > 0), candidates, policy)
        is_unsure = (pl.col("share") < float(policy.gate.probability_min)) | (
            pl.col("margin") < float(policy.gate.margin_min)
        )
        shown = best.filter(passes_gate(lax) & is_unsure).join(decided.allocations, on="line_id", how="semi")
        told.append((decided, _judged(shown)))
        return decided

    with replaced(resolve, receipts=posting, remainder=leaving):
        yield told


def fit(judged: pl.DataFrame) -> pl.DataFrame:
    """Return what `kind`, `share` and `is_right` of many lines prove, by kind and step of shares; see `COLUMNS`."""
    rows: list[tuple[str, float, int, int, float]] = []
    for (kind,), of_kind in judged.group_by("kind"):
        steps = pooled(_steps(of_kind))
        for place, (start, lines, right) in enumerate(steps):
            rows.append(
                (str(kind), start if place else 0.0, lines, right, math.floor(proved(steps[: place + 1]) * 1e5) / 1e5)
            )
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row").sort("kind", "share_from")


def pooled(steps: Sequence[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """Return steps (start, lines, right) in which no step is less often right than the one below: violators pooled.

    A step in which nothing was right is pooled with the next too: a few lines prove no probability of nothing.
    """
    kept: list[tuple[float, int, int]] = []
    for step in steps:
        kept.append(step)
        while len(kept) > 1 and (kept[-2][2] == 0 or kept[-2][2] * kept[-1][1] > kept[-1][2] * kept[-2][1]):
            (start, lines, right), (_, more, more_right) = kept[-2:]
            kept[-2:] = [(start, lines + more, right + more_right)]
    return kept


def proved(steps: Sequence[tuple[float, int, int]]) -> float:
    """Return what the last of some steps may claim: it is right at least as often as any below, and as all of them."""
    lines = right = 0
    bounds = []
    for _, more, more_right in reversed(steps):
        lines, right = lines + more, right + more_right
        bounds.append(lower_bound(right, lines))
    return max(bounds)


def _steps(of_kind: pl.DataFrame) -> list[tuple[float, int, int]]:
    """Count the lines of one kind, and those that are right, by step."""
    starts = pl.DataFrame({"start": STEPS})
    stepped = of_kind.sort("share").join_asof(starts, left_on="share", right_on="start", strategy="backward")
    return stepped.group_by("start").agg(lines=pl.len(), right=pl.col("is_right").sum()).sort("start").rows()


def _judged(best: pl.DataFrame) -> pl.DataFrame:
    return best.select("line_id", "kind", "share")
