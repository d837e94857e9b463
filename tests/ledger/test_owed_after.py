"""What is owed is carried along within a run exactly as the ledger tells it afterwards."""

from decimal import Decimal

import polars as pl

from reconcile.ledger import owed_after
from reconcile.money import MONEY


def items(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Items by id, kind and what is owed."""
    ids, kinds, owed = zip(*rows, strict=True)
    amounts = pl.Series(list(map(Decimal, owed)), dtype=MONEY)
    return pl.DataFrame({"invoice_id": ids, "kind": kinds, "open_amount": amounts})


def allocations(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Allocations by invoice, cash and residual."""
    ids, cash, residual = zip(*rows, strict=True) if rows else ((), (), ())
    return pl.DataFrame(
        {
            "invoice_id": pl.Series(ids, dtype=pl.String),
            "amount": pl.Series(list(map(Decimal, cash)), dtype=MONEY),
            "residual": pl.Series(list(map(Decimal, residual)), dtype=MONEY),
        }
    )


def owed(frame: pl.DataFrame) -> dict[str, Decimal]:
    return dict(zip(frame["invoice_id"], frame["open_amount"], strict=True))


def test_cash_and_what_is_settled_besides_lower_what_is_owed():
    after = owed_after(items(("I1", "invoice", "240.00")), allocations(("I1", "200.00", "4.80"), ("I1", "10.00", "0")))

    assert owed(after) == {"I1": Decimal("25.20")}


def test_a_credit_note_is_used_up_by_what_is_taken_from_it():
    after = owed_after(items(("N1", "credit_note", "50.00")), allocations(("N1", "-30.00", "0")))

    assert owed(after) == {"N1": Decimal("20.00")}


def test_a_reversal_opens_again_what_it_reverses():
    before = items(("I1", "invoice", "240.00"))
    paid = owed_after(before, allocations(("I1", "240.00", "0")))

    assert owed(owed_after(paid, allocations(("I1", "-240.00", "0")))) == owed(before)


def test_without_allocations_nothing_changes_and_the_order_stays():
    before = items(("I2", "invoice", "1.00"), ("I1", "invoice", "2.00"))

    assert owed_after(before, allocations()).equals(before)
