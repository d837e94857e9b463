"""Harvest: every example of its document is understood, and a payment that `Location` names is never called unclear."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reconcile.config import Connector as ConnectorSettings
from reconcile.errors import ConfigError
from reconcile.model import PaymentMethod
from reconcile.post.connector import ListsInvoices, NewPayment, RemoteInvoice, RemotePayment, UnreadInvoice
from reconcile.post.connectors.harvest import Harvest
from reconcile.post.elements import a_row, element_body
from reconcile.post.remote import Answer as ReadAnswer
from reconcile.post.remote import Refused, Unclear
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, Fault, Refusal, Request, Served, System, serving
from tests.post.servers.harvest import XML, HarvestServer

LISTED = b"""<payments type="array">
  <payment>
    <amount type="decimal">1238.0</amount>
    <id type="integer">1334</id>
    <invoice-id type="integer">4393</invoice-id>
    <notes>check</notes>
    <paid-at type="datetime">2008-02-14T00:00:00Z</paid-at>
    <recorded-by>Happy Owner</recorded-by>
    <recorded-by-email>happy@owner.com</recorded-by-email>
    <updated-at type="datetime">2008-04-09T12:07:56Z</updated-at>
    <created-at type="datetime">2008-04-09T12:07:56Z</created-at>
  </payment>
</payments>
"""
SHOWN = b"""<payment>
  <amount type="decimal">52000.0</amount>
  <id type="integer">54664</id>
  <invoice-id type="integer">2393</invoice-id>
  <notes>Finally.</notes>
  <paid-at type="datetime">2008-02-14T00:00:00Z</paid-at>
  <recorded-by>Happy Owner</recorded-by>
  <recorded-by-email>happy@owner.com</recorded-by-email>
  <updated-at type="datetime">2008-04-09T12:07:56Z</updated-at>
  <created-at type="datetime">2008-04-09T12:07:56Z</created-at>
</payment>
"""
POSTED = b"""<payment>
  <!-- required -->
  <paid-at type="datetime">2008-02-14T00:00:00Z</paid-at>
  <!-- required -->
  <amount type="decimal">52000.0</amount>
  <notes>Some optional notes go here</notes>
</payment>
"""
"""The document's examples, letter for letter."""

RECORDED = "Happy Owner <happy@owner.com> 2008-04-09T12:07:56Z"
VALENTINE = dt.date(2008, 2, 14)
EXAMPLE = NewPayment("2393", Decimal("52000.0"), VALENTINE, "Some", "optional notes go here")
PAYMENT = NewPayment("I1", Decimal("60.25"), dt.date(2026, 10, 5), "rc-key-0001", "Receipt of 5 October")


@dataclass
class Told(System):
    """Answers each request as told, by method and path, and refuses any other."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        if (request.method, request.path) not in self.answers:
            raise Refusal(404, "nothing is told of that")
        return self.answers[request.method, request.path]


def told(method: str, path: str, body: bytes, status: int = 200, **headers: str) -> Told:
    return Told({(method, path): Answer(status, body, XML, headers)})


def harvest(url: str, secret: str = "user:secret") -> Harvest:
    return Harvest.of(ConnectorSettings("harvest", base_url=url, token_env="HARVEST"), secret, QUICK)


def asked(served: Served, ask: Callable[[Harvest], Any]) -> Any:
    async def all_of_it() -> Any:
        connector = harvest(served.url)
        async with connector.remote:
            return await ask(connector)

    return asyncio.run(all_of_it())


def open_items(served: Served) -> list[RemoteInvoice]:
    async def read(connector: Harvest) -> list[RemoteInvoice]:
        return [invoice async for invoice in connector.open_items()]

    return asked(served, read)


def recorded(system: System, payment: NewPayment = PAYMENT) -> RemotePayment:
    with serving(system) as served:
        return asked(served, lambda connector: connector.record_payment(payment))


# The document's examples.


def test_the_listed_payments_of_the_document_are_understood():
    with serving(told("GET", "/invoices/4393/payments", LISTED)) as served:
        history = asked(served, lambda connector: connector.history_of("4393"))

    check = RemotePayment("1334", "4393", Decimal("1238.0"), VALENTINE, None, "check", recorded=RECORDED)
    assert history.payments == (check,)


def test_the_shown_payment_of_the_document_is_understood():
    with serving(told("GET", "/invoices/2393/payments/54664", SHOWN)) as served:
        payment = asked(served, lambda connector: connector.get_payment("2393", "54664"))

    assert payment == RemotePayment("54664", "2393", Decimal("52000.0"), VALENTINE, None, "Finally.", recorded=RECORDED)


def test_a_new_payment_is_sent_as_in_the_document_and_named_by_location_as_there():
    system = told("POST", "/invoices/2393/payments", b"", 201, Location="/invoice/2393/payments/54664")
    system.answers["GET", "/invoices/2393/payments/54664"] = Answer(200, SHOWN, XML)

    with serving(system) as served:
        payment = asked(served, lambda connector: connector.record_payment(EXAMPLE))

    sent = served.requests[0]
    assert plain(sent.body) == plain(POSTED)
    assert sent.headers["content-type"] == sent.headers["accept"] == "application/xml"
    assert payment.payment_id == "54664"
    assert [f"{request.method} {request.path}" for request in served.requests] == [
        "POST /invoices/2393/payments",
        "GET /invoices/2393/payments/54664",
    ]


def test_a_payment_is_deleted_as_in_the_document():
    with serving(told("DELETE", "/invoices/2393/payments/54664", b"")) as served:
        asked(served, lambda connector: connector.delete_payment(RemotePayment("54664", "2393", Decimal(52000))))

    assert [f"{request.method} {request.path}" for request in served.requests] == [
        "DELETE /invoices/2393/payments/54664"
    ]


def test_the_strict_server_answers_as_the_document_does():
    system = HarvestServer(invoices={"4393": Decimal("2000")})
    recorded(system, NewPayment("4393", Decimal("1238"), VALENTINE, "check"))
    with serving(system) as served:
        asked(served, lambda connector: connector.history_of("4393"))
        answer = system.answer(served.requests[0])

    assert plain(answer.body) == plain(LISTED)


@pytest.mark.parametrize(
    "body",
    [
        POSTED.replace(b"<notes>", b"<method>check</method><notes>"),
        POSTED.replace(b' type="decimal"', b""),
        POSTED.replace(b"52000.0", b"-1"),
        POSTED.replace(b"52000.0", b"5.2e4"),
        POSTED.replace(b"2008-02-14T00:00:00Z", b"2008-02-14"),
        POSTED.replace(b"payment>", b"payments>"),
        b'<!DOCTYPE payment [<!ENTITY x "y">]>' + POSTED,
        b"{}",
    ],
)
def test_the_strict_server_refuses_what_the_document_does_not_have(body):
    system = HarvestServer(invoices={"2393": Decimal("52000")})
    headers = {"authorization": "Basic dXNlcjpzZWNyZXQ=", "accept": XML, "content-type": XML}

    with pytest.raises(Refusal):
        system.answer(Request("POST", "/invoices/2393/payments", {}, headers, body))
    assert system.payments == []


# What was recorded is known to be recorded.


@pytest.mark.parametrize("shows_created", [True, False])
def test_a_new_payment_is_known_by_its_body_or_by_its_location(shows_created):
    payment = recorded(HarvestServer(invoices={"I1": Decimal("100")}, shows_created=shows_created))

    text = "rc-key-0001 Receipt of 5 October"
    assert payment == RemotePayment("1334", "I1", Decimal("60.25"), PAYMENT.payment_date, None, text, recorded=RECORDED)


@pytest.mark.parametrize(
    "fault",
    [Fault.TIMEOUT_BEFORE, Fault.RESET_BEFORE, Fault.ERROR_503_BEFORE, Fault.MALFORMED_AFTER, Fault.EXPIRED],
    ids=lambda fault: fault.value,
)
def test_a_payment_that_location_names_is_recorded_though_it_cannot_be_read_back(fault):
    system = HarvestServer(invoices={"I1": Decimal("100")}, shows_created=False)
    with serving(system) as served:
        served.fault_of = lambda _, request: None if request.is_change else fault
        payment = asked(served, lambda connector: connector.record_payment(PAYMENT))

    assert payment == RemotePayment(
        "1334", "I1", Decimal("60.25"), PAYMENT.payment_date, None, "rc-key-0001 Receipt of 5 October"
    )
    assert len([request for request in served.requests if request.is_change]) == 1


@pytest.mark.parametrize("shows_created", [True, False], ids=["shown", "named"])
@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.value)
def test_whatever_goes_wrong_what_is_said_of_a_payment_is_true(fault, shows_created):
    """Recorded: it is there once. Refused: it is not there. Unclear: it may be there, and was sent once."""
    system = HarvestServer(invoices={"I1": Decimal("100")}, shows_created=shows_created)
    with serving(system) as served:
        served.fault_of = lambda number, _: fault if number == 1 else None
        try:
            said = {asked(served, lambda connector: connector.record_payment(PAYMENT)).payment_id}
        except Refused:
            said = set()
        except Unclear:
            said = {payment["id"] for payment in system.payments}
            assert len([request for request in served.requests if request.is_change]) == 1

    assert said == {payment["id"] for payment in system.payments}
    assert len(system.payments) <= 1


def test_a_payment_that_is_read_back_with_another_amount_says_the_other_amount():
    system = HarvestServer(invoices={"I1": Decimal("100")}, shows_created=False)
    with serving(system) as served:
        served.fault_of = lambda _, request: None if request.is_change else Fault.WRONG_AMOUNT_AFTER
        payment = asked(served, lambda connector: connector.record_payment(PAYMENT))

    assert payment.amount == Decimal("960.25")


@pytest.mark.parametrize(
    "location",
    [
        "/invoice/I1/payments/77",
        "/invoices/I1/payments/77",
        "https://example.harvestapp.com/invoices/I1/payments/77",
        "/invoices/I1/payments/77.xml",
    ],
)
def test_location_may_be_a_path_or_an_address(location):
    assert recorded(told("POST", "/invoices/I1/payments", b" ", 201, Location=location)).payment_id == "77"


@pytest.mark.parametrize(
    "location",
    ["", "/invoices/I1", "/invoices/I1/payments", "/invoices/I1/payments/", "http://[/payments/1", "/payments/77"],
)
def test_without_a_body_and_a_location_that_names_a_payment_it_is_unclear(location):
    with pytest.raises(Unclear):
        recorded(told("POST", "/invoices/I1/payments", b"", 201, Location=location))


def test_a_location_of_another_invoice_that_cannot_be_read_is_unclear_and_never_refused():
    with pytest.raises(Unclear):
        recorded(told("POST", "/invoices/I1/payments", b"", 201, Location="/invoice/I2/payments/77"))


# Hostile and strange answers.


def bomb(levels: int) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE p [<!ENTITY e0 "1">{entities}]><payment><amount>&e{levels - 1};</amount></payment>'.encode()


HOSTILE = {
    "entities in entities": bomb(9),
    "a file of the machine": b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><payment><id>&x;</id></payment>',
    "an unknown entity": SHOWN.replace(b"Finally.", b"&finally;"),
    "too deep": b"<payment>" * 100_000,
    "no XML": b"payment",
    "two roots": SHOWN + SHOWN,
    "another root": SHOWN.replace(b"payment>", b"receipt>"),
    "another namespace": SHOWN.replace(b"<payment>", b'<payment xmlns="urn:x">'),
    "another encoding than it says": b'<?xml version="1.0" encoding="UTF-8"?>' + SHOWN.replace(b"Finally", b"\xff"),
    "an unknown encoding": b'<?xml version="1.0" encoding="klingon"?>' + SHOWN,
    "an amount said twice": SHOWN.replace(b"<notes>", b'<amount type="decimal">1.0</amount><notes>'),
    "no amount": SHOWN.replace(b"52000.0", b""),
    "an amount with a blank": SHOWN.replace(b"52000.0", b"52 000.0"),
    "an amount with an underscore": SHOWN.replace(b"52000.0", b"52_000.0"),
    "a power of ten": SHOWN.replace(b"52000.0", b"5.2e4"),
    "NaN": SHOWN.replace(b"52000.0", b"NaN"),
    "an endless amount": SHOWN.replace(b"52000.0", b"9" * 5000),
    "no date": SHOWN.replace(b"2008-02-14T", b"14.02.2008 "),
    "no id": SHOWN.replace(b'<id type="integer">54664</id>', b'<id type="integer" nil="true"/>'),
    "another payment": SHOWN.replace(b"54664", b"54665"),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_an_answer_that_is_not_quite_a_payment_is_unclear(body):
    with serving(told("GET", "/invoices/2393/payments/54664", body)) as served, pytest.raises(Unclear):
        asked(served, lambda connector: connector.get_payment("2393", "54664"))


def test_comments_and_instructions_in_an_answer_say_nothing():
    body = SHOWN.replace(b"Finally.", b"<!-- not -->Fin<!-- now -->ally.<?later?>").replace(b"<id", b"<!-- id --><id")
    with serving(told("GET", "/invoices/2393/payments/54664", body)) as served:
        assert asked(served, lambda connector: connector.get_payment("2393", "54664")).text == "Finally."


def test_a_payment_of_another_invoice_makes_the_history_unclear():
    body = LISTED.replace(b"4393", b"4394")
    with serving(told("GET", "/invoices/4393/payments", body)) as served, pytest.raises(Unclear, match="another"):
        asked(served, lambda connector: connector.history_of("4393"))


@pytest.mark.parametrize("body", [b'<payments type="array"/>', b'<nil-classes type="array"/>'])
def test_an_empty_list_is_no_payment(body):
    with serving(told("GET", "/invoices/4393/payments", body)) as served:
        assert asked(served, lambda connector: connector.history_of("4393")).payments == ()


@pytest.mark.parametrize("body", [SHOWN, b"<payments><invoice/></payments>", b"<invoices/>"])
def test_what_is_no_list_of_payments_is_unclear_and_never_empty(body):
    with serving(told("GET", "/invoices/4393/payments", body)) as served, pytest.raises(Unclear):
        asked(served, lambda connector: connector.history_of("4393"))


@given(st.text(max_size=200))
def test_any_text_is_sent_so_that_it_is_one_text_and_comes_back_without_what_xml_cannot_hold(text):
    body = element_body("payment", [("notes", "", text)])
    notes = a_row(ReadAnswer(body).xml(), "payment")["notes"]

    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    assert notes == kept.strip()


@given(st.decimals(min_value="0.001", max_value="999999999999999", places=3), st.dates(min_value=dt.date(1900, 1, 1)))
def test_amounts_are_sent_digit_for_digit_and_dates_as_written(amount, date):
    body = sent_by(replace(PAYMENT, amount=amount, payment_date=date))
    headers = {"authorization": "Basic dXNlcjpzZWNyZXQ=", "accept": XML, "content-type": XML}
    system = HarvestServer(invoices={"I1": Decimal(0)})
    answer = system.answer(Request("POST", "/invoices/I1/payments", {}, headers, body))
    taken = a_row(ReadAnswer(answer.body).xml(), "payment")

    assert Decimal(taken["amount"]) == amount
    assert taken["paid-at"] == f"{date.isoformat()}T00:00:00Z"


def sent_by(payment: NewPayment) -> bytes:
    """Return the body that a connector sends, without a socket."""
    bodies: list[bytes] = []

    class Quiet:
        async def send(self, method: str, path: str, body: bytes) -> ReadAnswer:
            bodies.append(body)
            return ReadAnswer(SHOWN)

    asyncio.run(Harvest(Quiet()).record_payment(payment))  # type: ignore[arg-type]
    return bodies[0]


# Notes, methods, secrets.


@pytest.mark.parametrize(
    ("method", "notes"),
    [
        (PaymentMethod.BANK_TRANSFER, "rc-key-0001 Receipt of 5 October"),
        (PaymentMethod.CHECK, "rc-key-0001 (check) Receipt of 5 October"),
        (PaymentMethod.CREDIT_CARD, "rc-key-0001 (credit card) Receipt of 5 October"),
    ],
)
def test_the_key_stands_first_in_the_notes_and_a_method_in_words_after_it(method, notes):
    payment = recorded(HarvestServer(invoices={"I1": Decimal("100")}), replace(PAYMENT, method=method))

    assert payment.text == notes


@pytest.mark.parametrize("method", PaymentMethod)
def test_every_method_comes_back_out_of_the_notes_but_a_bank_transfer_which_is_not_in_them(method):
    for notes in (PAYMENT.notes, ""):
        payment = recorded(HarvestServer(invoices={"I1": Decimal("100")}), replace(PAYMENT, method=method, notes=notes))

        assert payment.method == (None if method is PaymentMethod.BANK_TRANSFER else method)


@pytest.mark.parametrize(
    "notes", ["", "check", "Finally.", "rc-key (barter) x", "paid in (cash) by Ann", "(check", "()"]
)
def test_other_words_in_the_notes_are_no_method(notes):
    body = SHOWN.replace(b"Finally.", notes.encode())
    with serving(told("GET", "/invoices/2393/payments/54664", body)) as served:
        assert asked(served, lambda connector: connector.get_payment("2393", "54664")).method is None


def test_the_secret_is_user_and_password_with_the_colon_between():
    system = HarvestServer(token="user:pass:word", invoices={"I1": Decimal("100")})
    with serving(system) as served:

        async def record() -> RemotePayment:
            connector = harvest(served.url, "user:pass:word")
            async with connector.remote:
                return await connector.record_payment(PAYMENT)

        assert asyncio.run(record()).payment_id == "1334"


def test_a_secret_without_a_colon_is_refused_without_showing_it():
    with pytest.raises(ConfigError) as refused:
        harvest("https://example.harvestapp.com", "canary-5f21")

    assert "HARVEST" in str(refused.value)
    assert "canary" not in str(refused.value)


def test_the_secret_is_in_no_text_of_the_connector():
    assert "canary" not in repr(harvest("https://example.harvestapp.com", "canary-1:canary-2"))


# Open items.


def test_open_items_are_read_over_all_pages_and_states():
    system = HarvestServer(invoices={str(n): Decimal(n) for n in range(1, 121)})
    with serving(system) as served:
        asked(served, lambda c: c.record_payment(replace(PAYMENT, invoice_id="7", amount=Decimal("2.5"))))
        asked(served, lambda c: c.record_payment(replace(PAYMENT, invoice_id="8", amount=Decimal(8))))
        items = open_items(served)

    assert isinstance(harvest("https://example.harvestapp.com"), ListsInvoices)
    assert sorted(int(item.invoice_id) for item in items) == [n for n in range(1, 121) if n != 8]
    assert [(item.total, item.amount_due) for item in items if item.invoice_id == "7"] == [(7, Decimal("4.5"))]
    assert served.refusals == []


def test_an_open_item_has_what_a_run_reads_of_an_invoice():
    details = {"5": {"number": "00123", "client-id": "46066", "currency": "Euro - EUR", "due-at": ""}}
    with serving(HarvestServer(invoices={"5": Decimal("253.44")}, details=details)) as served:
        items = open_items(served)

    issued = dt.date(2026, 9, 30)
    total = Decimal("253.44")
    assert items == [RemoteInvoice("5", "00123", "46066", issued, issued, "EUR", total, total)]


@pytest.mark.parametrize(
    "details",
    [{"state": "draft"}, {"state": "closed"}, {"state": "paid"}, {"due-amount": "0.0"}, {"due-amount": "-5.0"}],
)
def test_what_is_not_sent_written_off_or_owes_nothing_is_no_open_item(details):
    class ShowsAll(HarvestServer):
        """Filters nothing: what is told is looked at again."""

        def answer(self, request: Request) -> Answer:
            return super().answer(replace(request, query={"page": request.query["page"]}))

    system = ShowsAll(invoices={"1": Decimal(10), "2": Decimal(20)}, details={"1": details})
    with serving(system) as served:
        assert [item.invoice_id for item in open_items(served)] == ["2"]


def test_a_list_without_pages_is_read_once_and_not_for_ever():
    class OnePage(HarvestServer):
        """Tells everything on every page."""

        def answer(self, request: Request) -> Answer:
            return super().answer(replace(request, query={"status": request.query["status"]}))

    with serving(OnePage(invoices={"1": Decimal(10)})) as served:
        assert [item.invoice_id for item in open_items(served)] == ["1"]
    assert len(served.requests) == 3


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"currency": "Taler"}, "no currency that can be read"),
        ({"issued-at": ""}, "no issued-at that can be read"),
        ({"issued-at": "soon"}, "a issued-at that is no date: 'soon'"),
        ({"number": ""}, "no number"),
        ({"client-id": ""}, "no client-id"),
        ({"due-amount": "ten"}, "no due-amount that is an amount"),
        ({"due-amount": "10.005"}, "10.005 USD as its amount due, with more decimals than the currency has"),
    ],
)
def test_an_open_item_that_cannot_be_read_is_told_with_its_reason_and_the_others_are_read(details, reason):
    system = HarvestServer(invoices={"1": Decimal(10), "2": Decimal(20)}, details={"1": details})
    with serving(system) as served:
        items = {item.invoice_id: item for item in open_items(served)}

    assert items["1"] == UnreadInvoice("1", items["1"].invoice_number, reason)
    assert items["2"].amount_due == 20


def test_posting_asks_only_for_what_the_document_of_payments_has():
    system = HarvestServer(invoices={"I1": Decimal("100")}, shows_created=False)
    with serving(system) as served:
        payment = asked(served, lambda connector: connector.record_payment(PAYMENT))
        asked(served, lambda connector: connector.history_of("I1"))
        asked(served, lambda connector: connector.delete_payment(payment))
        with pytest.raises(Refused):
            asked(served, lambda connector: connector.delete_payment(payment))

    assert {request.path for request in served.requests} == {"/invoices/I1/payments", "/invoices/I1/payments/1334"}


def plain(body: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Return an element's tags, attributes and texts in order, without comments and blanks between."""
    parser = etree.XMLParser(remove_comments=True, remove_blank_text=True)
    root = etree.fromstring(body, parser)
    return [(e.tag, dict(e.attrib), (e.text or "").strip()) for e in root.iter()]
