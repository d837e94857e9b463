"""Run a night as a Prefect flow from a command line: offline, without telemetry, warnings or a stack of log lines."""

from __future__ import annotations

import os
import warnings
from typing import Any

from reconcile.errors import UsageError
from reconcile.night import NightResult
from reconcile.steps import Step

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_WRAP_LINES": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}


def run_quietly(step: Step, parameters: dict[str, Any]) -> NightResult:
    """Run `reconcile_statements` here, on the configured Prefect API or on an ephemeral server, with its parameters.

    Args:
        step: how each step is called inside its task.
        parameters: those of the flow.

    Raises:
        UsageError: the configured Prefect API does not answer.
        ReconcileError: as `reconcile.night.run_night`.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore")
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.reconcile_statements import reconcile_statements
    from flows.steps import inner_step, ledger_wait_seconds

    inner_step.set(step)
    ledger_wait_seconds.set(0)
    # Each sync flow run waits up to a second for a heartbeat thread at its end; this process outlives the run anyway.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            result: NightResult = reconcile_statements(**parameters)
        except RuntimeError as error:
            if "Failed to reach API" not in str(error):
                raise
            api = os.environ.get("PREFECT_API_URL", "")
            message = f"the Prefect API at {api} does not answer; start it, or unset PREFECT_API_URL"
            raise UsageError(message) from None
    return result
