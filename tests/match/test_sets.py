"""The search for sets of open items: complete, canonical among equals, and bounded."""

from decimal import Decimal
from itertools import combinations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reconcile.match.sets import ITEMS_MAX, SIZE_MAX, exact_sets, search_sets
from reconcile.match.short_sets import short_sets
from reconcile.money import MONEY


def brute_force(amounts: list[int], target: int) -> list[tuple[int, ...]]:
    """All sets by trying each, of equal amounts the first ones."""

    def is_canonical(places: tuple[int, ...]) -> bool:
        return not any(
            amounts[left] == amounts[taken] and left < taken
            for taken in places
            for left in range(len(amounts))
            if left not in places
        )

    return sorted(
        places
        for size in range(1, SIZE_MAX + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == target and is_canonical(places)
    )


@given(st.lists(st.integers(-3, 12), min_size=1, max_size=9), st.integers(-3, 60))
def test_every_set_that_makes_the_amount_is_found_and_no_other(amounts, target):
    assert sorted(exact_sets(amounts, target)) == brute_force(amounts, target)


def searched(amount: str, *items: tuple[str, str, bool]) -> pl.DataFrame:
    """One line of this amount and its customer's open items: id, amount, whether the line names it."""
    return pl.DataFrame(
        {
            "line_id": [7] * len(items),
            "amount": [Decimal(amount)] * len(items),
            "invoice_id": [item[0] for item in items],
            "item_amount": [Decimal(item[1]) for item in items],
            "is_named": [item[2] for item in items],
            "items": [sum(not item[2] for item in items)] * len(items),
        },
        schema_overrides={"amount": MONEY, "item_amount": MONEY},
    )


def test_named_items_belong_to_every_set():
    found = search_sets(searched("60.00", ("A", "10.00", True), ("B", "20.00", False), ("C", "50.00", False))).found

    assert found["explanation_id"].unique().to_list() == ["7|A|C"]


def test_more_open_items_than_can_be_combined_are_refused_aloud():
    items = [(f"I{place}", f"{place + 1}.00", False) for place in range(ITEMS_MAX + 1)]

    search = search_sets(searched("500.00", *items))

    assert search.found.is_empty()
    assert search.refused.rows() == [(7, ITEMS_MAX + 1)]


def test_a_sum_that_many_sets_make_proposes_none_of_them():
    items = [(f"I{place}", f"{place + 1}.00", False) for place in range(12)]

    assert search_sets(searched("20.00", *items)).found.is_empty()


@given(
    st.lists(
        st.tuples(st.lists(st.integers(-3, 12), min_size=7, max_size=7), st.integers(-3, 60)), min_size=1, max_size=5
    )
)
def test_short_lists_are_searched_together_as_each_alone(questions):
    amounts = np.array([asked for asked, _ in questions], dtype=np.int64)
    targets = np.array([target for _, target in questions], dtype=np.int64)

    found = short_sets(amounts, targets, SIZE_MAX)

    assert [sorted(sets) for sets in found] == [brute_force(asked, target) for asked, target in questions]
