"""Whatever is done with payments in whatever order, no law breaks, nothing is negative, and money is nowhere twice."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from reconcile.errors import PaymentError
from reconcile.ledger import broken_laws, open_ledger, store_receivables
from reconcile.ledger.credits import credit_left
from reconcile.ledger.payment_reads import standing
from reconcile.ledger.payments import Details, PaymentDesk
from tests.builders import a_decision, a_line, an_allocation, an_invoice, begin_run, decided, receivables, store_lines

INVOICES = st.sampled_from(["I1", "I2", "I3"])
AMOUNTS = st.one_of(st.none(), st.sampled_from(["0.01", "25", "49.99", "50", "100", "130"]).map(Decimal))
PLACES = st.integers(0, 30)


class Payments(RuleBasedStateMachine):
    """A ledger of three invoices and two customers, and everything that may happen to their payments.

    The model beside it knows only what came in and what went out by hand and by bank.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_ledger(Path(self.folder.name) / "ledger.duckdb")
        self.ledger = self.opened.__enter__()
        self.desk = PaymentDesk(self.ledger, "Anna", dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.date(2026, 11, 1))
        self.known: list[str] = []
        self.credits: list[str] = []
        self.by_bank = Decimal(0)
        self.lines = 0

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize()
    def export(self) -> None:
        begin_run(self.ledger)
        invoices = [an_invoice("I1"), an_invoice("I2", amount_due="50.00"), an_invoice("I3", customer_id="C2")]
        store_receivables(self.ledger, receivables(invoices))

    def attempt(self, act: Callable[[], str]) -> None:
        """Do it, or be refused without a trace."""
        events = self.ledger.value("select count(*) from payment_events")
        try:
            payment_id = act()
        except PaymentError:
            assert self.ledger.value("select count(*) from payment_events") == events
            return
        if payment_id not in self.known:
            self.known.append(payment_id)

    def one(self, place: int) -> str:
        return self.known[place % len(self.known)] if self.known else "none"

    @rule(invoice=INVOICES, amount=AMOUNTS)
    def record(self, invoice: str, amount: Decimal | None) -> None:
        self.attempt(lambda: self.desk.record(invoice, Details(amount)))

    @rule(invoice=INVOICES, amount=AMOUNTS)
    def fail(self, invoice: str, amount: Decimal | None) -> None:
        self.attempt(lambda: self.desk.fail(invoice, Details(amount), "declined"))

    @rule(place=PLACES, amount=AMOUNTS, reason=st.sampled_from(["", "", "again"]))
    def retry(self, place: int, amount: Decimal | None, reason: str) -> None:
        self.attempt(lambda: self.desk.retry(self.one(place), Details(amount), failed_because=reason))

    @rule(place=PLACES, amount=AMOUNTS, whole=st.booleans())
    def update(self, place: int, amount: Decimal | None, whole: bool) -> None:
        self.attempt(lambda: self.desk.update(self.one(place), Details(amount, notes="n"), is_replacement=whole))

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        self.attempt(lambda: self.desk.delete(self.one(place)))

    @rule(place=PLACES, amount=AMOUNTS)
    def refund(self, place: int, amount: Decimal | None) -> None:
        self.attempt(lambda: self.desk.refund(self.one(place), amount))

    @rule(place=PLACES, amount=AMOUNTS)
    def keep_credit(self, place: int, amount: Decimal | None) -> None:
        self.attempt(lambda: self.desk.credit(self.one(place), amount))

    @rule(invoice=INVOICES, amount=AMOUNTS)
    def apply_credit(self, invoice: str, amount: Decimal | None) -> None:
        self.attempt(lambda: self.desk.apply_credit(invoice, Details(amount)))

    @rule(invoice=st.sampled_from(["I1", "I2"]), more=st.sampled_from(["0", "12"]))
    def a_night_posts_a_receipt(self, invoice: str, more: str) -> None:
        owed = standing(self.ledger, invoice)["remaining"]
        if not owed and more == "0":
            return
        begin_run(self.ledger)
        line = self.line(str(owed + Decimal(more)))
        outcome = ("overpaid" if owed else "on_account") if more != "0" else "applied"
        decision = a_decision(line, outcome, applied=str(owed), on_account=more, customer_id="C1")
        self.ledger.write(decided([decision], [an_allocation(line, invoice, str(owed))] if owed else []))
        self.credits += [line] if not owed else []

    @rule(place=PLACES)
    def the_bank_takes_credit_back(self, place: int) -> None:
        if not self.credits:
            return
        taken = self.credits.pop(place % len(self.credits))
        begin_run(self.ledger)
        line = self.line("-12")
        back = a_decision(line, "returned", on_account="-12", customer_id="C1", returns_line_id=taken)
        self.ledger.write(decided([back]))

    def line(self, amount: str) -> str:
        self.lines += 1
        self.by_bank += Decimal(amount)
        name = f"line {self.lines}"
        return store_lines(self.ledger, a_line(amount, name), name=name)[0]

    @invariant()
    def no_law_is_broken(self) -> None:
        broken_laws(self.ledger)

    @invariant()
    def all_money_is_on_invoices_or_credit(self) -> None:
        """What came in by hand and by bank less what went back is what settles invoices and what is the customers'."""
        by_hand = self.sum_of("select sum(received_change) from payment_events")
        settled = self.sum_of("select sum(amount) from settlements")
        credit = self.sum_of("select sum(amount) from credit_sources")
        assert by_hand + self.by_bank == settled + credit
        for customer in ("C1", "C2"):
            left, sources = credit_left(self.ledger, customer, "EUR")
            assert left == sum(source.amount for source in sources)

    @invariant()
    def an_invoice_owes_its_total_less_what_settled_it(self) -> None:
        for invoice_id, total, remaining, settled in self.ledger.rows(
            "select invoice_id, total, remaining, (select coalesce(sum(amount), 0) from settlements "
            "where settlements.invoice_id = invoice_standings.invoice_id) from invoice_standings"
        ):
            assert (invoice_id, remaining) == (invoice_id, total - settled)  # type: ignore[operator]
            assert remaining >= 0  # type: ignore[operator]

    def sum_of(self, query: str) -> Decimal:
        ((found,),) = self.ledger.rows(query)
        return Decimal(str(found or 0))


def test_no_order_of_events_breaks_a_law() -> None:
    run_state_machine_as_test(Payments, settings=settings(max_examples=10, stateful_step_count=12, deadline=None))
