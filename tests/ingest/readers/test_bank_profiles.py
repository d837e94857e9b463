"""What a bank profile may say, what that does to the reading of a file, and which mistakes are refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from reconcile.errors import ConfigError, UnreadableStatement
from reconcile.ingest.readers.bank_profiles import load_profiles
from reconcile.ingest.readers.delimited import DelimitedReader
from reconcile.model import SourceFile, StatementFile

SHIPPED = Path(__file__).parents[3] / "config" / "banks"

# A profile with nothing but what every profile must have; tests add to its tables or replace a line.
LEAST = {
    "": ['name = "some_bank"'],
    "match": ['header = ["When", "How much"]'],
    "file": ['encoding = "cp1252"', 'delimiter = ";"'],
    "columns": ['booked_date = "When"', 'amount = "How much"'],
    "amount": ['decimal_mark = ","'],
    "dates": ['formats = "%d.%m.%Y"'],
    "fixed": ['currency = "EUR"'],
}


def profile(**changes: list[str]) -> str:
    """Write the least profile with these lines in its tables; a line replaces the one of the same key."""
    text = ""
    for table in [*LEAST, *(name for name in changes if name not in LEAST)]:
        lines = {line.partition("=")[0].strip(): line for line in LEAST.get(table, [])}
        lines |= {line.partition("=")[0].strip(): line for line in changes.get(table, [])}
        text += f"[{table}]\n" * bool(table) + "\n".join(lines.values()) + "\n"
    return text


def read(folder: Path, toml: str, data: str | bytes) -> StatementFile:
    (folder / "some_bank.toml").write_text(toml, encoding="utf-8")
    reader = DelimitedReader(load_profiles([folder]))
    source = SourceFile("x.csv", "", data.encode("cp1252") if isinstance(data, str) else data)
    assert reader.identify(source) == ("some_bank",)
    return reader.read(source, "some_bank")


def amounts(file: StatementFile) -> list[object]:
    return file.lines["amount"].to_list()


# Loading


def test_shipped_profiles_are_sound() -> None:
    names = {one.name for one in load_profiles([SHIPPED])}
    assert names >= {"de_sparkasse_camt", "de_ing_giro", "nl_ing", "gb_lloyds"}
    assert names == {path.stem for path in SHIPPED.glob("*.toml")}


def test_profile_of_a_later_folder_takes_the_place_of_its_namesake(tmp_path: Path) -> None:
    for name, currency in (("ours", "EUR"), ("yours", "CHF")):
        (tmp_path / name).mkdir()
        text = profile(fixed=[f'currency = "{currency}"'])
        (tmp_path / name / "bank.toml").write_text(text, encoding="utf-8")
    (loaded,) = load_profiles([tmp_path / "ours", tmp_path / "yours"])
    assert loaded.currency == "CHF"


def test_one_name_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(profile(), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"b\.toml: name: 'some_bank' is the name of .*a\.toml too"):
        load_profiles([tmp_path])


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder of bank profiles"):
        load_profiles([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("", 'nmae = "x"', "nmae: 'x' has an unknown key"),
        ("", 'name = "Some Bank"', "name: 'Some Bank' is no name"),
        ("", 'name = "csv"', "name: 'csv' is no name"),
        ("match", "header = []", r"match.header: \[\] names nothing"),
        ("match", "header = [1]", r"match.header: \[1\] is neither a text nor a list of texts"),
        ("match", 'colour = "red"', "match.colour: 'red' has an unknown key"),
        ("file", 'encoding = "latin-99"', "file.encoding: 'latin-99' is no known encoding"),
        ("file", 'delimiter = ";;"', "file.delimiter: ';;' is no single mark"),
        ("file", 'quote = "x"', "file.quote: 'x' is no quotation mark"),
        ("file", "preamble_rows = -1", "file.preamble_rows: -1 is no number of rows"),
        ("file", "footer_rows = true", "file.footer_rows: True is no number of rows"),
        ("columns", 'credit = "In"', "columns.amount: 'How much' must stand alone"),
        ("columns", 'amount = ""', "columns.amount: '' must stand alone"),
        ("columns", "booked_date = 3", "columns.booked_date: 3 is no text"),
        ("columns", 'indicator = "D/C"', "columns.indicator: 'D/C' goes with amount.debit_words"),
        ("columns", 'is_remittance_text_joined = "no"', "is neither true nor false"),
        ("amount", 'decimal_mark = ";"', "amount.decimal_mark: ';' is neither"),
        ("amount", 'thousands_mark = ","', "amount.thousands_mark: ',' is no other mark"),
        (
            "dates",
            'formats = "%d.%m."',
            "dates.formats: '%d.%m.' is no format with a day, a month and a year",
        ),
        ("fixed", 'currency = "EURO"', "fixed.currency: 'EURO' is no ISO 4217"),
        ("preamble", "account = '('", r"preamble.account: '\(' is no regular expression"),
        ("preamble", "account = 'IBAN'", "preamble.account: 'IBAN' must have exactly one group"),
        ("rows", "skip_if = 1", "rows.skip_if: 1 is no list of tables"),
        ("rows", 'skip_if = [{column = "Info"}]', "rows.skip_if.equals: missing"),
    ],
)
def test_mistake_names_the_file_the_key_and_the_value(tmp_path: Path, table: str, line: str, said: str) -> None:
    (tmp_path / "bank.toml").write_text(profile(**{table: [line]}), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"bank\.toml: .*{said}"):
        load_profiles([tmp_path])


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("", "name"),
        ("match", "header"),
        ("file", "encoding"),
        ("file", "delimiter"),
        ("columns", "booked_date"),
        ("amount", "decimal_mark"),
        ("dates", "formats"),
    ],
)
def test_missing_key_is_named(tmp_path: Path, table: str, key: str) -> None:
    text = "".join(line + "\n" for line in profile().splitlines() if not line.startswith(key))
    (tmp_path / "bank.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"bank\.toml: {f'{table}.' if table else ''}{key}: missing"):
        load_profiles([tmp_path])


def test_value_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text('name = "x"\nmatch = 5\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bank\.toml: match: 5 is no table"):
        load_profiles([tmp_path])


def test_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bank\.toml is no TOML"):
        load_profiles([tmp_path])


# How a file is recognised and cut into cells


def test_all_columns_of_the_match_must_stand_in_the_header_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "some_bank.toml").write_text(profile(), encoding="utf-8")
    reader = DelimitedReader(load_profiles([tmp_path]))
    claims = [
        reader.identify(SourceFile("x", "", data)) for data in (b"HOW  MUCH;x;when\n", b"When;x\n", b"When,How much\n")
    ]
    assert claims == [("some_bank",), (), ()]


def test_preamble_contains_tells_banks_of_one_header_apart(tmp_path: Path) -> None:
    text = profile(match=['preamble_contains = "Some Bank"'])
    assert amounts(read(tmp_path, text, "Some Bank plc\n\nWhen;How much\n01.02.2026;5,00\n")) == [5]
    reader = DelimitedReader(load_profiles([tmp_path]))
    assert reader.identify(SourceFile("x", "", b"Other Bank\nWhen;How much\n")) == ()


def test_preamble_rows_state_where_the_header_is(tmp_path: Path) -> None:
    text = profile(file=["preamble_rows = 1"])
    assert amounts(read(tmp_path, text, "Statement\nWhen;How much\n01.02.2026;5,00\n")) == [5]
    reader = DelimitedReader(load_profiles([tmp_path]))
    assert reader.identify(SourceFile("x", "", b"When;How much\n")) == ()


def test_declared_encoding_is_used_unless_the_bytes_are_utf_8(tmp_path: Path) -> None:
    text = profile(file=['encoding = "cp1250"'], columns=['remittance_text = "What"'])
    data = "When;How much;What\n01.02.2026;5,00;účet\n"
    for encoding in ("cp1250", "utf-8", "utf-8-sig", "utf-16"):
        assert read(tmp_path, text, data.encode(encoding)).lines["remittance_text"][0] == "účet"


def test_bytes_that_the_declared_encoding_does_not_have_reject_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableStatement, match="is no cp1252 text"):
        read(tmp_path, profile(), b"When;How much\n01.02.2026;5,00\x81\n")


def test_delimiter_may_be_one_of_several(tmp_path: Path) -> None:
    text = profile(file=['delimiter = [",", ";"]'])
    for mark in ",;":
        assert amounts(read(tmp_path, text, f'When{mark}How much\n01.02.2026{mark}"5,00"\n')) == [5]


@pytest.mark.parametrize(("quote", "cell", "text"), [('"', '"a;b"', "a;b"), ("'", "'a;b'", "a;b"), ("", '"a', '"a')])
def test_quote_is_the_mark_around_cells_or_none(tmp_path: Path, quote: str, cell: str, text: str) -> None:
    mark = f"quote = '''{quote}'''" if quote != "'" else 'quote = "\'"'
    toml = profile(file=[mark], columns=['remittance_text = "What"'])
    file = read(tmp_path, toml, f"When;How much;What\n01.02.2026;5,00;{cell}\n")
    assert file.lines["remittance_text"][0] == text


def test_footer_rows_are_no_transactions(tmp_path: Path) -> None:
    file = read(tmp_path, profile(file=["footer_rows = 2"]), "When;How much\n01.02.2026;5,00\n\nSum;5,00\nEnd\n")
    assert (amounts(file), file.transactions_counted) == ([5], 1)


def test_footer_begins_at_its_text_where_no_date_stands(tmp_path: Path) -> None:
    text = profile(file=['footer_contains = "Total"'], columns=['remittance_text = "What"'])
    head = "When;How much;What\n01.02.2026;5,00;Total invoice\n"
    file = read(tmp_path, text, head + "Total;5,00;\n(c) Some Bank\n")
    assert (amounts(file), file.transactions_counted) == ([5], 1)


def test_footer_above_a_transaction_rejects_the_file(tmp_path: Path) -> None:
    text = profile(file=['footer_contains = "Total"'])
    with pytest.raises(UnreadableStatement, match="looks like the footer of profile some_bank"):
        read(tmp_path, text, "When;How much\nTotal;5,00\n01.02.2026;5,00\n")


# What the columns say


def test_texts_come_from_their_columns(tmp_path: Path) -> None:
    text = profile(
        columns=[
            'value_date = "Value"',
            'currency = "Cur"',
            'counterparty_name = ["Payer", "Ultimate payer"]',
            'counterparty_account = "Their IBAN"',
            'remittance_text = ["Text 1", "Text 2"]',
            'payment_reference = ["E2E", "Ref"]',
            'bank_reference = "Id"',
            'transaction_type = "Kind"',
        ]
    )
    header = "When;How much;Value;Cur;Payer;Ultimate payer;Their IBAN;Text 1;Text 2;E2E;Ref;Id;Kind"
    row = "01.02.2026;5,00;02.02.2026;CHF;;Ann;DE89 3704 0044 0532 0130 00;RE;17;NOTPROVIDED;R1;X9;SEPA"
    line = read(tmp_path, text, f"{header}\n{row}\n").lines.row(0, named=True)
    assert line["value_date"] == dt.date(2026, 2, 2)
    assert (line["currency"], line["counterparty_name"]) == ("CHF", "Ann")
    assert line["counterparty_account"] == "DE89370400440532013000"
    assert (line["remittance_text"], line["payment_reference"]) == ("RE 17", "R1")
    assert (line["bank_reference"], line["transaction_type"]) == ("X9", "SEPA")


def test_remittance_text_that_is_cut_into_cells_is_joined_without_blanks(tmp_path: Path) -> None:
    text = profile(columns=['remittance_text = ["Vwz.0", "Vwz.1"]', "is_remittance_text_joined = true"])
    file = read(tmp_path, text, "When;How much;Vwz.0;Vwz.1\n01.02.2026;5,00;RE 2026-0;0417\n")
    assert file.lines["remittance_text"][0] == "RE 2026-00417"


def test_payer_or_payee_is_taken_by_the_sign(tmp_path: Path) -> None:
    text = profile(columns=['payer_name = "From"', 'payee_name = "To"'])
    file = read(tmp_path, text, "When;How much;From;To\n01.02.2026;5,00;Ann;Us\n01.02.2026;-5,00;Us;Bob\n")
    assert file.lines["counterparty_name"].to_list() == ["Ann", "Bob"]


def test_debit_and_credit_stand_in_place_of_the_amount(tmp_path: Path) -> None:
    text = profile(match=['header = ["When"]'], columns=['debit = "Out"', 'credit = "In"'])
    text = text.replace('amount = "How much"\n', "")
    file = read(tmp_path, text, "When;Out;In\n01.02.2026;5,00;\n01.02.2026;0,00;6,00\n")
    assert amounts(file) == [-5, 6]


def test_indicator_gives_the_sign_in_the_declared_words(tmp_path: Path) -> None:
    text = profile(
        columns=['indicator = "Way"'], amount=['debit_words = ["raus"]', 'credit_words = ["rein", "zurück"]']
    )
    rows = "01.02.2026;5,00;Raus\n01.02.2026;6,00;rein\n01.02.2026;7,00;Zurück\n01.02.2026;8,00;D\n"
    file = read(tmp_path, text, "When;How much;Way\n" + rows)
    assert amounts(file) == [-5, 6, 7]
    assert "column 'Way': 'D' says neither debit nor credit" in file.rejected["reason"][0]


def test_account_may_be_joined_from_the_banks_code_and_the_number(tmp_path: Path) -> None:
    text = profile(columns=['account = ["Sort code", "Account"]'])
    file = read(tmp_path, text, "When;How much;Sort code;Account\n01.02.2026;5,00;'11-22-33;00420042\n")
    assert file.statements[0].account_id == "11-22-33/00420042"


def test_repeated_and_nameless_columns_can_be_named(tmp_path: Path) -> None:
    text = profile(
        columns=['currency = "Cur#2"', 'indicator = "#5"'],
        amount=['debit_words = ["S"]', 'credit_words = ["H"]'],
    )
    file = read(tmp_path, text, "When;Cur;How much;Cur; \n01.02.2026;USD;5,00;CHF;S\n")
    assert (amounts(file), file.lines["currency"][0]) == ([-5], "CHF")


def test_column_that_the_file_lacks_is_noted_unless_no_row_can_be_read_without(tmp_path: Path) -> None:
    text = profile(columns=['remittance_text = "What"'])
    assert read(tmp_path, text, "When;How much\n01.02.2026;5,00\n").notes == (
        "its header has no column 'What'; left empty",
    )
    with pytest.raises(UnreadableStatement, match="its header has no column 'How much'"):
        read(tmp_path, profile(match=['header = ["When"]']), "When;What\n01.02.2026;5,00\n")


# Notation, what no column says, and rows that do not count


@pytest.mark.parametrize(
    ("decimal_mark", "thousands_mark", "text", "sound"),
    [
        (",", ".", "1.234,50", True),
        (",", "", "1.234,50", False),
        (",", " ", "1 234,50", True),
        (".", "'", "1'234.50", True),
        (".", ",", "1,234.50", True),
        (".", ",", "1.234,50", False),
    ],
)
def test_declared_notation_is_used_strictly(
    tmp_path: Path, decimal_mark: str, thousands_mark: str, text: str, sound: bool
) -> None:
    toml = profile(amount=[f'decimal_mark = "{decimal_mark}"', f'thousands_mark = "{thousands_mark}"'])
    file = read(tmp_path, toml, f"When;How much\n01.02.2026;{text}\n")
    assert amounts(file) == [Decimal("1234.50")] * sound
    assert file.rejected.height == (not sound)


def test_inverted_amounts_are_turned(tmp_path: Path) -> None:
    text = profile(amount=["is_inverted = true"])
    assert amounts(read(tmp_path, text, "When;How much\n01.02.2026;5,00\n01.02.2026;-6,00\n")) == [-5, 6]


def test_declared_formats_are_used_strictly_and_settle_what_is_ambiguous(tmp_path: Path) -> None:
    text = profile(dates=['formats = ["%m/%d/%Y", "%m/%d/%y"]'])
    file = read(tmp_path, text, "When;How much\n03/04/2026;1\n03/04/26;2\n25/12/2026;3\n2026-03-04;4\n")
    assert file.lines["booked_date"].to_list() == [dt.date(2026, 3, 4)] * 2
    assert file.rejected["source_row"].to_list() == [3, 4]


def test_fixed_account_and_currency_stand_where_no_column_says_them(tmp_path: Path) -> None:
    text = profile(fixed=['account = "DE02 1203 0000 0000 2020 51"', 'currency = "CHF"'])
    file = read(tmp_path, text, "When;How much\n01.02.2026;5,00\n")
    assert (file.statements[0].account_id, file.statements[0].currency) == ("DE02120300000000202051", "CHF")


def test_preamble_names_the_account_and_its_balances(tmp_path: Path) -> None:
    text = profile(
        preamble=["account = 'IBAN: (.*)'", "opening_balance = 'Old: (.*)'", "closing_balance = 'New: (.*)'"]
    )
    head = "IBAN: DE02 1203 0000 0000 2020 51\nOld: 10,00 EUR\nNew: 15,00 EUR\nWhen;How much\n"
    (statement,) = read(tmp_path, text, head + "01.02.2026;5,00\n").statements
    assert statement.account_id == "DE02120300000000202051"
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(10), Decimal(15))
    (empty,) = read(tmp_path, text, head).statements
    assert (empty.account_id, empty.currency) == ("DE02120300000000202051", "EUR")


def test_skipped_rows_are_neither_lines_nor_counted(tmp_path: Path) -> None:
    text = profile(rows=['skip_if = [{column = "State", equals = ["pending", "void"]}]'])
    rows = "01.02.2026;5,00;Pending\n01.02.2026;6,00;booked\n01.02.2026;7,00;pending fee\n"
    file = read(tmp_path, text, "When;How much;State\n" + rows)
    assert amounts(file) == [6, 7]
    assert (file.lines["source_row"].to_list(), file.transactions_counted) == ([1, 2], 2)
