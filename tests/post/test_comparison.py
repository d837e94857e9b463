"""Ledger and system are compared invoice by invoice: silent where they agree, and loud, in words, where they do not."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from reconcile import post
from reconcile.ledger import open_ledger
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.post.comparison import differences
from reconcile.post.connector import RemotePayment
from tests.post.office import Office
from tests.post.servers.base import serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server

KEY, OTHER_KEY = "rc-" + "a" * 26, "rc-" + "b" * 26


def told(applied: str = "0", before: str = "0", by_hand: str = "0", undone: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what the ledger says of an invoice to which it has posted under `KEY`."""
    return {
        "invoice_id": "I1",
        "invoice_number": "INV-I1",
        "currency": "EUR",
        "ledger_amount": Decimal(applied),
        "by_hand": Decimal(by_hand),
        "paid_before": Decimal(before),
        "posting_ids": [KEY],
        "remote_ids": ["p1"],
        "undone_ids": list(undone),
    }


def paid(payment_id: str, amount: str, text: str = "", status: str = "", recorded: str = "") -> RemotePayment:
    return RemotePayment(payment_id, "I1", Decimal(amount), text=text, status=status, recorded=recorded)


OURS = paid("p1", "60.00", KEY)
THEIRS = paid("x1", "40.00")


@pytest.mark.parametrize(
    ("row", "payments"),
    [
        (told(), ()),
        (told("60.00"), (OURS,)),
        (told("60.00"), (paid("p1", "60.00"),)),  # by its id, where the system shows no key
        (told("60.00"), (paid("p9", "60.00", f"{KEY} Receipt"),)),  # by its key, where the id is not known
        (told("60.00", before="40.00"), (OURS, THEIRS)),
        (told("60.00", before="40.00"), (OURS,)),  # what was paid before need not show as a payment
        (told("60.00", by_hand="40.00"), (OURS, THEIRS)),
        (told("60.00", before="30.00", by_hand="10.00"), (OURS, THEIRS)),
        (told("60.00", before="900.00", by_hand="40.00"), (OURS, THEIRS)),
        (told("0", before="60.00"), (paid("x1", "60.00"),)),
        (told("100.00"), (paid("x1", "100.00"),)),  # paid there in the same sum, whoever recorded it
        (told("0", undone=("p1",)), (OURS,)),  # taken back, where the refund is not shown
        (told("0"), (paid("p1", "60.00", KEY, status="refunded"), paid("p2", "60.00", status="failed"))),
    ],
)
def test_what_agrees_is_silent(row, payments):
    assert differences(row, payments) == []


@pytest.mark.parametrize(
    ("row", "payments", "kind", "amounts", "words"),
    [
        (told("60.00"), (), "missing_there", ("60.00", "0"), "has applied 60.00, there 0.00 of it"),
        (told("60.00"), (paid("p1", "59.00", KEY),), "unequal", ("60.00", "59.00"), "there 59.00 of it"),
        (told("0"), (OURS,), "unequal", ("0", "60.00"), "has applied 0.00, there 60.00"),
        (told("60.00"), (OURS, THEIRS), "missing_here", ("60.00", "40.00"), r"40.00 there \(x1\), of which 0.00 was"),
        (told("60.00", before="10.00"), (OURS, THEIRS), "missing_here", ("60.00", "40.00"), "of which 10.00 was known"),
        (told("60.00", by_hand="15.00"), (OURS, THEIRS), "missing_here", ("60.00", "40.00"), "of which 15.00 was"),
        (told("60.00"), (OURS, paid("p2", "60.00", OTHER_KEY)), "missing_here", ("60.00", "60.00"), "key of ours"),
        (told("60.00", by_hand="40.00"), (OURS,), "missing_there", ("40.00", "0"), "40.00 of it was recorded here by"),
        (told("0", before="40.00", by_hand="5.00"), (THEIRS,), "missing_there", ("5.00", "40.00"), "by hand too"),
    ],
)
def test_what_differs_is_told_with_both_amounts_in_words(row, payments, kind, amounts, words):
    (found,) = differences(row, payments)

    assert (found["kind"], found["invoice_number"], found["currency"]) == (kind, "INV-I1", "EUR")
    assert (found["ledger_amount"], found["remote_amount"]) == tuple(map(Decimal, amounts))
    assert re.search(words, str(found["sentence"])), found["sentence"]


def test_who_recorded_a_payment_there_is_told_where_the_system_says_it():
    (found,) = differences(told(), (paid("x1", "5.00", recorded="Happy Owner\x1b[2J\n <happy@owner.com>" + "x" * 200),))

    assert "(x1 [Happy Owner [2J <happy@owner.com>x" in str(found["sentence"])
    assert str(found["sentence"]).isprintable()
    assert len(str(found["sentence"])) < 200


def test_what_people_recorded_here_is_held_against_the_system_too(tmp_path):
    system = InvoicingV1Server(invoices={"I1": Decimal(100), "I2": Decimal(50)})
    with serving(system) as served:
        office = Office(tmp_path, served.url)
        office.decides(("I1", "40.00"), invoices={"I1": "100.00", "I2": "50.00"})
        office.posts()
        with (opened := open_ledger(office.path)) as ledger:
            desk = PaymentDesk(ledger, "Anna", dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.date(2026, 11, 1))
            desk.record("I2", Details(method="cash"))
            opened.keep()

        def compared() -> list[tuple[str, str]]:
            with open_ledger(office.path) as ledger:
                found = post.compare_all(ledger, office.config, office.connector())
            return found.select("invoice_id", "kind").rows()

        assert compared() == [("I2", "missing_there")]

        payment = {"id": "x", "invoice_id": "I2", "amount": Decimal(50), "payment_method": "cash"}
        system.payments.append({**payment, "payment_date": "2026-11-01"})
        assert compared() == []
