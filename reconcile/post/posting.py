"""What a posting is while it is being made: the intent, where it stands, and what may be said of it next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reconcile.money import written
from reconcile.post.connector import NewPayment, RemotePayment


class Action(StrEnum):
    """What is to be done there. What happens to a credit note can be recorded in no system by its payments."""

    PAYMENT = "payment"
    TAKE_BACK = "take_back"
    CREDIT_NOTE = "credit_note"


class PostingState(StrEnum):
    """Where a posting stands. `sent` without more is unknown; only what is pending may be sent."""

    PENDING = "pending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


FINAL = frozenset({PostingState.CONFIRMED, PostingState.REFUSED})
"""Nothing more is done with these; all others hold up the later postings of their invoice."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a posting now: its state, a sentence for a person, and the payment's id there."""

    state: PostingState
    detail: str = ""
    remote_id: str = ""


@dataclass(frozen=True)
class Posting:
    """A posting with all that is needed to send it or to find it again. A take-back's `amount` is negative.

    held_before: ids of the payments that its invoice had there before it was sent; None where it never was.
    known_ids: payments of the invoice that other postings have made.
    undone_ids: of those the ones taken back since, and what took them back: a system may show them as if they paid.
    payment_*: of the payment that it takes back; '' where that was never to be posted.
    """

    posting_id: str
    action: Action
    invoice_id: str
    invoice_number: str
    amount: Decimal
    currency: str
    payment_date: Any
    takes_back_id: str
    notes: str
    event_number: int
    state: PostingState
    attempt: int
    remote_id: str
    held_before: tuple[str, ...] | None
    was_sent: bool
    invoice_total: Decimal
    known_ids: frozenset[str]
    undone_ids: frozenset[str]
    payment_state: str
    payment_remote_id: str
    payment_was_sent: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Posting:
        """Take a row of `posting_batch.sql`."""
        held = row["held_before"]
        return cls(
            **{name: row[name] for name in cls.__dataclass_fields__}
            | {
                "action": Action(row["action"]),
                "state": PostingState(row["state"]),
                "amount": Decimal(written(row["amount"], row["currency"])),
                "held_before": tuple(json.loads(held)) if held else None,
                "known_ids": frozenset(row["known_ids"]),
                "undone_ids": frozenset(row["undone_ids"]),
            }
        )

    @property
    def cash(self) -> Decimal:
        """Return the amount without its sign."""
        return abs(self.amount)

    def new_payment(self) -> NewPayment:
        """Return the payment to be recorded."""
        return NewPayment(self.invoice_id, self.cash, self.payment_date, self.posting_id, self.notes)

    def payment_taken_back(self) -> RemotePayment:
        """Return the payment that is taken back, as the ledger knows it."""
        return RemotePayment(self.payment_remote_id, self.invoice_id, self.cash)
