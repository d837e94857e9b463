"""The nouns that travel between the rooms: plain, frozen, and without behaviour.

Rows by the thousand travel as polars frames; the schemas here say what their columns are and are checked at the
borders (lines in; invoices, customers and remittances in). Single things travel as dataclasses.
Text that is not there is the empty string, never null; dates and amounts that are not there are null.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pandera.polars as pa
import polars as pl

from reconcile.money import MONEY


class Outcome(StrEnum):
    """What became of a line. The words and their meaning are part of the contract with users."""

    APPLIED = "applied"
    SHORT_PAID = "short_paid"
    OVERPAID = "overpaid"
    DUPLICATE = "duplicate"
    ON_ACCOUNT = "on_account"
    RETURNED = "returned"
    REFUND = "refund"
    REVIEW = "review"
    UNMATCHED = "unmatched"
    IGNORED = "ignored"


class State(StrEnum):
    """Whether an allocation is decided (`posted`) or waits for a person (`proposed`)."""

    POSTED = "posted"
    PROPOSED = "proposed"


class PaymentMethod(StrEnum):
    """How a payment was made: the union of what the invoicing systems know, each mapping its own words to these."""

    CASH = "cash"
    CHECK = "check"
    BANK_TRANSFER = "bank_transfer"
    ACH = "ach"
    CREDIT_CARD = "credit_card"
    SAVED = "saved"
    ONLINE = "online"
    PAYPAL = "paypal"
    CRYPTO = "crypto"
    EXTERNAL = "external"
    OTHER = "other"


class StatementLine(pa.DataFrameModel):
    """One booked entry of a bank's statement. One row per transaction of a file that could be read.

    `amount` is signed as the account's owner sees it: positive came in. `booked_date` is the bank's local date, as
    written. `bank_reference` is the bank's own id for the entry (FITID and the like): a hint, never a key.
    `payment_reference` holds what other fields say about the payment (REFNUM, CHECKNUM, end-to-end id, creditor
    reference), blank-separated.
    """

    source_row: pl.Int64 = pa.Field(ge=1, unique=True)
    statement_number: pl.Int64 = pa.Field(ge=1)
    booked_date: pl.Date
    value_date: pl.Date = pa.Field(nullable=True)
    amount: Annotated[pl.Decimal, 18, 3]
    currency: str = pa.Field(str_matches=r"^[A-Z]{3}$")
    bank_reference: str
    transaction_type: str
    counterparty_name: str
    counterparty_account: str
    remittance_text: str
    payment_reference: str

    class Config:
        """Take exactly these columns, in this order."""

        strict = True
        ordered = True


LINE_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "source_row": pl.Int64,
    "statement_number": pl.Int64,
    "booked_date": pl.Date,
    "value_date": pl.Date,
    "amount": MONEY,
    "currency": pl.String,
    "bank_reference": pl.String,
    "transaction_type": pl.String,
    "counterparty_name": pl.String,
    "counterparty_account": pl.String,
    "remittance_text": pl.String,
    "payment_reference": pl.String,
}
"""The columns of `StatementLine`, for building frames."""

REJECTED_COLUMNS: dict[str, type[pl.DataType]] = {"source_row": pl.Int64, "reason": pl.String}
"""One row per transaction that could not be read; `source_row` is null for a whole file."""


@dataclass(frozen=True)
class Statement:
    """A bank's account of one account over a period, as its file says. What it does not say is None.

    `account_id` is the bank's own number for the account (with the bank's code before a slash where the file has
    one), or empty where the file names no account. Balances are in `currency`.
    """

    statement_number: int
    account_id: str
    currency: str
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    closing_date: dt.date | None = None


@dataclass(frozen=True)
class SourceFile:
    """A file as it lies on disk, read once. `file_id` is the SHA-256 of its bytes."""

    name: str
    file_id: str
    data: bytes


@dataclass(frozen=True)
class StatementFile:
    """What a reader made of one file.

    `lines` has the columns of `StatementLine`; `rejected` those of `REJECTED_COLUMNS`. `transactions_counted` is
    counted in the bytes by other means than the reader's own, so that
    `lines.height + rejected.height == transactions_counted` proves that nothing is silently short.
    `notes` are sentences about the file that an accountant should see and that reject nothing.
    """

    source: SourceFile
    layout: str
    statements: tuple[Statement, ...]
    lines: pl.DataFrame
    rejected: pl.DataFrame
    transactions_counted: int
    notes: tuple[str, ...] = ()
