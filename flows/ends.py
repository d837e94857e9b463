"""How a flow ends: a state whose message is a sentence, artifacts to open, and messages to those who are not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.logging import get_logger
from prefect.settings import get_current_settings
from prefect.states import Completed, Failed

from flows.artifacts import leave_artifacts
from flows.notify import send
from flows.steps import patiently
from reconcile.config import load
from reconcile.errors import (
    ConfigError,
    LedgerBusy,
    LedgerError,
    PostingStopped,
    ReconcileError,
    ReportError,
    UsageError,
)
from reconcile.night import NightResult
from reconcile.nights import night_figures
from reconcile.notices import notices
from reconcile.post import PostingResult
from reconcile.report import headline, is_well

QUOTES_NOBODY: Final = (ConfigError, UsageError, LedgerBusy, LedgerError, ReportError)
"""Errors whose sentence speaks of settings, files and disks, never of a customer or a payment: it may be sent."""

_told: dict[str, str] = {}
"""What may be sent of this process's failed runs, by their sentence in the UI."""


def failed(error: ReconcileError) -> State[Any]:
    """End a run that a person must mend something for: the message is the error's sentence, without a traceback."""
    if isinstance(error, QUOTES_NOBODY):
        _told[str(error)] = str(error)
    return Failed(message=str(error), data=error)


def night_ended(result: NightResult, config: Path | None) -> State[Any]:
    """End a night: the message is the report's headline; artifacts are left, and people are told what they asked."""
    log = get_run_logger()
    leave_artifacts(result.report, result.out, log)
    notify = load(config).notify
    try:
        figures = patiently(lambda: night_figures(result.report.run.ledger))
        sentences = [notice.sentence for notice in notices(result, figures, notify)]
        send(notify, f"reconcile: the night of {result.report.run.as_of} needs a look", sentences, log)
    except ReconcileError as error:
        log.warning("nobody is told of this night: %s", error)
    name = "Completed" if is_well(result.report) else "Needs a look"
    return Completed(name=name, message=headline(result.report), data=result)


def postings_ended(result: PostingResult) -> State[Any]:
    """End a run that posted: the message counts postings by state."""
    if result.stopped:
        return failed(PostingStopped(result.stopped))
    counts = {state.value: count for state, count in result.counts.items()}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "nothing was ever posted"
    return Completed(name="Needs a look" if result.unconfirmed else "Completed", message=told, data=counts)


def on_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell of a run that failed. Prefect calls hooks by these three names."""
    _tell(flow, flow_run, "failed", _told.get(state.message or "", "the reason stands in its run"))


def on_crashed(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - Prefect's
    """Tell of a run whose process died."""
    _tell(flow, flow_run, "broke off", "its process died; what the ledger holds is whole, and it may be run again")


def on_cancellation(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - Prefect's
    """Tell of a run that somebody cancelled."""
    _tell(flow, flow_run, "was cancelled", "what the ledger holds is whole, and it may be run again")


def _tell(flow: Any, flow_run: Any, what: str, why: str) -> None:
    log = get_logger("reconcile")
    try:
        config = flow_run.parameters.get("config")
        notify = load(Path(config) if config else None).notify
    except ReconcileError as error:
        log.warning("nobody is told that a run %s: %s", what, error)
        return
    if "failure" in notify.events:
        api = (get_current_settings().api.url or "").removesuffix("/api")
        where = f"{api}/runs/flow-run/{flow_run.id}" if api else flow_run.name
        send(notify, f"reconcile: {flow.name} {what}", [f"{flow_run.name}: {why}", where], log)
