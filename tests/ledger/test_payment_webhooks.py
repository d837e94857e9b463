"""Events tell what happened in order, in the documents' shapes, and the same event always under the same id."""

from __future__ import annotations

import base64
import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import simplejson
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from reconcile.ledger import Ledger, open_ledger, store_receivables
from reconcile.ledger.payment_reads import standing
from reconcile.ledger.payment_webhooks import events_since
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.post.connectors.auxvault_webhooks import received
from tests.builders import a_decision, a_line, an_allocation, an_invoice, begin_run, decided, receivables, store_lines

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 10, 7)
RECEIVED, PAID, FAILED = "invoice.payment_received", "invoice.paid", "invoice.payment_failed"


def a_desk(ledger: Ledger, due: str = "500.00", **facts: str) -> PaymentDesk:
    store_receivables(ledger, receivables([an_invoice("I1", amount_due=due, **facts), an_invoice("I2")]))
    return PaymentDesk(ledger, "Anna", AT, DAY)


def of(amount: str) -> Details:
    return Details(amount=Decimal(amount))


def told(ledger: Ledger, since: dt.datetime = LONG_AGO) -> list[dict[str, Any]]:
    return events_since(ledger, since)


def types(ledger: Ledger) -> list[str]:
    return [event["type"] for event in told(ledger)]


def post(ledger: Ledger, amount: str, text: str, *, outcome: str = "applied", on_account: str = "0") -> str:
    """Store a line and post it to I1; what is on account came beside what is applied."""
    begin_run(ledger)
    (line,) = store_lines(ledger, a_line(amount, text), name=f"{text}.ofx")
    applied = str(Decimal(amount) - Decimal(on_account))
    decision = a_decision(line, outcome, applied=applied, on_account=on_account, customer_id="C1")
    ledger.write(decided([decision], [an_allocation(line, "I1", applied)]))
    return line


def test_a_part_and_then_the_rest_are_told_as_the_document_has_it(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    first, second = desk.record("I1", of("250.00")), desk.record("I1", of("250.00"))
    day = "2026-10-07T00:00:00Z"
    part = {"invoiceId": "I1", "amount": Decimal("250.00"), "paidAt": day}
    assert [(event["type"], event["data"]) for event in told(ledger)] == [
        (RECEIVED, part | {"paymentId": first, "remainingBalance": Decimal("250.00"), "status": "partially_paid"}),
        (RECEIVED, part | {"paymentId": second, "remainingBalance": Decimal("0.00"), "status": "paid"}),
        (PAID, {
            "invoiceId": "I1", "totalAmount": Decimal("500.00"), "paidAmount": Decimal("500.00"), "status": "paid",
            "paidAt": day,
        }),
    ]  # fmt: skip


def test_more_than_is_owed_is_told_as_overpaid(ledger: Ledger) -> None:
    a_desk(ledger).record("I1", of("600.00"))
    payment, paid = told(ledger)
    assert (payment["data"]["status"], payment["data"]["remainingBalance"]) == ("overpaid", 0)
    assert (paid["data"]["paidAmount"], paid["data"]["totalAmount"], paid["data"]["status"]) == (600, 500, "overpaid")


def test_failed_attempts_are_told_each_and_the_retry_that_succeeds_as_received(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    payment = desk.fail("I1", of("500.00"), "Insufficient funds")
    desk.retry(payment, Details(), failed_because="Expired")
    desk.retry(payment, Details())
    assert types(ledger) == [FAILED, FAILED, RECEIVED, PAID]
    assert told(ledger)[0]["data"] == {
        "invoiceId": "I1", "paymentId": payment, "amount": Decimal("500.00"), "declineReason": "Insufficient funds",
        "attemptedAt": "2026-10-07T00:00:00Z",
    }  # fmt: skip


def test_bank_lines_are_told_like_payments_by_hand(ledger: Ledger) -> None:
    a_desk(ledger)
    post(ledger, "200.00", "part")
    post(ledger, "330.00", "rest", outcome="overpaid", on_account="30.00")
    assert types(ledger) == [RECEIVED, RECEIVED, PAID]
    assert [event["data"]["status"] for event in told(ledger)] == ["partially_paid", "overpaid", "overpaid"]
    assert told(ledger)[2]["data"]["paidAmount"] == 530


def test_an_invoice_that_opens_again_is_told_as_paid_again_under_another_id(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    desk.refund(desk.record("I1", of("500.00")))
    desk.record("I1", of("500.00"))
    assert types(ledger) == [RECEIVED, PAID, RECEIVED, PAID]
    assert len({event["id"] for event in told(ledger)}) == 4


def test_a_return_by_the_bank_opens_the_invoice_and_is_no_event(ledger: Ledger) -> None:
    a_desk(ledger)
    line = post(ledger, "500.00", "all")
    ((allocation,),) = ledger.rows("select allocation_id from allocations")
    begin_run(ledger)
    (back,) = store_lines(ledger, a_line("-500.00", "returned"), name="back.ofx")
    taken = an_allocation(back, "I1", "-500.00", reverses_id=str(allocation))
    decision = a_decision(back, "returned", applied="-500.00", customer_id="C1", returns_line_id=line)
    ledger.write(decided([decision], [taken]))
    post(ledger, "100.00", "anew")
    assert types(ledger) == [RECEIVED, PAID, RECEIVED]
    assert told(ledger)[-1]["data"]["remainingBalance"] == 400


def test_an_amount_that_is_corrected_may_settle_an_invoice_and_is_not_received_again(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    desk.update(desk.record("I1", of("400.00")), of("500.00"))
    assert types(ledger) == [RECEIVED, PAID]


def test_proposals_and_credit_notes_are_no_events(ledger: Ledger) -> None:
    a_desk(ledger, kind="credit_note")
    post(ledger, "-500.00", "given back")
    (line,) = store_lines(ledger, a_line("100.00", "perhaps"), name="perhaps.ofx")
    proposal = an_allocation(line, "I2", "100.00", state="proposed")
    ledger.write(decided([a_decision(line, "review", unapplied="100.00")], [proposal]))
    assert told(ledger) == []


def test_only_what_the_ledger_learned_since_then_is_told_and_under_the_same_ids(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    post(ledger, "200.00", "by bank")  # its run began on 2026-11-01
    desk.record("I1", of("300.00"))
    everything = told(ledger)
    assert told(ledger, AT) == everything[1:]
    assert told(ledger, AT + dt.timedelta(seconds=1)) == []
    assert [event["timestamp"] for event in everything[1:]] == ["2026-11-02T09:30:00Z"] * 2


def test_an_invoice_that_somebody_else_changed_is_counted_back_from_what_is_owed_now(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    desk.record("I1", of("100.00"))
    begin_run(ledger)
    store_receivables(ledger, receivables([an_invoice("I1", amount_due="150.00", total="500.00")]))
    desk.record("I1", of("150.00"))
    assert types(ledger) == [RECEIVED, RECEIVED, PAID]


def test_a_currency_without_decimals_is_told_without(ledger: Ledger) -> None:
    a_desk(ledger, "900", currency="JPY").record("I1", of("400"))
    assert '"amount": 400, "remainingBalance": 500' in simplejson.dumps(told(ledger)[0], use_decimal=True)


def test_our_own_reader_of_webhooks_understands_them(ledger: Ledger) -> None:
    desk = a_desk(ledger)
    desk.fail("I1", of("500.00"), "declined")
    desk.record("I1", of("500.00"))
    secret = "whsec_" + base64.b64encode(b"0" * 32).decode()
    now = dt.datetime.now(dt.UTC)
    for event in told(ledger):
        body = simplejson.dumps(event, use_decimal=True)
        headers = {
            "webhook-id": event["id"],
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(event["id"], now, body),
        }
        read = received(body.encode(), headers, [secret])
        assert (read.event_type.value, read.invoice_id) == (event["type"], "I1")
        assert read.event_at == dt.datetime(2026, 10, 7, tzinfo=dt.UTC)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 40_000).map(lambda cents: Decimal(cents).scaleb(-2)), min_size=1, max_size=6))
def test_the_last_event_says_what_the_ledger_says_and_money_adds_up(amounts: list[Decimal]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.duckdb") as ledger:
        begin_run(ledger)
        desk = a_desk(ledger)
        for amount in amounts:
            desk.record("I1", Details(amount=amount))
        payments = [event["data"] for event in told(ledger) if event["type"] == RECEIVED]
        stands = standing(ledger, "I1")
        paid = types(ledger).count(PAID)
    assert sum(payment["amount"] for payment in payments) == sum(amounts) == stands["paid"]
    assert payments[-1]["remainingBalance"] == stands["remaining"]
    assert paid == (0 if stands["remaining"] else 1)
