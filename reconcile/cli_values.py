"""Values on the command line that click does not know: amounts, days and instants. What is none is told in one line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import click

from reconcile.errors import PaymentError


class _Amount(click.ParamType[Decimal]):
    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:  # noqa: ARG002 - click's
        from reconcile.money import read_amount

        amount = read_amount(str(value))
        if amount is None:
            message = f"{str(value)[:40]!r} is no amount above zero; write it as 1204.50"
            raise PaymentError(message)
        return amount


class _Day(click.ParamType[dt.date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ARG002 - click's
        try:
            return dt.datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            message = f"{str(value)[:40]!r} is no date; write it as 2026-10-31"
            raise PaymentError(message) from None


class _Instant(click.ParamType[dt.datetime]):
    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:  # noqa: ARG002 - click's
        try:
            instant = dt.datetime.fromisoformat(str(value))
            return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            message = f"{str(value)[:40]!r} is no instant; write it as 2026-10-31 or 2026-10-31T02:00:00Z (UTC)"
            raise PaymentError(message) from None


AMOUNT: Final = _Amount()
DAY: Final = _Day()
INSTANT: Final = _Instant()
