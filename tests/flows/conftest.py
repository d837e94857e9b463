"""What tests of flows need: a Prefect server in this process's own folder, and an office whose files a night reads."""

import os
from pathlib import Path

import pytest

from tests.test_night import CUSTOMERS, FIRST, INVOICES, SECOND, statement

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")


@pytest.fixture(scope="session")
def prefect_backend():
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=180),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def settle_in(folder: Path, more: str = "") -> Path:
    """Put an office's files into a folder, and return the settings that name them."""
    (folder / "statements").mkdir()
    (folder / "statements" / "october.ofx").write_text(statement(FIRST, SECOND))
    (folder / "invoices.csv").write_text(INVOICES)
    (folder / "customers.csv").write_text(CUSTOMERS)
    settings = folder / "mine.toml"
    settings.write_text(
        '[input]\nstatements = ["statements"]\ninvoices = "invoices.csv"\ncustomers = "customers.csv"\n'
        f'[output]\nledger = "ledger.duckdb"\nout = "out"\n{more}'
    )
    return settings


@pytest.fixture
def settings(tmp_path) -> Path:
    return settle_in(tmp_path)
