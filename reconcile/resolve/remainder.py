"""Name what is left when nothing more can be posted: each line gets one outcome, and its reason in words."""

from __future__ import annotations

import polars as pl

from reconcile.match import Candidates
from reconcile.model import Outcome, State
from reconcile.money import MONEY
from reconcile.resolve.contested import agree
from reconcile.resolve.decisions import Decisions, Policy
from reconcile.resolve.limits import with_limits
from reconcile.resolve.receipts import UNNAMED, allocations_of, best_explanations, passes_gate, told
from reconcile.resolve.review import considered, reviewed
from reconcile.resolve.sentences import known_payer
from reconcile.resolve.taught import REJECTED, doubt, is_too_much, with_learned

_ZERO = pl.lit(0).cast(MONEY)


def remainder(
    lines: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, policy: Policy, posted: pl.DataFrame
) -> Decisions:
    """Decide every line that is left.

    Args:
        lines: undecided lines: `line_id`, `turn`, `booked_date`, `amount`, `currency`.
        items: every known item with `open_amount`.
        candidates: what `match.propose` found for these lines and items, after the last posting.
        policy: the gate (what is too improbable to propose, and the limits that held back what is sure).
        posted: what this run has posted: `currency`, `posted_amount`.
    """
    receipts = lines.filter(pl.col("amount") > 0)
    shown = float(policy.gate.proposal_probability_min)
    # What a line names outright is shown to a person however little speaks for it besides.
    best = best_explanations(receipts, candidates, policy).filter(
        (pl.col("probability") >= shown) | pl.col("reference_level").is_in(["advised", "creditor", "whole"])
    )
    explained = best.filter(~pl.col("reference_level").is_in(UNNAMED) | _is_stale(best, candidates))
    duplicates = duplicates_among(receipts.join(explained, on="line_id", how="anti"), candidates)
    own_best = best.join(duplicates, on="line_id", how="anti")
    waiting = receipts.join(own_best, on="line_id", how="semi")
    agreed = agree(waiting, items, candidates, shown)
    best = told(best_explanations(waiting, agreed.candidates, policy), agreed.candidates)
    left_with_none = told(own_best.join(best, on="line_id", how="anti"), candidates)
    passing = own_best.filter(passes_gate(policy)).with_columns(doubt=doubt(policy))
    over_limit = with_limits(passing, posted, policy.gate).select("line_id", "over_limit")
    review = reviewed(best, left_with_none, agreed.receipts, receipts, over_limit)
    rest = receipts.join(review, on="line_id", how="anti").join(duplicates, on="line_id", how="anti")
    on_account = _on_account(rest, items, candidates, policy)
    rest = rest.join(on_account, on="line_id", how="anti")
    decided = [review, duplicates, on_account, _unmatched(rest, candidates), _money_out(lines, candidates)]
    return Decisions.of(
        pl.concat([Decisions.of(frame).decisions for frame in decided]).sort("line_id"),
        allocations_of(best, candidates, items, State.PROPOSED),
        considered(review, agreed.candidates, shown),
    )


def _is_stale(best: pl.DataFrame, candidates: Candidates) -> pl.Series:
    """Say of each best explanation whether the number in the text may be an old one.

    The line names an invoice that was settled before this ledger knew a payment of it, and its customer owes just this
    amount on another: whether it pays that one or the old one twice only a person can tell.
    """
    settled_elsewhere = candidates.settled.filter(~pl.col("is_settled_here")).select("line_id", "customer_id")
    stale = (
        best.filter(pl.col("amount_level") == "exact")
        .join(settled_elsewhere, on=["line_id", "customer_id"], how="semi")
        .join(candidates.settled.filter("is_settled_here"), on="line_id", how="anti")
    )
    return best["line_id"].is_in(stale["line_id"].implode())


def returned_credits(lines: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, policy: Policy) -> Decisions:
    """Decide the receipts kept on account that the bank takes back later: duplicates, and what pays no open item.

    A return concerns the duplicate, and not what it duplicates. A receipt behind a return that takes an earlier one
    back may be no duplicate: that return comes first.
    """
    returns = candidates.money_out.filter("speaks_of_return").join(
        lines.select("line_id", "booked_date", pl.col("amount").neg(), "currency"), on="line_id"
    )
    receipts = lines.filter(pl.col("amount") > 0)
    duplicates = duplicates_among(receipts, candidates)
    unexplained = receipts.join(candidates.explanations, on="line_id", how="anti")
    on_account = _on_account(unexplained.join(duplicates, on="line_id", how="anti"), items, candidates, policy)
    found = pl.concat([duplicates.select(on_account.columns), on_account])
    returned = found.join(
        returns.select("customer_id", "amount", "currency", "receipt_line_id", returned_date="booked_date"),
        on=["customer_id", "amount", "currency"],
    )
    taken_back = returned.filter(pl.col("returned_date") >= pl.col("booked_date"))
    behind_return = returned.filter(
        (pl.col("returned_date") < pl.col("booked_date")) & (pl.col("receipt_line_id") != "")
    )
    decided = found.join(taken_back, on="line_id", how="semi").join(behind_return, on="line_id", how="anti")
    return Decisions.of(decided.sort("line_id"))


def duplicates_among(rest: pl.DataFrame, candidates: Candidates) -> pl.DataFrame:
    """Find receipts that pay again, by the same amount, what they name and what is settled already."""
    paid_again = (
        candidates.settled.filter(pl.col("is_same_amount") & ~pl.col("is_another_payer") & (pl.col("status") != "void"))
        .group_by("line_id")
        .agg(pl.col("customer_id").first(), pl.col("invoice_number").sort().str.join(", "))
    )
    return (
        rest.filter(~pl.col("is_rejected"))
        .join(paid_again, on="line_id")
        .with_columns(
            outcome=pl.lit(Outcome.DUPLICATE.value),
            on_account=pl.col("amount"),
            rule=pl.lit("already_settled"),
            explanation=pl.concat_str(
                pl.lit("Pays "), "invoice_number", pl.lit(" again, which is settled already; kept on account.")
            ),
        )
    )


def _on_account(rest: pl.DataFrame, items: pl.DataFrame, candidates: Candidates, policy: Policy) -> pl.DataFrame:
    """Find receipts of a customer who is surely known and owes nothing, or names only what is settled."""
    payers = candidates.payers.filter(
        (pl.col("payers_alike") == 1) & pl.col("payer_level").is_in(["account", "full"])
    ).select("line_id", "customer_id")
    rest = rest.filter(~pl.col("is_rejected"))
    known = with_learned(rest.join(payers, on="line_id"), candidates)
    known = known.filter(~(pl.col("is_newly_learned") & is_too_much(policy.review))).with_columns(payer=known_payer())
    owing = items.filter(pl.col("open_amount") > 0).select("customer_id", "currency").unique()
    named = candidates.settled.filter(pl.col("status") != "void").group_by("line_id", "customer_id").agg(
        settled_numbers=pl.col("invoice_number").sort().str.join(", ")
    )  # fmt: skip
    of_nothing = known.join(owing, on=["customer_id", "currency"], how="anti").with_columns(
        rule=pl.lit("payer+nothing_open"),
        explanation=pl.format("{}, who has no open item; kept as the customer's credit.", "payer"),
    )
    of_settled = (
        known.join(of_nothing, on="line_id", how="anti")
        .join(named, on=["line_id", "customer_id"])
        .with_columns(
            rule=pl.lit("payer+already_settled"),
            explanation=pl.format(
                "{}, and names {}, on which nothing is owed; kept as the customer's credit.", "payer", "settled_numbers"
            ),
        )
    )
    found = [each.select(*rest.columns, "customer_id", "rule", "explanation") for each in (of_nothing, of_settled)]
    return pl.concat(found).with_columns(outcome=pl.lit(Outcome.ON_ACCOUNT.value), on_account=pl.col("amount"))


def _unmatched(rest: pl.DataFrame, candidates: Candidates) -> pl.DataFrame:
    """Leave the other receipts unmatched, saying what is known of them."""
    named = (
        candidates.settled.group_by("line_id")
        .agg(pl.col("invoice_number").sort().str.join(", "))
        .rename({"invoice_number": "settled_numbers"})
    )
    payers = (
        candidates.payers.filter(pl.col("payer_level") != "partial")
        .group_by("line_id")
        .agg(pl.col("customer_id").sort().str.join(", "))
        .rename({"customer_id": "likely_payers"})
    )
    return (
        rest.join(named, on="line_id", how="left")
        .join(payers, on="line_id", how="left")
        .join(candidates.refused_sets, on="line_id", how="left")
        .with_columns(
            outcome=pl.lit(Outcome.UNMATCHED.value),
            unapplied=pl.col("amount"),
            rule=pl.lit("none"),
            explanation=pl.when(pl.col("settled_numbers").is_not_null())
            .then(
                pl.concat_str(
                    pl.lit("The text names "),
                    "settled_numbers",
                    pl.lit(", on which nothing is owed, and no open item fits."),
                )
            )
            .when(pl.col("items").is_not_null())
            .then(
                pl.format(
                    "The payer may be {}; {} open items are too many to combine, and none fits alone.",
                    "likely_payers",
                    "items",
                )
            )
            .when(pl.col("likely_payers").is_not_null())
            .then(
                pl.concat_str(pl.lit("The payer may be "), "likely_payers", pl.lit("; no open item fits the amount."))
            )
            .otherwise(pl.lit("No invoice is named, the payer is not known, and no open item fits.")),
        )
        .with_columns(
            explanation=pl.concat_str(
                pl.when("is_rejected").then(pl.lit(REJECTED)).otherwise(pl.lit("")), "explanation"
            )
        )
        .drop("settled_numbers", "likely_payers", "items")
    )


def _money_out(lines: pl.DataFrame, candidates: Candidates) -> pl.DataFrame:
    """Name the money that left, and lines of nothing: refunds, returns without their receipt, what is no receivable."""
    spoken = candidates.money_out.select(
        "line_id", "customer_id", "speaks_of_return", "speaks_of_refund", "is_all_credit", "has_equal_receipt"
    )
    concerned = pl.col("customer_id").fill_null("") != ""
    is_spoken = pl.col("speaks_of_refund").fill_null(value=False)
    is_known = concerned | pl.col("has_equal_receipt").fill_null(value=False)
    is_return = pl.col("speaks_of_return").fill_null(value=False) & is_known & ~is_spoken
    is_given_back = (is_spoken | pl.col("is_all_credit").fill_null(value=False)) & concerned & ~is_return
    is_refund = is_given_back & ~pl.col("is_rejected")
    is_undone = pl.col("is_rejected") & concerned
    return (
        lines.filter(pl.col("amount") <= 0)
        .join(spoken, on="line_id", how="left")
        .with_columns(
            outcome=pl.when(is_refund)
            .then(pl.lit(Outcome.REFUND.value))
            .when(is_return | is_undone)
            .then(pl.lit(Outcome.REVIEW.value))
            .otherwise(pl.lit(Outcome.IGNORED.value)),
            unapplied=pl.when(is_return | is_undone).then("amount").otherwise(_ZERO),
            customer_id=pl.col("customer_id").fill_null(""),
            rule=pl.when(is_refund)
            .then(pl.lit("refund"))
            .when(is_return)
            .then(pl.lit("return"))
            .otherwise(pl.lit("no_receivable")),
            explanation=pl.when(is_undone)
            .then(pl.lit(REJECTED))
            .when(is_refund & is_spoken)
            .then(pl.lit("Money given back to the customer, as its text says."))
            .when(is_refund)
            .then(pl.lit("Money given back to the customer: to the cent all that it had on account."))
            .when(is_return & ~concerned)
            .then(
                pl.lit(
                    "The bank took a payment back, but of whom is not known; a receipt of this amount is in the ledger."
                )
            )
            .when(is_return)
            .then(
                pl.lit("The bank took a payment back, but the earlier receipt is not in the ledger: a person decides.")
            )
            .otherwise(pl.lit("Money out that concerns no customer: not a matter of receivables.")),
        )
    )
