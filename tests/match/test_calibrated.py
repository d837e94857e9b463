"""Calibration: a best explanation is as probable as its kind and share proved to be; the others share what is left."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from reconcile.match import tables
from reconcile.sql import sql


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def calibrated(
    con: duckdb.DuckDBPyConnection, shares: list[float], steps: dict[float, float]
) -> list[tuple[float, float]]:
    """Return (probability, margin) of one line's explanations of these shares, the best first."""
    starts = list(steps)
    table = {
        "kind": "alone",
        "share_from": starts,
        "share_below": [*starts[1:], 2.0],
        "probability": list(steps.values()),
    }
    tables.table(con, "match_calibration", pl.DataFrame(table))
    ranks = range(1, len(shares) + 1)
    kinds = pl.DataFrame({"line_id": 1, "explanation_rank": ranks, "share": shares, "kind": "alone"})
    tables.table(con, "match_kinds", kinds)
    return con.sql(sql("match", "calibrated")).pl().select("probability", "margin").rows()


def kind(con: duckdb.DuckDBPyConnection, **levels: object) -> list[str]:
    """Return the kinds of one line's explanations, each level a value or one value for each explanation."""
    plain: dict[str, object] = {
        "line_id": 1, "explanation_rank": 1, "reference_level": "none", "payer_level": "full",
        "amount_level": "exact", "item_count": 1,
        "own_items_alike": 1, "has_twin": False, "due_amount": 100, "difference": 0,
    }  # fmt: skip
    tables.table(con, "match_scores", pl.DataFrame(plain | levels))
    return con.sql(sql("match", "kinds")).pl()["kind"].to_list()


def test_a_share_becomes_what_its_step_proved(con) -> None:
    assert calibrated(con, [0.95], {0.0: 0.2, 0.9: 0.7, 0.99: 0.98}) == [(0.7, 0.7)]


def test_a_share_where_a_step_begins_is_of_that_step(con) -> None:
    assert calibrated(con, [0.99], {0.0: 0.2, 0.99: 0.98}) == [(0.98, 0.98)]


def test_a_certain_share_is_of_the_last_step(con) -> None:
    assert calibrated(con, [1.0], {0.0: 0.2, 0.9999: 0.9999}) == [(0.9999, 0.9999)]


def test_what_the_best_gains_the_others_lose(con) -> None:
    (best, margin), (other, _) = calibrated(con, [0.5, 0.4], {0.0: 0.9})

    assert (best, other) == (0.9, pytest.approx(0.08))
    assert margin == pytest.approx(best - other)


def test_what_the_best_loses_nobody_gains(con) -> None:
    assert calibrated(con, [0.9, 0.05], {0.0: 0.6})[1][0] == pytest.approx(0.05)


def test_no_other_explanation_becomes_more_probable_than_the_best(con) -> None:
    (best, margin), (other, _) = calibrated(con, [0.51, 0.48], {0.0: 0.1})

    assert best == other
    assert margin == 0


def test_equal_items_of_one_customer_are_kinds_of_their_own(con) -> None:
    assert [kind(con, own_items_alike=items)[0] for items in (0, 1, 2, 3, 4)] == [
        "alone", "alone", "few_equal", "few_equal", "many_equal",
    ]  # fmt: skip


def test_a_number_tells_equal_items_apart(con) -> None:
    assert kind(con, reference_level="whole", own_items_alike=9) == ["named"]


def test_another_invoice_that_is_named_and_open_is_another_matter_than_one_that_is_settled(con) -> None:
    assert kind(con, reference_level="other_own") == ["beside_settled"]
    kinds = kind(con, explanation_rank=[1, 2], reference_level=["other_own", "whole"], amount_level=["exact", "part"])
    assert kinds == ["beside_named", "named_uneven"]


def test_a_half_or_third_of_what_is_named_may_be_an_instalment_of_it(con) -> None:
    for named, told in ((200, "beside_instalment"), (300, "beside_instalment"), (250, "beside_named")):
        kinds = kind(
            con,
            explanation_rank=[1, 2],
            reference_level=["other_own", "whole"],
            amount_level=["exact", "part"],
            due_amount=[100, named],
            difference=[0, 100 - named],
        )
        assert kinds == [told, "named_uneven"]


def test_every_kind_of_evidence_has_its_steps(con) -> None:
    tables.lay_out_calibration(con)
    steps = con.sql("select kind, min(share_from), max(share_below) from match_calibration group by kind").fetchall()

    assert {name for name, *_ in steps} == {
        "named", "named_uneven", "begun", "begun_equal", "nearly_named", "nearly_named_by_stranger",
        "beside_named", "beside_instalment",
        "beside_settled", "set", "many_equal", "few_equal", "alone",
    }  # fmt: skip
    assert all(low == 0 and high > 1 for _, low, high in steps)
