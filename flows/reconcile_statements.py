"""The nightly run as a Prefect flow: the night's one body, with each step as a task. By hand: a day, or one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.ends import failed, night_ended, on_cancellation, on_crashed, on_failure
from flows.forms import FileName, named
from flows.steps import as_task, patiently, scheduled_for
from reconcile.config import today
from reconcile.errors import ReconcileError
from reconcile.night import run_night_with
from reconcile.nights import night_since


def _run_name() -> str:
    parameters = flow_run.parameters
    mode = "dry run" if parameters.get("dry_run") else "night"
    files = [Path(path).name for path in parameters.get("statements") or ()]
    named = f": {', '.join(files[:3])}{' ...' if files[3:] else ''}" if files else ""
    return f"{mode} of {parameters.get('as_of') or today()}{named}"


@flow(
    name="reconcile-statements",
    flow_run_name=_run_name,
    persist_result=False,
    validate_parameters=True,
    timeout_seconds=6 * 3600,
    on_failure=[on_failure],
    on_crashed=[on_crashed],
    on_cancellation=[on_cancellation],
)
def reconcile_statements(
    as_of: dt.date | None = None,
    statements: list[FileName] = [],  # noqa: B006 - never changed; None would be two buttons on the form
    dry_run: bool = False,
    invoices: FileName = "",
    customers: FileName = "",
    remittances: FileName = "",
    banks: FileName = "",
    ledger: FileName = "",
    out: FileName = "",
    config: FileName = "",
) -> Any:
    """Read the night's statements, find which invoices each receipt pays, record it and write the match report.

    It is safe to run twice: what is known is not read again, and nothing is posted twice. Returns the `NightResult`.

    Args:
        as_of: The date that counts as today. Empty: today.
        statements: Files or folders of bank statements, one of them or several. Empty: as configured, or the samples.
        dry_run: Decide and report, and write nothing to the ledger nor to any other system.
        invoices: Open invoices and credit notes (CSV, Parquet or JSON). Empty: as configured.
        customers: Customers (CSV, Parquet or JSON). Empty: as configured.
        remittances: Remittance advices that came apart from the bank. Empty: as configured.
        banks: A folder of your own bank profiles. Empty: as configured.
        ledger: The embedded ledger's file. Empty: as configured.
        out: The folder of the match report. Empty: as configured.
        config: A TOML file that stands over config/reconcile.toml.
    """
    settings, book = named(config), named(ledger)
    try:
        due_at = scheduled_for()
        done_at = patiently(lambda: night_since(due_at, config=settings, ledger=book)) if due_at else None
        if done_at:
            message = f"Nothing to do: the night that began on {done_at:%F at %H:%M} UTC read what lay ready."
            return Completed(name="Skipped", message=message)
        result = patiently(
            lambda: run_night_with(
                step=as_task,
                statements=[Path(path) for path in statements],
                invoices=named(invoices),
                customers=named(customers),
                remittances=named(remittances),
                banks=named(banks),
                ledger=book,
                out=named(out),
                config=settings,
                as_of=as_of,
                dry_run=dry_run,
            )
        )
    except ReconcileError as error:
        return failed(error)
    return night_ended(result, settings)
