"""One bad value makes a file of invoices unusable, and the message says which; what is good is read as it stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from reconcile.errors import ReceivablesError
from reconcile.ingest import Receivables, read_receivables
from tests.builders import CUSTOMER_COLUMNS, INVOICE_COLUMNS, REMITTANCE_COLUMNS

Row = Mapping[str, object]

INVOICE: Row = {
    "invoice_id": "I1", "invoice_number": "INV-1", "customer_id": "C1", "issue_date": "2026-09-01",
    "due_date": "2026-10-01", "currency": "EUR", "total": "100.00", "amount_due": "60.00",
}  # fmt: skip
CUSTOMER: Row = {"customer_id": "C1", "name": "Elm Ltd"}
REMITTANCE: Row = {
    "remittance_id": "R1", "customer_id": "C1", "payment_reference": "P1", "invoice_number": "INV-1", "amount": "60.00",
}  # fmt: skip


def csv(rows: Sequence[Row]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in [tuple(rows[0]), *(tuple(row.values()) for row in rows)])


def write(folder: Path, text: str | bytes, name: str = "invoices.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def invoices(folder: Path, *rows: Row) -> pl.DataFrame:
    """Read rows of a CSV of invoices; each names only what differs from the plain invoice."""
    path = write(folder, csv([{**INVOICE, **row} for row in rows]))
    return read_receivables(path, None, None).invoices


def customers(folder: Path, *rows: Row) -> pl.DataFrame:
    path = write(folder, csv([{**CUSTOMER, **row} for row in rows]), "customers.csv")
    return read_receivables(write(folder, csv([INVOICE])), path, None).customers


def remittances(folder: Path, *rows: Row) -> pl.DataFrame:
    path = write(folder, csv([{**REMITTANCE, **row} for row in rows]), "remittances.csv")
    return read_receivables(write(folder, csv([INVOICE])), None, path).remittances


def test_an_invoice_is_read_as_it_stands(tmp_path: Path) -> None:
    row = invoices(tmp_path, {}).row(0, named=True)
    assert row == {
        "invoice_id": "I1", "invoice_number": "INV-1", "customer_id": "C1", "kind": "invoice", "status": "open",
        "issue_date": dt.date(2026, 9, 1), "due_date": dt.date(2026, 10, 1), "currency": "EUR",
        "total": Decimal("100.000"), "amount_due": Decimal("60.000"), "creditor_reference": "", "purchase_order": "",
        "discount_date": None, "discount_percent": None,
    }  # fmt: skip


def test_all_that_is_read_has_the_columns_that_the_house_works_with(tmp_path: Path) -> None:
    assert dict(invoices(tmp_path, {}).schema) == INVOICE_COLUMNS
    assert dict(customers(tmp_path, {}).schema) == CUSTOMER_COLUMNS
    assert dict(remittances(tmp_path, {}).schema) == REMITTANCE_COLUMNS


def test_customers_and_remittances_that_are_not_given_are_empty(tmp_path: Path) -> None:
    read = read_receivables(write(tmp_path, csv([INVOICE])), None, None)
    assert (read.customers.height, read.remittances.height) == (0, 0)
    assert dict(read.customers.schema) == CUSTOMER_COLUMNS
    assert dict(read.remittances.schema) == REMITTANCE_COLUMNS


def test_a_file_with_a_header_and_no_row_is_no_invoice(tmp_path: Path) -> None:
    assert read_receivables(write(tmp_path, ",".join(INVOICE) + "\n"), None, None).invoices.height == 0


@pytest.mark.parametrize("column", list(INVOICE))
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    row = {key: value for key, value in INVOICE.items() if key != column}
    with pytest.raises(ReceivablesError, match=rf"invoices\.csv: invoices lack the column '{column}'"):
        read_receivables(write(tmp_path, csv([row])), None, None)


def test_a_file_with_another_separator_says_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match="invoice_id;invoice_number"):
        read_receivables(write(tmp_path, csv([INVOICE]).replace(",", ";")), None, None)


@pytest.mark.parametrize("column", ["total", "amount_due"])
@pytest.mark.parametrize("value", ['"12,50"', "NaN", "", "1e3", "Infinity", '"1,204.50"', "12.50 EUR", "10.0051"])
def test_a_value_that_is_no_amount_is_named_with_its_row(tmp_path: Path, column: str, value: str) -> None:
    shown = value.strip('"').replace(".", r"\.")
    with pytest.raises(ReceivablesError, match=rf"invoices\.csv: row 2, column '{column}': '{shown}' is not an amount"):
        invoices(tmp_path, {}, {"invoice_id": "I2", column: value})


@pytest.mark.parametrize("column", ["issue_date", "due_date"])
@pytest.mark.parametrize("value", ["2026-02-30", "01/10/2026", "2026-1-5", "20261001", "", "2026-10-01T00:00:00"])
def test_a_value_that_is_no_iso_date_is_named_with_its_row(tmp_path: Path, column: str, value: str) -> None:
    with pytest.raises(ReceivablesError, match=rf"invoices\.csv: row 2, column '{column}': '{value}' is not an ISO"):
        invoices(tmp_path, {}, {"invoice_id": "I2", column: value})


def test_several_bad_values_of_a_column_are_counted(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"row 1, column 'total': 'x' .* \(and 1 more rows\)"):
        invoices(tmp_path, {"total": "x"}, {"invoice_id": "I2", "total": "y"})


def test_an_invoice_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"invoices\.csv: row [13], column 'invoice_id': 'I1' stands twice"):
        invoices(tmp_path, {}, {"invoice_id": "I2"}, {"invoice_number": "INV-3"})


def test_an_invoice_id_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"row 2, column 'invoice_id'"):
        invoices(tmp_path, {}, {"invoice_id": ""})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "receipt"), ("status", "overdue"), ("currency", "eur"), ("currency", "EURO"), ("currency", ""),
        ("total", "-1.00"), ("amount_due", "-1.00"), ("discount_percent", "101"),
    ],
)  # fmt: skip
def test_a_value_that_breaks_a_rule_is_named_with_its_row(tmp_path: Path, column: str, value: str) -> None:
    first = {"discount_percent": ""} if column == "discount_percent" else {}
    first |= {"kind": "invoice"} if column == "kind" else {}
    first |= {"status": "open"} if column == "status" else {}
    with pytest.raises(
        ReceivablesError, match=rf"invoices\.csv: row 2, column '{column}': .*{value}.* breaks the rule"
    ):
        invoices(tmp_path, first, {"invoice_id": "I2", column: value})


@pytest.mark.parametrize(("amount", "currency"), [("12.345", "EUR"), ("100.5", "JPY")])
def test_more_decimals_than_the_currency_has_are_refused(tmp_path: Path, amount: str, currency: str) -> None:
    with pytest.raises(
        ReceivablesError, match=rf"row 2, column 'amount_due': {amount} has more decimals than {currency}"
    ):
        invoices(tmp_path, {}, {"invoice_id": "I2", "currency": currency, "total": "200", "amount_due": amount})


def test_three_decimals_of_a_currency_that_has_three_are_kept(tmp_path: Path) -> None:
    assert invoices(tmp_path, {"currency": "KWD", "amount_due": "1.234"})["amount_due"][0] == Decimal("1.234")


def test_leading_zeros_and_words_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    row = invoices(tmp_path, {"invoice_id": "00123", "invoice_number": "1e5", "customer_id": "007"}).row(0, named=True)
    assert (row["invoice_id"], row["invoice_number"], row["customer_id"]) == ("00123", "1e5", "007")
    assert customers(tmp_path, {"customer_id": "0042", "account": "000999", "phone": "NA"}).row(0, named=True)[
        "account"
    ] == "000999"  # fmt: skip


def test_columns_of_other_names_are_ignored(tmp_path: Path) -> None:
    assert invoices(tmp_path, {"colour": "red", "sum": "not an amount"}).columns == list(INVOICE_COLUMNS)


def test_columns_may_stand_in_any_order_and_case(tmp_path: Path) -> None:
    row = {f" {key.upper()} ": INVOICE[key] for key in reversed(INVOICE)}
    assert read_receivables(write(tmp_path, csv([row])), None, None).invoices.equals(invoices(tmp_path, {}))


def test_one_column_that_stands_twice_in_another_case_is_an_error_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"invoices\.csv.*total"):
        read_receivables(write(tmp_path, csv([{**INVOICE, "Total": "5.00"}])), None, None)


def test_blanks_around_values_are_no_part_of_them(tmp_path: Path) -> None:
    row = invoices(tmp_path, {"invoice_id": " I1 ", "total": " 100.00 ", "due_date": " 2026-10-01 "})
    assert row.equals(invoices(tmp_path, {}))


def test_empty_optional_values_are_what_they_are_when_not_given(tmp_path: Path) -> None:
    optional = {
        "kind": "", "status": "", "creditor_reference": "", "purchase_order": "", "discount_date": "",
        "discount_percent": "",
    }  # fmt: skip
    assert invoices(tmp_path, optional).equals(invoices(tmp_path, {}))


def test_optional_values_are_read(tmp_path: Path) -> None:
    told = {"kind": "Credit_Note", "status": "VOID", "discount_date": "2026-09-15", "discount_percent": "2.5"}
    row = invoices(tmp_path, told).row(0, named=True)
    assert (row["kind"], row["status"]) == ("credit_note", "void")
    assert (row["discount_date"], row["discount_percent"]) == (dt.date(2026, 9, 15), Decimal("2.5"))


@pytest.mark.parametrize(("column", "value"), [("discount_date", "soon"), ("discount_percent", "2%")])
def test_an_optional_value_that_is_there_must_be_readable(tmp_path: Path, column: str, value: str) -> None:
    with pytest.raises(ReceivablesError, match=f"row 1, column '{column}': '{value}'"):
        invoices(tmp_path, {column: value})


def test_a_customer_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"customers\.csv: .*column 'customer_id': 'C1' stands twice"):
        customers(tmp_path, {}, {"name": "Elm again"})


def test_a_remittance_may_leave_the_payments_date_and_amount_empty(tmp_path: Path) -> None:
    row = remittances(tmp_path, {"payment_date": "", "payment_amount": ""}).row(0, named=True)
    assert (row["payment_date"], row["payment_amount"], row["amount"]) == (None, None, Decimal("60.000"))


def test_a_remittances_amount_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"remittances\.csv: row 1, column 'amount': 'all' is not an amount"):
        remittances(tmp_path, {"amount": "all"})


TYPED = {
    "issue_date": dt.date(2026, 9, 1), "due_date": dt.date(2026, 10, 1), "total": Decimal("100.00"), "amount_due": 60.0,
}  # fmt: skip


def test_parquet_reads_as_csv_does_whether_its_columns_are_text_or_typed(tmp_path: Path) -> None:
    expected = invoices(tmp_path, {})
    for rows in (INVOICE, {**INVOICE, **TYPED}):
        path = tmp_path / "invoices.parquet"
        pl.DataFrame([rows]).write_parquet(path)
        assert read_receivables(path, None, None).invoices.equals(expected)


def test_a_parquet_column_of_another_name_is_ignored_whatever_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "invoices.parquet"
    pl.DataFrame([{**INVOICE, "tags": ["a", "b"], "address": {"city": "Ulm"}, "scan": b"\xff"}]).write_parquet(path)
    assert read_receivables(path, None, None).invoices.equals(invoices(tmp_path, {}))


@pytest.mark.parametrize("name", ["invoices.json", "invoices.ndjson", "invoices.jsonl"])
def test_json_reads_as_csv_does_with_numbers_to_the_last_digit(tmp_path: Path, name: str) -> None:
    row = {**INVOICE, "purchase_order": None, "tags": ["a"]}
    text = json.dumps(row).replace('"100.00"', "100.00").replace('"60.00"', "60.00")
    path = write(tmp_path, f"[{text}]" if name == "invoices.json" else f"{text}\n\n", name)
    assert read_receivables(path, None, None).invoices.equals(invoices(tmp_path, {}))


def test_a_json_number_keeps_more_digits_than_a_float_has(tmp_path: Path) -> None:
    text = json.dumps([INVOICE]).replace('"100.00"', "999999999999999.99")
    read = read_receivables(write(tmp_path, text, "invoices.json"), None, None)
    assert read.invoices["total"][0] == Decimal("999999999999999.99")


@pytest.mark.parametrize("text", ["{}", "[1]", "[", "null", '{"a": 1}'])
def test_json_that_is_no_list_of_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ReceivablesError, match=r"invoices\.json"):
        read_receivables(write(tmp_path, text, "invoices.json"), None, None)


@pytest.mark.parametrize(("name", "is_json"), [("invoices.csv", False), ("invoices.json", True)])
def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path, name: str, is_json: bool) -> None:
    text = json.dumps([INVOICE]) if is_json else csv([INVOICE])
    path = write(tmp_path, b"\xef\xbb\xbf" + text.encode(), name)
    assert read_receivables(path, None, None).invoices["invoice_id"].to_list() == ["I1"]


def test_windows_line_ends_are_no_part_of_the_last_column(tmp_path: Path) -> None:
    path = write(tmp_path, csv([INVOICE]).replace("\n", "\r\n"))
    assert read_receivables(path, None, None).invoices["amount_due"].to_list() == [Decimal("60.000")]


def test_a_files_name_is_taken_to_the_letter(tmp_path: Path) -> None:
    path = write(tmp_path, csv([INVOICE]), "invoices [1]*.csv")
    assert read_receivables(path, None, None).invoices.height == 1


def test_text_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, csv([{**INVOICE, "customer_id": "Müller"}]).encode("latin-1"))
    with pytest.raises(ReceivablesError, match=r"invoices\.csv: cannot be read as invoices \(CSV in UTF-8"):
        read_receivables(path, None, None)


@pytest.mark.parametrize("name", ["invoices.csv", "invoices.parquet", "invoices.json", "invoices.ndjson"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReceivablesError, match=f"{name}: there is no such file of invoices"):
        read_receivables(tmp_path / name, None, None)


def test_a_file_of_customers_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"customers\.csv: there is no such file of customers"):
        read_receivables(write(tmp_path, csv([INVOICE])), tmp_path / "customers.csv", None)


@pytest.mark.parametrize("name", ["invoices.csv", "invoices.parquet", "invoices.json"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReceivablesError, match=name):
        read_receivables(write(tmp_path, "", name), None, None)


def test_a_folder_is_no_file_of_invoices(tmp_path: Path) -> None:
    write(tmp_path, csv([INVOICE]))
    with pytest.raises(ReceivablesError, match="invoices"):
        read_receivables(tmp_path, None, None)


def test_rows_of_unequal_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReceivablesError, match=r"invoices\.csv"):
        read_receivables(write(tmp_path, csv([INVOICE]) + "I2,INV-2,C1,2026-09-01,2026-10-01,EUR,1,1,1\n"), None, None)


def test_what_is_read_travels_together(tmp_path: Path) -> None:
    read = read_receivables(write(tmp_path, csv([INVOICE])), write(tmp_path, csv([CUSTOMER]), "customers.csv"), None)
    assert isinstance(read, Receivables)
    assert (read.invoices.height, read.customers.height) == (1, 1)
