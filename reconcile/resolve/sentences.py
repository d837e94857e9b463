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
    "exact_run": "the amount is the sum of the oldest open items, to the cent",
    "exact_set": "the amount is the sum of these open items, to the cent",
    "discount": "the amount is what is due less the allowed discount",
    "rounding": "the amount is what is due but for a few cents",
    "charge": "the amount is short by no more than a bank may have taken",
    "part": "the amount is a part of what is due",
    "excess": "the amount is more than what is due",
    "excess_of_one": "the amount is more than what is due on these of the invoices that it names",
}
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
        _said("payer_level", _PAYER),
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
                pl.lit(")."),
            )
        )
    )
    text = pl.concat_str(evidence(), pl.lit("."), _residual(), alternative)
    return pl.concat_str(text.str.slice(0, 1).str.to_uppercase(), text.str.slice(1))


def percent(column: str) -> pl.Expr:
    """Write a probability as a percentage with one decimal."""
    return pl.concat_str((pl.col(column) * 100).round(1).cast(pl.String), pl.lit(" %"))


def money(column: str) -> pl.Expr:
    """Write the absolute amount with its currency, as `12.50 EUR`."""
    return pl.concat_str(written_all(pl.col(column).abs(), pl.col("currency")), pl.lit(" "), pl.col("currency"))


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
