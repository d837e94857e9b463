"""Dates of a bank's column: in the declared formats, or in the one order that the whole column shows.

An order of day and month that the column leaves open is refused, never guessed. Times of day are left out: a
booked date is the bank's local date, as written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement

# A year of two digits that a format with %Y takes for the year 26, and other slips, are no dates of a
# statement.
_EARLIEST: Final = dt.date(1970, 1, 1)
_LATEST: Final = dt.date(2199, 12, 31)

_TIME: Final = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}\S*(?: ?[AaPp][Mm])?)?$"
_YEAR_FIRST: Final = rf"^(?P<y>[0-9]{{4}})[-/. ](?P<m>[0-9]{{1,2}})[-/. ](?P<d>[0-9]{{1,2}})\.?{_TIME}"
_COMPACT: Final = r"^(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[0-9]{6})?$"
_DOTTED: Final = rf"^(?P<d>[0-9]{{1,2}})\.(?P<m>[0-9]{{1,2}})\.(?P<y>[0-9]{{4}}|[0-9]{{2}})\.?{_TIME}"
_DAY_FIRST: Final = rf"^(?P<d>[0-9]{{1,2}})[/-](?P<m>[0-9]{{1,2}})[/-](?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
_MONTH_FIRST: Final = rf"^(?P<m>[0-9]{{1,2}})[/-](?P<d>[0-9]{{1,2}})[/-](?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
_DAY_AND_NAME: Final = rf"^(?P<d>[0-9]{{1,2}})[ -]?(?P<m>[A-Za-z]{{3,9}})\.?[ ,-]*(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
_NAME_AND_DAY: Final = rf"^(?P<m>[A-Za-z]{{3,9}})\.? (?P<d>[0-9]{{1,2}}),? (?P<y>[0-9]{{4}}){_TIME}"

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS: Final = {
    name: f"{number:02}" for number, month in enumerate(_MONTHS, start=1) for name in (month, month[:3])
} | {"sept": "09"}


def read_dates(texts: Sequence[pl.Series], formats: Sequence[str]) -> list[pl.Series]:
    """Read columns of one file as dates; null where a text is no date.

    Without formats, the columns' common one is inferred: the year first, the month by its name, or a day, a
    month and a year. Points always have the day first; slashes and hyphens only if no date of the columns
    denies it.

    Raises:
        UnreadableStatement: the order of day and month is ambiguous, or two orders are mixed.
    """
    every = pl.concat(texts).alias("text").to_frame()
    if formats:
        reading = pl.coalesce(_in_range(pl.col("text").str.to_date(one, strict=False)) for one in formats)
    else:
        sure = (_YEAR_FIRST, _COMPACT, _DOTTED, _DAY_AND_NAME, _NAME_AND_DAY)
        reading = pl.coalesce(_parsed(pattern) for pattern in (*sure, _order_of(every)))
    dates = every.select(reading.alias("date")).to_series()
    starts = [sum(len(text) for text in texts[:place]) for place in range(len(texts))]
    return [dates.slice(start, len(text)) for start, text in zip(starts, texts, strict=True)]


def _order_of(every: pl.DataFrame) -> str:
    """Return the pattern for dates of slashes and hyphens; of both orders the one that reads every row."""
    open_rows = every.filter(pl.col("text").str.contains(_DAY_FIRST)).unique(maintain_order=True)
    read = open_rows.with_columns(day_first=_parsed(_DAY_FIRST), month_first=_parsed(_MONTH_FIRST))
    only_day_first = read.filter(pl.col("month_first").is_null() & pl.col("day_first").is_not_null())
    only_month_first = read.filter(pl.col("day_first").is_null() & pl.col("month_first").is_not_null())
    if only_day_first.height and only_month_first.height:
        one, other = only_day_first["text"][0][:60], only_month_first["text"][0][:60]
        raise UnreadableStatement(
            f"{one!r} has the day first and {other!r} the month: declare the bank's date format in a profile "
            "under config/banks"
        )
    if not only_day_first.height and not only_month_first.height:
        both = read.filter(pl.col("day_first") != pl.col("month_first"))
        if both.height:
            text, day_first, month_first = both.row(0)
            raise UnreadableStatement(
                f"{text} may be {day_first.day} {day_first:%B} or {month_first:%B} {month_first.day}: "
                "declare the bank's date format in a profile under config/banks"
            )
    return _MONTH_FIRST if only_month_first.height else _DAY_FIRST


def _parsed(pattern: str) -> pl.Expr:
    parts = pl.col("text").str.extract_groups(pattern)
    year, month, day = (parts.struct.field(part) for part in "ymd")
    number = month.str.to_lowercase().replace(_MONTH_NUMBERS).str.zfill(2)
    whole = pl.when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)
    return _in_range((whole + "-" + number + "-" + day.str.zfill(2)).str.to_date("%Y-%m-%d", strict=False))


def _in_range(date: pl.Expr) -> pl.Expr:
    return pl.when(date.is_between(_EARLIEST, _LATEST)).then(date)
