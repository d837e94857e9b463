"""Every law of the ledger is silent on a sound ledger, and loud on one that breaks it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from reconcile.config import load
from reconcile.errors import BrokenLaw
from reconcile.ledger import Ledger, broken_laws, open_ledger, store_receivables
from reconcile.ledger.laws import law_names
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.review import Decided, InvoiceCash, ReviewDesk
from reconcile.sql import sql
from tests.builders import (
    a_decision,
    a_line,
    an_allocation,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)


@pytest.fixture(scope="module")
def sound_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write down once what every test of this module begins with."""
    path = tmp_path_factory.mktemp("sound") / "ledger.duckdb"
    opened = open_ledger(path)
    with opened as ledger:
        begin_run(ledger)
        fill_soundly(ledger)
        opened.keep()
    return path


@pytest.fixture
def sound(sound_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    """Hand out a copy of the sound ledger, in its second run."""
    with open_ledger(Path(shutil.copy(sound_file, tmp_path))) as ledger:
        ledger.run_number = 2
        yield ledger


def fill_soundly(ledger: Ledger) -> None:
    """Write every kind of decision, over two runs, so that no law is broken.

    Lines: paid, short paid with a discount, overpaid, kept on account, in review, a fee, a refund, and in the second
    run the return of the first and what was in review decided. People decided three more: one alone, one by two, and
    one was undone.
    """
    store_receivables(
        ledger,
        receivables([
            an_invoice("I1", amount_due="100.00"),
            an_invoice("I2", amount_due="50.00"),
            an_invoice("I3", amount_due="20.00"),
            an_invoice("I4", amount_due="40.00"),
            an_invoice("N4", kind="credit_note", amount_due="10.00"),
            an_invoice("H1", amount_due="60.00"),
            an_invoice("H2", amount_due="90.00"),
            an_invoice("H3", amount_due="15.00", customer_id="C2"),
            an_invoice("I5", amount_due="12.00"),
        ]),
    )  # fmt: skip
    paid, short, over, kept, review, fee, refund = store_lines(
        ledger,
        a_line("100.00", "paid"),
        a_line("49.00", "short"),
        a_line("25.00", "over"),
        a_line("7.00", "kept"),
        a_line("30.00", "review"),
        a_line("-3.00", "fee"),
        a_line("-7.00", "refund"),
    )
    ledger.write(
        decided(
            [
                a_decision(paid, "applied", applied="100.00", customer_id="C1"),
                a_decision(short, "short_paid", applied="49.00", difference="-1.00", difference_kind="discount"),
                a_decision(over, "overpaid", applied="20.00", on_account="5.00", customer_id="C1"),
                a_decision(kept, "on_account", on_account="7.00", customer_id="C1"),
                a_decision(review, "review", unapplied="30.00"),
                a_decision(fee, "ignored"),
                a_decision(refund, "refund", customer_id="C1"),
            ],
            [
                an_allocation(paid, "I1", "100.00"),
                an_allocation(short, "I2", "49.00", residual="1.00", residual_kind="discount"),
                an_allocation(over, "I3", "20.00"),
                an_allocation(review, "I4", "30.00", state="proposed"),
            ],
        )
    )
    begin_run(ledger)
    returned, asked, large, undone = store_lines(
        ledger,
        a_line("-100.00", "returned"),
        a_line("12.00", "asked"),
        a_line("13.00", "large"),
        a_line("14.00", "undone"),
        name="returns.ofx",
    )
    ((allocation_id,),) = ledger.rows("select allocation_id from allocations where line_id = ?", paid)
    ledger.write(
        decided(
            [
                a_decision(returned, "returned", applied="-100.00", returns_line_id=paid),
                a_decision(review, "applied", applied="30.00", explanation="It names both."),
                a_decision(asked, "unmatched", unapplied="12.00"),
                a_decision(large, "unmatched", unapplied="13.00"),
                a_decision(undone, "applied", applied="14.00"),
            ],
            [
                an_allocation(returned, "I1", "-100.00", reverses_id=str(allocation_id)),
                an_allocation(review, "I4", "40.00"),
                an_allocation(review, "N4", "-10.00"),
                an_allocation(undone, "H2", "14.00"),
            ],
        )
    )
    desk = PaymentDesk(ledger, "Anna", dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.date(2026, 11, 1))
    desk.record("H1", Details(Decimal(75)), payment_id="over")
    desk.refund("over", Decimal(5), event_id="refund")
    desk.apply_credit("H2", Details(Decimal(15)), payment_id="credit")
    desk.fail("H2", Details(), "declined", payment_id="failed")
    limits = replace(load().review, second_person_amount_min=Decimal(13))
    anna = ReviewDesk(ledger, "anna", dt.datetime(2026, 11, 2, tzinfo=dt.UTC), limits)
    anna.decide(Decided(asked, "assign", (InvoiceCash("I5"),)))
    anna.decide(Decided(large, "on_account", customer_id="C1"))
    replace(anna, who="bob").confirm(large)
    anna.undo(undone)


def insert(ledger: Ledger, table: str, line: str, **changed: object) -> None:
    """Add to a table a copy of the row that the line with this text has there, with some columns changed."""
    changes = ", ".join(f"? as {column}" for column in changed)
    ledger.con.execute(
        f"insert into {table} select * replace ({changes}) from {table} where line_id in "
        "(select line_id from statement_lines where remittance_text = ?) limit 1",
        [*changed.values(), line],
    )


def line_id(ledger: Ledger, text: str) -> str:
    return str(ledger.rows("select line_id from statement_lines where remittance_text = ?", text)[0][0])


def a_receipt_is_returned_twice(ledger: Ledger) -> None:
    (again,) = store_lines(ledger, a_line("-100.00", "returned again"), name="again.ofx")
    ledger.write(decided([a_decision(again, "returned", returns_line_id=line_id(ledger, "paid"))]))


def a_decision_applies_what_is_not_allocated(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, "applied", applied="9.00")]))


def an_allocation_is_more_than_its_decision_applies(ledger: Ledger) -> None:
    insert(ledger, "allocations", "short", allocation_id="more", amount="0.010", invoice_id="I4")


def only_a_proposal_stands_behind_what_is_applied(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="9.00")], [an_allocation(more, "I4", "9.00", state="proposed")]))


def by_hand(ledger: Ledger, table: str, event: str, **changed: object) -> None:
    """Add to a table a copy of the rows that a payment's event has there, with some columns changed."""
    changes = ", ".join(f"? as {column}" for column in changed)
    ledger.con.execute(
        f"insert into {table} select * replace ({changes}) from {table} where event_id = ?",
        [*changed.values(), event],
    )


def an_event_is_not_booked(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "over", event_id="more", event_number=9)


def an_event_is_booked_twice(ledger: Ledger) -> None:
    by_hand(ledger, "payment_journal", "over", entry_id="again")


def an_event_is_booked_without_clearing(ledger: Ledger) -> None:
    ledger.con.execute(
        "insert into payment_journal select * replace (-amount as amount) from payment_journal "
        "where event_id = 'over' and account = 'clearing'"
    )


def more_is_refunded_than_was_paid(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "refund", event_id="more", event_number=9, amount="70.001")


def a_refund_takes_more_from_the_invoice_than_it_says(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "refund", event_id="more", event_number=9, amount="1", applied_change="-2.000")


def a_failed_payment_holds_money(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "failed", event_id="more", event_number=9, received_change="70.000")


def credit_of_a_payment_is_spent_twice(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "credit", event_id="more", payment_id="more")
    by_hand(ledger, "payment_credits", "credit", event_id="more")


def credit_of_a_line_is_spent_twice(ledger: Ledger) -> None:
    kept = line_id(ledger, "kept")
    ledger.con.execute("insert into payment_credits values ('failed', 'line', ?, -7.001)", [kept])


def credit_pays_another_customers_invoice(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "failed", event_id="more", payment_id="more", customer_id="C2", invoice_id="H3")
    ledger.con.execute("insert into payment_credits values ('more', 'excess', 'over', -1)")


def an_invoice_is_settled_beside_the_books(ledger: Ledger) -> None:
    by_hand(ledger, "payment_events", "failed", event_id="more", event_number=9, applied_change="1.000")


def the_books_settle_another_invoice(ledger: Ledger) -> None:
    ledger.con.execute(
        "insert into payment_journal select * replace (-amount as amount) from payment_journal where event_id = 'over'"
    )
    ledger.con.execute(
        "insert into payment_journal select * replace ('H2' as invoice_id) from payment_journal "
        "where event_id = 'over' and amount > -60 or account = 'clearing'"
    )


def a_line_has_no_decision(ledger: Ledger) -> None:
    store_lines(ledger, a_line("9.00", "more"), name="more.ofx")


def a_transaction_is_lost(ledger: Ledger) -> None:
    ledger.con.execute("insert into statement_files values (2, 'f', 'lost.ofx', 'ofx', 1, 0, 0, 0)")


def a_repeat_names_no_line(ledger: Ledger) -> None:
    ledger.con.execute("insert into statement_files values (2, 'f', 'unnamed.ofx', 'ofx', 1, 0, 1, 0)")


def a_transaction_is_counted_twice(ledger: Ledger) -> None:
    ledger.con.execute("insert into statement_files values (2, 'f', 'twice.ofx', 'ofx', 1, 0, 0, 2)")


def a_line_never_reaches_the_bank_account(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.con.execute(
        "insert into decisions select * replace ('new' as decision_id, ? as line_id) from decisions limit 1", [more]
    )


def a_line_is_banked_twice(ledger: Ledger) -> None:
    insert(ledger, "journal", "kept", entry_id="again", account="bank", amount="7.000")


def a_reversal_takes_the_bank_side_only(ledger: Ledger) -> None:
    insert(ledger, "journal", "kept", entry_id="reversal", account="bank", amount="-7.000", reverses_id="x")


def an_entry_has_one_side(ledger: Ledger) -> None:
    insert(ledger, "journal", "kept", entry_id="half", account="unapplied", amount="0.001")


def an_entry_balances_across_currencies_only(ledger: Ledger) -> None:
    insert(ledger, "journal", "kept", entry_id="mixed", account="unapplied", amount="1.000")
    insert(ledger, "journal", "kept", entry_id="mixed", account="refunds", amount="-1.000", currency="USD")


def a_cent_of_a_line_is_nowhere(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, "unmatched", unapplied="8.99")]))


def ignored_money_is_kept_on_account_too(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("-9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, "ignored", on_account="-9.00")]))


def a_line_pays_an_item_in_another_currency(ledger: Ledger) -> None:
    store_receivables(ledger, receivables([an_invoice("U1", currency="USD", amount_due="9.00")]))
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="9.00")], [an_allocation(more, "U1", "9.00")]))


def an_allocation_is_in_another_currency_than_its_line(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="9.00")], [an_allocation(more, "I4", "9.00", currency="USD")]))


def an_item_gets_a_cent_too_much(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("0.01", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="0.01")], [an_allocation(more, "I3", "0.01")]))


def an_item_gets_too_much_by_what_is_settled_besides_cash(ledger: Ledger) -> None:
    store_receivables(ledger, receivables([an_invoice("I9", amount_due="9.00")]))
    (more,) = store_lines(ledger, a_line("9.00", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="9.00")], [an_allocation(more, "I9", "9.00", residual="0.01")]))


def a_credit_note_gives_more_than_it_has(ledger: Ledger) -> None:
    (more,) = store_lines(ledger, a_line("-0.01", "more"), name="more.ofx")
    ledger.write(decided([a_decision(more, applied="-0.01")], [an_allocation(more, "N4", "-0.01")]))


def an_allocation_is_reversed_twice(ledger: Ledger) -> None:
    insert(ledger, "allocations", "returned", allocation_id="again")


def an_allocation_is_reversed_in_part(ledger: Ledger) -> None:
    ((allocation_id,),) = ledger.rows("select allocation_id from allocations where invoice_id = 'I3'")
    insert(ledger, "allocations", "returned", allocation_id="part", amount="-19.990", reverses_id=allocation_id)


def a_person_is_overruled(ledger: Ledger) -> None:
    begin_run(ledger)
    ledger.write(decided([a_decision(line_id(ledger, "asked"), "unmatched", unapplied="12.00", rule="none")]))


def a_person_meant_another_amount(ledger: Ledger) -> None:
    ledger.con.execute("update review_items set amount = 11.99 where invoice_id = 'I5'")


def a_person_meant_another_invoice(ledger: Ledger) -> None:
    ledger.con.execute("update review_items set invoice_id = 'I4' where invoice_id = 'I5'")


def what_waits_is_decided(ledger: Ledger) -> None:
    ledger.con.execute("update reviews set decision_id = 'x' where is_waiting")


def a_decision_is_said_to_be_a_persons(ledger: Ledger) -> None:
    begin_run(ledger)
    ledger.write(decided([a_decision(line_id(ledger, "fee"), "ignored", rule="person")]))


def a_decision_stands_that_was_taken_back(ledger: Ledger) -> None:
    ((review_id, line),) = ledger.rows(
        "select review_id, line_id from reviews where action = 'assign' and decision_id != ''"
    )
    ledger.con.execute(
        "insert into reviews select * replace ('u' as review_id, ? as line_id, ? as undoes_id, 'x' as decision_id) "
        "from reviews where action = 'undo'",
        [line, review_id],
    )


def one_person_confirms_alone(ledger: Ledger) -> None:
    ledger.con.execute("update reviews set who = ' Anna ' where confirms_id != ''")


def two_confirm_one_after_the_other(ledger: Ledger) -> None:
    ledger.con.execute("insert into reviews select * replace ('c' as review_id) from reviews where confirms_id != ''")


def another_decision_is_confirmed(ledger: Ledger) -> None:
    ledger.con.execute("update reviews set action = 'not_receivable' where confirms_id != ''")


def what_never_waited_is_confirmed(ledger: Ledger) -> None:
    ledger.con.execute("update reviews set confirms_id = 'x' where confirms_id != ''")


POSTING = (
    "insert into postings select ?, 1, run_number, allocation_id, 'system', 'place', 'payment', invoice_id, '', "
    "amount + ?, currency, '2026-10-05', '', '' from allocations where invoice_id = 'I1' and reverses_id = ''"
)


def a_posting_is_a_cent_more_than_its_allocation(ledger: Ledger) -> None:
    ledger.con.execute(POSTING, ["rc-1", "0.01"])


def a_take_back_is_not_what_was_paid(ledger: Ledger) -> None:
    ledger.con.execute(POSTING, ["rc-1", "0"])
    ledger.con.execute(
        "insert into postings select 'rc-2', 2, run_number, allocation_id, 'system', 'place', 'take_back', invoice_id, "
        "'', amount, currency, '2026-10-05', 'rc-1', '' from allocations where invoice_id = 'I3'"
    )


BROKEN: Final[dict[str, tuple[Callable[[Ledger], None], ...]]] = {
    "a_receipt_is_returned_once": (a_receipt_is_returned_twice,),
    "allocations_are_what_is_applied": (
        a_decision_applies_what_is_not_allocated,
        an_allocation_is_more_than_its_decision_applies,
        only_a_proposal_stands_behind_what_is_applied,
    ),
    "credit_is_spent_once": (
        credit_of_a_payment_is_spent_twice,
        credit_of_a_line_is_spent_twice,
        credit_pays_another_customers_invoice,
    ),
    "every_line_is_decided": (a_line_has_no_decision,),
    "every_transaction_is_accounted_for": (
        a_transaction_is_lost,
        a_repeat_names_no_line,
        a_transaction_is_counted_twice,
    ),
    "invoice_statuses_follow_the_money": (an_invoice_is_settled_beside_the_books, the_books_settle_another_invoice),
    "journal_banks_every_line": (
        a_line_never_reaches_the_bank_account,
        a_line_is_banked_twice,
        a_reversal_takes_the_bank_side_only,
    ),
    "journal_entries_balance": (an_entry_has_one_side, an_entry_balances_across_currencies_only),
    "money_is_explained": (a_cent_of_a_line_is_nowhere, ignored_money_is_kept_on_account_too),
    "money_stays_in_its_currency": (
        a_line_pays_an_item_in_another_currency,
        an_allocation_is_in_another_currency_than_its_line,
    ),
    "no_item_gets_more_than_it_owes": (
        an_item_gets_a_cent_too_much,
        an_item_gets_too_much_by_what_is_settled_besides_cash,
        a_credit_note_gives_more_than_it_has,
    ),
    "payment_events_are_journalled": (
        an_event_is_not_booked,
        an_event_is_booked_twice,
        an_event_is_booked_without_clearing,
    ),
    "refunds_never_exceed_what_was_paid": (
        more_is_refunded_than_was_paid,
        a_refund_takes_more_from_the_invoice_than_it_says,
        a_failed_payment_holds_money,
    ),
    "people_are_obeyed": (
        a_person_is_overruled,
        a_person_meant_another_amount,
        a_person_meant_another_invoice,
        what_waits_is_decided,
        a_decision_is_said_to_be_a_persons,
        a_decision_stands_that_was_taken_back,
    ),
    "postings_are_what_is_allocated": (
        a_posting_is_a_cent_more_than_its_allocation,
        a_take_back_is_not_what_was_paid,
    ),
    "reversals_mirror_allocations": (an_allocation_is_reversed_twice, an_allocation_is_reversed_in_part),
    "two_people_confirm": (
        one_person_confirms_alone,
        two_confirm_one_after_the_other,
        another_decision_is_confirmed,
        what_never_waited_is_confirmed,
    ),
}


def offending(ledger: Ledger, law: str) -> int:
    return ledger.frame(sql("ledger/checks", law)).height


def test_every_law_that_is_checked_is_tested_and_no_other() -> None:
    assert sorted(BROKEN) == list(law_names())


@pytest.mark.parametrize("law", BROKEN)
def test_a_law_is_silent_on_a_sound_ledger(sound: Ledger, law: str) -> None:
    assert sound.frame(sql("ledger/checks", law)).rows() == []


@pytest.mark.parametrize("law", BROKEN)
def test_a_law_is_silent_on_an_empty_ledger(ledger: Ledger, law: str) -> None:
    assert offending(ledger, law) == 0


@pytest.mark.parametrize(
    ("law", "breach"), [pytest.param(law, breach, id=breach.__name__) for law in BROKEN for breach in BROKEN[law]]
)
def test_a_law_is_loud_where(sound: Ledger, law: str, breach: Callable[[Ledger], None]) -> None:
    breach(sound)
    assert offending(sound, law) > 0


def test_a_sound_ledger_breaks_no_law(sound: Ledger) -> None:
    broken_laws(sound)


def test_a_broken_law_stops_the_run_with_its_name_and_the_rows(sound: Ledger) -> None:
    a_line_has_no_decision(sound)
    with pytest.raises(BrokenLaw, match=r"'every_line_is_decided' in 1 rows .* 'source_file': 'more.ofx'"):
        broken_laws(sound)
