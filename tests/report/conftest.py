"""What tests of the page in a browser need: the browser, and a way to open a report in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from reconcile.report.match_report import MatchReport
from reconcile.report.page import render_page
from tests.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a report's page; a script's error, or anything that the policy forbids, is the test's failure."""
    contexts, errors = [], []

    def open_page(report: MatchReport, **settings: object) -> Page:
        file = tmp_path / "report.html"
        file.write_text(render_page(report), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1400, "height": 900}, **settings)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: errors.append(f"a dialog opened: {dialog.message}"))
        page.goto(file.as_uri())
        if settings.get("java_script_enabled", True):
            page.wait_for_selector("html[data-state=ready]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
