"""A system in memory, for what the served one cannot do: no key, deletion, lists that lag, listing invoices."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from reconcile.post.connector import Capabilities, History, NewPayment, RemoteInvoice, RemotePayment, UnreadInvoice
from reconcile.post.remote import Remote, Unclear

WITH_KEY = Capabilities(key_field="notes", notes_length_max=500, shows_refunds=False, has_balance=False)
WITHOUT_KEY = Capabilities(key_field="", notes_length_max=None, shows_refunds=False, has_balance=False)


@dataclass
class FakeSystem:
    """Keeps payments. `loses` says of the n-th change whether its answer is lost: `after` or `before` it is done.

    `lag_seconds`: how long a new payment does not show in lists yet.
    """

    capabilities: Capabilities = WITH_KEY
    payments: list[RemotePayment] = field(default_factory=list)
    loses: Callable[[int], str] = lambda _: ""
    lag_seconds: float = 0
    changes: int = 0
    made_at: dict[str, float] = field(default_factory=dict)

    @property
    def remote(self) -> Remote:
        return Remote("http://127.0.0.1:9")

    async def record_payment(self, payment: NewPayment) -> RemotePayment:
        text = payment.key if self.capabilities.key_field else ""
        made = RemotePayment(
            f"p{self.changes + 1}", payment.invoice_id, payment.amount, payment.payment_date, text=text
        )
        self._change(lambda: self._record(made))
        return made

    async def history_of(self, invoice_id: str) -> History:
        shown = (p for p in self.payments if p.invoice_id == invoice_id and self._is_shown(p))
        return History(tuple(shown))

    def paid(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for payment in self.payments:
            sums[payment.invoice_id] = sums.get(payment.invoice_id, Decimal(0)) + payment.amount
        return sums

    def _record(self, made: RemotePayment) -> None:
        self.payments.append(made)
        self.made_at[made.payment_id] = time.monotonic()

    def _is_shown(self, payment: RemotePayment) -> bool:
        return time.monotonic() - self.made_at.get(payment.payment_id, 0) >= self.lag_seconds

    def _change(self, carry_out: Callable[[], None]) -> None:
        self.changes += 1
        lost = self.loses(self.changes)
        if lost != "before":
            carry_out()
        if lost:
            raise Unclear("the connection broke off")


@dataclass
class DeletingSystem(FakeSystem):
    """Deletes payments."""

    async def delete_payment(self, payment: RemotePayment) -> None:
        self._change(lambda: self.payments.remove(next(p for p in self.payments if p.payment_id == payment.payment_id)))


@dataclass
class ListingSystem(FakeSystem):
    """Lists its open invoices."""

    invoices: tuple[RemoteInvoice | UnreadInvoice, ...] = ()

    async def open_items(self) -> AsyncIterator[RemoteInvoice | UnreadInvoice]:
        for invoice in self.invoices:
            yield invoice


def a_remote_invoice(invoice_id: str, number: str, total: str, customer_id: str = "C1") -> RemoteInvoice:
    days, amount = (dt.date(2026, 9, 1), dt.date(2026, 10, 1)), Decimal(total)
    return RemoteInvoice(invoice_id, number, customer_id, *days, "EUR", amount, amount)
