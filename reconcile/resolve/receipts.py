"""Post the receipts whose best explanation passes the gate, the earliest claim of each item first.

One call posts each item to one line at most: what the item owes afterwards decides what the next line pays.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reconcile.match import CROWD_ITEMS_MIN, Candidates
from reconcile.match.sets import ITEMS_MAX
from reconcile.model import Outcome, State
from reconcile.money import MONEY
from reconcile.resolve.advices import short_of_rest, with_rest
from reconcile.resolve.decisions import Decisions, Policy
from reconcile.resolve.limits import with_limits
from reconcile.resolve.sentences import rule, sentence
from reconcile.resolve.taught import doubt, with_learned

_ZERO = pl.lit(0).cast(MONEY)
_ORDER = ("booked_date", "bank_reference", "line_id")
"""In which order receipts claim: by day, within a day as the bank numbers them."""

COMPLETED_BY_STRANGERS_MAX = 2
"""How many items the sum may add to those that an unknown payer's text names."""

UNNAMED = ("none", "other_own", "other")
"""Levels of reference at which the text does not name what is taken."""


def receipts(
    lines: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, policy: Policy, posted: pl.DataFrame
) -> Decisions:
    """Decide the receipts that pass the gate and come first for all their items.

    Args:
        lines: undecided lines: `line_id`, `turn` (see `in_turn`), `booked_date`, `amount`, `currency`.
        items: every known item with `open_amount` and `issue_date`.
        candidates: what `match.propose` found for these lines and items.
        policy: the gate and the tolerances.
        posted: what this run has posted so far: `currency`, `posted_amount`.

    Returns:
        The posted decisions and their allocations; empty when nothing more can be posted.
    """
    sure = candidates.explanations.filter(pl.col("probability") >= float(policy.gate.probability_min))
    best = best_explanations(lines, replace(candidates, explanations=sure), policy)
    passing = best.filter(passes_gate(policy))
    if passing.is_empty():
        return Decisions.of(passing)
    owed = items.filter(pl.col("open_amount") > 0).join(passing, on="customer_id", how="semi")
    passing = passing.join(unsearchable(passing, owed), on="line_id", how="anti")
    limited = with_limits(passing.with_columns(doubt=doubt(policy)), posted, policy.gate)
    passing = limited.filter(pl.col("over_limit") == "")
    passing = passing.join(behind_undecided(passing, lines, owed, candidates), on="line_id", how="anti")
    # What a line names stays its own while a person looks at it.
    held = limited.filter((pl.col("over_limit") != "") & ~pl.col("reference_level").is_in(UNNAMED))
    claims = pl.concat([held, passing]).join(
        candidates.items.select("explanation_id", "invoice_id"), on="explanation_id"
    )
    # What is named is not another line's to take, however early that came.
    in_order = [pl.col("over_limit") == "", pl.col("reference_level").is_in(UNNAMED), pl.col("turn")]
    is_first = pl.int_range(pl.len()).over("invoice_id", order_by=in_order) == 0
    waiting = claims.filter(~is_first).select("line_id").unique()
    first = told(with_rest(passing.join(waiting, on="line_id", how="anti"), candidates, items), candidates)
    return Decisions.of(_decisions(short_of_rest(first)), allocations_of(first, candidates, items, State.POSTED))


def in_turn(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with `turn`, their place in the order in which receipts claim."""
    return lines.sort(_ORDER).with_row_index("turn")


def best_explanations(lines: pl.DataFrame, candidates: Candidates, policy: Policy) -> pl.DataFrame:
    """Return each line's best explanation with its difference named."""
    charge_max = pl.lit(policy.tolerance.bank_charge_amount_max).cast(MONEY)
    kind = (
        pl.when((pl.col("amount_level") == "charge") & (-pl.col("difference") <= charge_max))
        .then(pl.lit("bank_charge"))
        .otherwise(
            pl.col("amount_level").replace_strict(
                {
                    "exact": "",
                    "exact_run": "",
                    "exact_set": "",
                    "instalment": "part",
                    "charge": "part",
                    "excess_of_one": "excess",
                },
                default=pl.col("amount_level"),
                return_dtype=pl.String,
            )
        )
    )
    best = candidates.explanations.filter(pl.col("explanation_rank") == 1)
    return (
        with_learned(best, candidates)
        .join(lines.select("line_id", "turn", "amount", "currency", "is_rejected"), on="line_id")
        .with_columns(difference_kind=kind)
        .sort("line_id")
    )


def told(best: pl.DataFrame, candidates: Candidates) -> pl.DataFrame:
    """Return the best explanations with their rule and their sentence, which names the next best."""
    following = candidates.explanations.filter(pl.col("explanation_rank") == 2).select(
        "line_id",
        next_numbers="invoice_numbers",
        next_probability="probability",
        next_reference_level="reference_level",
        next_payer_level="payer_level",
        next_amount_level="amount_level",
    )
    return (
        best.join(following, on="line_id", how="left", maintain_order="left")
        .with_columns(rule=rule())
        .with_columns(explanation=sentence())
    )


def unsearchable(passing: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    """Return the passing lines (`line_id`) whose excess may be for items that nobody could search.

    Money beyond what an invoice owes is an overpayment only where all sets of the customer's open items could be
    searched: the text may have been cut off before naming them. What owes more than the excess is no part of such a
    set, unless a credit note is another. The sets of a crowd are not searched at all.
    """
    excess = passing.filter(pl.col("amount_level") == "excess").select(
        "line_id", "customer_id", "currency", "difference"
    )
    fits = (pl.col("open_amount") <= pl.col("difference")) | (pl.col("kind") == "credit_note").any().over("line_id")
    counted = (
        excess.join(owed, on=["customer_id", "currency"])
        .with_columns(is_fitting=fits)
        .group_by("line_id")
        .agg(pl.len().alias("open_items"), pl.col("is_fitting").sum().alias("fitting_items"))
    )
    is_unsearched = (pl.col("fitting_items") > ITEMS_MAX) | (pl.col("open_items") > CROWD_ITEMS_MIN)
    return counted.filter(is_unsearched).select("line_id")


def behind_undecided(
    passing: pl.DataFrame, lines: pl.DataFrame, owed: pl.DataFrame, candidates: Candidates
) -> pl.DataFrame:
    """Return the passing lines (`line_id`) that would take one of several equal items behind an earlier open question.

    Equal items are paid oldest first; while an earlier receipt of the customer waits for a person, nobody knows which
    is the oldest that is left. Items that were issued after the receipt are no question.
    """
    taking = (
        passing.filter(pl.col("reference_level").is_in(UNNAMED) & (pl.col("item_count") == 1))
        .with_columns(pl.col("due_amount").cast(MONEY))
        .join(lines.select("line_id", "booked_date"), on="line_id")
    )
    equal = taking.select("line_id", "customer_id", "due_amount", "booked_date").join(
        owed, left_on=["customer_id", "due_amount"], right_on=["customer_id", "open_amount"]
    )
    issued = equal.filter(pl.col("issue_date") <= pl.col("booked_date")).group_by("line_id").agg(twins=pl.len())
    taking = taking.join(issued.filter(pl.col("twins") > 1), on="line_id", how="semi")
    likely = pl.concat(
        [
            candidates.payers.select("line_id", "customer_id"),
            candidates.explanations.select("line_id", "customer_id"),
        ]
    )
    waiting = (
        likely.join(taking, on="customer_id", how="semi")
        .join(passing, on="line_id", how="anti")
        .join(lines.filter(pl.col("amount") > 0), on="line_id")
        .group_by("customer_id")
        .agg(earliest=pl.col("turn").min())
    )
    return taking.join(waiting, on="customer_id").filter(pl.col("turn") > pl.col("earliest")).select("line_id")


def passes_gate(policy: Policy) -> pl.Expr:
    """Return where a best explanation may be posted without a person.

    Besides probability and margin: a line that names several invoices is not posted to one of them, nor short
    of all of them, since nobody knows which stays open; one that
    names a settled invoice with its very amount pays that again, and no other; a set is not posted while another set
    of equal items would do as well, nor while the line may pay what it names twice over. Where the payer is not known,
    one number may be no invoice's, and larger sets that complete it are found by chance. Which of very many equal items
    is the oldest that nobody paid, no export is sound enough to say.
    """
    gate = policy.gate
    is_begun_by_stranger = (
        (pl.col("reference_level") == "begun")
        & ~pl.col("payer_level").is_in(["account", "full"])
        & (pl.col("item_count") > pl.col("named_items") + COMPLETED_BY_STRANGERS_MAX)
        & ~pl.col("is_range")
    )
    is_uneven = pl.col("amount_level").is_in(["instalment", "part", "excess", "excess_of_one", "charge"])
    return (
        (pl.col("probability") >= float(gate.probability_min))
        & (pl.col("margin") >= float(gate.margin_min))
        & ~(pl.col("names_settled_equal") & pl.col("reference_level").is_in(UNNAMED))
        & ~pl.col("has_loose_twin")
        & ~(pl.col("reference_level").is_in(UNNAMED) & (pl.col("own_items_alike") > ITEMS_MAX))
        & ~pl.col("is_doubled")
        & ~is_begun_by_stranger
        & ~(is_uneven & (pl.col("item_count") == 1) & (pl.col("named_items") > 1))
        & ~((pl.col("difference_kind") == "part") & (pl.col("item_count") > 1))
    )


def allocations_of(chosen: pl.DataFrame, candidates: Candidates, items: pl.DataFrame, state: State) -> pl.DataFrame:
    """Spread each chosen explanation's cash and residual over its items.

    One item takes what came, at most what it owes. Several items take what each owes, less the discount that each
    allows where that is the difference; any other difference the last of them takes.
    """
    spread = (
        chosen.select(
            "line_id", "explanation_id", "amount", "currency", "item_count", "difference", "difference_kind",
            "probability", "rule", "explanation",
        )
        .join(candidates.items.drop("line_id"), on="explanation_id")
        .join(items.select("invoice_id", "invoice_number", "customer_id"), on="invoice_id")
        .sort("line_id", "invoice_id")
    )  # fmt: skip
    is_last = pl.int_range(pl.len()).over("line_id") == pl.len().over("line_id") - 1
    short = pl.when(pl.col("difference") < 0).then(pl.col("difference")).otherwise(_ZERO)
    is_discounted = (pl.col("difference_kind") == "discount") & (pl.col("item_amount") > 0)
    less = (
        pl.when(is_discounted)
        .then(-pl.col("discount_amount").fill_null(0))
        .when(is_last & (pl.col("difference_kind") != "discount"))
        .then(short)
        .otherwise(_ZERO)
    ).cast(MONEY)
    cash = (
        pl.when(pl.col("item_count") == 1)
        .then(pl.min_horizontal("amount", "item_amount"))
        .otherwise(pl.col("item_amount") + less)
    )
    is_settled = pl.col("difference_kind").is_in(["discount", "rounding", "bank_charge"]) & (less != 0)
    return spread.with_columns(
        amount=cash,
        residual=pl.when(is_settled).then(-less).otherwise(_ZERO),
        residual_kind=pl.when(is_settled).then("difference_kind").otherwise(pl.lit("")),
        state=pl.lit(state.value),
    )


def _decisions(posted: pl.DataFrame) -> pl.DataFrame:
    excess = pl.max_horizontal(pl.col("difference"), _ZERO)
    outcome = (
        pl.when(pl.col("difference") > 0)
        .then(pl.lit(Outcome.OVERPAID.value))
        .when(pl.col("difference") < 0)
        .then(pl.lit(Outcome.SHORT_PAID.value))
        .otherwise(pl.lit(Outcome.APPLIED.value))
    )
    return posted.with_columns(outcome=outcome, applied=pl.col("amount") - excess, on_account=excess)
