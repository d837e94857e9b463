"""A file of decisions says what a person decided, or is refused in words: whole, or one decision alone."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from reconcile.errors import ReviewError
from reconcile.review import Decided, InvoiceCash, read_decisions

ACCEPTED = {
    "line_id": "a1b2c3",
    "action": "accept",
    "invoices": [{"invoice_id": "inv_1", "amount": "12.00"}, {"invoice_id": "cn_1", "amount": "-2.00"}],
    "customer_id": "",
    "reason": "they called",
    "decided_at": "2026-11-26T08:01:02Z",
}


def file_of(tmp_path, *decisions, **changed):
    told = {"format": "reconcile-decisions/1", "run_number": 3, "who": "anna", "decisions": list(decisions)} | changed
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_a_file_of_the_page_is_read_to_the_cent_and_the_second(tmp_path):
    read = read_decisions(file_of(tmp_path, ACCEPTED))

    assert (read.name, read.run_number, read.who, read.refused) == ("decisions.json", 3, "anna", ())
    assert read.decisions == (
        Decided(
            line_id="a1b2c3",
            action="accept",
            invoices=(InvoiceCash("inv_1", Decimal("12.00")), InvoiceCash("cn_1", Decimal("-2.00"))),
            reason="they called",
            decided_at=dt.datetime(2026, 11, 26, 8, 1, 2, tzinfo=dt.UTC),
            place="decision 1",
        ),
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"action": "delete"}, "unknown action 'delete'"),
        ({"line_id": ""}, "the line's id is missing"),
        ({"line_id": 5.5}, None),
        ({"line_id": None}, "line_id is no text"),
        ({"invoices": [{"invoice_id": "inv_1", "amount": "1e3"}]}, "'1e3' is no amount"),
        ({"invoices": [{"invoice_id": "inv_1", "amount": "NaN"}]}, "'NaN' is no amount"),
        ({"invoices": [{"invoice_id": "inv_1", "amount": "--1"}]}, "'--1' is no amount"),
        ({"invoices": [{"invoice_id": "", "amount": "1"}]}, "an invoice's id is missing"),
        ({"invoices": [{"invoice_id": "inv_1"}, {"invoice_id": "inv_1"}]}, "an invoice stands twice"),
        ({"invoices": "inv_1"}, "its invoices are no list"),
        ({"invoices": [["inv_1"]]}, "an invoice is not told as"),
        ({"decided_at": "yesterday"}, "'yesterday' is no instant"),
        ({"reason": "x" * 501}, "reason has 501 characters; at most 500 are allowed"),
        ({"reason": "\ud800"}, "reason is not readable as text"),
        ({"force": True}, "its key 'force' is not known"),
    ],
)
def test_a_decision_that_cannot_be_read_is_refused_alone(tmp_path, change, why):
    read = read_decisions(file_of(tmp_path, ACCEPTED | change, ACCEPTED))

    assert len(read.decisions) == (1 if why else 2)
    assert [(refused.place, refused.reason[: len(why or "")]) for refused in read.refused] == (
        [("decision 1", why)] if why else []
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b"line_id,action\n", "it is no JSON"),
        (b"[]", "it does not say"),
        (b'{"format": "reconcile-decisions/2", "decisions": []}', "it does not say"),
        (b'{"format": "reconcile-decisions/1"}', "it has no list"),
        (b'{"format": "reconcile-decisions/1", "decisions": [], "run_number": "x"}', "its run_number is no number"),
        (b'{"format": "reconcile-decisions/1", "decisions": [], "by": "x"}', "its key 'by' is not known"),
        (b'{"format": "reconcile-decisions/1", "decisions": [], "decisions": []}', "a key stands twice"),
        (b'{"format": "reconcile-decisions/1", "run_number": NaN, "decisions": []}', "NaN is no amount"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_holds_no_decisions_is_refused_whole(tmp_path, content, why):
    path = tmp_path / "decisions.json"
    path.write_bytes(content)

    with pytest.raises(ReviewError, match=r"is no file of decisions: ") as told:
        read_decisions(path)

    assert why in str(told.value)


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path):
    with pytest.raises(ReviewError, match="cannot be read: No such file"):
        read_decisions(tmp_path / "none.json")
