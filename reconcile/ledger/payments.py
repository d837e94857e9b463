"""Record payments that no bank line of ours shows, or not yet, and change them: every change is a new event.

Money is counted once: an event moves it to the invoice, to the customer's credit or back, and books it. Payments that
a bank line made are decisions about that line and are not changed here. Must not: update or delete a row.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal

from reconcile.errors import PaymentError
from reconcile.ledger import payment_events as events
from reconcile.ledger.book import Ledger
from reconcile.ledger.credits import drawn
from reconcile.ledger.payment_events import HandPayment, Payable, Source, hand_payment, invoice_of
from reconcile.ledger.payment_rules import (
    ID_CHARACTERS_MAX,
    Shares,
    checked_amount,
    checked_method,
    checked_text,
    credited_from,
    money,
    refunded_from,
    request_hash,
    shared_out,
)


@dataclass(frozen=True)
class Details:
    """What a person says of a payment. None is left out: a default where all is said, as it was where a part is."""

    amount: Decimal | None = None
    method: str | None = None
    payment_date: dt.date | None = None
    reference: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class PaymentDesk:
    """Where a person records payments: the open ledger, who it is, the instant (UTC) and the day that counts as today.

    Every method returns the payment's id. With an id of the caller's own the same request twice is carried out once,
    and another request under that id is an error. All raise `PaymentError` with what is wrong and what can be done.
    """

    ledger: Ledger
    who: str
    at: dt.datetime
    today: dt.date

    def record(self, invoice: str, details: Details, *, payment_id: str = "") -> str:
        """Record a payment; the amount defaults to what the invoice owes. What is beyond that is the customer's credit.

        Args:
            invoice: the invoice's id, or its number where only one has it.
            details: see `Details`; the method defaults to `other`, the date to today.
            payment_id: the caller's own id.
        """
        request = request_hash(kind="recorded", invoice=invoice, **vars(details))
        if known := self._known(payment_id, request):
            return known
        to, payment = self._new(invoice, details, payment_id)
        shares = shared_out(payment.amount, to.open_amount)
        return self._write(payment, shares, "recorded", payment.amount, payment.payment_id, request)

    def fail(self, invoice: str, details: Details, reason: str, *, payment_id: str = "") -> str:
        """Record that an attempt to pay failed, and why. No money moves."""
        request = request_hash(kind="failed", invoice=invoice, **vars(details), reason=reason)
        if known := self._known(payment_id, request):
            return known
        if not reason.strip():
            raise PaymentError("a failed payment needs its reason")
        _, payment = self._new(invoice, details, payment_id)
        failed = _because(payment, reason)
        return self._write(failed, Shares(), "failed", payment.amount, payment.payment_id, request)

    def retry(self, payment_id: str, details: Details, *, failed_because: str = "", event_id: str = "") -> str:
        """Try a failed payment again: it succeeds and its money moves, or it fails again with another reason."""
        request = request_hash(kind="retried", payment=payment_id, **vars(details), reason=failed_because)
        if known := self._known(event_id, request):
            return known
        payment = hand_payment(self.ledger, payment_id)
        if payment.status != "failed":
            message = f"payment {payment_id} is {payment.status}; only a failed payment can be tried again"
            raise PaymentError(message)
        owed = invoice_of(self.ledger, payment.invoice_id).open_amount
        again = _because(self._filled(replace(payment, payment_date=self.today), details), failed_because)
        if failed_because:
            return self._write(again, Shares(), "failed", again.amount, event_id, request)
        return self._write(again, shared_out(again.amount, owed), "retried", again.amount, event_id, request)

    def update(self, payment_id: str, details: Details, *, is_replacement: bool = False, event_id: str = "") -> str:
        """Change a payment: only what is given, or all of it, with what is left out as in a new one."""
        request = request_hash(kind="updated", payment=payment_id, **vars(details), whole=is_replacement)
        if known := self._known(event_id, request):
            return known
        payment = self._standing(payment_id, "updated")
        owed = events.open_amount(self.ledger, payment.invoice_id) + payment.shares.applied
        base = payment
        if is_replacement:
            base = replace(payment, method="other", payment_date=self.today, reference="", notes="")
            if payment.origin != "credit" and owed:
                base = replace(base, amount=owed + payment.shares.kept + payment.gone)
        changed = self._filled(base, details)
        shares = payment.shares
        if changed.amount != payment.amount:
            if payment.origin == "credit":
                raise PaymentError("an applied credit keeps its amount; delete it and apply another")
            if changed.amount < payment.gone:
                message = f"{self._gone(payment)}; its amount cannot be less"
                raise PaymentError(message)
            shares = shared_out(changed.amount - payment.gone, owed, payment.shares.kept)
        if changed == payment:
            return payment_id
        return self._write(changed, shares, "updated", changed.amount, event_id, request)

    def delete(self, payment_id: str, *, reason: str = "", event_id: str = "") -> str:
        """Take a payment back as if it had not been made; its rows stay. Deleted twice is deleted once."""
        request = request_hash(kind="deleted", payment=payment_id)
        if known := self._known(event_id, request):
            return known
        payment = hand_payment(self.ledger, payment_id)
        if payment.status == "deleted":
            return payment_id
        if payment.status != "failed" and payment.gone:
            message = f"{self._gone(payment)}: a refund stands, and what credit paid is to be deleted before it"
            raise PaymentError(message)
        given_back = tuple(replace(taken, amount=-taken.amount) for taken in events.taken_from(self.ledger, payment_id))
        gone = _because(payment, reason)
        return self._write(gone, Shares(), "deleted", payment.amount, event_id, request, given_back)

    def refund(self, payment_id: str, amount: Decimal | None = None, *, reason: str = "", event_id: str = "") -> str:
        """Give money of a payment back: all that is left, or an amount; what the invoice does not need goes first."""
        request = request_hash(kind="refunded", payment=payment_id, amount=amount, reason=reason)
        if known := self._known(event_id, request):
            return known
        payment = self._standing(payment_id, "refunded")
        if payment.origin == "credit":
            raise PaymentError("no money came with an applied credit; delete it to give the customer the credit back")
        left = payment.shares.total
        given = left if amount is None else checked_amount(amount, payment.currency)
        if not given or given > left:
            message = f"payment {payment_id} has {money(left, payment.currency)} left; no more can be refunded"
            raise PaymentError(message)
        back = refunded_from(payment.shares, given)
        return self._write(_because(payment, reason), back, "refunded", given, event_id, request)

    def credit(self, payment_id: str, amount: Decimal | None = None, *, reason: str = "", event_id: str = "") -> str:
        """Keep money of a payment as the customer's credit: the excess, or an amount of it and the invoice's part."""
        request = request_hash(kind="credited", payment=payment_id, amount=amount, reason=reason)
        if known := self._known(event_id, request):
            return known
        payment = self._standing(payment_id, "credited")
        if payment.origin == "credit":
            raise PaymentError("an applied credit is credit already; delete it to give it back")
        kept = payment.shares.excess if amount is None else checked_amount(amount, payment.currency)
        if not kept:
            message = f"payment {payment_id} has nothing beyond what was owed; give the amount to take from its invoice"
            raise PaymentError(message)
        free = payment.shares.applied + payment.shares.excess
        if kept > free:
            message = f"payment {payment_id} has {money(free, payment.currency)} that can be kept as credit, no more"
            raise PaymentError(message)
        shares = credited_from(payment.shares, kept)
        return self._write(_because(payment, reason), shares, "credited", kept, event_id, request)

    def apply_credit(self, invoice: str, details: Details, *, source_id: str = "", payment_id: str = "") -> str:
        """Pay an invoice from its customer's credit, the oldest first: all that is owed and there is, or an amount.

        Args:
            invoice: as in `record`.
            details: as in `record`.
            source_id: the one payment or bank line whose credit is taken.
            payment_id: the caller's own id.
        """
        request = request_hash(kind="credit_applied", invoice=invoice, source=source_id, **vars(details))
        if known := self._known(payment_id, request):
            return known
        to = invoice_of(self.ledger, invoice)
        if details.amount is not None and checked_amount(details.amount, to.currency) > to.open_amount:
            message = f"invoice {to.invoice_number} owes {money(to.open_amount, to.currency)}; no more can be applied"
            raise PaymentError(message)
        draws = drawn(self.ledger, to, details.amount, source_id)
        amount = -sum((draw.amount for draw in draws), Decimal(0))
        new = events.new_payment(self._own_id(payment_id, "pay"), to, amount, self.today, origin="credit")
        payment = self._filled(new, replace(details, amount=amount))
        return self._write(
            payment, Shares(applied=amount), "credit_applied", amount, payment.payment_id, request, draws
        )

    def _known(self, event_id: str, request: str) -> str:
        return events.known_payment(self.ledger, self._own_id(event_id, ""), request) if event_id else ""

    def _own_id(self, given: str, prefix: str) -> str:
        return checked_text("the id", given, ID_CHARACTERS_MAX) or f"{prefix}_{uuid.uuid4().hex[:20]}"

    def _new(self, invoice: str, details: Details, payment_id: str) -> tuple[Payable, HandPayment]:
        to = invoice_of(self.ledger, invoice)
        if details.amount is None and not to.open_amount:
            message = f"invoice {to.invoice_number} owes nothing; give the amount to record an overpayment"
            raise PaymentError(message)
        new = events.new_payment(self._own_id(payment_id, "pay"), to, to.open_amount, self.today)
        return to, self._filled(new, details)

    def _filled(self, payment: HandPayment, details: Details) -> HandPayment:
        given = {name: value for name, value in vars(details).items() if value is not None}
        filled = replace(payment, **given)
        checked_amount(filled.amount, filled.currency)
        checked_text("the reference", filled.reference)
        checked_text("the note", filled.notes)
        return replace(filled, method=checked_method(filled.method))

    def _standing(self, payment_id: str, past: str) -> HandPayment:
        payment = hand_payment(self.ledger, payment_id)
        if payment.status in {"failed", "deleted"}:
            message = f"payment {payment_id} is {payment.status} and cannot be {past}"
            raise PaymentError(message + ("; try it again with `retry`" if payment.status == "failed" else ""))
        return payment

    def _gone(self, payment: HandPayment) -> str:
        sum_gone = money(payment.gone, payment.currency)
        return f"{sum_gone} of payment {payment.payment_id} was refunded, or spent as credit on other invoices"

    def _write(
        self,
        payment: HandPayment,
        shares: Shares,
        kind: str,
        amount: Decimal,
        event_id: str,
        request: str,
        draws: tuple[Source, ...] = (),
    ) -> str:
        checked_text("the name of who does this", self.who, ID_CHARACTERS_MAX)
        change = shares.less(payment.shares)
        events.write_event(
            self.ledger, payment, change,
            kind=kind, amount=amount, event_id=event_id, request_id=request, who=self.who, at=self.at, draws=draws,
        )  # fmt: skip
        return payment.payment_id


def _because(payment: HandPayment, reason: str) -> HandPayment:
    return replace(payment, reason=checked_text("the reason", reason))
