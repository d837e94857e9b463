"""The nightly run as a Prefect flow: the night's one body, with each step as a task."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import ParamSpec, TypeVar

from prefect import flow, task
from prefect.runtime import flow_run

from reconcile.config import today
from reconcile.night import NightResult, Step, plain, run_night_with

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

logging.getLogger("reconcile").setLevel(logging.INFO)


def _run_name() -> str:
    parameters = flow_run.parameters
    mode = "dry run" if parameters.get("dry_run") else "night"
    return f"{mode} of {parameters.get('as_of') or today()}"


inner_step: ContextVar[Step] = ContextVar("inner_step", default=plain)
"""How a task calls its step: the command line puts its progress bar here."""


def as_task(name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Call a step as a task run, so that it is seen, timed and named in the Prefect UI.

    Task runs take no arguments and leave no results: what travels between steps (an open ledger, frames of a million
    rows) is neither hashed nor stored. Nothing is retried: a night is one transaction, safe to run again as a whole.
    """
    done: list[Result] = []

    @task(name=name, task_run_name=name, persist_result=False)
    def run_step() -> None:
        done.append(inner_step.get()(name, step, *args, **kwargs))

    run_step()
    return done[0]


@flow(name="reconcile-statements", flow_run_name=_run_name, persist_result=False, validate_parameters=True)
def reconcile_statements(
    statements: list[Path] | None = None,
    invoices: Path | None = None,
    customers: Path | None = None,
    remittances: Path | None = None,
    banks: Path | None = None,
    ledger: Path | None = None,
    out: Path | None = None,
    config: Path | None = None,
    as_of: dt.date | None = None,
    dry_run: bool = False,
) -> NightResult:
    """Read the night's statements, find which invoices each receipt pays, record it and write the match report.

    Args:
        statements: Files or folders of bank statements. Empty: as configured, or the samples.
        invoices: Open invoices and credit notes (CSV, Parquet or JSON). Empty: as configured.
        customers: Customers (CSV, Parquet or JSON). Empty: as configured.
        remittances: Remittance advices that came apart from the bank. Empty: as configured.
        banks: A folder of your own bank profiles. Empty: as configured.
        ledger: The embedded ledger's file. Empty: as configured.
        out: The folder of the match report. Empty: as configured.
        config: A TOML file that stands over config/reconcile.toml.
        as_of: The date that counts as today. Empty: today.
        dry_run: Decide and report, and write nothing to the ledger.
    """
    return run_night_with(
        step=as_task,
        statements=statements or (),
        invoices=invoices,
        customers=customers,
        remittances=remittances,
        banks=banks,
        ledger=ledger,
        out=out,
        config=config,
        as_of=as_of,
        dry_run=dry_run,
    )
