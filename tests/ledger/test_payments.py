"""Payments by hand move money once, show what they were, and never give back or spend more than there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from reconcile.errors import PaymentError
from reconcile.ledger import Ledger, broken_laws, store_receivables
from reconcile.ledger.credits import credit_left
from reconcile.ledger.payment_reads import Asked, history, listed, shown, standing
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.model import PaymentMethod
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    an_allocation,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)

TODAY = dt.date(2026, 11, 1)
AT = dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def desk(ledger: Ledger) -> Iterator[PaymentDesk]:
    """Hand out a desk at a ledger of a few open invoices; afterwards every law still holds."""
    export(ledger)
    yield PaymentDesk(ledger, "Anna", AT, TODAY)
    broken_laws(ledger)


def export(ledger: Ledger, i1_due: str = "100.00") -> None:
    store_receivables(
        ledger,
        receivables(
            [
                an_invoice("I1", amount_due=i1_due, total="100.00"),
                an_invoice("I2", amount_due="50.00"),
                an_invoice("I3", amount_due="70.00", customer_id="C2"),
                an_invoice("J1", amount_due="900", currency="JPY"),
                an_invoice("K1", amount_due="1.500", currency="KWD"),
                an_invoice("V1", status="void"),
                an_invoice("N1", kind="credit_note"),
            ],
            [a_customer("C1"), a_customer("C2", name="Oak Ltd")],
        ),
    )


def of(amount: str, **more: Any) -> Details:
    return Details(amount=Decimal(amount), **more)


def stands(desk: PaymentDesk, invoice: str = "I1") -> tuple[str, Decimal, Decimal]:
    """Return an invoice's status, what is paid, and what remains."""
    totals = standing(desk.ledger, invoice)
    return totals["status"], totals["paid"], totals["remaining"]


def credit_of(desk: PaymentDesk, customer_id: str = "C1", currency: str = "EUR") -> Decimal:
    return credit_left(desk.ledger, customer_id, currency)[0]


def journal(desk: PaymentDesk) -> dict[str, Decimal]:
    rows = desk.ledger.rows("select account, sum(amount) from payment_journal group by account having sum(amount) != 0")
    return {str(account): Decimal(str(amount)) for account, amount in rows}


def bank_line(ledger: Ledger, amount: str, outcome: str = "on_account", **money: str) -> str:
    """Store a line of customer C1 with this decision in a run of its own, and return its id."""
    begin_run(ledger)
    (line,) = store_lines(ledger, a_line(amount, f"{outcome} {amount}"), name=f"{outcome}{amount}.ofx")
    ledger.write(decided([a_decision(line, outcome, customer_id="C1", **money)]))
    return line


def refused(words: str) -> Any:
    return pytest.raises(PaymentError, match=words)


# Record


def test_an_amount_that_is_not_given_is_what_the_invoice_owes(desk: PaymentDesk) -> None:
    payment = shown(desk.ledger, desk.record("I1", Details()))
    assert (payment["amount"], payment["method"], payment["payment_date"]) == (100, "other", TODAY)
    assert stands(desk) == ("paid", 100, 0)
    assert journal(desk) == {"clearing": 100, "receivables": -100}


def test_a_part_leaves_the_rest_owed_and_the_next_amount_is_the_rest(desk: PaymentDesk) -> None:
    desk.record("I1", of("40.00", method="check"))
    assert stands(desk) == ("partially_paid", 40, 60)
    assert shown(desk.ledger, desk.record("I1", Details()))["amount"] == 60
    assert stands(desk) == ("paid", 100, 0)


def test_what_is_paid_beyond_what_is_owed_is_the_customers_credit(desk: PaymentDesk) -> None:
    desk.record("I1", of("130.00"))
    assert stands(desk) == ("overpaid", 130, 0)
    assert credit_of(desk) == 30
    assert journal(desk) == {"clearing": 130, "receivables": -100, "on_account": -30}


def test_an_invoice_that_owes_nothing_takes_an_amount_that_is_given_as_credit_and_no_other(desk: PaymentDesk) -> None:
    desk.record("I1", Details())
    with refused("owes nothing"):
        desk.record("I1", Details())
    desk.record("I1", of("5.00"))
    assert stands(desk) == ("overpaid", 105, 0)


def test_an_invoice_is_found_by_its_number(desk: PaymentDesk) -> None:
    assert shown(desk.ledger, desk.record("INV-I2", Details()))["invoice_id"] == "I2"


def test_a_number_that_two_invoices_have_names_none(desk: PaymentDesk) -> None:
    twins = [an_invoice("T1", invoice_number="SAME"), an_invoice("T2", invoice_number="SAME")]
    begin_run(desk.ledger)
    store_receivables(desk.ledger, receivables(twins))
    with refused("several invoices"):
        desk.record("SAME", Details())


@pytest.mark.parametrize(("invoice", "words"), [("X9", "knows no invoice"), ("V1", "void"), ("N1", "credit note")])
def test_what_cannot_be_paid_is_refused(desk: PaymentDesk, invoice: str, words: str) -> None:
    with refused(words):
        desk.record(invoice, of("1.00"))


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity", "0.001", "1e17"])
def test_an_amount_that_is_none_or_has_too_many_decimals_is_refused(desk: PaymentDesk, amount: str) -> None:
    with refused("amount"):
        desk.record("I1", of(amount))
    assert stands(desk) == ("unpaid", 0, 100)


@pytest.mark.parametrize(("invoice", "good", "bad"), [("J1", "900", "899.5"), ("K1", "1.499", "1.4999")])
def test_decimals_are_those_of_the_currency(desk: PaymentDesk, invoice: str, good: str, bad: str) -> None:
    with refused("decimals"):
        desk.record(invoice, of(bad))
    desk.record(invoice, of(good))


def test_notes_have_at_most_500_characters(desk: PaymentDesk) -> None:
    with refused("501 characters"):
        desk.record("I1", Details(notes="n" * 501))
    assert len(shown(desk.ledger, desk.record("I1", Details(notes="n" * 500)))["notes"]) == 500


@pytest.mark.parametrize("name", ["notes", "reference"])
def test_a_cards_number_is_never_kept_nor_repeated(desk: PaymentDesk, name: str) -> None:
    number = "4111 1111 1111 1111"
    paid = desk.record("I1", of("60.00", **{name: "card ending in 1111"}))
    for ask in (
        lambda: desk.record("I1", of("1.00", **{name: f"card {number}"})),
        lambda: desk.record("I1", of("1.00"), payment_id=number),
        lambda: desk.update(paid, Details(**{name: number})),
        lambda: desk.refund(paid, reason=number),
        lambda: desk.delete(paid, reason=number),
        lambda: desk.fail("I1", of("1.00"), f"declined {number}"),
    ):
        with refused("card's number") as error:
            ask()
        assert "4111" not in str(error.value)
    assert number not in str(history(desk.ledger, "I1"))


@pytest.mark.parametrize("method", [method.value for method in PaymentMethod])
def test_every_method_of_the_union_is_recorded(desk: PaymentDesk, method: str) -> None:
    assert shown(desk.ledger, desk.record("I1", Details(method=method)))["method"] == method


@pytest.mark.parametrize("method", ["barter", "Cash", ""])
def test_an_unknown_method_is_refused_with_the_known_ones(desk: PaymentDesk, method: str) -> None:
    with refused("unknown payment method .* known: cash, check"):
        desk.record("I1", Details(method=method))


# Ids


def test_the_same_request_under_one_id_is_carried_out_once(desk: PaymentDesk) -> None:
    assert desk.record("I1", of("40"), payment_id="P") == desk.record("I1", of("40.00"), payment_id="P") == "P"
    for _ in range(2):
        desk.refund("P", Decimal(15), event_id="R")
    assert stands(desk) == ("partially_paid", 25, 75)


def test_another_request_under_a_known_id_is_refused(desk: PaymentDesk) -> None:
    desk.record("I1", of("40"), payment_id="P")
    for other in (
        lambda: desk.record("I1", of("41"), payment_id="P"),
        lambda: desk.record("I2", of("40"), payment_id="P"),
        lambda: desk.fail("I1", of("40"), "declined", payment_id="P"),
        lambda: desk.refund("P", Decimal(40), event_id="P"),
    ):
        with refused("another request"):
            other()
    assert stands(desk) == ("partially_paid", 40, 60)


def test_equal_payments_without_an_id_are_two(desk: PaymentDesk) -> None:
    assert desk.record("I1", of("10")) != desk.record("I1", of("10"))
    assert stands(desk)[1] == 20


# Update and delete


def test_a_patch_changes_what_is_given_and_keeps_the_rest(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("40", method="check", reference="0815", notes="posted"))
    payment = shown(desk.ledger, desk.update(payment_id, of("30", notes="")))
    assert [payment[name] for name in ("amount", "method", "reference", "notes")] == [30, "check", "0815", ""]
    assert stands(desk) == ("partially_paid", 30, 70)


def test_a_replacement_resets_what_is_left_out(desk: PaymentDesk) -> None:
    payment_id = desk.record(
        "I1", of("40", method="check", reference="0815", payment_date=dt.date(2026, 10, 1), notes="posted")
    )
    payment = shown(desk.ledger, desk.update(payment_id, Details(method="cash"), is_replacement=True))
    told = [payment[name] for name in ("amount", "method", "reference", "notes", "payment_date")]
    assert told == [100, "cash", "", "", TODAY]
    assert stands(desk) == ("paid", 100, 0)


def test_an_update_that_changes_nothing_writes_nothing(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("40", method="check"))
    desk.update(payment_id, of("40.00", method="check"))
    assert len(shown(desk.ledger, payment_id)["events"]) == 1


def test_an_update_moves_only_the_difference_between_invoice_and_credit(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.update(payment_id, of("90"))
    assert (stands(desk), credit_of(desk)) == (("partially_paid", 90, 10), 0)
    desk.update(payment_id, of("101"))
    assert (stands(desk), credit_of(desk)) == (("overpaid", 101, 0), 1)
    assert journal(desk) == {"clearing": 101, "receivables": -100, "on_account": -1}


def test_a_payment_is_not_updated_below_what_was_refunded_or_spent(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.refund(payment_id, Decimal(10))
    desk.apply_credit("I2", Details())
    with refused("30.00 EUR .* cannot be less"):
        desk.update(payment_id, of("29"))
    desk.update(payment_id, of("30"))
    assert (stands(desk), stands(desk, "I2")) == (("refunded", 0, 100), ("partially_paid", 20, 30))


def test_a_deleted_payment_moves_its_money_back_and_stays_in_the_history(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.delete(payment_id, reason="booked twice")
    desk.delete(payment_id)
    assert (stands(desk), credit_of(desk), journal(desk)) == (("unpaid", 0, 100), 0, {})
    told = history(desk.ledger, "I1")
    assert [(row["payment_id"], row["status"]) for row in told["payments"]] == [(payment_id, "deleted")]
    assert [(row["kind"], row["reason"]) for row in told["events"]] == [("recorded", ""), ("deleted", "booked twice")]


def test_a_deleted_payment_is_not_changed_any_more(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", Details())
    desk.delete(payment_id)
    for change in (desk.refund, desk.credit, lambda gone: desk.update(gone, of("1"))):
        with refused("is deleted"):
            change(payment_id)


def test_a_payment_of_which_money_went_elsewhere_is_not_deleted(desk: PaymentDesk) -> None:
    refunded, spent = desk.record("I3", of("70")), desk.record("I1", of("130"))
    desk.refund(refunded, Decimal(1))
    applied = desk.apply_credit("I2", Details())
    for payment_id in (refunded, spent):
        with refused("refunded, or spent as credit"):
            desk.delete(payment_id)
    desk.delete(applied)
    desk.delete(spent)
    assert credit_of(desk) == 0


# Refund


def test_a_full_refund_makes_the_invoice_refunded_and_owed_again(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", Details())
    desk.refund(payment_id, reason="cancelled")
    assert stands(desk) == ("refunded", 0, 100)
    assert shown(desk.ledger, payment_id)["status"] == "refunded"
    assert journal(desk) == {}


def test_a_part_refund_opens_that_part(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", Details())
    desk.refund(payment_id, Decimal(30))
    assert stands(desk) == ("partially_paid", 70, 30)
    assert shown(desk.ledger, payment_id)["status"] == "partially_refunded"


def test_no_more_is_refunded_than_was_paid(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", Details())
    with refused("100.00 EUR left"):
        desk.refund(payment_id, Decimal("100.01"))
    desk.refund(payment_id, Decimal(60))
    with refused("40.00 EUR left"):
        desk.refund(payment_id, Decimal("40.01"))
    desk.refund(payment_id)
    with refused("0.00 EUR left"):
        desk.refund(payment_id)


def test_an_excess_is_refunded_before_the_invoices_part(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.refund(payment_id, Decimal(30))
    assert (stands(desk), credit_of(desk)) == (("paid", 100, 0), 0)


# Credit


def test_credit_pays_the_next_invoice_and_is_spent_then(desk: PaymentDesk) -> None:
    paid = desk.record("I1", of("130"))
    applied = shown(desk.ledger, desk.apply_credit("I2", Details()))
    assert (applied["amount"], applied["origin"]) == (30, "credit")
    assert (stands(desk, "I2"), credit_of(desk)) == (("partially_paid", 30, 20), 0)
    assert stands(desk) == ("paid", 100, 0)
    with refused("0.00 EUR of credit"):
        desk.apply_credit("I2", Details())
    with refused("100.00 EUR left"):
        desk.refund(paid, Decimal(101))
    assert journal(desk) == {"clearing": 130, "receivables": -130}


def test_credit_is_not_applied_beyond_what_is_owed_or_there(desk: PaymentDesk) -> None:
    desk.record("I1", of("400"))
    with refused("owes 50.00 EUR"):
        desk.apply_credit("I2", of("50.01"))
    desk.apply_credit("I2", Details())
    assert (stands(desk, "I2"), credit_of(desk)) == (("paid", 50, 0), 250)


def test_credit_stays_with_its_customer_and_currency(desk: PaymentDesk) -> None:
    desk.record("I1", of("130"))
    for invoice in ("I3", "J1"):
        with refused("of credit; no more"):
            desk.apply_credit(invoice, Details())


def test_an_excess_that_is_kept_as_credit_leaves_its_invoice_paid(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.credit(payment_id)
    assert (stands(desk), credit_of(desk)) == (("paid", 100, 0), 30)
    with refused("nothing beyond"):
        desk.credit(payment_id)


def test_more_than_the_excess_is_taken_from_the_invoice_to_credit(desk: PaymentDesk) -> None:
    payment_id = desk.record("I1", of("130"))
    desk.credit(payment_id, Decimal(50))
    assert (stands(desk), credit_of(desk)) == (("partially_paid", 80, 20), 50)
    with refused("80.00 EUR that can be kept"):
        desk.credit(payment_id, Decimal("80.01"))


def test_a_deleted_credit_goes_back_to_where_it_came_from(desk: PaymentDesk) -> None:
    desk.record("I1", of("130"))
    desk.delete(desk.apply_credit("I2", Details()))
    assert (stands(desk)[0], stands(desk, "I2"), credit_of(desk)) == ("overpaid", ("unpaid", 0, 50), 30)


def test_an_applied_credit_is_neither_refunded_nor_kept_nor_made_larger(desk: PaymentDesk) -> None:
    desk.record("I1", of("130"))
    applied = desk.apply_credit("I2", Details())
    for change in (desk.refund, desk.credit, lambda given: desk.update(given, of("31"))):
        with refused("credit"):
            change(applied)
    assert shown(desk.ledger, desk.update(applied, Details(notes="as agreed")))["notes"] == "as agreed"


def test_money_on_account_from_bank_lines_is_credit_and_the_oldest_goes_first(desk: PaymentDesk) -> None:
    bank_line(desk.ledger, "20.00", on_account="20.00")
    desk.record("I1", of("115"))
    assert credit_of(desk) == 35
    desk.apply_credit("I2", of("25"))
    assert (credit_of(desk), stands(desk)[1]) == (10, 110)


def test_what_the_bank_paid_back_is_no_credit_any_more(desk: PaymentDesk) -> None:
    bank_line(desk.ledger, "20.00", on_account="20.00")
    bank_line(desk.ledger, "-15.00", "refund")
    assert credit_of(desk) == 5


def test_credit_whose_receipt_the_bank_takes_back_pays_nothing_any_more(desk: PaymentDesk) -> None:
    line = bank_line(desk.ledger, "20.00", on_account="20.00")
    applied = desk.apply_credit("I2", Details())
    assert stands(desk, "I2") == ("partially_paid", 20, 30)
    bank_line(desk.ledger, "-20.00", "returned", on_account="-20.00", returns_line_id=line)
    assert (stands(desk, "I2"), credit_of(desk)) == (("unpaid", 0, 50), 0)
    payment = shown(desk.ledger, applied)
    assert (payment["status"], payment["reason"][:22]) == ("deleted", "The bank took back the")


def test_a_line_that_seems_to_be_a_payment_by_hand_is_no_credit_unless_it_is_named(desk: PaymentDesk) -> None:
    desk.record("I1", of("100", method="check", payment_date=dt.date(2026, 10, 1)))
    line = bank_line(desk.ledger, "100.00", "duplicate", on_account="100.00")
    with refused("0.00 EUR of credit"):
        desk.apply_credit("I2", Details())
    desk.apply_credit("I2", Details(), source_id=line)
    assert stands(desk, "I2") == ("paid", 50, 0)


@pytest.mark.parametrize(("amount", "day"), [("99.99", "2026-10-01"), ("100", "2026-08-01"), ("100", "2026-11-01")])
def test_a_line_of_another_amount_or_time_is_credit(desk: PaymentDesk, amount: str, day: str) -> None:
    desk.record("I1", of(amount, payment_date=dt.date.fromisoformat(day)))
    bank_line(desk.ledger, "100.00", "on_account", on_account="100.00")
    assert credit_of(desk) == 100


def test_a_cheque_that_the_bank_brought_after_all_is_deleted_and_its_line_pays(desk: PaymentDesk) -> None:
    cheque = desk.record("I1", of("100", method="check", payment_date=dt.date(2026, 10, 1)))
    bank_line(desk.ledger, "100.00", "duplicate", on_account="100.00")
    desk.delete(cheque, reason="the bank's line is the cheque")
    desk.apply_credit("I1", Details())
    assert (stands(desk), credit_of(desk)) == (("paid", 100, 0), 0)


# Failed payments


def test_a_failed_payment_keeps_its_reason_and_moves_nothing(desk: PaymentDesk) -> None:
    payment = shown(desk.ledger, desk.fail("I1", of("60", method="credit_card"), "Insufficient funds"))
    assert (payment["status"], payment["reason"]) == ("failed", "Insufficient funds")
    assert (stands(desk), journal(desk)) == (("unpaid", 0, 100), {})


def test_a_failure_needs_a_reason(desk: PaymentDesk) -> None:
    with refused("needs its reason"):
        desk.fail("I1", of("60"), " ")


def test_a_retry_that_succeeds_moves_the_money_once(desk: PaymentDesk) -> None:
    payment_id = desk.fail("I1", of("60"), "Insufficient funds")
    desk.retry(payment_id, Details(), failed_because="Card expired")
    assert (stands(desk)[1], shown(desk.ledger, payment_id)["reason"]) == (0, "Card expired")
    desk.retry(payment_id, Details(method="cash"))
    payment = shown(desk.ledger, payment_id)
    assert (payment["status"], payment["method"], payment["attempts"]) == ("completed", "cash", 3)
    assert [event["reason"] for event in payment["events"]] == ["Insufficient funds", "Card expired", ""]
    assert stands(desk) == ("partially_paid", 60, 40)
    with refused("only a failed payment"):
        desk.retry(payment_id, Details())


def test_a_retry_of_what_was_paid_meanwhile_is_an_overpayment(desk: PaymentDesk) -> None:
    payment_id = desk.fail("I1", Details(), "declined")
    desk.record("I1", Details())
    desk.retry(payment_id, Details())
    assert (stands(desk), credit_of(desk)) == (("overpaid", 200, 0), 100)


def test_a_failed_payment_is_retried_and_not_changed(desk: PaymentDesk) -> None:
    payment_id = desk.fail("I1", Details(), "declined")
    for change in (desk.refund, desk.credit, lambda failed: desk.update(failed, of("1"))):
        with refused("is failed .* `retry`"):
            change(payment_id)
    desk.delete(payment_id)
    assert shown(desk.ledger, payment_id)["status"] == "deleted"


# Payments of bank lines, lists


def paid_by_bank(ledger: Ledger, amount: str = "100.00", on_account: str = "0") -> str:
    """Post a line to I1 and return its payment's id."""
    begin_run(ledger)
    sum_in = str(Decimal(amount) + Decimal(on_account))
    (line,) = store_lines(ledger, a_line(sum_in, "INV-I1"), name=f"paid{amount}.ofx")
    outcome = "overpaid" if Decimal(on_account) else "applied"
    ledger.write(
        decided(
            [a_decision(line, outcome, applied=amount, on_account=on_account, customer_id="C1")],
            [an_allocation(line, "I1", amount)],
        )
    )
    return str(ledger.rows("select allocation_id from allocations where line_id = ?", line)[0][0])


def test_a_bank_lines_payment_is_shown_and_listed_with_those_by_hand(desk: PaymentDesk) -> None:
    by_hand, by_bank = desk.record("I1", of("40")), paid_by_bank(desk.ledger, "60.00")
    assert [(row["payment_id"], row["origin"]) for row in listed(desk.ledger, Asked(invoice_id="I1"))] == [
        (by_bank, "bank"),
        (by_hand, "hand"),
    ]
    assert shown(desk.ledger, by_bank)["events"][0]["kind"] == "posted"
    assert stands(desk) == ("paid", 100, 0)


def test_a_bank_lines_payment_is_not_changed_by_hand(desk: PaymentDesk) -> None:
    by_bank = paid_by_bank(desk.ledger)
    for change in (
        desk.refund,
        desk.credit,
        desk.delete,
        lambda payment: desk.update(payment, of("1")),
        lambda payment: desk.retry(payment, Details()),
    ):
        with refused("made by the bank line .* decision about that line"):
            change(by_bank)


def test_a_bank_lines_excess_makes_the_invoice_overpaid_until_it_is_spent(desk: PaymentDesk) -> None:
    paid_by_bank(desk.ledger, on_account="7.00")
    assert (stands(desk), credit_of(desk)) == (("overpaid", 107, 0), 7)
    desk.apply_credit("I2", Details())
    assert (stands(desk), stands(desk, "I2")) == (("paid", 100, 0), ("partially_paid", 7, 43))


def test_lists_hold_what_is_asked_for(desk: PaymentDesk) -> None:
    october = desk.record("I1", of("10", method="cash", payment_date=dt.date(2026, 10, 1)))
    failed = desk.fail("I2", of("11", method="paypal"), "declined")
    other = desk.record("I3", Details(method="check"))

    def ids(**asked: Any) -> list[str]:
        return [row["payment_id"] for row in listed(desk.ledger, Asked(**asked))]

    assert ids(invoice_id="INV-I1") == ids(end_date=dt.date(2026, 10, 31)) == ids(method="cash") == [october]
    assert ids(customer_id="C2") == ids(invoice_status="paid") == [other]
    assert ids(status="failed") == [failed]
    assert set(ids(start_date=TODAY)) == {failed, other}
    assert ids(limit=1) == ids()[:1]
    assert ids(limit=5, offset=1) == ids()[1:]
    assert ids(customer_id="C9") == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"method": "barter"}, "unknown payment method"),
        ({"status": "paidish"}, "unknown status"),
        ({"invoice_id": "X9"}, "knows no invoice"),
        ({"start_date": TODAY, "end_date": dt.date(2026, 10, 1)}, "turned round"),
        ({"limit": -1}, "0 or more"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(desk: PaymentDesk, asked: dict[str, Any], words: str) -> None:
    with refused(words):
        listed(desk.ledger, Asked(**asked))


def test_a_payment_that_is_not_known_is_refused(desk: PaymentDesk) -> None:
    for look in (lambda: shown(desk.ledger, "P9"), lambda: desk.refund("P9")):
        with refused("no payment 'P9'"):
            look()


def test_totals_tell_what_was_settled_before_this_ledger(ledger: Ledger) -> None:
    export(ledger, i1_due="60.00")
    totals = history(ledger, "I1")
    assert [totals[name] for name in ("total", "paid", "settled_otherwise", "remaining", "status")] == [
        100, 0, 40, 60, "partially_paid",
    ]  # fmt: skip


# Exports and nights


@pytest.mark.parametrize("exported", ["100.00", "60.00"])
def test_an_export_counts_a_payment_by_hand_once(desk: PaymentDesk, exported: str) -> None:
    desk.record("I1", of("40"))
    begin_run(desk.ledger)
    export(desk.ledger, i1_due=exported)
    assert stands(desk) == ("partially_paid", 40, 60)
    (row,) = desk.ledger.items().rows_by_key("invoice_id", named=True)["I1"]
    assert not row["is_disputed_by_export"]


def test_a_payment_by_hand_is_news_for_the_next_night_alone(desk: PaymentDesk) -> None:
    desk.record("I1", of("40"))
    begin_run(desk.ledger)
    assert desk.ledger.has_news()
    begin_run(desk.ledger)
    assert not desk.ledger.has_news()
