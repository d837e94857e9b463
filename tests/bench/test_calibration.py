"""The calibration claims no more than lines prove, and the table in use was made that way."""

from __future__ import annotations

import polars as pl
import pytest

from tests.bench.ablations import straight_through_at
from tests.bench.calibration import COLUMNS, TABLE, fit, pooled
from tests.bench.proof import lower_bound


def judged(kind: str, share: float, right: int, wrong: int) -> pl.DataFrame:
    return pl.DataFrame({"kind": kind, "share": share, "is_right": [True] * right + [False] * wrong})


def claimed(*frames: pl.DataFrame) -> list[tuple[float, float]]:
    return fit(pl.concat(frames)).select("share_from", "probability").rows()


def test_few_lines_prove_little_however_right_they_are() -> None:
    assert claimed(judged("named", 0.9999, 10, 0)) == [(0.0, pytest.approx(0.7411, abs=1e-4))]


def test_many_lines_prove_what_the_rule_of_three_says() -> None:
    assert claimed(judged("named", 0.9999, 3000, 0)) == [(0.0, pytest.approx(0.999, abs=1e-5))]


def test_a_larger_share_that_is_less_often_right_is_pooled_with_the_smaller() -> None:
    assert pooled([(0.0, 10, 5), (0.5, 10, 9), (0.8, 10, 7)]) == [(0.0, 10, 5), (0.5, 20, 16)]


def test_pooling_goes_back_as_far_as_it_must() -> None:
    assert pooled([(0.0, 10, 5), (0.5, 10, 6), (0.8, 100, 1)]) == [(0.0, 120, 12)]


def test_a_few_surer_lines_claim_at_least_what_less_sure_ones_prove() -> None:
    (_, low), (_, high) = claimed(judged("set", 0.6, 299, 1), judged("set", 0.97, 5, 0))

    assert high >= low > 0.98


def test_surer_lines_claim_what_they_and_the_less_sure_prove_together() -> None:
    (_, low), (_, high) = claimed(judged("set", 0.6, 200, 0), judged("set", 0.97, 200, 0))

    assert low == pytest.approx(lower_bound(200, 200), abs=1e-5)
    assert high == pytest.approx(lower_bound(400, 400), abs=1e-5)


def test_one_kind_proves_nothing_of_another() -> None:
    table = fit(pl.concat([judged("named", 0.9999, 3000, 0), judged("alone", 0.9999, 10, 0)]))

    assert table.filter(pl.col("kind") == "alone")["probability"][0] < 0.75


def test_the_table_in_use_claims_what_its_counts_prove_and_no_more() -> None:
    table = pl.read_csv(TABLE)

    assert table.columns == list(COLUMNS)
    for (_,), steps in table.group_by("kind"):
        assert steps["share_from"].is_sorted()
        assert steps["share_from"][0] == 0
        assert steps["probability"].is_sorted()
        assert steps["probability"].max() <= lower_bound(int(steps["lines"].sum()), int(steps["lines"].sum()))


def test_parts_are_compared_where_as_large_a_share_of_the_postings_is_right() -> None:
    lines = [(0.999, 1, 1, True)] * 8 + [(0.99, 1, 0, False)] + [(0.98, 1, 1, True)] * 11

    assert straight_through_at(0.95, lines) == 19
    assert straight_through_at(0.96, lines) == 8
