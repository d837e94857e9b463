"""Take up, as a Prefect flow, the postings that a night could not bring to an end."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.ends import failed, on_cancellation, on_crashed, on_failure, postings_ended
from flows.forms import FileName, named
from flows.steps import as_task, patiently
from reconcile.config import today
from reconcile.elsewhere import take_up
from reconcile.errors import ReconcileError


@flow(
    name="post-payments",
    flow_run_name=lambda: f"post what waits, {today()}",
    persist_result=False,
    validate_parameters=True,
    timeout_seconds=6 * 3600,
    on_failure=[on_failure],
    on_crashed=[on_crashed],
    on_cancellation=[on_cancellation],
)
def post_payments(config: FileName = "", ledger: FileName = "") -> Any:
    """Send what waits to the invoicing system and look up what is unknown; return how many postings are in which state.

    The secret comes from the environment variable that the configuration names, never from a parameter.

    Args:
        config: A TOML file that stands over config/reconcile.toml and names the invoicing system.
        ledger: The embedded ledger's file. Empty: as configured.
    """
    try:
        result = as_task("post", lambda: patiently(lambda: take_up(config=named(config), ledger=named(ledger))))
    except ReconcileError as error:
        return failed(error)
    return postings_ended(result)
