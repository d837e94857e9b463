"""The commands that tell others of payments, from outside: figures, receipts, reminders, events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli_payments import office, payments, refused  # noqa: F401 - the same office

AS_OF = ("--as-of", "2026-10-08")


def by_bank(payments: Any) -> str:  # noqa: F811
    return str(payments("list", "--json").json[0]["payment_id"])


def test_analytics_are_told_in_words_and_as_exact_json(payments: Any) -> None:  # noqa: F811
    payments("record", "I2", "--amount", "100.10", "--date", "2026-10-01")
    told = payments("analytics", "--period", "61d", "--as-of", "2026-10-31", "--json").json
    assert (told["total_invoices"], told["paid"], told["partially_paid"], told["unpaid"]) == (3, 1, 1, 1)
    assert (told["payment_rate"], told["partial_payment_rate"]) == ("0.3333", "0.3333")
    assert told["revenue"] == [{"currency": "EUR", "amount": "200.10"}]
    words = payments("analytics", "--period", "61d", "--as-of", "2026-10-31").out
    assert "Payment rate: 0.3333" in words
    assert "Cash received: 200.10 EUR" in words
    assert "Payment rate: none" in payments("analytics", "--as-of", "2020-01-01").out


def test_a_receipt_is_written_for_bank_lines_and_for_payments_by_hand(payments: Any, tmp_path: Path) -> None:  # noqa: F811
    text = payments("receipt", by_bank(payments)).out
    assert "Larkspur Optics GmbH" in text
    assert "bank transfer" in text
    assert "The invoice is settled." in text
    payments("record", "I2", "--amount", "50", "--id", "mine")
    assert payments("receipt", "mine", "--out", str(tmp_path / "receipt.txt")).out == ""
    written = (tmp_path / "receipt.txt").read_text(encoding="utf-8")
    assert written == payments("receipt", "mine").out
    assert "200.00 EUR of the invoice remains to be paid" in written


def test_a_reminder_that_is_marked_is_listed_once(payments: Any) -> None:  # noqa: F811
    assert "INV-1002" in payments("reminders", *AS_OF).out
    first = payments("reminders", *AS_OF, "--mark-sent", "--json").json
    assert [(row["invoice_id"], row["step_days"], row["remaining"]) for row in first] == [
        ("I2", 7, "250.00"), ("I3", 7, "75.50"),
    ]  # fmt: skip
    assert first[0]["text"].startswith("Dear Bramble Foods AG,")
    assert payments("reminders", *AS_OF, "--json").json == []
    assert "No reminder is due." in payments("reminders", *AS_OF).out
    assert [row["step_days"] for row in payments("reminders", "--as-of", "2026-10-15", "--json").json] == [14, 14]


def test_a_users_schedule_stands_over_the_default(payments: Any, tmp_path: Path) -> None:  # noqa: F811
    config = tmp_path / "mine.toml"
    config.write_text("[reminders]\ndays_before = []\ndays_after = [30]\n")
    assert payments("reminders", *AS_OF, "--config", str(config), "--json").json == []


def test_events_are_one_json_object_a_line_and_the_same_whenever_they_are_told(payments: Any) -> None:  # noqa: F811
    payments("fail", "I2", "--reason", "\x1b[2Jdeclined")
    told = payments("events", "--since", "2026-01-01").out
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["type"] for line in lines] == ["invoice.payment_received", "invoice.paid", "invoice.payment_failed"]
    assert '"amount": 100.00' in told
    assert "\x1b" not in told
    assert payments("events", "--since", "2026-01-01T00:00:00+02:00").out == told
    assert payments("events", "--since", "2999-01-01").out == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("analytics", "--period", "month"), "'month' is no period"),
        (("receipt", "P9"), "no payment 'P9'"),
        (("events", "--since", "yesterday"), "'yesterday' is no instant"),
        (("reminders", "--as-of", "soon"), "write it as 2026-10-31"),
    ],
)
def test_a_mistake_is_told_in_a_line(payments: Any, words: tuple[str, ...], told: str) -> None:  # noqa: F811
    refused(payments(*words), told)


def test_a_receipt_that_cannot_be_written_is_told(payments: Any, tmp_path: Path) -> None:  # noqa: F811
    refused(payments("receipt", by_bank(payments), "--out", str(tmp_path / "no" / "r.txt")), "cannot be written")
