"""What people are told of a night: counts, never texts; and only what is unlike the same weekdays before."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from reconcile.config import load
from reconcile.notices import NightFigures, unusual

THURSDAY = dt.date(2026, 11, 26)
NOTIFY = load().notify


def figures(*rows: tuple[int, int, int, str], day: dt.date = THURSDAY, step: int = 7) -> NightFigures:
    """Make nights a week apart, the last of them on `day`: lines, receipts, decided receipts, money in (EUR)."""
    days = [day - dt.timedelta(days=step * back) for back in reversed(range(len(rows)))]
    return NightFigures(
        pl.DataFrame(
            [(at, *row[:3]) for at, row in zip(days, rows, strict=True)],
            schema=["as_of_date", "lines", "receipts", "decided_receipts"],
            orient="row",
        ),
        pl.DataFrame(
            [(at, "EUR", Decimal(row[3])) for at, row in zip(days, rows, strict=True)],
            schema={"as_of_date": pl.Date, "currency": pl.String, "money_in": pl.Decimal(18, 3)},
            orient="row",
        ),
    )


USUAL = [(100, 80, 76, "1000"), (120, 90, 85, "1200"), (90, 70, 66, "900"), (110, 80, 75, "1100")]


@pytest.mark.parametrize("night", [(100, 80, 76, "1000"), (46, 40, 37, "460"), (239, 200, 170, "2399")])
def test_a_night_inside_its_band_tells_nothing(night):
    assert unusual(figures(*USUAL, night), THURSDAY, NOTIFY) == []


def test_a_night_with_few_lines_is_told_with_what_is_usual():
    told = unusual(figures(*USUAL, (12, 10, 9, "1000")), THURSDAY, NOTIFY)

    assert told == ["lines: 12; the last 4 Thursdays brought 90 to 120"]


def test_money_out_of_its_band_is_told_by_currency():
    told = unusual(figures(*USUAL, (100, 80, 76, "2400.01")), THURSDAY, NOTIFY)

    assert told == ["money in: 2400.010 EUR; the last 4 Thursdays brought 900.000 to 1200.000 EUR"]


def test_a_rate_that_falls_is_told_and_one_that_rises_is_not():
    assert unusual(figures(*USUAL, (100, 80, 80, "1000")), THURSDAY, NOTIFY) == []
    told = unusual(figures(*USUAL, (100, 80, 60, "1000")), THURSDAY, NOTIFY)
    assert told == ["straight through: 75 % of receipts; the last 4 Thursdays had 93 to 95 %"]


def test_a_night_that_brings_nothing_where_others_did_is_told_and_a_sunday_is_not():
    nothing = (0, 0, 0, "0")

    assert len(unusual(figures(*USUAL, nothing), THURSDAY, NOTIFY)) == 2
    assert unusual(figures(nothing, nothing, nothing, nothing, nothing), THURSDAY, NOTIFY) == []


def test_too_few_nights_of_that_weekday_say_nothing():
    assert unusual(figures(*USUAL[:3], (1, 1, 0, "1")), THURSDAY, NOTIFY) == []
    assert unusual(figures(*USUAL * 3, (1, 1, 0, "1"), step=1), THURSDAY, NOTIFY) == []
