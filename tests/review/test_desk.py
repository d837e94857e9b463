"""A person's decision is carried out to the cent, with who, when and why; or refused with its reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from reconcile.errors import ReviewError
from reconcile.ledger import Ledger, broken_laws
from reconcile.ledger.payments import Details, PaymentDesk
from reconcile.review import DecisionsFile, Refused
from tests.builders import a_decision, a_line, an_allocation, begin_run, decided, store_lines
from tests.review.cases import a_night, balances, decision, desk, owed, refusal, said


@pytest.fixture
def lines(ledger: Ledger) -> dict[str, str]:
    return a_night(ledger)


def posted(ledger: Ledger, line_id: str) -> list[tuple[object, ...]]:
    return ledger.rows(
        "select invoice_id, amount, residual, residual_kind, rule from allocations inner join current_decisions using "
        "(decision_id) where allocations.line_id = ? and state = 'posted' order by 1".replace(
            "rule", "allocations.rule"
        ),
        line_id,
    )


def test_an_accepted_proposal_is_posted_with_who_when_why_and_the_evidence(ledger, lines):
    applied = desk(ledger).decide(said(lines["one"], "accept", reason="They called."))

    broken_laws(ledger)
    assert [(done.status, done.outcome) for done in applied.done] == [("done", "applied")]
    assert posted(ledger, lines["one"]) == [("I1", Decimal(100), Decimal(0), "", "person")]
    assert decision(ledger, lines["one"])["explanation"] == (
        "Accepted by anna on 2026-11-26 08:01 UTC: They called. The run had said: To decide (80 %): it fits."
    )
    assert owed(ledger)["I1"] == 0


def test_an_accepted_set_takes_its_credit_note_whole(ledger, lines):
    desk(ledger).decide(said(lines["two"], "accept"))

    broken_laws(ledger)
    assert decision(ledger, lines["two"])["outcome"] == "applied"
    assert {name: owed(ledger)[name] for name in ("I2", "I3", "N1")} == dict.fromkeys(("I2", "I3", "N1"), Decimal(0))


def test_an_accepted_proposal_keeps_what_it_settles_besides_the_cash(ledger, lines):
    desk(ledger).decide(said(lines["short"], "accept", "I2=49.50"))

    broken_laws(ledger)
    assert posted(ledger, lines["short"]) == [("I2", Decimal("49.5"), Decimal("0.5"), "bank_charge", "person")]
    assert (decision(ledger, lines["short"])["outcome"], owed(ledger)["I2"]) == ("short_paid", 0)


def test_what_is_beyond_the_invoices_is_the_customers_credit(ledger, lines):
    desk(ledger).decide(said(lines["over"], "accept"))

    broken_laws(ledger)
    told = decision(ledger, lines["over"])
    assert (told["outcome"], told["applied"], told["on_account"], told["customer_id"]) == ("overpaid", 20, 5, "C1")


@pytest.mark.parametrize(("rank", "invoices"), [(2, ["J1"]), (3, ["I2", "I3"])])
def test_an_alternative_is_accepted_by_its_rank(ledger, lines, rank, invoices):
    desk(ledger).decide(said(lines["one"], "accept", rank=rank))

    broken_laws(ledger)
    assert [row[0] for row in posted(ledger, lines["one"])] == invoices


def test_assigned_invoices_are_paid_in_turn_and_the_last_stays_open(ledger, lines):
    desk(ledger).decide(said(lines["one"], "assign", "INV-I2", "INV-J1"))

    broken_laws(ledger)
    assert [row[:2] for row in posted(ledger, lines["one"])] == [("I2", 50), ("J1", 50)]
    assert (decision(ledger, lines["one"])["outcome"], owed(ledger)["J1"]) == ("short_paid", 50)


def test_a_rest_is_written_off_up_to_the_limit_and_no_cent_more(ledger, lines):
    over_limit = desk(ledger, write_off_amount_max="0.49").decide(said(lines["short"], "write_off", "I2"))
    assert refusal(over_limit) == (
        "0.50 EUR would be written off; at most 0.49 EUR may be ([review] write_off_amount_max)"
    )
    desk(ledger, write_off_amount_max="0.50").decide(said(lines["short"], "write_off", "I2"))

    broken_laws(ledger)
    assert posted(ledger, lines["short"]) == [("I2", Decimal("49.5"), Decimal("0.5"), "write_off", "person")]
    assert owed(ledger)["I2"] == 0


def test_money_is_put_on_account_or_marked_as_no_receivable(ledger, lines):
    desk(ledger).decide(said(lines["nobody"], "on_account", customer_id="C2"))
    desk(ledger).decide(said(lines["one"], "not_receivable"))
    desk(ledger).decide(said(lines["back"], "on_account", customer_id="C1"))

    broken_laws(ledger)
    assert [decision(ledger, lines[name])["outcome"] for name in ("nobody", "one", "back")] == [
        "on_account", "ignored", "refund",
    ]  # fmt: skip


def test_a_rejected_pair_is_remembered_and_the_line_stays_with_its_alternatives(ledger, lines):
    desk(ledger).decide(said(lines["one"], "reject"))

    broken_laws(ledger)
    assert ledger.rows("select * from rejected_pairs") == [(lines["one"], "I1")]
    assert decision(ledger, lines["one"])["outcome"] == "review"
    assert refusal(desk(ledger, minutes=1).decide(said(lines["one"], "accept"))) == (
        "nothing is proposed for it; name the invoices that it pays"
    )
    begin_run(ledger)
    assert lines["one"] in ledger.undecided_lines()["line_id"]


def test_a_pair_is_rejected_once_however_it_is_named(ledger, lines):
    desk(ledger).decide(said(lines["nobody"], "reject", "I1", "INV-I1", "J1"))

    broken_laws(ledger)
    assert ledger.rows("select invoice_id from rejected_pairs order by 1") == [("I1",), ("J1",)]
    assert decision(ledger, lines["nobody"])["outcome"] == "unmatched"


@pytest.mark.parametrize(
    ("line", "decided_so", "why"),
    [
        ("one", ("assign", "I1=100.01"), "invoice INV-I1 owes 100.00 EUR by now, not 100.01 EUR"),
        ("one", ("assign", "P1"), "nothing is owed on invoice INV-P1 by now"),
        ("one", ("assign", "U1"), "invoice INV-U1 is in USD, the line in EUR"),
        ("one", ("assign", "V1"), "invoice INV-V1 is void"),
        ("one", ("assign", "X9"), "the ledger knows no invoice 'X9'"),
        ("one", ("assign", "I1", "INV-I1"), "an invoice stands twice"),
        ("one", ("assign",), "name the invoices that it pays"),
        ("one", ("assign", "I1=100.00", "I2=0.01"), "its invoices and credit notes take 100.01 EUR; it has 100.00 EUR"),
        ("one", ("assign", "I1", "I2"), "nothing of its money is left for invoice INV-I2"),
        ("one", ("assign", "I1=1.005"), "1.005 is too large for invoice INV-I1, or has more decimals than EUR"),
        ("one", ("assign", "I1=-5"), "the amount for invoice INV-I1 is to be above zero"),
        ("one", ("assign", "I1", "N1=5"), "the amount for credit note INV-N1 is to be below zero"),
        ("one", ("assign", "N1"), "its invoices and credit notes take -10.00 EUR; it has 100.00 EUR"),
        ("one", ("assign", "I2=30", "J1=30"), "40.00 EUR is beyond what its invoices get, and they are several"),
        ("one", ("write_off", "I1"), "nothing is left to write off"),
        ("over", ("write_off", "I3=19"), "6.00 EUR of its money would be left over while something is written off"),
        ("one", ("accept_4",), "it has no alternative 4"),
        ("one", ("on_account",), "say whose money it is"),
        ("one", ("on_account_C9",), "the ledger knows no customer 'C9'"),
        ("nobody", ("accept",), "nothing is proposed for it"),
        ("nobody", ("reject",), "nothing is proposed for it; name the invoices that it does not pay"),
        ("back", ("assign", "I1"), "no money came in by it"),
        ("posted", ("accept",), "it is decided already (applied) by run 1 on 2026-11-01"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_reason_and_changes_nothing(ledger, lines, line, decided_so, why):
    before = balances(ledger), ledger.run_number
    action, *invoices = decided_so
    more = {"rank": 4} if action == "accept_4" else {"customer_id": "C9"} if action == "on_account_C9" else {}
    action = action.removesuffix("_4").removesuffix("_C9")

    applied = desk(ledger).decide(said(lines[line], action, *invoices, **more))

    assert refusal(applied).startswith(why)
    assert (balances(ledger), ledger.run_number) == before
    assert ledger.rows("select * from reviews") == []


def test_of_a_file_the_valid_decisions_are_carried_out_and_each_meets_what_the_one_before_left(ledger, lines):
    unreadable = Refused("decision 9", "", "it is no decision")
    file = DecisionsFile(
        "decisions.json", 1, "anna",
        (
            said(lines["two"], "accept", place="decision 1"),
            said(lines["short"], "accept", place="decision 2"),
            said("nowhere", "accept", place="decision 3"),
            said(lines["two"], "reject", place="decision 4"),
            said(lines["one"], "accept", place="decision 5"),
        ),
        (unreadable,),
    )  # fmt: skip

    applied = desk(ledger).apply(file)

    broken_laws(ledger)
    assert [(done.line_id, done.status) for done in applied.done] == [(lines["two"], "done"), (lines["one"], "done")]
    assert applied.refused == (
        unreadable,
        Refused("decision 2", lines["short"], "nothing is owed on invoice INV-I2 by now"),
        Refused("decision 3", "nowhere", "the ledger knows no line 'nowhere'"),
        Refused("decision 4", lines["two"], "another decision of the same file concerns this line"),
    )
    assert ledger.run_number == 2


def test_the_same_file_twice_is_no_news_also_after_an_undo(ledger, lines):
    file = DecisionsFile("d.json", 1, "anna", (said(lines["one"], "accept"), said(lines["two"], "reject")))
    desk(ledger).apply(file)
    again = desk(ledger, minutes=9).apply(file)
    desk(ledger, minutes=10).undo(lines["one"])
    run_number = ledger.run_number
    after_undo = desk(ledger, minutes=11).apply(file)

    broken_laws(ledger)
    assert [done.status for done in (*again.done, *after_undo.done)] == ["known"] * 4
    assert [again.is_news, after_undo.is_news] == [False, False]
    assert ledger.run_number == run_number
    assert decision(ledger, lines["one"])["outcome"] == "review"


def test_what_a_later_run_proposed_anew_is_not_accepted_unseen(ledger, lines):
    begin_run(ledger)
    ledger.write(
        decided(
            [a_decision(lines["one"], "review", unapplied="100.00", explanation="Another.")],
            [an_allocation(lines["one"], "J1", "100.00", state="proposed", customer_id="C2")],
        )
    )

    applied = desk(ledger).apply(DecisionsFile("d.json", 1, "anna", (said(lines["one"], "accept"),)))

    assert refusal(applied) == "run 2 looked at it anew since the report of run 1; look at the newer one"


def test_a_large_sum_waits_for_a_second_person_who_says_the_same(ledger, lines):
    before = balances(ledger)
    first = desk(ledger, second_person_amount_min="100").decide(said(lines["one"], "accept"))

    broken_laws(ledger)
    assert [done.status for done in first.done] == ["waiting"]
    assert balances(ledger) == before
    begin_run(ledger)
    assert lines["one"] not in ledger.undecided_lines()["line_id"].to_list()
    for who, action, why in (
        ("anna", "accept", "anna's decision (accept, 2026-11-26 08:01 UTC) waits for a second person's yes"),
        (" ANNA", "accept", "anna's decision (accept, 2026-11-26 08:01 UTC) waits for a second person's yes"),
        (
            "bob",
            "not_receivable",
            "anna's decision (accept, 2026-11-26 08:01 UTC) waits for a second person's yes, and was",
        ),
    ):
        refused = desk(ledger, who, minutes=1, second_person_amount_min="100").decide(said(lines["one"], action))
        assert refusal(refused).startswith(why)
    second = desk(ledger, "bob", minutes=2, second_person_amount_min="100").confirm(lines["one"][:8], "seen")

    broken_laws(ledger)
    assert [(done.status, done.outcome) for done in second.done] == [("done", "applied")]
    assert str(decision(ledger, lines["one"])["explanation"]).startswith(
        "Accepted by anna on 2026-11-26 08:01 UTC, confirmed by bob on 2026-11-26 08:03 UTC: seen."
    )


def test_a_sum_below_the_limit_and_a_rejection_wait_for_nobody(ledger, lines):
    below = desk(ledger, second_person_amount_min="100.01").decide(said(lines["one"], "accept"))
    rejected = desk(ledger, second_person_amount_min="1").decide(said(lines["two"], "reject"))

    assert [done.status for done in (*below.done, *rejected.done)] == ["done", "done"]


def test_what_waits_is_withdrawn_by_an_undo_and_is_not_confirmed_where_the_invoice_was_paid_meanwhile(ledger, lines):
    four_eyes = {"second_person_amount_min": "60"}
    desk(ledger, **four_eyes).decide(said(lines["one"], "accept"))
    desk(ledger, **four_eyes).decide(said(lines["two"], "accept"))
    desk(ledger, minutes=1, **four_eyes).undo(lines["one"])
    desk(ledger).decide(said(lines["short"], "accept"))

    with pytest.raises(ReviewError, match=r"nothing about line .* waits for a second person"):
        desk(ledger, "bob", **four_eyes).confirm(lines["one"])
    assert refusal(desk(ledger, "bob", **four_eyes).confirm(lines["two"])) == "nothing is owed on invoice INV-I2 by now"
    broken_laws(ledger)


@pytest.mark.parametrize(
    "decided_so",
    [
        ("one", "accept"),
        ("two", "accept"),
        ("short", "accept"),
        ("over", "accept"),
        ("one", "assign", "I2", "I3=1", "J1"),
        ("short", "write_off", "I2"),
        ("one", "reject"),
        ("one", "not_receivable"),
        ("fee", "not_receivable"),
        ("back", "on_account"),
    ],
)
def test_an_undo_restores_every_balance_to_the_cent_and_what_was_proposed(ledger, lines, decided_so):
    name, action, *invoices = decided_so
    before = balances(ledger)
    proposed = (
        "select invoice_id, amount, residual, state from current_decisions inner join allocations using (decision_id)"
    )
    query = f"{proposed} where current_decisions.line_id = ? and state = 'proposed' order by all"
    proposals = ledger.rows(query, lines[name])
    desk(ledger).decide(said(lines[name], action, *invoices, customer_id="C1" if action == "on_account" else ""))

    undone = desk(ledger, "bob", minutes=5).undo(lines[name], "wrong")

    broken_laws(ledger)
    assert [(done.status, done.outcome) for done in undone.done] == [("done", "ignored" if name == "fee" else "review")]
    assert balances(ledger) == before
    assert ledger.rows(query, lines[name]) == proposals
    assert ledger.rows("select * from rejected_pairs") == []
    again = desk(ledger, minutes=6).decide(said(lines[name], "accept" if proposals else "not_receivable"))
    broken_laws(ledger)
    assert not again.refused


def test_an_undo_takes_back_what_a_run_decided_and_its_pairs_count_as_rejected(ledger, lines):
    desk(ledger).undo(lines["posted"], "another customer's")
    desk(ledger).undo(lines["kept"])

    broken_laws(ledger)
    assert owed(ledger)["P1"] == 60
    assert ledger.rows("select * from rejected_pairs") == [(lines["posted"], "P1")]
    begin_run(ledger)
    undecided = ledger.undecided_lines().filter("is_rejected")["line_id"].to_list()
    assert undecided == sorted([lines["posted"], lines["kept"]])  # proposed anew, and decided by people only
    desk(ledger).decide(said(lines["kept"], "assign", "P1"))
    broken_laws(ledger)


def test_nothing_is_undone_where_nothing_is_decided(ledger, lines):
    assert (
        refusal(desk(ledger).undo(lines["one"])) == "nothing is decided about it that could be undone: it is in review"
    )
    desk(ledger).decide(said(lines["one"], "accept"))
    desk(ledger, minutes=1).undo(lines["one"])
    assert refusal(desk(ledger, minutes=2).undo(lines["one"])).startswith("nothing is decided about it")


def test_a_receipt_that_the_bank_took_back_and_the_return_itself_stand(ledger, lines):
    begin_run(ledger)
    (returned,) = store_lines(ledger, a_line("-60.00", "returned"), name="returns.ofx")
    ((allocation_id,),) = ledger.rows("select allocation_id from allocations where invoice_id = 'P1'")
    ledger.write(
        decided(
            [a_decision(returned, "returned", applied="-60.00", returns_line_id=lines["posted"])],
            [an_allocation(returned, "P1", "-60.00", reverses_id=str(allocation_id))],
        )
    )

    assert refusal(desk(ledger).undo(lines["posted"])).startswith("the bank took this receipt back")
    assert refusal(desk(ledger).undo(returned)).startswith("it is the bank's own return")


def test_credit_that_was_spent_or_paid_back_is_not_taken_from_under_it(ledger, lines):
    desk(ledger).decide(said(lines["over"], "accept"))
    payments = PaymentDesk(ledger, "anna", dt.datetime(2026, 11, 27, tzinfo=dt.UTC), dt.date(2026, 11, 27))
    payments.apply_credit("I2", Details(Decimal(3)), source_id=lines["over"], payment_id="pay_1")
    begin_run(ledger)
    (refund,) = store_lines(ledger, a_line("-8.00", "refund"), name="refund.ofx")
    ledger.write(decided([a_decision(refund, "refund", customer_id="C3")]))

    assert refusal(desk(ledger).undo(lines["over"])) == (
        "its money on account was spent since: delete payment pay_1 (3.00 EUR for invoice I2) first"
    )
    assert refusal(desk(ledger).undo(lines["kept"])).startswith("8.00 EUR of customer C3's credit was paid back")
    payments.delete("pay_1")
    assert not desk(ledger).undo(lines["over"]).refused
    broken_laws(ledger)


def test_a_rejection_that_a_night_looked_beyond_is_only_withdrawn(ledger, lines):
    desk(ledger).decide(said(lines["one"], "reject"))
    begin_run(ledger)
    ledger.write(decided([a_decision(lines["one"], "unmatched", unapplied="100.00", rule="none")]))

    desk(ledger, minutes=1).undo(lines["one"])

    broken_laws(ledger)
    assert ledger.rows("select * from rejected_pairs") == []
    assert decision(ledger, lines["one"])["outcome"] == "unmatched"


@pytest.mark.parametrize(("name", "why"), [("abc", "at least 6 characters"), ("zzzzzzz", "the ledger knows no line")])
def test_a_line_is_named_by_a_beginning_that_only_it_has(ledger, lines, name, why):
    desk(ledger).decide(said(lines["one"][:6], "accept"))

    assert decision(ledger, lines["one"])["outcome"] == "applied"
    with pytest.raises(ReviewError, match=why):
        desk(ledger).decide(said(name, "accept"))


def test_nobody_decides_nothing(ledger, lines):
    with pytest.raises(ReviewError, match="say who decides"):
        desk(ledger, "  ")


def test_a_decision_that_is_still_to_come_is_refused(ledger, lines):
    late = said(lines["one"], "accept", decided_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))

    assert refusal(desk(ledger).decide(late)) == "it says that it was decided on 2027-01-01, which is still to come"
