"""A real browser for tests: the Chromium of this machine, without a window; installed where it is missing.

Playwright keeps its thread's event loop running while it is open: open it for a test or a module, not for a session.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def chromium_path() -> str:
    """Return where Chromium is; a machine without one gets Debian's, installed by one test process at a time."""
    with Path(tempfile.gettempdir(), "chromium-is-installed-by-tests").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (found := _found()):
            as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
            for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
                subprocess.run([*as_root, "apt-get", "-qq", *words], check=True, stdout=subprocess.DEVNULL)
            found = _found()
    assert found, "no Chromium on this machine, and none could be installed"
    return found


def _found() -> str:
    return next(filter(None, map(shutil.which, NAMES)), "")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def browser(**options: object) -> Iterator[BrowserContext]:
    """Open a browser and hand out a context of it; `options` are those of the context."""
    with chromium() as opened:
        yield opened.new_context(**options)  # type: ignore[arg-type]
