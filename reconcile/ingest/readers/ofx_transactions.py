"""The transactions of an OFX file, read as columns: one text a transaction in, lines and rejections out.

All rows are read at once by expressions; nothing here walks over transactions. Nothing is deduplicated, moved
to another date or corrected: what cannot be read as written is rejected with its reason.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from reconcile.ingest.readers.ofx_amounts import read_ofx_amounts
from reconcile.model import LINE_COLUMNS, REJECTED_COLUMNS

TRANSACTION_COLUMNS: Final = {"statement_number": pl.Int64, "currency": pl.String, "text": pl.String}
"""One row per transaction in file order: its statement's number and currency, all text up to the next."""

# OFX 2.3, sections 5.2 and 11.4: what may stand in a transaction. Any other markup is part of a value, since
# payers write "<b>" and "a < b" into their texts and banks pass it on.
_ELEMENT: Final = (
    "TRNTYPE|DTPOSTED|DTUSER|DTAVAIL|TRNAMT|FITID|CORRECTFITID|CORRECTACTION|SRVRTID|CHECKNUM|REFNUM|SIC|"
    "PAYEEID|PAYEE|EXTDPAYEE|NAME|EXTDNAME|ADDR1|ADDR2|ADDR3|CITY|STATE|POSTALCODE|COUNTRY|PHONE|IDSCOPE|"
    "BANKACCTFROM|CCACCTFROM|BANKACCTTO|CCACCTTO|BANKID|BRANCHID|ACCTID|ACCTTYPE|ACCTKEY|MEMO|"
    "CURRENCY|ORIGCURRENCY|CURRATE|CURSYM|INV401KSOURCE|"
    "IMAGEDATA|IMAGETYPE|IMAGEREF|IMAGEREFTYPE|IMAGEDELAY|DTIMAGEAVAIL|IMAGETTL|CHECKSUP"
)

# What ends a transaction where its own end is left out.
_WHAT_FOLLOWS: Final = (
    "STMTRS|CCSTMTRS|INVSTMTRS|STMTTRNRS|CCSTMTTRNRS|INVSTMTTRNRS|STMTTRNP|BANKTRANLIST|BANKTRANLISTP|"
    "INVTRANLIST|INVBANKTRAN|SUBACCTFUND|INVPOSLIST|INVBAL|INVOOLIST|LEDGERBAL|AVAILBAL|CASHADVBALAMT|"
    r"INTRATE|BALLIST|BAL|REWARDINFO|MKTGINFO|SECLIST|OFX|[A-Z0-9]+MSGSRSV\d"
)
END_OF_TRANSACTION: Final = re.compile(rf"<(?:/STMTTRN|/?(?:{_WHAT_FOLLOWS}))\s*/?>", re.IGNORECASE)

# Known tags are marked by two control characters, which the text itself no longer holds.
_KNOWN_TAG: Final = rf"<(/?)((?i:{_ELEMENT})|[A-Z][A-Z0-9]*(?:\.[A-Z0-9]+)+)\s*/?>"
_TAG_THAT_OPENS_A_LINE: Final = r"(?m)^[ \t]*<(/?)([A-Z][A-Z0-9.]+)\s*/?>"
_MARKED_TAG: Final = "\x02${1}${2}\x03"

_VALUES: Final = (
    *("TRNTYPE", "DTPOSTED", "DTUSER", "DTAVAIL", "TRNAMT", "CURRENCY"),
    *("FITID", "CHECKNUM", "REFNUM", "NAME", "EXTDNAME", "MEMO"),
)
_PLACEHOLDER: Final = r"(?i)^(?:NOTPROVIDED|NONREF|0*)$"
_REMEDY: Final = "; ask the bank for a corrected file or enter the line by hand"
_QUOTED_CHARACTERS_MAX: Final = 60


def read_transactions(transactions: pl.DataFrame, entities: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read every transaction into a line or into a rejection.

    Args:
        transactions: `TRANSACTION_COLUMNS`, in file order.
        entities: what each entity in the text stands for.

    Returns:
        The lines (columns of `StatementLine`) and the rejected rows (`REJECTED_COLUMNS`), each in file order.
    """
    fields = _fields(_marked(transactions, entities))
    read = read_ofx_amounts(fields.with_columns(amount_text="TRNAMT", currency=_currency())).with_columns(
        booked_date=_date("DTPOSTED"), value_date=pl.coalesce(_date("DTUSER"), _date("DTAVAIL"))
    )
    judged = read.with_columns(reason=_reason())
    lines = judged.filter(pl.col("reason").is_null()).select(
        "source_row",
        "statement_number",
        "booked_date",
        "value_date",
        "amount",
        "currency",
        bank_reference="FITID",
        transaction_type=pl.col("TRNTYPE").str.to_uppercase(),
        counterparty_name=_counterparty_name(),
        counterparty_account="counterparty_account",
        remittance_text="MEMO",
        payment_reference=_payment_reference(),
    )
    rejected = judged.filter(pl.col("reason").is_not_null()).select("source_row", "reason")
    return lines.cast(pl.Schema(LINE_COLUMNS)), rejected.cast(pl.Schema(REJECTED_COLUMNS))


def _marked(transactions: pl.DataFrame, entities: dict[str, str]) -> pl.DataFrame:
    """Cut each text where its transaction ends, mark the known tags, and only then replace the entities."""
    text = (
        pl.col("text")
        .str.replace(rf"(?is){END_OF_TRANSACTION.pattern}.*", "")
        .str.replace_all(_KNOWN_TAG, _MARKED_TAG)
        .str.replace_all(_TAG_THAT_OPENS_A_LINE, _MARKED_TAG)
    )
    if entities:
        text = text.str.replace_many(list(entities), list(entities.values()))
    return transactions.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"),
        "statement_number",
        pl.col("currency").alias("statement_currency"),
        text.alias("marked"),
    )


def _fields(marked: pl.DataFrame) -> pl.DataFrame:
    """Take each field's first value that is not empty; "" where there is none."""
    text = pl.col("marked")
    # An aggregate may be left open: its elements are those that follow it and belong to it.
    inside_account = r"(?:[^\x02]|\x02/?(?:BANKID|BRANCHID|ACCTTYPE|ACCTKEY)\x03)*?"
    inside_currency = r"(?:[^\x02]|\x02/?CURRATE\x03)*?"
    return marked.select(
        "source_row",
        "statement_number",
        "statement_currency",
        *(_value(text, rf"\x02{field}\x03").alias(field) for field in _VALUES),
        _value(text, rf"\x02(?:BANK|CC)ACCTTO\x03{inside_account}\x02ACCTID\x03").alias("counterparty_account"),
        _value(text, rf"\x02CURRENCY\x03{inside_currency}\x02CURSYM\x03").alias("CURSYM"),
        text.str.count_matches("(?i)\x02TRNAMT\x03").alias("amounts_written"),
    )


def _value(text: pl.Expr, tag: str) -> pl.Expr:
    value = text.str.extract(rf"(?i){tag}\s*([^\x02\s][^\x02]*)", 1)
    return value.str.replace_all(r"\s+", " ").str.strip_chars().fill_null("")


def _currency() -> pl.Expr:
    """Return the currency of the amount: the statement's, unless CURRENCY says that it is another one.

    OFX 2.3, section 5.2: CURRENCY means that the amount is in its CURSYM; ORIGCURRENCY that it has been
    converted already. Some banks write CURRENCY as a plain element.
    """
    own = pl.when(pl.col("CURSYM") != "").then("CURSYM").otherwise("CURRENCY").str.to_uppercase()
    return pl.when(own == "").then("statement_currency").otherwise(own)


def _date(field: str) -> pl.Expr:
    """Read the first eight digits as a date, as written: its offset would move it off the bank's day."""
    return pl.col(field).str.extract(r"^(\d{8})", 1).str.to_date("%Y%m%d", strict=False)


def _reason() -> pl.Expr:
    """Say what is wrong with a transaction and what to do; null where nothing is."""
    currency_trouble = pl.when(~pl.col("currency").str.contains(r"^[A-Z]{3}$")).then(
        _quoted("CURRENCY", "currency", pl.lit("is no currency code"))
    )
    date_trouble = pl.when(pl.col("booked_date").is_null()).then(_quoted("DTPOSTED", "DTPOSTED", pl.lit("is no date")))
    # Two amounts in one transaction are two transactions whose border is lost.
    what_is_wrong = (
        pl.when(pl.col("amounts_written") > 1).then(pl.lit("is not the only one")).otherwise("amount_trouble")
    )
    amount_trouble = pl.when(what_is_wrong.is_not_null()).then(_quoted("TRNAMT", "TRNAMT", what_is_wrong))
    troubles = pl.concat_str(date_trouble, amount_trouble, currency_trouble, separator=", ", ignore_nulls=True)
    return pl.when(troubles != "").then(troubles + _REMEDY)


def _quoted(field: str, column: str, trouble: pl.Expr) -> pl.Expr:
    value = pl.col(column).str.slice(0, _QUOTED_CHARACTERS_MAX)
    return (
        pl.when(value == "")
        .then(pl.lit(f"{field} is missing"))
        .otherwise(pl.concat_str(pl.lit(f'{field} "'), value, pl.lit('" '), trouble))
    )


def _counterparty_name() -> pl.Expr:
    """Return NAME, wherever it stands, or EXTDNAME where that is NAME in full."""
    return pl.when(pl.col("EXTDNAME").str.starts_with(pl.col("NAME"))).then("EXTDNAME").otherwise("NAME")


def _payment_reference() -> pl.Expr:
    """Return REFNUM and CHECKNUM where they add to FITID: many banks write one number into all three."""
    refnum, checknum = (
        pl.when((pl.col(field) != pl.col("FITID")) & ~pl.col(field).str.contains(_PLACEHOLDER)).then(field)
        for field in ("REFNUM", "CHECKNUM")
    )
    other_checknum = pl.when(checknum.ne_missing(refnum)).then(checknum)
    return pl.concat_str(refnum, other_checknum, separator=" ", ignore_nulls=True)
