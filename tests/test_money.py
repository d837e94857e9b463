"""What is no amount is refused, and what is one is read to the last digit, in every notation."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.money import (
    AMOUNT_MAX,
    MONEY,
    decimals,
    decimals_of,
    has_too_many_decimals,
    read_amounts,
    written,
    written_all,
)

AMOUNTS = st.integers(-999_999_999_999_999_999, 999_999_999_999_999_999).map(lambda n: Decimal(n).scaleb(-3))
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLP"])
NOTATIONS = st.sampled_from([(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", " "), (".", "'")])


def read(text: str, decimal_mark: str = ".", thousands_mark: str = "") -> Decimal | None:
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    amounts = frame.select(read_amounts(pl.col("text"), decimal_mark, thousands_mark)).to_series()
    assert amounts.dtype == MONEY
    return amounts[0]


def in_notation(amount: Decimal, decimal_mark: str, thousands_mark: str) -> str:
    whole, _, fraction = f"{abs(amount):,.3f}".partition(".")
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole.replace(',', thousands_mark)}{decimal_mark}{fraction}"


@given(AMOUNTS, NOTATIONS)
def test_what_is_written_in_a_notation_reads_back_to_the_last_digit(amount: Decimal, notation: tuple[str, str]) -> None:
    assert read(in_notation(amount, *notation), *notation) == amount


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_with_its_currency_reads_back_to_the_last_digit(amount: Decimal, currency: str) -> None:
    assert read(written(amount, currency)) == amount


@given(st.lists(st.tuples(AMOUNTS, CURRENCIES), min_size=1, max_size=20))
def test_a_column_is_written_as_each_of_its_amounts_is(rows: list[tuple[Decimal, str]]) -> None:
    amounts, currencies = zip(*rows, strict=True)
    frame = pl.DataFrame({"amount": amounts, "currency": currencies}, schema={"amount": MONEY, "currency": pl.String})
    column = frame.select(written_all(pl.col("amount"), pl.col("currency"))).to_series().to_list()
    assert column == [written(amount, currency) for amount, currency in rows]


@given(st.text(max_size=12), NOTATIONS)
def test_any_text_is_an_amount_or_null_and_never_a_crash(text: str, notation: tuple[str, str]) -> None:
    amount = read(text, *notation)
    assert amount is None or abs(amount) <= AMOUNT_MAX


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "nan", "Infinity", "-inf", "1e3", "1E3", "0x1", "", " ", ".", "-", "+", "()", "--1", "-1-", "+-1",
        "(-1)", "-(1)", "(1", "1)", "1.2.3", "1 2", "1,234.50", "12,50", "10.0051", "1000000000000000", "€5", "5 EUR",
        "1_000", "½", "1/2", "١٢٣", "１２.５０",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    ["12,34.5", "1,23", "1,2345", ",123", "1,,234", "12345,678", "1,234,56", "1.234,5", "1,234,", "1 234"],
)
def test_a_thousands_mark_stands_only_where_thousands_end(text: str) -> None:
    assert read(text, ".", ",") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1204.50", "1204.5"), ("+5", "5"), ("-5", "-5"), ("- 5", "-5"), ("5-", "-5"), ("5 -", "-5"), ("5+", "5"),
        ("(5.25)", "-5.25"), ("\u22125.25", "-5.25"), (" 5 ", "5"), (".5", "0.5"), ("5.", "5"), ("-0", "0"),
        ("000012", "12"), ("10.00500", "10.005"), ("999999999999999.999", "999999999999999.999"),
    ],
)  # fmt: skip
def test_signs_stand_before_or_after_or_as_parentheses(text: str, amount: str) -> None:
    assert read(text) == Decimal(amount)


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2009", "\u202f"])
def test_a_blank_thousands_mark_is_any_kind_of_blank(blank: str) -> None:
    assert read(f"1{blank}234{blank}567,89", ",", " ") == Decimal("1234567.89")


def test_no_column_of_amounts_is_too_short_to_be_read() -> None:
    empty = pl.DataFrame(schema={"text": pl.String})
    assert empty.select(read_amounts(pl.col("text"))).to_series().dtype == MONEY


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("XOF", 0), ("ZZZ", 2)])
def test_a_currency_has_its_own_number_of_decimals(currency: str, places: int) -> None:
    column = pl.DataFrame({"currency": [currency]}).select(decimals_of(pl.col("currency"))).item()
    assert (decimals(currency), column) == (places, places)


@pytest.mark.parametrize(
    ("amount", "currency", "is_too_fine"),
    [
        ("12.345", "EUR", True), ("12.340", "EUR", False), ("1.5", "JPY", True), ("1", "JPY", False),
        ("1.234", "KWD", False), ("-0.001", "EUR", True), ("0", "JPY", False),
    ],
)  # fmt: skip
def test_an_amount_with_more_decimals_than_its_currency_is_told(amount: str, currency: str, is_too_fine: bool) -> None:
    frame = pl.DataFrame(
        {"amount": [Decimal(amount)], "currency": [currency]}, schema={"amount": MONEY, "currency": pl.String}
    )
    assert frame.select(has_too_many_decimals(pl.col("amount"), pl.col("currency"))).item() is is_too_fine


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1204.5", "EUR", "1204.50"), ("1204.500", "JPY", "1204.5"), ("100", "JPY", "100"), ("1E+3", "EUR", "1000.00"),
        ("0.001", "EUR", "0.001"), ("-0.5", "KWD", "-0.500"), ("0", "EUR", "0.00"),
    ],
)  # fmt: skip
def test_an_amount_is_written_with_its_currencys_decimals_and_never_fewer_than_matter(
    amount: str, currency: str, text: str
) -> None:
    assert written(Decimal(amount), currency) == text
