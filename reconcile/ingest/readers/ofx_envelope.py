"""What a statement says about itself: account, currency, period, closing balance.

`ofxparse` reads it, over a small sound document that is written here from the few elements that matter: on
banks' own files it fails on what no reader needs (an empty TRNUID, a 31 February in DTEND). Must not look at
transactions.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import warnings
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from ofxparse import OfxParser

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers.ofx_amounts import read_ofx_amounts
from reconcile.ingest.readers.ofx_text import aggregate_text, element_value
from reconcile.model import Statement

_HEADER: Final = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n"
_SOUND_STATUS: Final = "<TRNUID>0</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"

_CURRENCY_SIGN: Final = re.compile(r"^([+-]?)\s*(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3})\s*")


@dataclass(frozen=True)
class Envelope:
    """A statement without its transactions, and what an accountant should know about it."""

    statement: Statement
    notes: tuple[str, ...]


def read_envelope(text: str, kind: str, statement_number: int) -> Envelope:
    """Read what a statement says about itself.

    Args:
        text: The statement without its transactions.
        kind: The statement's element: STMTRS (bank), CCSTMTRS (credit card) or INVSTMTRS (investments).
        statement_number: 1-based place among the file's statements.

    Raises:
        UnreadableStatement: It names no currency, so that its amounts mean nothing.
    """
    bank_id = element_value(text, "BANKID") if kind == "STMTRS" else ""
    account = element_value(text, "ACCTID")
    currency = element_value(text, "CURDEF").upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        said = f'gives "{currency[:60]}" as' if currency else "does not give"
        raise UnreadableStatement(
            f"the statement of {_named(account)} {said} its currency (CURDEF); ask the bank for a corrected file"
        )
    ledger_balance = aggregate_text(text, "LEDGERBAL", "BALAMT|DTASOF")
    balance_text = element_value(ledger_balance, "BALAMT")
    balance = _plain_balance(balance_text, currency)
    parsed = _parsed(
        CURDEF=currency,
        BANKID=bank_id,
        ACCTID=account,
        DTSTART=_plain_date(element_value(text, "DTSTART")),
        DTEND=_plain_date(element_value(text, "DTEND")),
        BALAMT=balance,
        DTASOF=_plain_date(element_value(ledger_balance, "DTASOF")),
    )
    notes = []
    if balance_text and not balance:
        notes.append(f'the closing balance of {_named(account)}, "{balance_text[:60]}", is no amount and is left out')
    if kind == "INVSTMTRS":
        notes.append(f"of the investment {_named(account)} only the cash movements are read, not the trades")
    return Envelope(_statement(parsed, statement_number), tuple(notes))


def _plain_date(text: str) -> str:
    """Return the first eight digits where they are a date, as written, else ""."""
    digits = text[:8]
    if not re.fullmatch(r"[0-9]{8}", digits):
        return ""
    try:
        dt.date.fromisoformat(digits)
    except ValueError:
        return ""
    return digits


def _plain_balance(text: str, currency: str) -> str:
    """Write a balance (`R$ 5.326,43`) with a decimal point and nothing else; "" where it is none."""
    amount_text = _CURRENCY_SIGN.sub(r"\1", text)
    frame = pl.DataFrame({"statement_number": [1], "currency": [currency], "amount_text": [amount_text]})
    amount = read_ofx_amounts(frame)["amount"][0]
    return "" if amount is None else f"{amount}"


def _parsed(**elements: str) -> Any:
    """Return the account that ofxparse reads from these elements; empty ones are left out."""

    def written(*names: str) -> str:
        return "".join(f"<{name}>{html.escape(elements[name])}</{name}>" for name in names if elements[name] != "")

    document = (
        f"{_HEADER}<OFX><BANKMSGSRSV1><STMTTRNRS>{_SOUND_STATUS}<STMTRS>{written('CURDEF')}"
        f"<BANKACCTFROM>{written('BANKID', 'ACCTID')}</BANKACCTFROM>"
        f"<BANKTRANLIST>{written('DTSTART', 'DTEND')}</BANKTRANLIST>"
        f"<LEDGERBAL>{written('BALAMT', 'DTASOF')}</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it calls a method that Beautiful Soup renamed
        try:
            return OfxParser.parse(io.BytesIO(document.encode()), fail_fast=False).account
        # It raises whatever its depths raise: IndexError, TypeError, ValueError, its own.
        except Exception as error:
            raise UnreadableStatement(
                f"the statement of {_named(elements['ACCTID'])} cannot be read ({type(error).__name__}); "
                "ask the bank for a corrected file"
            ) from error


def _statement(account: Any, statement_number: int) -> Statement:
    said = account.statement
    closing_date = getattr(said, "balance_date", None)
    return Statement(
        statement_number=statement_number,
        account_id=_account_id(account.routing_number, account.account_id),
        currency=account.curdef,
        start_date=said.start_date.date() if said.start_date else None,
        end_date=said.end_date.date() if said.end_date else None,
        closing_balance=getattr(said, "balance", None),
        closing_date=closing_date.date() if closing_date else None,
    )


def _account_id(bank_id: str, account: str) -> str:
    parts = ["".join(part.split()) for part in (bank_id, account)]
    return "/".join(part for part in parts if part) if parts[1] else ""


def _named(account: str) -> str:
    return f"account {account}" if account else "an account without a number"
