"""A real browser for tests: the Chromium of this machine, without a window; installed where it is missing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, sync_playwright


def chromium_path() -> str:
    """Return where Chromium is; a machine without one gets Debian's."""
    for _ in range(2):
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if path := shutil.which(name):
                return path
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=True, capture_output=True)
    raise FileNotFoundError("chromium")


@contextmanager
def browser(**options: object) -> Iterator[BrowserContext]:
    """Open a browser and hand out a context of it; `options` are those of the context."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        context = opened.new_context(**options)  # type: ignore[arg-type]
        try:
            yield context
        finally:
            opened.close()
