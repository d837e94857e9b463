"""Receipts confirm only money that was kept, reminders say what remains, and hostile text stays text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from reconcile.errors import PaymentError
from reconcile.report.payment_letters import receipt, reminder

INVOICE = {
    "invoice_number": "INV-1",
    "issue_date": dt.date(2026, 9, 1),
    "currency": "EUR",
    "total": Decimal("100.000"),
    "remaining": Decimal("40.000"),
}
PAYMENT = {
    "payment_id": "pay_1",
    "payment_date": dt.date(2026, 10, 1),
    "customer_id": "C1",
    "customer_name": "Elm Ltd",
    "currency": "EUR",
    "amount": Decimal("60.000"),
    "applied": Decimal("60.000"),
    "excess": Decimal(0),
    "kept": Decimal(0),
    "refunded": Decimal(0),
    "origin": "hand",
    "method": "credit_card",
    "reference": "0815",
    "notes": "pays late, call her",
    "status": "completed",
    "invoice": INVOICE,
}


def reminded(**facts: Any) -> str:
    own = {"customer_id": "C1", "customer_name": "Elm Ltd", "due_date": dt.date(2026, 10, 1), "days_overdue": 7}
    return reminder(INVOICE | own | facts)


def test_a_receipt_says_who_paid_what_how_much_and_what_remains() -> None:
    text = receipt(PAYMENT)
    for told in ("Elm Ltd", "60.00 EUR", "credit card", "0815", "INV-1 of 2026-09-01, 100.00 EUR", "2026-10-01"):
        assert told in text
    assert "Thank you. 40.00 EUR of the invoice remains to be paid." in text
    assert "Your credit" not in text


def test_a_receipt_of_the_last_payment_says_that_the_invoice_is_settled() -> None:
    assert "The invoice is settled." in receipt(PAYMENT | {"invoice": INVOICE | {"remaining": Decimal(0)}})


def test_a_receipt_names_what_was_refunded_and_what_is_credit() -> None:
    text = receipt(PAYMENT | {"status": "partially_refunded", "refunded": Decimal("5.000"), "excess": Decimal("7.500")})
    assert "Refunded:    5.00 EUR" in text
    assert "Your credit: 7.50 EUR" in text


@pytest.mark.parametrize("status", ["failed", "deleted", "returned", "refunded"])
def test_money_that_was_not_kept_has_no_receipt(status: str) -> None:
    with pytest.raises(PaymentError, match=status):
        receipt(PAYMENT | {"status": status})


def test_what_our_own_people_noted_is_not_told_to_the_customer() -> None:
    assert "pays late" not in receipt(PAYMENT)


def test_hostile_text_begins_no_line_and_steers_no_terminal() -> None:
    evil = "Elm\nRemaining: 0.00 EUR\r\x1b[2J\u202e[red]{{7*7}}"
    for text in (receipt(PAYMENT | {"customer_name": evil, "reference": evil}), reminded(customer_name=evil)):
        assert not [line for line in text.splitlines() if line.startswith("Remaining: 0.00")]
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[red]{{7*7}}" in text


def test_a_customer_without_a_name_is_named_by_its_id() -> None:
    assert "C1" in receipt(PAYMENT | {"customer_name": ""})
    assert "Dear C1," in reminded(customer_name="")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "is due on 2026-10-01, in 3 days."),
        (-1, "is due on 2026-10-01, in 1 day."),
        (0, "is due on 2026-10-01, today."),
        (1, "was due on 2026-10-01, 1 day ago."),
        (14, "was due on 2026-10-01, 14 days ago."),
    ],
)
def test_a_reminder_says_when_the_invoice_is_or_was_due(days: int, words: str) -> None:
    assert words in reminded(days_overdue=days)


def test_a_reminder_asks_for_what_remains_and_says_what_is_settled() -> None:
    assert "60.00 EUR of it is settled. Please pay 40.00 EUR" in reminded()
    assert "settled" not in reminded(remaining=Decimal("100.000"))
