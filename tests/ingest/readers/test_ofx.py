"""What the OFX reader promises, held against files as banks really write them."""

from __future__ import annotations

import datetime as dt
import html
import io
import time
import warnings
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ofxparse import OfxParser

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.ofx import OfxReader
from reconcile.ingest.readers.ofx_text import charset_of, count_transactions
from reconcile.model import LINE_COLUMNS, REJECTED_COLUMNS, SourceFile, Statement, StatementFile
from tests.golden_files import assert_matches_golden

GOLDEN = Path(__file__).parents[2] / "golden" / "ofx"
SAMPLES = sorted(GOLDEN.glob("*.ofx"))
SGML_HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
XML_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
CREDIT = "<TRNTYPE>CREDIT<DTPOSTED>20260204<TRNAMT>10.00<FITID>A1<NAME>Elm & Oak"


def read(data: bytes | str) -> StatementFile:
    written = data.encode() if isinstance(data, str) else data
    source = SourceFile(name="statement.ofx", file_id="", data=written)
    return OfxReader().read(source, "ofx")


def identify(data: bytes | str) -> tuple[str, ...]:
    written = data.encode() if isinstance(data, str) else data
    return OfxReader().identify(SourceFile(name="statement.ofx", file_id="", data=written))


def ofx(*transactions: str, header: str = SGML_HEADER, currency: str = "USD", after: str = "") -> str:
    """Write a bank statement with these transactions and, after their list, this text."""
    listed = "".join(f"<STMTTRN>\n{transaction}\n</STMTTRN>\n" for transaction in transactions)
    return (
        f"{header}<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>"
        f"<CURDEF>{currency}<BANKACCTFROM><BANKID>111<ACCTID>222<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20260201<DTEND>20260228\n{listed}</BANKTRANLIST>{after}"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def credit(**values: str) -> str:
    """Write a transaction with these values instead of the usual ones; "" leaves the element out."""
    elements = {"TRNTYPE": "CREDIT", "DTPOSTED": "20260204", "TRNAMT": "10.00", "FITID": "A1"} | values
    return "\n".join(f"<{name}>{value}" for name, value in elements.items() if value)


def only_line(data: bytes | str) -> dict[str, object]:
    file = read(data)
    assert file.rejected.is_empty(), file.rejected["reason"].to_list()
    return file.lines.row(0, named=True)


def only_reason(data: bytes | str) -> str:
    file = read(data)
    assert file.lines.is_empty()
    reason = file.rejected["reason"].item()
    assert isinstance(reason, str)
    return reason


def only_statement(data: bytes | str) -> Statement:
    (statement,) = read(data).statements
    return statement


# Goldens


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_reads_as_its_golden_says(sample: Path) -> None:
    assert identify(sample.read_bytes()) == ("ofx",)
    file = read(sample.read_bytes())
    statements = pl.DataFrame(
        [vars(statement) for statement in file.statements],
        schema_overrides={"opening_balance": pl.Decimal(18, 3), "closing_balance": pl.Decimal(18, 3)},
        infer_schema_length=None,
    ).with_columns(pl.col("start_date", "end_date", "closing_date").cast(pl.Date))
    tables = (
        file.lines,
        file.rejected,
        statements,
        pl.DataFrame({"note": file.notes}, schema={"note": pl.String}),
    )
    golden = "\n".join(table.write_csv() for table in tables)
    assert_matches_golden(sample.with_suffix(".expected.csv"), golden)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_columns_are_those_of_a_statement_line(sample: Path) -> None:
    file = read(sample.read_bytes())
    assert file.lines.schema == pl.Schema(LINE_COLUMNS)
    assert file.rejected.schema == pl.Schema(REJECTED_COLUMNS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_lines_and_rejections_are_the_transactions_counted_in_the_bytes(sample: Path) -> None:
    file = read(sample.read_bytes())
    rows = sorted([*file.lines["source_row"], *file.rejected["source_row"]])
    assert rows == list(range(1, file.transactions_counted + 1))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_truncated_file_is_rejected_or_has_all_its_lines(sample: Path) -> None:
    data = sample.read_bytes()
    whole = read(data).lines
    for fiftieth in range(50):
        try:
            lines = read(data[: len(data) * fiftieth // 50]).lines
        except UnreadableStatement:
            continue
        assert lines.equals(whole)


# Oracle: ofxparse reads small sound files right, but for what is undone here.


@pytest.mark.parametrize("name", ["us_bank", "one_line"])
def test_sound_file_reads_as_ofxparse_reads_it(name: str) -> None:
    data = (GOLDEN / f"{name}.ofx").read_bytes()
    header_of_its_own = b"ENCODING:USASCII\nCHARSET:1252\n\n"  # it cannot read a header on one line
    body = data[data.index(b"<OFX>") :].replace(b"<FITID>\r\n", b"")
    body = body.replace(b"<b>", b"&lt;b&gt;").replace(b"</b>", b"&lt;/b&gt;")  # it takes these for elements
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = OfxParser.parse(io.BytesIO(header_of_its_own + body), fail_fast=False).account
    file = read(data)
    # It refuses transactions without a FITID.
    lines = file.lines.filter(pl.col("bank_reference") != "")
    of_ours = lines.select("amount", "bank_reference", "counterparty_name", "remittance_text")
    of_theirs = [(t.amount, t.id, t.payee, t.memo) for t in parsed.statement.transactions]
    assert of_ours.rows() == of_theirs
    # It moves a date by its offset: 23:30[-5:EST] becomes the next day.
    written_without_time = [
        (line["booked_date"], transaction.date.date())
        for line, transaction in zip(lines.rows(named=True), parsed.statement.transactions, strict=True)
        if line["bank_reference"] != "202602280002"
    ]
    assert all(ours == theirs for ours, theirs in written_without_time)
    (statement,) = file.statements
    assert statement.account_id == f"{parsed.routing_number}/{parsed.account_id}"
    assert statement.closing_balance == parsed.statement.balance


# What is claimed


@pytest.mark.parametrize(
    "header",
    [
        "",
        "\n\n",
        SGML_HEADER,
        XML_HEADER,
        SGML_HEADER.replace("\n", ""),
        f"<!--\n{SGML_HEADER}-->\n",
        "DATA:OFXSGML\nENCODING:UTF-8\n",
        '<?xml version="1.0"?>',
        "HTTP/1.1 200 OK\nContent-Type: application/x-ofx; charset=utf-8\n\n" + SGML_HEADER,
    ],
)
def test_any_header_is_only_what_stands_before_the_body(header: str) -> None:
    data = ofx(CREDIT, header=header)
    assert identify(data) == ("ofx",)
    assert read(data).lines.height == 1


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_from_the_bytes(charset: str) -> None:
    data = ofx(credit(NAME="Žižkov s.r.o.")).encode(charset)
    assert identify(data) == ("ofx",)
    assert only_line(data)["counterparty_name"] == "Žižkov s.r.o."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "<!DOCTYPE html><html><body>Log in to download <OFX></body></html>",
        "<html><pre>\n<OFX>\n</pre></html>",
        'date;amount;text\n2026-02-04;10.00;"<OFX> is what he wrote"\n',
        "date,amount,text\n2026-02-04,10.00,<OFX>\n",
        ":20:940\n:25:111/222\n",
    ],
)
def test_other_content_is_not_claimed_whatever_its_name(data: bytes | str) -> None:
    assert identify(data) == ()


def test_lower_case_tags_are_the_same_tags() -> None:
    assert read(ofx(CREDIT).replace("<", "\n<").lower().replace("usd", "USD")).lines.height == 1


# Charsets


def test_utf_8_declared_as_1252_is_read_as_utf_8() -> None:
    assert only_line(ofx(credit(MEMO="SERVIÇOS König")))["remittance_text"] == "SERVIÇOS König"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("CHARSET:1252", "cp1252"),
        ("CHARSET:8859-1", "latin-1"),
        ("CHARSET:ISO-8859-1", "latin-1"),
        ("CHARSET:8859-1COMPRESSION:NONE", "latin-1"),
        ("CHARSET:1250", "cp1250"),
        ("CHARSET:NONE", "cp1252"),
        ("CHARSET:nonsense", "cp1252"),
        ("", "cp1252"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1"),
    ],
)
def test_bytes_that_are_no_utf_8_are_read_as_declared(declared: str, codec: str) -> None:
    data = ofx(credit(MEMO="Händler, façade"), header=f"{declared}\n").encode(codec)
    if codec == "cp1250":
        data = ofx(credit(MEMO="Händler, Łódź"), header=f"{declared}\n").encode(codec)
        assert only_line(data)["remittance_text"] == "Händler, Łódź"
    else:
        assert only_line(data)["remittance_text"] == "Händler, façade"


# Texts


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("pay <b>now</b>", "pay <b>now</b>"),
        ("a < b > c", "a < b > c"),
        ("<someone@example.com> INV-7", "<someone@example.com> INV-7"),
        ("R&D; AT&T &copy 1 & 2", "R&D; AT&T &copy 1 & 2"),
        ("Caf&eacute; &#233; &#xE9; &lt;MEMO&gt; &amp;lt;", "Café é é <MEMO> &lt;"),
        ("&#38;lt;", "&lt;"),
        ("<![CDATA[ <NAME> &amp; <STMTTRN> ]]>", "<NAME> &amp; <STMTTRN>"),
        ("before <!-- hidden --> after", "before after"),
        ("\n  on the\t next\u00a0line \n", "on the next line"),
        ("in\u202ev\u200bo\x07ice", "invoice"),
        ("&#x202E;&#7;in\u200evoice", "invoice"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("is_closed", [False, True])
def test_text_is_everything_up_to_the_next_known_element(written: str, text: str, is_closed: bool) -> None:
    closing = "</MEMO>" if is_closed else ""
    line = only_line(ofx(f"<MEMO>{written}{closing}<FITID>A1<TRNAMT>1.00<DTPOSTED>20260204"))
    assert line["remittance_text"] == text
    assert line["bank_reference"] == "A1"


@pytest.mark.parametrize("vendor", ["<INTU.BID>3000", "\n<LOCALCODE>3000", "\n  <LOCALCODE>3000</LOCALCODE>"])
def test_vendors_elements_are_no_part_of_the_text_before_them(vendor: str) -> None:
    assert only_line(ofx(credit(MEMO=f"order 5{vendor}")))["remittance_text"] == "order 5"


def test_extended_name_stands_for_the_name_that_it_completes() -> None:
    assert only_line(ofx(credit(NAME="Elm", EXTDNAME="Elm & Oak")))["counterparty_name"] == "Elm & Oak"
    assert only_line(ofx(credit(NAME="Elm", EXTDNAME="Oak & Ash")))["counterparty_name"] == "Elm"


@pytest.mark.parametrize(
    ("refnum", "checknum", "reference"),
    [
        ("R1", "C1", "R1 C1"),
        ("R1", "R1", "R1"),
        ("A1", "C1", "C1"),
        ("A1", "A1", ""),
        ("NOTPROVIDED", "NONREF", ""),
        ("R1", "0000", "R1"),
        ("", "C1", "C1"),
        ("", "", ""),
    ],
)
def test_reference_is_what_refnum_and_checknum_add_to_fitid(refnum: str, checknum: str, reference: str) -> None:
    line = only_line(ofx(credit(FITID="A1", REFNUM=refnum, CHECKNUM=checknum)))
    assert line["payment_reference"] == reference


def test_missing_fitid_is_an_empty_reference() -> None:
    assert only_line(ofx(credit(FITID="")))["bank_reference"] == ""


def test_repeated_fitids_are_kept() -> None:
    assert read(ofx(CREDIT, CREDIT)).lines["source_row"].to_list() == [1, 2]


def test_elements_of_the_balances_are_no_part_of_the_last_transaction() -> None:
    after = "<LEDGERBAL><BALAMT>5<DTASOF>20260228<BALLIST><BAL><NAME>Overdraft<DESC>limit"
    data = ofx(credit(NAME="")).replace("</STMTTRN>\n</BANKTRANLIST>", after)
    assert only_line(data)["counterparty_name"] == ""


# Dates


@pytest.mark.parametrize(
    "written",
    [
        "20260204",
        "20260204233000[-5:EST]",
        "20260204000000[+9:JST]",
        "20260204120000.000[-03:EST]",
        "20260204[0:GMT]",
    ],
)
def test_booked_date_is_the_banks_own_whatever_its_offset(written: str) -> None:
    assert only_line(ofx(credit(DTPOSTED=written)))["booked_date"] == dt.date(2026, 2, 4)


@pytest.mark.parametrize(("written", "value_date"), [("20260203", dt.date(2026, 2, 3)), ("20260230", None), ("", None)])
@pytest.mark.parametrize("element", ["DTUSER", "DTAVAIL"])
def test_value_date_is_there_when_it_is_a_date(element: str, written: str, value_date: dt.date | None) -> None:
    assert only_line(ofx(credit(**{element: written})))["value_date"] == value_date


@pytest.mark.parametrize("written", ["20140231", "xxx", "201120000000", "2026", "00000000"])
def test_transaction_without_a_date_is_rejected_by_name(written: str) -> None:
    reason = only_reason(ofx(credit(DTPOSTED=written)))
    assert reason == (f'DTPOSTED "{written}" is no date; ask the bank for a corrected file or enter the line by hand')


def test_missing_date_and_amount_are_both_named() -> None:
    reason = only_reason(ofx(credit(DTPOSTED="", TRNAMT="")))
    assert reason.startswith("DTPOSTED is missing, TRNAMT is missing; ")


# Amounts


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("10", "10"),
        ("-1234.56", "-1234.56"),
        ("-1234,56", "-1234.56"),
        ("+88.00", "88"),
        ("- 12.50", "-12.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1 025,53", "1025.53"),
        ("1\u00a0025.53", "1025.53"),
        ("-3.770", "-3.77"),
        ("-3,77000", "-3.77"),
        ("0.120", "0.12"),
        ("1234.500", "1234.5"),
        (".5", "0.5"),
        ("12.", "12"),
        ("5,5", "5.5"),
    ],
)
def test_decimal_mark_is_decided_value_by_value(written: str, amount: str) -> None:
    assert only_line(ofx(credit(TRNAMT=written)))["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    "written",
    ["NaN", "1e3", ".", "-", "null", "$120", "Infinity", "1.23.45", "12 34", "+-5", "0x1F", "١٢.٥٠"],
)
def test_what_is_no_amount_is_rejected_by_name(written: str) -> None:
    reason = only_reason(ofx(credit(TRNAMT=written)))
    assert reason == (f'TRNAMT "{written}" is no amount; ask the bank for a corrected file or enter the line by hand')


@pytest.mark.parametrize(("written", "currency"), [("-1.234", "USD"), ("1,234", "EUR"), ("5.000", "JPY")])
def test_amount_that_may_be_thousands_is_rejected(written: str, currency: str) -> None:
    reason = only_reason(ofx(credit(TRNAMT=written), currency=currency))
    assert reason.startswith(f'TRNAMT "{written}" may be read as thousands or as decimals; ')


def test_padded_decimals_are_not_believed_where_the_statement_uses_the_other_mark() -> None:
    file = read(ofx(credit(TRNAMT="1.500"), credit(TRNAMT="480,00")))
    assert file.rejected["source_row"].to_list() == [1]
    assert file.lines["amount"].to_list() == [Decimal("480")]


@pytest.mark.parametrize(
    ("written", "currency"), [("1234.567", "EUR"), ("0.005", "USD"), ("1.00001", "USD"), ("12.5", "JPY")]
)
def test_more_decimals_than_the_currency_has_are_rejected(written: str, currency: str) -> None:
    data = ofx(credit(TRNAMT=written), currency=currency)
    assert only_reason(data).startswith(f'TRNAMT "{written}" has more decimals than {currency} has; ')


def test_three_decimals_are_an_amount_in_a_currency_that_has_them() -> None:
    assert only_line(ofx(credit(TRNAMT="1.234"), currency="KWD"))["amount"] == Decimal("1.234")


def test_quoted_value_is_cut_at_sixty_characters() -> None:
    assert f'"{"x" * 60}"' in only_reason(ofx(credit(TRNAMT="x" * 5000)))


def test_two_amounts_in_one_transaction_are_rejected() -> None:
    assert "is not the only one" in only_reason(ofx(f"{CREDIT}\n<TRNAMT>12.00"))


# Currencies


def test_currency_is_the_amounts_own() -> None:
    own = "\n<CURRENCY><CURRATE>0.9<CURSYM>gbp</CURRENCY>"
    converted = "\n<ORIGCURRENCY><CURSYM>GBP<CURRATE>0.9</ORIGCURRENCY>"
    file = read(ofx(CREDIT, CREDIT + own, CREDIT + converted, currency="usd"))
    assert file.lines["currency"].to_list() == ["USD", "GBP", "USD"]
    assert file.lines["counterparty_name"].unique().to_list() == ["Elm & Oak"]


def test_transaction_in_no_currency_is_rejected() -> None:
    assert "CURRENCY" in only_reason(ofx(f"{CREDIT}\n<CURRENCY><CURSYM>$</CURRENCY>"))


@pytest.mark.parametrize("currency", ["", "R$"])
def test_statement_without_a_currency_is_refused_with_its_account(currency: str) -> None:
    with pytest.raises(UnreadableStatement, match=r"account 222 .* currency \(CURDEF\)"):
        read(ofx(CREDIT, currency=currency))


# The envelope


@pytest.mark.parametrize(
    ("written", "balance"),
    [
        ("5326.43", "5326.43"),
        ("5326,43", "5326.43"),
        ("R$ 5.326,43", "5326.43"),
        ("-$ 12.00", "-12"),
        ("EUR 7,5", "7.5"),
    ],
)
def test_closing_balance_is_read_in_the_banks_notation(written: str, balance: str) -> None:
    data = ofx(CREDIT, after=f"<LEDGERBAL><BALAMT>{written}<DTASOF>20260228233000[-5:EST]</LEDGERBAL>")
    statement = only_statement(data)
    assert statement.closing_balance == Decimal(balance)
    assert statement.closing_date == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    "ledger",
    [
        "",
        "<LEDGERBAL><BALAMT><DTASOF>20260228</LEDGERBAL>",
        "<LEDGERBAL><BALAMT/><DTASOF/></LEDGERBAL>",
        "<LEDGERBAL>",
        "<LEDGERBAL><DTASOF>20260228",
    ],
)
def test_missing_closing_balance_is_none_and_not_the_available_one(ledger: str) -> None:
    data = ofx(CREDIT, after=f"{ledger}<AVAILBAL><BALAMT>99.00<DTASOF>20260228</AVAILBAL>")
    assert only_statement(data).closing_balance is None
    assert read(data).notes == ()


def test_closing_balance_that_is_no_amount_is_left_out_with_a_note() -> None:
    file = read(ofx(CREDIT, after="<LEDGERBAL><BALAMT>see PDF<DTASOF>20260228</LEDGERBAL>"))
    assert file.statements[0].closing_balance is None
    assert "see PDF" in file.notes[0]


@pytest.mark.parametrize("written", ["20140231", "****", "", "00000000", "2014-2-1"])
def test_period_that_ends_on_no_date_has_no_end(written: str) -> None:
    statement = only_statement(ofx(CREDIT).replace("<DTEND>20260228", f"<DTEND>{written}"))
    assert (statement.start_date, statement.end_date) == (dt.date(2026, 2, 1), None)


@pytest.mark.parametrize("written", ["<TRNUID></TRNUID>", "<TRNUID/>", "<TRNUID>", ""])
def test_empty_request_number_does_not_matter(written: str) -> None:
    assert only_statement(ofx(CREDIT).replace("<TRNUID>0", written)).account_id == "111/222"


@pytest.mark.parametrize(
    ("block", "account_id"),
    [
        ("<BANKID>111<ACCTID>2 22 0", "111/2220"),
        ("<BANKID><ACCTID>2220", "2220"),
        ("<BANKID>111<ACCTID>", ""),
        ("", ""),
        ("<BANKID>A&amp;B<ACCTID>0&lt;1", "A&B/0<1"),
    ],
)
def test_account_is_named_as_far_as_the_file_does(block: str, account_id: str) -> None:
    data = ofx(CREDIT).replace("<BANKID>111<ACCTID>222", block)
    assert only_statement(data).account_id == account_id


def test_cash_of_an_investment_account_is_read_with_a_note() -> None:
    data = ofx("<INVBANKTRAN>").replace("STMTRS>", "INVSTMTRS>").replace("BANKTRANLIST", "INVTRANLIST")
    data = data.replace(
        "<STMTTRN>\n<INVBANKTRAN>\n</STMTTRN>", f"<INVBANKTRAN><STMTTRN>{CREDIT}</STMTTRN><SUBACCTFUND>CASH"
    )
    file = read(data)
    assert file.lines["counterparty_name"].to_list() == ["Elm & Oak"]
    assert file.statements[0].account_id == "222"
    assert "investment" in file.notes[0]


# Whole files


@pytest.mark.parametrize("data", [b"", b"  \n", b"hello", b"OFXHEADER:100\n\n"])
def test_file_without_a_body_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableStatement, match="no <OFX>"):
        read(data)


def test_error_reply_is_refused_with_the_banks_own_words() -> None:
    status = "<STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Signon invalid</STATUS>"
    reply = f"<OFX><SIGNONMSGSRSV1><SONRS>{status}</SONRS></SIGNONMSGSRSV1></OFX>"
    with pytest.raises(UnreadableStatement, match='15500 "Signon invalid"'):
        read(reply)


def test_file_without_a_statement_is_refused() -> None:
    with pytest.raises(UnreadableStatement, match="no statement in it"):
        read("<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1></OFX>")


def test_error_beside_a_statement_is_noted() -> None:
    status = "<STATUS><CODE>2003</CODE><SEVERITY>ERROR</SEVERITY><MESSAGE>Account not found</MESSAGE></STATUS>"
    failed = f"<STMTTRNRS>{status}</STMTTRNRS></BANKMSGSRSV1>"
    file = read(ofx(CREDIT).replace("</BANKMSGSRSV1>", failed))
    assert file.notes == ('the bank reports an error in this file: 2003 "Account not found"',)


@pytest.mark.parametrize("ending", ["\n\n", "\n<!-- made by a converter -->\n", "\x1a"])
def test_what_follows_the_end_may_be_blank_or_a_comment(ending: str) -> None:
    assert read(ofx(CREDIT) + ending).lines.height == 1


def test_file_that_closes_nothing_is_read_with_a_note() -> None:
    body = ofx(credit(MEMO="one"), credit(MEMO="two"), after="<LEDGERBAL><BALAMT>5.00<DTASOF>20260228")
    tags = ("STATUS", "BANKACCTFROM", "STMTTRN", "BANKTRANLIST", "STMTRS", "STMTTRNRS", "BANKMSGSRSV1", "OFX")
    for tag in tags:
        body = body.replace(f"</{tag}>", "")
    file = read(body)
    assert file.lines["remittance_text"].to_list() == ["one", "two"]
    assert file.statements[0].closing_balance == Decimal("5")
    assert "cannot prove to be whole" in file.notes[0]


@pytest.mark.parametrize("declaration", ["<!DOCTYPE OFX>", '<!DOCTYPE OFX [<!ENTITY a "aaaa">]>'])
def test_declared_entities_are_refused(declaration: str) -> None:
    data = ofx(CREDIT, header=XML_HEADER + declaration)
    assert identify(data) == ("ofx",)
    with pytest.raises(UnreadableStatement, match="entities"):
        read(data)


def test_entity_bomb_is_refused_at_once() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    started = time.monotonic()
    with pytest.raises(UnreadableStatement, match="entities"):
        read(ofx(credit(MEMO="&e11;"), header=f"{XML_HEADER}<!DOCTYPE OFX [{levels}]>"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("damage", ["<!--" * 100_000, "<![CDATA[" * 100_000, "<" * 200_000, "&#" * 100_000])
def test_hostile_text_is_read_like_any_other(damage: str) -> None:
    started = time.monotonic()
    assert only_line(ofx(credit(MEMO=damage)))["remittance_text"] == damage
    assert time.monotonic() - started < 5


def test_transactions_outside_of_statements_are_not_silently_lost() -> None:
    stray = f"<BANKMSGSRSV1><STMTTRN>{CREDIT}</STMTTRN>"
    with pytest.raises(UnreadableStatement, match=r"2 transactions .* 1 could be told apart"):
        read(ofx(CREDIT).replace("<BANKMSGSRSV1>", stray))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<STMTTRN><stmttrn>", 2),
        ("<STMTTRN ><STMTTRN/>", 2),
        ("<STMTTRNRS></STMTTRN><STMTTRNP>", 0),
        ("<!-- <STMTTRN> --><STMTTRN><!-- <STMTTRN> -->", 1),
        ("<![CDATA[<STMTTRN>]]><STMTTRN>", 1),
        ("<!-- never closed <STMTTRN>", 1),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be"])
def test_transactions_are_counted_in_the_bytes(charset: str, text: str, count: int) -> None:
    assert count_transactions(text.encode(charset), charset) == count


def test_charset_of_bytes_that_are_no_text_is_still_one_that_decodes() -> None:
    assert charset_of(b"\xff\xfa\x81") == "cp1252"


def test_twenty_thousand_transactions_are_counted_and_read() -> None:
    file = read(ofx(*(credit(TRNAMT=f"{n}.{n % 100:02}", FITID=f"F{n}") for n in range(20_000))))
    assert file.transactions_counted == file.lines.height == 20_000
    assert file.lines["amount"].sum() == sum(Decimal(f"{n}.{n % 100:02}") for n in range(20_000))


# What is written reads back

TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs")), max_size=40)
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
DATES = st.dates(min_value=dt.date(1970, 1, 1), max_value=dt.date(2199, 12, 31))
WRITTEN = st.lists(st.tuples(DATES, AMOUNTS, TEXTS, TEXTS, TEXTS), max_size=5)


@settings(deadline=None)
@given(written=WRITTEN)
@pytest.mark.parametrize("header", [SGML_HEADER, XML_HEADER], ids=["sgml", "xml"])
def test_written_file_reads_back_exactly(header: str, written: list[tuple[dt.date, Decimal, str, str, str]]) -> None:
    def element(name: str, value: object) -> str:
        text = html.escape(f"{value}", quote=False)
        return f"<{name}>{text}</{name}>" if header == XML_HEADER else f"<{name}>{text}\n"

    transactions = [
        element("DTPOSTED", f"{date:%Y%m%d}")
        + element("TRNAMT", amount)
        + element("FITID", fitid)
        + element("NAME", name)
        + element("MEMO", memo)
        for date, amount, fitid, name, memo in written
    ]
    lines = read(ofx(*transactions, header=header)).lines
    columns = ("booked_date", "amount", "bank_reference", "counterparty_name", "remittance_text")
    expected = [(date, amount, *(" ".join(text.split()) for text in texts)) for date, amount, *texts in written]
    assert lines.select(columns).rows() == expected
