"""The short form of the report: it adds up, it is short, and what a bank wrote can do nothing in it."""

import pytest

from reconcile.report.digest import digest, exceptions, inert
from tests.report.builders import line, report


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "[pay here](https://evil.example)",
        "![](https://evil.example/seen.png)",
        "https://evil.example",
        "www.evil.example",
        "a@evil.example",
        "&lt;script&gt;",
        "`code` *bold* _thin_ ~~gone~~",
        "# title",
        "1. list",
        "- list",
        "a | b",
        "\\[x](javascript:alert(1))",
    ],
)
def test_whatever_opens_a_link_a_tag_or_a_picture_is_escaped(text):
    plain = inert(text)

    assert plain != text
    assert plain.replace("\\", "") == text.replace("\\", "")
    for sign in "<>[]`*_~&@!|#":
        assert plain.count(sign) == plain.count("\\" + sign)
    assert ":" not in plain.replace("\\:", "")
    assert "www." not in plain


def test_plain_words_and_amounts_stay_as_they_are():
    assert inert("The text names INV-1001, due 2026-10-01 (12.50 of 100.00).") == (
        "The text names INV-1001, due 2026-10-01 (12.50 of 100.00)."
    )


def test_what_cannot_be_seen_is_shown():
    assert "U+202E" in inert("abc\u202edef")


def test_the_digest_holds_the_headline_the_money_that_adds_up_and_the_counts():
    told = digest(report([line("applied", "100.00"), line("review", "40.00")]), "[Open](http://127.0.0.1:4201)")

    assert "1 of 2 lines decided, 1 waiting for a person" in told
    assert "| EUR | 140.00 | 100.00 | 0.00 | 40.00 | 0.00 | 0.00 |" in told
    assert "| Review | 1 |" in told
    assert "[Open](http://127.0.0.1:4201)" in told


def test_the_digest_quotes_no_bank():
    hostile = "<b>[x](y)"
    lines = [line("review", remittance_text=hostile, counterparty_name=hostile, explanation=hostile)]

    told = digest(report(lines, rejected=[{"source_file": hostile, "reason": hostile}]), "")

    assert "[x]" not in told
    assert "<b>" not in told


def test_exceptions_name_what_waits_the_largest_first_with_amounts_as_text():
    rows = exceptions(
        report([line("applied"), line("review", "5.00"), line("review", "70.00"), line("unmatched", "6.00")]), 10
    )

    assert [(row["kind"], row["amount"]) for row in rows] == [
        ("Review", "70.00"), ("Review", "5.00"), ("Unmatched", "6.00"),
    ]  # fmt: skip


def test_what_was_not_accepted_comes_first_and_a_long_reason_is_cut():
    rows = exceptions(report([line("review")], rejected=[{"reason": "no statement " * 100}]), 10)

    assert [row["kind"] for row in rows] == ["Not accepted", "Review"]
    assert len(rows[0]["why"]) < 310


def test_where_there_are_too_many_the_last_row_says_that_there_are_more():
    rows = exceptions(report([line("review", f"{n}.00") for n in range(1, 9)]), 5)

    assert len(rows) == 5
    assert rows[-1]["kind"] == "More"
    assert set(rows[-1]) == set(rows[0])


def test_cells_of_the_table_are_inert():
    rows = exceptions(report([line("review", explanation="see ![](https://evil.example)", customer_name="<b>A&B")]), 5)

    assert rows[0]["why"] == "see \\!\\[\\](https\\://evil.example)"
    assert rows[0]["customer"] == "\\<b\\>A\\&B"
