"""What an invoice's history says is heeded: paid in the meantime, taken back, found different, or not to be told."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import Any

import pytest

from reconcile.post.connector import RemotePayment
from reconcile.post.posting import PostingState
from tests.post.fakes import WITHOUT_KEY, DeletingSystem, FakeSystem
from tests.post.office import Office, confirmed
from tests.post.servers.base import Fault, Served, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server

TOTALS = {"I1": "100.00", "I2": "40.00"}


@pytest.fixture
def served() -> Any:
    server = InvoicingV1Server(invoices={invoice: Decimal(total) for invoice, total in TOTALS.items()})
    with serving(server) as running:
        yield running


@pytest.fixture
def office(tmp_path, served: Served) -> Office:
    return Office(tmp_path, served.url)


def by_hand(served: Served, invoice: str, amount: str, reference: str = "by hand") -> None:
    """Record a payment there as a person would."""
    payment = {
        "id": f"hand_{len(served.system.payments)}", "invoice_id": invoice, "amount": Decimal(amount),
        "payment_method": "cash", "payment_date": "2026-10-01", "reference": reference,
    }  # fmt: skip
    served.system.payments.append(payment)


def states(office: Office) -> list[str]:
    return [state for _, _, state in office.states()]


def test_what_was_paid_there_in_the_meantime_is_refused_for_a_person_and_the_others_go_on(office, served):
    office.decides(("I1", "100.00"), ("I2", "40.00"), invoices=TOTALS)
    by_hand(served, "I1", "60.00")

    result = office.posts()

    assert sorted(office.states()) == [("I1", "payment", "refused"), ("I2", "payment", "confirmed")]
    assert "paid or changed there in the meantime" in " ".join(office.details())
    assert served.system.paid() == {"I1": Decimal("60.00"), "I2": Decimal("40.00")}
    assert result.unconfirmed == 0


def test_a_payment_whose_answer_is_lost_is_found_behind_more_than_the_system_lists_at_once(office, served):
    served.system.page_size_max = 20
    for _ in range(25):
        by_hand(served, "I1", "1.00")
    served.fault_of = lambda _, request: Fault.RESET_AFTER if request.is_change else None
    office.decides(("I1", "40.00"), invoices=TOTALS)

    assert confirmed(office.posts()) == 1
    assert served.system.paid() == {"I1": Decimal("65.00")}


def test_part_payments_of_one_invoice_go_one_after_the_other(office, served):
    office.decides(("I1", "30.00"), ("I1", "30.00"), ("I1", "40.00"), invoices=TOTALS)

    assert confirmed(office.posts()) == 3
    assert served.system.paid() == {"I1": Decimal("100.00")}


def test_an_invoice_that_is_not_there_is_refused(office, served):
    del served.system.invoices["I2"]
    office.decides(("I2", "40.00"), invoices=TOTALS)

    office.posts()

    assert states(office) == ["refused"]
    assert "no such invoice" in office.details()[0]


def test_a_payment_and_its_return_decided_in_one_night_are_both_posted(office, served):
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)

    assert confirmed(office.posts()) == 2
    assert len(served.system.payments) == len(served.system.refunds) == 1
    assert served.system.paid() == {"I1": Decimal(0)}


def test_an_invoice_that_was_opened_again_by_a_return_takes_a_new_payment(office, served):
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)
    office.posts()
    office.decides(("I1", "100.00"), day="2026-10-20", tag="again")

    assert confirmed(office.posts()) == 3
    assert served.system.paid() == {"I1": Decimal("100.00")}


def test_a_refund_whose_answer_is_lost_stays_unknown_and_is_never_sent_again(office, served):
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)
    served.fault_of = lambda _, request: Fault.RESET_AFTER if request.path.endswith("/refund") else None

    office.posts()
    served.fault_of = lambda *_: None
    result = office.posts()

    assert states(office) == ["confirmed", "unknown"]
    assert len(served.system.refunds) == 1
    assert result.unconfirmed == 1


def test_a_return_waits_until_the_payment_that_it_takes_back_is_confirmed(office, served):
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)
    served.fault_of = lambda _, request: Fault.RESET_BEFORE if request.method == "POST" else None

    office.posts()

    assert states(office) == ["pending", "pending"]
    assert not [request for request in served.requests if request.path.endswith("/refund")]


def test_a_return_of_what_was_never_recorded_there_takes_nothing_back(office, served):
    by_hand(served, "I1", "100.00")
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)

    office.posts()

    assert states(office) == ["refused", "refused"]
    assert served.system.refunds == []


def test_a_key_found_with_another_amount_stops_its_invoice(office, served):
    office.decides(("I1", "60.00"), invoices=TOTALS)
    by_hand(served, "I1", "6.00", reference=office.keys()[0])
    office.decides(("I1", "40.00"), ("I2", "40.00"), day="2026-10-06")

    result = office.posts()

    assert sorted(office.states()) == [
        ("I1", "payment", "conflict"),
        ("I1", "payment", "pending"),
        ("I2", "payment", "confirmed"),
    ]
    assert served.system.paid()["I1"] == Decimal("6.00")
    assert result.unconfirmed == 2


def test_a_lost_ledger_finds_its_payments_again(office, served):
    office.decides(("I1", "60.00"), ("I2", "40.00"), invoices=TOTALS)
    office.posts()
    office.path.unlink()
    office.decides(("I1", "60.00"), ("I2", "40.00"), invoices=TOTALS)

    assert confirmed(office.posts()) == 2
    assert len(served.system.payments) == 2


def test_a_lost_ledger_gives_nothing_back_that_may_have_been_given_back(office, served):
    for _ in range(2):
        office.path.unlink(missing_ok=True)
        (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
        office.returns(receipt)
        office.posts()

    assert states(office) == ["confirmed", "unknown"]
    assert len(served.system.refunds) == 1


def test_a_copy_of_the_ledger_posts_nothing_and_says_so(office, served, tmp_path):
    office.decides(("I1", "60.00"), invoices=TOTALS)
    office.posts()
    (tmp_path / "copy").mkdir()
    copy = Office(tmp_path / "copy", served.url)
    shutil.copy(office.path, copy.path)
    copy.decides(("I2", "40.00"))

    result = copy.posts()

    assert "copy of the ledger" in result.stopped
    assert len(served.system.payments) == 1
    assert result.counts[PostingState.PENDING] == 1


def test_an_older_state_of_the_ledger_posts_nothing_and_says_so(office, served):
    office.decides(("I1", "60.00"), invoices=TOTALS)
    office.posts()
    older = office.path.read_bytes()
    office.decides(("I2", "40.00"))
    office.posts()
    office.path.write_bytes(older)

    assert "older state" in office.posts().stopped


def test_a_credit_note_is_left_to_a_person(office, served):
    office.decides(("C1", "-60.00"), invoices={"C1": "60.00"})

    office.posts()

    assert office.states() == [("C1", "credit_note", "refused")]
    assert not [request for request in served.requests if request.is_change]


@pytest.mark.parametrize("lost", ["before", "after"])
def test_without_a_key_what_is_new_and_equal_is_ours(office, lost):
    system = FakeSystem(WITHOUT_KEY, loses=lambda number: lost if number == 1 else "")
    office.decides(("I1", "50.00"), ("I1", "50.00"), ("I2", "40.00"), invoices=TOTALS)

    assert confirmed(office.posts(system)) == 3
    assert system.paid() == {"I1": Decimal("100.00"), "I2": Decimal("40.00")}
    assert len(system.payments) == 3


def test_without_a_key_an_equal_payment_that_was_there_before_is_left_to_a_person(office):
    system = FakeSystem(WITHOUT_KEY)
    office.decides(("I1", "50.00"), invoices=TOTALS)
    office.posts(system)
    office.path.unlink()
    office.decides(("I1", "50.00"), invoices=TOTALS)

    office.posts(system)

    assert states(office) == ["refused"]
    assert len(system.payments) == 1

    office.retries(office.keys()[0])
    assert confirmed(office.posts(system)) == 1
    assert len(system.payments) == 2


def test_without_a_key_what_is_new_and_different_is_a_conflict(office):
    system = FakeSystem(WITHOUT_KEY, loses=lambda _: "before")
    office.decides(("I1", "50.00"), invoices=TOTALS)
    record = system.record_payment

    async def meanwhile(payment):
        system.payments.append(RemotePayment("other", "I1", Decimal("7.00")))
        return await record(payment)

    system.record_payment = meanwhile
    office.posts(system)

    assert states(office) == ["conflict"]

    system.record_payment, system.loses = record, lambda _: ""
    office.retries(office.keys()[0])
    assert confirmed(office.posts(system)) == 1
    assert system.paid() == {"I1": Decimal("57.00")}


@pytest.mark.parametrize("lost", ["", "before", "after"])
def test_a_deletion_is_seen_by_the_payment_being_gone(office, lost):
    system = DeletingSystem(loses=lambda number: lost if number == 2 else "")
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)

    assert confirmed(office.posts(system)) == 2
    assert system.payments == []


def test_where_a_system_takes_nothing_back_a_person_does(office):
    system = FakeSystem()
    (receipt,) = office.decides(("I1", "100.00"), invoices=TOTALS)
    office.returns(receipt)

    office.posts(system)

    assert states(office) == ["confirmed", "refused"]


@pytest.mark.parametrize("has_key", [True, False])
def test_lists_that_lag_less_than_the_visibility_delay_bring_nothing_twice(tmp_path, has_key):
    office = Office(tmp_path, "http://127.0.0.1:9", visibility_delay_seconds=Decimal("0.3"))
    capabilities = FakeSystem().capabilities if has_key else WITHOUT_KEY
    system = FakeSystem(capabilities, lag_seconds=0.25, loses=lambda number: "after" if number % 2 else "")
    office.decides(*(("I1", f"{n}.00") for n in range(1, 8)), ("I2", "40.00"), invoices=TOTALS)

    assert confirmed(office.posts(system)) == 8
    assert system.paid() == {"I1": Decimal("28.00"), "I2": Decimal("40.00")}
