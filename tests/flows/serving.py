"""`reconcile serve` in a process of its own, as a person starts it, in a folder of its own on free ports."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

SECONDS_MAX = 240
"""How long anything may take on a busy machine."""

Found = TypeVar("Found")


@dataclass
class Served:
    """A running `reconcile serve`: its UI, its report, its output so far."""

    process: subprocess.Popen[str]
    ui: str
    report: str
    output: Path

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the server as its UI does."""
        for _ in range(20):
            answer = httpx.request(method, f"{self.ui}/api{path}", json=body, timeout=60, trust_env=False)
            if answer.status_code != 503:  # SQLite is locked: the UI asks again too
                break
            time.sleep(1)
        answer.raise_for_status()
        return answer.json()

    def runs(self) -> list[dict[str, Any]]:
        """Return all flow runs that there are, the earliest due first."""
        runs = self.call("POST", "/flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"})
        assert isinstance(runs, list)
        return runs

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a flow with parameters as the form does; return the run's id."""
        found = self.call("GET", f"/deployments/name/{deployment}")
        run = self.call("POST", f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters})
        return str(run["id"])

    def ended(self, run_id: str) -> dict[str, Any]:
        """Wait for a run's end and return the run."""

        def final() -> dict[str, Any] | None:
            run = self.call("GET", f"/flow_runs/{run_id}")
            is_final = run["state_type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
            return run if is_final else None

        return until(final)

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS_MAX)


def until(look: Callable[[], Found | None]) -> Found:
    """Look again and again until there is something."""
    deadline = time.monotonic() + SECONDS_MAX
    while not (found := look()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.5)
    return found


def free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


@contextmanager
def serving(settings: Path, home: Path) -> Iterator[Served]:
    """Run `reconcile serve` until the test is over; it is ready when this hands it out."""
    port, report_port = free_ports()
    output = home.with_name(f"{home.name}-{port}.log")
    command = [sys.executable, "-m", "reconcile", "serve", "--config", str(settings)]
    command += ["--port", str(port), "--report-port", str(report_port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with output.open("a") as written:
        process = subprocess.Popen(
            command, stdout=written, stderr=written, text=True, env=kept | {"PREFECT_HOME": str(home)},
            start_new_session=True,
        )  # fmt: skip
    served = Served(process, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{report_port}", output)
    try:
        until(lambda: "ready:" in output.read_text() or process.poll() is not None)
        assert process.poll() is None, output.read_text()
        yield served
    finally:
        if process.poll() is None:
            served.stop()
