"""AuxVault's other calls are sent as its document has them, and its strict server takes the document's own words."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from reconcile.post.connectors.auxvault_calls import (
    Channel,
    Performance,
    Reminder,
    credit_customer,
    match_transaction,
    performance_of,
    remind,
    schedule_reminders,
    send_receipt,
)
from reconcile.post.remote import NotSent, Refused, RemoteError, Unclear
from tests.post import auxvault_examples as examples
from tests.post.auxvault_examples import Example
from tests.post.auxvault_replay import INVOICE, asked, exact, replayed
from tests.post.servers.auxvault import AuxVaultServer
from tests.post.servers.base import Fault, serving

BOTH = (Channel.EMAIL, Channel.SMS)
REMINDERS = (
    Reminder(-3, [Channel.EMAIL]),
    Reminder(-1, BOTH),
    Reminder(1, BOTH, "Overdue invoice reminder"),
)
AMOUNT = Decimal("100.00")
CALLS = {
    "match": (examples.MATCH, lambda c: match_transaction(c.remote, "txn_abc123", "INV-12345")),
    "remind": (
        examples.REMIND,
        lambda c: remind(c.remote, INVOICE, BOTH, "Friendly reminder: Invoice due in 3 days"),
    ),
    "schedule": (examples.SCHEDULE, lambda c: schedule_reminders(c.remote, INVOICE, REMINDERS)),
    "receipt by e-mail": (
        examples.EMAIL_RECEIPT,
        lambda c: send_receipt(c.remote, INVOICE, "pmt_xyz789", "customer@example.com", Channel.EMAIL),
    ),
    "receipt by SMS": (
        examples.SMS_RECEIPT,
        lambda c: send_receipt(c.remote, INVOICE, "pmt_xyz789", "+1234567890", Channel.SMS),
    ),
    "credit": (examples.CREDIT, lambda c: credit_customer(c.remote, "cust_123", AMOUNT)),
}
EACH = pytest.mark.parametrize("call", CALLS)


@EACH
def test_a_call_is_the_documents(call):
    example, ask = CALLS[call]

    _, request = replayed(example, ask)

    assert (request.method, request.path) == ("POST", example.path)
    assert exact(request.body) == exact(example.body)


@EACH
def test_a_call_is_refused_or_unclear_as_a_payment_is_and_never_sent_twice(call):
    _, ask = CALLS[call]
    troubles = {Fault.EXPIRED: Refused, Fault.ERROR_500_AFTER: Unclear, Fault.HTML_AFTER: Unclear}
    for fault, trouble in troubles.items():
        with serving(AuxVaultServer()) as served:
            served.fault_of = lambda *_, fault=fault: fault
            with pytest.raises(trouble):
                asked(served, ask)

            assert len(served.requests) == 1


def test_a_call_that_came_too_early_is_sent_again():
    with serving(AuxVaultServer()) as served:
        served.fault_of = lambda number, _: Fault.TOO_MANY if number == 1 else None
        asked(served, CALLS["credit"][1])

        assert served.system.told == [(examples.CREDIT.path, {"amount": AMOUNT})]
        served.fault_of = lambda *_: Fault.TOO_MANY
        with pytest.raises(NotSent):
            asked(served, CALLS["credit"][1])


def test_a_credit_of_another_amount_is_unclear():
    example = replace(examples.CREDIT, answer='{"success": true, "data": {"amount": 10.00}}')

    with pytest.raises(Unclear, match=r"says amount 10\.00, not 100\.00"):
        replayed(example, CALLS["credit"][1])


def test_a_schedule_cannot_remind_on_the_day_itself():
    with pytest.raises(ValueError, match="before or days after"):
        Reminder(0, [Channel.EMAIL])


def test_a_reminder_needs_no_message():
    _, request = replayed(examples.REMIND, lambda c: remind(c.remote, INVOICE, [Channel.SMS]))

    assert exact(request.body) == {"sendVia": ["sms"]}


@pytest.mark.parametrize("key", ["averageDaysTo Payment", "averageDaysToPayment"])
def test_how_payments_go_is_read_though_a_key_has_a_blank_in_it(key):
    example = replace(examples.ANALYTICS, answer=examples.ANALYTICS.answer.replace("averageDaysTo Payment", key))

    told, request = replayed(example, lambda c: performance_of(c.remote, "30d"))

    assert (request.method, request.path, request.query) == ("GET", example.path, {"period": "30d"})
    assert told == Performance(
        total_invoices=500,
        paid_invoices=450,
        partially_paid=30,
        unpaid=20,
        payment_rate=Decimal("0.90"),
        average_days_to_payment=Decimal(12),
        total_revenue=Decimal("450000.00"),
        partial_payment_rate=Decimal("0.06"),
    )


def test_half_an_invoice_is_no_count():
    example = replace(examples.ANALYTICS, answer=examples.ANALYTICS.answer.replace("450,", "450.5,"))

    with pytest.raises(Unclear, match="is no count"):
        replayed(example, lambda c: performance_of(c.remote, "30d"))


PAYMENTS = {
    "full": examples.FULL,
    "partial": examples.PARTIAL,
    "over": examples.OVER,
    "failed": examples.FAILED,
    "instalment": examples.INSTALMENT,
    "check": examples.CHECK,
    "ach": Example(examples.FULL.path, examples.ACH.replace("{", '{"amount": 500.00,', 1)),
    "saved": Example(examples.FULL.path, examples.SAVED.replace("{", '{"amount": 500.00,', 1)),
    "external": Example(examples.FULL.path, examples.EXTERNAL.replace("{", '{"amount": 500.00,', 1)),
}


def posted(example: Example):
    """Post an example's own words."""
    return lambda c: c.remote.send("POST", example.path, example.body.encode(), content_type="application/json")


@pytest.mark.parametrize("name", PAYMENTS)
def test_the_strict_server_takes_the_documents_payments_and_answers_as_it_does(name):
    example = PAYMENTS[name]
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        answer = exact(asked(served, posted(example)).body)

    if example.answer:
        shown = exact(example.answer)
        assert answer["success"] == shown["success"]
        assert set(answer["data"]) == set(shown["data"])
        assert answer["data"]["status"] == shown["data"]["status"]


def test_the_strict_server_takes_every_other_call_of_the_document():
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        ids = {"pmt_failed_123": "pmt_1", "pmt_xyz789": "pmt_1", "txn_abc123/": "txn_pmt_1/"}
        receipts = (examples.EMAIL_RECEIPT, examples.SMS_RECEIPT)
        others = (examples.REMIND, examples.SCHEDULE, examples.CREDIT, examples.REFUND, examples.MATCH)
        for example in (examples.FAILED, examples.RETRY, *receipts, *others):
            path, body = (re.sub("|".join(ids), lambda m: ids[m[0]], text) for text in (example.path, example.body))
            asked(served, posted(Example(path, body)))
        history = exact(asked(served, lambda c: c.remote.read(examples.HISTORY.path)).body)
        told = exact(asked(served, lambda c: c.remote.read(examples.ANALYTICS.path, {"period": "30d"})).body)

        assert served.refusals == []
    assert history["data"].keys() == exact(examples.HISTORY.answer)["data"].keys()
    assert history["data"]["payments"][0].keys() == exact(examples.HISTORY.answer)["data"]["payments"][0].keys()
    assert told["data"].keys() == exact(examples.ANALYTICS.answer)["data"].keys()


@pytest.mark.parametrize(
    "body",
    [
        '{"amount": 1, "paymentMethod": "barter"}',
        '{"amount": 1, "paymentMethod": "saved"}',
        '{"amount": 1, "paymentMethod": "ach", "card": {}}',
        '{"amount": 1, "paymentMethod": "external"}',
        '{"amount": -1}',
        '{"amount": "1"}',
        '{"amount": 1, "currency": "USD"}',
    ],
)
def test_the_strict_server_refuses_what_the_document_does_not_have(body):
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served, pytest.raises(RemoteError):
        asked(served, posted(Example(examples.FULL.path, body)))
