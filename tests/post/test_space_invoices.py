"""Space Invoices: every example and every parameter of its document, and the list of open invoices."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
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
from reconcile.post.connectors.space_invoices import METHODS, SpaceInvoices
from reconcile.post.remote import NotOffered, Unclear
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, Fault, Served, serving
from tests.post.servers.space_invoices import SpaceInvoicesServer

CANARY = "canary-5f0c"
PAYMENT_ID, DOCUMENT_ID = "5a3683ea12d5a67dd0ef2f4c", "5a3683ea12d5a67dd0ef2f4d"
EXAMPLE = {
    "id": "5a3683ea12d5a67dd0ef2f4c",
    "documentId": "5a3683ea12d5a67dd0ef2f4d",
    "organizationId": "5a3683ea12d5a67dd0ef2f4e",
    "type": "bank",
    "date": "2018-01-01",
    "amount": 1000,
}
EXAMPLE_FORM = b"type=bank&date=2018-01-01&amount=1000"
EXAMPLE_PAYMENT = NewPayment(DOCUMENT_ID, Decimal(1000), dt.date(2018, 1, 1), key="")
TOLD = RemotePayment(PAYMENT_ID, DOCUMENT_ID, Decimal(1000), dt.date(2018, 1, 1), PaymentMethod.BANK_TRANSFER)
PAYMENT = NewPayment("I1", Decimal("60.25"), dt.date(2026, 10, 5), "rc-key-0001", "Receipt of 5 October")


@pytest.fixture
def system() -> SpaceInvoicesServer:
    return SpaceInvoicesServer(
        token=CANARY,
        organization_id="5a3683ea12d5a67dd0ef2f4e",
        invoices={"I1": Decimal("100.50"), DOCUMENT_ID: Decimal(2420)},
        next_ids=[PAYMENT_ID],
    )


@pytest.fixture
def served(system: SpaceInvoicesServer) -> Any:
    with serving(system) as running:
        yield running


def ask(served: Served, question: Callable[[SpaceInvoices], Awaitable[Any]], organization_id: str | None = None) -> Any:
    chosen = served.system.organization_id if organization_id is None else organization_id
    settings = ConnectorSettings("space_invoices", base_url=served.url, organization_id=chosen)

    async def all_of_it() -> Any:
        connector = SpaceInvoices.of(settings, CANARY, QUICK)
        async with connector.remote:
            return await question(connector)

    return asyncio.run(all_of_it())


def listed(served: Served, what: Callable[[SpaceInvoices], Any], organization_id: str | None = None) -> list[Any]:
    async def all_of_them(connector: SpaceInvoices) -> list[Any]:
        return [one async for one in what(connector)]

    return ask(served, all_of_them, organization_id)


def raw(served: Served, method: str, path: str, body: bytes | None = None) -> Any:
    """Send the document's own request."""
    headers = {"authorization": CANARY} | ({"content-type": "application/x-www-form-urlencoded"} if body else {})
    return httpx.request(method, served.url + path, content=body, headers=headers)


# What the document shows


def test_the_example_of_a_new_payment_is_sent_and_read_to_the_letter(served):
    recorded = ask(served, lambda connector: connector.record_payment(EXAMPLE_PAYMENT))

    request = served.requests[-1]
    assert (request.method, request.path, request.query) == ("POST", f"/v1/documents/{DOCUMENT_ID}/payments", {})
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"] == CANARY
    assert request.body == EXAMPLE_FORM
    assert recorded == TOLD


def test_the_example_of_an_updated_payment_is_sent_and_read_to_the_letter(served):
    ask(served, lambda connector: connector.record_payment(replace(EXAMPLE_PAYMENT, key="rc-1", amount=Decimal(7))))

    updated = ask(served, lambda connector: connector.update_payment(PAYMENT_ID, EXAMPLE_PAYMENT))

    request = served.requests[-1]
    assert (request.method, request.path, request.query) == ("PUT", f"/v1/payments/{PAYMENT_ID}", {})
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.body == EXAMPLE_FORM
    assert updated == TOLD


def test_the_example_of_a_deletion_is_sent_and_read_to_the_letter(served):
    recorded = ask(served, lambda connector: connector.record_payment(EXAMPLE_PAYMENT))

    ask(served, lambda connector: connector.delete_payment(recorded))

    request = served.requests[-1]
    assert (request.method, request.path, request.body) == ("DELETE", f"/v1/payments/{PAYMENT_ID}", b"")
    assert served.system.paid() == {}


def test_the_examples_of_both_lists_are_sent_and_read_to_the_letter(served):
    ask(served, lambda connector: connector.record_payment(EXAMPLE_PAYMENT))

    assert listed(served, lambda connector: connector.list_payments()) == [TOLD]
    assert (served.requests[-1].method, served.requests[-1].query) == ("GET", {})
    assert served.requests[-1].path == "/v1/organizations/5a3683ea12d5a67dd0ef2f4e/payments"
    assert listed(served, lambda connector: connector.list_document_payments(DOCUMENT_ID)) == [TOLD]
    assert served.requests[-1].query == {}
    assert served.requests[-1].path == f"/v1/documents/{DOCUMENT_ID}/payments"


def test_the_server_answers_the_documents_requests_as_the_document_does(served):
    assert raw(served, "POST", f"/v1/documents/{DOCUMENT_ID}/payments", EXAMPLE_FORM).json() == EXAMPLE
    assert raw(served, "PUT", f"/v1/payments/{PAYMENT_ID}", EXAMPLE_FORM).json() == EXAMPLE
    assert raw(served, "GET", "/v1/organizations/5a3683ea12d5a67dd0ef2f4e/payments").json() == [EXAMPLE]
    assert raw(served, "GET", f"/v1/documents/{DOCUMENT_ID}/payments").json() == [EXAMPLE]
    assert raw(served, "DELETE", f"/v1/payments/{PAYMENT_ID}").json() == {"count": 1}


def test_the_description_holds_the_key_in_front_of_the_notes_and_is_read_back(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    assert dict(parse_qsl(served.requests[-1].body.decode())) == {
        "type": "bank",
        "date": "2026-10-05",
        "amount": "60.25",
        "description": "rc-key-0001 Receipt of 5 October",
    }
    history = ask(served, lambda connector: connector.history_of("I1"))
    assert history.payments[0].text == "rc-key-0001 Receipt of 5 October"


def test_an_update_says_all_anew_and_leaves_the_payment_with_its_document(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))
    other = NewPayment("ignored", Decimal("10.5"), dt.date(2026, 10, 6), "rc-2", "New", PaymentMethod.CASH)

    updated = ask(served, lambda connector: connector.update_payment(PAYMENT_ID, other))

    assert updated == RemotePayment(
        PAYMENT_ID, "I1", Decimal("10.5"), dt.date(2026, 10, 6), PaymentMethod.CASH, "rc-2 New"
    )
    assert served.system.paid() == {"I1": Decimal("10.5")}


@pytest.mark.parametrize("changed", [{"id": "P9"}, {"amount": 60.26}])
def test_an_update_whose_answer_is_about_another_payment_or_amount_is_unclear(served, system, changed):
    told = {**EXAMPLE, "documentId": "I1", "amount": 60.25, **changed}
    system._update = lambda request, payment_id: Answer.of(200, told)

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.update_payment(PAYMENT_ID, PAYMENT))


@pytest.mark.parametrize("count", [0, 2, None, "many"])
def test_a_deletion_that_did_not_delete_just_one_payment_is_unclear(served, system, count):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))
    system._delete = lambda request, payment_id: Answer.of(200, {"count": count})

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.delete_payment(recorded))


def test_deleting_a_payment_twice_is_unclear(served):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))
    ask(served, lambda connector: connector.delete_payment(recorded))

    with pytest.raises(Unclear, match="count 0, not 1"):
        ask(served, lambda connector: connector.delete_payment(recorded))


@pytest.mark.parametrize("fault", [Fault.EMPTY_AFTER, Fault.HTML_AFTER, Fault.TIMEOUT_AFTER, Fault.RESET_AFTER])
def test_a_deletion_whose_answer_is_lost_is_unclear(served, fault):
    recorded = ask(served, lambda connector: connector.record_payment(PAYMENT))
    served.fault_of = lambda _, request: fault if request.is_change else None

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.delete_payment(recorded))


@pytest.mark.parametrize(
    ("filters", "query", "found"),
    [
        ({"where": {"type": "cash"}}, {"filter[where][type]": "cash"}, ["P2"]),
        ({"where": {"documentId": "I1", "type": "bank"}}, None, [PAYMENT_ID]),
        (
            {"where": {"type": {"inq": ["cash", "bank"]}}},
            {"filter[where][type][inq][0]": "cash", "filter[where][type][inq][1]": "bank"},
            [PAYMENT_ID, "P2", "P3"],
        ),
        ({"limit": 2}, {"filter[limit]": "2"}, [PAYMENT_ID, "P2"]),
        ({"skip": 1}, {"filter[skip]": "1"}, ["P2", "P3"]),
        ({"limit": 1, "skip": 1}, {"filter[limit]": "1", "filter[skip]": "1"}, ["P2"]),
    ],
)
def test_the_organizations_payments_are_listed_as_filtered(served, filters, query, found):
    for invoice_id, method in [("I1", "bank_transfer"), ("I1", "cash"), (DOCUMENT_ID, "bank_transfer")]:
        payment = replace(PAYMENT, invoice_id=invoice_id, method=PaymentMethod(method))
        ask(served, lambda connector, payment=payment: connector.record_payment(payment))

    payments = listed(served, lambda connector: connector.list_payments(filters))

    assert [payment.payment_id for payment in payments] == found
    assert query is None or served.requests[-1].query == query


def test_a_documents_payments_are_listed_as_filtered(served):
    for method in (PaymentMethod.BANK_TRANSFER, PaymentMethod.CASH):
        ask(served, lambda connector, method=method: connector.record_payment(replace(PAYMENT, method=method)))

    payments = listed(served, lambda c: c.list_document_payments("I1", {"where": {"type": "cash"}}))

    assert [payment.payment_id for payment in payments] == ["P2"]
    assert served.requests[-1].query == {"filter[where][type]": "cash"}


def test_the_rest_of_a_long_list_is_read_after_the_first_hundred(served, system):
    system.payments = [{**EXAMPLE, "id": f"P{n}", "documentId": "I1", "amount": Decimal(1)} for n in range(250)]

    history = ask(served, lambda connector: connector.history_of("I1"))

    assert len(history.payments) == 250
    skips = [{"filter[skip]": skip} for skip in ("100", "200", "250")]
    assert [request.query for request in served.requests] == [{}, *skips]


def test_a_page_that_is_shorter_than_a_hundred_is_not_taken_for_the_last(served, system):
    system.payments = [{**EXAMPLE, "id": f"P{n}", "documentId": "I1", "amount": Decimal(1)} for n in range(45)]
    system.page_size = 20

    assert len(ask(served, lambda connector: connector.history_of("I1")).payments) == 45


def test_more_than_a_page_may_be_asked_for_and_no_more_is_told(served, system):
    system.payments = [{**EXAMPLE, "id": f"P{n}", "documentId": "I1", "amount": Decimal(1)} for n in range(250)]

    assert len(listed(served, lambda connector: connector.list_payments({"limit": 150, "skip": 20}))) == 150
    assert [request.query for request in served.requests] == [
        {"filter[limit]": "150", "filter[skip]": "20"},
        {"filter[limit]": "50", "filter[skip]": "120"},
    ]


def test_a_list_that_is_the_same_after_a_skip_is_at_its_end(served, system):
    rows = [{**EXAMPLE, "id": f"P{number}", "documentId": "I1"} for number in range(150)]
    system._list_of_document = lambda request, document_id: Answer.of(200, rows)

    assert len(ask(served, lambda connector: connector.history_of("I1")).payments) == 150


# Headers and settings


def test_without_an_organization_payments_are_recorded_and_nothing_of_it_is_listed(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT), organization_id="")

    with pytest.raises(ConfigError, match="organization_id"):
        listed(served, lambda connector: connector.list_payments(), organization_id="")
    with pytest.raises(ConfigError, match="organization_id"):
        listed(served, lambda connector: connector.open_items(), organization_id="")
    assert len(served.requests) == 1


# What may be sent


@pytest.mark.parametrize(
    ("method", "word"),
    [
        (PaymentMethod.BANK_TRANSFER, "bank"),
        (PaymentMethod.ACH, "bank"),
        (PaymentMethod.ONLINE, "online"),
        (PaymentMethod.PAYPAL, "paypal"),
        (PaymentMethod.CASH, "cash"),
        (PaymentMethod.CRYPTO, "crypto"),
        (PaymentMethod.OTHER, "other"),
    ],
)
def test_a_method_is_sent_in_its_word(served, method, word):
    recorded = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, method=method)))

    assert dict(parse_qsl(served.requests[-1].body.decode()))["type"] == word
    assert recorded.method == METHODS.ours(word)


def test_a_word_that_two_methods_have_means_the_most_natural_one():
    assert METHODS.ours("bank") == PaymentMethod.BANK_TRANSFER


@pytest.mark.parametrize("method", sorted(set(PaymentMethod) - set(METHODS.words)))
def test_a_method_without_a_word_is_never_sent_as_another(served, method):
    with pytest.raises(NotOffered):
        ask(served, lambda connector: connector.record_payment(replace(PAYMENT, method=method)))

    assert served.requests == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [("60.250", "60.25"), ("100.00", "100"), ("1E+2", "100"), ("1.005", "1.005"), ("12345678901234.56", None)],
)
def test_an_amount_is_sent_as_text_digit_for_digit(served, amount, text):
    recorded = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, amount=Decimal(amount))))

    assert dict(parse_qsl(served.requests[-1].body.decode()))["amount"] == (text or amount)
    assert recorded.amount == Decimal(amount)


def test_signs_that_mean_something_in_a_form_stay_in_the_description(served):
    notes = "50 % & more = a+b; «ä» \N{MONEY BAG}\n100 €"

    recorded = ask(served, lambda connector: connector.record_payment(replace(PAYMENT, notes=notes)))

    assert recorded.text == f"rc-key-0001 {notes}"


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"date=2018-01-01&amount=1000",
        b"type=bank&amount=1000",
        b"type=bank&date=2018-01-01",
        b"type=cheque&date=2018-01-01&amount=1000",
        b"type=bank&date=01.01.2018&amount=1000",
        b"type=bank&date=2018-01-01&amount=0",
        b"type=bank&date=2018-01-01&amount=-5",
        b"type=bank&date=2018-01-01&amount=1e3",
        b"type=bank&date=2018-01-01&amount=1000&amount=1000",
        b"type=bank&date=2018-01-01&amount=1000&note=x",
        b'{"type": "bank", "date": "2018-01-01", "amount": 1000}',
    ],
)
def test_the_server_refuses_what_the_document_does_not_allow(served, form):
    assert raw(served, "POST", f"/v1/documents/{DOCUMENT_ID}/payments", form).status_code in {400, 415, 422}
    assert served.system.payments == []


# What may come back


@pytest.mark.parametrize(("word", "method"), [("card", PaymentMethod.CREDIT_CARD), ("coupon", PaymentMethod.OTHER)])
def test_types_that_are_newer_than_the_document_are_read(served, system, word, method):
    system.payments = [{**EXAMPLE, "documentId": "I1", "type": word}]

    assert ask(served, lambda connector: connector.history_of("I1")).payments[0].method == method


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"documentId": None},
        {"documentId": "I2"},
        {"amount": None},
        {"amount": "thousand"},
        {"date": "soon"},
        {"type": "barter"},
        {"type": ["bank"]},
    ],
)
def test_a_payment_that_cannot_be_read_is_unclear(served, system, changed):
    row = {**EXAMPLE, "documentId": "I1", **changed}
    system._create = lambda request, document_id: Answer.of(200, row)
    system._list_of_document = lambda request, document_id: Answer.of(200, [row])

    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.record_payment(PAYMENT))
    with pytest.raises(Unclear):
        ask(served, lambda connector: connector.history_of("I1"))


# Open invoices


def test_what_the_system_can_do_is_what_the_connector_meets(served):
    connector = SpaceInvoices.of(ConnectorSettings("space_invoices", base_url=served.url), CANARY, QUICK)

    assert isinstance(connector, Deletes)
    assert isinstance(connector, ListsInvoices)
    assert not isinstance(connector, Refunds)


def open_items(served: Served) -> list[Any]:
    return listed(served, lambda connector: connector.open_items())


def test_open_invoices_are_listed_with_what_is_left_to_pay(served):
    ask(served, lambda connector: connector.record_payment(PAYMENT))

    first, second = open_items(served)

    assert (first.invoice_id, first.total, first.amount_due) == ("I1", Decimal("100.50"), Decimal("40.25"))
    assert (first.invoice_number, first.customer_id, first.currency) == ("2026-I1", "C-I1", "EUR")
    assert (first.issue_date, first.due_date) == (dt.date(2026, 9, 1), dt.date(2026, 10, 1))
    assert (second.invoice_id, second.amount_due) == (DOCUMENT_ID, Decimal(2420))
    assert served.requests[-1].query == {"filter[where][type]": "invoice", "filter[where][paidInFull]": "false"}
    assert served.refusals == []


@pytest.mark.parametrize(
    "detail",
    [
        {"type": "estimate"},
        {"type": "advance"},
        {"type": "credit-note", "totalDue": Decimal(-5)},
        {"draft": True},
        {"canceled": True},
        {"paidInFull": True},
        {"totalDue": Decimal(0)},
        {"totalDue": Decimal(-1)},
    ],
)
def test_only_invoices_on_which_something_is_owed_are_open(served, system, detail):
    system.details = {"I1": detail}

    assert [item.invoice_id for item in open_items(served)] == [DOCUMENT_ID]


def test_what_is_left_is_the_total_less_what_is_paid_where_it_is_not_said(served, system):
    system.details = {"I1": {"totalDue": None, "totalPaid": Decimal("0.1"), "dateDue": None, "clientId": None}}

    item = open_items(served)[0]

    assert (item.amount_due, item.due_date, item.customer_id) == (Decimal("100.40"), dt.date(2026, 9, 1), "")


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        ({"number": None}, "no number"),
        ({"currencyId": None}, "no currencyId"),
        ({"date": None}, "no date"),
        ({"totalWithTax": "much"}, "no totalWithTax that is an amount"),
        ({"totalDue": Decimal("0.001")}, "0.001 EUR as its amount due, with more decimals than the currency has"),
        ({"totalWithTax": Decimal(-3)}, "a negative total, -3"),
    ],
)
def test_an_invoice_that_cannot_be_read_is_told_with_its_reason_and_the_others_are_read(served, system, detail, reason):
    system.details = {"I1": detail}

    items = {item.invoice_id: item for item in open_items(served)}

    assert (type(items["I1"]), items["I1"].reason) == (UnreadInvoice, reason)
    assert type(items[DOCUMENT_ID]) is RemoteInvoice


def test_open_invoices_are_read_page_by_page(served, system):
    system.invoices = {f"I{number}": Decimal(f"{number}.05") for number in range(1, 226)}

    assert [item.amount_due for item in open_items(served)] == [Decimal(f"{number}.05") for number in range(1, 226)]
    assert [request.query.get("filter[skip]") for request in served.requests] == [None, "100", "200", "225"]
