"""What several tests need: an open ledger in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

IS_SIDE_BY_SIDE = "PYTEST_XDIST_WORKER" in os.environ
if IS_SIDE_BY_SIDE:  # processes that share the processors are quicker with a thread each
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import duckdb  # noqa: E402 - polars reads the environment when it is imported
import pytest  # noqa: E402 - polars reads the environment when it is imported
from hypothesis import settings  # noqa: E402 - polars reads the environment when it is imported

from reconcile.ledger import Ledger, open_ledger  # noqa: E402 - polars reads the environment when it is imported
from tests.builders import begin_run  # noqa: E402 - polars reads the environment when it is imported

if IS_SIDE_BY_SIDE:
    connect = duckdb.connect

    def connect_with_one_thread(*given: Any, **settings: Any) -> duckdb.DuckDBPyConnection:
        """Connect as DuckDB does, with one thread unless the settings say otherwise."""
        return connect(*given, **{**settings, "config": {"threads": 1, **(settings.get("config") or {})}})

    duckdb.connect = connect_with_one_thread

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


def pytest_xdist_auto_num_workers() -> int:
    """Run two processes more than there are processors: some tests mostly wait, for a schedule or a slow server."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Hand out a new ledger inside its transaction, in its first run; nothing of it is kept."""
    with open_ledger(tmp_path / "ledger.duckdb") as opened:
        begin_run(opened)
        yield opened
