"""Start a Prefect server on this machine beside the process that needs it, and stop it with that process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from reconcile.config import ROOT
from reconcile.errors import UsageError

HOST: Final = "127.0.0.1"
"""Only this machine: Prefect has no users, so whoever reaches it may start flows and read what they leave."""

START_SECONDS_MAX: Final = 180
STOP_SECONDS_MAX: Final = 15

SETTINGS: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Prefect's second UI asks a tracking service on every page, whatever is set; the first one asks nobody.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_API_URL": "/api",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # Kept on disk: a lease in memory is held for ever once the server has died.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "reconcile",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}
"""What is set where the environment does not say otherwise; `[tool.prefect]` is read in the project's folder only."""


def set_up() -> None:
    """Put the settings into the environment; before Prefect is imported, here or in a process that is started."""
    if not os.environ.get("PREFECT_API_URL"):  # else the user's own profile holds what that server asks for
        os.environ.setdefault("PREFECT_HOME", str(ROOT / "data" / "prefect"))
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def refuse_taken(port: int, option: str) -> None:
    """Make sure that a port is free.

    Raises:
        UsageError: another program listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = f"port {port} cannot be used ({error.strerror}); choose another with {option}"
            raise UsageError(message) from None


def is_prefect(api: str) -> bool:
    """Say whether a Prefect server answers at an address of an API."""
    try:
        return httpx.get(f"{api}/health", timeout=3, trust_env=False).text.strip() == "true"
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


@contextmanager
def running_server(api: str, port: int) -> Iterator[None]:
    """Run a Prefect server while something runs.

    A session of its own keeps a Ctrl-C from reaching it: it is stopped last, when nothing needs it any more.

    Raises:
        UsageError: it does not start.
    """
    log = Path(os.environ["PREFECT_HOME"]) / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    with log.open("ab") as written:
        server = subprocess.Popen(  # noqa: S603 - our own interpreter and literal words
            command, stdin=subprocess.DEVNULL, stdout=written, stderr=written, start_new_session=True
        )
    try:
        _wait_for(server, api, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], api: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while not is_prefect(api):
        if server.poll() is not None or time.monotonic() > deadline:
            message = f"the Prefect server did not start; {log} says why"
            raise UsageError(message)
        time.sleep(0.2)
