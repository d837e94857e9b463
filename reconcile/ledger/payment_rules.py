"""What a payment recorded by hand may be, and how its money is shared out. Pure: values in, values out.

The documents of five invoicing systems are the source: an amount that is positive and within the currency's decimals,
a method out of their union, notes of at most 500 characters.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reconcile.errors import PaymentError
from reconcile.ledger.card_numbers import holds_card_number
from reconcile.model import PaymentMethod
from reconcile.money import decimals, fits, written

NOTES_CHARACTERS_MAX: Final = 500
"""How long notes, references and reasons may be."""

ID_CHARACTERS_MAX: Final = 100
"""How long a caller's own id may be."""

AMOUNT_BY_HAND_MAX: Final = Decimal("9999999999999.999")
"""The largest amount of a payment by hand: a larger one is a slip, and of these the ledger can add up a hundred."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Shares:
    """Where a payment's money is: settling its invoice, beyond what was owed, kept as the customer's credit."""

    applied: Decimal = ZERO
    excess: Decimal = ZERO
    kept: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return all of it."""
        return self.applied + self.excess + self.kept

    def less(self, other: Shares) -> Shares:
        """Return the difference, share by share."""
        return Shares(self.applied - other.applied, self.excess - other.excess, self.kept - other.kept)


def shared_out(amount: Decimal, owed: Decimal, kept: Decimal = ZERO) -> Shares:
    """Share out an amount: what is kept stays kept, then the invoice gets what it owes, the rest is excess."""
    still_kept = min(kept, amount)
    applied = min(amount - still_kept, owed)
    return Shares(applied, amount - still_kept - applied, still_kept)


def refunded_from(shares: Shares, amount: Decimal) -> Shares:
    """Return what is left where an amount goes back: out of the excess first, then what is kept, then the invoice."""
    excess = min(amount, shares.excess)
    kept = min(amount - excess, shares.kept)
    return shares.less(Shares(amount - excess - kept, excess, kept))


def credited_from(shares: Shares, amount: Decimal) -> Shares:
    """Return what is left where an amount is kept as credit: out of the excess first, then the invoice."""
    excess = min(amount, shares.excess)
    return shares.less(Shares(amount - excess, excess, -amount))


def checked_amount(amount: Decimal, currency: str) -> Decimal:
    """Return the amount.

    Raises:
        PaymentError: it is not above zero, too large, or has more decimals than its currency.
    """
    if not amount.is_finite() or amount <= 0:
        message = f"amount {str(amount)[:40]} is not above zero"
        raise PaymentError(message)
    if amount > AMOUNT_BY_HAND_MAX:
        message = f"amount {str(amount)[:40]} is too large"
        raise PaymentError(message)
    if not fits(amount, currency):
        message = f"amount {str(amount)[:40]} has more than the {decimals(currency)} decimals of {currency}"
        raise PaymentError(message)
    return amount


def checked_method(word: str) -> str:
    """Return the method.

    Raises:
        PaymentError: it is none of the known ones.
    """
    known = [method.value for method in PaymentMethod]
    if word not in known:
        message = f"unknown payment method {word[:40]!r}; known: {', '.join(known)}"
        raise PaymentError(message)
    return word


def checked_text(name: str, text: str, characters_max: int = NOTES_CHARACTERS_MAX) -> str:
    """Return the text.

    Raises:
        PaymentError: it is too long, no Unicode text, or holds a card's number, which may not be stored.
    """
    if len(text) > characters_max:
        message = f"{name} has {len(text)} characters; at most {characters_max} are allowed"
        raise PaymentError(message)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        message = f"{name} is not readable as text"
        raise PaymentError(message) from None
    if "\x00" in text:
        message = f"{name} holds a NUL character"
        raise PaymentError(message)
    if holds_card_number(text):
        message = f"{name} holds what looks like a card's number, which is never stored: write its last four digits"
        raise PaymentError(message)
    return text


def request_hash(**asked: object) -> str:
    """Return what tells two requests under one id apart: what was asked for, as it was asked."""
    told = sorted((name, _plain(value)) for name, value in asked.items())
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency, as `1204.50 EUR`."""
    return f"{written(amount, currency)} {currency}"


def _plain(value: object) -> str:
    if value is None:
        return "-"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
