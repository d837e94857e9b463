"""Tell what people's decisions taught of payers: accounts and names that pay for a customer."""

from __future__ import annotations

import polars as pl

from reconcile.ledger.book import Ledger


def learned_payers(ledger: Ledger, confirmations_min: int) -> pl.DataFrame:
    """Return the accounts and names that people taught, beyond the customers' own data, each of one customer alone.

    Args:
        ledger: the open ledger.
        confirmations_min: how many lines must confirm one before it counts like the customer's own data.

    Returns:
        `kind` (`account` or `name`), `alias` (letters and digits alone), `customer_id`, `confirmations`, `who` and
        `confirmed_date` (UTC) of the first witness, `is_new` (fewer confirmations than that).
    """
    query = (
        "select kind, alias, customer_id, confirmations, who, confirmed_date, confirmations < $least as is_new "
        "from learned_payers where not is_contested order by kind, alias"
    )
    return ledger.frame(query, least=confirmations_min)
