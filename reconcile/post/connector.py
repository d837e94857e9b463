"""What an invoicing system can do, whichever it is: the nouns, the capabilities and the protocol of a connector.

A connector turns these nouns into one system's requests and back; it keeps nothing and decides nothing. What only some
systems can do is a protocol of its own: the pipeline asks whether a connector meets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable

from reconcile.model import PaymentMethod
from reconcile.post.remote import Remote, RemoteError, Unclear


@dataclass(frozen=True)
class NewPayment:
    """A payment to be recorded. `amount` is positive, in the invoice's currency, with no more decimals than it has.

    key: what the payment is found again by; it stands in a field that can be read back, where there is one.
    notes: a sentence for whoever reads the payment there; cut to what the system takes, never the key.
    """

    invoice_id: str
    amount: Decimal
    payment_date: dt.date
    key: str
    notes: str = ""
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER


@dataclass(frozen=True)
class RemotePayment:
    """A payment as the other system tells it. What it does not tell is None, or '' for texts.

    text: everything it says in words (reference, notes, description), in which a key is looked for.
    transaction_id: what a refund names, where that is not the payment.
    recorded: who recorded it and when, in the system's own words, for a person to read.
    """

    payment_id: str
    invoice_id: str
    amount: Decimal
    payment_date: dt.date | None = None
    method: PaymentMethod | None = None
    text: str = ""
    status: str = ""
    transaction_id: str = ""
    recorded: str = ""


def asked_for(told: RemotePayment, payment_id: str, amount: Decimal | None = None) -> RemotePayment:
    """Return a payment that a system tells, where it is the one asked for and of the amount that it was given.

    Raises:
        Unclear: it is another payment, or of another amount; `amount` None: whatever it is of.
    """
    if told.payment_id != payment_id:
        message = f"its answer is about another payment than {payment_id}"
        raise Unclear(message)
    if amount is not None and told.amount != amount:
        message = f"its answer says {told.amount}, not {amount}"
        raise Unclear(message)
    return told


@dataclass(frozen=True)
class History:
    """All payments of one invoice in the other system, and what it says is left to pay, where it says so."""

    payments: tuple[RemotePayment, ...]
    remaining: Decimal | None = None
    status: str = ""


class PaymentFailed(RemoteError):  # noqa: N818 - a state, not a mistake
    """The system took the request and the payment failed: the attempt is on file there, and no money has moved.

    payment: the attempt; its `text` is the reason.
    """

    def __init__(self, payment: RemotePayment) -> None:
        super().__init__(f"the payment failed: {payment.text or 'no reason is given'}")
        self.payment = payment


@dataclass(frozen=True)
class RemoteInvoice:
    """An invoice as the other system lists it, with the columns of the invoices that a run reads."""

    invoice_id: str
    invoice_number: str
    customer_id: str
    issue_date: dt.date
    due_date: dt.date
    currency: str
    total: Decimal
    amount_due: Decimal
    kind: str = "invoice"
    status: str = "open"


@dataclass(frozen=True)
class UnreadInvoice:
    """An invoice of the list that lacks something or cannot be read: which, as far as it says, and what is wrong."""

    invoice_id: str
    invoice_number: str
    reason: str


@dataclass(frozen=True)
class Capabilities:
    """What the pipeline may count on, besides the protocols below that a connector meets.

    key_field: the field of a payment that holds our key and is read back; '' where nothing of ours is shown again.
    notes_length_max: how many characters of notes it takes; None where it says nothing.
    shows_refunds: whether a refund can be seen afterwards, and so an unknown one settled without a person.
    has_balance: whether the history says what is left to pay.
    requests_per_second_max: what its documents allow; None where they name no number.
    is_idempotent: whether a payment that is sent twice is recorded once. No document of the five says so: hence the
        look-up before anything is sent again.
    """

    key_field: str
    notes_length_max: int | None
    shows_refunds: bool
    has_balance: bool
    requests_per_second_max: float | None = None
    is_idempotent: bool = False


class Connector(Protocol):
    """One invoicing system. Every call may raise what `reconcile.post.remote` says."""

    @property
    def remote(self) -> Remote:
        """The system's address; entered as a context manager before the first call."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the pipeline may count on."""
        ...

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        """Record a payment and return it as the system tells it."""
        ...

    async def history_of(self, invoice_id: str) -> History:
        """Return all payments of an invoice, every page of them."""
        ...


@runtime_checkable
class Refunds(Protocol):
    """A system that gives payments back."""

    async def refund_payment(self, payment: RemotePayment, amount: Decimal, reason: str) -> str:
        """Give back a part or all of a payment; return the refund's id, '' where it has none."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """A system that deletes payments."""

    async def delete_payment(self, payment: RemotePayment) -> None:
        """Delete a payment."""
        ...


@runtime_checkable
class ListsInvoices(Protocol):
    """A system from which open invoices can be read."""

    def open_items(self) -> AsyncIterator[RemoteInvoice | UnreadInvoice]:
        """Read the invoices on which something is owed, page by page; one that cannot be read is told as such."""
        ...
