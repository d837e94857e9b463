"""Load the SQL that lives beside each step. One file holds one statement; its name is the relation that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

import duckdb
import polars as pl


@cache
def sql(room: str, name: str) -> str:
    """Return the text of `reconcile/<room>/<name>.sql`."""
    return files("reconcile").joinpath(room, f"{name}.sql").read_text(encoding="utf-8")


def used(query: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that a query names: DuckDB refuses surplus ones."""
    named = _parameters(query)
    return {name: value for name, value in parameters.items() if name in named}


@cache
def _parameters(query: str) -> frozenset[str]:
    return frozenset(re.findall(r"\$(\w+)", query))


@contextmanager
def given(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Make frames readable as tables while some statements run."""
    for name, frame in frames.items():
        con.register(name, frame.to_arrow())
    try:
        yield
    finally:
        for name in frames:
            con.unregister(name)
