"""Search for the sets of open items that make up an amount to the cent, where the sources in SQL found none.

For the contested remainder only, line by line, and bounded: at most `ITEMS_MAX` open items and `SIZE_MAX` of them in a
set, besides the named ones. A search that is not made is said so; nothing is guessed. All sets are found, so that one
set found is one set proved to be alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice
from typing import Any, Final

import numpy as np
import polars as pl

from reconcile.match.short_sets import SHORT_MAX, short_sets
from reconcile.money import MONEY

Places = np.ndarray[Any, np.dtype[np.int64]]

ITEMS_MAX: Final = 40
SIZE_MAX: Final = 6
PAIRS_MAX: Final = 1 << 14
"""About how many pairs of smaller sets are looked at together."""
SETS_MAX: Final = 5
"""More sets than this for one amount tell a person nothing."""

FOUND_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.Int64,
    "explanation_id": pl.String,
    "invoice_id": pl.String,
    "item_amount": MONEY,
    "set_rarity": pl.Float64,
}
REFUSED_COLUMNS: Final[dict[str, type[pl.DataType]]] = {"line_id": pl.Int64, "items": pl.Int64}


@dataclass(frozen=True)
class SetSearch:
    """What the search brought.

    found: one row per (explanation, item); `set_rarity` is the logarithm of how many such sets chance would not make.
    refused: one row per line that has too many open items to combine.
    """

    found: pl.DataFrame
    refused: pl.DataFrame


def search_sets(rows: pl.DataFrame) -> SetSearch:
    """Search for sets, line by line.

    Args:
        rows: one row per (line, item), by line: `line_id`, `amount`, `invoice_id`, `item_amount` (credit notes
            negative), `is_named`; of equal items the likeliest first. `items`: how many there are besides the named
            ones; more than `ITEMS_MAX` are not combined.
    """
    found: list[tuple[object, ...]] = []
    invoice_ids, line_ids = rows["invoice_id"], rows["line_id"].to_numpy()
    due = (rows["item_amount"] * 1000).cast(pl.Int64).to_numpy()
    amounts = (rows["amount"] * 1000).cast(pl.Int64).to_numpy()
    starts = np.flatnonzero(np.diff(line_ids, prepend=-1))
    ends = np.append(starts[1:], len(line_ids))[: len(starts)]
    counts = rows["items"].to_numpy()[starts]
    others = ends - counts
    named_sums = np.append(0, np.cumsum(np.where(rows["is_named"].to_numpy(), due, 0)))
    missing = amounts[starts] - (named_sums[ends] - named_sums[starts])
    for count in np.unique(counts[(counts > 0) & (counts <= ITEMS_MAX)]).tolist():
        alike = np.flatnonzero(counts == count)
        values = due[others[alike][:, None] + np.arange(count)]
        for line, owed, sets in zip(alike.tolist(), values, _sets_of_each(values, missing[alike]), strict=True):
            if not sets or len(sets) > SETS_MAX:
                continue
            rarity = _rarity(owed.tolist(), max(map(len, sets)))
            for chosen in sets:
                members = [*range(starts[line], others[line]), *(int(others[line]) + place for place in chosen)]
                members.sort(key=invoice_ids.__getitem__)
                line_id = int(line_ids[starts[line]])
                explanation_id = "|".join([str(line_id), *(invoice_ids[place] for place in members)])
                found += [
                    (line_id, explanation_id, invoice_ids[place], Decimal(int(due[place])) / 1000, rarity)
                    for place in members
                ]
    is_refused = counts > ITEMS_MAX
    return SetSearch(
        found=pl.DataFrame(found, schema=FOUND_COLUMNS, orient="row"),
        refused=pl.DataFrame(
            {"line_id": line_ids[starts][is_refused], "items": counts[is_refused]}, schema=REFUSED_COLUMNS
        ),
    )


def _sets_of_each(values: Places, targets: Places) -> Sequence[Sequence[tuple[int, ...]]]:
    """Return the sets of each row, all at once where the rows are short."""
    if values.shape[1] <= SHORT_MAX:
        return short_sets(values, targets, SIZE_MAX)
    return [_few_sets(tuple(row), target) for row, target in zip(values.tolist(), targets.tolist(), strict=True)]


@lru_cache(maxsize=50_000)
def _few_sets(amounts: tuple[int, ...], target: int) -> tuple[tuple[int, ...], ...]:
    """Return the sets, one more than `SETS_MAX` at most. Round after round the same questions come back."""
    return tuple(islice(exact_sets(amounts, target), SETS_MAX + 1))


def exact_sets(amounts: Sequence[int], target: int, size_max: int = SIZE_MAX) -> Iterator[tuple[int, ...]]:
    """Yield every set of at most `size_max` of the amounts that sums to `target`, by their places.

    Of equal amounts the first ones stand for all: a set that would take the second without the first is the same set.
    Meets in the middle: sums of up to three amounts are listed, and larger sets are made of two of them.
    """
    half = min(3, size_max)
    values = np.array(amounts, dtype=np.int64)
    equal_before = _equal_before(amounts)
    small = {size: _places(len(amounts), size) for size in range(1, half + 1)}
    sums = {size: sum(values[place] for place in places.T) for size, places in small.items()}
    first = {size: _takes_first_of_equals(places, equal_before) for size, places in small.items()}
    for size in small:
        yield from map(tuple, small[size][(sums[size] == target) & first[size]].tolist())
    orders = {size: np.argsort(sums[size]) for size in small}
    from_largest = orders[half][::-1]
    from_largest = from_largest[first[half][from_largest]]
    missing = target - sums[half][from_largest]
    for size in range(half + 1, size_max + 1):
        order = orders[size - half]
        tail_sums = sums[size - half][order]
        begin = np.searchsorted(tail_sums, missing)  # quick: what is missing ascends
        met = np.flatnonzero(tail_sums[np.minimum(begin, len(tail_sums) - 1)] == missing)
        end = np.searchsorted(tail_sums, missing[met], side="right")
        for head, place in _spans(begin[met], end):
            taken, rest = small[half][from_largest[met[head]]], small[size - half][order[place]]
            whole = np.hstack([taken, rest])[rest[:, 0] > taken[:, -1]]
            yield from map(tuple, whole[_takes_first_of_equals(whole, equal_before)].tolist())


def _spans(begin: Places, end: Places) -> Iterator[tuple[Places, Places]]:
    """Yield the places from each `begin` to its `end`, beside whose they are; some `PAIRS_MAX` at a time."""
    counts = end - begin
    parts = np.flatnonzero(np.diff(np.cumsum(counts) // PAIRS_MAX)) + 1
    for owners in np.split(np.arange(len(counts)), parts):
        owner = np.repeat(owners, counts[owners])
        if len(owner):
            behind = np.arange(len(owner)) - np.repeat(np.cumsum(counts[owners]) - counts[owners], counts[owners])
            yield owner, begin[owner] + behind


@lru_cache(maxsize=256)
def _places(count: int, size: int) -> Places:
    """Return all ways to choose `size` of `count` places, one a row, each row ascending."""
    chosen = list(combinations(range(count), size))
    return np.array(chosen, dtype=np.int64).reshape(len(chosen), size)


def _equal_before(amounts: Sequence[int]) -> Places:
    """Return for each place the nearest one before it of the same amount, or -1."""
    latest: dict[int, int] = {}
    before = []
    for place, amount in enumerate(amounts):
        before.append(latest.get(amount, -1))
        latest[amount] = place
    return np.array(before, dtype=np.int64)


def _takes_first_of_equals(places: Places, equal_before: Places) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say for each row of ascending places whether it takes no amount before an equal one that stands earlier."""
    if (equal_before < 0).all():
        return np.ones(len(places), dtype=np.bool_)
    needed = equal_before[places]
    fits = needed < 0
    for column in range(1, places.shape[1]):
        fits[:, column] |= (places[:, :column] == needed[:, column : column + 1]).any(axis=1)
    return np.asarray(fits.all(axis=1))


def _rarity(amounts: Sequence[int], size: int) -> float:
    """Return the logarithm of the number of sums that are possible for each set that chance could make."""
    sets = sum(math.comb(len(amounts), count) for count in range(1, size + 1))
    step = math.gcd(*amounts)
    sums = sum(abs(amount) for amount in amounts) / step
    return math.log(sums / sets)
