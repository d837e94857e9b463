"""AuxVault's connector says and understands its document's examples of payments, one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from reconcile.model import PaymentMethod
from reconcile.post.connector import PaymentFailed, RemotePayment
from reconcile.post.connectors.auxvault_means import BankAccount, SavedMethod
from reconcile.post.connectors.auxvault_wire import Standing
from reconcile.post.judge import pays
from reconcile.post.remote import Refused, Unclear
from tests.post import auxvault_examples as examples
from tests.post.auxvault_replay import (
    CARD,
    CHECK,
    DECLINED,
    INVOICE,
    Saying,
    asked,
    exact,
    paying,
    replayed,
    sent,
)
from tests.post.servers.base import serving


@pytest.mark.parametrize("example", [examples.FULL, examples.PARTIAL, examples.OVER], ids=["full", "partial", "over"])
def test_requests_are_the_documents_with_its_headers(example):
    means = {examples.FULL: CARD, examples.PARTIAL: PaymentMethod.CREDIT_CARD, examples.OVER: None}[example]
    amount = exact(example.body)["amount"]

    _, request = replayed(example, paying(means, amount))

    assert (request.method, request.path) == ("POST", example.path)
    assert exact(request.body) == exact(example.body)
    assert request.headers["authorization"] == "Bearer secret"
    assert request.headers["x-tenant-id"] == "tenant-1"
    assert request.headers["content-type"] == "application/json"


def test_a_full_payment_is_read():
    paid, _ = replayed(examples.FULL, paying(CARD, "500.00"))

    assert paid.payment == RemotePayment(
        payment_id="pmt_xyz789",
        invoice_id=INVOICE,
        amount=Decimal("500.00"),
        payment_date=dt.date(2026, 1, 28),
        status="paid",
        transaction_id="txn_456",
    )
    assert paid.standing == Standing("paid", remaining=Decimal("0.00"))


def test_a_partial_payment_is_read():
    paid, _ = replayed(examples.PARTIAL, paying(PaymentMethod.CREDIT_CARD, "250.00"))

    assert (paid.payment.payment_id, paid.payment.amount) == ("pmt_partial_123", Decimal("250.00"))
    assert paid.standing == Standing("partially_paid", Decimal("500.00"), Decimal("250.00"), Decimal("250.00"))


def test_an_overpayment_is_read_though_its_answer_tells_no_amount():
    paid, _ = replayed(examples.OVER, paying(None, "600.00"))

    assert (paid.payment.payment_id, paid.payment.amount) == ("pmt_over_123", Decimal("600.00"))
    assert paid.standing == Standing("overpaid", Decimal("500.00"), Decimal("600.00"), overpaid=Decimal("100.00"))


def test_less_paid_in_all_than_was_sent_is_unclear():
    with pytest.raises(Unclear, match="less than the payment of 700"):
        replayed(examples.OVER, paying(None, "700.00"))


@pytest.mark.parametrize(
    ("means", "fields"),
    [
        (BankAccount("123456789", "987654321"), examples.ACH),
        (SavedMethod("pm_saved_123"), examples.SAVED),
        (replace(CHECK, notes=""), examples.EXTERNAL),
    ],
    ids=["ach", "saved", "external"],
)
def test_every_means_is_sent_as_the_document_has_it(means, fields):
    _, request = replayed(examples.FULL, paying(means, "500.00"))

    assert exact(request.body) == {"amount": "500.00", **exact(fields)}


def test_a_check_is_recorded_with_number_date_and_notes():
    example = replace(examples.CHECK, answer=examples.FULL_ANSWER)

    _, request = replayed(example, paying(CHECK, "500.00"))

    assert exact(request.body) == exact(example.body)


def test_an_instalment_is_sent_with_its_amount_alone():
    _, request = replayed(replace(examples.INSTALMENT, answer=examples.PARTIAL.answer), paying(None, "100.00"))

    assert exact(request.body) == exact(examples.INSTALMENT.body)


def test_a_failed_payment_is_neither_refused_nor_unclear_and_tells_why():
    with serving(Saying(examples.FAILED.answer)) as served:
        with pytest.raises(PaymentFailed, match=r"^the payment failed: Insufficient funds$") as failed:
            asked(served, paying(DECLINED, "500.00"))

        assert sent(served) == exact(examples.FAILED.body) | {"paymentMethod": "card"}
    assert not isinstance(failed.value, Refused | Unclear)
    assert failed.value.payment == RemotePayment(
        payment_id="pmt_failed_123",
        invoice_id=INVOICE,
        amount=Decimal("500.00"),
        payment_date=dt.date(2026, 1, 28),
        text="Insufficient funds",
        status="failed",
    )


@pytest.mark.parametrize("status", [400, 402, 409, 422])
def test_a_failed_payment_is_one_whatever_the_status_of_its_answer(status):
    with serving(Saying(examples.FAILED.answer, status)) as served, pytest.raises(PaymentFailed) as failed:
        asked(served, paying(None, "500.00"))

    assert (failed.value.payment.payment_id, failed.value.payment.text) == ("pmt_failed_123", "Insufficient funds")


@pytest.mark.parametrize("words", [examples.FULL_ANSWER, '{"success": false}', '{"success": false, "data": {}}', "no"])
def test_a_refusal_that_is_no_failed_payment_stays_one(words):
    with serving(Saying(words, 402)) as served, pytest.raises(Refused, match=r"^refused \(402\)"):
        asked(served, paying(None, "500.00"))


def test_a_failed_payment_is_tried_again():
    failed = RemotePayment("pmt_failed_123", INVOICE, Decimal("500.00"), status="failed")
    example = replace(examples.RETRY, answer=examples.FULL_ANSWER)

    paid, request = replayed(example, lambda connector: connector.retry_payment(failed, PaymentMethod.CREDIT_CARD))

    assert (request.path, exact(request.body)) == (example.path, exact(example.body))
    assert (paid.payment.amount, paid.standing.status) == (Decimal("500.00"), "paid")


def test_a_history_is_read_with_its_totals():
    told, request = replayed(examples.HISTORY, lambda connector: connector.attempts_of(INVOICE))

    assert (request.method, request.path, request.query) == ("GET", examples.HISTORY.path, {})
    assert told.standing == Standing("paid", Decimal("500.00"), Decimal("500.00"), Decimal("0.00"))
    quarter = RemotePayment(
        "pmt_1",
        INVOICE,
        Decimal("250.00"),
        dt.date(2026, 1, 28),
        PaymentMethod.CREDIT_CARD,
        status="approved",
        transaction_id="txn_123",
    )
    later = replace(quarter, payment_id="pmt_2", payment_date=dt.date(2026, 1, 29), transaction_id="txn_456")
    assert told.attempts == (quarter, later)


@pytest.mark.parametrize("status", ["unpaid", "partially_paid", "paid", "overpaid", "refunded"])
def test_every_status_of_the_document_is_known(status):
    example = replace(examples.HISTORY, answer=examples.HISTORY.answer.replace('"paid"', f'"{status}"'))

    history, _ = replayed(example, lambda connector: connector.history_of(INVOICE))

    assert (history.status, history.remaining) == (status, Decimal(0))


@pytest.mark.parametrize("status", ["approved", "paid", "partially_paid", "overpaid", "unpaid", "refunded"])
def test_every_status_of_the_document_is_one_of_a_payment_too(status):
    example = replace(examples.HISTORY, answer=examples.HISTORY.answer.replace('"approved"', f'"{status}"'))

    history, _ = replayed(example, lambda connector: connector.history_of(INVOICE))

    assert [payment.status for payment in history.payments] == [status, status]
    assert pays(history.payments[0]) == (status not in {"unpaid", "refunded"})


@pytest.mark.parametrize(
    "word", ["card", "ach", "saved", "external", "check", "cash", "bank_transfer", "paypal", "crypto", "other"]
)
def test_every_method_of_the_document_is_understood_in_a_history(word):
    example = replace(examples.HISTORY, answer=examples.HISTORY.answer.replace('"card"', f'"{word}"'))

    history, _ = replayed(example, lambda connector: connector.history_of(INVOICE))

    assert history.payments[0].method is PaymentMethod({"card": "credit_card"}.get(word, word))


@pytest.mark.parametrize(
    ("answer", "refund_id"),
    [("", ""), ('{"success": true, "data": {"refundId": "ref_1", "amount": 100.00}}', "ref_1")],
)
def test_a_refund_names_the_transaction(answer, refund_id):
    paid = RemotePayment("pmt_1", INVOICE, Decimal("600.00"), transaction_id="txn_abc123")

    refund, request = replayed(
        replace(examples.REFUND, answer=answer),
        lambda connector: connector.refund_payment(paid, Decimal("100.00"), "Paid too much"),
    )

    assert (request.path, exact(request.body)) == (examples.REFUND.path, exact(examples.REFUND.body))
    assert refund == refund_id
