"""What the page promises: every line is on it, its sums add up, and no text of a bank is anything but text."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from reconcile.model import Outcome
from reconcile.report import page
from reconcile.report.page import BAR_WIDTH, render_page
from tests.report.builders import DAY, RUN, line, report

OUTCOMES = [outcome.value for outcome in Outcome]
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onfocus='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<!--",
    "&lt;b&gt; &amp;",
    "=cmd()",
    "[bold]x[/bold]",
]


def parsed(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def data_of(tree: html.HtmlElement) -> dict[str, Any]:
    [block] = tree.xpath("//script[@id='data']")
    length, signs = block.text.split(" ")
    zipped = base64.b85decode(signs.translate(str.maketrans("./,", "<>&")))[: int(length)]
    return json.loads(gzip.decompress(zipped))


def rows_in(tree: html.HtmlElement, section: str) -> list[html.HtmlElement]:
    return tree.xpath(f"//section[@id='{section}']//tr[@data-line-id]")


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", " ".join(element.itertext())).strip()


def cells(tree: html.HtmlElement, table: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row.xpath("./*")] for row in tree.xpath(f"//table[@class='{table}']//tr")]


def test_every_line_is_on_the_page_and_in_its_data() -> None:
    tree = parsed(render_page(report([line(outcome) for outcome in OUTCOMES])))
    shown = {row.get("data-line-id") for row in tree.xpath("//section//tr[@data-line-id]")}
    assert shown == {f"L{n}" for n in range(1, len(OUTCOMES) + 1)}
    assert data_of(tree)["lines"]["length"] == len(OUTCOMES)


def test_each_line_stands_in_the_sections_of_its_outcome() -> None:
    tree = parsed(render_page(report([line(outcome) for outcome in OUTCOMES])))
    told = {section: {row.get("data-outcome") for row in rows_in(tree, section)} for section in page.SECTIONS}
    assert told == {
        "review": {"review", "unmatched"},
        "exceptions": {"short_paid", "overpaid", "duplicate", "returned", "refund", "on_account"},
        "posted": {"applied", "short_paid", "overpaid", "returned"},
        "ignored": {"ignored"},
    }


def test_without_a_script_the_first_rows_are_shown_and_the_others_are_counted() -> None:
    tree = parsed(render_page(report([line("review") for _ in range(205)])))
    assert len(rows_in(tree, "review")) == page.FIRST_ROWS
    assert f"The first {page.FIRST_ROWS} of 205" in tree.get_element_by_id("review").text_content()
    assert data_of(tree)["lines"]["length"] == 205


def test_a_line_is_shown_with_its_invoices_and_what_else_was_considered() -> None:
    told = report(
        [line("applied"), line("review", "1204.5")],
        [{"line_id": "L2", "invoice_number": "INV-7", "amount": "1204.5", "state": "proposed", "probability": 0.61}],
        [
            {"line_id": "L2", "rank": 1, "invoice_numbers": "INV-7"},
            {"line_id": "L2", "rank": 2, "invoice_numbers": "INV-8", "why_not": "another payer"},
        ],
    )
    [row] = rows_in(parsed(render_page(told)), "review")
    said = text_of(row)
    assert "INV-7" in row.xpath("string(.//ul)")
    assert "1,204.50" in row.xpath("string(.//ul)")
    assert "61.0 %" in said
    assert "Explanations considered: 2" in said
    assert "another payer" in row.xpath("string(.//ol)")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_came_and_makes_no_element(text: str) -> None:
    every = dict.fromkeys(("counterparty_name", "remittance_text", "explanation", "source_file", "customer_name"), text)
    told = report(
        [line("review", **every), line("applied", **every)],
        [{"line_id": "L2", "invoice_number": text, "customer_name": text}],
        [{"invoice_numbers": text, "why_not": text}],
        [{"invoice_number": text, "customer_name": text}],
        [{"source_file": text}],
        [{"source_file": text, "reason": text}],
        [{"sentence": text, "account_id": text}],
    )
    plain = report([line("review"), line("applied")], [{"line_id": "L2"}], [{}], [{}], [{}], [{}], [{}])
    tree = parsed(render_page(told))
    assert text in tree.xpath("string(//section[@id='review']//td[@class='payer']/strong)")
    assert elements(tree) == elements(parsed(render_page(plain)))


def elements(tree: html.HtmlElement) -> list[tuple[str, list[str]]]:
    return [(each.tag, sorted(each.keys())) for each in tree.iter() if isinstance(each.tag, str)]


def test_the_data_block_holds_no_sign_that_a_parser_of_html_could_heed() -> None:
    text = render_page(report([line("applied", remittance_text="</script><!--&\u2028\u2029")]))
    block = text.split('id="data" type="text/plain">')[1].split("</script>")[0]
    assert block.isascii()
    assert not set(block) & set("<>&")


def test_characters_that_turn_the_reading_order_are_shown() -> None:
    text = render_page(report([line("applied", remittance_text="invoice \u202egnp.exe\x1b[2J\x00")]))
    assert not set(text) & set("\u202e\x1b\x00")
    assert "\u2329U+202E\u232agnp.exe" in text


def test_the_policy_lets_only_the_pages_own_style_and_script_run() -> None:
    tree = parsed(render_page(report([line("applied")])))
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag, block in (("style", "//style"), ("script", "//script[not(@type)]")):
        [element] = tree.xpath(block)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_page_needs_nothing_from_elsewhere() -> None:
    tree = parsed(render_page(report([line("applied")])))
    assert not tree.xpath("//@src | //link | //@style | //@*[starts-with(name(), 'on')]")
    assert all(href.startswith("#") for href in tree.xpath("//@href"))


def test_money_in_is_its_parts_in_figures_and_in_the_picture() -> None:
    told = report([line("applied", "70"), line("duplicate", "15"), line("review", "10"), line("ignored", "5")])
    tree = parsed(render_page(told))
    headings, amounts, _ = cells(tree, "money")
    read = dict(zip(headings, amounts, strict=True))
    assert read["Money in"] == "100.00"
    assert [read[part] for part in ("Applied", "On account", "In review", "Unmatched", "Not receivables")] == [
        "70.00", "15.00", "10.00", "0.00", "5.00",
    ]  # fmt: skip
    widths = [float(width) for width in tree.xpath("//tr[@class='bar']//rect/@width")]
    assert sum(widths) == pytest.approx(BAR_WIDTH)


def test_amounts_have_their_currencys_decimals_and_keep_their_sign() -> None:
    told = [
        line("ignored", "-0.5"),
        line("applied", "1234567", currency="JPY"),
        line("applied", "1234.125", currency="KWD"),
    ]
    tree = parsed(render_page(report(told)))
    amounts = [
        text_of(row.xpath("./td[@class='amount']")[0]) for row in rows_in(tree, "posted") + rows_in(tree, "ignored")
    ]
    assert amounts == ["1,234,567 JPY", "1,234.125 KWD", "-0.50 EUR"]


def test_open_items_are_aged_from_their_due_date_and_credit_notes_owe_the_other_way() -> None:
    days = [0, 1, 30, 31, 60, 61, 90, 91]
    items = [{"days_overdue": late, "open_amount": "10"} for late in days]
    tree = parsed(render_page(report(open_items=[*items, {"kind": "credit_note", "open_amount": "5"}])))
    _, amounts = cells(tree, "ages")
    assert amounts == ["EUR", "10.00", "20.00", "20.00", "20.00", "10.00", "-5.00", "75.00"]


def test_files_rejections_and_discrepancies_are_named() -> None:
    told = report(
        files=[{"source_file": "a.ofx", "transactions": 9, "lines_new": 5, "lines_repeated": 3, "rows_rejected": 1}],
        rejected=[
            {"source_file": "b.pdf", "reason": "not a statement"},
            {"source_file": "a.ofx", "source_row": 4, "reason": "no date"},
        ],
        discrepancies=[{"sentence": "The balance does not add up."}],
    )
    tree = parsed(render_page(told))
    assert "a.ofx ofx 9 5 3 1" in text_of(tree.get_element_by_id("files"))
    assert "b.pdf whole file not a statement" in text_of(tree.get_element_by_id("rejected"))
    assert "The balance does not add up." in text_of(tree.get_element_by_id("discrepancies"))
    assert "1 file and 1 transaction not accepted, 1 discrepancy to look at" in text_of(
        tree.get_element_by_id("headline")
    )


def test_an_empty_night_is_a_page_that_says_so() -> None:
    tree = parsed(render_page(report()))
    assert "no line to decide" in text_of(tree.get_element_by_id("headline"))
    assert "Nothing waits for a decision." in text_of(tree.get_element_by_id("review"))


def test_a_dry_run_is_marked() -> None:
    assert "Dry run: nothing was written" in render_page(report(run=replace(RUN, is_dry_run=True)))
    assert "Dry run" not in render_page(report())


def test_dates_are_iso_and_every_column_is_headed() -> None:
    tree = parsed(
        render_page(report([line("applied", booked_date=DAY)], open_items=[{"due_date": dt.date(2026, 1, 2)}]))
    )
    assert text_of(rows_in(tree, "posted")[0]).startswith("2026-10-05")
    assert "2026-01-02" in text_of(tree.get_element_by_id("open-items"))
    assert all(heading.get("scope") for heading in tree.xpath("//th"))
    assert all(field.xpath("ancestor::label") for field in tree.xpath("//input | //select"))


def test_postings_that_are_not_confirmed_and_differences_are_on_the_page_as_text() -> None:
    told = report(postings=[{"detail": HOSTILE[0]}, {"state": "refused"}], differences=[{"sentence": HOSTILE[1]}])
    tree = parsed(render_page(told))
    [section] = tree.xpath("//section[@id='postings']")
    text = text_of(section)
    assert HOSTILE[0] in text
    assert HOSTILE[1] in text
    assert "Unknown 1" in text
    assert "1 posting to invoicing_v1 not confirmed, 1 posting to invoicing_v1 refused, 1 difference" in text_of(tree)


def test_without_another_system_the_page_speaks_of_no_postings() -> None:
    assert parsed(render_page(report([line("applied")]))).xpath("//section[@id='postings']") == []
