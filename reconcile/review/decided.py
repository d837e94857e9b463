"""What a person decided about a line, as it was said: values, and what of their texts is refused.

Each way in (the report's page, the workbook, the command) ends in these. Must not: know a file's form or the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reconcile.errors import ReviewError
from reconcile.money import read_amount

ACTIONS: Final = ("accept", "reject", "assign", "on_account", "write_off", "not_receivable")
"""What a person can decide about a line."""

REASON_CHARACTERS_MAX: Final = 500
ID_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True)
class InvoiceCash:
    """An invoice (its id or number) and the line's cash for it: negative for a credit note, None where not said."""

    invoice_id: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Decided:
    """One decision of a person about one line, as it was said.

    invoices: none with `accept`: what the report proposed; none with `reject`: all that was proposed.
    rank: the alternative that is accepted, as the report numbers them; 0 where none is named.
    decided_at: UTC; None where the file does not say.
    place: where it stands in its file, for a person: `decision 3`, `Review row 12`; '' where there is no file.
    """

    line_id: str
    action: str
    invoices: tuple[InvoiceCash, ...] = ()
    customer_id: str = ""
    reason: str = ""
    decided_at: dt.datetime | None = None
    rank: int = 0
    place: str = ""


@dataclass(frozen=True)
class Refused:
    """A decision that is not carried out, and why. `place` as in `Decided`; `line_id` is '' where it cannot be read."""

    place: str
    line_id: str
    reason: str


@dataclass(frozen=True)
class DecisionsFile:
    """What a file of decisions holds.

    name: the file's, for a person.
    run_number: of the report that was looked at; what changed since makes a decision stale.
    who: who decided; '' where the file does not say.
    refused: the decisions that cannot be read.
    """

    name: str
    run_number: int
    who: str
    decisions: tuple[Decided, ...]
    refused: tuple[Refused, ...] = ()


def decided_of(values: Mapping[str, object], invoices: tuple[InvoiceCash, ...], place: str) -> Decided:
    """Check one decision's texts and return it; every reader of decisions ends here.

    Args:
        values: `line_id`, `action`, and, where they are said, `customer_id`, `reason`, `decided_at`: all texts.
        invoices: as in `Decided`.
        place: as in `Decided`.

    Raises:
        ReviewError: the action is none, a text is too long or none, the instant is none, an invoice stands twice.
    """
    action = text_of(values, "action")
    if action not in ACTIONS:
        message = f"unknown action {action[:40]!r}; known: {', '.join(ACTIONS)}"
        raise ReviewError(message)
    line_id = text_of(values, "line_id").strip()
    if not line_id:
        raise ReviewError("the line's id is missing")
    if len({invoice.invoice_id for invoice in invoices}) < len(invoices):
        raise ReviewError("an invoice stands twice")
    return Decided(
        line_id=line_id,
        action=action,
        invoices=invoices,
        customer_id=text_of(values, "customer_id").strip(),
        reason=text_of(values, "reason", REASON_CHARACTERS_MAX).strip(),
        decided_at=_instant(text_of(values, "decided_at").strip()),
        place=place,
    )


def invoice_cash(invoice_id: str, amount: str) -> InvoiceCash:
    """Read an invoice and its cash; '' is an amount that is not said.

    Raises:
        ReviewError: no invoice is named, or the amount is none.
    """
    if not invoice_id.strip():
        raise ReviewError("an invoice's id is missing")
    plain = amount.strip()
    if not plain:
        return InvoiceCash(invoice_id.strip())
    read = read_amount(plain.removeprefix("-"))
    if read is None:
        message = f"{plain[:40]!r} is no amount; write it as 1204.50"
        raise ReviewError(message)
    return InvoiceCash(invoice_id.strip(), -read if plain.startswith("-") else read)


def text_of(values: Mapping[str, object], key: str, characters_max: int = ID_CHARACTERS_MAX) -> str:
    """Return a text of a decision; '' where the key is not there.

    Raises:
        ReviewError: it is no text, too long, or holds what cannot be written down.
    """
    value = values.get(key, "")
    if not isinstance(value, str):
        message = f"{key} is no text"
        raise ReviewError(message)
    if len(value) > characters_max:
        message = f"{key} has {len(value)} characters; at most {characters_max} are allowed"
        raise ReviewError(message)
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        message = f"{key} is not readable as text"
        raise ReviewError(message)
    return value


def _instant(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        message = f"{text[:40]!r} is no instant; write it as 2026-10-31T08:01:02Z (UTC)"
        raise ReviewError(message) from None
