"""A packing is the best there is, and no row of it is filled beyond its measure."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.resolve import packing
from reconcile.resolve.packing import best_packing

Column = tuple[int, dict[str, float]]
COLUMNS = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.dictionaries(st.sampled_from("abcdef"), st.sampled_from((0.25, 0.5, 0.75, 1.0)), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=9,
)


def is_packing(columns: list[dict[str, float]]) -> bool:
    rows = set(chain.from_iterable(columns))
    return all(sum(column.get(row, 0) for column in columns) <= 1 for row in rows)


def best_by_trying(columns: list[Column]) -> int:
    tried = chain.from_iterable(combinations(columns, count) for count in range(len(columns) + 1))
    return max(sum(weight for weight, _ in some) for some in tried if is_packing([filled for _, filled in some]))


@given(COLUMNS)
@settings(deadline=None, max_examples=150)
def test_a_packing_weighs_as_much_as_the_best_found_by_trying_all(columns: list[Column]) -> None:
    places = best_packing([weight for weight, _ in columns], [filled for _, filled in columns])

    assert places is not None
    assert is_packing([columns[place][1] for place in places])
    assert sum(columns[place][0] for place in places) == best_by_trying(columns)


def test_nothing_is_taken_where_nothing_weighs_more_than_nothing() -> None:
    assert best_packing([-1.0, 0.0], [{"a": 1.0}, {"a": 1.0}]) in ([], [1])


def test_a_packing_that_is_not_proved_within_bounds_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(packing._OPTIONS, "time_limit", 0.0)

    assert best_packing([2.0, 3.0, 2.0], [{"a": 1.0, "b": 1.0}, {"b": 1.0, "c": 1.0}, {"c": 1.0, "a": 1.0}]) is None


def test_solving_writes_nothing_to_the_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    best_packing([2.0, 3.0], [{"a": 1.0}, {"a": 1.0}])

    assert capfd.readouterr() == ("", "")
