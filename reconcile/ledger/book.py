"""Open the ledger, hold it for one run, and write down decisions.

DuckDB lets one process write a file: a second run is told who holds it.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

import duckdb
import polars as pl

from reconcile.errors import LedgerBusy, LedgerError
from reconcile.resolve import Decisions
from reconcile.sql import given, sql, used
from reconcile.version import VERSION

APPENDED = ("statement_lines", "invoices", "customers", "remittances")
"""The tables whose new rows may change decisions: a run that adds none of them decides nothing anew."""

VIEWS = (
    "item_balances",
    "current_payments",
    "credit_sources",
    "payments_seen_at_bank",
    "bank_payments",
    "invoice_standings",
    "payments",
    "taught_payers",
    "own_payers",
    "learned_payers",
)
"""The relations that a session reads by name, each on those before it."""


@dataclass
class Ledger:
    """An open ledger inside one transaction, on behalf of one run."""

    con: duckdb.DuckDBPyConnection
    run_number: int = 0
    path: Path = Path(":memory:")

    def begin_run(
        self,
        *,
        run_id: str,
        as_of: dt.date,
        started_at: dt.datetime,
        version: str,
        policy_id: str,
        kind: str = "night",
    ) -> None:
        """Open the run's row. `started_at` is UTC; `kind` is `night`, `payments` or `review`."""
        self.run_number = self.value("select coalesce(max(run_number), 0) + 1 from runs")
        self.con.execute(
            "insert into runs values (?, ?, ?, ?, ?, ?, ?)",
            [self.run_number, run_id, kind, as_of, started_at.replace(tzinfo=None), version, policy_id],
        )

    def begin_run_of_person(self, kind: str, at: dt.datetime) -> None:
        """Begin a run for what a person does, under the day and policy of the run before: it decides nothing by one."""
        last = self.frame("select as_of_date, policy_id from runs order by run_number desc").rows()
        as_of, policy_id = last[0] if last else (at.date(), "")
        self.begin_run(
            run_id=uuid.uuid4().hex[:16], as_of=as_of, started_at=at, version=VERSION, policy_id=policy_id, kind=kind
        )

    def has_news(self) -> bool:
        """Say whether anything may change a decision: new rows, another policy or version, or what people did.

        What people did counts from the night before this one on, however many runs of theirs lie between.
        """
        last_night = self.value(
            "select coalesce(max(run_number), 0) from runs where kind = 'night' and run_number < ?", self.run_number
        )
        decided_by = self.rows(
            "select distinct version, policy_id from runs where run_number in (?, ?)", last_night, self.run_number
        )
        appended = any(
            self.value(f"select count(*) from {table} where run_number = ?", self.run_number) for table in APPENDED
        )
        by_people = any(
            self.value(f"select count(*) from {table} where run_number > ?", last_night)
            for table in ("payment_events", "reviews")
        )
        return appended or by_people or len(decided_by) > 1

    def undecided_lines(self) -> pl.DataFrame:
        """Return the lines that have no lasting decision: new ones, and those in review, unmatched or ignored."""
        return self.frame(sql("ledger", "undecided_lines"))

    def items(self) -> pl.DataFrame:
        """Return every known invoice and credit note with what is owed on it; see `item_balances.sql`."""
        return self.frame("select * from item_balances order by invoice_id")

    def customers(self) -> pl.DataFrame:
        """Return the customers as they were last told."""
        return self.frame("select * exclude (run_number) from current_customers order by customer_id")

    def remittances(self) -> pl.DataFrame:
        """Return all remittance advices, one row per invoice listed."""
        return self.frame("select * exclude (run_number) from remittances order by all")

    def rule_precision(self) -> pl.DataFrame:
        """Return how far each rule could be trusted so far; see `rule_precision.sql`."""
        return self.frame(sql("ledger", "rule_precision"))

    def posted_allocations(self) -> pl.DataFrame:
        """Return the posted allocations that nothing has reversed."""
        return self.frame(sql("ledger", "standing_allocations"))

    def posted_totals(self) -> pl.DataFrame:
        """Return what this run has posted so far: `currency`, `posted_amount`."""
        return self.frame(sql("ledger", "posted_totals"), run_number=self.run_number)

    def write(self, decided: Decisions) -> None:
        """Write decisions with their allocations and journal entries; one that stands unchanged is not repeated."""
        if decided.decisions.is_empty():
            return
        with self.given(new_decisions=decided.decisions, new_allocations=decided.allocations):
            for statement in (
                "insert_decisions",
                "insert_allocations",
                "insert_journal",
                "insert_journal_reversals",
                "insert_credit_withdrawals",
                "insert_withdrawn_credits",
                "insert_payment_journal",
            ):
                self.con.execute(sql("ledger", statement), {"run_number": self.run_number})
        if decided.considered.height:
            with self.given(new_considered=decided.considered):
                self.con.execute(sql("ledger", "insert_considered"), {"run_number": self.run_number})

    def frame(self, query: str, **parameters: object) -> pl.DataFrame:
        """Run a query and return its rows as a frame."""
        frame: pl.DataFrame = self.con.sql(query, params=used(query, parameters)).pl()
        return frame

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run a query and return its rows."""
        return self.con.execute(query, list(parameters)).fetchall()

    def value(self, query: str, *parameters: object) -> int:
        """Run a query that counts, and return its one number."""
        return int(self.con.execute(query, list(parameters)).fetchall()[0][0])

    def commit(self) -> None:
        """Put on the disk what was written so far, and go on."""
        self.con.execute("commit")
        self.con.execute("begin")

    def close(self) -> None:
        """Let go of the file. DuckDB complains on stderr of a connection that outlives its time."""
        self.con.close()
        del self.con

    def given(self, **frames: pl.DataFrame) -> AbstractContextManager[None]:
        """Make frames readable as tables while some statements run."""
        return given(self.con, **frames)


class open_ledger:  # noqa: N801 - read as a verb: `with open_ledger(path) as ledger`
    """Open the ledger's file for one run; commit when `keep` was called, else roll back.

    A dry run works on a copy of nothing: the same transaction, never committed; where the file does not exist yet,
    none is made.

    Raises:
        LedgerBusy: another run holds the file.
        LedgerError: the file is no ledger, or its folder cannot be written.
    """

    def __init__(self, path: Path, *, is_dry_run: bool = False) -> None:
        self._path = path
        self._is_new = not path.exists()
        self._is_dry_run = is_dry_run
        self._kept = False
        self._ledger: Ledger | None = None

    def __enter__(self) -> Ledger:
        con = self._connect()
        try:
            con.execute("begin")
            con.execute(sql("ledger", "schema"))
            _refuse_other_schema(con)
            for view in VIEWS:
                con.execute(f"create temp view {view} as " + sql("ledger", view))
        except (duckdb.Error, LedgerError) as error:
            con.close()
            message = f"{self._path}: is a DuckDB file, but no ledger of this version: {_first_line(error)}"
            raise LedgerError(message) from None
        self._ledger = Ledger(con, path=self._path)
        return self._ledger

    def keep(self) -> None:
        """Commit what was written so far; what is written afterwards needs keeping again. A dry run is never kept."""
        if self._ledger is not None and not self._is_dry_run:
            self._ledger.commit()
            self._kept = True  # only now: a commit that failed is rolled back

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ledger is None:
            return
        with suppress(duckdb.Error):  # after a failed write DuckDB has rolled back itself, and says so
            self._ledger.con.execute("rollback")
        self._ledger.close()
        self._ledger = None
        if not self._kept and self._is_new and not self._is_dry_run:
            self._path.unlink(missing_ok=True)
            self._path.with_name(self._path.name + ".wal").unlink(missing_ok=True)
        if isinstance(error, duckdb.IOException | duckdb.FatalException) or type(error) is duckdb.Error:
            state = "holds what was kept before" if self._kept else "is as it was before the run"
            message = (
                f"{self._path}: the ledger cannot be read or written: {_first_line(error)}; "
                f"it {state}. See whether its disk is full or damaged, and run again"
            )
            raise LedgerError(message) from None

    def _connect(self) -> duckdb.DuckDBPyConnection:
        in_memory = self._is_dry_run and self._is_new
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        try:
            if not in_memory:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            return duckdb.connect(":memory:" if in_memory else str(self._path), config=settings)
        except duckdb.Error as error:
            text = str(error)
            if "could not set lock" in text.lower():
                holder = re.search(r"PID (\d+)", text)
                who = f"process {holder[1]}" if holder else "another process"
                message = f"{self._path}: {who} holds the ledger; wait until that run ends, then run again"
                raise LedgerBusy(message) from None
            message = f"{self._path}: cannot be used as a ledger: {_first_line(error)}"
            raise LedgerError(message) from None
        except OSError as error:
            message = f"{self._path}: the ledger's folder cannot be made: {error.strerror}"
            raise LedgerError(message) from None


def _refuse_other_schema(con: duckdb.DuckDBPyConnection) -> None:
    """Hold the file's tables against this version's.

    Raises:
        LedgerError: a table has other columns.
    """
    found = _columns(con)
    if other := sorted(table for table, columns in _columns_of_schema().items() if found.get(table) != columns):
        message = f"its table {other[0]!r} has other columns"
        raise LedgerError(message)


@cache
def _columns_of_schema() -> dict[str, list[tuple[str, str]]]:
    with duckdb.connect() as fresh:
        fresh.execute(sql("ledger", "schema"))
        return _columns(fresh)


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    rows = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal "
        "order by table_name, column_index"
    ).fetchall()
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        columns.setdefault(table, []).append((column, kind))
    return columns


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
