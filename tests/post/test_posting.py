"""What the ledger decides stands in the other system once: through every fault, and as the ledger says it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.post.connectors_under_test import UNDER_TEST
from tests.post.office import Office, confirmed, totals
from tests.post.servers.base import Fault, Served, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server

INVOICES = {f"I{n}": f"{100 + n}.00" for n in range(12)}
PAID = list(INVOICES.items())


def new_server(**options: Any) -> InvoicingV1Server:
    return InvoicingV1Server(invoices={invoice: Decimal(total) for invoice, total in INVOICES.items()}, **options)


@pytest.fixture
def served() -> Any:
    with serving(new_server()) as running:
        yield running


@pytest.fixture
def office(tmp_path, served: Served) -> Office:
    return Office(tmp_path, served.url)


def changes(served: Served) -> int:
    return sum(request.is_change for request in served.requests)


def test_every_allocation_is_recorded_once_with_its_key_and_a_second_run_sends_nothing(office, served):
    office.decides(*PAID, invoices=INVOICES)

    assert confirmed(office.posts()) == 12
    assert served.system.paid() == totals(PAID)
    assert {p["reference"] for p in served.system.payments} == set(office.keys())

    sent = changes(served)
    assert confirmed(office.posts()) == 12
    assert changes(served) == sent == 12


SOME = dict(PAID[:6])
"""Enough for two faults of each kind of request."""

PASSING = [fault for fault in Fault if fault not in {Fault.EXPIRED, Fault.WRONG_AMOUNT_AFTER}]


@pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.value)
def test_through_a_fault_on_every_third_request_nothing_is_lost_or_posted_twice(tmp_path, fault, case):
    with serving(case.server({invoice: Decimal(total) for invoice, total in SOME.items()})) as served:
        office = Office(tmp_path, served.url, case.system)
        office.decides(*SOME.items(), invoices=SOME)
        served.fault_of = lambda number, _: fault if number % 3 == 0 else None

        for _ in range(4):
            result = office.posts()

        assert sorted(served.system.standing()) == [(invoice, Decimal(total)) for invoice, total in SOME.items()]
        assert confirmed(result) == 6
        assert result.differences.is_empty()
        assert served.refusals == []


def test_wrong_amounts_in_answers_stop_their_invoices_and_post_nothing_twice(office, served):
    office.decides(*PAID, invoices=INVOICES)
    served.fault_of = lambda number, _: Fault.WRONG_AMOUNT_AFTER if number % 3 == 0 else None

    office.posts()
    served.fault_of = lambda *_: None
    office.posts()

    assert served.system.paid() == totals(PAID)
    assert {state for _, _, state in office.states()} <= {"confirmed", "conflict"}


def test_expired_credentials_stop_everything_and_what_waits_goes_later(office, served):
    office.decides(*PAID, invoices=INVOICES)
    served.fault_of = lambda number, _: Fault.EXPIRED if number > 15 else None

    result = office.posts()

    assert "secret is not accepted" in result.stopped
    assert len(served.requests) < 40
    assert {state for _, _, state in office.states()} == {"confirmed", "pending"}

    served.fault_of = lambda *_: None
    assert confirmed(office.posts()) == 12
    assert served.system.paid() == totals(PAID)
