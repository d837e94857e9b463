"""What holds for each system: takings-back through faults, what is refused, and invoices that come from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.post.connectors_under_test import UNDER_TEST, UnderTest
from tests.post.office import Office, confirmed
from tests.post.servers.base import Answer, Fault, Refusal, Request, serving
from tests.post.servers.space_invoices import SpaceInvoicesServer

EACH = pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
TOTALS = {f"I{n}": f"{100 + n}.00" for n in range(10)}
PASSING = [fault for fault in Fault if fault is not Fault.EXPIRED and fault is not Fault.WRONG_AMOUNT_AFTER]


def system_of(case: UnderTest) -> Any:
    return case.server({invoice: Decimal(total) for invoice, total in TOTALS.items()})


def named(system: str) -> UnderTest:
    return next(case for case in UNDER_TEST if case.system == system)


@EACH
def test_receipts_taken_back_and_paid_anew_stand_there_through_every_fault_in_turn(tmp_path, case):
    server = system_of(case)
    with serving(server) as served:
        office = Office(tmp_path, served.url, case.system)
        faults = iter(PASSING * 40)
        served.fault_of = lambda number, _: next(faults) if number % 3 == 0 else None
        receipts = office.decides(*TOTALS.items(), invoices=TOTALS)
        office.returns(*receipts[:4])
        office.decides(("I0", "100.00"), ("I1", "101.00"), day="2026-10-20", tag="again")
        for _ in range(6):
            result = office.posts()
            if not result.unconfirmed:
                break

        states = dict.fromkeys(("payment", "take_back"), frozenset[tuple[str, str]]())
        for invoice, action, state in office.states():
            states[action] |= {(invoice, state)}
        unknown = {invoice for invoice, state in states["take_back"] if state == "unknown"}
        shows_refunds = office.connector().capabilities.shows_refunds
        behind = {invoice for invoice, state in states["payment"] if state == "pending"}

    assert len(served.requests) >= 2 * len(PASSING)  # a refund that stays unknown ends the asking
    assert not (unknown and shows_refunds)  # what no call shows is a person's
    assert behind <= unknown
    assert {state for _, state in states["take_back"]} <= {"confirmed", "unknown"}
    assert {state for _, state in states["payment"]} <= {"confirmed", "pending"}
    paid = {invoice: Decimal(total) for invoice, total in TOTALS.items()} | {"I2": Decimal(0), "I3": Decimal(0)}
    for invoice, amount in paid.items():
        if invoice not in unknown:
            assert server.paid().get(invoice, Decimal(0)) == amount, invoice
        else:
            assert server.paid()[invoice] in {Decimal(0), Decimal(TOTALS[invoice])}, invoice
    assert len(given_back(server)) == len(set(given_back(server)))
    assert bool(unknown) == bool(result.unconfirmed)


def given_back(server: Any) -> list[str]:
    """Return the payments that a server gave back; none where it deletes them."""
    return [str(refund["payment_id"]) for refund in getattr(server, "refunds", [])]


def test_a_payment_that_fails_there_is_refused_with_its_reason_and_not_tried_again(tmp_path):
    case = named("auxvault")
    server = system_of(case)
    pay = server._attempted
    server._attempted = lambda attempt, is_declined: pay(attempt, is_declined=attempt["invoiceId"] == "I1")
    with serving(server) as served:
        office = Office(tmp_path, served.url, case.system)
        office.decides(("I0", "100.00"), ("I1", "101.00"), invoices=TOTALS)
        office.posts()
        office.posts()

        assert sorted(office.states()) == [("I0", "payment", "confirmed"), ("I1", "payment", "refused")]
        assert "the payment failed: Insufficient funds" in office.details()
        assert len([attempt for attempt in server.attempts if attempt["status"] == "failed"]) == 1
        assert server.paid() == {"I0": Decimal(100)}


class Hiding(SpaceInvoicesServer):
    """Answers for documents that it does not show to us as it does for a wrong secret."""

    hidden: frozenset[str] = frozenset()

    def answer(self, request: Request) -> Answer:
        if any(f"/documents/{invoice}/" in request.path for invoice in self.hidden):
            raise Refusal(401, "Authorization Required")
        return super().answer(request)


def test_a_document_that_is_refused_like_a_wrong_secret_does_not_hold_up_the_others(tmp_path):
    server = Hiding(invoices={invoice: Decimal(total) for invoice, total in TOTALS.items()})
    server.hidden = frozenset({"I0"})
    with serving(server) as served:
        office = Office(tmp_path, served.url, "space_invoices", batch_postings_max=2)
        office.decides(*TOTALS.items(), invoices=TOTALS)
        result = office.posts()

        assert not result.stopped
        assert [state for _, _, state in sorted(office.states())] == ["refused", *["confirmed"] * 9]
        assert "may be an invoice that is not there" in " ".join(office.details())
        assert set(server.paid()) == set(TOTALS) - {"I0"}

        server.hidden = frozenset()
        office.retries(next(k for k, (i, _, _) in zip(office.keys(), office.states(), strict=True) if i == "I0"))
        assert confirmed(office.posts()) == 10


@pytest.mark.parametrize("lag_seconds", [0.2, 0.9], ids=["less", "three times more"])
@EACH
def test_lists_that_lag_bring_nothing_twice_while_what_is_recorded_shows_how_long(tmp_path, case, lag_seconds):
    with serving(system_of(case)) as served:
        served.stale_seconds = lag_seconds
        served.fault_of = lambda _, request: (
            Fault.RESET_AFTER if request.is_change and len(served.snapshots) % 3 == 0 else None
        )
        settings = {"visibility_delay_seconds": Decimal("0.3"), "deadline_seconds": Decimal(3), "passes_max": 12}
        office = Office(tmp_path, served.url, case.system, **settings)
        office.decides(*TOTALS.items(), invoices=TOTALS)

        assert confirmed(office.posts()) == 10
        assert served.system.paid() == {invoice: Decimal(total) for invoice, total in TOTALS.items()}
        assert len(served.snapshots) == 10


@EACH
def test_a_wrong_secret_refuses_no_posting_and_all_go_when_it_is_mended(tmp_path, case):
    server = system_of(case)
    with serving(server) as served:
        office = Office(tmp_path, served.url, case.system, batch_postings_max=2)
        office.decides(*TOTALS.items(), invoices=TOTALS)
        served.fault_of = lambda *_: Fault.EXPIRED
        assert "secret is not accepted" in office.posts().stopped
        assert {state for _, _, state in office.states()} == {"pending"}
        served.fault_of = lambda *_: None

        assert confirmed(office.posts()) == 10
