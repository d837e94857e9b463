"""What people said comes back: what they rejected is never proposed again, whom they confirmed as a payer is known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from reconcile.config import load
from reconcile.ledger import Ledger
from reconcile.review import Decided, InvoiceCash, ReviewDesk
from reconcile.sql import sql
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    an_invoice,
    begin_run,
    decided,
    store_lines,
    write_review,
)
from tests.nights import a_night, decision

ELM = a_customer("C1", name="Elm Ltd")
OAK = a_customer("C2", name="Oak Joinery AG", iban="DE02 1203 0000 0000 2020 51")
CUSTOMERS = (ELM, OAK)
SAID_AT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
AGENT = "GB29 NWBK 6016 1331 9268 19"


def reject(ledger: Ledger, line: pl.DataFrame, *invoice_ids: str, action: str = "reject") -> str:
    """Store a line of which a person says that it does not pay these invoices, and return its id."""
    ledger.begin_run_of_person("review", SAID_AT)
    (line_id,) = store_lines(ledger, line, name=f"rejected {ledger.run_number}")
    write_review(ledger, line_id, action, "", *invoice_ids)
    return line_id


def teach(ledger: Ledger, customer_id: str, line: pl.DataFrame, *, who: str = "anna", name: str = "") -> str:
    """Store a line that a person puts on the customer's account, and return the review's id."""
    ledger.begin_run_of_person("review", SAID_AT)
    (line_id,) = store_lines(ledger, line, name=f"taught {ledger.run_number} {name}")
    amount = str(line["amount"][0])
    put = a_decision(line_id, "on_account", on_account=amount, customer_id=customer_id, rule="person")
    ledger.write(decided([put]))
    ((decision_id,),) = ledger.rows("select decision_id from current_decisions where line_id = ?", line_id)
    return write_review(ledger, line_id, "on_account", customer_id, who=who, decision_id=str(decision_id))


def from_agent(
    amount: str, text: str = "", *, day: str = "2026-10-05", account: str = AGENT, **told: Any
) -> pl.DataFrame:
    return a_line(amount, text, booked_date=day, counterparty_account=account, **told)


# What was rejected


@pytest.mark.parametrize("text", ["INV-I1", "INV 1", "invoices INV-I1 INV-I2", "INVI1", ""])
def test_a_rejected_pair_is_never_proposed_again_alone_or_in_a_set(ledger, text):
    line_id = reject(ledger, a_line("100.00", text, counterparty_name="Elm Ltd"), "I1")
    owed = [
        an_invoice("I1", amount_due="100.00"),
        an_invoice("I2", amount_due="60.00"),
        an_invoice("I3", amount_due="40.00"),
    ]

    a_night(ledger, invoices=owed, customers=CUSTOMERS)

    assert all(invoice_id != "I1" for _, invoice_id in decision(ledger, line_id)["invoices"])
    assert decision(ledger, line_id)["outcome"] == "review"
    assert decision(ledger, line_id)["invoices"] == [("proposed", "I2"), ("proposed", "I3")]


def test_a_rejection_does_not_stop_another_invoice(ledger):
    line_id = reject(ledger, a_line("100.00", "", counterparty_name="Elm Ltd"), "I1", "I2")
    owed = [
        an_invoice("I1", amount_due="60.00"),
        an_invoice("I2", amount_due="40.00"),
        an_invoice("I3", amount_due="100.00"),
    ]

    a_night(ledger, invoices=owed, customers=CUSTOMERS)

    assert decision(ledger, line_id)["invoices"] == [("proposed", "I3")]


def test_of_equal_items_the_one_that_was_not_rejected_is_proposed(ledger):
    line_id = reject(ledger, a_line("100.00", counterparty_name="Elm Ltd"), "I1")

    a_night(ledger, invoices=[an_invoice("I1"), an_invoice("I2", due_date="2026-10-09")], customers=CUSTOMERS)

    assert decision(ledger, line_id)["invoices"] == [("proposed", "I2")]


def test_receipts_that_compete_are_given_what_was_not_rejected_for_them(ledger):
    first = reject(ledger, a_line("100.00", "one", counterparty_name="Elm Ltd"), "I1")
    second = reject(ledger, a_line("100.00", "two", counterparty_name="Elm Ltd"), "I2")

    a_night(ledger, invoices=[an_invoice("I1"), an_invoice("I2")], customers=CUSTOMERS)

    assert decision(ledger, first)["invoices"] == [("proposed", "I2")]
    assert decision(ledger, second)["invoices"] == [("proposed", "I1")]


def test_a_line_of_which_something_was_rejected_waits_for_a_person_however_sure_the_rest_is(ledger):
    line_id = reject(ledger, a_line("100.00", "INV-I2", counterparty_name="Elm Ltd"), "I1")

    a_night(ledger, invoices=[an_invoice("I1"), an_invoice("I2")], customers=CUSTOMERS)

    assert decision(ledger, line_id)["outcome"] == "review"
    assert (
        "A person rejected what seemed right before, so a person looks again."
        in decision(ledger, line_id)["explanation"]
    )


def test_another_line_may_pay_what_was_rejected_for_one(ledger):
    reject(ledger, a_line("100.00", "INV-I1 by Elm"), "I1")

    (other,) = a_night(ledger, a_line("100.00", "INV-I1"), invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert decision(ledger, other)["invoices"] == [("posted", "I1")]


def test_a_line_that_does_not_pay_an_invoice_does_not_pay_it_twice_either(ledger):
    line_id = reject(ledger, a_line("100.00", "INV-I1 once more", booked_date="2026-10-09"), "I1")
    (paying,) = a_night(ledger, a_line("100.00", "INV-I1"), invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert decision(ledger, paying)["outcome"] == "applied"
    assert decision(ledger, line_id)["outcome"] == "unmatched"
    assert decision(ledger, line_id)["explanation"].startswith("A person rejected what seemed right before")


def test_a_rejection_that_was_taken_back_stops_nothing(ledger):
    line_id = reject(ledger, a_line("100.00", "INV-I1"), "I1")
    write_review(ledger, line_id, "undo", "", undoes_id="review-1")

    a_night(ledger, invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


def test_a_return_that_a_person_undid_is_not_taken_back_again(ledger):
    (paying,) = a_night(ledger, a_line("100.00", "INV-I1"), invoices=[an_invoice("I1")], customers=CUSTOMERS)
    line_id = reject(ledger, a_line("-100.00", "RETURNED INV-I1", booked_date="2026-10-09"), "I1", action="undo")

    a_night(ledger, invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert decision(ledger, line_id)["outcome"] != "returned"
    assert decision(ledger, paying)["outcome"] == "applied"


# Whom they taught


def test_a_confirmed_account_is_known_and_the_sentence_names_who_confirmed_it(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(ledger, from_agent("100.00"), invoices=[an_invoice("I1")], customers=CUSTOMERS)

    told = decision(ledger, line_id)
    assert told["invoices"] == [("posted", "I1")]
    assert (
        "it is paid from an account that anna confirmed for customer C1 on 2026-11-25 (1 line)" in told["explanation"]
    )


def test_an_account_is_known_however_it_is_spelt(ledger):
    teach(ledger, "C1", from_agent("7.00", account=AGENT.lower()))

    (line_id,) = a_night(
        ledger, from_agent("100.00", account=AGENT.replace(" ", "")), invoices=[an_invoice("I1")], customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


def test_a_strangers_equal_amount_is_nobodys(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("100.00", account="FR76 3000 6000 0112 3456 7890 189"), invoices=[an_invoice("I1")],
        customers=CUSTOMERS,
    )  # fmt: skip

    assert decision(ledger, line_id)["outcome"] == "unmatched"


def test_a_learned_account_pays_nothing_of_another_customers(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("100.00"), customers=CUSTOMERS,
        invoices=[an_invoice("I2", customer_id="C2"), an_invoice("I1", amount_due="3.00")],
    )  # fmt: skip

    assert decision(ledger, line_id)["invoices"] == []


def test_a_new_account_waits_above_the_limit_and_says_so(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("1000.01"), invoices=[an_invoice("I1", amount_due="1000.01")], customers=CUSTOMERS
    )

    told = decision(ledger, line_id)
    assert told["invoices"] == [("proposed", "I1")]
    assert "Known by 1 confirmation only, anna on 2026-11-25; a person looks above 1000.00 EUR." in told["explanation"]


def test_an_account_that_was_confirmed_often_enough_has_no_limit(ledger):
    for number in range(3):
        teach(ledger, "C1", from_agent("7.00", f"{number}"))

    (line_id,) = a_night(
        ledger, from_agent("1000.01"), invoices=[an_invoice("I1", amount_due="1000.01")], customers=CUSTOMERS
    )

    told = decision(ledger, line_id)
    assert told["invoices"] == [("posted", "I1")]
    assert "(3 lines)" in told["explanation"]


def test_what_a_line_names_to_the_cent_needs_no_confirmation_of_its_payer(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("5000.00", "INV-I1"), invoices=[an_invoice("I1", amount_due="5000.00")], customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


@pytest.mark.parametrize("text", ["INV-I2", "Oak Joinery AG"])
def test_a_new_account_speaks_against_no_other_customer(ledger, text):
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("100.00", text), invoices=[an_invoice("I1"), an_invoice("I2", customer_id="C2")],
        customers=CUSTOMERS,
    )  # fmt: skip

    assert decision(ledger, line_id)["invoices"] == [("posted", "I2")]


def test_a_name_alone_is_proposed_until_it_was_confirmed_often_enough(ledger):
    named = {"counterparty_name": "Grayling Treasury"}
    teach(ledger, "C1", a_line("7.00", **named))
    (early,) = a_night(ledger, a_line("100.00", **named), invoices=[an_invoice("I1")], customers=CUSTOMERS)
    told_early = decision(ledger, early)
    for number in range(2):
        teach(ledger, "C1", a_line("7.00", f"{number}", counterparty_name="GRAYLING  TREASURY"))
    a_night(ledger, invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert told_early["invoices"] == [("proposed", "I1")]
    assert "by a name alone, a person looks until there are 3" in told_early["explanation"]
    assert decision(ledger, early)["invoices"] == [("posted", "I1")]
    assert "it is paid under a name that anna confirmed for customer C1" in decision(ledger, early)["explanation"]


def test_a_learned_name_is_no_other_name_that_shares_words_with_it(ledger):
    for number in range(3):
        teach(ledger, "C1", a_line("7.00", f"{number}", counterparty_name="Grayling Treasury"))

    (line_id,) = a_night(
        ledger, a_line("100.00", counterparty_name="Grayling Seafood"), invoices=[an_invoice("I1")], customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["outcome"] == "unmatched"


@pytest.mark.parametrize("count", [1, 3])
def test_an_account_that_pays_for_two_customers_is_evidence_for_none(ledger, count):
    for number in range(count):
        teach(ledger, "C1", from_agent("7.00", f"{number}"))
    teach(ledger, "C2", from_agent("8.00"))

    (line_id,) = a_night(ledger, from_agent("100.00"), invoices=[an_invoice("I1")], customers=CUSTOMERS)

    assert decision(ledger, line_id)["outcome"] == "unmatched"


def test_another_customers_own_account_is_not_learned(ledger):
    for number in range(3):
        teach(ledger, "C1", from_agent("7.00", f"{number}", account="DE02120300000000202051"))

    (line_id,) = a_night(
        ledger, from_agent("100.00", account="DE02120300000000202051"),
        invoices=[an_invoice("I1"), an_invoice("I2", customer_id="C2")], customers=CUSTOMERS,
    )  # fmt: skip

    assert decision(ledger, line_id)["invoices"] == [("posted", "I2")]


def test_another_customers_own_name_is_not_learned(ledger):
    for number in range(3):
        teach(ledger, "C1", a_line("7.00", f"{number}", counterparty_name="OAK JOINERY AG"))

    (line_id,) = a_night(
        ledger, a_line("100.00", counterparty_name="Oak Joinery AG"), invoices=[an_invoice("I1")], customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["invoices"] == []


def test_what_the_customers_own_data_say_is_not_learned_twice(ledger):
    teach(ledger, "C1", a_line("7.00", counterparty_name="ELM LTD"))
    (line_id,) = a_night(
        ledger, a_line("5000.00", counterparty_name="Elm Ltd"), invoices=[an_invoice("I1", amount_due="5000.00")],
        customers=CUSTOMERS,
    )  # fmt: skip

    assert ledger.rows("select * from learned_payers") == []
    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


def test_money_known_by_a_new_account_is_the_customers_credit_up_to_the_limit(ledger):
    teach(ledger, "C1", from_agent("7.00"))

    small, large = a_night(ledger, from_agent("1000.00"), from_agent("1000.01"), customers=CUSTOMERS)

    assert decision(ledger, small)["outcome"] == "on_account"
    assert decision(ledger, small)["explanation"].startswith("It is paid from an account that anna confirmed")
    assert decision(ledger, large)["outcome"] == "unmatched"


def test_what_people_said_is_news_for_the_next_night_and_for_no_other(ledger):
    a_night(ledger, a_line(), customers=CUSTOMERS)
    reject(ledger, a_line("7.00"))
    begin_run(ledger)
    assert ledger.has_news()
    begin_run(ledger)
    assert not ledger.has_news()


# What they disagree on


def contested(ledger: Ledger) -> list[str]:
    return ledger.frame(sql("report", "contested_payers"))["sentence"].to_list()


def test_an_account_that_two_customers_were_said_to_pay_from_is_told_once_with_its_witnesses(ledger):
    teach(ledger, "C1", from_agent("7.00"))
    teach(ledger, "C2", from_agent("8.00"), who="ben")
    a_night(ledger, customers=CUSTOMERS)
    one, other = [row[0] for row in ledger.rows("select line_id from reviews order by review_id")]

    assert contested(ledger) == [
        "The account GB29NWBK60161331926819 was confirmed for customer C1 (Elm Ltd, first by anna on 2026-11-25, line "
        f"{one}) and for customer C2 (Oak Joinery AG, first by ben on 2026-11-25, line {other}): it is evidence for "
        "neither. Undo the one that was a slip; an agent or a bank that pays for both stays so."
    ]


def test_an_account_that_is_another_customers_own_is_told(ledger):
    teach(ledger, "C1", from_agent("7.00", account="DE02120300000000202051"))
    a_night(ledger, customers=CUSTOMERS)
    (one,) = [row[0] for row in ledger.rows("select line_id from reviews")]

    assert contested(ledger) == [
        "The account DE02120300000000202051 was confirmed for customer C1 (Elm Ltd, first by anna on 2026-11-25, line "
        f"{one}), and is customer C2's own (Oak Joinery AG): it is evidence for C2 alone. Undo what was a slip, or "
        "correct the customer's data."
    ]


def test_a_group_that_pays_for_its_own_is_no_conflict(ledger):
    teach(ledger, "C1", from_agent("7.00", account="DE02120300000000202051"))
    a_night(ledger, customers=[a_customer("C1", name="Elm Ltd", parent_id="C2"), OAK])

    assert contested(ledger) == []


def test_an_account_of_one_customer_is_no_conflict(ledger):
    teach(ledger, "C1", from_agent("7.00"))
    teach(ledger, "C1", from_agent("8.00"))
    a_night(ledger, customers=CUSTOMERS)

    assert contested(ledger) == []


def test_the_limits_can_be_set(ledger):
    review = {"alias_confirmations_min": 1, "alias_posted_amount_max": Decimal(0)}
    teach(ledger, "C1", from_agent("7.00"))

    (line_id,) = a_night(
        ledger, from_agent("5000.00"), invoices=[an_invoice("I1", amount_due="5000.00")], customers=CUSTOMERS,
        config=load(None, {"review": review}),
    )  # fmt: skip

    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


# Through the desk


def desk(ledger: Ledger, who: str = "anna") -> ReviewDesk:
    return ReviewDesk(ledger, who, SAID_AT, load().review)


def test_a_proposal_that_is_rejected_at_the_desk_gives_way_to_the_next_and_comes_back_once_that_is_undone(ledger):
    owed = [an_invoice("I1", amount_due="1000.00"), an_invoice("I2", amount_due="1000.00", due_date="2026-10-09")]
    careful = load(None, {"gate": {"posted_amount_max": Decimal(1)}})
    elm = a_line("1000.00", counterparty_name="Elm Ltd")
    (line_id,) = a_night(ledger, elm, invoices=owed, customers=CUSTOMERS, config=careful)
    assert decision(ledger, line_id)["invoices"] == [("proposed", "I1")]

    desk(ledger).decide(Decided(line_id, "reject"))
    a_night(ledger, invoices=owed, customers=CUSTOMERS)
    assert decision(ledger, line_id)["invoices"] == [("proposed", "I2")]

    desk(ledger).undo(line_id)
    a_night(ledger, invoices=owed, customers=CUSTOMERS)
    assert decision(ledger, line_id)["invoices"] == [("posted", "I1")]


def test_what_a_run_posted_and_a_person_undid_is_not_posted_again(ledger):
    owed = [an_invoice("I1")]
    (line_id,) = a_night(ledger, a_line("100.00", "INV-I1"), invoices=owed, customers=CUSTOMERS)
    desk(ledger).undo(line_id)

    a_night(ledger, invoices=owed, customers=CUSTOMERS)

    assert decision(ledger, line_id)["invoices"] == []
    assert decision(ledger, line_id)["outcome"] == "unmatched"


def test_a_receipt_that_is_assigned_at_the_desk_teaches_its_payer_until_that_is_undone(ledger):
    owed = [an_invoice("I1"), an_invoice("I2", amount_due="55.00"), an_invoice("I3", amount_due="66.00")]
    (taught,) = a_night(ledger, from_agent("100.00"), invoices=owed, customers=CUSTOMERS)
    assert decision(ledger, taught)["outcome"] == "unmatched"

    desk(ledger).decide(Decided(taught, "assign", (InvoiceCash("I1", Decimal(100)),)))
    (known,) = a_night(ledger, from_agent("55.00"), invoices=owed, customers=CUSTOMERS)
    assert decision(ledger, known)["invoices"] == [("posted", "I2")]
    assert "that anna confirmed for customer C1 on 2026-11-25 (1 line)" in decision(ledger, known)["explanation"]

    desk(ledger).undo(taught)
    (stranger,) = a_night(ledger, from_agent("66.00"), invoices=owed, customers=CUSTOMERS)
    assert decision(ledger, stranger)["outcome"] == "unmatched"


# Which rules they corrected


def posted_by_one_rule(ledger: Ledger, count: int) -> tuple[list[str], list[pl.DataFrame]]:
    """Let a night post so many lines that name their invoice to the cent; return them, and one invoice more."""
    owed = [an_invoice(f"I{number}", amount_due=f"{number}01.00") for number in range(1, count + 2)]
    lines = [a_line(f"{number}01.00", f"INV-I{number}", counterparty_name="Elm Ltd") for number in range(1, count + 1)]
    return a_night(ledger, *lines, invoices=owed, customers=CUSTOMERS), owed


@pytest.mark.parametrize(("undone", "becomes"), [(0, "applied"), (1, "applied"), (3, "review")])
def test_what_a_rule_would_post_waits_once_people_took_back_too_much_of_what_it_posted(ledger, undone, becomes):
    posted, owed = posted_by_one_rule(ledger, 3)
    for line_id in posted[:undone]:
        desk(ledger).undo(line_id, "not theirs")

    (line_id,) = a_night(
        ledger, a_line("401.00", "INV-I4", counterparty_name="Elm Ltd"), invoices=owed, customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["outcome"] == becomes
    says = "People took back 3 of 3 lines that were posted here for such reasons"
    assert (says in decision(ledger, line_id)["explanation"]) == (becomes == "review")


def test_one_taken_back_among_many_holds_nothing_back(ledger):
    posted, owed = posted_by_one_rule(ledger, 8)
    for line_id in posted[:2]:
        desk(ledger).undo(line_id, "not theirs")

    (line_id,) = a_night(
        ledger, a_line("901.00", "INV-I9", counterparty_name="Elm Ltd"), invoices=owed, customers=CUSTOMERS
    )

    assert decision(ledger, line_id)["outcome"] == "applied"


def test_a_correction_of_one_rule_speaks_against_no_other(ledger):
    posted, owed = posted_by_one_rule(ledger, 3)
    for line_id in posted:
        desk(ledger).undo(line_id, "not theirs")

    (line_id,) = a_night(ledger, a_line("401.00", counterparty_name="Elm Ltd"), invoices=owed, customers=CUSTOMERS)

    assert decision(ledger, line_id)["outcome"] == "applied"
