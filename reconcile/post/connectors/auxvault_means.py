"""What AuxVault is paid with: a card, a bank account, a saved method, or money received elsewhere.

Numbers of cards and accounts pass through memory only (PCI DSS, requirement 3): shown at most by their last four
digits, never stored, and no digit of what the system answers to them is repeated.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, NoReturn, TypeAlias

from stdnum import luhn

from reconcile.model import PaymentMethod
from reconcile.post.connector import PaymentFailed
from reconcile.post.methods import Methods
from reconcile.post.remote import CredentialsRefused, Refused, RemoteError, Unclear

METHODS: Final = Methods(
    "auxvault",
    {
        PaymentMethod.CREDIT_CARD: "card",
        PaymentMethod.ACH: "ach",
        PaymentMethod.SAVED: "saved",
        PaymentMethod.EXTERNAL: "external",
    },
)
"""How a payment is made there. All but the last draw money."""

EXTERNAL_METHODS: Final = Methods(
    "auxvault",
    {
        PaymentMethod.BANK_TRANSFER: "bank_transfer",
        PaymentMethod.ACH: "bank_transfer",
        PaymentMethod.CHECK: "check",
        PaymentMethod.CASH: "cash",
        PaymentMethod.CREDIT_CARD: "credit_card",
        PaymentMethod.ONLINE: "online",
        PaymentMethod.PAYPAL: "paypal",
        PaymentMethod.CRYPTO: "crypto",
        PaymentMethod.OTHER: "other",
        PaymentMethod.EXTERNAL: "other",
    },
)
"""How money came that was received elsewhere. No word here is one that draws money."""

MONTH: Final = re.compile(r"0[1-9]|1[0-2]|[1-9]")


@dataclass(frozen=True, repr=False)
class Card:
    """A card. `expiry_month` as `12`, `expiry_year` as `2027`; what is empty is not sent.

    Raises:
        ValueError: a number that is none; the message shows no digit.
    """

    kind: ClassVar = PaymentMethod.CREDIT_CARD
    number: str
    expiry_month: str = ""
    expiry_year: str = ""
    cvv: str = ""

    def __post_init__(self) -> None:
        if not _is_digits(self.number, 12, 19) or not luhn.is_valid(self.number):
            raise ValueError("the card's number is none: 12 to 19 digits, the last of them its check digit")
        if self.expiry_month and not MONTH.fullmatch(self.expiry_month):
            raise ValueError("the card's month of expiry is none")
        if self.expiry_year and not _is_digits(self.expiry_year, 4, 4):
            raise ValueError("the card's year of expiry has not four digits")
        if self.cvv and not _is_digits(self.cvv, 3, 4):
            raise ValueError("the card's security code has not three or four digits")

    def __repr__(self) -> str:
        return f"Card({_ending(self.number)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a card is never stored")

    def fields(self) -> dict[str, Any]:
        """Return the request's fields."""
        values = {
            "number": self.number,
            "expiryMonth": self.expiry_month,
            "expiryYear": self.expiry_year,
            "cvv": self.cvv,
        }
        return {"card": {name: value for name, value in values.items() if value}}


@dataclass(frozen=True, repr=False)
class BankAccount:
    """A bank account in the United States. `account_type` as `checking`.

    Raises:
        ValueError: a number that is none; the message shows no digit.
    """

    kind: ClassVar = PaymentMethod.ACH
    account_number: str
    routing_number: str
    account_type: str = "checking"

    def __post_init__(self) -> None:
        if not _is_digits(self.account_number, 4, 17):
            raise ValueError("the account's number has not 4 to 17 digits")
        if not _is_digits(self.routing_number, 9, 9):
            raise ValueError("the bank's routing number has not nine digits")

    def __repr__(self) -> str:
        return f"BankAccount({_ending(self.account_number)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an account's number is never stored")

    def fields(self) -> dict[str, Any]:
        """Return the request's fields."""
        values = {
            "accountNumber": self.account_number,
            "routingNumber": self.routing_number,
            "accountType": self.account_type,
        }
        return {"bankAccount": values}


@dataclass(frozen=True)
class SavedMethod:
    """A method of payment that the customer has saved there."""

    kind: ClassVar = PaymentMethod.SAVED
    payment_method_id: str

    def fields(self) -> dict[str, Any]:
        """Return the request's fields."""
        return {"paymentMethodId": self.payment_method_id}


@dataclass(frozen=True)
class External:
    """Money received elsewhere: it is recorded there, and nothing is drawn. What is empty is not sent."""

    kind: ClassVar = PaymentMethod.EXTERNAL
    method: PaymentMethod
    payment_date: dt.date | None = None
    check_number: str = ""
    notes: str = ""

    def fields(self) -> dict[str, Any]:
        """Return the request's fields.

        Raises:
            NotOffered: the system has no word for the method.
        """
        values = {
            "method": EXTERNAL_METHODS.theirs(self.method),
            "checkNumber": self.check_number,
            "date": self.payment_date.isoformat() if self.payment_date else "",
            "notes": self.notes,
        }
        return {"externalPaymentDetails": {name: value for name, value in values.items() if value}}


Means: TypeAlias = Card | BankAccount | SavedMethod | External | PaymentMethod
"""A `PaymentMethod` alone names the method and leaves it to the system which card or account of the customer's."""


def fields_of(means: Means | None) -> dict[str, Any]:
    """Return the fields of a request that say what is paid with; none where that is left to the system."""
    if means is None:
        return {}
    if isinstance(means, PaymentMethod):
        return {"paymentMethod": METHODS.theirs(means)}
    return {"paymentMethod": METHODS.theirs(means.kind), **means.fields()}


def method_of(word: object) -> PaymentMethod | None:
    """Return the method that a word in an answer means: one of payment, or of money received elsewhere.

    Raises:
        Unclear: the word is none of these.
    """
    return (EXTERNAL_METHODS if word in EXTERNAL_METHODS.words.values() else METHODS).ours(word)


def is_private(means: Means | None) -> bool:
    """Tell whether numbers of a card or an account are in it."""
    return isinstance(means, Card | BankAccount)


def without_digits(error: RemoteError) -> RemoteError:
    """Return an error with no digit of what the system said: it may repeat, or cut in two, what it was sent."""
    if isinstance(error, PaymentFailed):
        return PaymentFailed(replace(error.payment, text=_hidden(error.payment.text)))
    if isinstance(error, Refused) and not isinstance(error, CredentialsRefused):
        begin = f"refused ({error.status})"
        return Refused(error.status, begin + _hidden(str(error).removeprefix(begin)))
    if isinstance(error, Unclear):
        return Unclear(_hidden(str(error)))
    return error


def _hidden(text: str) -> str:
    return re.sub(r"\d", "*", text)


def _is_digits(text: str, length_min: int, length_max: int) -> bool:
    return text.isascii() and text.isdigit() and length_min <= len(text) <= length_max


def _ending(number: str) -> str:
    """Show the last four digits of a number that is long enough for that."""
    return f"ending in {number[-4:]}" if len(number) >= 8 else "its number is not shown"
