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
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl

from reconcile.money import MONEY

ITEMS_MAX: Final = 40
SIZE_MAX: Final = 6
SETS_MAX: Final = 5
"""More sets than this for one amount tell a person nothing."""

FOUND_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.String,
    "explanation_id": pl.String,
    "invoice_id": pl.String,
    "item_amount": MONEY,
    "set_rarity": pl.Float64,
}
REFUSED_COLUMNS: Final[dict[str, type[pl.DataType]]] = {"line_id": pl.String, "items": pl.Int64}


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
        rows: one row per (line, item): `line_id`, `amount`, `invoice_id`, `item_amount` (credit notes negative),
            `is_named`; of equal items the likeliest first.
    """
    found: list[dict[str, object]] = []
    refused: list[dict[str, object]] = []
    for (line_id,), items in rows.group_by("line_id", maintain_order=True):
        named = items.filter("is_named")
        others = items.filter(~pl.col("is_named"))
        missing = items["amount"][0] - (named["item_amount"].sum() or Decimal(0))
        if missing == 0 or (missing < 0 and not (others["item_amount"] < 0).any()):
            continue
        if others.height > ITEMS_MAX:
            refused.append({"line_id": line_id, "items": others.height})
            continue
        amounts = [int(amount * 1000) for amount in others["item_amount"]]
        sets = list(exact_sets(amounts, int(missing * 1000)))
        if not sets or len(sets) > SETS_MAX:
            continue
        rarity = _rarity(amounts, max(map(len, sets)))
        for chosen in sets:
            members = pl.concat([named, others[list(chosen)]]).sort("invoice_id")
            explanation_id = "|".join([str(line_id), *members["invoice_id"].to_list()])
            found += [
                {"line_id": line_id, "explanation_id": explanation_id, "set_rarity": rarity, **member}
                for member in members.select("invoice_id", "item_amount").rows(named=True)
            ]
    return SetSearch(
        found=pl.DataFrame(found, schema=FOUND_COLUMNS), refused=pl.DataFrame(refused, schema=REFUSED_COLUMNS)
    )


def exact_sets(amounts: Sequence[int], target: int, size_max: int = SIZE_MAX) -> Iterator[tuple[int, ...]]:
    """Yield every set of at most `size_max` of the amounts that sums to `target`, by their places.

    Of equal amounts the first ones stand for all: a set that would take the second without the first is the same set.
    Meets in the middle: sums of up to three amounts are listed, and larger sets are made of two of them.
    """
    half = min(3, size_max)
    values = np.array(amounts, dtype=np.int64)
    small = {size: _places(len(amounts), size) for size in range(1, half + 1)}
    sums = {size: values[places].sum(axis=1) for size, places in small.items()}
    for size in small:
        for found in np.flatnonzero(sums[size] == target):
            yield from _if_first_of_equals(small[size][found].tolist(), amounts)
    heads, head_sums = small[half], sums[half]
    for size in range(half + 1, size_max + 1):
        tails = small[size - half]
        order = np.argsort(sums[size - half], kind="stable")
        ordered = sums[size - half][order]
        first = np.searchsorted(ordered, target - head_sums, side="left")
        last = np.searchsorted(ordered, target - head_sums, side="right")
        for head in np.flatnonzero(last > first):
            for tail in tails[order[first[head] : last[head]]]:
                if tail[0] > heads[head][-1]:
                    yield from _if_first_of_equals([*heads[head].tolist(), *tail.tolist()], amounts)


@lru_cache(maxsize=256)
def _places(count: int, size: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return all ways to choose `size` of `count` places, one a row, each row ascending."""
    chosen = list(combinations(range(count), size))
    return np.array(chosen, dtype=np.int64).reshape(len(chosen), size)


def _if_first_of_equals(places: list[int], amounts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if _takes_first_of_equals(tuple(places), amounts):
        yield tuple(places)


def _takes_first_of_equals(places: tuple[int, ...], amounts: Sequence[int]) -> bool:
    taken = set(places)
    first_left: set[int] = set()
    for place, amount in enumerate(amounts):
        if place in taken and amount in first_left:
            return False
        if place not in taken:
            first_left.add(amount)
    return True


def _rarity(amounts: Sequence[int], size: int) -> float:
    """Return the logarithm of the number of sums that are possible for each set that chance could make."""
    sets = sum(math.comb(len(amounts), count) for count in range(1, size + 1))
    step = math.gcd(*amounts)
    sums = sum(abs(amount) for amount in amounts) / step
    return math.log(sums / sets)
