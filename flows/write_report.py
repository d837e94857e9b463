"""Write the last night's report anew as a Prefect flow: nothing is read, decided or posted."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.states import Completed

from flows.artifacts import leave_artifacts
from flows.ends import failed, on_cancellation, on_crashed, on_failure
from flows.forms import FileName, named
from flows.steps import as_task, patiently
from reconcile.config import today
from reconcile.errors import ReconcileError
from reconcile.nights import report_again
from reconcile.report import headline


@flow(
    name="write-report",
    flow_run_name=lambda: f"report again, {today()}",
    persist_result=False,
    validate_parameters=True,
    timeout_seconds=3600,
    on_failure=[on_failure],
    on_crashed=[on_crashed],
    on_cancellation=[on_cancellation],
)
def write_report(config: FileName = "", ledger: FileName = "", out: FileName = "") -> Any:
    """Write the last night's report anew, with what people decided since. Returns the report.

    Args:
        config: A TOML file that stands over config/reconcile.toml.
        ledger: The embedded ledger's file. Empty: as configured.
        out: The folder of the match report. Empty: as configured.
    """
    try:
        report, folder = as_task(
            "report",
            lambda: patiently(lambda: report_again(config=named(config), ledger=named(ledger), out=named(out))),
        )
    except ReconcileError as error:
        return failed(error)
    leave_artifacts(report, folder, get_run_logger())
    return Completed(message=headline(report), data=report)
