"""Agree on what receipts in review are proposed, where several could pay the same open items.

Receipts and items that compete form components. In each the joint best is found by an integer solver: each receipt
takes one explanation or none, each item's money is taken once, and the whole is as likely as can be. Likelier
explanations come first, then the receipt's own order of them, then the oldest of equal items for the earliest receipt.

In: receipts and candidates. Out: candidates in which the agreed explanation of each receipt ranks first, and who
competes with whom. Must not: post, or change what does not compete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

import polars as pl

from reconcile.match import Candidates
from reconcile.resolve.claims import claims
from reconcile.resolve.packing import best_packing

EXPLANATIONS_MAX: Final = 3000
"""How many explanations of a component are weighed jointly; in a larger one each receipt gets in turn what is left."""

AGREED_COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "line_id": pl.String,
    "explanation_id": pl.String,
    "stands_for": pl.String,
    "numbers": pl.String,
    "is_kept": pl.Boolean,
    "rival_id": pl.String,
    "contested_numbers": pl.String,
    "is_weighed": pl.Boolean,
}
"""One row per receipt of a component. `explanation_id`: what was agreed, none where nothing is left for it.
`stands_for`: the explanation that it is an equal of, and `numbers` the equal item's number. `is_kept`: it is the
receipt's own best. `rival_id`: the receipt that is given its own best instead, or could pay it too;
`contested_numbers`: what both could pay. `is_weighed`: jointly, and not in turn because the component is too large."""

Claim = dict[str, Any]
Explanation = list[Claim]
Agreement = dict[str, object]


@dataclass(frozen=True)
class Agreed:
    """What was agreed.

    candidates: each receipt's agreed explanation ranks first (ranks of a receipt that is left with none begin at 2);
    `is_passed_over` says which another receipt is given, and these rank last.
    receipts: `AGREED_COLUMNS`.
    """

    candidates: Candidates
    receipts: pl.DataFrame


def agree(receipts: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, shown: float) -> Agreed:
    """Agree on one explanation for each receipt, so that no two are given the same money.

    Args:
        receipts: those that wait for a person: `line_id`, `turn`, `amount`.
        items: every known item with `due_date` and `open_amount`.
        candidates: what `match.propose` found for them.
        shown: the probability from which an explanation is shown to a person.
    """
    all_claims = claims(receipts, items, candidates, shown)
    shared = all_claims.group_by("invoice_id").agg("line_id").filter(pl.col("line_id").list.n_unique() > 1)
    contested = all_claims.join(shared.explode("line_id").select("line_id").unique(), on="line_id", how="semi")
    told: list[Agreement] = []
    for component in _components(contested.rows(named=True)):
        chosen, is_weighed = _chosen(component)
        told += [row | {"is_weighed": is_weighed} for row in _rivals(component, chosen)]
    agreed = pl.DataFrame(told, schema=AGREED_COLUMNS)
    return Agreed(_ranked_anew(candidates, agreed, contested["stands_for"].unique()), agreed)


def _components(rows: Sequence[Claim]) -> list[list[Explanation]]:
    """Return the explanations by component: a chain of items that several could pay joins the receipts of one."""
    leads: dict[str, str] = {}

    def lead(key: str) -> str:
        while leads.setdefault(key, key) != key:
            leads[key] = key = leads[leads[key]]
        return key

    explanations: dict[str, Explanation] = defaultdict(list)
    for claim in rows:
        leads[lead(f"item {claim['invoice_id']}")] = lead(f"line {claim['line_id']}")
        explanations[claim["explanation_id"]].append(claim)
    components: dict[str, list[Explanation]] = defaultdict(list)
    for explanation in explanations.values():
        components[lead(f"line {explanation[0]['line_id']}")].append(explanation)
    return list(components.values())


def _chosen(component: Sequence[Explanation]) -> tuple[list[Explanation], bool]:
    """Return what is chosen in a component, and whether jointly: the best of each where they leave each other alone."""
    best: dict[str, Explanation] = {}
    for explanation in component:
        line_id, weight = explanation[0]["line_id"], explanation[0]["weight"]
        if line_id not in best or weight > best[line_id][0]["weight"]:
            best[line_id] = explanation
    if _is_affordable(best.values()):
        return list(best.values()), True
    packed = _packed(component) if len(component) <= EXPLANATIONS_MAX else None
    # The solver counts in floating point: a cent too much on a large item it may not see.
    if packed is not None and _is_affordable(packed):
        return packed, True
    return _in_turn(component), False


def _packed(component: Sequence[Explanation]) -> list[Explanation] | None:
    """Return the joint best; none where the solver did not prove it within bounds."""
    fills = [
        {f"line {explanation[0]['line_id']}": 1.0}
        | {f"item {claim['invoice_id']}": float(claim["cash"] / claim["item_amount"]) for claim in explanation}
        for explanation in component
    ]
    places = best_packing([explanation[0]["weight"] for explanation in component], fills)
    return None if places is None else [component[place] for place in places]


def _in_turn(component: Sequence[Explanation]) -> list[Explanation]:
    """Return for each receipt in turn the first of its explanations that is left."""
    chosen: dict[str, Explanation] = {}
    left: dict[str, Decimal] = {}
    for explanation in component:
        rest = _rest(left, explanation)
        if explanation[0]["line_id"] not in chosen and min(rest.values()) >= 0:
            chosen[explanation[0]["line_id"]] = explanation
            left |= rest
    return list(chosen.values())


def _is_affordable(chosen: Iterable[Explanation]) -> bool:
    left: dict[str, Decimal] = {}
    for explanation in chosen:
        left |= _rest(left, explanation)
    return min(left.values()) >= 0


def _rest(left: dict[str, Decimal], explanation: Explanation) -> dict[str, Decimal]:
    """Return what is left of an explanation's items once it is taken."""
    return {
        claim["invoice_id"]: left.get(claim["invoice_id"], abs(claim["item_amount"])) - abs(claim["cash"])
        for claim in explanation
    }


def _rivals(component: Sequence[Explanation], chosen: Sequence[Explanation]) -> list[Agreement]:
    """Say of each receipt what it got, and which other gets its own best instead, or could pay what it gets too."""
    own = {explanation[0]["line_id"]: explanation for explanation in component if _is_own_best(explanation[0])}
    got = {explanation[0]["line_id"]: explanation for explanation in chosen}
    owners, getters = _by_item(own.values()), _by_item(got.values())
    told: list[Agreement] = []
    for line_id, best in own.items():
        taken = got[line_id][0] if line_id in got else None
        is_kept = taken is not None and _is_own_best(taken)
        others = owners if is_kept else getters
        rivals = [(other, claim) for claim in best for other in others[claim["invoice_id"]][:2] if other != line_id]
        rival_id = rivals[0][0] if rivals else None
        is_equal = taken is not None and taken["explanation_id"] != taken["stands_for"]
        told.append(
            {
                "line_id": line_id,
                "explanation_id": taken and taken["explanation_id"],
                "stands_for": taken and taken["stands_for"],
                "numbers": taken["invoice_number"] if taken and is_equal else None,
                "is_kept": is_kept,
                "rival_id": rival_id,
                "contested_numbers": ", ".join(
                    sorted(claim["invoice_number"] for other, claim in rivals if other == rival_id)
                ),
            }
        )
    return told


def _is_own_best(claim: Claim) -> bool:
    return bool(claim["explanation_rank"] == 1 and claim["stands_for"] == claim["explanation_id"])


def _by_item(explanations: Iterable[Explanation]) -> dict[str, list[str]]:
    """Return the receipts, in turn, by the items of their explanations."""
    receipts: dict[str, list[str]] = defaultdict(list)
    for explanation in explanations:
        for claim in explanation:
            receipts[claim["invoice_id"]].append(claim["line_id"])
    return receipts


def _ranked_anew(candidates: Candidates, agreed: pl.DataFrame, claimed: pl.Series) -> Candidates:
    """Return the candidates with what was agreed ranked first, and what it passes over last.

    What was claimed and is passed over is as likely as the other receipt does not pay it; what is agreed instead, as
    likely as that one does.
    """
    of_line = agreed.select(
        "line_id", "rival_id", "stands_for", "numbers", agreed_id="explanation_id", competes=pl.lit(value=True)
    )
    of_rival = candidates.explanations.filter(pl.col("explanation_rank") == 1).select(
        rival_id="line_id", rival_probability="probability"
    )
    rank = pl.col("explanation_rank")
    is_agreed = (pl.col("explanation_id") == pl.col("stands_for")).fill_null(value=False)
    agreed_rank = rank.filter(pl.col("is_agreed")).max().over("line_id")
    is_passed_over = (
        pl.col("competes").is_not_null()
        & pl.col("explanation_id").is_in(claimed.implode())
        & (agreed_rank.is_null() | (rank < agreed_rank))
    )
    odds = pl.col("score").exp()
    left = 1 + odds.filter(~pl.col("is_passed_over")).sum().over("line_id")
    probability = (
        pl.when("is_passed_over")
        .then(pl.col("probability") * (1 - pl.col("rival_probability")))
        .when(pl.col("is_passed_over").any().over("line_id"))
        .then(odds / left * pl.col("rival_probability"))
        .otherwise("probability")
    )
    explanations = (
        candidates.explanations.join(of_line, on="line_id", how="left")
        .join(of_rival, on="rival_id", how="left")
        .sort("line_id", "explanation_rank")
        .with_columns(is_agreed=is_agreed, rival_probability=pl.col("rival_probability").fill_null(1))
        .with_columns(is_passed_over=is_passed_over)
        .with_columns(
            probability=probability,
            explanation_id=pl.when("is_agreed").then("agreed_id").otherwise("explanation_id"),
            invoice_numbers=pl.when("is_agreed").then(pl.coalesce("numbers", "invoice_numbers"))
            .otherwise("invoice_numbers"),
            is_left_with_none=agreed_rank.is_null() & pl.col("competes").is_not_null(),
        )
        .sort("line_id", ~pl.col("is_agreed"), "is_passed_over", "explanation_rank")
        .with_columns(explanation_rank=pl.int_range(1, pl.len() + 1).over("line_id") + pl.col("is_left_with_none"))
    )  # fmt: skip
    return replace(candidates, explanations=explanations.select(*candidates.explanations.columns, "is_passed_over"))
