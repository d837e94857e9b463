"""The whole way of the page: the samples' queue decided in a browser, the file carried out, the books right."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from reconcile.cli import cli
from reconcile.config import load
from reconcile.ledger import open_ledger
from reconcile.night import run_night

pytestmark = pytest.mark.xdist_group("desk")

EVERY_WAY = ("a", "s", "w", "r", "o", "n")


def decide(page: Page, key: str) -> None:
    """Decide the line at hand as a key says; leave its form where that refuses."""
    page.keyboard.press(key)
    if page.locator("form.act").count():
        page.fill("form.act [name=reason]", "as the customer told us")
        page.click("form.act .primary")
    if page.locator("form.act").count():
        page.keyboard.press("Escape")


def test_every_line_of_the_samples_is_decided_at_the_desk_and_the_ledger_holds_just_that(
    browser: Browser, tmp_path: Path
) -> None:
    ledger, out = tmp_path / "ledger.duckdb", tmp_path / "out"
    run_night(load(None, {"output": {"ledger": ledger, "out": out}}).with_samples())
    page = browser.new_page()
    page.goto((out / "report.html").as_uri())
    page.wait_for_selector("html[data-state=ready]", state="attached")
    lines = page.locator(".option").count()
    for n in range(lines):
        page.locator("#queue").focus()
        for key in (EVERY_WAY[n % len(EVERY_WAY)], "a", "n"):
            before = page.locator("#decided").text_content()
            decide(page, key)
            if page.locator("#decided").text_content() != before:
                break
    assert page.locator("#decided").text_content() == f"{lines} of {lines} decided"
    page.fill("#who", "anna")
    with page.expect_download() as download:
        page.click("#save")
    file = tmp_path / "decisions.json"
    download.value.save_as(file)
    page.close()

    settings = tmp_path / "own.toml"
    settings.write_text('[review]\nwrite_off_amount_max = "1000"\n', encoding="utf-8")
    words = ["review", "apply", str(file), "--ledger", str(ledger), "--config", str(settings)]
    applied = CliRunner().invoke(cli, words)
    again = CliRunner().invoke(cli, words)
    with open_ledger(ledger, is_dry_run=True) as book:
        said = dict(book.rows("select line_id, action from reviews"))
        rejected = book.rows(
            "select count(*) from current_decisions where outcome in ('review', 'unmatched') and line_id in "
            "(select line_id from reviews where action != 'reject')"
        )
    assert (applied.exit_code, applied.stderr) == (0, ""), applied.output
    assert again.exit_code == 0, again.output
    assert len(said) == lines
    assert set(said.values()) >= {"accept", "reject", "on_account", "not_receivable"}
    assert rejected == [(0,)]


@pytest.fixture(autouse=True)
def _own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "anna")
