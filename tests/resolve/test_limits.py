"""Limits: what a line and a run may post without a person, the surest first."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from reconcile.config import Gate
from reconcile.money import MONEY
from reconcile.resolve.limits import with_limits


def gate(*, line: str = "0", total: str = "0") -> Gate:
    return Gate(Decimal("0.99"), Decimal("0.5"), Decimal(line), Decimal(total), Decimal("0.05"))


def passing(*rows: tuple[str, str, float, str]) -> pl.DataFrame:
    """Lines that pass, in turn: (line, amount, probability, currency)."""
    frame = pl.DataFrame(rows, schema=["line_id", "amount", "probability", "currency"], orient="row")
    return frame.with_columns(pl.col("amount").str.to_decimal(scale=3).cast(MONEY), doubt=pl.lit("")).with_row_index(
        "turn"
    )


def posted(**amounts: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        list(amounts.items()), schema={"currency": pl.String, "posted_amount": pl.String}, orient="row"
    )
    return frame.with_columns(pl.col("posted_amount").str.to_decimal(scale=3))


def held(lines: pl.DataFrame, before: pl.DataFrame, limits: Gate) -> dict[str, str]:
    told = with_limits(lines, before, limits).filter(pl.col("over_limit") != "")
    return dict(told.select("line_id", "over_limit").rows())


def test_no_limit_holds_nothing_back() -> None:
    lines = passing(("a", "999999.00", 0.999, "EUR"))

    assert held(lines, posted(EUR="999999999.00"), gate()) == {}


def test_the_surest_lines_take_what_a_run_may_post() -> None:
    lines = passing(("a", "60.00", 0.991, "EUR"), ("b", "60.00", 0.999, "EUR"), ("c", "40.00", 0.995, "EUR"))

    assert held(lines, posted(), gate(total="100")) == {"a": "Beyond the limit of 100.00 EUR for a run. "}


def test_of_equally_sure_lines_the_earlier_ones_take_what_a_run_may_post() -> None:
    lines = passing(("b", "60.00", 0.999, "EUR"), ("a", "60.00", 0.999, "EUR"))

    assert list(held(lines, posted(), gate(total="100"))) == ["a"]


def test_what_the_run_has_posted_before_counts() -> None:
    lines = passing(("a", "60.00", 0.999, "EUR"))

    assert list(held(lines, posted(EUR="50.00"), gate(total="100"))) == ["a"]
    assert held(lines, posted(EUR="40.00"), gate(total="100")) == {}


def test_nothing_less_sure_goes_past_a_line_that_does_not_fit() -> None:
    lines = passing(("a", "101.00", 0.999, "EUR"), ("b", "1.00", 0.995, "EUR"))

    assert list(held(lines, posted(), gate(total="100"))) == ["a", "b"]


def test_each_currency_has_the_limit_of_its_own() -> None:
    lines = passing(("a", "100.00", 0.999, "EUR"), ("b", "100", 0.999, "JPY"), ("c", "0.001", 0.995, "KWD"))

    assert held(lines, posted(KWD="100.000"), gate(total="100")) == {"c": "Beyond the limit of 100.000 KWD for a run. "}


def test_a_line_above_its_own_limit_takes_nothing_of_the_runs() -> None:
    lines = passing(("a", "100.01", 0.999, "EUR"), ("b", "100.00", 0.995, "EUR"))

    assert held(lines, posted(), gate(line="100", total="100")) == {"a": "Above the limit of 100.00 EUR for a line. "}


def test_what_waits_for_another_reason_takes_nothing_of_the_runs_limit_and_keeps_its_reason() -> None:
    lines = passing(("a", "100.00", 0.999, "EUR"), ("b", "100.00", 0.995, "EUR"))
    doubted = lines.with_columns(doubt=pl.when(pl.col("line_id") == "a").then(pl.lit("Because. ")).otherwise("doubt"))

    assert held(doubted, posted(), gate(line="50", total="100"))["a"] == "Because. "
    assert held(doubted, posted(), gate(total="100")) == {"a": "Because. "}
