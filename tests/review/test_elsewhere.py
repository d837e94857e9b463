"""What a person decides is posted elsewhere like any allocation, by the next run; an undo takes it back there too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconcile.config import load
from reconcile.ledger import open_ledger, store_receivables
from reconcile.review import Decided, InvoiceCash, ReviewDesk, carry_out
from tests.builders import a_decision, a_line, an_invoice, begin_run, decided, receivables, store_lines
from tests.post.connectors_under_test import UNDER_TEST
from tests.post.office import Office, confirmed
from tests.post.servers.base import Served, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server


@pytest.fixture
def served() -> Any:
    with serving(InvoicingV1Server(invoices={"I1": Decimal("100.00"), "I2": Decimal("50.00")})) as running:
        yield running


@pytest.fixture
def office(tmp_path, served: Served) -> Office:
    return Office(tmp_path, served.url)


def a_line_waits(office: Office) -> str:
    """Keep a night that leaves one receipt to a person."""
    with (opened := open_ledger(office.path)) as ledger:
        begin_run(ledger)
        store_receivables(ledger, receivables([an_invoice("I1"), an_invoice("I2", amount_due="50.00")]))
        (line,) = store_lines(ledger, a_line("100.00", "somebody"))
        ledger.write(decided([a_decision(line, "review", unapplied="100.00")]))
        opened.keep()
    return line


def assigned(office: Office, line: str, invoice: str) -> int:
    def assign(desk: ReviewDesk) -> Any:
        return desk.decide(Decided(line, "assign", (InvoiceCash(invoice),)))

    return carry_out(office.path, office.config, "anna", assign).postings


def undone(office: Office, line: str) -> int:
    return carry_out(office.path, office.config, "bob", lambda desk: desk.undo(line)).postings


def test_a_decision_is_written_down_to_be_posted_and_nothing_is_sent_before_the_next_run(office, served):
    line = a_line_waits(office)

    assert assigned(office, line, "I1") == 1
    assert served.requests == []
    assert confirmed(office.posts()) == 1
    assert served.system.paid()["I1"] == Decimal("100.00")
    sent = sum(request.is_change for request in served.requests)
    office.posts()
    assert sum(request.is_change for request in served.requests) == sent == 1


def test_an_undo_takes_the_payment_back_there_and_another_decision_pays_what_it_says(office, served):
    line = a_line_waits(office)
    assigned(office, line, "I1")
    office.posts()

    assert undone(office, line) == 1
    office.posts()
    assert served.system.paid().get("I1", Decimal(0)) == 0
    assert assigned(office, line, "I2") == 1
    office.posts()
    assert {invoice: paid for invoice, paid in served.system.paid().items() if paid} == {"I2": Decimal("50.00")}
    assert [state for _, _, state in office.states()] == ["confirmed"] * 3


def test_the_same_invoice_is_paid_again_after_an_undo_under_a_key_of_its_own(office, served):
    line = a_line_waits(office)
    for _ in range(2):
        assigned(office, line, "I1")
        office.posts()
        undone(office, line)
        office.posts()
    assigned(office, line, "I1")
    office.posts()

    assert served.system.paid()["I1"] == Decimal("100.00")
    assert len(set(office.keys())) == 5


def test_what_was_undone_before_it_was_sent_leaves_nothing_there(office, served):
    line = a_line_waits(office)
    assigned(office, line, "I1")
    undone(office, line)
    office.posts()

    assert served.system.paid().get("I1", Decimal(0)) == 0


@pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
def test_in_every_system_the_undone_payment_is_taken_back_or_left_to_a_person_in_words(tmp_path, case):
    with serving(case.server({"I1": Decimal("100.00"), "I2": Decimal("50.00")})) as running:
        office = Office(tmp_path, running.url, case.system)
        line = a_line_waits(office)
        assigned(office, line, "I1")
        office.posts()
        undone(office, line)
        office.posts()
        (_, payment), (action, state) = ((row[1], row[2]) for row in office.states())

        assert (payment, action) == ("confirmed", "take_back")
        left = running.system.paid().get("I1", Decimal(0))
        assert (state, left) in {("confirmed", Decimal(0)), ("refused", Decimal("100.00"))}
        assert state == "confirmed" or office.details()[1]


def test_nothing_is_written_down_to_be_posted_where_no_system_is_configured(office):
    line = a_line_waits(office)

    applied = carry_out(office.path, load(), "anna", lambda desk: desk.decide(Decided(line, "not_receivable")))

    assert applied.postings == 0
    assert office.states() == []
