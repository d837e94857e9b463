"""The same input gives the same decisions, whatever the order of rows and files and however many threads."""

import csv
import random
from pathlib import Path

import duckdb
import pytest

from reconcile.config import load
from reconcile.night import run_night
from tests.bench.worlds import write_world

pytestmark = pytest.mark.xdist_group("determinism")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world("nl", 3, 400, folder)
    return folder


def decisions(world: Path, folder: Path, *, statements: Path | None = None) -> list[tuple[str, ...]]:
    """Run a night on the world and return what was decided of each line, without the places in the files."""
    given = {
        "input": {
            "statements": (statements or world / "statements",),
            "invoices": world / "invoices.csv",
            "customers": world / "customers.csv",
        },
        "output": {"ledger": folder / "ledger.duckdb", "out": folder / "out"},
    }
    run_night(load(None, given).with_samples())
    told = []
    for name in ("lines.csv", "allocations.csv"):
        with (folder / "out" / name).open(newline="", encoding="utf-8") as file:
            told += [
                tuple(value for key, value in row.items() if key not in ("source_file", "source_row"))
                for row in csv.DictReader(file)
            ]
    return sorted(told)


def test_one_thread_decides_as_two_do(world, tmp_path, monkeypatch):
    connect = duckdb.connect

    def decided_with(threads):
        def with_threads(*given, **settings):
            return connect(*given, **{**settings, "config": {**settings.get("config", {}), "threads": threads}})

        monkeypatch.setattr("reconcile.ledger.book.duckdb.connect", with_threads)
        return decisions(world, tmp_path / str(threads))

    assert decided_with(1) == decided_with(2)


def test_shuffled_rows_of_invoices_and_customers_change_nothing(world, tmp_path):
    before = decisions(world, tmp_path / "before")
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for name in ("invoices.csv", "customers.csv"):
        head, *rows = (world / name).read_text(encoding="utf-8").splitlines()
        random.Random(7).shuffle(rows)
        (shuffled / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")

    assert decisions(shuffled, tmp_path / "after", statements=world / "statements") == before


def test_files_in_another_order_change_nothing(world, tmp_path):
    before = decisions(world, tmp_path / "before")
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for place, file in enumerate(sorted((world / "statements").iterdir(), reverse=True)):
        (renamed / f"{place}{file.suffix}").write_bytes(file.read_bytes())

    assert decisions(world, tmp_path / "after", statements=renamed) == before
