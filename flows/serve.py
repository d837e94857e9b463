"""Deploy every flow and run what is due, with a server, the UI and the report beside it: what `reconcile serve` does.

One run at a time: what writes the ledger never meets itself here, and what comes from elsewhere waits for the ledger's
own lock. Must not: be reached from another machine.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from flows.report_server import REPORT_FOLDER, REPORT_URL, showing
from flows.server import HOST, is_prefect, refuse_taken, running_server, set_up
from reconcile.config import Config
from reconcile.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


TAG: Final = "reconcile"
"""What all our runs are found by."""


@dataclass(frozen=True)
class Places:
    """On which ports of this machine the UI and the report are shown."""

    port: int
    report_port: int


def serve(config: Config, config_file: Path | None, places: Places, tell: Callable[[str], None]) -> None:
    """Start what is needed, deploy every flow, and run what is due until a person stops it.

    Args:
        config: the settings, with samples filled in.
        config_file: the file that flow runs read; None where the defaults do.
        places: the ports of the UI and the report.
        tell: says a line to the person who started it.

    Raises:
        ReconcileError: a port is taken, a schedule is none, or the server does not answer.
    """
    named = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    api = named or f"http://{HOST}:{places.port}/api"
    set_up()
    os.environ["PREFECT_API_URL"] = api  # before Prefect is imported, which reads it once
    refuse_bad_cron(config)
    refuse_taken(places.report_port, "--report-port")
    server = _answering(api) if named else _started(api, places.port, tell)
    with _stopped_by_signal(), server, showing(_folder(config), places.report_port) as report:
        os.environ |= {REPORT_URL: report, REPORT_FOLDER: str(_folder(config))}  # flow runs inherit it
        from prefect.runner import Runner

        class OneRunner(Runner):
            def handle_sigterm(self, *_: Any) -> None:
                signal.raise_signal(signal.SIGINT)  # stopped as by Ctrl-C: whole, without a word

        runner = OneRunner(name="reconcile", pause_on_shutdown=False, limit=1)
        for deployment in deployments(config, config_file):
            runner.add_deployment(deployment)
        logging.getLogger("prefect.runner").setLevel(logging.WARNING)  # else it says every two seconds that a run waits
        tell(f"ready: {api.removesuffix('/api')} shows and starts flows, {report} shows the report")
        tell(_scheduled(config))
        asyncio.run(runner.start())


def deployments(config: Config, config_file: Path | None) -> list[RunnerDeployment]:
    """Return every flow as it is deployed: its name for a person, its schedule, its tags, the settings it reads."""
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.apply_decisions import apply_decisions
    from flows.post_payments import post_payments
    from flows.reconcile_statements import reconcile_statements
    from flows.write_report import write_report

    schedule = config.schedule
    parameters = {"config": str(config_file.resolve())} if config_file else {}

    def deployed(flow: Any, name: str, *tags: str, cron: str = "") -> RunnerDeployment:
        deployment: RunnerDeployment = flow.to_deployment(
            name,
            schedule=Cron(cron, timezone=schedule.time_zone) if cron and schedule.is_on else None,
            parameters=parameters,
            tags=[TAG, *tags],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        return deployment

    return [
        deployed(reconcile_statements, "nightly", "night", cron=schedule.night_cron),
        deployed(reconcile_statements, "a-day-or-a-file", "by hand"),
        deployed(post_payments, "post-what-waits", "posting", cron=schedule.post_cron),
        deployed(apply_decisions, "apply-decisions", "by hand"),
        deployed(write_report, "report-again", "report"),
    ]


def refuse_bad_cron(config: Config) -> None:
    """Make sure that what stands in the schedule is a cron line.

    Raises:
        ConfigError: it is none.
    """
    from prefect.schedules import Cron

    for key in ("night_cron", "post_cron"):
        cron = getattr(config.schedule, key)
        try:
            Cron(cron, timezone=config.schedule.time_zone) if cron else None
        except ValueError:
            message = f'schedule.{key} = "{cron}" is no cron line: minute, hour, day, month, weekday, as "30 4 * * *"'
            raise ConfigError(message) from None


def _scheduled(config: Config) -> str:
    schedule = config.schedule
    if not schedule.is_on or not schedule.night_cron:
        return "no night begins by itself: schedule.is_on is false, or schedule.night_cron is empty"
    return f"a night begins at {schedule.night_cron!r} of {schedule.time_zone}; Ctrl-C stops"


def _folder(config: Config) -> Path:
    if config.output.out is None:
        raise ConfigError("no report folder is named")
    return config.output.out.resolve()


@contextmanager
def _answering(api: str) -> Iterator[None]:
    """Use the server that PREFECT_API_URL names."""
    if not is_prefect(api):
        message = f"the Prefect API at {api} does not answer; start it, or unset PREFECT_API_URL"
        raise UsageError(message)
    yield


@contextmanager
def _started(api: str, port: int, tell: Callable[[str], None]) -> Iterator[None]:
    """Start a server; one that answers at the port already, left by a run that was killed, is used as it is."""
    if is_prefect(api):
        tell(f"uses the Prefect server that answers on port {port} already")
        yield
        return
    refuse_taken(port, "--port")
    tell("starts a Prefect server; the first time this takes a quarter of a minute")
    with running_server(api, port):
        _end_what_broke_off()
        yield


def _end_what_broke_off() -> None:
    """Say of runs that were going on when machine and server died together that they broke off; nobody else would."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
        FlowRunFilterTags,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    going_on = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    ours = FlowRunFilter(state=FlowRunFilterState(type=going_on), tags=FlowRunFilterTags(all_=[TAG]))
    message = "It broke off with the machine or with reconcile serve; what the ledger holds is whole. Run it again."
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=ours):
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """Stop on SIGTERM as on Ctrl-C: whole, and with the server stopped too."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts it in the background switches it off
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
