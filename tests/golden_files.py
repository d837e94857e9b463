"""Golden files: what a sample is known to become, kept beside it and compared to the letter.

A golden changes only by a deliberate command, `RECONCILE_REGENERATE=1 pytest ...`, whose diff is then read.
"""

from __future__ import annotations

import os
from pathlib import Path


def assert_matches_golden(path: Path, text: str) -> None:
    """Compare `text` with the golden at `path`, or write it there when RECONCILE_REGENERATE is 1."""
    if os.environ.get("RECONCILE_REGENERATE") == "1":
        path.write_bytes(text.encode())
    assert path.is_file(), f"{path.name} is missing; run once with RECONCILE_REGENERATE=1 and read what it writes"
    assert text == path.read_bytes().decode(), f"{path.name} differs; RECONCILE_REGENERATE=1 rewrites it"
