"""Read invoices, customers and remittances: CSV, Parquet or JSON, as the contract names their columns.

Every value is read as text first, so that `00123` stays `00123`, then checked and typed. One bad value makes the
whole file unusable (`ReceivablesError`): deciding on half of the invoices would post to the wrong ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from reconcile.errors import ReceivablesError
from reconcile.money import has_too_many_decimals, read_amounts

_ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"


class Invoices(pa.DataFrameModel):
    """One row per invoice or credit note; a credit note's amounts are positive. Amounts in `currency`."""

    invoice_id: str = pa.Field(unique=True, str_length={"min_value": 1})
    invoice_number: str
    customer_id: str
    kind: str = pa.Field(isin=["invoice", "credit_note"])
    status: str = pa.Field(isin=["open", "void", "paid", "draft"])
    issue_date: pl.Date
    due_date: pl.Date
    currency: str = pa.Field(str_matches=r"^[A-Z]{3}$")
    total: Annotated[pl.Decimal, 18, 3] = pa.Field(ge=0)
    amount_due: Annotated[pl.Decimal, 18, 3] = pa.Field(ge=0)
    creditor_reference: str
    purchase_order: str
    discount_date: pl.Date = pa.Field(nullable=True)
    discount_percent: Annotated[pl.Decimal, 18, 3] = pa.Field(nullable=True, ge=0, le=100)


class Customers(pa.DataFrameModel):
    """One row per customer. `aliases` are other names, separated by `|`."""

    customer_id: str = pa.Field(unique=True, str_length={"min_value": 1})
    name: str
    iban: str
    account: str
    email: str
    phone: str
    parent_id: str
    aliases: str


class Remittances(pa.DataFrameModel):
    """One row per invoice that a remittance advice says its payment covers."""

    remittance_id: str
    customer_id: str
    payment_reference: str
    payment_date: pl.Date = pa.Field(nullable=True)
    payment_amount: Annotated[pl.Decimal, 18, 3] = pa.Field(nullable=True)
    invoice_number: str
    amount: Annotated[pl.Decimal, 18, 3] = pa.Field(nullable=True)


@dataclass(frozen=True)
class _Table:
    """How one kind of file is typed: which columns are dates and amounts, and what a missing column means."""

    what: str
    schema: type[pa.DataFrameModel]
    required: tuple[str, ...]
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> list[str]:
        return list(self.schema.to_schema().columns)


_INVOICES: Final = _Table(
    what="invoices",
    schema=Invoices,
    required=(
        "invoice_id", "invoice_number", "customer_id", "issue_date", "due_date", "currency", "total", "amount_due",
    ),
    dates=("issue_date", "due_date", "discount_date"),
    amounts=("total", "amount_due", "discount_percent"),
    defaults=(("kind", "invoice"), ("status", "open")),
)  # fmt: skip
_CUSTOMERS: Final = _Table(what="customers", schema=Customers, required=("customer_id", "name"))
_REMITTANCES: Final = _Table(
    what="remittances",
    schema=Remittances,
    required=("remittance_id", "customer_id", "payment_reference", "invoice_number", "amount"),
    dates=("payment_date",),
    amounts=("payment_amount", "amount"),
)


@dataclass(frozen=True)
class Receivables:
    """What the company is owed and by whom; frames with the columns of the schemas above."""

    invoices: pl.DataFrame
    customers: pl.DataFrame
    remittances: pl.DataFrame


def read_receivables(invoices: Path | pl.DataFrame, customers: Path | None, remittances: Path | None) -> Receivables:
    """Read what is owed. Customers and remittances that are not given are empty frames.

    Args:
        invoices: a file, or what an invoicing system lists: its columns as text.
        customers: a file.
        remittances: a file.

    Raises:
        ReceivablesError: a file, column or value that is not usable; names file, row, column and value.
    """
    return Receivables(
        invoices=_read(invoices, _INVOICES),
        customers=_read(customers, _CUSTOMERS),
        remittances=_read(remittances, _REMITTANCES),
    )


def _read(path: Path | pl.DataFrame | None, table: _Table) -> pl.DataFrame:
    if path is None:
        return table.schema.validate(_typed(pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String)), "", table))
    if isinstance(path, pl.DataFrame):
        listed = f"the {table.what} that the invoicing system lists"
        return _checked(_typed(path, listed, table), listed, table)
    raw = _raw(path, table)
    names = [name.strip().lower() for name in raw.columns]
    if twice := [name for name in names if names.count(name) > 1]:
        message = f"{path}: the column {twice[0]!r} of {table.what} stands twice"
        raise ReceivablesError(message)
    raw = raw.rename(dict(zip(raw.columns, names, strict=True)))
    missing = [column for column in table.required if column not in raw.columns]
    if missing:
        message = f"{path}: {table.what} lack the column {missing[0]!r}; found: {', '.join(raw.columns)}"
        raise ReceivablesError(message)
    return _checked(_typed(raw, str(path), table), str(path), table)


def _raw(path: Path, table: _Table) -> pl.DataFrame:
    """Read a file as text columns, whatever its format."""
    what = table.what
    try:
        data = path.read_bytes()
        suffix = path.suffix.lower()
        if suffix == ".parquet":
            frame = pl.read_parquet(data)
        elif suffix in {".json", ".ndjson", ".jsonl"}:
            frame = _json_rows(data.decode("utf-8-sig"), suffix)
        else:
            frame = pl.read_csv(data, infer_schema=False, encoding="utf8")
    except FileNotFoundError:
        message = f"{path}: there is no such file of {what}"
        raise ReceivablesError(message) from None
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"{path}: cannot be read as {what} (CSV in UTF-8, Parquet or JSON): {reason}"
        raise ReceivablesError(message) from None
    ignored = [name for name in frame.columns if name.strip().lower() not in table.columns]
    return frame.with_columns(pl.lit("").alias(name) for name in ignored).select(
        pl.all().cast(pl.String).fill_null("").str.strip_chars().str.strip_prefix("\ufeff")
    )


def _json_rows(text: str, suffix: str) -> pl.DataFrame:
    """Read a JSON array of objects, or one object a line, each number with the digits that stand in the file."""
    rows = (
        [json.loads(line, parse_float=str, parse_int=str) for line in text.splitlines() if line.strip()]
        if suffix != ".json"
        else json.loads(text, parse_float=str, parse_int=str)
    )
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("not a list of objects")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: [None if row.get(name) is None else str(row[name]) for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def _typed(raw: pl.DataFrame, path: str, table: _Table) -> pl.DataFrame:
    """Fill optional columns and type dates and amounts; the first value that is neither is an error."""
    defaults = dict(table.defaults)
    frame = raw.with_columns(pl.lit("").alias(column) for column in table.columns if column not in raw.columns)
    frame = frame.with_columns(
        pl.when(pl.col(column) == "").then(pl.lit(default)).otherwise(pl.col(column).str.to_lowercase()).alias(column)
        for column, default in defaults.items()
    ).select(table.columns)
    typed = frame.with_columns(
        *(read_amounts(pl.col(column)).alias(column) for column in table.amounts),
        *(
            pl.when(pl.col(column).str.contains(_ISO_DATE))
            .then(pl.col(column).str.to_date("%Y-%m-%d", strict=False))
            .alias(column)
            for column in table.dates
        ),
    )
    for columns, wanted in (
        (table.amounts, "an amount, as 1204.50"),
        (table.dates, "an ISO 8601 date, as 2026-11-20"),
    ):
        _refuse_unreadable(frame, typed, columns, wanted, path, table)
    return typed


def _refuse_unreadable(
    text: pl.DataFrame, typed: pl.DataFrame, columns: Sequence[str], wanted: str, path: str, table: _Table
) -> None:
    for column in columns:
        needed = column in table.required
        unreadable = typed[column].is_null() & ((text[column] != "") | pl.lit(needed, dtype=pl.Boolean).alias("n"))
        bad = text.with_row_index("row", offset=1).filter(unreadable)
        if bad.height:
            row, value = bad["row"][0], bad[column][0]
            more = f" (and {bad.height - 1} more rows)" if bad.height > 1 else ""
            message = f"{path}: row {row}, column {column!r}: {value!r} is not {wanted}{more}"
            raise ReceivablesError(message)


def _checked(frame: pl.DataFrame, path: str, table: _Table) -> pl.DataFrame:
    """Hold the frame against its schema and its currencies' decimals."""
    try:
        table.schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        case = error.failure_cases.row(0, named=True)
        row = "" if case["index"] is None else f"row {case['index'] + 1}, "
        rule = {"field_uniqueness": "stands twice"}.get(str(case["check"]), f"breaks the rule {case['check']}")
        message = f"{path}: {row}column {case['column']!r}: {case['failure_case']!r} {rule}"
        raise ReceivablesError(message) from None
    if "currency" in frame.columns:
        for column in ("total", "amount_due"):
            bad = frame.with_row_index("row", offset=1).filter(
                has_too_many_decimals(pl.col(column), pl.col("currency"))
            )
            if bad.height:
                row, value, currency = bad["row"][0], bad[column][0].normalize(), bad["currency"][0]
                message = f"{path}: row {row}, column {column!r}: {value} has more decimals than {currency} has"
                raise ReceivablesError(message)
    return frame
