"""The reader of OFX 1 (SGML), OFX 2 (XML) and QFX statements: bank, credit card and investment cash.

Banks' files are far worse than the standard, so a file is cut into statements and transactions by the few
tags that are always there, and the rest is optional. A file that may be short of transactions is refused
whole; a transaction that cannot be read is refused alone. Nothing is deduplicated or corrected here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from reconcile.errors import UnreadableStatement
from reconcile.ingest.readers import ofx_text
from reconcile.ingest.readers.ofx_envelope import read_envelope
from reconcile.ingest.readers.ofx_transactions import (
    END_OF_TRANSACTION,
    TRANSACTION_COLUMNS,
    read_transactions,
)
from reconcile.model import SourceFile, Statement, StatementFile

LAYOUT: Final = "ofx"

_STATEMENT_TAG: Final = re.compile(r"<(/?)(STMTRS|CCSTMTRS|INVSTMTRS)\s*>", re.IGNORECASE)
_CLOSING_TAG: Final = re.compile(r"</[A-Za-z][\w.]*\s*>")
_END_OF_FILE: Final = re.compile(r"</OFX\s*>\s*\Z", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_STATUS: Final = re.compile(r"<STATUS\s*>", re.IGNORECASE)
_STATUS_CHARACTERS_MAX: Final = 2_000


@dataclass(frozen=True)
class _StatementText:
    """A statement's own text, cut into what is around its transactions and the text of each."""

    kind: str
    around: str
    transactions: list[str]


class OfxReader:
    """Read OFX and QFX files of any version, charset and header."""

    def identify(self, source: SourceFile) -> tuple[str, ...]:
        """Claim a file whose first markup is `<OFX>`, whatever its header, charset and name."""
        return (LAYOUT,) if ofx_text.is_ofx(source.data) else ()

    def read(self, source: SourceFile, layout: str) -> StatementFile:
        """Read all statements of the file.

        Raises:
            UnreadableStatement: The file is empty, cut off, an error reply, without a currency, declares
                entities, or holds another number of transactions than could be told apart.
        """
        charset = ofx_text.charset_of(source.data)
        text = ofx_text.body_text(source.data, charset)
        _refuse_unsound(text)
        parts = _statements_in(text)
        if not parts:
            raise UnreadableStatement(_why_no_statement(text))
        envelopes = [read_envelope(part.around, part.kind, number) for number, part in enumerate(parts, start=1)]
        lines, rejected = read_transactions(
            pl.concat(
                _transactions_of(part, envelope.statement) for part, envelope in zip(parts, envelopes, strict=True)
            ),
            ofx_text.entities_in(text),
        )
        counted = ofx_text.count_transactions(source.data, charset)
        told_apart = lines.height + rejected.height
        if told_apart != counted:
            raise UnreadableStatement(
                f"{counted} transactions stand in the file, but {told_apart} could be told apart; "
                "ask the bank for a corrected file"
            )
        return StatementFile(
            source=source,
            layout=layout,
            statements=tuple(envelope.statement for envelope in envelopes),
            lines=lines,
            rejected=rejected,
            transactions_counted=counted,
            notes=(*_notes(text), *(note for envelope in envelopes for note in envelope.notes)),
        )


def _refuse_unsound(text: str) -> None:
    """Refuse a text that holds no OFX, declares entities, or may be only the beginning of a file."""
    if not text:
        raise UnreadableStatement("there is no <OFX> in the file; download it again as OFX or QFX")
    if _DECLARATION.search(text):
        raise UnreadableStatement("it declares a DOCTYPE or entities, which no bank's file needs; download it again")
    if _END_OF_FILE.search(text):
        return
    # A file that closes nothing ends nowhere. That it closes nothing shows when a second transaction begins.
    if _CLOSING_TAG.search(text) or len(ofx_text.OPENING_OF_TRANSACTION.findall(text)) < 2:
        raise UnreadableStatement("it is cut off: </OFX> does not stand at its end; download it again")


def _statements_in(text: str) -> list[_StatementText]:
    """Cut the text into its statements, each up to its end or, where that is left out, to the next one."""
    tags = list(_STATEMENT_TAG.finditer(text))
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    return [
        _statement_text(tag[2].upper(), text[tag.end() : end])
        for tag, end in zip(tags, ends, strict=False)
        if not tag[1]
    ]


def _statement_text(kind: str, text: str) -> _StatementText:
    before, *transactions = ofx_text.OPENING_OF_TRANSACTION.split(text)
    end_of_last = END_OF_TRANSACTION.search(transactions[-1]) if transactions else None
    after = transactions[-1][end_of_last.start() :] if end_of_last else ""
    return _StatementText(kind, before + after, transactions)


def _transactions_of(part: _StatementText, statement: Statement) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "statement_number": statement.statement_number,
            "currency": statement.currency,
            "text": part.transactions,
        },
        schema=TRANSACTION_COLUMNS,
    )


def _bank_errors(text: str) -> list[str]:
    """Return what the bank says that it could not do: the code and message of each status that is not 0."""
    openings = (text[tag.start() : tag.start() + _STATUS_CHARACTERS_MAX] for tag in _STATUS.finditer(text))
    statuses = [ofx_text.aggregate_text(opening, "STATUS", "CODE|SEVERITY|MESSAGE") for opening in openings]
    answers = [
        (ofx_text.element_value(status, "CODE"), ofx_text.element_value(status, "MESSAGE")) for status in statuses
    ]
    return [f'{code} "{message[:200]}"' for code, message in answers if code.strip("0")]


def _why_no_statement(text: str) -> str:
    errors = _bank_errors(text)
    if errors:
        return f"the bank sent an error and no statement: {', '.join(errors)}; download the statement again"
    return "there is no statement in it; download the account's transactions as OFX or QFX"


def _notes(text: str) -> tuple[str, ...]:
    notes = [f"the bank reports an error in this file: {error}" for error in _bank_errors(text)]
    if not _END_OF_FILE.search(text):
        notes.append("the file closes none of its elements, so that it cannot prove to be whole")
    return tuple(notes)
