"""AuxVault's connector never draws money that was received already, and never guesses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.model import PaymentMethod
from reconcile.post.connector import PaymentFailed, RemotePayment
from reconcile.post.connectors.auxvault import AuxVault
from reconcile.post.remote import Refused, Unclear
from tests.post import auxvault_examples as examples
from tests.post.auxvault_replay import (
    CARD,
    DECLINED,
    INVOICE,
    RECEIVED,
    Saying,
    asked,
    exact,
    paying,
    refusing,
    replayed,
    sent,
)
from tests.post.connectors_under_test import QUICK
from tests.post.servers.auxvault import AuxVaultServer
from tests.post.servers.base import serving


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ('"status": "paid"', '"status": "settled"'),
        ('"status": "approved"', '"status": "maybe"'),
        ('"method": "card"', '"method": "barter"'),
        ('"invoiceId": "inv_abc123"', '"invoiceId": "inv_other"'),
        ('"amount": 250.00', '"amount": "much"'),
        ('"success": true', '"success": "yes"'),
        ('"status": "paid"', '"status": ["paid"]'),
        ('"status": "approved"', '"status": {}'),
        ('"method": "card"', '"method": [1]'),
    ],
)
def test_an_answer_with_a_word_that_is_none_is_unclear(word, other):
    example = replace(examples.HISTORY, answer=examples.HISTORY.answer.replace(word, other))

    with pytest.raises(Unclear):
        replayed(example, lambda connector: connector.history_of(INVOICE))


@pytest.mark.parametrize("method", PaymentMethod)
def test_a_receipt_never_draws_money_whatever_it_was_received_by(method):
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        ask = asked if method is not PaymentMethod.SAVED else refusing
        ask(served, lambda connector: connector.record_payment(replace(RECEIVED, method=method)))

        for request in served.requests:
            words = exact(request.body)
            assert words["paymentMethod"] == "external"
            assert set(words) == {"amount", "paymentMethod", "externalPaymentDetails"}
            assert words["externalPaymentDetails"]["method"] not in {"ach", "card", "saved"}
        assert len(served.requests) == (method is not PaymentMethod.SAVED)


def test_a_receipt_is_recorded_with_its_method_date_key_and_notes():
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        recorded = asked(served, lambda connector: connector.record_payment(RECEIVED))

        assert sent(served)["externalPaymentDetails"] == {
            "method": "bank_transfer",
            "date": "2026-01-28",
            "notes": "rc-key-0001: Receipt of 28 January",
        }
    # When the system was told is not when the money was received.
    assert (recorded.payment_date, recorded.transaction_id) == (None, "txn_pmt_1")


def test_a_failed_attempt_is_no_payment_of_the_history():
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        with pytest.raises(PaymentFailed) as failed:
            asked(served, paying(DECLINED, "500.00"))
        before = asked(served, lambda connector: connector.history_of(INVOICE))
        attempts = asked(served, lambda connector: connector.attempts_of(INVOICE)).attempts
        asked(served, lambda connector: connector.retry_payment(failed.value.payment, CARD))
        after = asked(served, lambda connector: connector.history_of(INVOICE))

    assert (before.payments, before.remaining, before.status) == ((), Decimal(500), "unpaid")
    assert [attempt.status for attempt in attempts] == ["failed"]
    assert [payment.payment_id for payment in after.payments] == [failed.value.payment.payment_id]


def test_a_part_that_is_too_much_is_given_back():
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        paid = asked(served, paying(CARD, "600.00"))
        asked(served, lambda connector: connector.refund_payment(paid.payment, Decimal("100.00"), "Paid too much"))
        history = asked(served, lambda connector: connector.history_of(INVOICE))

        assert (history.status, history.remaining) == ("paid", 0)
        assert served.refusals == []


def test_a_payment_without_a_transaction_is_not_refunded():
    with serving(Saying(examples.HISTORY.answer)) as served:
        refusing(served, lambda c: c.refund_payment(RemotePayment("pmt_9", INVOICE, Decimal(1)), Decimal(1), ""))

        assert [request.method for request in served.requests] == ["GET"]


def test_amounts_are_exact_both_ways():
    amount = "123456789012.345"
    example = replace(examples.FULL, answer=examples.FULL_ANSWER.replace("500.00", amount))

    paid, request = replayed(example, paying(None, amount))

    assert f'"amount": {amount}'.encode() in request.body
    assert str(paid.payment.amount) == amount


def test_an_answer_about_another_invoice_is_unclear():
    with serving(Saying(examples.FULL_ANSWER)) as served, pytest.raises(Unclear):
        asked(served, lambda connector: connector.pay("inv_other", Decimal("500.00")))
    with serving(Saying(examples.FAILED.answer)) as served, pytest.raises(Unclear):
        asked(served, lambda connector: connector.pay("inv_other", Decimal("500.00")))


def test_a_refusal_in_a_successful_answer_is_a_refusal():
    words = '{"success": false, "error": {"code": "VALIDATION_ERROR", "message": "Amount invalid"}}'

    with serving(Saying(words)) as served, pytest.raises(Refused, match="VALIDATION_ERROR Amount invalid"):
        asked(served, paying(None, "1"))


@pytest.mark.parametrize("words", ['{"success": false}', '{"data": {}}', "[]", '{"success": true, "data": []}'])
def test_an_answer_that_does_not_say_whether_it_succeeded_is_unclear(words):
    with serving(Saying(words)) as served, pytest.raises(Unclear):
        asked(served, paying(None, "1"))


def test_without_a_tenant_nothing_is_asked():
    with pytest.raises(ConfigError, match="tenant_id"):
        AuxVault.of(ConnectorSettings("auxvault", base_url="https://dev.auxcore.net"), "secret", QUICK)


@pytest.mark.parametrize("base", ["", "/", "/api", "/api/v1", "/api/v1/"])
def test_the_address_may_be_given_with_or_without_its_path(base):
    with serving(Saying(examples.HISTORY.answer)) as served:
        served.url += base
        asked(served, lambda connector: connector.history_of(INVOICE))

        assert served.requests[0].path == examples.HISTORY.path


@pytest.mark.parametrize("invoice_id", ["", ".", ".."])
def test_an_id_that_would_name_another_thing_is_not_asked_for(invoice_id):
    with serving(Saying(examples.FULL_ANSWER)) as served:
        refusing(served, lambda connector: connector.pay(invoice_id, Decimal(1)))

        assert served.requests == []
