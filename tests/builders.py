"""Make literal rows: a test names what it is about, and the rest has a plain value.

A builder of a row returns a frame of one row; `together` puts rows into one frame. Amounts are decimal strings, dates
ISO 8601 strings, as they would stand in a file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import polars as pl

from reconcile.ingest import Receivables
from reconcile.ingest.receivables import Customers, Invoices, Remittances
from reconcile.ledger import Ledger, store_statements
from reconcile.model import LINE_COLUMNS, REJECTED_COLUMNS, SourceFile, Statement, StatementFile
from reconcile.money import MONEY
from reconcile.resolve import Decisions
from reconcile.resolve.decisions import ALLOCATION_COLUMNS, CONSIDERED_COLUMNS, DECISION_COLUMNS

Columns = Mapping[str, pl.DataType | type[pl.DataType]]

DAY: Final = "2026-10-05"
ACCOUNT: Final = "990408/55012894"

INVOICE_COLUMNS: Final[Columns] = {
    "invoice_id": pl.String,
    "invoice_number": pl.String,
    "customer_id": pl.String,
    "kind": pl.String,
    "status": pl.String,
    "issue_date": pl.Date,
    "due_date": pl.Date,
    "currency": pl.String,
    "total": MONEY,
    "amount_due": MONEY,
    "creditor_reference": pl.String,
    "purchase_order": pl.String,
    "discount_date": pl.Date,
    "discount_percent": MONEY,
}
CUSTOMER_COLUMNS: Final[Columns] = dict.fromkeys(
    ("customer_id", "name", "iban", "account", "email", "phone", "parent_id", "aliases"), pl.String
)
REMITTANCE_COLUMNS: Final[Columns] = {
    "remittance_id": pl.String,
    "customer_id": pl.String,
    "payment_reference": pl.String,
    "payment_date": pl.Date,
    "payment_amount": MONEY,
    "invoice_number": pl.String,
    "amount": MONEY,
}


def together(rows: Sequence[pl.DataFrame], columns: Columns) -> pl.DataFrame:
    """Put rows into one frame; no row makes an empty frame of these columns."""
    return pl.concat([pl.DataFrame(schema=columns), *rows])


def an_invoice(
    invoice_id: str = "I1",
    *,
    amount_due: str = "100.00",
    total: str | None = None,
    invoice_number: str | None = None,
    customer_id: str = "C1",
    kind: str = "invoice",
    status: str = "open",
    issue_date: str = "2026-09-01",
    due_date: str = "2026-10-01",
    currency: str = "EUR",
    creditor_reference: str = "",
    purchase_order: str = "",
    discount_date: str | None = None,
    discount_percent: str | None = None,
) -> pl.DataFrame:
    """Make one invoice or credit note; `total` is the amount due and the number `INV-<id>` unless said otherwise."""
    return _row(
        INVOICE_COLUMNS,
        invoice_id=invoice_id,
        invoice_number=f"INV-{invoice_id}" if invoice_number is None else invoice_number,
        customer_id=customer_id,
        kind=kind,
        status=status,
        issue_date=issue_date,
        due_date=due_date,
        currency=currency,
        total=amount_due if total is None else total,
        amount_due=amount_due,
        creditor_reference=creditor_reference,
        purchase_order=purchase_order,
        discount_date=discount_date,
        discount_percent=discount_percent,
    )


def a_customer(
    customer_id: str = "C1",
    *,
    name: str = "Elm Ltd",
    iban: str = "",
    account: str = "",
    email: str = "",
    phone: str = "",
    parent_id: str = "",
    aliases: str = "",
) -> pl.DataFrame:
    """Make one customer; `aliases` are separated by `|`."""
    return _row(
        CUSTOMER_COLUMNS,
        customer_id=customer_id,
        name=name,
        iban=iban,
        account=account,
        email=email,
        phone=phone,
        parent_id=parent_id,
        aliases=aliases,
    )


def a_remittance(
    remittance_id: str = "R1",
    *,
    invoice_number: str = "INV-I1",
    amount: str | None = "100.00",
    customer_id: str = "C1",
    payment_reference: str = "",
    payment_date: str | None = None,
    payment_amount: str | None = None,
) -> pl.DataFrame:
    """Make one row of a remittance advice: one invoice that its payment covers."""
    return _row(
        REMITTANCE_COLUMNS,
        remittance_id=remittance_id,
        customer_id=customer_id,
        payment_reference=payment_reference,
        payment_date=payment_date,
        payment_amount=payment_amount,
        invoice_number=invoice_number,
        amount=amount,
    )


def receivables(
    invoices: Sequence[pl.DataFrame] = (),
    customers: Sequence[pl.DataFrame] = (),
    remittances: Sequence[pl.DataFrame] = (),
) -> Receivables:
    """Put invoices, customers and remittances together, checked as those that are read from files."""
    return Receivables(
        invoices=Invoices.validate(together(invoices, INVOICE_COLUMNS)),
        customers=Customers.validate(together(customers, CUSTOMER_COLUMNS)),
        remittances=Remittances.validate(together(remittances, REMITTANCE_COLUMNS)),
    )


def a_line(
    amount: str = "100.00",
    remittance_text: str = "",
    *,
    booked_date: str = DAY,
    value_date: str | None = None,
    currency: str = "EUR",
    bank_reference: str = "",
    transaction_type: str = "",
    counterparty_name: str = "",
    counterparty_account: str = "",
    payment_reference: str = "",
    source_row: int = 1,
    statement_number: int = 1,
) -> pl.DataFrame:
    """Make one line of a statement, with the columns of `StatementLine`."""
    return _row(
        LINE_COLUMNS,
        source_row=source_row,
        statement_number=statement_number,
        booked_date=booked_date,
        value_date=value_date,
        amount=amount,
        currency=currency,
        bank_reference=bank_reference,
        transaction_type=transaction_type,
        counterparty_name=counterparty_name,
        counterparty_account=counterparty_account,
        remittance_text=remittance_text,
        payment_reference=payment_reference,
    )


def numbered(lines: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put lines into one frame in the order of a file: the first stands in row 1."""
    return together(lines, LINE_COLUMNS).with_columns(source_row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def a_statement(
    account_id: str = ACCOUNT,
    *,
    currency: str = "EUR",
    statement_number: int = 1,
    start_date: str | None = None,
    end_date: str | None = None,
    opening_balance: str | None = None,
    closing_balance: str | None = None,
    closing_date: str | None = None,
) -> Statement:
    """Make one statement of an account; '' is an account that the file does not name."""
    return Statement(
        statement_number=statement_number,
        account_id=account_id,
        currency=currency,
        start_date=_date(start_date),
        end_date=_date(end_date),
        opening_balance=_amount(opening_balance),
        closing_balance=_amount(closing_balance),
        closing_date=_date(closing_date),
    )


def a_source(name: str = "bank.ofx", data: bytes | str = b"") -> SourceFile:
    """Make a file as it lies on disk; without data, its name stands for its bytes."""
    content = data.encode() if isinstance(data, str) else data
    content = content or name.encode()
    return SourceFile(name=name, file_id=hashlib.sha256(content).hexdigest(), data=content)


def a_statement_file(
    name: str = "bank.ofx",
    lines: Sequence[pl.DataFrame] = (),
    *,
    layout: str = "ofx",
    account_id: str = ACCOUNT,
    currency: str | None = None,
    statements: Sequence[Statement] | None = None,
    rejected: Mapping[int, str] | None = None,
    transactions_counted: int | None = None,
    data: bytes | str = b"",
    notes: Sequence[str] = (),
) -> StatementFile:
    """Make what a reader returns: lines in file order, of one statement unless `statements` says otherwise.

    `rejected` gives reasons by source row. The count of transactions is what adds up, unless a test breaks it.
    Two files of one name are two files: give other `data` to tell them apart.
    """
    frame = numbered(lines)
    refused = pl.DataFrame(
        {"source_row": list(rejected or {}), "reason": list((rejected or {}).values())}, schema=REJECTED_COLUMNS
    )
    own_currency = currency or (str(frame["currency"][0]) if frame.height else "EUR")
    content = data or f"{name}{layout}{frame.write_csv()}"
    return StatementFile(
        source=a_source(name, content),
        layout=layout,
        statements=tuple(statements or [a_statement(account_id, currency=own_currency)]),
        lines=frame,
        rejected=refused,
        transactions_counted=(frame.height + refused.height if transactions_counted is None else transactions_counted),
        notes=tuple(notes),
    )


def a_decision(
    line_id: str,
    outcome: str = "applied",
    *,
    applied: str = "0",
    on_account: str = "0",
    unapplied: str = "0",
    difference: str = "0",
    difference_kind: str = "",
    customer_id: str = "",
    returns_line_id: str = "",
    rule: str = "rule",
    explanation: str = "Because.",
) -> pl.DataFrame:
    """Make one decision about a line; where the line's money goes is to be said."""
    return _row(
        DECISION_COLUMNS,
        line_id=line_id,
        outcome=outcome,
        customer_id=customer_id,
        applied=applied,
        on_account=on_account,
        unapplied=unapplied,
        difference=difference,
        difference_kind=difference_kind,
        returns_line_id=returns_line_id,
        rule=rule,
        explanation=explanation,
    )


def an_allocation(
    line_id: str,
    invoice_id: str = "I1",
    amount: str = "100.00",
    *,
    residual: str = "0",
    residual_kind: str = "",
    invoice_number: str | None = None,
    customer_id: str = "C1",
    currency: str = "EUR",
    state: str = "posted",
    probability: float = 0.999,
    rule: str = "rule",
    explanation: str = "Because.",
    reverses_id: str = "",
) -> pl.DataFrame:
    """Make one allocation of a line's money to an invoice."""
    return _row(
        ALLOCATION_COLUMNS,
        line_id=line_id,
        invoice_id=invoice_id,
        invoice_number=f"INV-{invoice_id}" if invoice_number is None else invoice_number,
        customer_id=customer_id,
        amount=amount,
        residual=residual,
        residual_kind=residual_kind,
        currency=currency,
        state=state,
        probability=probability,
        rule=rule,
        explanation=explanation,
        reverses_id=reverses_id,
    )


def an_alternative(
    line_id: str,
    invoice_ids: str = "I1",
    *,
    rank: int = 1,
    amount: str = "100.00",
    customer_id: str = "C1",
    score: float = 1.0,
    probability: float = 0.5,
    rule: str = "rule",
    why_not: str = "too uncertain to post",
) -> pl.DataFrame:
    """Make one explanation that was considered for a line in review."""
    return _row(
        CONSIDERED_COLUMNS,
        line_id=line_id,
        rank=rank,
        invoice_ids=invoice_ids,
        invoice_numbers=invoice_ids,
        customer_id=customer_id,
        amount=amount,
        score=score,
        probability=probability,
        rule=rule,
        why_not=why_not,
    )


def decided(
    decisions: Sequence[pl.DataFrame],
    allocations: Sequence[pl.DataFrame] = (),
    considered: Sequence[pl.DataFrame] = (),
) -> Decisions:
    """Put decisions, allocations and alternatives together, as `resolve` hands them to the ledger."""
    return Decisions.of(
        together(decisions, DECISION_COLUMNS),
        together(allocations, ALLOCATION_COLUMNS),
        together(considered, CONSIDERED_COLUMNS),
    )


def write_review(
    ledger: Ledger,
    line_id: str,
    action: str = "accept",
    customer_id: str = "C1",
    *invoice_ids: str,
    who: str = "anna",
    decided_at: str = "2026-11-25",
    decision_id: str | None = None,
    undoes_id: str = "",
) -> str:
    """Write down what a person said of a line, and the invoices that it speaks of, and return the review's id.

    Of the decision that came of it only the id is made up: '' for a rejection and an undo, else one.
    """
    review_id = f"review-{ledger.value('select count(*) from reviews') + 1}"
    decides = action not in ("reject", "undo")
    ledger.con.execute(
        "insert into reviews values (?, ?, ?, ?, ?, '', ?, ?, false, '', ?, ?)",
        [
            review_id, ledger.run_number, line_id, action, customer_id, who, dt.datetime.fromisoformat(decided_at),
            undoes_id, (f"decision of {review_id}" if decides else "") if decision_id is None else decision_id,
        ],
    )  # fmt: skip
    for invoice_id in invoice_ids:
        ledger.con.execute("insert into review_items values (?, ?, 0, 0)", [review_id, invoice_id])
    return review_id


def begin_run(ledger: Ledger, *, as_of: str = "2026-10-31", version: str = "1.0", policy_id: str = "policy") -> int:
    """Begin the next run and return its number."""
    number = ledger.value("select coalesce(max(run_number), 0) + 1 from runs")
    ledger.begin_run(
        run_id=f"run-{number}",
        as_of=dt.date.fromisoformat(as_of),
        started_at=dt.datetime(2026, 11, 1, 2, number % 60, tzinfo=dt.UTC),
        version=version,
        policy_id=policy_id,
    )
    return ledger.run_number


def store_lines(ledger: Ledger, *lines: pl.DataFrame, name: str = "bank.ofx", account_id: str = ACCOUNT) -> list[str]:
    """Store lines as one file's and return their ids in file order, repeats under the line that they repeat."""
    file = a_statement_file(name, lines, account_id=account_id)
    store_statements(ledger, [file])
    found = ledger.rows(
        "select line_id from line_sources where run_number = ? and file_id = ? order by source_row",
        ledger.run_number,
        file.source.file_id,
    )
    return [str(row[0]) for row in found]


def _row(columns: Columns, **values: object) -> pl.DataFrame:
    return pl.DataFrame({name: [_typed(values[name], kind)] for name, kind in columns.items()}, schema=dict(columns))


def _typed(value: Any, kind: pl.DataType | type[pl.DataType]) -> object:
    if kind == pl.Date:
        return _date(value)
    return _amount(value) if kind == MONEY else value


def _date(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def _amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
