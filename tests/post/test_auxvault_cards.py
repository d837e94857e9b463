"""Numbers of cards and accounts go to AuxVault and nowhere else."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import re
import traceback
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reconcile.post.connector import PaymentFailed
from reconcile.post.connectors.auxvault_means import BankAccount, Card, Means
from reconcile.post.remote import Refused, RemoteError, Unclear
from tests.post.auxvault_replay import INVOICE, Saying, asked, paying
from tests.post.connectors_under_test import QUICK
from tests.post.servers.auxvault import DECLINED, AuxVaultServer
from tests.post.servers.base import Answer, Fault, Request, System, serving

CANARY = Card("5274576394259961", "11", "2031", "8642")
ACCOUNT = BankAccount("90817263549", "987654321")
NUMBERS = {"5274576394259961", "8642", "90817263549", "987654321"}
OF_THIS_MACHINE = re.compile(r"0x[0-9a-f]+|127\.0\.0\.1:\d+|\bport=\d+")  # addresses and ports: chance digits
EITHER = pytest.mark.parametrize("means", [CANARY, ACCOUNT], ids=["card", "account"])


def leaked(text: str) -> set[str]:
    """Return what of the canaries a text shows: a security code, or five digits in a row of any number."""
    ours = OF_THIS_MACHINE.sub("", text)
    digits = re.sub(r"(?<=\d)[ -](?=\d)", "", ours)
    pieces = {number[i : i + 5] for number in NUMBERS for i in range(max(1, len(number) - 4))}
    return {piece for piece in pieces if piece in digits}


def everything_said(error: BaseException) -> str:
    """Return an error's words, its values and its traceback, and those of all errors that it carries along."""
    parts = []
    carried: BaseException | None = error
    while carried is not None:
        parts += [str(carried), repr(carried), repr(vars(carried)), *traceback.format_exception(carried)]
        carried = carried.__cause__ or carried.__context__
    return "\n".join(parts)


@dataclasses.dataclass
class Repeating(System):
    """A system that repeats in its answer what it was sent; cut off, where `length_max` says so."""

    status: int
    shape: str
    length_max: int = 10_000

    def answer(self, request: Request) -> Answer:
        said = json.dumps(" ".join(re.findall(r"\d+", request.body.decode()))[: self.length_max])
        return Answer(self.status, self.shape.replace("SAID", said).encode())


@pytest.fixture
def log(caplog) -> Iterator[pytest.LogCaptureFixture]:
    """Listen to every logger at its most talkative."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


@EITHER
def test_a_number_is_shown_by_its_last_four_digits_at_most(means):
    shown = f"{means} {means!r} {[means]}"

    assert not leaked(shown)
    assert (repr(CANARY), repr(ACCOUNT)) == ("Card(ending in 9961)", "BankAccount(ending in 3549)")
    assert repr(BankAccount("1234", "987654321")) == "BankAccount(its number is not shown)"


@EITHER
@pytest.mark.parametrize("store", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_number_is_never_stored(means, store):
    with pytest.raises(TypeError) as refused:
        store(means)

    assert not leaked(everything_said(refused.value))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Card("5274576394259962"),
        lambda: Card("52745763942599615274"),
        lambda: Card("5274 5763 9425 9961"),
        lambda: Card("5274576394259961", expiry_month="13"),
        lambda: Card("5274576394259961", expiry_year="31"),
        lambda: Card("5274576394259961", cvv="86421"),
        lambda: BankAccount("90817263549", "98765432"),
        lambda: BankAccount("908-17263549", "987654321"),
    ],
)
def test_a_number_that_is_none_is_not_repeated_in_the_error(make):
    with pytest.raises(ValueError, match=r"^the (card|account|bank)'s") as refused:
        make()

    assert not leaked(str(refused.value))


@EITHER
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
def test_no_fault_shows_a_number(means, fault, log):
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        served.fault_of = lambda *_: fault
        try:
            said = repr(asked(served, paying(means, "1.25"), QUICK))
        except RemoteError as error:
            said = everything_said(error)

        assert leaked(served.requests[0].body.decode())
    assert not leaked(said + log.text)
    assert not leaked(repr(served.system))


SHAPES = {
    "refusal": (422, '{"success": false, "error": {"message": SAID}}', Refused),
    "refusal in success": (200, '{"success": false, "error": {"code": "NO", "message": SAID}}', Refused),
    "decline": (
        200,
        '{"success": false, "data": {"paymentId": "p", "invoiceId": "inv_abc123", "amount": 1, "declineReason": SAID}}',
        PaymentFailed,
    ),
    "decline with 402": (
        402,
        '{"success": false, "data": {"paymentId": "p", "invoiceId": "inv_abc123", "amount": 1, "declineReason": SAID}}',
        PaymentFailed,
    ),
    "status": (
        200,
        '{"success": true, "data": {"paymentId": "p", "invoiceId": "inv_abc123", "status": SAID}}',
        Unclear,
    ),
    "date": (200, '{"success": true, "data": {"paymentId": "p", "invoiceId": "inv_abc123", "paidAt": SAID}}', Unclear),
    "amount": (
        200,
        '{"success": true, "data": {"paymentId": "p", "invoiceId": "inv_abc123", "paidAmount": SAID}}',
        Unclear,
    ),
    "no JSON": (200, "SAID SAID", Unclear),
    "failure": (500, "SAID", Unclear),
}


@EITHER
@pytest.mark.parametrize("length_max", [10_000, 12, 9])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_system_that_repeats_a_number_is_not_repeated(means: Means, shape, length_max, log):
    status, words, trouble = SHAPES[shape]
    with serving(Repeating(status, words, length_max)) as served, pytest.raises(trouble) as raised:
        asked(served, paying(means, "1.25"))

    assert not leaked(everything_said(raised.value) + log.text)


def test_a_refusal_still_says_what_is_wrong():
    words = '{"success": false, "error": {"code": "INVALID_CVV", "message": "CVV 8642 invalid"}}'

    with serving(Saying(words, 422)) as served, pytest.raises(Refused, match=r"^refused \(422\)") as refused:
        asked(served, paying(CANARY, "1.25"))

    assert "INVALID_CVV" in str(refused.value)
    assert "CVV **** invalid" in str(refused.value)


def test_a_card_that_is_declined_and_its_number_do_not_stay_together():
    with serving(AuxVaultServer(invoices={INVOICE: Decimal("500.00")})) as served:
        with pytest.raises(PaymentFailed, match="Insufficient funds") as failed:
            asked(served, paying(Card(DECLINED, cvv="8642"), "1.25"))

        assert DECLINED not in everything_said(failed.value)
        assert failed.value.payment.status == "failed"
