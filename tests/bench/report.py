"""Time the match report of a large night: how long it is written, how large it is, and what a browser makes of it."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl
from playwright.sync_api import Page

from reconcile.config import SAMPLES, load
from reconcile.ledger import open_ledger
from reconcile.night import run_night
from reconcile.report import DISCREPANCY_COLUMNS, RunFacts, gather
from reconcile.report.page import render_page
from reconcile.version import VERSION
from tests.bench.nights import night
from tests.bench.worlds import write_world
from tests.browser import chromium

SEARCHES = ("inc", "134348", "thank you", "1,063.73", "no such words")
PICTURE = SAMPLES / "report.png"
PICTURE_WIDTH, PICTURE_HEIGHT = 1280, 1440
INDEX_SECONDS_MAX = 60


def measure(profile: str, lines: int) -> str:
    """Return a sentence on the report of one night of so many lines."""
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        write_world(profile, 1, lines, world)
        night(world)
        run = RunFacts(
            1, dt.date(2027, 1, 1), dt.datetime.now(dt.UTC), VERSION, world / "ledger.duckdb", is_dry_run=False
        )
        with open_ledger(run.ledger, is_dry_run=True) as ledger:
            ledger.run_number = run.run_number
            started = time.perf_counter()
            report = gather(ledger, run, pl.DataFrame(schema=DISCREPANCY_COLUMNS))
            gathered = time.perf_counter() - started
        started = time.perf_counter()
        text = render_page(report)
        rendered = time.perf_counter() - started
        file = world / "report.html"
        file.write_text(text, encoding="utf-8")
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(file.as_uri())
            seen = _seen(page)
    return (
        f"{report.lines.height} lines, {report.open_items.height} open items: gathered in {gathered:.2f} s, page "
        f"rendered in {rendered:.2f} s, {len(text.encode()) / 1e6:.2f} MB; {seen}"
    )


def _seen(page: Page) -> str:
    """Say when the browser had painted first, could show every row, and how long it searched."""
    page.wait_for_selector("html[data-state=ready]", state="attached")
    ready = page.evaluate("performance.now()")
    for _ in range(INDEX_SECONDS_MAX * 10):
        if page.evaluate("performance.getEntriesByName('indexed').length"):
            break
        page.wait_for_timeout(100)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    indexed = page.evaluate("performance.getEntriesByName('indexed')[0].startTime")
    took = []
    for words in SEARCHES:
        before = page.evaluate("performance.getEntriesByName('search').length")
        page.fill("#query", words)
        while page.evaluate("performance.getEntriesByName('search').length") == before:
            page.wait_for_timeout(20)
        took.append(page.evaluate("performance.getEntriesByName('search').at(-1).duration"))
    return (
        f"first paint after {painted:.0f} ms, all rows after {ready:.0f} ms, searchable after {indexed:.0f} ms; "
        f"a search takes {statistics.median(took):.0f} ms, at most {max(took):.0f} ms"
    )


def picture() -> str:
    """Make the README's picture anew: the report of the samples in a browser, the desk at a line."""
    with tempfile.TemporaryDirectory() as folder:
        out = {"ledger": Path(folder) / "ledger.duckdb", "out": Path(folder) / "report"}
        run_night(load(None, {"output": out}).with_samples(), as_of=dt.date(2026, 11, 1))
        with chromium() as browser:
            page = browser.new_page(viewport={"width": PICTURE_WIDTH, "height": PICTURE_HEIGHT})
            page.goto((out["out"] / "report.html").as_uri())
            page.wait_for_selector("html[data-state=ready]", state="attached")
            page.locator(".option", has_text="KETTLEWICK").click()
            page.evaluate("scrollTo(0, 0)")
            page.evaluate("for (const each of document.querySelectorAll('.made')) each.remove()")
            page.screenshot(path=PICTURE)
    return f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB"
