"""The benchmark's worlds: repeatable, and their truth adds up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bench import baseline
from tests.bench.labels import settle
from tests.bench.model import Customer, House, Invoice, Line, World
from tests.bench.profiles import PROFILES, SHARES
from tests.bench.proof import lower_bound
from tests.bench.score import rows_of, score
from tests.bench.worlds import make_world, write_world

pytestmark = pytest.mark.xdist_group("worlds")

DAY = dt.date(2026, 3, 2)
RELABELLED = {"ambiguous", "name_only", "name_recurring", "instalment_last", "ref_typo_taken"}


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {name: make_world(name, seed=3, lines=300) for name in PROFILES}


def test_the_same_profile_seed_and_size_make_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        write_world("nl", 5, 200, tmp_path / folder)
    first = {path.relative_to(tmp_path / "first"): path.read_bytes() for path in (tmp_path / "first").rglob("*.*")}
    second = {path.relative_to(tmp_path / "second"): path.read_bytes() for path in (tmp_path / "second").rglob("*.*")}
    assert first == second


def test_another_seed_makes_another_world() -> None:
    texts = [[line.memo for line in make_world("fr", seed, 100).lines] for seed in (1, 2)]
    assert texts[0] != texts[1]


def test_every_line_pays_what_came_and_no_more(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        for line in world.lines:
            paid = sum(amount for _, amount in line.pays)
            if line.pays and line.outcome != "overpaid" and line.cls != "ambiguous":
                assert paid == line.amount, line
            assert abs(paid) <= abs(line.amount) or line.cls == "ambiguous", line


def test_no_invoice_is_paid_more_than_it_owes_and_none_that_is_not_open(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        for invoice in world.invoices:
            paid = 0
            for line in world.lines:
                for paid_invoice, amount in line.pays if line.pays else []:
                    if paid_invoice is invoice:
                        paid += amount
                        assert invoice.status == "open"
                        assert invoice.currency == world.currency
                        assert abs(paid) <= invoice.amount_due


def test_a_payment_never_precedes_its_invoice_by_more_than_days(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        assert all(
            invoice.issued <= line.booked + dt.timedelta(days=5) for line in world.lines for invoice, _ in line.pays
        )


def test_every_class_occurs(worlds: dict[str, World]) -> None:
    found = {line.cls for world in worlds.values() for line in world.lines}
    assert (set(SHARES) - {"by_name"}) | RELABELLED == found


def test_invoice_numbers_and_ids_are_nobody_elses(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        assert len({invoice.number for invoice in world.invoices}) == len(world.invoices)
        assert len({invoice.invoice_id for invoice in world.invoices}) == len(world.invoices)


def test_a_third_of_all_invoices_or_more_stays_unpaid(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        paid = {id(invoice) for line in world.lines for invoice, _ in line.pays}
        assert len(paid) < len(world.invoices) * 0.67


def test_a_payment_by_name_pays_the_oldest_equal_item_that_no_line_names() -> None:
    customer = Customer("C1", 1, ["Elm"], "Ltd", "uk", House())
    items = [_item(customer, f"{n}", DAY - dt.timedelta(days=40 - n)) for n in range(3)]
    named = _line(items[0], named=[items[0]], reference="whole")
    unnamed = _line(items[2], rule="single")
    settle(_world(customer, items, [unnamed, named]))
    assert unnamed.pays == [(items[1], 100)]
    assert unnamed.cls == "name_recurring"


def test_two_sets_of_one_sum_are_ambiguous_and_one_set_is_not() -> None:
    customer = Customer("C1", 1, ["Elm"], "Ltd", "uk", House())
    items = [_item(customer, f"{n}", DAY, total) for n, total in enumerate((10, 20, 13, 17))]
    line = Line(DAY, 30, "multi_name", "applied", customer, pays=[(items[0], 10), (items[1], 20)], rule="set")
    settle(_world(customer, items, [line]))
    assert line.cls == "ambiguous"
    line = Line(DAY, 37, "multi_name", "applied", customer, pays=[(items[1], 20), (items[3], 17)], rule="set")
    settle(_world(customer, items, [line]))
    assert line.cls == "multi_name"


def test_the_truth_itself_scores_full_marks(tmp_path: Path) -> None:
    write_world("kw", 2, 150, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    outcomes = {"cents": "applied", "contested": "applied", "ambiguous": "applied"}
    lines = [
        row | {"outcome": outcomes.get(row["outcome"], row["outcome"])} for row in rows_of(tmp_path / "classes.csv")
    ]
    truth = [row | {"state": "posted", "probability": "1"} for row in rows_of(tmp_path / "truth.csv")]
    for name, rows in (("lines.csv", lines), ("allocations.csv", truth)):
        text = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
        (out / name).write_text(text, encoding="utf-8")
    figures = score(tmp_path, out).headline()
    assert (figures["precision"], figures["stp"], figures["outcome"], figures["leaks"]) == (1, 1, 1, 0)


def test_the_baseline_answers_every_line(tmp_path: Path) -> None:
    write_world("us", 2, 150, tmp_path)
    baseline.run(tmp_path, tmp_path / "out")
    assert score(tmp_path, tmp_path / "out").headline()["missing"] == 0


def test_the_lower_bound_follows_the_rule_of_three() -> None:
    assert lower_bound(3000, 3000) == pytest.approx(0.999, abs=1e-5)


def test_amounts_have_their_currencys_decimals(tmp_path: Path) -> None:
    for name, decimals in (("jp", 0), ("kw", 3), ("de", 2)):
        write_world(name, 1, 60, tmp_path / name)
        amounts = [Decimal(row["amount"]) for row in rows_of(tmp_path / name / "truth.csv")]
        assert all(amount == round(amount, decimals) for amount in amounts)


def _item(customer: Customer, number: str, issued: dt.date, total: int = 100) -> Invoice:
    invoice = Invoice(customer, issued, issued, total, total, "GBP", number=number, invoice_id=number)
    customer.invoices.append(invoice)
    return invoice


def _line(invoice: Invoice, named: list[Invoice] | None = None, rule: str = "", reference: str = "none") -> Line:
    pays = [(invoice, invoice.total)]
    return Line(DAY, invoice.total, "name_only", "applied", invoice.customer, named or [], pays, reference, rule=rule)


def _world(customer: Customer, invoices: list[Invoice], lines: list[Line]) -> World:
    return World(DAY, 10, "GBP", 2, customers=[customer], invoices=invoices, lines=lines)
