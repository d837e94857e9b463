"""Say in a sentence why a decision was made, as one accountant would to another.

Expressions over the columns of candidates; the words for each level of evidence stand in one place, here.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from reconcile.money import written_all

_REFERENCE: Final = {
    "advised": "a remittance advice that the text names lists",
    "creditor": "the text carries the creditor reference of",
    "whole": "the text names",
    "digits": "the text carries the digits of",
    "begun": "the text names some of",
    "typo": "the text carries a number one slip away from",
    "bare": "the text carries digits that may be the number of",
    "tail": "the text carries the last digits of",
    "order": "the text carries the purchase order of",
    "cut_off": "the text ends within the number of",
    "none": "the text names no invoice; taken is",
    "other_own": "the text names another invoice of the same customer than",
    "other": "the text names another customer's invoice than",
}
_PAYER: Final = {
    "account": "the payer's account is the customer's",
    "full": "the payer's name is the customer's",
    "contains": "the payer's name holds the customer's and more",
    "partial": "the payer's name fits the customer's in part",
    "unknown": "the payer is not known",
    "alike": "the payer's name fits several customers",
    "family": "the payer belongs to the customer's group",
    "other": "the payer's name is another customer's",
}
_AMOUNT: Final = {
    "exact": "the amount is what is due, to the cent",
    "advised_part": "the amount is what the advice lists, and the rest of what is due stays open",
    "exact_run": "the amount is the sum of the oldest open items, to the cent",
    "exact_set": "the amount is the sum of these open items, to the cent",
    "instalment": "the amount is an instalment of what is due",
    "discount": "the amount is what is due less the allowed discount",
    "rounding": "the amount is what is due but for a few cents",
    "charge": "the amount is short by no more than a bank may have taken",
    "part": "the amount is a part of what is due",
    "excess": "the amount is more than what is due",
    "excess_of_one": "the amount is more than what is due on these of the invoices that it names",
}
_NOT_NAMED: Final = "which the text does not name"
_WEAKER: Final = {
    "reference": {
        "begun": "which the text names only in part",
        "typo": "which the text names only by a slip",
        "tail": "which the text names only by its last digits",
        "order": "which the text names only by the purchase order",
        "cut_off": "which the text names only by a beginning",
        "none": _NOT_NAMED,
        "other_own": _NOT_NAMED,
        "other": _NOT_NAMED,
    },
    "payer": {
        "contains": "whose customer's name is less than the payer's",
        "partial": "whose customer's name fits only in part",
        "unknown": "whose customer is not known to be the payer",
        "alike": "whose customer is one of several of that name",
        "family": "whose customer only belongs to the payer's group",
        "other": "whose customer is not the payer",
    },
    "amount": {
        "exact_run": "which makes up the amount only as a set",
        "exact_set": "which makes up the amount only as a set",
        "instalment": "whose amount is more than what came",
        "discount": "whose amount fits only less the discount",
        "rounding": "whose amount is off by cents",
        "charge": "whose amount is a little more than what came",
        "part": "whose amount is more than what came",
        "excess": "whose amount is less than what came",
        "excess_of_one": "whose amount is less than what came",
    },
}
"""What the next best explanation lacks, where the best has another level of that evidence."""

_RULE: Final = {
    "reference": {
        "advised": "advice",
        "creditor": "creditor_reference",
        "whole": "reference",
        "digits": "reference_digits",
        "begun": "reference_begun",
        "typo": "reference_typo",
        "bare": "reference_bare",
        "tail": "reference_tail",
        "order": "purchase_order",
        "cut_off": "reference_cut_off",
        "none": "",
        "other_own": "other_own_reference",
        "other": "other_reference",
    },
    "payer": {
        "account": "payer_account",
        "full": "payer",
        "contains": "payer_and_more",
        "partial": "payer_in_part",
        "unknown": "",
        "alike": "",
        "family": "payer_group",
        "other": "other_payer",
    },
}


def rule() -> pl.Expr:
    """Return the evidence pattern's name, as `reference+payer+exact`."""
    parts = [_said(f"{evidence}_level", names) for evidence, names in _RULE.items()]
    joined = pl.concat_str(*parts, pl.col("amount_level"), separator="+")
    return joined.str.replace_all(r"\+{2,}", "+").str.strip_chars("+")


def evidence() -> pl.Expr:
    """Return what speaks for an explanation: reference, payer, amount."""
    return pl.concat_str(
        _said("reference_level", _REFERENCE),
        pl.lit(" "),
        pl.col("invoice_numbers").str.slice(0, 200),
        pl.lit(", "),
        pl.when((pl.col("learned_kind") != "") & pl.col("payer_level").is_in(["account", "full"]))
        .then(paid_from())
        .otherwise(_said("payer_level", _PAYER)),
        pl.lit(", "),
        _said("amount_level", _AMOUNT),
    )


def sentence() -> pl.Expr:
    """Return the whole sentence for a decided explanation, with the best alternative where there was one."""
    alternative = (
        pl.when(pl.col("next_numbers").is_null())
        .then(pl.lit(""))
        .otherwise(
            pl.concat_str(
                pl.lit(" Next best: "),
                pl.col("next_numbers").str.slice(0, 120),
                pl.lit(" ("),
                percent("next_probability"),
                pl.lit(")"),
                _lacking(),
                pl.lit("."),
            )
        )
    )
    text = pl.concat_str(evidence(), pl.lit("."), _residual(), alternative)
    return pl.concat_str(text.str.slice(0, 1).str.to_uppercase(), text.str.slice(1))


def rivalry() -> pl.Expr:
    """Say which other receipt could pay the same, or is given it; empty where none competes."""
    rival = pl.concat_str(
        pl.lit("the receipt of "), money("rival_amount"), pl.lit(" on "), pl.col("rival_date").dt.to_string("%Y-%m-%d")
    )
    numbers = pl.col("contested_numbers").str.slice(0, 120)
    in_turn = (
        pl.when(pl.col("is_weighed").fill_null(value=True))
        .then(pl.lit(""))
        .otherwise(pl.lit(" So many receipts compete here that each was given in turn what was left."))
    )
    competes = (
        pl.when(pl.col("rival_id").is_null())
        .then(pl.lit(""))
        .when("is_kept")
        .then(pl.concat_str(pl.lit(" Competes with "), rival, pl.lit(", which may pay "), numbers, pl.lit(" too.")))
        .otherwise(pl.concat_str(pl.lit(" "), numbers, pl.lit(" is proposed for "), rival, pl.lit(".")))
    )
    return pl.concat_str(competes, in_turn)


def paid_from() -> pl.Expr:
    """Say by what a payer is known that people taught: the account or name, who confirmed it first, and how often."""
    lines = pl.when(pl.col("confirmations") == 1).then(pl.lit(" line)")).otherwise(pl.lit(" lines)"))
    return pl.concat_str(
        pl.when(pl.col("learned_kind") == "name")
        .then(pl.lit("it is paid under a name that "))
        .otherwise(pl.lit("it is paid from an account that ")),
        "who", pl.lit(" confirmed for customer "), "customer_id", pl.lit(" on "),
        pl.col("confirmed_date").dt.to_string("%Y-%m-%d"), pl.lit(" ("), "confirmations", lines,
    )  # fmt: skip


def known_payer() -> pl.Expr:
    """Open a sentence with how a surely known payer is known."""
    taught = paid_from()
    capital = pl.concat_str(taught.str.slice(0, 1).str.to_uppercase(), taught.str.slice(1))
    return pl.when(pl.col("learned_kind") == "").then(pl.lit("The payer is the customer")).otherwise(capital)


def known_since() -> pl.Expr:
    """Say how little is known of a payer that people taught: `Known by 1 confirmation only, anna on 2026-11-25`."""
    counted = pl.when(pl.col("confirmations") == 1).then(pl.lit(" confirmation")).otherwise(pl.lit(" confirmations"))
    return pl.concat_str(
        pl.lit("Known by "), "confirmations", counted, pl.lit(" only, "), "who", pl.lit(" on "),
        pl.col("confirmed_date").dt.to_string("%Y-%m-%d"),
    )  # fmt: skip


def percent(column: str) -> pl.Expr:
    """Write a probability as a percentage with one decimal."""
    return pl.concat_str((pl.col(column) * 100).round(1).cast(pl.String), pl.lit(" %"))


def money(amount: str | pl.Expr) -> pl.Expr:
    """Write the absolute amount with its currency, as `12.50 EUR`."""
    told = pl.col(amount) if isinstance(amount, str) else amount
    return pl.concat_str(written_all(told.abs(), pl.col("currency")), pl.lit(" "), pl.col("currency"))


def _lacking() -> pl.Expr:
    """Say what the next best explanation lacks beside the best: the text, the payer, the amount."""
    said = [
        pl.when(pl.col(f"next_{evidence}_level") != pl.col(f"{evidence}_level")).then(
            pl.col(f"next_{evidence}_level").replace_strict(words, default=None, return_dtype=pl.String)
        )
        for evidence, words in _WEAKER.items()
    ]
    lacking = pl.concat_list(said).list.drop_nulls()
    return (
        pl.when(lacking.list.len() == 0)
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit(", "), lacking.list.join(" and ")))
    )


def _residual() -> pl.Expr:
    said = {
        "discount": " is the allowed discount.",
        "rounding": " is written off as rounding.",
        "bank_charge": " is booked as a bank charge.",
        "part": " stays open.",
        "excess": " is kept on account.",
    }
    spoken = pl.col("difference_kind").replace_strict(said, default="", return_dtype=pl.String)
    return pl.when(spoken == "").then(pl.lit("")).otherwise(pl.concat_str(pl.lit(" "), money("difference"), spoken))


def _said(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, return_dtype=pl.String)
