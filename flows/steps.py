"""Call the core from flows: its steps as task runs, its waiting for a busy ledger, its errors as sentences."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar

from prefect import get_run_logger, task
from prefect.context import FlowRunContext
from prefect.states import Failed

from reconcile.errors import LedgerBusy, ReconcileError
from reconcile.steps import Step, plain

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

logging.getLogger("reconcile").setLevel(logging.INFO)


class _AsSentences(logging.Filter):
    """Keep from the logs the traceback of an error that is a sentence: the run's state says it already."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind, error, _ = record.exc_info if isinstance(record.exc_info, tuple) else (None, None, None)
        if kind is None:
            record.exc_info = None
        return not isinstance(error, ReconcileError)


for _name in ("prefect.flow_runs", "prefect.task_runs", "prefect.engine"):
    logging.getLogger(_name).addFilter(_AsSentences())

inner_step: ContextVar[Step] = ContextVar("inner_step", default=plain)
"""How a task calls its step: the command line puts its progress bar here."""

ledger_wait_seconds: ContextVar[float] = ContextVar("ledger_wait_seconds", default=1800)
"""How long a flow waits for a ledger that another run holds; 0 on the command line, where a person is told at once."""

PAUSE_SECONDS: Final = 5
"""How often a busy ledger is tried again."""


def as_task(name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Call a step as a task run, so that it is seen, timed and named in the Prefect UI.

    Task runs take no arguments and leave no results: what travels between steps (an open ledger, frames of a million
    rows) is neither hashed nor stored. None is retried by itself: a night is one transaction, safe to repeat whole.

    Raises:
        ReconcileError: as the step; its task run fails with the sentence, without a traceback.
    """
    done: list[Result] = []
    trouble: list[ReconcileError] = []

    @task(name=name, task_run_name=name, persist_result=False)
    def run_step() -> Any:
        try:
            done.append(inner_step.get()(name, step, *args, **kwargs))
        except ReconcileError as error:
            trouble.append(error)
            return Failed(message=str(error))
        return None

    state = run_step(return_state=True)
    if trouble:
        raise trouble[0]
    if not done:
        state.result(raise_on_failure=True)
    return done[0]


def patiently(act: Callable[[], Result]) -> Result:
    """Do something that needs the ledger; while another run holds it, wait and try again.

    To try again is safe: who finds the ledger busy has written nothing.

    Raises:
        LedgerBusy: it was held for longer than `ledger_wait_seconds`.
    """
    deadline = time.monotonic() + ledger_wait_seconds.get()
    is_told = False
    while True:
        try:
            return act()
        except LedgerBusy as busy:
            if time.monotonic() >= deadline:
                raise
            if not is_told:
                get_run_logger().info("%s; this run waits", busy)
                is_told = True
        time.sleep(PAUSE_SECONDS)


def scheduled_for() -> dt.datetime | None:
    """Return the instant (UTC) for which a schedule made this run; None where a person or a program started it."""
    run = FlowRunContext.get()
    made = run.flow_run if run else None
    return made.expected_start_time if made and made.auto_scheduled else None
