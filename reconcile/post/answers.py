"""Read what answers say, value by value; what cannot be read makes the whole answer unclear, never a guess."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from reconcile.money import AMOUNT_MAX
from reconcile.post.remote import Unclear

PLAIN_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""What an amount in a text looks like; `Decimal` would also take `1_000`, `1e3`, `NaN` and blanks around it."""

DATE_OR_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?")

DECIMALS_MAX: Final = 30
"""More decimals than this, or zeros, are no amount: `1e-999999999` is short, and has no end when written out."""


def as_table(value: Any, name: str | None = None) -> Mapping[str, Any]:
    """Return the value (or its member `name`) as a table."""
    found = as_table(value).get(name) if name is not None else value
    if not isinstance(found, Mapping):
        message = f"its answer has no {name or 'object'}"
        raise Unclear(message)
    return found


def as_rows(value: Any, name: str | None = None) -> list[Mapping[str, Any]]:
    """Return the value (or its member `name`) as a list of tables."""
    found = as_table(value).get(name) if name is not None else value
    if not isinstance(found, list):
        message = f"its answer has no list{f' {name}' if name else ''}"
        raise Unclear(message)
    return [as_table(row) for row in found]


def a_text(row: Mapping[str, Any], name: str) -> str:
    """Return a text or number that must be there, as text."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        message = f"its answer has no {name}"
        raise Unclear(message)
    return str(value)


def an_amount(row: Mapping[str, Any], name: str, *, expected: Decimal | None = None) -> Decimal:
    """Return an amount that must be there: a number, or a text that is one; exact.

    Raises:
        Unclear: there is none, or not the expected one.
    """
    amount = _amount(row.get(name))
    if amount is None:
        message = f"its answer has no {name} that is an amount"
        raise Unclear(message)
    if expected is not None and amount != expected:
        message = f"its answer says {name} {amount}, not {expected}"
        raise Unclear(message)
    return amount


def _amount(value: Any) -> Decimal | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and PLAIN_NUMBER.fullmatch(value)):
        return None
    amount = Decimal(value)
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > DECIMALS_MAX or amount.copy_abs() > AMOUNT_MAX:
        return None
    return amount


def a_date(row: Mapping[str, Any], name: str) -> dt.date | None:
    """Return the date of a date or of an instant, as written; None where there is none."""
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        date = dt.date.fromisoformat(str(value)[:10]) if DATE_OR_INSTANT.fullmatch(str(value)) else None
    except ValueError:
        date = None
    if date is None:
        message = f"its answer has a {name} that is no date: {str(value)[:40]!r}"
        raise Unclear(message)
    return date
