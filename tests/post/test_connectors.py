"""What every connector does, each against a strict server written from its system's document, over real sockets."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconcile.post.connector import Connector, Deletes, NewPayment, Refunds
from reconcile.post.remote import CredentialsRefused, NotSent, Refused, Unclear
from tests.post.connectors_under_test import QUICK, UNDER_TEST, UnderTest
from tests.post.servers.base import Fault, Served, serving

PAYMENT = NewPayment("I1", Decimal("60.25"), dt.date(2026, 10, 5), "rc-key-0001", "Receipt of 5 October")
CANARY = "canary-5f0c"
EACH = pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)


def asked(case: UnderTest, served: Served, ask: Callable[[Connector], Awaitable[Any]], **patience: Any) -> Any:
    """Ask a served system something through its connector."""

    async def all_of_it() -> Any:
        connector = case.connector(served.url, replace(QUICK, **patience))
        async with connector.remote:
            return await ask(connector)

    return asyncio.run(all_of_it())


@pytest.fixture
def served(case: UnderTest) -> Any:
    """Serve the case's system with two invoices."""
    with serving(case.server({"I1": Decimal("100.00"), "I2": Decimal("40.00")})) as running:
        yield running


@EACH
def test_a_recorded_payment_is_found_again_with_its_amount_and_date(case, served):
    recorded = asked(case, served, lambda connector: connector.record_payment(PAYMENT))
    history = asked(case, served, lambda connector: connector.history_of("I1"))

    assert [(p.payment_id, p.amount) for p in history.payments] == [(recorded.payment_id, Decimal("60.25"))]
    assert recorded.payment_date in (None, PAYMENT.payment_date)
    assert served.refusals == []


@EACH
def test_the_key_stands_where_the_connector_says_that_it_can_be_read_back(case, served):
    asked(case, served, lambda connector: connector.record_payment(PAYMENT))
    history = asked(case, served, lambda connector: connector.history_of("I1"))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    assert (PAYMENT.key in history.payments[0].text) == bool(capabilities.key_field)


@EACH
def test_another_invoices_payments_are_not_in_the_history(case, served):
    asked(case, served, lambda connector: connector.record_payment(PAYMENT))

    assert asked(case, served, lambda connector: connector.history_of("I2")).payments == ()


@EACH
def test_an_unknown_invoice_is_refused_in_words_without_the_secret(case, served):
    with pytest.raises(Refused) as refused:
        asked(case, served, lambda connector: connector.record_payment(replace(PAYMENT, invoice_id="I9")))

    assert not isinstance(refused.value, CredentialsRefused)
    assert "secret" not in str(refused.value)


@EACH
def test_an_id_cannot_leave_its_place_in_the_address(case, served):
    with pytest.raises(Refused):
        asked(case, served, lambda connector: connector.record_payment(replace(PAYMENT, invoice_id="I1/../I2?x=1")))

    assert served.system.paid() == {}


@EACH
def test_notes_are_cut_to_what_the_system_takes_and_the_key_is_not(case, served):
    asked(case, served, lambda connector: connector.record_payment(replace(PAYMENT, notes="é" * 3000)))
    history = asked(case, served, lambda connector: connector.history_of("I1"))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    assert not capabilities.key_field or PAYMENT.key in history.payments[0].text
    assert served.refusals == []


@EACH
def test_a_payment_is_taken_back_where_the_system_can_do_so(case, served):
    recorded = asked(case, served, lambda connector: connector.record_payment(PAYMENT))

    async def take_back(connector):
        if isinstance(connector, Refunds):
            await connector.refund_payment(recorded, recorded.amount, "Returned by the bank")
        else:
            assert isinstance(connector, Deletes)
            await connector.delete_payment(recorded)

    asked(case, served, take_back)

    assert served.system.paid().get("I1", Decimal(0)) == 0
    assert served.refusals == []


@EACH
def test_what_is_left_to_pay_is_told_where_the_connector_says_so(case, served):
    asked(case, served, lambda connector: connector.record_payment(PAYMENT))
    history = asked(case, served, lambda connector: connector.history_of("I1"))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    assert history.remaining == (Decimal("39.75") if capabilities.has_balance else None)


@EACH
def test_what_is_taken_back_shows_in_the_payments_where_the_connector_says_so(case, served):
    recorded = asked(case, served, lambda connector: connector.record_payment(PAYMENT))
    before = asked(case, served, lambda connector: connector.history_of("I1"))
    is_refund = asked(case, served, lambda connector: _async(isinstance(connector, Refunds)))
    if is_refund:
        asked(case, served, lambda connector: connector.refund_payment(recorded, recorded.amount, "Returned"))
    else:
        asked(case, served, lambda connector: connector.delete_payment(recorded))
    after = asked(case, served, lambda connector: connector.history_of("I1"))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    assert (after.payments != before.payments) == capabilities.shows_refunds


@EACH
def test_a_payment_that_is_sent_twice_is_recorded_twice_unless_the_connector_says_otherwise(case, served):
    for _ in range(2):
        asked(case, served, lambda connector: connector.record_payment(replace(PAYMENT, amount=Decimal("10.00"))))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    assert served.system.paid() == {"I1": Decimal("10.00") if capabilities.is_idempotent else Decimal("20.00")}


@EACH
def test_notes_are_sent_whole_up_to_the_length_that_the_connector_says(case, served):
    asked(case, served, lambda connector: connector.record_payment(replace(PAYMENT, notes="n" * 3000)))
    capabilities = asked(case, served, lambda connector: _async(connector.capabilities))

    length_max = capabilities.notes_length_max
    sent = 3000 if length_max is None else length_max - len(f"{PAYMENT.key} ")
    body = next(request.body for request in served.requests if request.is_change)
    assert max(map(len, re.findall(rb"n+", body))) == sent


SURELY_NOT = (Fault.TOO_MANY, Fault.TOO_MANY_WITH_DATE)
UNCLEAR = tuple(fault for fault in Fault if fault not in {*SURELY_NOT, Fault.EXPIRED, Fault.WRONG_AMOUNT_AFTER})


@EACH
@pytest.mark.parametrize("fault", UNCLEAR, ids=lambda fault: fault.value)
def test_a_change_whose_answer_is_lost_is_unclear_and_never_sent_twice(case, served, fault):
    served.fault_of = lambda _, request: fault if request.is_change else None

    with pytest.raises(Unclear):
        asked(case, served, lambda connector: connector.record_payment(PAYMENT), answer_bytes_max=100_000)

    assert len([request for request in served.requests if request.is_change]) == 1


@EACH
@pytest.mark.parametrize("fault", SURELY_NOT, ids=lambda fault: fault.value)
def test_a_change_that_came_too_early_is_sent_again(case, served, fault):
    served.fault_of = lambda number, request: fault if number == 1 else None

    recorded = asked(case, served, lambda connector: connector.record_payment(PAYMENT))

    assert recorded.amount == PAYMENT.amount
    assert served.system.paid() == {"I1": Decimal("60.25")}


@EACH
def test_expired_credentials_are_told_apart(case, served):
    served.fault_of = lambda *_: Fault.EXPIRED

    with pytest.raises(CredentialsRefused):
        asked(case, served, lambda connector: connector.record_payment(PAYMENT))


@EACH
def test_a_wrong_secret_is_told_apart_from_a_refused_payment(case, served):
    served.system.token = "another"

    with pytest.raises(CredentialsRefused):
        asked(case, served, lambda connector: connector.history_of("I1"))


@EACH
def test_the_secret_is_in_no_text_about_the_connector_its_errors_or_the_log(case, served, caplog):
    caplog.set_level(logging.DEBUG)
    secret = case.secret.replace("secret", CANARY)
    told_apart = replace(case, secret=secret)
    connector = told_apart.connector(served.url)
    told = [repr(connector), str(connector), repr(connector.remote)]
    for number, invoice_id in enumerate(["I9", "I1", "I1"]):
        served.system.token = "another" if number else secret
        served.fault_of = lambda _, request, lost=(number == 2): Fault.RESET_BEFORE if lost else None
        with pytest.raises((Refused, Unclear)) as error:
            asked(told_apart, served, lambda c, name=invoice_id: c.record_payment(replace(PAYMENT, invoice_id=name)))
        told += [repr(error.value), str(error.value)]

    assert isinstance(error.value, Unclear)
    assert all(CANARY not in text for text in [*told, caplog.text])


@EACH
@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.ERROR_503_BEFORE, Fault.TIMEOUT_BEFORE])
def test_reading_is_asked_again_until_it_is_clear(case, served, fault):
    asked(case, served, lambda connector: connector.record_payment(PAYMENT))
    before = len(served.requests)
    served.fault_of = lambda number, _: fault if number <= before + 2 else None

    assert len(asked(case, served, lambda connector: connector.history_of("I1")).payments) == 1


@EACH
def test_without_a_server_nothing_was_sent(case):
    with serving(case.server({})) as gone:
        pass

    with pytest.raises(NotSent):
        asked(case, gone, lambda connector: connector.record_payment(PAYMENT))


async def _async(value: Any) -> Any:
    return value
