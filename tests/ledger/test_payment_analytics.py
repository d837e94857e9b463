"""Analytics count each invoice once, money exactly, and cash only where it came in."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.errors import PaymentError
from reconcile.ledger import Ledger, open_ledger, store_receivables
from reconcile.ledger.payment_analytics import analytics, start_of
from reconcile.ledger.payments import Details, PaymentDesk
from tests.builders import a_decision, a_line, an_allocation, an_invoice, begin_run, decided, receivables, store_lines

AS_OF = dt.date(2026, 9, 30)
STATUSES = ("paid", "partially_paid", "unpaid", "overpaid", "refunded")


def a_desk(ledger: Ledger, *invoices: Any) -> PaymentDesk:
    """Export these invoices and hand out the desk, on the day of the analytics."""
    store_receivables(ledger, receivables(list(invoices)))
    return PaymentDesk(ledger, "Anna", dt.datetime(2026, 9, 30, tzinfo=dt.UTC), AS_OF)


def of(amount: str, day: str = "2026-09-11") -> Details:
    return Details(amount=Decimal(amount), payment_date=dt.date.fromisoformat(day))


def told(ledger: Ledger, period: str = "30d") -> dict[str, Any]:
    return analytics(ledger, period, AS_OF)


def revenue(ledger: Ledger, period: str = "30d") -> dict[str, Decimal]:
    return {row["currency"]: row["amount"] for row in told(ledger, period)["revenue"]}


def by_bank(ledger: Ledger, amount: str, outcome: str = "on_account", **money: str) -> str:
    begin_run(ledger)
    line = a_line(amount, f"{outcome} {amount}", booked_date="2026-09-15")
    (line_id,) = store_lines(ledger, line, name=f"{outcome}{amount}.ofx")
    ledger.write(decided([a_decision(line_id, outcome, customer_id="C1", **money)]))
    return line_id


def test_each_status_is_counted_and_the_rates_are_of_all(ledger: Ledger) -> None:
    desk = a_desk(ledger, *(an_invoice(name) for name in ("I1", "I2", "I3", "I4", "I5", "I6")))
    desk.record("I1", of("100.00"))
    desk.record("I2", of("60.00"))
    desk.record("I3", of("130.00"))
    desk.refund(desk.record("I4", of("100.00")))
    found = told(ledger)
    assert {name: found[name] for name in ("total_invoices", *STATUSES)} == {
        "total_invoices": 6, "paid": 1, "partially_paid": 1, "unpaid": 2, "overpaid": 1, "refunded": 1,
    }  # fmt: skip
    assert (found["payment_rate"], found["partial_payment_rate"]) == (Decimal("0.3333"), Decimal("0.1667"))


def test_a_period_without_an_invoice_has_no_rate_and_no_average(ledger: Ledger) -> None:
    found = told(ledger)
    assert found["total_invoices"] == 0
    assert found["payment_rate"] is found["partial_payment_rate"] is found["average_days_to_payment"] is None
    assert found["revenue"] == []


def test_only_invoices_of_the_period_that_are_to_be_paid_are_counted(ledger: Ledger) -> None:
    a_desk(
        ledger,
        an_invoice("FIRST", issue_date="2026-09-01"),
        an_invoice("LAST", issue_date="2026-09-30"),
        an_invoice("EARLY", issue_date="2026-08-31"),
        an_invoice("LATE", issue_date="2026-10-01"),
        an_invoice("VOID", status="void"),
        an_invoice("DRAFT", status="draft"),
        an_invoice("NOTE", kind="credit_note"),
    )
    assert told(ledger)["total_invoices"] == 2
    assert told(ledger, "1d")["total_invoices"] == 1


def test_days_to_payment_run_to_the_last_payment_of_what_is_paid_here(ledger: Ledger) -> None:
    desk = a_desk(ledger, *(an_invoice(name) for name in ("I1", "I2", "I3")), an_invoice("I4", status="paid"))
    desk.record("I1", of("40.00", "2026-09-03"))
    desk.record("I1", of("60.00", "2026-09-11"))
    desk.record("I2", of("100.00", "2026-09-06"))
    desk.record("I3", of("99.99", "2026-09-02"))
    found = told(ledger)
    assert (found["paid"], found["invoices_with_days"]) == (3, 2)
    assert found["average_days_to_payment"] == Decimal("7.5")


def test_revenue_is_cash_by_bank_and_by_hand_less_what_went_back(ledger: Ledger) -> None:
    desk = a_desk(ledger, an_invoice("I1"), an_invoice("I2"))
    desk.refund(desk.record("I1", of("100.00")), Decimal("30.00"))
    by_bank(ledger, "50.00", on_account="50.00")
    by_bank(ledger, "-20.00", "refund")
    by_bank(ledger, "9.00", "unmatched", unapplied="9.00")
    by_bank(ledger, "-4.00", "ignored")
    assert revenue(ledger) == {"EUR": Decimal("100.000")}


def test_a_receipt_that_the_bank_took_back_is_no_revenue(ledger: Ledger) -> None:
    receipt = by_bank(ledger, "50.00", on_account="50.00")
    by_bank(ledger, "-50.00", "returned", on_account="-50.00", returns_line_id=receipt)
    assert revenue(ledger) == {"EUR": Decimal(0)}


def test_credit_that_pays_an_invoice_is_no_new_cash(ledger: Ledger) -> None:
    desk = a_desk(ledger, an_invoice("I1"), an_invoice("I2"))
    desk.record("I1", of("130.00"))
    desk.apply_credit("I2", Details())
    assert revenue(ledger) == {"EUR": Decimal("130.000")}


def test_a_line_that_seems_to_be_a_payment_by_hand_is_not_counted_twice(ledger: Ledger) -> None:
    desk = a_desk(ledger, an_invoice("I1"))
    desk.record("I1", of("100.00"))
    by_bank(ledger, "100.00", "duplicate", on_account="100.00")
    assert revenue(ledger) == {"EUR": Decimal("100.000")}


def test_failed_and_deleted_payments_are_no_revenue_and_currencies_stay_apart(ledger: Ledger) -> None:
    desk = a_desk(ledger, an_invoice("I1"), an_invoice("J1", amount_due="900", currency="JPY"))
    desk.fail("I1", of("100.00"), "declined")
    desk.delete(desk.record("I1", of("100.00")))
    desk.record("J1", of("900"))
    assert revenue(ledger) == {"JPY": Decimal("900.000")}


def test_cash_counts_on_its_own_day_and_a_discount_is_none(ledger: Ledger) -> None:
    a_desk(ledger, an_invoice("I1"))
    begin_run(ledger)
    (line,) = store_lines(ledger, a_line("97.00", "INV-I1", booked_date="2026-09-30"))
    allocation = an_allocation(line, "I1", "97.00", residual="3.00", residual_kind="discount")
    ledger.write(decided([a_decision(line, applied="97.00", difference="3.00", customer_id="C1")], [allocation]))
    assert revenue(ledger, "1d") == {"EUR": Decimal("97.000")}
    assert analytics(ledger, "1d", dt.date(2026, 10, 1))["revenue"] == []


@pytest.mark.parametrize("period", ["", "30", "0d", "-1d", "1.5d", "30w", "99999d", "d", "٣٠d", "30d\n"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(PaymentError, match="no period"):
        start_of(period, AS_OF)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 10**15).map(lambda cents: Decimal(cents).scaleb(-2)), min_size=1, max_size=6))
def test_revenue_is_the_exact_sum_and_every_invoice_has_one_status(amounts: list[Decimal]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.duckdb") as ledger:
        begin_run(ledger)
        desk = a_desk(ledger, *(an_invoice(f"I{place}") for place in range(len(amounts))))
        for place, amount in enumerate(amounts):
            desk.record(f"I{place}", Details(amount=amount, payment_date=AS_OF))
        found = told(ledger)
    assert found["revenue"] == [{"currency": "EUR", "amount": sum(amounts)}]
    assert sum(found[status] for status in STATUSES) == found["total_invoices"] == len(amounts)
