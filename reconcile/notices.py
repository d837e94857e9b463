"""Say in a few sentences what a person should be told of a night, without waiting for them to look.

A message counts and never quotes: what a bank or a customer wrote stays in the report. Must not: send, or decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from reconcile.night import NightResult
from reconcile.unattended import Notify

_WEEKDAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True)
class Notice:
    """What a person is told: of which kind it is (`reconcile.unattended.NOTICES`), and a sentence."""

    event: str
    sentence: str


@dataclass(frozen=True)
class NightFigures:
    """What nights brought, by day: `days` as `night_figures.sql` has them, `money` as `night_money.sql`."""

    days: pl.DataFrame
    money: pl.DataFrame


def notices(result: NightResult, figures: NightFigures, notify: Notify) -> list[Notice]:
    """Return what is told of a night that came to its end: only the kinds that the settings name."""
    found = [*_rejected(result), *_unconfirmed(result)]
    if not result.report.run.is_dry_run:
        found += [Notice("unusual", sentence) for sentence in unusual(figures, result.report.run.as_of, notify)]
    return [notice for notice in found if notice.event in notify.events]


def unusual(figures: NightFigures, day: dt.date, notify: Notify) -> list[str]:
    """Say in what a day differs from the same weekdays among the last nights: lines, money in, straight-through rate.

    Weeks have a rhythm, and a Sunday that brings nothing is none to wonder about; so like is held against like.
    """
    history = figures.days.filter(pl.col("as_of_date") < day).tail(notify.usual_nights)
    like = history.filter(pl.col("as_of_date").dt.weekday() == day.isoweekday())
    today = figures.days.filter(pl.col("as_of_date") == day)
    if like.height < notify.usual_nights_min or today.is_empty():
        return []
    before = f"the last {like.height} {_WEEKDAYS[day.weekday()]}"
    lines = [Decimal(count) for count in like["lines"].to_list()]
    told = _outside("lines", Decimal(today["lines"][0]), lines, "", before, notify)
    days = [*like["as_of_date"].to_list(), day]
    for currency in sorted(figures.money.filter(pl.col("as_of_date").is_in(days))["currency"].unique().to_list()):
        sums = dict(figures.money.filter(pl.col("currency") == currency).select("as_of_date", "money_in").iter_rows())
        *usual, now = (sums.get(each, Decimal(0)) for each in days)
        told += _outside("money in", now, usual, currency, before, notify)
    return told + _rate_below(today, like, before, notify)


def _outside(what: str, now: Decimal, usual: Sequence[Decimal], unit: str, before: str, notify: Notify) -> list[str]:
    low, high = min(usual), max(usual)
    if low <= now * notify.usual_factor and now <= high * notify.usual_factor:
        return []
    unit = f" {unit}" * bool(unit)
    return [f"{what}: {now:f}{unit}; {before} brought {low:f} to {high:f}{unit}"]


def _rate_below(today: pl.DataFrame, like: pl.DataFrame, before: str, notify: Notify) -> list[str]:
    """Compare the share of receipts that no person had to decide, in whole percent; of days with receipts only."""
    share = (pl.col("decided_receipts") * 100 // pl.col("receipts")).alias("percent")
    now, usual = (frame.filter(pl.col("receipts") > 0).select(share)["percent"].to_list() for frame in (today, like))
    if not now or len(usual) < notify.usual_nights_min or now[0] >= min(usual) - notify.usual_rate_points:
        return []
    return [f"straight through: {now[0]} % of receipts; {before} had {min(usual)} to {max(usual)} %"]


def _rejected(result: NightResult) -> list[Notice]:
    files = result.rejected["source_row"].null_count()
    rows = result.rejected.height - files
    if not (files or rows):
        return []
    return [Notice("rejected", f"not accepted: {files} files, {rows} transactions of other files")]


def _unconfirmed(result: NightResult) -> list[Notice]:
    posted = result.posted
    if posted is None:
        return []
    left = [Notice("unconfirmed", sentence) for sentence in posted.left_elsewhere]
    if not (posted.stopped or posted.unconfirmed):
        return left
    stopped = "posting stopped; " if posted.stopped else ""
    told = f"{stopped}{posted.unconfirmed} postings to {posted.system} are not confirmed"
    return [Notice("unconfirmed", told), *left]
