"""What the desk promises in a real browser: each line beside its proposal, decided by keys, saved as agreed."""

from __future__ import annotations

import datetime as dt
import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.report.builders import line, report
from tests.report.test_page import HOSTILE

pytestmark = pytest.mark.xdist_group("desk")

DAY_AFTER, LONG_AGO = dt.date(2026, 10, 6), dt.date(2026, 6, 1)
PROPOSED = {"state": "proposed", "probability": 0.61}


WHY = (
    "best, but too uncertain to post: the text names INV-472, the payer's name is the customer's, the amount is what "
    "is due, to the cent"
)


def elm():
    """A receipt of 100.00 that names INV-0472, with a proposal and an alternative; other open items beside."""
    return report(
        [line("review", counterparty_name="ELM & CO LTD", remittance_text="PAYMENT INV-0472 THANKS"), line("applied")],
        [PROPOSED | {"invoice_id": "I1", "invoice_number": "INV-472", "customer_name": "Elm Co. Ltd"}],
        [
            {"invoice_ids": "I1", "invoice_numbers": "INV-472", "why_not": WHY},
            {"rank": 2, "invoice_ids": "I2", "invoice_numbers": "INV-9", "why_not": "less likely"},
        ],
        [
            {"invoice_number": "INV-472", "customer_name": "Elm Co. Ltd"},
            owed("I2", "INV-9", "130.00"),
            owed("I3", "INV-10", "30.00") | {"customer_id": "C-2", "customer_name": "Oak"},
            {"invoice_id": "I4", "invoice_number": "INV-11", "currency": "USD"},
            owed("K1", "CN-1", "20.00") | {"kind": "credit_note"},
        ],
        customers=[{}, {"customer_id": "C-2", "name": "Oak"}],
    )


def owed(invoice_id: str, number: str, amount: str) -> dict:
    return {"invoice_id": invoice_id, "invoice_number": number, "total": amount, "open_amount": amount}


def saved(page: Page, who: str = "anna") -> dict:
    if who:
        page.fill("#who", who)
    with page.expect_download() as download:
        page.click("#save")
    return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


def decision(page: Page) -> dict:
    [only] = saved(page)["decisions"]
    only.pop("decided_at")
    return only


def said(**told: object) -> dict:
    return {"line_id": "L1", "invoices": [], "customer_id": "", "reason": ""} | told


def test_the_line_at_hand_is_shown_beside_its_proposal_with_what_both_have_marked(opened):
    page = opened(elm())

    assert page.locator(".evidence mark.reference").all_inner_texts() == ["INV-0472", "INV-472"]
    assert page.locator(".evidence mark.payer").all_inner_texts() == ["ELM", "Elm"]
    assert page.locator(".evidence .level").all_inner_texts() == ["agrees", "agrees", "agrees"]
    assert page.locator(".proposal tbody td.amount").all_inner_texts() == ["100.00", "100.00", "0.00"]
    expect(page.locator(".alternatives li")).to_contain_text("INV-9")


def test_a_key_accepts_and_the_file_is_what_review_apply_reads(opened):
    page = opened(elm())
    page.keyboard.press("a")

    expect(page.locator("#decided")).to_have_text("1 of 1 decided")
    file = saved(page)
    [each] = file["decisions"]
    assert list(file) == ["format", "run_number", "who", "decisions"]
    assert (file["format"], file["run_number"], file["who"]) == ("reconcile-decisions/1", 7, "anna")
    assert list(each) == ["line_id", "action", "invoices", "customer_id", "reason", "decided_at"]
    assert len(each.pop("decided_at")) == len("2026-11-26T08:01:02Z")
    assert each == said(action="accept", invoices=[{"invoice_id": "I1", "amount": "100.00"}])
    expect(page.locator("#saved code")).to_contain_text("review apply decisions-run-7.json")


def test_nothing_is_saved_before_somebody_says_who_decides(opened):
    page = opened(elm())
    page.keyboard.press("a")
    page.click("#save")

    expect(page.locator("#saved")).to_contain_text("Say who decides")
    expect(page.locator("#who")).to_be_focused()


def test_a_rejection_names_what_is_rejected_and_of_everything_asks_why(opened):
    page = opened(elm())
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    assert decision(page) == said(action="reject", invoices=[{"invoice_id": "I1"}])

    page.click(".decided-note button")
    page.keyboard.press("r")
    page.locator(".boxes label", has_text="INV-9").click()
    page.click("form.act .primary")
    expect(page.locator("form.act .wrong")).to_contain_text("Say why")
    page.fill("form.act [name=reason]", "neither is theirs")
    page.click("form.act .primary")
    assert decision(page) == said(
        action="reject", invoices=[{"invoice_id": "I1"}, {"invoice_id": "I2"}], reason="neither is theirs"
    )


def test_assigning_shows_what_is_left_in_exact_decimals_and_refuses_what_does_not_add_up(opened):
    page = opened(elm())
    page.keyboard.press("s")
    page.fill("form.act input.amount", "0.10")
    page.fill("form.act input[type=search]", "oak")
    page.keyboard.press("Enter")
    page.locator("form.act input.amount").nth(1).fill("0.20")
    expect(page.locator("form.act .sum")).to_contain_text("0.30 of 100.00 EUR; 99.70 left")

    for wrong, sentence in (
        ("30.01", "owes 30.00"),
        ("1e1", "no amount"),
        ("0.001", "no amount"),
        ("-1", "above zero"),
        ("0", "above zero"),
    ):
        page.locator("form.act input.amount").nth(1).fill(wrong)
        page.click("form.act .primary")
        expect(page.locator("form.act .wrong[role=alert]")).to_contain_text(sentence)

    page.locator("form.act input.amount").nth(0).fill("90")
    page.locator("form.act input.amount").nth(1).fill("30")
    page.click("form.act .primary")
    expect(page.locator("form.act .wrong[role=alert]")).to_contain_text("120.00 is too much")

    page.locator("form.act input.amount").nth(1).fill("9.9")
    page.select_option("form.act .rest select", "C-2")
    page.fill("form.act [name=reason]", "by phone")
    page.click("form.act .primary")
    assert decision(page) == said(
        action="assign",
        invoices=[{"invoice_id": "I1", "amount": "90.00"}, {"invoice_id": "I3", "amount": "9.90"}],
        customer_id="C-2",
        reason="by phone",
    )


def test_only_open_items_of_the_lines_currency_can_be_added_and_a_credit_note_gives(opened):
    page = opened(elm())
    page.keyboard.press("s")
    page.fill("form.act input[type=search]", "inv-11")
    expect(page.locator("form.act .found")).to_have_text("Nothing open fits.")
    page.fill("form.act input[type=search]", "cn-1")
    page.keyboard.press("Enter")
    page.locator("form.act input.amount").nth(0).fill("100")
    page.click("form.act .primary")
    assert decision(page)["invoices"] == [
        {"invoice_id": "I1", "amount": "100.00"},
        {"invoice_id": "K1", "amount": "-20.00"},
    ]


def test_an_alternative_is_accepted_as_an_assignment_to_its_invoices(opened):
    page = opened(elm())
    page.click("text=Accept this instead")
    assert decision(page) == said(
        action="assign", invoices=[{"invoice_id": "I2", "amount": "100.00"}], customer_id="C-1"
    )


def test_the_rest_of_an_invoice_is_written_off_when_a_person_says_so(opened):
    page = opened(
        report(
            [line("review", "99.50")],
            [PROPOSED | {"amount": "99.50"}],
            [{}],
            [{}],
        )
    )
    page.keyboard.press("w")
    expect(page.locator("form.act .sum")).to_contain_text("0.50 is written off")
    page.fill("form.act input.amount", "99")
    page.click("form.act .primary")
    expect(page.locator("form.act .wrong[role=alert]")).to_contain_text("0.50 of the line's money would be left over")
    page.fill("form.act input.amount", "99.5")
    page.click("form.act .primary")
    assert decision(page) == said(action="write_off", invoices=[{"invoice_id": "I1", "amount": "99.50"}])


def test_where_nothing_is_left_nothing_is_written_off(opened):
    page = opened(elm())
    page.keyboard.press("w")
    page.click("form.act .primary")
    expect(page.locator("form.act .wrong[role=alert]")).to_contain_text("Nothing is left to write off")


def test_money_goes_on_the_account_of_the_customer_that_is_chosen(opened):
    page = opened(elm())
    page.keyboard.press("o")
    page.fill("form.act input[type=search]", "oak")
    page.keyboard.press("Enter")
    page.click("form.act .primary")
    assert decision(page) == said(action="on_account", customer_id="C-2")


def test_what_is_not_receivable_needs_a_reason(opened):
    page = opened(elm())
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.locator("form.act .wrong")).to_contain_text("Say why")
    page.keyboard.type("a loan: just a, r and u")
    page.keyboard.press("Enter")
    assert decision(page) == said(action="not_receivable", reason="a loan: just a, r and u")


def test_a_line_without_a_proposal_can_be_neither_accepted_nor_rejected(opened):
    page = opened(report([line("unmatched")]))
    for key in "arw":
        page.keyboard.press(key)
    expect(page.locator("#decided")).to_have_text("0 of 1 decided")
    expect(page.locator("form.act")).to_have_count(0)


def test_decisions_are_kept_as_drafts_and_can_be_taken_back(opened):
    page = opened(elm())
    page.keyboard.press("a")
    page.reload()
    expect(page.locator("#decided")).to_have_text("1 of 1 decided")
    page.keyboard.press("u")
    page.reload()
    expect(page.locator("#decided")).to_have_text("0 of 1 decided")


def test_the_desk_works_where_the_browser_keeps_nothing(opened):
    page = opened(report([line("applied")]))
    page.context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('closed') }})")
    page = opened(elm())
    page.keyboard.press("a")
    assert saved(page)["decisions"][0]["action"] == "accept"


def test_the_queue_is_ordered_by_value_or_age_filtered_and_walked_by_keys(opened):
    told = report(
        [
            line("review", "9.50", counterparty_name="small"),
            line("unmatched", "1000", counterparty_name="large", booked_date=DAY_AFTER),
            line("review", "20", counterparty_name="dollars", currency="USD"),
        ],
        earlier=[line("unmatched", "500", line_id="E1", counterparty_name="earlier", booked_date=LONG_AGO)],
    )
    page = opened(told)
    payers = page.locator(".option-payer")

    assert payers.all_text_contents() == ["large", "earlier", "dollars", "small"]
    page.select_option("#order", "age")
    assert payers.all_text_contents()[0] == "earlier"
    expect(page.locator("#case")).to_contain_text("large")  # what was at hand stays at hand
    page.select_option("#currency", "USD")
    assert payers.all_text_contents() == ["dollars"]
    page.select_option("#currency", "")
    page.select_option("#order", "value")
    page.locator("#queue").focus()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".option[aria-selected=true] .option-payer").text_content() == payers.all_text_contents()[-1]
    page.keyboard.press("/")
    page.keyboard.type("earlier")
    expect(payers).to_have_text(["earlier"])
    expect(page.locator("#case")).to_contain_text("waits since an earlier night")


def test_what_a_first_person_decided_is_shown_and_confirmed_by_another(opened):
    told = report(
        [line("review")],
        [PROPOSED],
        [{}],
        [{}],
        waiting_reviews=[{"action": "accept", "reason": "known"}],
    )
    page = opened(told)
    expect(page.locator(".second-person")).to_contain_text(
        "Accepted by anna on 2026-11-01 08:01 UTC: INV-1 100.00 (known)"
    )
    page.fill("#who", "anna")
    page.locator("#queue").focus()
    page.keyboard.press("c")
    expect(page.locator("#decided")).to_have_text("0 of 1 decided")
    page.fill("#who", "ben")
    page.click(".second-person button")
    assert saved(page, "")["decisions"][0]["action"] == "accept"


@pytest.mark.parametrize(
    ("text", "wanted", "marked"),
    [
        ("PAYMENT INV-0472 THANKS", "INV-472", "INV-0472"),
        ("inv20260472", "INV-2026-0472", "inv20260472"),
        ("RE 2026/00392", "RE 2026-00392", "RE 2026/00392"),
        ("ref 472.", "INV-2026-0472", "472"),
        ("x1472", "INV-472", None),
        ("INV 2026", "INV-2026-0472", None),
        ("4720", "472", None),
        ("14", "1814", None),
        ("no number", "INV-472", None),
    ],
)
def test_a_number_is_marked_where_whole_tokens_agree_and_nowhere_else(opened, text, wanted, marked):
    page = opened(
        report(
            [line("review", remittance_text=text)],
            [PROPOSED | {"invoice_number": wanted}],
            [{}],
            [{"invoice_number": wanted}],
        )
    )
    marks = page.locator(".evidence tr:first-child td:nth-child(2) mark.reference")
    assert marks.all_inner_texts() == ([marked] if marked else [])


@pytest.mark.parametrize(
    ("name", "customer", "marked"),
    [
        ("MUELLER BAU", "Müller Bau GmbH", ["BAU"]),
        ("MULLER BAU", "Müller Bau GmbH", ["MULLER BAU"]),
        ("Other GmbH", "Elm GmbH", []),
        ("Elmwood", "Elm", []),
        ("LOFULAN JUNIATA INC", "Juniata Lofulan Inc.", ["LOFULAN", "JUNIATA"]),
    ],
)
def test_a_name_is_marked_where_whole_words_agree_and_never_for_its_legal_form_alone(opened, name, customer, marked):
    told = report(
        [line("review", counterparty_name=name, remittance_text="")],
        [PROPOSED | {"customer_name": customer}],
        [{"customer_name": customer}],
        [{"customer_name": customer}],
        customers=[{"name": customer}],
    )
    found = opened(told).locator(".evidence tr:nth-child(2) td:nth-child(2) mark").all_inner_texts()
    assert {word for text in found for word in text.split()} - {"INC"} == {
        word for text in marked for word in text.split()
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing_at_the_desk_and_goes_into_no_file(opened, text):
    every = dict.fromkeys(("counterparty_name", "remittance_text", "explanation", "source_file", "customer_name"), text)
    told = report(
        [line("review", **every)],
        [PROPOSED | {"invoice_number": text, "customer_name": text}],
        [
            {"invoice_numbers": text, "why_not": text},
            {"rank": 2, "invoice_ids": "I2", "invoice_numbers": text, "why_not": text},
        ],
        [{"invoice_number": text, "customer_name": text}],
        customers=[{"name": text}],
        waiting_reviews=[{"who": text, "reason": text, "invoice_number": text}],
    )
    page = opened(told)
    assert page.locator(".option-payer").text_content() == text
    assert text in page.locator("#case").text_content()
    page.keyboard.press("s")
    page.fill("form.act input[type=search]", text.split()[0])
    assert (
        page.locator("#review :is(script, img[src], svg, iframe, [onclick], [onerror], [onload], [style])").count() == 0
    )
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    assert text not in json.dumps(saved(page), ensure_ascii=False)


def test_the_texts_that_packing_took_apart_are_put_together_again_to_the_letter(opened):
    names = ["ELM LTD", "Elm Ltd", "ELM ELM LTD LTD", "", "ELM"]
    texts = ["INV-1 INV-11 ELM LTD ELM", "11-VNI", "ELM LTD 1.50 INV-1", "é ÉLM ß", "INV-1INV-1"]
    sentences = ["The text names INV-1, INV-11. 1.50 EUR stays open.", "0.0 % 7", "", "INV-11", "1,000.00, 2"]
    told = report(
        [
            line("applied", "30", counterparty_name=name, remittance_text=text, explanation=sentence)
            for name, text, sentence in zip(names, texts, sentences, strict=True)
        ],
        [
            {"line_id": f"L{n}", "invoice_number": number, "amount": amount}
            for n in range(1, 6)
            for number, amount in (("INV-1", "10.5"), ("INV-11", "19.50"))
        ],
    )
    page = opened(told)
    rows = page.evaluate("data.lines.outcome.map((_, line) => data.row('lines', line))")
    found = [(row["counterparty_name"], row["remittance_text"], row["explanation"]) for row in rows]
    assert found == list(zip(names, texts, sentences, strict=True))
    amounts = page.evaluate("data.allocations.line.map((_, place) => data.row('allocations', place).amount)")
    assert amounts == ["10.50", "19.50"] * 5


def test_ten_thousand_lines_stay_fluid(opened):
    lines = [
        line("review", str(n), counterparty_name=f"Payer {n}", remittance_text=f"INV-{n}") for n in range(1, 10_001)
    ]
    page = opened(report(lines, [PROPOSED | {"line_id": f"L{n}", "amount": str(Decimal(n))} for n in range(1, 10_001)]))
    started = time.perf_counter()
    for _ in range(20):
        page.keyboard.press("j")
    per_key = (time.perf_counter() - started) / 20
    page.fill("#query", "payer 4711")
    expect(page.locator(".option-payer")).to_have_text(["Payer 4711"])
    search = page.evaluate("performance.getEntriesByName('search').at(-1).duration")

    assert page.locator("#queue .option").count() == 1
    assert per_key < 0.25
    assert search < 500


def test_on_paper_stand_all_lines_to_decide_and_no_desk(opened):
    page = opened(report([line("review", counterparty_name=f"Payer {n}") for n in range(60)]))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert page.locator("#review tr[data-line-id]").count() == 60
    expect(page.locator("#review table.lines")).to_be_visible()
    expect(page.locator("#desk")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_without_a_script_the_lines_stand_in_a_table_and_the_desk_is_hidden(opened):
    page = opened(elm(), java_script_enabled=False)
    expect(page.locator("#review table.lines")).to_be_visible()
    expect(page.locator("#desk")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("form", ["", "s", "o", "r"])
def test_axe_finds_nothing_that_hinders_a_screen_reader(opened, scheme, form):
    page = opened(elm(), color_scheme=scheme, bypass_csp=True)
    if form:
        page.keyboard.press(form)
    found = Axe().run(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]] == []


def test_counts_and_decisions_are_said_aloud(opened):
    page = opened(elm())
    page.keyboard.press("a")
    expect(page.locator("#said[role=status]")).to_have_text("Accepted: 100.00 EUR. 1 of 1 decided")
