"""How a flow ends: a state whose message is a sentence, and what a person finds beside it."""

from __future__ import annotations

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from reconcile.errors import PostingStopped, ReconcileError
from reconcile.night import NightResult
from reconcile.post import PostingResult
from reconcile.report import headline, is_well


def failed(error: ReconcileError) -> State[Any]:
    """End a run that a person must mend something for: the message is the error's sentence."""
    return Failed(message=str(error), data=error)


def night_ended(result: NightResult) -> State[Any]:
    """End a night: the message is the report's headline."""
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
    """Tell of a run that failed."""


def on_crashed(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell of a run whose process died."""


def on_cancellation(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell of a run that somebody cancelled."""
