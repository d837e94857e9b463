"""Load the SQL that lives beside each step. One file holds one statement; its name is the relation that it makes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(room: str, name: str) -> str:
    """Return the text of `reconcile/<room>/<name>.sql`."""
    return files("reconcile").joinpath(room, f"{name}.sql").read_text(encoding="utf-8")
