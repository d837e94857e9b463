"""What people teach of payers: each account and name once, with its witnesses, and of one customer alone."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from reconcile.ledger import Ledger, learned_payers, store_receivables
from tests.builders import a_customer, a_line, receivables, store_lines, write_review

ACCOUNT = "DE02 1203 0000 0000 2020 51"


def known(ledger: Ledger) -> list[tuple[object, ...]]:
    return learned_payers(ledger, 2).rows()


def seen(ledger: Ledger, amount: str = "7.00", text: str = "", *, account: str = ACCOUNT, name: str = "") -> str:
    line = a_line(amount, text, counterparty_account=account, counterparty_name=name)
    (line_id,) = store_lines(ledger, line, name=f"{amount}{text}{account}{name}")
    return line_id


def customers(ledger: Ledger, *told: dict[str, str]) -> None:
    store_receivables(ledger, receivables(customers=[a_customer(**row) for row in told]))


def test_a_line_that_was_decided_twice_confirms_once_and_another_spelling_confirms_again(ledger):
    one, other = seen(ledger, text="1"), seen(ledger, text="2", account="de02-120300000000202051")
    write_review(ledger, one, who="ben", decided_at="2026-11-24")
    write_review(ledger, one, who="anna", decided_at="2026-11-23")
    assert [row[3:7] for row in known(ledger)] == [(1, "anna", dt.date(2026, 11, 23), True)]

    write_review(ledger, other, who="eve", decided_at="2026-11-25")

    assert known(ledger) == [("account", "DE02120300000000202051", "C1", 2, "anna", dt.date(2026, 11, 23), False)]


@pytest.mark.parametrize("action", ["accept", "assign", "on_account", "write_off"])
def test_a_decision_for_a_customer_teaches_its_payers_account_and_name(ledger, action):
    write_review(ledger, seen(ledger, name="Roe & Co. Treasury"), action)

    assert [row[:3] for row in known(ledger)] == [
        ("account", "DE02120300000000202051", "C1"), ("name", "ROECOTREASURY", "C1"),
    ]  # fmt: skip


@pytest.mark.parametrize("action", ["reject", "not_receivable"])
def test_what_says_nothing_of_a_customer_teaches_nothing(ledger, action):
    write_review(ledger, seen(ledger), action, "")

    assert known(ledger) == []


def test_a_decision_that_waits_for_a_second_person_teaches_nothing(ledger):
    write_review(ledger, seen(ledger), decision_id="")

    assert known(ledger) == []


def test_money_that_left_teaches_nothing(ledger):
    write_review(ledger, seen(ledger, "-7.00"))

    assert known(ledger) == []


def test_signs_alone_are_no_name(ledger):
    write_review(ledger, seen(ledger, account="", name="*** ///"))

    assert known(ledger) == []


@pytest.mark.parametrize("own", [{"iban": ACCOUNT}, {"account": "de02120300000000202051"}])
def test_an_account_that_the_customers_data_give_is_not_learned(ledger, own):
    customers(ledger, {"customer_id": "C1", **own})
    write_review(ledger, seen(ledger))

    assert known(ledger) == []


def test_a_name_or_alias_that_the_customers_data_give_is_not_learned(ledger):
    customers(ledger, {"customer_id": "C1", "name": "Elm Ltd", "aliases": "Elm Group|Ülme"})
    for name in ("ELM LTD.", "elm group", "Ulme"):
        write_review(ledger, seen(ledger, account="", name=name))

    assert known(ledger) == []


def test_what_was_said_of_two_customers_is_evidence_for_none(ledger):
    write_review(ledger, seen(ledger, text="1"), "accept", "C1")
    write_review(ledger, seen(ledger, text="2"), "accept", "C2")

    assert known(ledger) == []


def test_one_of_two_that_was_undone_leaves_the_other(ledger):
    write_review(ledger, seen(ledger, text="1"), "accept", "C1")
    slip = seen(ledger, text="2")
    write_review(ledger, slip, "undo", "", undoes_id=write_review(ledger, slip, "accept", "C2"))

    assert [row[2] for row in known(ledger)] == ["C1"]


def test_what_another_customers_data_give_is_not_learned(ledger):
    customers(ledger, {"customer_id": "C1"}, {"customer_id": "C2", "iban": ACCOUNT, "aliases": "Roe|Roe Treasury"})
    write_review(ledger, seen(ledger, name="ROE TREASURY"), "accept", "C1")

    assert known(ledger) == []


def test_the_order_in_which_people_are_written_down_changes_nothing(ledger):
    said = [(seen(ledger, text=f"{number}"), f"2026-11-2{number % 3}") for number in range(9)]
    told = set()
    for seed in range(4):
        ledger.con.execute("delete from reviews")
        for line_id, day in Random(seed).sample(said, len(said)):
            write_review(ledger, line_id, decided_at=day, who=f"person of {line_id}")
        told.add(tuple(known(ledger)))

    assert len(told) == 1
