"""What is proposed to receipts that compete: no money twice, as much sense as can be made, in any order of rows."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from decimal import Decimal
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.match import Candidates
from reconcile.resolve import contested, in_turn
from reconcile.resolve.claims import claims
from reconcile.resolve.contested import Agreed, agree

SHOWN = 0.05
NOTHING = pl.DataFrame()
DAY = dt.date(2026, 10, 1)

Drawn = list[tuple[int, list[tuple[float, tuple[int, ...], bool]]]]
"""Receipts: the day, and explanations: score, the items' places, whether the receipt pays half of the (one) item."""

EXPLANATIONS = st.lists(
    st.tuples(
        st.sampled_from((-2.0, 0.5, 3.0, 5.5, 8.0, 12.0)),
        st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True).map(lambda items: tuple(sorted(items))),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda explanation: explanation[1],
)
RECEIPTS = st.lists(st.tuples(st.integers(0, 3), EXPLANATIONS), min_size=2, max_size=4)


def amount_of(item: int) -> Decimal:
    return Decimal(100 + item).quantize(Decimal("0.001"))


def laid_out(drawn: Drawn, levels: tuple[str, ...] = ()) -> tuple[pl.DataFrame, pl.DataFrame, Candidates]:
    """Return receipts, items and candidates as `match` would tell them.

    Items are named, unless `levels` of reference are given by receipt: then items are equal, and a receipt's first
    explanation stands for all of its.
    """
    receipts, explanations, items = [], [], []
    for place, (day, explained) in enumerate(drawn):
        line_id = f"L{place}"
        receipts.append(
            {
                "line_id": line_id,
                "booked_date": DAY + dt.timedelta(day),
                "bank_reference": "",
                "amount": Decimal("50.000"),
            }
        )
        odds = 1 + sum(math.exp(score) for score, _, _ in explained)
        for rank, (score, of, is_part) in enumerate(sorted(explained, key=lambda row: (-row[0], row[1])), start=1):
            explanation_id = f"{line_id}|{'+'.join(f'I{item}' for item in of)}"
            explanations.append(
                {
                    "line_id": line_id,
                    "explanation_id": explanation_id,
                    "customer_id": "C1",
                    "item_count": len(of),
                    "due_amount": sum((amount_of(0 if levels else item) for item in of), Decimal("0.000")),
                    "invoice_numbers": ", ".join(f"N{item}" for item in of),
                    "reference_level": levels[place] if levels else "whole",
                    "amount_level": "part" if is_part and len(of) == 1 else "exact",
                    "score": score,
                    "probability": math.exp(score) / odds,
                    "explanation_rank": rank,
                }
            )
            items += [
                {
                    "line_id": line_id,
                    "explanation_id": explanation_id,
                    "invoice_id": f"I{item}",
                    "item_amount": amount_of(0 if levels else item),
                }
                for item in of
            ]
    known = [
        {
            "invoice_id": f"I{item}",
            "invoice_number": f"N{item}",
            "customer_id": "C1",
            "due_date": DAY + dt.timedelta(item),
        }
        for item in range(5)
    ]
    explained_by = pl.DataFrame(explanations, schema_overrides={"due_amount": pl.Decimal(38, 3)})
    candidates = Candidates(
        explained_by.filter(pl.col("explanation_rank") == 1) if levels else explained_by,
        pl.DataFrame(items, schema_overrides={"item_amount": pl.Decimal(18, 3)}),
        NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING,
    )  # fmt: skip
    lines = in_turn(pl.DataFrame(receipts, schema_overrides={"amount": pl.Decimal(18, 3)}))
    return lines, pl.DataFrame(known), candidates


def chosen_of(agreed: Agreed) -> list[str]:
    return agreed.candidates.explanations.filter(pl.col("explanation_rank") == 1)["explanation_id"].sort().to_list()


def spent(chosen: list[str], all_claims: pl.DataFrame) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in all_claims.filter(pl.col("explanation_id").is_in(chosen)).rows(named=True):
        totals[row["invoice_id"]] += row["cash"]
    return totals


def is_spent_once(chosen: list[str], all_claims: pl.DataFrame) -> bool:
    return all(total <= amount_of(int(item[1:])) for item, total in spent(chosen, all_claims).items())


def weight_of(chosen: list[str], all_claims: pl.DataFrame) -> float:
    return float(all_claims.filter(pl.col("explanation_id").is_in(chosen)).unique("explanation_id")["weight"].sum())


@given(RECEIPTS)
@settings(deadline=None, max_examples=60)
def test_no_items_money_is_proposed_twice_and_the_whole_is_the_best_found_by_trying_all(drawn: Drawn) -> None:
    told = laid_out(drawn)
    all_claims = claims(*told, SHOWN)

    chosen = chosen_of(agree(*told, SHOWN))

    of_lines = all_claims.group_by("line_id").agg(pl.col("explanation_id").unique())["explanation_id"].to_list()
    tried = ([one for one in some if one] for some in product(*([None, *ids] for ids in of_lines)))
    best = max(weight_of(some, all_claims) for some in tried if is_spent_once(some, all_claims))
    assert is_spent_once(chosen, all_claims)
    assert weight_of(chosen, all_claims) == pytest.approx(best)


@given(RECEIPTS, st.integers(0, 999))
@settings(deadline=None, max_examples=60)
def test_what_is_agreed_does_not_depend_on_the_order_of_rows(drawn: Drawn, seed: int) -> None:
    receipts, items, candidates = laid_out(drawn)
    shuffled = Candidates(
        candidates.explanations.sample(fraction=1, shuffle=True, seed=seed),
        candidates.items.sample(fraction=1, shuffle=True, seed=seed),
        NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING,
    )  # fmt: skip

    one = agree(receipts, items, candidates, SHOWN)
    other = agree(receipts.reverse(), items.reverse(), shuffled, SHOWN)

    assert one.candidates.explanations.equals(other.candidates.explanations.select(one.candidates.explanations.columns))
    assert one.receipts.sort("line_id").equals(other.receipts.sort("line_id"))


@given(RECEIPTS)
@settings(deadline=None, max_examples=40)
def test_where_too_many_compete_each_gets_in_turn_what_is_left(drawn: Drawn) -> None:
    told = laid_out(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contested, "EXPLANATIONS_MAX", 0)
        agreed = agree(*told, SHOWN)

    assert is_spent_once(chosen_of(agreed), claims(*told, SHOWN))


def test_a_receipt_that_competes_with_none_keeps_its_own_order_of_explanations() -> None:
    told = laid_out([(0, [(8.0, (0,), False), (3.0, (1,), False)]), (1, [(5.5, (2,), False)])])

    agreed = agree(*told, SHOWN)

    assert agreed.receipts.is_empty()
    assert agreed.candidates.explanations["explanation_rank"].to_list() == [1, 2, 1]
    assert not agreed.candidates.explanations["is_passed_over"].any()


def test_a_receipt_yields_to_the_one_that_has_nothing_else_and_is_no_surer_than_that_one() -> None:
    told = laid_out([(0, [(8.0, (0,), False), (8.0, (1,), False)]), (1, [(5.5, (0,), False)])])

    agreed = agree(*told, SHOWN)

    first = agreed.candidates.explanations.filter(pl.col("explanation_rank") == 1)
    assert first["explanation_id"].to_list() == ["L0|I1", "L1|I0"]
    assert first["probability"][0] < first["probability"][1]
    assert agreed.receipts.select("line_id", "rival_id", "contested_numbers", "is_kept").rows() == [
        ("L0", "L1", "N0", False),
        ("L1", "L0", "N0", True),
    ]


def test_a_receipt_is_left_with_nothing_where_surer_ones_take_all_that_it_could_pay() -> None:
    told = laid_out([(0, [(3.0, (0,), False)]), (1, [(8.0, (0,), False)])])

    agreed = agree(*told, SHOWN)

    assert chosen_of(agreed) == ["L1|I0"]
    assert agreed.candidates.explanations.rows_by_key("line_id", named=True)["L0"][0]["is_passed_over"]


EQUALS = [(8.0, (0,), False), (8.0, (1,), False), (8.0, (2,), False)]


def test_equal_items_are_given_to_the_earliest_receipts_oldest_first() -> None:
    told = laid_out([(2, EQUALS), (0, EQUALS), (1, EQUALS)], levels=("none", "none", "none"))

    assert chosen_of(agree(*told, SHOWN)) == ["L0|I2", "L1|I0", "L2|I1"]


def test_a_receipt_whose_text_names_another_invoice_comes_last_among_equals() -> None:
    told = laid_out([(0, EQUALS), (1, EQUALS), (2, EQUALS)], levels=("other_own", "none", "none"))

    assert chosen_of(agree(*told, SHOWN)) == ["L0|I2", "L1|I0", "L2|I1"]


def test_the_equal_item_that_a_receipt_gets_is_told_by_its_own_number() -> None:
    told = laid_out([(0, EQUALS), (1, EQUALS)], levels=("none", "none"))

    assert agree(*told, SHOWN).candidates.explanations["invoice_numbers"].to_list() == ["N0", "N1"]
