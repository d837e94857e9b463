"""What is owed counts each of our payments exactly once, whether the export contains it or not."""

from __future__ import annotations

from decimal import Decimal

from reconcile.ledger import Ledger, store_receivables
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


def export(ledger: Ledger, amount_due: str | None = "100.00", *, status: str = "open", kind: str = "invoice") -> None:
    """Store an export in which I1 says this; None: it is not listed any more."""
    told = (
        []
        if amount_due is None
        else [an_invoice("I1", total="100.00", amount_due=amount_due, status=status, kind=kind)]
    )
    store_receivables(ledger, receivables([*told, an_invoice("I2", amount_due="5.00")]))


def next_export(ledger: Ledger, amount_due: str | None, *, status: str = "open") -> None:
    begin_run(ledger)
    export(ledger, amount_due, status=status)


def pay(ledger: Ledger, amount: str, *, residual: str = "0", residual_kind: str = "") -> str:
    """Post a receipt of this amount to I1 and return its line."""
    file = f"payment {amount} in run {ledger.run_number}"
    (line_id,) = store_lines(ledger, a_line(amount, file), name=file)
    ledger.write(
        decided(
            [a_decision(line_id, applied=amount)],
            [an_allocation(line_id, "I1", amount, residual=residual, residual_kind=residual_kind)],
        )
    )
    return line_id


def take_back(ledger: Ledger, paid_line_id: str) -> None:
    """Post the bank's return of a receipt."""
    ((allocation_id, amount, residual),) = ledger.rows(
        "select allocation_id, amount, residual from allocations where line_id = ?", paid_line_id
    )
    file = f"return of {paid_line_id}"
    (line_id,) = store_lines(ledger, a_line(f"-{amount}", file), name=file)
    ledger.write(
        decided(
            [a_decision(line_id, "returned", applied=f"-{amount}", returns_line_id=paid_line_id)],
            [an_allocation(line_id, "I1", f"-{amount}", residual=f"-{residual}", reverses_id=str(allocation_id))],
        )
    )


def owed(ledger: Ledger, invoice_id: str = "I1") -> tuple[Decimal, bool]:
    """Return what is open on an item, and whether the export disputes it."""
    (row,) = ledger.items().rows_by_key("invoice_id", named=True)[invoice_id]
    return row["open_amount"], row["is_disputed_by_export"]


def test_an_item_without_payments_owes_what_the_export_says(ledger: Ledger) -> None:
    export(ledger, "60.00")
    assert owed(ledger) == (60, False)


def test_an_item_without_payments_owes_what_the_newest_export_says(ledger: Ledger) -> None:
    export(ledger, "60.00")
    next_export(ledger, "80.00")
    assert owed(ledger) == (80, False)


def test_a_payment_counts_at_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    assert owed(ledger) == (60, False)


def test_what_is_settled_besides_cash_is_owed_no_longer(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "98.00", residual="2.00", residual_kind="discount")
    assert owed(ledger) == (0, False)


def test_a_proposal_pays_nothing(ledger: Ledger) -> None:
    export(ledger)
    (line_id,) = store_lines(ledger, a_line("100.00"))
    ledger.write(
        decided([a_decision(line_id, "review", unapplied="100.00")], [an_allocation(line_id, "I1", state="proposed")])
    )
    assert owed(ledger) == (100, False)


def test_an_export_that_does_not_contain_our_payment_counts_it_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "100.00")
    assert owed(ledger) == (60, False)


def test_an_export_that_contains_our_payment_counts_it_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "60.00")
    assert owed(ledger) == (60, False)


def test_an_export_that_contains_an_earlier_runs_payment_only_counts_both_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    begin_run(ledger)
    pay(ledger, "35.00")
    next_export(ledger, "60.00")
    assert owed(ledger) == (25, False)


def test_an_export_that_contains_both_payments_counts_both_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "60.00")
    pay(ledger, "35.00")
    next_export(ledger, "25.00")
    assert owed(ledger) == (25, False)


def test_an_export_that_falls_back_to_what_it_said_first_counts_our_payment_once(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "60.00")
    next_export(ledger, "100.00")
    assert owed(ledger) == (60, False)


def test_an_export_that_marks_the_item_as_paid_after_our_payment_tells_nothing_new(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "100.00")
    next_export(ledger, "0.00", status="paid")
    assert owed(ledger) == (0, False)


def test_an_export_that_no_longer_lists_the_item_after_our_payment_tells_nothing_new(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "100.00")
    next_export(ledger, None)
    assert owed(ledger) == (0, False)


def test_an_export_that_says_something_else_is_disputed_and_less_is_taken(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "30.00")
    assert owed(ledger) == (30, True)


def test_where_our_sum_is_the_smaller_of_two_that_differ_it_is_taken(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "150.00")
    assert owed(ledger) == (60, True)


def test_both_sums_stand_beside_a_disputed_item(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "30.00")
    (row,) = ledger.items().rows_by_key("invoice_id", named=True)["I1"]
    assert (row["exported_due"], row["owed_before"], row["applied"]) == (30, 100, 40)


def test_what_is_paid_after_a_dispute_is_owed_no_longer(ledger: Ledger) -> None:
    """100 less our 40; somebody took off another 10, so 50 is owed; 50 is paid; nothing is."""
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "50.00")
    assert owed(ledger) == (50, True)
    pay(ledger, "50.00")
    assert owed(ledger)[0] == 0


def test_a_disputed_sum_that_our_later_payment_happens_to_explain_is_not_owed_again(ledger: Ledger) -> None:
    """100 less our 40; the export says 30, so 30 is owed; 30 is paid; 100 - 40 - 30 is no second 30."""
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "30.00")
    pay(ledger, "30.00")
    assert owed(ledger)[0] == 0


def test_a_return_after_a_dispute_opens_what_was_paid_after_it(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "50.00")
    line_id = pay(ledger, "50.00")
    begin_run(ledger)
    take_back(ledger, line_id)
    assert owed(ledger)[0] == 50


def test_an_item_that_the_export_pays_in_part_without_us_owes_the_rest(ledger: Ledger) -> None:
    export(ledger)
    next_export(ledger, "70.00")
    pay(ledger, "70.00")
    assert owed(ledger) == (0, False)


def test_an_item_that_is_void_owes_nothing(ledger: Ledger) -> None:
    export(ledger, "100.00", status="void")
    assert owed(ledger)[0] == 0


def test_an_item_that_becomes_void_after_a_payment_owes_nothing_and_is_disputed(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, "100.00", status="void")
    assert owed(ledger) == (0, True)


def test_an_item_that_is_paid_elsewhere_owes_nothing_whatever_its_amount_due_says(ledger: Ledger) -> None:
    export(ledger, "100.00", status="paid")
    assert owed(ledger) == (0, False)


def test_a_draft_owes_nothing_until_it_is_open(ledger: Ledger) -> None:
    export(ledger, "100.00", status="draft")
    assert owed(ledger)[0] == 0
    next_export(ledger, "100.00")
    assert owed(ledger) == (100, False)


def test_an_item_that_is_no_longer_listed_owes_nothing(ledger: Ledger) -> None:
    export(ledger)
    next_export(ledger, None)
    assert owed(ledger) == (0, False)


def test_an_item_that_is_no_longer_listed_after_a_part_payment_owes_nothing_and_is_disputed(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    next_export(ledger, None)
    assert owed(ledger) == (0, True)


def test_an_item_that_is_listed_again_owes_again(ledger: Ledger) -> None:
    export(ledger)
    next_export(ledger, None)
    next_export(ledger, "100.00")
    assert owed(ledger) == (100, False)


def test_a_return_opens_the_item_again(ledger: Ledger) -> None:
    export(ledger)
    line_id = pay(ledger, "98.00", residual="2.00", residual_kind="discount")
    take_back(ledger, line_id)
    assert owed(ledger) == (100, False)


def test_a_return_after_the_export_contained_the_payment_opens_the_item_again(ledger: Ledger) -> None:
    export(ledger)
    line_id = pay(ledger, "100.00")
    next_export(ledger, "0.00", status="paid")
    take_back(ledger, line_id)
    assert owed(ledger) == (100, False)


def test_a_return_after_the_item_was_no_longer_listed_opens_it_again(ledger: Ledger) -> None:
    export(ledger)
    line_id = pay(ledger, "100.00")
    next_export(ledger, None)
    begin_run(ledger)
    take_back(ledger, line_id)
    assert owed(ledger) == (100, False)


def test_an_item_that_is_paid_again_after_a_return_is_settled(ledger: Ledger) -> None:
    export(ledger)
    line_id = pay(ledger, "100.00")
    next_export(ledger, "0.00", status="paid")
    take_back(ledger, line_id)
    begin_run(ledger)
    pay(ledger, "100.00")
    assert owed(ledger) == (0, False)


def test_a_credit_note_gives_what_was_taken_from_it(ledger: Ledger) -> None:
    export(ledger, "100.00", kind="credit_note")
    (line_id,) = store_lines(ledger, a_line("0.00"))
    ledger.write(decided([a_decision(line_id)], [an_allocation(line_id, "I1", "-30.00")]))
    assert owed(ledger) == (70, False)


def test_a_return_gives_a_credit_note_back_what_was_taken_from_it(ledger: Ledger) -> None:
    export(ledger, "100.00", kind="credit_note")
    (line_id,) = store_lines(ledger, a_line("0.00"))
    ledger.write(decided([a_decision(line_id)], [an_allocation(line_id, "I1", "-30.00")]))
    ((allocation_id,),) = ledger.rows("select allocation_id from allocations")
    (back,) = store_lines(ledger, a_line("0.00", "back"), name="back.ofx")
    ledger.write(
        decided([a_decision(back, "returned")], [an_allocation(back, "I1", "30.00", reverses_id=str(allocation_id))])
    )
    assert owed(ledger) == (100, False)


def test_payments_of_one_item_leave_another_as_it_is(ledger: Ledger) -> None:
    export(ledger)
    pay(ledger, "40.00")
    assert owed(ledger, "I2") == (5, False)
