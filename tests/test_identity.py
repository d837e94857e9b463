"""A line is recognised by its content, occurrence by occurrence; nothing is counted twice and nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.identity import (
    account_by_content,
    canonical_account,
    is_same_account,
    recognise,
    unnamed_account,
    with_content_keys,
)
from tests.builders import a_line, numbered

LINE_KEY = [
    "account_id", "booked_date", "amount", "currency", "bank_reference", "text_key", "occurrence",
]  # fmt: skip
MONDAY, TUESDAY = "2026-10-05", "2026-10-06"
ELM = a_line("100.00", "INV-1001 Elm Ltd", bank_reference="F1")
OAK = a_line("70.00", "INV-1002 Oak Ltd", bank_reference="F2")
ASH = a_line("30.00", "INV-1003 Ash Ltd", bank_reference="F3")


def a_file(*lines: pl.DataFrame, layout: str = "ofx", account_id: str = "A") -> pl.DataFrame:
    """Make the lines of a file as they come to be recognised."""
    frame = numbered(lines).with_columns(account_id=pl.lit(account_id), layout=pl.lit(layout))
    return with_content_keys(frame)


NOTHING = a_file().with_columns(line_id=pl.lit(""), occurrence=pl.lit(1, dtype=pl.Int64))


def take(known: pl.DataFrame, *files: pl.DataFrame) -> pl.DataFrame:
    """Bring files one after the other, as a ledger keeps them: a new line's id is its content and occurrence."""
    for file in files:
        found = recognise(file, known)
        new = found.filter(pl.col("line_id").is_null()).with_columns(
            line_id=pl.concat_str(pl.col(LINE_KEY).cast(pl.String), separator="|")
        )
        known = pl.concat([known, new.select(known.columns)])
    assert known["line_id"].is_unique().all(), "two lines have one id"
    return known


def new_lines(known: pl.DataFrame, file: pl.DataFrame) -> int:
    return recognise(file, known)["line_id"].null_count()


def contents(lines: pl.DataFrame) -> Counter[tuple[Any, ...]]:
    return Counter(lines.select("booked_date", "amount", "text_key").iter_rows())


def without_bank_references(file: pl.DataFrame) -> pl.DataFrame:
    return file.with_columns(bank_reference=pl.lit(""))


AMOUNTS = st.sampled_from(["100.00", "-5.00", "70.00"])
TEXTS = st.sampled_from(["INV-1001 Elm Ltd", "INV-1002 Oak Ltd", "rent", ""])
ENTRIES = st.tuples(AMOUNTS, TEXTS)
DAYS = st.lists(st.lists(ENTRIES, min_size=1, max_size=4), min_size=1, max_size=6)


def days_of(entries: Sequence[Sequence[tuple[str, str]]], *, has_ids: bool) -> list[list[pl.DataFrame]]:
    """Make the lines of each day, twins among them; where the bank gives ids, each line has its own."""
    return [
        [
            a_line(
                amount,
                text,
                booked_date=f"2026-10-{day:02}",
                bank_reference=f"F{day}-{place}" if has_ids else "",
            )
            for place, (amount, text) in enumerate(entries_of_day)
        ]
        for day, entries_of_day in enumerate(entries, start=1)
    ]


@settings(max_examples=30)
@given(entries=DAYS, has_ids=st.booleans())
def test_the_same_file_again_brings_no_new_line(entries: list[list[tuple[str, str]]], has_ids: bool) -> None:
    file = a_file(*(line for day in days_of(entries, has_ids=has_ids) for line in day))
    known = take(NOTHING, file)
    assert known.height == file.height
    assert take(known, file).height == known.height


@settings(max_examples=30)
@given(entries=DAYS, has_ids=st.booleans(), data=st.data())
def test_shuffled_rows_bring_no_new_line(
    entries: list[list[tuple[str, str]]], has_ids: bool, data: st.DataObject
) -> None:
    lines = [line for day in days_of(entries, has_ids=has_ids) for line in day]
    known = take(NOTHING, a_file(*lines))
    assert new_lines(known, a_file(*data.draw(st.permutations(lines)))) == 0


@settings(max_examples=40)
@given(entries=DAYS, has_ids=st.booleans(), data=st.data())
def test_overlapping_exports_of_whole_days_make_the_same_lines_in_any_order(
    entries: list[list[tuple[str, str]]], has_ids: bool, data: st.DataObject
) -> None:
    days = days_of(entries, has_ids=has_ids)
    bounds = st.tuples(st.integers(0, len(days) - 1), st.integers(1, len(days))).map(sorted)
    spans = [*data.draw(st.lists(bounds, max_size=4)), [0, data.draw(st.integers(1, len(days)))]]
    spans.append([data.draw(st.integers(0, spans[-1][1])), len(days)])
    files = [a_file(*(line for day in days[start:end] for line in day)) for start, end in spans]
    known = take(NOTHING, *data.draw(st.permutations(files)))
    whole = take(NOTHING, a_file(*(line for day in days for line in day)))
    assert set(known["line_id"]) == set(whole["line_id"])


def test_twins_of_one_file_are_two_lines() -> None:
    twin = a_line("100.00", "INV-1001 Elm Ltd")
    known = take(NOTHING, a_file(twin, twin))
    assert known.height == 2
    assert known["occurrence"].to_list() == [1, 2]


def test_twins_with_one_bank_id_are_two_lines() -> None:
    assert new_lines(NOTHING, a_file(ELM, ELM)) == 2


def test_a_third_equal_line_is_the_third_and_the_only_new_one() -> None:
    known = take(NOTHING, a_file(ELM, ELM))
    found = recognise(a_file(ELM, ELM, ELM), known)
    assert found.filter(pl.col("line_id").is_null())["occurrence"].to_list() == [3]


def test_fewer_twins_than_known_bring_no_new_line() -> None:
    assert new_lines(take(NOTHING, a_file(ELM, ELM, ELM)), a_file(ELM)) == 0


def test_equal_lines_of_two_days_are_two_lines() -> None:
    tuesday = a_line("100.00", "INV-1001 Elm Ltd", booked_date=TUESDAY, bank_reference="F1")
    assert new_lines(take(NOTHING, a_file(ELM)), a_file(tuesday)) == 1


def test_equal_lines_of_two_accounts_are_two_lines() -> None:
    assert new_lines(take(NOTHING, a_file(ELM)), a_file(ELM, account_id="B")) == 1


@pytest.mark.parametrize(
    "other",
    [
        a_line("100.01", "INV-1001 Elm Ltd", bank_reference="F1"),
        a_line("-100.00", "INV-1001 Elm Ltd", bank_reference="F1"),
        a_line("100.00", "INV-1001 Elm Ltd", bank_reference="F1", booked_date=TUESDAY),
        a_line("100.00", "INV-1001 Elm Ltd", bank_reference="F1", currency="USD"),
        a_line("100.00", "INV-1009 Elm Ltd", bank_reference="F1"),
    ],
    ids=["amount", "sign", "date", "currency", "invoice number"],
)
def test_a_reused_bank_id_on_another_line_is_a_new_line(other: pl.DataFrame) -> None:
    assert new_lines(take(NOTHING, a_file(ELM, OAK, ASH)), a_file(other)) == 1


def test_a_reused_bank_id_on_another_payers_line_without_digits_is_a_new_line() -> None:
    known = take(NOTHING, a_file(a_line("100.00", "Elm Ltd rent October", bank_reference="1"), OAK, ASH))
    assert new_lines(known, a_file(a_line("100.00", "Pine and Sons deposit", bank_reference="1"))) == 1


def test_bank_ids_that_changed_between_downloads_of_a_whole_day_bring_no_new_line() -> None:
    again = a_file(ELM, OAK, ASH).with_columns(bank_reference=pl.concat_str(pl.lit("X"), "bank_reference"))
    assert new_lines(take(NOTHING, a_file(ELM, OAK, ASH)), again) == 0


def test_bank_ids_that_changed_do_not_hide_what_the_day_brought_since() -> None:
    pine = a_line("55.00", "INV-1004 Pine Ltd", bank_reference="F4")
    again = a_file(pine, ELM, OAK, ASH).with_columns(bank_reference=pl.concat_str(pl.lit("X"), "bank_reference"))
    found = recognise(again, take(NOTHING, a_file(ELM, OAK, ASH)))
    assert found.filter(pl.col("line_id").is_null())["remittance_text"].to_list() == ["INV-1004 Pine Ltd"]


def test_half_of_a_known_day_under_other_bank_ids_is_that_day_again() -> None:
    half = a_file(ELM).with_columns(bank_reference=pl.lit("X1"))
    assert new_lines(take(NOTHING, a_file(ELM, OAK)), half) == 0


def test_less_than_half_of_a_known_day_under_other_bank_ids_goes_on_with_it() -> None:
    twin_and_more = a_file(ELM, a_line("55.00", "INV-1004 Pine Ltd")).with_columns(bank_reference=pl.lit(""))
    assert new_lines(take(NOTHING, a_file(ELM, OAK, ASH)), twin_and_more) == 2


def test_a_day_that_goes_on_with_other_lines_is_new() -> None:
    evening = without_bank_references(a_file(OAK, ASH))
    assert new_lines(take(NOTHING, without_bank_references(a_file(ELM))), evening) == 2


def test_one_account_as_ofx_and_as_csv_with_text_put_together_otherwise_brings_no_new_line() -> None:
    ofx = a_file(
        a_line("100.00", "SEPA CREDIT INV-1001", counterparty_name="Elm Ltd", bank_reference="F1"),
        a_line("70.00", "SEPA CREDIT INV-1002", counterparty_name="Oak Ltd", bank_reference="F2"),
    )
    csv = a_file(a_line("70.00", "Oak Ltd / INV-1002"), a_line("100.00", "Elm Ltd / INV-1001"), layout="csv")
    assert new_lines(take(NOTHING, ofx), csv) == 0
    assert new_lines(take(NOTHING, csv), ofx) == 0


def test_the_second_of_two_equal_amounts_in_csv_is_the_second_of_the_ofx() -> None:
    ofx = a_file(
        a_line("100.00", "CREDIT one", bank_reference="F1"), a_line("100.00", "CREDIT two", bank_reference="F2")
    )
    csv = a_file(a_line("100.00", "one"), a_line("100.00", "two"), a_line("100.00", "three"), layout="csv")
    assert new_lines(take(NOTHING, ofx), csv) == 1


def test_another_formats_line_of_the_same_amount_but_another_text_is_the_new_one() -> None:
    """The newest line stands first in many exports: what stands first is not what is known."""
    csv = a_file(a_line("100.00", "Elm Ltd / INV-1001"), a_line("70.00", "Oak Ltd / INV-1002"), layout="csv")
    ofx = a_file(
        a_line("100.00", "CREDIT INV-1009", counterparty_name="Pine Ltd", bank_reference="F3"),
        a_line("70.00", "CREDIT INV-1002", counterparty_name="Oak Ltd", bank_reference="F2"),
        a_line("100.00", "CREDIT INV-1001", counterparty_name="Elm Ltd", bank_reference="F1"),
    )
    found = recognise(ofx, take(NOTHING, csv))
    assert found.filter(pl.col("line_id").is_null())["remittance_text"].to_list() == ["CREDIT INV-1009"]


def test_amounts_alone_never_recognise_a_line_of_the_same_format() -> None:
    csv = a_file(
        a_line("100.00", "Elm Ltd / INV-1001"),
        a_line("70.00", "Oak Ltd / INV-1002"),
        a_line("30.00", "Ash Ltd / INV-1003"),
        layout="csv",
    )
    pine = a_line("100.00", "CREDIT INV-1004 Pine Ltd", bank_reference="F4")
    known = take(NOTHING, csv, a_file(pine))
    assert known.height == 4
    ofx = a_file(
        a_line("100.00", "CREDIT INV-1001 Elm Ltd", bank_reference="F1"),
        a_line("70.00", "CREDIT INV-1002 Oak Ltd", bank_reference="F2"),
        a_line("30.00", "CREDIT INV-1003 Ash Ltd", bank_reference="F3"),
        a_line("100.00", "CREDIT INV-1009 Fir Ltd", bank_reference="F9"),
    )
    assert new_lines(known, ofx) == 1


def test_another_format_that_brings_less_than_half_of_a_known_day_goes_on_with_it() -> None:
    csv = a_file(a_line("100.00", "other text"), a_line("55.00", "Pine"), layout="csv")
    assert new_lines(take(NOTHING, a_file(ELM, OAK, ASH)), csv) == 2


@pytest.mark.parametrize(
    ("known_text", "text"),
    [
        ("Zahlung INV-1001 Müller & Söhne", "Zahlung INV-1001 Muller & Sohne"),
        ("Zahlung INV-1001 Müller & Söhne", "Zahlung INV-1001 M?ller & S?hne"),
        ("Zahlung INV-1001 Müller & Söhne", "ZAHLUNG  INV 1001, MÜLLER+SÖHNE"),
        ("Müller & Söhne", "M?ller & S?hne"),
        ("Müller & Söhne", "MÃ¼ller & SÃ¶hne"),
    ],
)
def test_text_encoded_otherwise_under_the_same_bank_id_is_no_new_line(known_text: str, text: str) -> None:
    known = take(NOTHING, a_file(a_line("100.00", known_text, bank_reference="F1"), OAK, ASH))
    assert new_lines(known, a_file(a_line("100.00", text, bank_reference="F1"))) == 0


def test_rows_come_back_in_the_order_of_the_file_with_what_they_had() -> None:
    file = a_file(ASH, ELM, OAK)
    found = recognise(file, take(NOTHING, a_file(OAK)))
    assert found.select(file.columns).equals(file)
    assert found["line_id"].is_null().to_list() == [True, True, False]


def test_a_line_is_compared_by_the_letters_and_digits_of_all_its_text() -> None:
    line = a_file(a_line("1", "INV-1001, thanks", counterparty_name="Élm Ltd.", payment_reference="E2E/7"))
    assert line["text_key"].to_list() == ["ELMLTDINV1001THANKSE2E7"]


def test_a_text_of_a_damaged_charset_is_compared_by_the_letters_that_every_charset_has() -> None:
    file = a_file(*(a_line("1", text) for text in ("Müller 7", "M?ller 7", "MÃ¼ller 7", "M\ufffdller 7")))
    assert set(file["ascii_key"]) == {"MLLER7"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("37040044/0532013000", "DE89370400440532013000"),
        ("37040044/532013000", "DE89 3704 0044 0532 0130 00"),
        ("0532013000", "DE89370400440532013000"),
        ("532013000", "0532013000"),
        ("990408/55012894", "55012894"),
        ("990408/55012894", "99 04 08/55012894"),
        ("601613/31926819", "GB29 NWBK 6016 1331 9268 19"),
        ("gb29nwbk60161331926819", "GB29NWBK60161331926819"),
        ("55-012-894", "55012894"),
        ("37040044/0532013000", "37040044/532013000"),
    ],
)
def test_two_spellings_of_an_account_are_the_same_account(one: str, other: str) -> None:
    assert is_same_account(one, other)
    assert is_same_account(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("990408/55012894", "990409/55012894"),
        ("990408/55012894", "990408/55012895"),
        ("990408/155012894", "55012894"),
        ("155012894", "55012894"),
        ("50010517/0532013000", "DE89370400440532013000"),
        ("DE89370400440532013000", "DE89370400440532013001"),
        ("3000", "DE89370400440532013000"),
        ("", "55012894"),
        ("", "DE89370400440532013000"),
        ("unnamed/EUR", "990408/55012894"),
        ("unnamed/EUR", "unnamed/USD"),
    ],
)
def test_two_accounts_are_never_one(one: str, other: str) -> None:
    assert not is_same_account(one, other)
    assert not is_same_account(other, one)


ACCOUNTS = st.from_regex(r"(\d{1,8}/)?(DE\d{2})?0?\d{1,12}", fullmatch=True)


@given(ACCOUNTS, ACCOUNTS)
def test_being_the_same_account_goes_both_ways(one: str, other: str) -> None:
    assert is_same_account(one, one)
    assert is_same_account(one, other) == is_same_account(other, one)


def test_an_account_is_kept_under_the_spelling_that_is_known_first() -> None:
    known = ["unnamed/EUR", "DE89370400440532013000", "0532013000"]
    assert canonical_account("37040044/532013000", known) == "DE89370400440532013000"


def test_an_unknown_account_keeps_its_own_spelling() -> None:
    assert canonical_account("990408/55012894", ["990409/55012894"]) == "990408/55012894"


def test_a_file_that_names_no_account_is_none_of_the_known_ones() -> None:
    assert canonical_account("", ["990408/55012894"]) == ""


def test_files_without_an_account_are_kept_by_currency() -> None:
    assert unnamed_account("EUR") != unnamed_account("USD")


def test_lines_that_bring_one_accounts_lines_again_are_of_that_account() -> None:
    known = pl.concat([take(NOTHING, a_file(ELM, OAK)), take(NOTHING, a_file(ASH, account_id="B"))])
    assert account_by_content(without_bank_references(a_file(ELM, layout="csv")), known) == "A"


def test_lines_are_of_the_account_that_knows_their_bank_ids_whatever_their_text() -> None:
    same_id = a_file(a_line("100.00", "other words", bank_reference="F1"), layout="csv")
    assert account_by_content(same_id, take(NOTHING, a_file(ELM, OAK))) == "A"


def test_lines_that_two_accounts_know_are_of_neither() -> None:
    known = pl.concat([take(NOTHING, a_file(ELM)), take(NOTHING, a_file(ELM, account_id="B"))])
    assert account_by_content(a_file(ELM, layout="csv"), known) is None


@pytest.mark.parametrize(
    "line",
    [
        a_line("100.00", "INV-1001 Elm Ltd", booked_date=TUESDAY, bank_reference="F1"),
        a_line("100.01", "INV-1001 Elm Ltd", bank_reference="F1"),
        a_line("100.00", "INV-1001 Elm Ltd", bank_reference="F1", currency="USD"),
        a_line("100.00", "INV-1009", bank_reference="F9"),
    ],
    ids=["day", "amount", "currency", "content"],
)
def test_lines_that_no_account_knows_are_of_none(line: pl.DataFrame) -> None:
    assert account_by_content(a_file(line), take(NOTHING, a_file(ELM))) is None


def test_lines_without_any_text_or_bank_id_tell_no_account() -> None:
    assert account_by_content(a_file(a_line("100.00")), take(NOTHING, a_file(a_line("100.00")))) is None
