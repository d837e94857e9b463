"""Take a part of matching away from outside, and see what it adds; the core knows nothing of this.

A new part gets a context manager that replaces its function, and its line in `ABLATIONS`.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from reconcile import match, sql
from reconcile.match import Candidates
from reconcile.resolve.contested import AGREED_COLUMNS, Agreed
from tests.bench import nights
from tests.bench.score import Score, heading, key_of, rows_of, score, truth_of
from tests.bench.worlds import write_world

PRECISION: Final = 0.9995
"""At what precision of the postings the parts are compared."""

UNCALIBRATED: Final = """
select
    match_kinds.*,
    share as probability,
    share - coalesce(lead(share) over (partition by line_id order by explanation_rank), 0) as margin
from match_kinds
order by line_id, explanation_rank
"""
"""What stands in for `calibrated.sql`: an explanation's share is taken for its probability."""


@contextmanager
def replaced(module: Any, **functions: Any) -> Iterator[None]:
    """Replace functions of a module for a while."""
    own = {name: getattr(module, name) for name in functions}
    try:
        for name, function in functions.items():
            setattr(module, name, function)
        yield
    finally:
        for name, function in own.items():
            setattr(module, name, function)


@contextmanager
def without_calibration() -> Iterator[None]:
    """Take each explanation's share for its probability."""

    def query(room: str, name: str) -> str:
        return UNCALIBRATED if (room, name) == ("match", "calibrated") else sql.sql(room, name)

    with replaced(match, sql=query):
        yield


@contextmanager
def without_names() -> Iterator[None]:
    """Give the night customers of whom nothing but the id and the accounts is known."""
    own = nights.night

    def nameless(world: Path) -> dict[str, float]:
        rows = rows_of(world / "customers.csv")
        path = world / "nameless.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(row | {"name": row["customer_id"], "aliases": ""} for row in rows)
        return own(world, path)

    with replaced(nights, night=nameless):
        yield


@contextmanager
def without_joint_resolution() -> Iterator[None]:
    """Propose to each receipt in review its own best explanation, whatever others are proposed."""

    def alone(receipts: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, shown: float) -> Agreed:
        explanations = candidates.explanations.with_columns(is_passed_over=pl.lit(value=False))
        return Agreed(replace(candidates, explanations=explanations), pl.DataFrame(schema=AGREED_COLUMNS))

    # The package's attribute of that name is the function.
    with replaced(sys.modules["reconcile.resolve.remainder"], agree=alone):
        yield


ABLATIONS: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    "all parts": nullcontext,
    "without calibration": without_calibration,
    "without joint proposals": without_joint_resolution,
    "without names": without_names,
}


def ablate(profiles: Sequence[str], seeds: Sequence[int], lines: int, say: Callable[[str], None]) -> None:
    """Run the worlds without each part, and say how they fared and what goes straight through at equal precision."""
    with tempfile.TemporaryDirectory() as folder:
        worlds = [Path(folder) / f"{profile}-{seed}" for profile in profiles for seed in seeds]
        for world in worlds:
            profile, _, seed = world.name.rpartition("-")
            write_world(profile, int(seed), lines, world)
        for name, ablation in ABLATIONS.items():
            total, judged = Score(), []
            with ablation():
                for world in worlds:
                    nights.night(world)
                    total += score(world, world / "out")
                    judged += judged_lines(world)
            share = straight_through_at(PRECISION, judged) / total.payable
            say(f"{name:22} {heading(total)} stp_at_{PRECISION}={share:.4f}")


def judged_lines(world: Path) -> list[tuple[float, int, int, bool]]:
    """Return, of each line that was posted, its probability, its allocations, the right ones, and whether all are."""
    truth = truth_of(world)
    ambiguous = {key_of(row) for row in rows_of(world / "classes.csv") if row["class"] == "ambiguous"}
    posted: dict[tuple[str, int], list[dict[str, str]]] = {}
    for row in rows_of(world / "out" / "allocations.csv"):
        if row["state"] == "posted":
            posted.setdefault(key_of(row), []).append(row)
    judged = []
    for key, rows in posted.items():
        true = truth.get(key, {})
        paid = {row["invoice_id"]: Decimal(row["amount"]) for row in rows}
        right = sum(true.get(invoice_id) == amount for invoice_id, amount in paid.items())
        is_straight = paid == true and key not in ambiguous
        judged.append((min(float(row["probability"]) for row in rows), len(paid), right, is_straight))
    return judged


def straight_through_at(precision: float, judged: Sequence[tuple[float, int, int, bool]]) -> int:
    """Count the lines straight through with the lowest gate at which so large a share of the postings is right."""
    most = posted = right = straight = 0
    ranked = sorted(judged, reverse=True)
    for place, (probability, count, count_right, is_straight) in enumerate(ranked):
        posted, right, straight = posted + count, right + count_right, straight + is_straight
        is_last_of_equals = place + 1 == len(ranked) or ranked[place + 1][0] < probability
        if is_last_of_equals and right >= precision * posted:
            most = straight
    return most
