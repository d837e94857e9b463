"""Which column says what in a file that no profile describes.

The header's words say it and, where they leave it open, the values below them. It must recognise too little
rather than too much: a header with two amounts is no header that it knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers import delimited_words as words
from reconcile.ingest.readers.bank_profile import Columns
from reconcile.ingest.readers.delimited_currencies import CURRENCIES, SYMBOLS

# Letters that Unicode does not decompose.
_PLAIN_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})
_CURRENCY_IN_BRACKETS: Final = re.compile(r"[\[(]\s*(?:in )?([A-Z]{3}|[^\W\d_]?[€£$₹₺]|zł|Kč)\s*[\])]")
_CURRENCY_AT_END: Final = re.compile(r"\s(?:in )?([A-Z]{3})$")

_DATE_SHAPED: Final = r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}|^[0-9]{8}$"


@dataclass(frozen=True)
class HeaderReading:
    """What a header's words say: the sure columns, and those whose values must tell what they are."""

    columns: Columns
    indicator_or_amount: str = ""
    valuta: str = ""
    iban: str = ""


def folded(name: str) -> str:
    """Return a column's name for comparing: small letters, no accents, no punctuation, no currency."""
    bare = _CURRENCY_AT_END.sub(_without_currency, _CURRENCY_IN_BRACKETS.sub(_without_currency, name.strip()))
    letters = unicodedata.normalize("NFKD", bare.casefold().translate(_PLAIN_LETTERS))
    spaced = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(spaced.split())


def currency_in_header(name: str) -> str:
    """Return the currency of a column named `Amount (EUR)`, `Betrag in EUR`, `Betrag (€)`, or empty."""
    found = _CURRENCY_IN_BRACKETS.search(name) or _CURRENCY_AT_END.search(name.strip())
    code = SYMBOLS.get(found[1].upper(), found[1]) if found else ""
    return code if code in CURRENCIES else ""


def read_header(names: Sequence[str]) -> HeaderReading | None:
    """Return what a header's words say; None where they name no booked date or not exactly one amount."""
    plain = {name: folded(name.partition("#")[0]) for name in names}
    one, every = _finders(plain)
    amounts = {name.partition("#")[0] for name in names if plain[name] in words.AMOUNT}
    amount, debit, credit = one(words.AMOUNT), one(words.DEBIT), one(words.CREDIT)
    either = one(words.INDICATOR)
    is_split = bool(debit and credit)
    # Two amounts (gross and net, two currencies), or one beside a debit: which one counts is not for us to
    # say.
    if len(amounts) > 1 or (amounts and (debit or credit)) or (bool(debit) != bool(credit)):
        return None
    if not one(words.BOOKED_DATE) or not (amount or is_split or either):
        return None
    name, payer, payee = one(words.COUNTERPARTY_NAME), one(words.PAYER_NAME), one(words.PAYEE_NAME)
    is_pair = bool(payer and payee and not name)
    # An account that follows the other side's name belongs to it (N26: "Payee","Account number").
    account, their_account = one(words.ACCOUNT), one(words.COUNTERPARTY_ACCOUNT)
    if account and not their_account and _before(account, names) in {name, payer, payee} - {""}:
        account, their_account = "", account
    columns = Columns(
        booked_date=one(words.BOOKED_DATE),
        value_date=one(words.VALUE_DATE),
        amount=amount,
        debit=debit,
        credit=credit,
        currency=one(words.CURRENCY),
        account=tuple(filter(None, (account,))),
        counterparty_name=() if is_pair else tuple(filter(None, (name or payer or payee,))),
        payer_name=payer if is_pair else "",
        payee_name=payee if is_pair else "",
        counterparty_account=their_account,
        remittance_text=every(words.REMITTANCE_TEXT),
        payment_reference=every(words.PAYMENT_REFERENCE),
        bank_reference=one(words.BANK_REFERENCE),
        transaction_type=one(words.TRANSACTION_TYPE),
        balance=one(words.BALANCE),
    )
    return HeaderReading(columns, either, one(words.VALUTA), one(words.IBAN))


def settle_columns(reading: HeaderReading, cells: pl.DataFrame, is_negative: pl.Expr) -> Columns:
    """Decide by the values what the header's words leave open.

    Args:
        reading: what the header says.
        cells: the file's rows, as text.
        is_negative: where a row's amount has a sign of its own.

    Raises:
        UnreadableStatement: a column beside an unsigned amount should say debit or credit, and does not.
    """
    columns = reading.columns
    if reading.valuta:
        is_currency = _all(cells, reading.valuta, pl.col(reading.valuta).str.to_uppercase().is_in(list(CURRENCIES)))
        if is_currency and not columns.currency:
            columns = replace(columns, currency=reading.valuta)
        elif not columns.value_date and _all(cells, reading.valuta, pl.col(reading.valuta).str.contains(_DATE_SHAPED)):
            columns = replace(columns, value_date=reading.valuta)
    if reading.iban:
        columns = _settle_iban(columns, reading.iban, cells)
    either, kind = reading.indicator_or_amount, columns.transaction_type
    if either and _all(cells, either, says_debit(pl.col(either)) | says_credit(pl.col(either))) and columns.amount:
        return replace(columns, indicator=either)
    if either and not (columns.amount or columns.debit):
        return replace(columns, amount=either)
    is_unsigned = bool(columns.amount) and not cells.select(is_negative.any()).item()
    if either and is_unsigned and cells.height:
        raise UnreadableStatement(
            f"column {either!r} says neither debit nor credit in words that are known: declare debit_words "
            "and credit_words in a profile under config/banks"
        )
    # A type column with nothing but debit and credit gives the sign only where no amount has one of its own.
    if kind and is_unsigned and _all(cells, kind, says_debit(pl.col(kind)) | says_credit(pl.col(kind))):
        return replace(columns, indicator=kind)
    return columns


def says_debit(text: pl.Expr, declared: Sequence[str] = words.DEBIT_WORDS) -> pl.Expr:
    """Return where an indicator says that money went out."""
    return text.str.to_lowercase().is_in([word.lower() for word in declared])


def says_credit(text: pl.Expr, declared: Sequence[str] = words.CREDIT_WORDS) -> pl.Expr:
    """Return where an indicator says that money came in."""
    return text.str.to_lowercase().is_in([word.lower() for word in declared])


def _finders(
    plain: dict[str, str],
) -> tuple[Callable[[tuple[str, ...]], str], Callable[[tuple[str, ...]], tuple[str, ...]]]:
    def every(known: tuple[str, ...]) -> tuple[str, ...]:
        first = {word: name for name, word in reversed(plain.items())}  # of a name that stands twice, the first
        return tuple(name for name, word in plain.items() if word in known and first[word] == name)

    def one(known: tuple[str, ...]) -> str:
        return min(every(known), key=lambda name: known.index(plain[name]), default="")

    return one, every


def _before(name: str, names: Sequence[str]) -> str:
    place = names.index(name)
    return names[place - 1] if place else ""


def _settle_iban(columns: Columns, iban: str, cells: pl.DataFrame) -> Columns:
    """Take a bare IBAN for ours where every row has the same, and for the other side's where it varies.

    One row alone cannot tell: then it is neither.
    """
    distinct_count = cells[iban].n_unique()
    if distinct_count == 1 and cells.height > 1 and not columns.account and cells[iban][0]:
        return replace(columns, account=(iban,))
    if distinct_count > 1 and not columns.counterparty_account:
        return replace(columns, counterparty_account=iban)
    return columns


def _all(cells: pl.DataFrame, column: str, holds: pl.Expr) -> bool:
    """Return whether it holds in every row where the column is filled, and there is such a row."""
    filled = cells.filter(pl.col(column) != "")
    return filled.height > 0 and bool(filled.select(holds.all()).item())


def _without_currency(found: re.Match[str]) -> str:
    code = SYMBOLS.get(found[1].upper(), found[1])
    return " " if code in CURRENCIES or found[1] == "$" else found[0]
