"""What several tests need: an open ledger in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from reconcile.ledger import Ledger, open_ledger
from tests.builders import begin_run

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are processors: some tests mostly wait, for a schedule or a slow server."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Hand out a new ledger inside its transaction, in its first run; nothing of it is kept."""
    with open_ledger(tmp_path / "ledger.duckdb") as opened:
        begin_run(opened)
        yield opened
