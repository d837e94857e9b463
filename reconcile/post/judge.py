"""Judge what an invoice's history in the other system says of a posting. Pure: both in, a verdict out.

Precision first: what cannot be told surely is left to a person, with a sentence that says what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from reconcile.money import written
from reconcile.post.connector import Capabilities, History, RemotePayment
from reconcile.post.posting import Action, Posting, PostingState, Verdict

NO_MONEY: Final = frozenset(
    {"refunded", "void", "voided", "deleted", "cancelled", "canceled", "failed", "declined", "unpaid"}
)
"""Statuses of a payment that pays nothing (any more)."""

CLOSED: Final = frozenset({"paid", "overpaid", "void", "voided", "cancelled", "canceled"})
"""Statuses of an invoice that takes no payment. One whose payment was given back is owed again."""

BY_HAND: Final = "do it there by hand, then say so with `reconcile postings settle`"


class TakesBack(StrEnum):
    """How a system takes a payment back."""

    REFUND = "refund"
    DELETION = "deletion"
    NOT_AT_ALL = ""


def before_sending(posting: Posting, history: History, able: Capabilities, way: TakesBack) -> Verdict | None:
    """Say what the history forbids or makes needless; None where the posting may be sent.

    What nothing can tell is asked of a person once, at the first attempt: a person's `retry` is the answer.
    """
    if posting.action is Action.CREDIT_NOTE:
        return Verdict(PostingState.REFUSED, f"what settles a credit note is no payment: set it off there; {BY_HAND}")
    if posting.action is Action.TAKE_BACK:
        return _before_take_back(posting, history, able, way)
    if found := _payment_found(posting, history, able):
        return found
    if not able.key_field and posting.attempt == 1 and (twins := _twins(posting, history)):
        sentence = (
            f"a payment of the same amount is there already ({twins[0].payment_id}), and nothing tells whether it is "
            f"this one: if it is, settle this posting as confirmed, else retry it"
        )
        return Verdict(PostingState.REFUSED, sentence)
    return _no_room(posting, history)


def after_unclear(
    posting: Posting, history: History, able: Capabilities, way: TakesBack, *, is_last_look: bool
) -> Verdict | None:
    """Say what became of a posting whose outcome is unknown; None where nothing of it is seen (yet)."""
    if posting.action is Action.PAYMENT:
        return _payment_found(posting, history, able)
    if way is TakesBack.REFUND:
        return _refund_seen(posting, history)
    if _payment_of(posting, history) is None and is_last_look:
        return Verdict(PostingState.CONFIRMED, "the payment is gone there")
    return None


def look_there(posting: Posting) -> str:
    """Say what a person does with a refund that no call shows."""
    return (
        f"look there, then `reconcile postings settle {posting.posting_id} --as confirmed --because ...` where it was "
        f"made, or `reconcile postings retry {posting.posting_id}` where it was not"
    )


def pays(payment: RemotePayment) -> bool:
    """Say whether a payment counts: not failed, void or given back."""
    return payment.status.lower() not in NO_MONEY


def is_ours(posting_id: str, payment: RemotePayment) -> bool:
    """Say whether a payment carries a posting's key."""
    return posting_id in payment.text.lower()


def _payment_found(posting: Posting, history: History, able: Capabilities) -> Verdict | None:
    if able.key_field:
        found = [payment for payment in history.payments if is_ours(posting.posting_id, payment)]
    elif posting.held_before is None:
        return None
    else:
        known = posting.known_ids | set(posting.held_before)
        found = [payment for payment in history.payments if payment.payment_id not in known and pays(payment)]
    if not found:
        return None
    if len(found) > 1:
        ids = ", ".join(payment.payment_id for payment in found)
        how = "carry its key" if able.key_field else "are new there"
        return _conflict(f"{len(found)} payments {how} ({ids}), where one is meant")
    if found[0].amount != posting.cash:
        said = written(found[0].amount, posting.currency)
        return _conflict(f"{found[0].payment_id} says {said}, not {written(posting.cash, posting.currency)}")
    if found[0].payment_id in posting.known_ids:
        return _conflict(f"{found[0].payment_id} is another posting's payment already")
    return Verdict(PostingState.CONFIRMED, "found there", found[0].payment_id)


def _conflict(found: str) -> Verdict:
    sentence = (
        f"{found}: look there, mend it, then `reconcile postings settle` or `retry`; until then this invoice waits"
    )
    return Verdict(PostingState.CONFLICT, sentence)


def _twins(posting: Posting, history: History) -> Sequence[RemotePayment]:
    """Return payments that may be this one, recorded by a ledger that is lost: equal, not older, and not known."""
    return [
        payment
        for payment in history.payments
        if payment.amount == posting.cash
        and pays(payment)
        and payment.payment_id not in posting.known_ids
        and (payment.payment_date is None or payment.payment_date >= posting.payment_date)
    ]


def _no_room(posting: Posting, history: History) -> Verdict | None:
    if history.remaining is not None:
        left = history.remaining
    else:
        counted = (p.amount for p in history.payments if pays(p) and p.payment_id not in posting.undone_ids)
        left = posting.invoice_total - sum(counted, Decimal(0))
    if history.status.lower() in CLOSED or left < posting.cash:
        sentence = (
            f"paid or changed there in the meantime ({history.status + ', ' if history.status else ''}"
            f"{written(left, posting.currency)} left): a person decides; then settle or retry it"
        )
        return Verdict(PostingState.REFUSED, sentence)
    return None


def _before_take_back(posting: Posting, history: History, able: Capabilities, way: TakesBack) -> Verdict | None:
    if forbidden := _forbids_take_back(posting, way):
        return forbidden
    payment = _payment_of(posting, history)
    if payment is None:
        state = PostingState.UNKNOWN if way is TakesBack.DELETION else PostingState.PENDING
        return Verdict(state, "the payment that it takes back is not shown there")
    if way is TakesBack.REFUND:
        return _before_refund(posting, payment, history, able)
    if payment.amount != posting.cash:
        return Verdict(PostingState.REFUSED, f"only a part of {payment.payment_id} is to be deleted: {BY_HAND}")
    return None


def _forbids_take_back(posting: Posting, way: TakesBack) -> Verdict | None:
    """Say why there is nothing, or nothing yet, to be taken back there."""
    if not posting.takes_back_id:
        sentence = f"what it takes back was never posted there; where it stands there, {BY_HAND}"
        return Verdict(PostingState.REFUSED, sentence)
    if posting.payment_state == PostingState.REFUSED:
        sentence = "what it takes back was not recorded there, so nothing is to be taken back"
        return Verdict(PostingState.REFUSED, sentence)
    if posting.payment_state != PostingState.CONFIRMED:
        return Verdict(PostingState.PENDING, "waits until the payment that it takes back is confirmed")
    if way is TakesBack.NOT_AT_ALL:
        return Verdict(PostingState.REFUSED, f"this system cannot take a payment back: {BY_HAND}")
    return None


def _before_refund(posting: Posting, payment: RemotePayment, history: History, able: Capabilities) -> Verdict | None:
    if posting.was_sent and (seen := _refund_seen(posting, history)):
        return seen
    if not pays(payment):
        return Verdict(
            PostingState.REFUSED, f"{payment.payment_id} is {payment.status} there already: a person decides"
        )
    if not posting.payment_was_sent and not able.shows_refunds and posting.attempt == 1:
        sentence = (
            f"{payment.payment_id} was there before this ledger sent anything, and no call shows whether it was given "
            f"back: {look_there(posting)}"
        )
        return Verdict(PostingState.UNKNOWN, sentence)
    return None


def _payment_of(posting: Posting, history: History) -> RemotePayment | None:
    """Return the payment that a posting takes back, where the history shows it."""
    for payment in history.payments:
        if payment.payment_id == posting.payment_remote_id or is_ours(posting.takes_back_id, payment):
            return payment
    return None


def _refund_seen(posting: Posting, history: History) -> Verdict | None:
    held = set(posting.held_before or ())
    for entry in history.payments:
        if entry.payment_id not in held and entry.amount == -posting.cash:
            return Verdict(PostingState.CONFIRMED, "found there", entry.payment_id)
    payment = _payment_of(posting, history)
    if payment is not None and "refund" in payment.status.lower():
        return Verdict(PostingState.CONFIRMED, f"{payment.payment_id} is {payment.status} there")
    return None
