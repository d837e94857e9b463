"""What the delimited reader promises, held against files as banks really write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.bank_profile import BankProfile
from reconcile.ingest.readers.bank_profiles import load_profiles
from reconcile.ingest.readers.delimited import DelimitedReader, describe_unknown
from reconcile.ingest.readers.delimited_text import read_cells
from reconcile.model import LINE_COLUMNS, REJECTED_COLUMNS, SourceFile, StatementFile
from tests.golden_files import assert_matches_golden

ROOT = Path(__file__).parents[3]
SAMPLES = sorted(
    path for path in (ROOT / "tests" / "golden" / "csv").glob("*.csv") if not path.name.endswith(".expected.csv")
)
SHIPPED = load_profiles([ROOT / "config" / "banks"])
GENERIC_HEADER = "Date,Description,Amount,Currency"


def source_of(data: bytes | str) -> SourceFile:
    return SourceFile(name="bank.csv", file_id="", data=data.encode() if isinstance(data, str) else data)


def read(data: bytes | str, profiles: Sequence[BankProfile] = ()) -> StatementFile:
    """Read a file that exactly one layout claims."""
    reader, source = DelimitedReader(tuple(profiles)), source_of(data)
    (layout,) = reader.identify(source)
    return reader.read(source, layout)


def identify(data: bytes | str, profiles: Sequence[BankProfile] = ()) -> tuple[str, ...]:
    return DelimitedReader(tuple(profiles)).identify(source_of(data))


def rows(*lines: str, header: str = GENERIC_HEADER) -> str:
    return "\n".join((header, *lines)) + "\n"


def amounts(file: StatementFile) -> list[Decimal]:
    return file.lines["amount"].to_list()


def reasons(file: StatementFile) -> list[str]:
    return file.rejected["reason"].to_list()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_reads_as_its_golden_says(sample: Path) -> None:
    file = read(sample.read_bytes(), SHIPPED)
    assert file.layout == (sample.stem if not sample.stem.startswith("csv") else "csv")
    assert file.lines.height + file.rejected.height == file.transactions_counted
    statements = pl.DataFrame([vars(statement) for statement in file.statements], infer_schema_length=None)
    tables = (statements, file.lines, file.rejected)
    assert_matches_golden(sample.with_suffix(".expected.csv"), "\n".join(table.write_csv() for table in tables))


def test_each_shipped_profile_has_a_golden() -> None:
    assert {profile.name for profile in SHIPPED} <= {sample.stem for sample in SAMPLES}


def test_lines_and_rejections_have_the_columns_of_the_model() -> None:
    file = read(rows("2026-01-02,a,1.00,EUR", "x,a,1.00,EUR"))
    assert dict(file.lines.schema) == LINE_COLUMNS
    assert dict(file.rejected.schema) == REJECTED_COLUMNS


# Recognising


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \r\n",
        b"%PDF-1.7 Date,Amount",
        b"OFXHEADER:100\nDATA:OFXSGML\n<OFX>",
        b"<?xml version='1.0'?><Document/>",
        b"Date,Amount\n\x00\x01\x02\x03",
        b":20:STARTUMS\n:25:123/456\n",
        b'{"date": "2026-01-01", "amount": 1}',
        b"Foo,Bar,Baz\n1,2,3\n",
        b"Date,Description\n2026-01-01,no amount\n",
        b"Description,Amount\nno date,1.00\n",
        b"Date,Gross,Fee,Net\n2026-01-01,1,2,3\n",
        b"Date,Amount (EUR),Amount (USD)\n2026-01-01,1,2\n",
        b"Date,Debit\n2026-01-01,1\n",
        b"Date,Amount,Debit,Credit\n2026-01-01,1,1,\n",
    ],
)
def test_what_is_no_delimited_statement_is_not_claimed(data: bytes) -> None:
    assert identify(data, SHIPPED) == ()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_header_words_are_recognised_under_each_delimiter_below_a_preamble(mark: str) -> None:
    header, row = GENERIC_HEADER.replace(",", mark), f"2026-01-02{mark}x{mark}1.00{mark}EUR"
    assert amounts(read(f"Statement of account\n\n{header}\n{row}\n")) == [Decimal(1)]


@pytest.mark.parametrize(
    "header",
    [
        "Buchungstag;Verwendungszweck;Betrag in EUR",
        "Date de l'opération;Libellé;Montant (EUR)",
        "Fecha operación;Concepto;Importe (€)",
        "Data contabile;Descrizione;Importo EUR",
        "Boekdatum;Omschrijving;Bedrag (EUR)",
        "Data do lançamento;Descrição;Montante (EUR)",
        "Data księgowania;Opis operacji;Kwota (EUR)",
        "Bokföringsdag;Meddelande;Belopp EUR",
        "Kirjauspäivä;Viesti;Määrä (EUR)",
    ],
)
def test_header_words_are_known_in_the_languages_of_europe(header: str) -> None:
    file = read(f"{header}\n2026-01-31;F 17;-12,50\n")
    assert (amounts(file), file.lines["currency"][0]) == ([Decimal("-12.50")], "EUR")
    assert file.lines["remittance_text"][0] == "F 17"


def test_columns_go_where_their_names_say() -> None:
    header = "Date,Value Date,Type,Transaction ID,Reference,Payee,Memo,Amount,Balance,Currency,Account"
    file = read(rows("2026-01-02,2026-01-03,FEE,T-1,R-1,Ann,hello,5.00,105.00,EUR,0042", header=header))
    line = file.lines.row(0, named=True)
    assert line["value_date"] == dt.date(2026, 1, 3)
    assert (line["transaction_type"], line["bank_reference"], line["payment_reference"]) == (
        "FEE",
        "T-1",
        "R-1",
    )
    assert (line["counterparty_name"], line["remittance_text"]) == ("Ann", "hello")
    statement = file.statements[0]
    assert statement.account_id == "0042"
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(100), Decimal(105))


def test_payer_is_the_counterparty_of_money_in_and_payee_of_money_out() -> None:
    header = "Date,Payer,Payee,Amount,Currency"
    file = read(rows("2026-01-02,Ann,Us,5,EUR", "2026-01-02,Us,Bob,-5,EUR", header=header))
    assert file.lines["counterparty_name"].to_list() == ["Ann", "Bob"]


def test_profile_goes_before_the_generic_layout_and_two_profiles_are_both_named() -> None:
    sample = (ROOT / "tests" / "golden" / "csv" / "gb_lloyds.csv").read_bytes()
    lloyds = next(profile for profile in SHIPPED if profile.name == "gb_lloyds")
    twin = BankProfile(name="twin", header=("Transaction Date",), columns=lloyds.columns)
    assert identify(sample) == ("csv",)
    assert identify(sample, SHIPPED) == ("gb_lloyds",)
    assert identify(sample, (lloyds, twin)) == ("gb_lloyds", "twin")


def test_unknown_layout_is_described_by_its_header_and_what_to_do() -> None:
    said = describe_unknown(source_of("Report\nWhen;Who;How much\n1.1.2026;Ann;5,00\n"))
    assert said is not None
    assert "row 2, 'When;Who;How much'" in said
    assert "config/banks" in said
    assert "no header row" in (describe_unknown(source_of("1.1.2026;Ann;5,00\n1.1.2026;Bo;6,00\n")) or "")
    assert describe_unknown(source_of(b"%PDF-1.4")) is None
    assert describe_unknown(source_of("plain words")) is None


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_generic_layout_takes_the_encoding_from_the_bytes(encoding: str) -> None:
    file = read(rows("2026-01-02,Mühle Zürich,1.00,EUR").encode(encoding))
    assert file.lines["remittance_text"].to_list() == ["Mühle Zürich"]


def test_bytes_that_do_not_decode_reject_the_file() -> None:
    with pytest.raises(UnreadableStatement, match=r"byte 46 is no cp1252 text.*config/banks"):
        read(rows("2026-01-02,").encode() + b"\x81,1.00,EUR\n")


def test_file_without_a_byte_is_unreadable_and_one_with_only_a_header_is_empty() -> None:
    with pytest.raises(UnreadableStatement, match="empty"):
        DelimitedReader(()).read(source_of(b" \n"), "csv")
    file = read(GENERIC_HEADER + "\n")
    assert (file.lines.height, file.statements, file.transactions_counted) == (0, (), 0)


# Rows and cells


def test_quoted_cells_hold_line_feeds_delimiters_and_doubled_quotes() -> None:
    file = read(rows('2026-01-02,"a, ""b""\n\n  c",1.00,EUR', "2026-01-03,d,2.00,EUR"))
    assert file.lines["remittance_text"].to_list() == ['a, "b" c', "d"]
    assert file.lines["source_row"].to_list() == [1, 2]


def test_stray_quotation_mark_swallows_no_row() -> None:
    file = read(rows('2026-01-02,5" pipe,1.00,EUR', '2026-01-03,"open,2.00,EUR', '2026-01-04,"x",3.00,EUR'))
    assert file.lines["remittance_text"].to_list() == ['5" pipe', '"open', "x"]


def test_row_with_more_or_fewer_cells_is_rejected_and_trailing_empty_cells_are_fine() -> None:
    file = read(rows("2026-01-02,a,1.00", "2026-01-02,a,-100,50,EUR", "2026-01-02,a,3.00,EUR,,", ",,,"))
    assert file.rejected["source_row"].to_list() == [1, 2]
    assert all("more or fewer cells" in reason for reason in reasons(file))
    assert (amounts(file), file.transactions_counted) == ([Decimal(3)], 3)


def test_blank_rows_are_no_transactions() -> None:
    file = read(rows("", "2026-01-02,a,1.00,EUR", "  ", '"", ,"",', "2026-01-03,b,2.00,EUR", ""))
    assert file.lines["source_row"].to_list() == [1, 2]
    assert file.transactions_counted == 2


def test_lost_row_rejects_the_file_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "reconcile.ingest.readers.delimited.read_cells"
    monkeypatch.setattr(place, lambda *given: read_cells(*given).head(1))
    with pytest.raises(UnreadableStatement, match="2 transactions stand in the file, but 1 were read"):
        read(rows("2026-01-02,a,1.00,EUR", "2026-01-03,b,2.00,EUR"))


def test_text_stays_text() -> None:
    header = "Date,Transaction ID,Description,Reference,Amount,Currency"
    file = read(rows('2026-01-02,="00123",=1+1,00042,1.00,EUR', header=header))
    line = file.lines.row(0, named=True)
    assert (line["bank_reference"], line["remittance_text"], line["payment_reference"]) == (
        "00123",
        "=1+1",
        "00042",
    )


def test_white_space_is_folded_and_control_and_bidi_characters_are_dropped() -> None:
    file = read(rows("2026-01-02,\u202e a\u00a0\t b\x07\x0bc\u200f ,1.00,EUR"))
    assert file.lines["remittance_text"].to_list() == ["a b c"]


@pytest.mark.parametrize("placeholder", ["NOTPROVIDED", "NonRef"])
def test_placeholders_are_no_text(placeholder: str) -> None:
    file = read(rows(f"2026-01-02,{placeholder},1.00,EUR"))
    assert file.lines["remittance_text"].to_list() == [""]


def test_first_of_two_columns_of_one_name_counts() -> None:
    file = read(rows("2026-01-02,5.00,EUR,105.00,USD", header="Date,Amount,Currency,Balance,Currency"))
    assert file.lines["currency"].to_list() == ["EUR"]


# Dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-04-03", dt.date(2026, 4, 3)),
        ("2026/04/03", dt.date(2026, 4, 3)),
        ("20260403", dt.date(2026, 4, 3)),
        ("2026-04-03T23:59:59Z", dt.date(2026, 4, 3)),
        ("2026-04-03 23:30", dt.date(2026, 4, 3)),
        ("03.04.2026", dt.date(2026, 4, 3)),
        ("3.4.26", dt.date(2026, 4, 3)),
        ("3 Apr 2026", dt.date(2026, 4, 3)),
        ("03-APR-26", dt.date(2026, 4, 3)),
        ("April 3, 2026", dt.date(2026, 4, 3)),
        ("13/04/2026", dt.date(2026, 4, 13)),
        ("04/13/26", dt.date(2026, 4, 13)),
        ("04/04/2026", dt.date(2026, 4, 4)),
    ],
)
def test_dates_that_can_be_read_in_one_way_are_read(text: str, date: dt.date) -> None:
    assert read(rows(f'"{text}",a,1.00,EUR')).lines["booked_date"].to_list() == [date]


def test_order_of_day_and_month_is_that_which_reads_every_row() -> None:
    day_first = read(rows("03/04/2026,a,1.00,EUR", "25/04/2026,b,1.00,EUR"))
    month_first = read(rows("03/04/2026,a,1.00,EUR", "04/25/2026,b,1.00,EUR"))
    assert day_first.lines["booked_date"][0] == dt.date(2026, 4, 3)
    assert month_first.lines["booked_date"][0] == dt.date(2026, 3, 4)


def test_ambiguous_order_of_day_and_month_rejects_the_file() -> None:
    with pytest.raises(UnreadableStatement, match=r"03/04/2026 may be 3 April or March 4: declare.*config/banks"):
        read(rows("03/04/2026,a,1.00,EUR", "04/04/2026,b,1.00,EUR"))


def test_mixed_orders_of_day_and_month_reject_the_file() -> None:
    with pytest.raises(UnreadableStatement, match="has the day first and"):
        read(rows("25/04/2026,a,1.00,EUR", "04/26/2026,b,1.00,EUR"))


@pytest.mark.parametrize("text", ["", "yesterday", "31.02.2026", "0000-00-00", "2026-13-01", "1.1.1"])
def test_what_is_no_date_rejects_its_row(text: str) -> None:
    file = read(rows(f"{text},a,1.00,EUR", "2026-01-02,b,2.00,EUR"))
    assert amounts(file) == [Decimal(2)]
    assert f"column 'Date': '{text}' is no date" in reasons(file)[0]


# Amounts


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("+5257,28", "5257.28"),
        ("-12,50", "-12.50"),
        ("\u221212.50", "-12.50"),
        ("12.50-", "-12.50"),
        ("(85.00)", "-85.00"),
        ("- €21.59", "-21.59"),
        ("-€7,971.39", "-7971.39"),
        ("(€85.00)", "-85.00"),
        ("-123,45 €", "-123.45"),
        ("12.50EUR", "12.50"),
        ("EUR -12.50", "-12.50"),
        ("$ 3.00", "3"),
        ("0.80Dr", "-0.80"),
        ("0.80 CR", "0.80"),
        ("12,345", "12345"),
        ("7", "7"),
    ],
)
def test_amounts_are_read_in_the_notations_of_banks(text: str, amount: str) -> None:
    assert amounts(read(rows(f'2026-01-02,a,"{text}",EUR'))) == [Decimal(amount)]


@pytest.mark.parametrize(
    "text", ["", "NaN", "1e3", "Infinity", "0x1", ".", "1,23,4", "12 apples", "1.2.3", "9" * 16, "- -5", "٣"]
)
def test_what_is_no_amount_rejects_its_row(text: str) -> None:
    file = read(rows(f'2026-01-02,a,"{text}",EUR', "2026-01-02,b,2.00,EUR"))
    assert amounts(file) == [Decimal(2)]
    assert f"column 'Amount': '{text}' is no amount" in reasons(file)[0]


def test_reason_quotes_no_more_than_sixty_characters() -> None:
    file = read(rows("2026-01-02,a," + "x" * 500 + ",EUR"))
    assert "'" + "x" * 60 + "'" in reasons(file)[0]


@pytest.mark.parametrize(("currency", "text"), [("EUR", "12.3456"), ("EUR", "-1.005"), ("JPY", "1.5")])
def test_more_decimals_than_the_currency_has_reject_the_row(currency: str, text: str) -> None:
    file = read(rows(f"2026-01-02,a,{text},{currency}", "2026-01-02,b,2.50,EUR", "2026-01-02,c,3.50,EUR"))
    assert amounts(file) == [Decimal("2.5"), Decimal("3.5")]
    assert text in reasons(file)[0]


def test_three_decimals_are_an_amount_where_the_currency_has_three() -> None:
    assert amounts(read(rows("2026-01-02,a,1.2345,KWD", "2026-01-02,a,0.125,KWD"))) == [Decimal("0.125")]


def test_decimal_mark_is_that_which_reads_the_whole_column() -> None:
    assert amounts(read(rows('2026-01-02,a,"1,234",EUR', "2026-01-02,b,2.50,EUR"))) == [1234, Decimal("2.5")]
    assert amounts(read(rows('2026-01-02,a,"1.234",EUR', '2026-01-02,b,"2,50",EUR'))) == [
        1234,
        Decimal("2.5"),
    ]


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_ambiguous_decimal_mark_rejects_the_file(text: str) -> None:
    with pytest.raises(UnreadableStatement, match=f"amount '{text}'.*decimal_mark.*config/banks"):
        read(rows(f'2026-01-02,a,"{text}",KWD'))


def test_decimal_marks_that_contradict_each_other_evenly_reject_the_file() -> None:
    with pytest.raises(UnreadableStatement, match="decimal_mark"):
        read(rows('2026-01-02,a,"12,50",EUR', "2026-01-02,b,12.50,EUR"))


def test_decimal_mark_of_most_rows_counts_and_the_others_are_rejected() -> None:
    file = read(rows('2026-01-02,a,"12,50",EUR', "2026-01-02,b,12.50,EUR", "2026-01-02,c,13.50,EUR"))
    assert amounts(file) == [Decimal("12.5"), Decimal("13.5")]
    assert "'12,50' is no amount" in reasons(file)[0]


# Debit, credit and indicators


def test_debit_goes_out_and_credit_comes_in() -> None:
    header = "Date,Money Out,Money In,Currency"
    file = read(rows("2026-01-02,5.00,,EUR", "2026-01-02,0.00,6.00,EUR", header=header))
    assert amounts(file) == [Decimal(-5), Decimal(6)]


def test_debits_that_are_negative_already_stay_so() -> None:
    file = read(rows("2026-01-02;-5,00;;EUR", "2026-01-02;;6,00;EUR", header="Datum;Soll;Haben;Währung"))
    assert amounts(file) == [Decimal(-5), Decimal(6)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("5.00,6.00", "both hold an amount"),
        (",", "neither holds an amount"),
        ("0.00,0.00", "neither holds an amount"),
        ("-5.00,", "is negative where other debits are positive"),
        (",-5.00", "is negative where a credit should be"),
        ("x,", "column 'Debit': 'x' is no amount"),
    ],
)
def test_unclear_debit_and_credit_reject_the_row(cells: str, reason: str) -> None:
    file = read(rows(f"2026-01-02,{cells},EUR", "2026-01-02,7.00,,EUR", header="Date,Debit,Credit,Currency"))
    assert amounts(file) == [Decimal(-7)]
    assert reason in reasons(file)[0]


@pytest.mark.parametrize(
    ("name", "out", "came_in"), [("Soll/Haben", "S", "H"), ("D/C", "d", "c"), ("Af Bij", "Af", "Bij")]
)
def test_indicator_gives_the_sign(name: str, out: str, came_in: str) -> None:
    header = f"Date,{name},Amount,Currency"
    file = read(rows(f"2026-01-02,{out},5.00,EUR", f"2026-01-02,{came_in},6.00,EUR", header=header))
    assert amounts(file) == [Decimal(-5), Decimal(6)]


def test_indicator_beside_a_signed_amount_must_agree_with_it() -> None:
    header = "Date,D/C,Amount,Currency"
    file = read(rows("2026-01-02,D,-5.00,EUR", "2026-01-02,C,-6.00,EUR", "2026-01-02,,7,EUR", header=header))
    assert amounts(file) == [Decimal(-5)]
    assert "is negative, but column 'D/C' says credit" in reasons(file)[0]
    assert "column 'D/C': '' says neither debit nor credit" in reasons(file)[1]


def test_column_named_debit_and_credit_may_hold_the_signed_amount() -> None:
    file = read("Buchungstag;Soll/Haben;Währung\n02.01.2026;-5,00;EUR\n")
    assert amounts(file) == [Decimal(-5)]


def test_indicator_in_unknown_words_rejects_the_file() -> None:
    with pytest.raises(UnreadableStatement, match="column 'D/C' says neither debit nor credit"):
        read(rows("2026-01-02,raus,5.00,EUR", header="Date,D/C,Amount,Currency"))


def test_type_of_debit_and_credit_gives_the_sign_only_where_no_amount_has_one() -> None:
    header = "Date,Transaction Type,Amount,Currency"
    unsigned = read(rows("2026-01-02,debit,5.00,EUR", "2026-01-02,credit,6.00,EUR", header=header))
    signed = read(rows("2026-01-02,credit,-5.00,EUR", "2026-01-02,credit,6.00,EUR", header=header))
    assert amounts(unsigned) == [Decimal(-5), Decimal(6)]
    assert amounts(signed) == [Decimal(-5), Decimal(6)]


# Currencies and accounts


@pytest.mark.parametrize("header", ["Amount (EUR)", "Amount EUR", "Amount in EUR", "Amount (€)", "Amount [EUR]"])
def test_currency_may_stand_in_the_header(header: str) -> None:
    assert read(f"Date,{header}\n2026-01-02,1.00\n").lines["currency"].to_list() == ["EUR"]


def test_currency_may_stand_beside_the_amounts() -> None:
    file = read('Date,Amount\n2026-01-02,"-30,00 PLN"\n2026-01-02,"£1,00"\n')
    assert file.lines["currency"].to_list() == ["PLN", "GBP"]


def test_file_without_a_currency_is_rejected() -> None:
    with pytest.raises(UnreadableStatement, match=r"declare \[fixed\] currency"):
        read("Date,Amount\n2026-01-02,$1.00\n")


@pytest.mark.parametrize("code", ["EURO", "XX", "QQQ", "12", ""])
def test_unknown_currency_rejects_the_row(code: str) -> None:
    file = read(rows(f"2026-01-02,a,1.00,{code}", "2026-01-02,b,2.00,eur"))
    assert file.lines["currency"].to_list() == ["EUR"]
    assert f"column 'Currency': '{code}' is no ISO 4217" in reasons(file)[0]


def test_currency_beside_the_amount_that_denies_the_column_rejects_the_row() -> None:
    file = read(rows("2026-01-02,a,1.00 PLN,EUR", "2026-01-02,b,2.00 EUR,EUR"))
    assert amounts(file) == [Decimal(2)]
    assert "names another currency" in reasons(file)[0]


def test_each_account_and_currency_has_its_statement_in_the_order_of_the_file() -> None:
    header = "Date,Account,Amount,Currency"
    lines = ("2026-01-02,9,1,EUR", "2026-01-05,1,2,EUR", "2026-01-03,9,3,EUR", "2026-01-03,9,4,USD")
    file = read(rows(*lines, header=header))
    assert [(one.account_id, one.currency) for one in file.statements] == [
        ("9", "EUR"),
        ("1", "EUR"),
        ("9", "USD"),
    ]
    assert file.lines["statement_number"].to_list() == [1, 2, 1, 3]
    assert (file.statements[0].start_date, file.statements[0].end_date) == (
        dt.date(2026, 1, 2),
        dt.date(2026, 1, 3),
    )


def test_bare_iban_is_ours_where_it_never_varies_and_the_other_sides_where_it_does() -> None:
    ours, theirs = "DE02120300000000202051", "DE89370400440532013000"
    header = "Date,IBAN,Amount,Currency"
    one = read(rows(f"2026-01-02,{ours},1,EUR", f"2026-01-02,{ours},2,EUR", header=header))
    two = read(rows(f"2026-01-02,{ours},1,EUR", f"2026-01-02,{theirs},2,EUR", header=header))
    assert one.statements[0].account_id == ours
    assert two.statements[0].account_id == ""
    assert two.lines["counterparty_account"].to_list() == [ours, theirs]


def test_account_that_follows_the_other_sides_name_is_theirs() -> None:
    header = "Date,Payee,Account number,Amount,Currency"
    file = read(rows("2026-01-02,Ann,00420042,1,EUR", header=header))
    assert file.statements[0].account_id == ""
    assert file.lines["counterparty_account"].to_list() == ["00420042"]


# Balances


@pytest.mark.parametrize(
    ("lines", "opening", "closing"),
    [
        (("2026-01-02,a,10,110,EUR", "2026-01-03,b,-20,90,EUR"), 100, 90),
        (("2026-01-03,b,-20,90,EUR", "2026-01-02,a,10,110,EUR"), 100, 90),
        (("2026-01-02,a,10,110,EUR", "2026-01-02,b,-20,90,EUR"), 100, 90),
        (("2026-01-02,b,-20,90,EUR", "2026-01-02,a,10,110,EUR"), 100, 90),
        # Newest day first, but within each day the oldest row first.
        (("2026-01-03,c,1,91,EUR", "2026-01-02,a,10,110,EUR", "2026-01-02,b,-20,90,EUR"), 100, 91),
        # A row is missing: the dates still say which end is which, and the gap shows in the balances.
        (("2026-01-02,a,10,110,EUR", "2026-01-03,b,-20,70,EUR"), 100, 70),
        (("2026-01-02,a,10,110,EUR", "2026-01-02,b,-20,70,EUR"), None, None),
        (("2026-01-02,a,10,,EUR", "2026-01-02,b,-20,,EUR"), None, None),
    ],
)
def test_balances_come_from_the_order_that_dates_and_balances_prove(
    lines: tuple[str, ...], opening: int | None, closing: int | None
) -> None:
    (statement,) = read(rows(*lines, header="Date,Description,Amount,Balance,Currency")).statements
    assert (statement.opening_balance, statement.closing_balance) == (opening, closing)
    assert (statement.closing_date is None) == (closing is None)


# Laws


@given(
    texts=st.lists(
        st.text(alphabet=st.sampled_from("aZé日0;,|\t\"'\n\r =+*#\u00a0\u202e\x07\x1c\x85\u2028٣-"), max_size=20),
        min_size=1,
        max_size=8,
    ),
    mark=st.sampled_from([",", ";", "\t", "|"]),
)
@settings(deadline=None, max_examples=100)
def test_any_text_comes_back_as_it_was_written(texts: list[str], mark: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerow(["Date", "Transaction ID", "Description", "Amount", "Currency"])
    writer.writerows(["2026-01-02", f"T{place}", text, "1.00", "EUR"] for place, text in enumerate(texts))
    file = read(written.getvalue())
    assert file.lines["bank_reference"].to_list() == [f"T{place}" for place in range(len(texts))]
    assert file.lines["remittance_text"].to_list() == [folded(text) for text in texts]


def folded(text: str) -> str:
    for dropped in "\u202e\x07":
        text = text.replace(dropped, "")
    plain = " ".join(text.split())
    return plain[2:-1] if plain.startswith('="') and plain.endswith('"') and len(plain) > 2 else plain


@given(cells=st.lists(st.lists(st.text(alphabet='ab,"\n \r;', max_size=6), min_size=1, max_size=6), max_size=6))
@settings(deadline=None, max_examples=100)
def test_no_row_of_a_damaged_file_is_silently_lost(cells: list[list[str]]) -> None:
    damaged = "".join(",".join(row) + "\n" for row in cells)
    file = read(rows(damaged, "2026-01-02,last,1.00,EUR"))
    assert file.lines.height + file.rejected.height == file.transactions_counted


NOTATIONS = st.sampled_from([(".", ","), (".", ""), (".", "'"), (",", "."), (",", ""), (",", " ")])


@given(cents=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=10), notation=NOTATIONS)
@settings(deadline=None, max_examples=100)
def test_amounts_in_any_notation_come_back_to_the_cent(cents: list[int], notation: tuple[str, str]) -> None:
    decimal_mark, thousands_mark = notation
    written = [
        f"{Decimal(one) / 100:,.2f}".replace(",", "t").replace(".", decimal_mark).replace("t", thousands_mark)
        for one in cents
    ]
    file = read(rows(*(f'2026-01-02,a,"{text}",EUR' for text in written)))
    assert amounts(file) == [Decimal(one) / 100 for one in cents]
