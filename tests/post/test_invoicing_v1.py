"""The plain invoicing API: every example and every parameter of its document, and lists that come in pages."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.model import PaymentMethod
from reconcile.post.connector import NewPayment, RemotePayment
from reconcile.post.connectors.invoicing_v1 import METHODS, Filters, InvoicingV1
from reconcile.post.remote import NotOffered, Unclear
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, Request, Served, System, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server

RECORDED = """{
  "data": {
    "id": "pay_1234567890",
    "invoice_id": "inv_1234567890",
    "amount": 1836.00,
    "payment_method": "bank_transfer",
    "payment_date": "2024-01-20",
    "reference": "TXN-123456",
    "created_at": "2024-01-20T14:30:00Z"
  }
}"""
NEW = """{
  "amount": 1836.00,
  "payment_date": "2024-01-20",
  "payment_method": "bank_transfer",
  "reference": "TXN-123456",
  "notes": "Payment received via bank transfer"
}"""
PARTIAL = """{
  "amount": 500.00,
  "payment_date": "2024-01-20",
  "payment_method": "bank_transfer"
}"""
REFUND = """{
  "amount": 500.00,
  "reason": "Partial refund for cancelled services"
}"""
REFUNDED = """{
  "data": {
    "id": "refund_1234567890",
    "payment_id": "pay_1234567890",
    "amount": 500.00,
    "status": "completed",
    "created_at": "2024-01-21T10:00:00Z"
  }
}"""
DAY = dt.date(2024, 1, 20)
SENT = NewPayment("inv_1234567890", Decimal("1836.00"), DAY, "TXN-123456", "Payment received via bank transfer")
TOLD = RemotePayment(
    "pay_1234567890",
    "inv_1234567890",
    Decimal(1836),
    DAY,
    PaymentMethod.BANK_TRANSFER,
    text="TXN-123456",
    recorded="2024-01-20T14:30:00Z",
)


@dataclass
class Saying(System):
    """A system that answers everything with the same words."""

    words: str

    def answer(self, request: Request) -> Answer:
        return Answer(200, self.words.encode())


def ask(served: Served, question: Callable[[InvoicingV1], Awaitable[Any]]) -> Any:
    async def all_of_it() -> Any:
        connector = InvoicingV1.of(ConnectorSettings("invoicing_v1", served.url), "secret", QUICK)
        async with connector.remote:
            return await question(connector)

    return asyncio.run(all_of_it())


def listed(served: Served, filters: Filters) -> list[RemotePayment]:
    async def all_of_them(connector: InvoicingV1) -> list[RemotePayment]:
        return [payment async for payment in connector.list_payments(filters)]

    return ask(served, all_of_them)  # type: ignore[no-any-return]


def exact(body: bytes | str) -> Any:
    """Read JSON with numbers as they are written."""
    return json.loads(body, parse_float=str, parse_int=str)


# What the document shows


def test_the_example_of_a_new_payment_is_sent_and_read_to_the_letter():
    with serving(Saying(RECORDED)) as served:
        assert ask(served, lambda connector: connector.record_payment(SENT)) == TOLD
        request = served.requests[0]

    assert (request.method, request.path) == ("POST", "/v1/invoicing/invoices/inv_1234567890/payments")
    assert exact(request.body) == exact(NEW)


def test_the_example_of_a_part_payment_is_sent_with_no_more_than_it_has():
    with serving(Saying(RECORDED)) as served:
        part = NewPayment("inv_1234567890", Decimal("500.00"), DAY, key="")
        ask(served, lambda connector: connector.record_payment(part))

    assert exact(served.requests[0].body) == exact(PARTIAL)


def test_the_example_of_a_shown_payment_is_asked_for_and_read_to_the_letter():
    with serving(Saying(RECORDED)) as served:
        assert ask(served, lambda connector: connector.get_payment("pay_1234567890")) == TOLD
        request = served.requests[0]

    assert (request.method, request.path, request.query) == ("GET", "/v1/invoicing/payments/pay_1234567890", {})


def test_another_payment_than_the_one_asked_for_is_unclear():
    with serving(Saying(RECORDED)) as served, pytest.raises(Unclear, match="another payment than pay_2"):
        ask(served, lambda connector: connector.get_payment("pay_2"))


def test_the_example_of_a_refund_is_sent_and_read_to_the_letter():
    with serving(Saying(REFUNDED)) as served:
        reason = "Partial refund for cancelled services"
        assert ask(served, lambda c: c.refund_payment(TOLD, Decimal("500.00"), reason)) == "refund_1234567890"
        request = served.requests[0]

    assert (request.method, request.path) == ("POST", "/v1/invoicing/payments/pay_1234567890/refund")
    assert exact(request.body) == exact(REFUND)


@pytest.mark.parametrize("word", ["cash", "check", "bank_transfer", "credit_card", "paypal", "other"])
def test_every_method_of_the_document_is_sent_and_read(word):
    method = PaymentMethod(word)

    assert METHODS.theirs(method) == word
    assert METHODS.ours(word) is method


@pytest.mark.parametrize("method", ["ach", "saved", "online", "crypto", "external"])
def test_a_method_without_a_word_is_never_sent_as_another(method):
    with pytest.raises(NotOffered, match=f"no payment by {method}"):
        METHODS.theirs(PaymentMethod(method))


# Lists


@pytest.fixture
def system() -> InvoicingV1Server:
    """Hold 25 payments of I1 on as many days, and one of I2."""
    system = InvoicingV1Server(invoices={"I1": Decimal(100), "I2": Decimal(9)}, customers={"I1": "C1", "I2": "C2"})
    for number in range(1, 27):
        invoice_id = "I1" if number < 26 else "I2"
        system.payments.append(
            {
                "id": f"pay_{number}",
                "invoice_id": invoice_id,
                "amount": Decimal(1),
                "payment_method": "cash",
                "payment_date": f"2024-01-{number:02}",
            }
        )
    return system


@pytest.mark.parametrize(
    ("filters", "query", "numbers"),
    [
        (Filters(), {}, range(1, 27)),
        (Filters(invoice_id="I2"), {"invoice_id": "I2"}, [26]),
        (Filters(customer_id="C2"), {"customer_id": "C2"}, [26]),
        (Filters(start_date=dt.date(2024, 1, 25)), {"start_date": "2024-01-25"}, [25, 26]),
        (Filters(end_date=dt.date(2024, 1, 2)), {"end_date": "2024-01-02"}, [1, 2]),
        (Filters(limit=3), {"limit": "3"}, [1, 2, 3]),
        (Filters(limit=3, offset=5), {"limit": "3", "offset": "5"}, [6, 7, 8]),
        (Filters(offset=24), {"offset": "24"}, [25, 26]),
        (Filters(limit=0), None, []),
    ],
    ids=str,
)
def test_payments_are_listed_by_every_parameter_of_the_document(system, filters, query, numbers):
    with serving(system) as served:
        assert [payment.payment_id for payment in listed(served, filters)] == [f"pay_{number}" for number in numbers]

        assert (query is None) == (served.requests == [])
        assert query is None or served.requests[0].query == {"limit": "100", "offset": "0", **query}


@pytest.mark.parametrize("page_size_max", [1000, 100, 20, 10])
def test_a_history_is_whole_however_few_payments_the_system_gives_at_once(system, page_size_max):
    system.page_size_max = page_size_max

    with serving(system) as served:
        history = ask(served, lambda connector: connector.history_of("I1"))

    assert [payment.payment_id for payment in history.payments] == [f"pay_{number}" for number in range(1, 26)]


def test_a_short_history_is_asked_for_once(system):
    with serving(system) as served:
        ask(served, lambda connector: connector.history_of("I2"))

    assert len(served.requests) == 1


@pytest.mark.parametrize(
    "shape", ["[ROWS]", '{"data": [ROWS]}', '{"payments": [ROWS]}', '{"data": {"payments": [ROWS]}}']
)
def test_a_list_is_read_in_each_usual_form_since_the_document_shows_none(shape):
    row = json.dumps(json.loads(RECORDED)["data"])

    with serving(Saying(shape.replace("ROWS", row))) as served:
        assert ask(served, lambda connector: connector.history_of("inv_1234567890")).payments == (TOLD,)


@pytest.mark.parametrize("words", ["{}", '{"data": {}}', '{"data": null}', '{"data": "none"}', "null", "[1]"])
def test_what_is_no_list_is_unclear_and_never_empty(words):
    with serving(Saying(words)) as served, pytest.raises(Unclear):
        ask(served, lambda connector: connector.history_of("inv_1234567890"))


# Refunds


def refund(**changed: Any) -> str:
    """Ask for a refund of 500.00 of a system that answers as the document does, but for what is changed."""
    told = {name: value for name, value in (json.loads(REFUNDED)["data"] | changed).items() if value is not None}
    with serving(Saying(json.dumps({"data": told}))) as served:
        return ask(served, lambda c: c.refund_payment(TOLD, Decimal(500), "returned"))  # type: ignore[no-any-return]


def test_a_refund_that_is_completed_is_made():
    assert refund() == "refund_1234567890"
    assert refund(payment_id=None, status=None) == "refund_1234567890"


@pytest.mark.parametrize(
    "changed", [{"status": "failed"}, {"status": "pending"}, {"payment_id": "pay_2"}, {"amount": 5}]
)
def test_a_refund_that_is_not_completed_or_another_one_is_unclear(changed):
    with pytest.raises(Unclear):
        refund(**changed)
