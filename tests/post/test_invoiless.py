"""Invoiless: every example and every parameter of its document, and the list of open invoices."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.model import PaymentMethod
from reconcile.post.connector import (
    Deletes,
    ListsInvoices,
    NewPayment,
    Refunds,
    RemoteInvoice,
    RemotePayment,
    UnreadInvoice,
)
from reconcile.post.connectors.invoiless import METHODS, Invoiless, Terms
from reconcile.post.remote import NotOffered, Refused, Unclear
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, Fault, Served, serving
from tests.post.servers.invoiless import TODAY, InvoilessServer

CANARY = "canary-5f0c"
PAYMENT = NewPayment("I1", Decimal("60.25"), dt.date(2026, 10, 5), "rc-key-0001", "Receipt of 5 October")
EXAMPLE = {
    "amount": 100.50,
    "method": "BankTransfer",
    "paidAt": "2024-01-15",
    "notes": "Payment received via bank transfer",
}
EXAMPLE_TERMS = Terms(
    PaymentMethod.BANK_TRANSFER, Decimal("100.50"), dt.date(2024, 1, 15), "Payment received via bank transfer"
)


@pytest.fixture
def system() -> InvoilessServer:
    return InvoilessServer(token=CANARY, invoices={"I1": Decimal("100.50"), "I2": Decimal("40.00")})


@pytest.fixture
def served(system: InvoilessServer) -> Any:
    with serving(system) as running:
        yield running


def ask(served: Served, question: Callable[[Invoiless], Awaitable[Any]], scope_id: str = "", **patience: Any) -> Any:
    settings = ConnectorSettings("invoiless", base_url=served.url, scope_id=scope_id)

    async def all_of_it() -> Any:
        connector = Invoiless.of(settings, CANARY, replace(QUICK, **patience))
        async with connector.remote:
            return await question(connector)

    return asyncio.run(all_of_it())


def open_items(served: Served) -> list[Any]:
    async def all_of_them(connector: Invoiless) -> list[Any]:
        return [item async for item in connector.open_items()]

    return ask(served, all_of_them)


def sent(served: Served) -> Any:
    return json.loads(served.requests[-1].body)


# What the document shows


def test_the_example_of_a_new_payment_is_sent_to_the_letter(served):
    recorded = ask(served, lambda connector: connector.create_payment("I1", EXAMPLE_TERMS))

    request = served.requests[-1]
    assert (request.method, request.path, request.query) == ("POST", "/v1/invoices/I1/payments", {})
    assert request.headers["content-type"] == "application/json"
    assert sent(served) == EXAMPLE
    assert recorded == RemotePayment(
        payment_id="pay1",
        invoice_id="I1",
        amount=Decimal("100.50"),
        payment_date=dt.date(2024, 1, 15),
        method=PaymentMethod.BANK_TRANSFER,
        text="Payment received via bank transfer",
    )


def test_a_new_payment_needs_no_more_than_a_method(served):
    recorded = ask(served, lambda connector: connector.create_payment("I1", Terms(PaymentMethod.CASH)))

    assert sent(served) == {"method": "Cash"}
    assert (recorded.amount, recorded.payment_date) == (Decimal("100.50"), TODAY)
    assert (recorded.method, recorded.text) == (PaymentMethod.CASH, "")


def test_what_is_left_out_of_a_new_payment_is_the_balance_and_not_the_total(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    assert ask(served, lambda c: c.create_payment("I1", Terms(PaymentMethod.CASH))).amount == Decimal("40.25")


@pytest.mark.parametrize("is_told", [True, False])
def test_the_customer_is_told_by_mail_only_where_it_is_asked_for(served, is_told):
    ask(served, lambda c: c.create_payment("I1", Terms(PaymentMethod.CASH, send_notification=is_told)))

    assert sent(served)["sendNotification"] is is_told
    assert served.system.told == (["I1"] if is_told else [])


def test_posting_tells_nobody_and_sends_the_key_in_front_of_the_notes(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    assert sent(served) == {
        "amount": 60.25,
        "method": "BankTransfer",
        "paidAt": "2026-10-05",
        "notes": "rc-key-0001 Receipt of 5 October",
    }
    assert served.system.told == []


def test_a_payment_is_shown_by_its_id_and_names_its_invoice(served):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))

    assert ask(served, lambda connector: connector.get_payment("pay1")) == recorded
    assert (served.requests[-1].method, served.requests[-1].path) == ("GET", "/v1/payments/pay1")


def test_all_payments_of_an_invoice_are_listed_without_a_parameter(served):
    first = ask(served, lambda connector: connector.record_payment(PAYMENT))
    second = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, key="rc-key-0002")))
    ask(served, lambda connector: connector.record_payment(replace(PAYMENT, invoice_id="I2")))

    assert ask(served, lambda connector: connector.history_of("I1")).payments == (first, second)
    assert (served.requests[-1].path, served.requests[-1].query) == ("/v1/invoices/I1/payments", {})


def test_a_replaced_payment_loses_what_is_not_given(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    replaced = ask(served, lambda connector: connector.replace_payment("pay1", Terms(PaymentMethod.CHECK)))

    assert (served.requests[-1].method, served.requests[-1].path) == ("PUT", "/v1/payments/pay1")
    assert sent(served) == {"method": "Cheque"}
    assert replaced == RemotePayment("pay1", "I1", Decimal("100.50"), TODAY, PaymentMethod.CHECK)


def test_a_payment_is_replaced_as_a_whole(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    replaced = ask(served, lambda c: c.replace_payment("pay1", replace(EXAMPLE_TERMS, send_notification=True)))

    assert sent(served) == {**EXAMPLE, "sendNotification": True}
    assert (replaced.amount, replaced.text) == (Decimal("100.50"), EXAMPLE["notes"])


@pytest.mark.parametrize(
    ("terms", "body", "changed"),
    [
        (Terms(amount=Decimal("20.1")), {"amount": 20.1}, {"amount": Decimal("20.1")}),
        (Terms(PaymentMethod.CREDIT_CARD), {"method": "Card"}, {"method": PaymentMethod.CREDIT_CARD}),
        (
            Terms(payment_date=dt.date(2026, 10, 6)),
            {"paidAt": "2026-10-06"},
            {"payment_date": dt.date(2026, 10, 6)},
        ),
        (Terms(notes="Corrected"), {"notes": "Corrected"}, {"text": "Corrected"}),
        (Terms(notes=""), {"notes": ""}, {"text": ""}),
        (Terms(send_notification=True), {"sendNotification": True}, {}),
    ],
)
def test_a_changed_payment_keeps_what_is_not_given(served, terms, body, changed):
    before = ask(served, lambda connector: connector.record_payment(PAYMENT))

    after = ask(served, lambda connector: connector.change_payment("pay1", terms))

    assert (served.requests[-1].method, served.requests[-1].path) == ("PATCH", "/v1/payments/pay1")
    assert sent(served) == body
    assert after == replace(before, **changed)


TERMS = Terms(PaymentMethod.BANK_TRANSFER, Decimal("60.25"))


@pytest.mark.parametrize(
    ("call", "changed"),
    [
        (lambda connector: connector.get_payment("pay1"), {"id": "pay2"}),
        (lambda connector: connector.replace_payment("pay1", TERMS), {"id": "pay2"}),
        (lambda connector: connector.replace_payment("pay1", TERMS), {"amount": 60.26}),
        (lambda connector: connector.change_payment("pay1", TERMS), {"id": "pay2"}),
        (lambda connector: connector.change_payment("pay1", TERMS), {"amount": 60.26}),
    ],
)
def test_an_answer_about_another_payment_or_amount_is_unclear(served, system, call, changed):
    told = _answer({**ROW, "invoice": "I1", **changed})
    system._show = system._replace = system._change = lambda request, payment_id: told

    with pytest.raises(Unclear, match=r"another payment than pay1|60\.26, not 60\.25"):
        ask(served, call)


def test_a_deleted_payment_is_gone(served):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))

    ask(served, lambda connector: connector.delete_payment(recorded))

    assert (served.requests[-1].method, served.requests[-1].path) == ("DELETE", "/v1/payments/pay1")
    assert ask(served, lambda connector: connector.history_of("I1")).payments == ()
    with pytest.raises(Refused):
        ask(served, lambda connector: connector.delete_payment(recorded))


@pytest.mark.parametrize("fault", [Fault.HTML_AFTER, Fault.TIMEOUT_AFTER, Fault.RESET_AFTER])
def test_a_deletion_whose_answer_is_lost_is_unclear(served, fault):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))
    served.fault_of = lambda _, request: fault if request.is_change else None

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.delete_payment(recorded))


def test_a_deletion_may_be_answered_without_a_word(served):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))
    served.fault_of = lambda _, request: Fault.EMPTY_AFTER if request.is_change else None

    ask(served, lambda connector: connector.delete_payment(recorded))

    assert served.system.paid() == {}


# Headers


def test_the_secret_is_sent_as_api_key_and_no_scope_where_none_is_configured(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    headers = served.requests[-1].headers
    assert headers["api-key"] == CANARY
    assert not {"scope-id", "authorization"} & set(headers)


def test_a_configured_scope_is_sent_as_scope_id(served, system):
    system.scope_id = "S1"

    ask(served, lambda connector: connector.record_payment(PAYMENT), scope_id="S1")

    assert served.requests[-1].headers["scope-id"] == "S1"
    with pytest.raises(Refused):
        ask(served, lambda connector: connector.record_payment(PAYMENT))


# What may be sent


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (PaymentMethod.CASH, "Cash"),
        (PaymentMethod.CHECK, "Cheque"),
        (PaymentMethod.CREDIT_CARD, "Card"),
        (PaymentMethod.BANK_TRANSFER, "BankTransfer"),
        (PaymentMethod.ACH, "BankTransfer"),
        (PaymentMethod.OTHER, "Other"),
    ],
)
def test_a_method_is_sent_in_its_word(served, method, word):
    recorded = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, method=method)))

    assert sent(served)["method"] == word
    assert recorded.method == METHODS.ours(word)


def test_a_word_that_two_methods_have_means_the_most_natural_one():
    assert METHODS.ours("BankTransfer") == PaymentMethod.BANK_TRANSFER


@pytest.mark.parametrize("method", sorted(set(PaymentMethod) - set(METHODS.words)))
def test_a_method_without_a_word_is_never_sent_as_another(served, method):
    with pytest.raises(NotOffered):
        ask(served, lambda connector: connector.record_payment(replace(PAYMENT, method=method)))

    assert served.requests == []


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "0.001", "NaN", "Infinity"])
def test_an_amount_that_it_does_not_take_is_not_sent(served, amount):
    with pytest.raises(NotOffered):
        ask(served, lambda connector: connector.record_payment(replace(PAYMENT, amount=Decimal(amount))))

    assert served.requests == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [("60.250", "60.25"), ("100.00", "100"), ("1E+2", "100"), ("0.10", "0.1"), ("12345678901234.56", None)],
)
def test_an_amount_is_sent_digit_for_digit_without_idle_zeros(served, amount, text):
    recorded = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, amount=Decimal(amount))))

    assert f'"amount": {text or amount},'.encode() in served.requests[-1].body
    assert recorded.amount == Decimal(amount)


@pytest.mark.parametrize("ask_for", ["create", "replace"])
def test_nothing_is_recorded_or_replaced_without_a_method(served, ask_for):
    terms = Terms(amount=Decimal(1))

    with pytest.raises(NotOffered):
        ask(
            served,
            lambda c: c.create_payment("I1", terms) if ask_for == "create" else c.replace_payment("pay1", terms),
        )

    assert served.requests == []


@pytest.mark.parametrize("letter", ["e", "é", "\N{MONEY BAG}"])
def test_notes_are_cut_to_500_characters_however_they_are_counted(served, letter):
    ask(served, lambda connector: connector.record_payment(replace(PAYMENT, notes=letter * 600)))

    notes = sent(served)["notes"]
    assert notes.startswith("rc-key-0001 " + letter)
    assert 499 <= len(notes.encode("utf-16-le")) // 2 <= 500


def test_changed_notes_are_cut_too(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    ask(served, lambda connector: connector.change_payment("pay1", Terms(notes="x" * 501)))

    assert sent(served) == {"notes": "x" * 500}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": 1},
        {"method": "bank_transfer"},
        {"method": "Cash", "amount": 0},
        {"method": "Cash", "amount": -1},
        {"method": "Cash", "amount": 1.001},
        {"method": "Cash", "amount": "1"},
        {"method": "Cash", "paidAt": "15.01.2024"},
        {"method": "Cash", "notes": "x" * 501},
        {"method": "Cash", "sendNotification": "yes"},
        {"method": "Cash", "reference": "rc-1"},
    ],
)
def test_the_server_refuses_what_the_document_does_not_allow(served, body):
    answer = httpx.post(f"{served.url}/v1/invoices/I1/payments", json=body, headers={"api-key": CANARY})

    assert answer.status_code == 400
    assert served.system.payments == []


# What may come back


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("id_name", ["id", "_id"])
def test_answers_are_read_bare_or_under_data_and_with_either_id(served, system, wrapped, id_name):
    system.wrapped, system.id_name = wrapped, id_name

    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))

    assert (recorded.payment_id, recorded.invoice_id, recorded.amount) == ("pay1", "I1", Decimal("60.25"))
    assert ask(served, lambda connector: connector.get_payment("pay1")) == recorded
    assert ask(served, lambda connector: connector.history_of("I1")).payments == (recorded,)
    assert [item.invoice_id for item in open_items(served)] == ["I1", "I2"]


ROW = {"id": "pay1", "amount": 60.25, "method": "BankTransfer", "paidAt": "2026-10-05T00:00:00.000Z", "notes": "k n"}


@pytest.mark.parametrize(
    "answer",
    [
        [ROW],
        {"data": [ROW]},
        {"docs": [ROW], "page": 1, "pages": 1},
        {"data": {"docs": [ROW], "page": 1, "pages": 1}},
        {"payments": [ROW]},
        [{**ROW, "amount": "60.25"}],
        [{**ROW, "invoice": {"id": "I1"}}],
        [{"_id": "pay1", **{name: value for name, value in ROW.items() if name != "id"}}],
    ],
)
def test_a_list_of_payments_is_read_in_each_known_form(served, system, answer):
    system._list = lambda request, invoice_id: _answer(answer)

    history = ask(served, lambda connector: connector.history_of("I1"))

    assert history.payments == (
        RemotePayment("pay1", "I1", Decimal("60.25"), dt.date(2026, 10, 5), PaymentMethod.BANK_TRANSFER, "k n"),
    )


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"message": "ok"},
        None,
        [None],
        [{**ROW, "id": ""}],
        [{**ROW, "amount": None}],
        [{**ROW, "amount": "sixty"}],
        [{**ROW, "amount": True}],
        [{**ROW, "paidAt": "soon"}],
    ],
)
def test_a_list_that_cannot_be_read_is_unclear(served, system, answer):
    system._list = lambda request, invoice_id: _answer(answer)

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.history_of("I1"), attempts_max=1)


@pytest.mark.parametrize("word", ["Stripe", "", None])
def test_a_method_that_only_the_system_itself_records_is_not_known(served, system, word):
    system._list = lambda request, invoice_id: _answer([{**ROW, "method": word}])

    assert ask(served, lambda connector: connector.history_of("I1")).payments[0].method is None


@pytest.mark.parametrize("count_name", ["pages", "totalPages"])
def test_every_page_of_an_invoices_payments_is_read(served, system, count_name):
    system.page_size, system.count_name = 2, count_name
    for number in range(5):
        ask(served, lambda c, key=f"rc-{number}": c.record_payment(replace(PAYMENT, amount=Decimal(1), key=key)))

    history = ask(served, lambda connector: connector.history_of("I1"))

    assert [payment.payment_id for payment in history.payments] == ["pay1", "pay2", "pay3", "pay4", "pay5"]
    assert [request.query for request in served.requests[-3:]] == [{}, {"page": "2"}, {"page": "3"}]


# Open invoices


def test_what_the_system_can_do_is_what_the_connector_meets(served):
    connector = Invoiless.of(ConnectorSettings("invoiless", base_url=served.url), CANARY, QUICK)

    assert isinstance(connector, Deletes)
    assert isinstance(connector, ListsInvoices)
    assert not isinstance(connector, Refunds)


def test_open_invoices_are_listed_with_what_is_left_to_pay(served, system):
    system.details = {"I1": {"status": "Partial"}}
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    first, second = open_items(served)

    assert (first.total, first.amount_due) == (Decimal("100.50"), Decimal("40.25"))
    assert (first.invoice_number, first.customer_id, first.currency) == ("INV-I1", "C-I1", "EUR")
    assert (first.issue_date, first.due_date) == (dt.date(2026, 9, 1), dt.date(2026, 10, 1))
    assert (second.invoice_id, second.amount_due) == ("I2", Decimal("40.00"))
    assert served.refusals == []


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        ("Draft", False),
        ("Pending", True),
        ("Unpaid", True),
        ("Canceled", False),
        ("Partial", True),
        ("Paid", False),
        ("Refunded", False),
    ],
)
def test_only_invoices_on_which_something_is_owed_are_open(served, system, status, is_open):
    system.invoices = {"I1": Decimal("100.50")}
    system.details = {"I1": {"status": status}}

    assert bool(open_items(served)) is is_open


def test_an_invoice_that_its_payments_settle_is_not_open_whatever_its_status(served, system):
    ask(served, lambda connector: connector.record_payment(replace(PAYMENT, amount=Decimal("100.50"))))

    assert [item.invoice_id for item in open_items(served)] == ["I2"]


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        ({"status": "Lost"}, "an unknown status of an invoice: 'Lost'"),
        ({"number": None}, "no number"),
        ({"currency": None}, "no currency"),
        ({"currency": "Euro"}, "a currency that is none: 'Euro'"),
        ({"date": None}, "no date"),
        ({"dueDate": "soon"}, "a dueDate that is no date: 'soon'"),
        ({"total": "much"}, "no total that is an amount"),
    ],
)
def test_an_invoice_that_cannot_be_read_is_told_with_its_reason_and_the_others_are_read(served, system, detail, reason):
    system.details = {"I1": detail}

    items = {item.invoice_id: item for item in open_items(served)}

    assert (type(items["I1"]), items["I1"].reason) == (UnreadInvoice, reason)
    assert type(items["I2"]) is RemoteInvoice


def test_open_invoices_are_read_page_by_page_and_each_once(served, system):
    system.page_size = 10
    system.invoices = {f"I{number}": Decimal(f"{number}.05") for number in range(1, 26)}

    items = open_items(served)

    assert [item.amount_due for item in items] == [Decimal(f"{number}.05") for number in range(1, 26)]
    pages = [request.query for request in served.requests if request.path == "/v1/invoices"]
    assert pages == [{"limit": "50"}, {"limit": "50", "page": "2"}, {"limit": "50", "page": "3"}]


def test_an_invoice_that_moves_to_the_next_page_meanwhile_is_read_once(served, system):
    system.page_size = 1
    pages = [system._invoice_row("I1"), system._invoice_row("I1"), system._invoice_row("I2")]
    system._list_invoices = lambda request, _: system._page(request, pages, {"page", "limit"})

    assert [item.invoice_id for item in open_items(served)] == ["I1", "I2"]


def test_an_invoice_may_name_its_customer_by_id_alone_and_be_due_when_issued(served, system):
    system.invoices = {"I1": Decimal("100.50")}
    system.details = {"I1": {"customer": "C7", "dueDate": None}}

    assert [(item.customer_id, item.due_date) for item in open_items(served)] == [("C7", dt.date(2026, 9, 1))]


def _answer(value: Any) -> Answer:
    return Answer.of(200, value)
