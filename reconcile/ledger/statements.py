"""Write down the lines that statement files bring, each once, whatever files repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from reconcile.identity import (
    account_by_content,
    canonical_account,
    recognise,
    unnamed_account,
    with_content_keys,
)
from reconcile.ingest import RejectedFile, rejected_rows
from reconcile.ledger.book import Ledger
from reconcile.model import LINE_COLUMNS, Statement, StatementFile
from reconcile.sql import sql

_KNOWN: Final = [
    "line_id", "account_id", "booked_date", "amount", "currency", "bank_reference", "text_key", "ascii_key", "layout",
]  # fmt: skip


def store_statements(
    ledger: Ledger, results: Sequence[StatementFile | RejectedFile], notes_besides: Sequence[str] = ()
) -> None:
    """Write every file's new lines, where each of its transactions stands, what was rejected, and what was noted.

    Args:
        ledger: the open ledger.
        results: what was made of each statement file.
        notes_besides: what was noted of what is no statement file: invoices that a system lists incompletely.
    """
    for result in results:
        if isinstance(result, StatementFile):
            _store_file(ledger, result)
    notes = [(file.source.name, note) for file in results if isinstance(file, StatementFile) for note in file.notes]
    notes += [("", note) for note in notes_besides]
    for number, (name, note) in enumerate(notes, start=1):
        ledger.con.execute("insert into file_notes values (?, ?, ?, ?)", [ledger.run_number, number, name, note])
    with ledger.given(new_rejections=rejected_rows(results)):
        ledger.con.execute(sql("ledger", "insert_rejections"), {"run_number": ledger.run_number})


def _store_file(ledger: Ledger, file: StatementFile) -> None:
    statements = _with_accounts(ledger, file)
    lines = (
        file.lines.join(statements.select("statement_number", "account_id"), on="statement_number")
        .with_columns(layout=pl.lit(file.layout))
        .pipe(with_content_keys)
    )
    recognised = recognise(lines, _known_lines(ledger, lines)) if lines.height else None
    parameters = {
        "run_number": ledger.run_number,
        "file_id": file.source.file_id,
        "source_file": file.source.name,
    }
    new = 0
    if recognised is not None:
        new = recognised["line_id"].null_count()
        with ledger.given(recognised=recognised):
            for statement in ("insert_statement_lines", "insert_line_sources"):
                ledger.con.execute(sql("ledger", statement), parameters)
    with ledger.given(new_statements=statements):
        ledger.con.execute(sql("ledger", "insert_statements"), parameters)
    ledger.con.execute(
        "insert into statement_files values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
        [
            ledger.run_number,
            file.source.file_id,
            file.source.name,
            file.layout,
            file.transactions_counted,
            new,
            file.lines.height - new,
            file.rejected.height,
        ],
    )


def _with_accounts(ledger: Ledger, file: StatementFile) -> pl.DataFrame:
    """Return the file's statements, each under the spelling by which the ledger knows its account."""
    known = [str(row[0]) for row in ledger.rows("select distinct account_id from statements order by account_id")]
    rows = []
    for statement in file.statements:
        account_id = canonical_account(statement.account_id, known)
        if not account_id or (account_id not in known and known):
            account_id = _account_by_lines(ledger, file, statement) or account_id or unnamed_account(statement.currency)
        known.append(account_id)
        rows.append({**vars(statement), "account_id": account_id})
    return pl.DataFrame(rows, schema=_STATEMENT_COLUMNS)


def _account_by_lines(ledger: Ledger, file: StatementFile, statement: Statement) -> str | None:
    """Find the account whose lines these are, where one side names none; never take one named account for another."""
    lines = file.lines.filter(pl.col("statement_number") == statement.statement_number).pipe(with_content_keys)
    if lines.is_empty():
        return None
    unnamed_only = "where starts_with(account_id, 'unnamed/')" if statement.account_id else "where true"
    known = ledger.frame(
        "select account_id, booked_date, amount, currency, bank_reference, text_key "
        f"from statement_lines {unnamed_only} "
        "and booked_date between $first_date and $last_date",
        first_date=lines["booked_date"].min(),
        last_date=lines["booked_date"].max(),
    )
    return account_by_content(lines, known)


def _known_lines(ledger: Ledger, lines: pl.DataFrame) -> pl.DataFrame:
    accounts = lines["account_id"].unique().to_list()
    known = ledger.frame(
        f"select {', '.join(_KNOWN)} from statement_lines "
        "where (list_contains($accounts, account_id) or starts_with(account_id, 'unnamed/')) "
        "and booked_date between $first_date and $last_date",
        accounts=accounts,
        first_date=lines["booked_date"].min(),
        last_date=lines["booked_date"].max(),
    )
    is_own = pl.col("account_id").is_in(accounts)
    return pl.concat([known.filter(is_own), _brought_again(known.filter(~is_own), lines)])


def _brought_again(unnamed: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of unnamed accounts that an account of these lines brings again, as that account's."""
    content = ["booked_date", "amount", "currency"]
    found = [
        unnamed.drop("account_id").join(
            lines.filter(pl.col(key) != "")
            .select(*content, key, "account_id")
            .unique([*content, key], maintain_order=True),
            on=[*content, key],
        )
        for key in ("bank_reference", "text_key")
    ]
    return pl.concat([frame.select(_KNOWN) for frame in found]).unique("line_id", maintain_order=True)


_STATEMENT_COLUMNS: Final = {
    "statement_number": pl.Int64,
    "account_id": pl.String,
    "currency": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "opening_balance": LINE_COLUMNS["amount"],
    "closing_balance": LINE_COLUMNS["amount"],
    "closing_date": pl.Date,
}
