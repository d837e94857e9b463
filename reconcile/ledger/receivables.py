"""Write down what is owed and by whom, as it was told: a row where something is new or changed, none where not."""

from __future__ import annotations

import polars as pl

from reconcile.ingest import Receivables
from reconcile.ledger.book import Ledger
from reconcile.money import MONEY
from reconcile.sql import sql


def store_receivables(ledger: Ledger, receivables: Receivables) -> None:
    """Write the invoices, customers and remittances that this run told anew.

    An invoice that the ledger knows and this export does not list is written as no longer listed.
    """
    parameters = {"run_number": ledger.run_number}
    with ledger.given(
        told_invoices=receivables.invoices,
        told_customers=receivables.customers,
        told_remittances=receivables.remittances,
    ):
        for statement in (
            "insert_invoices",
            "insert_unlisted_invoices",
            "insert_customers",
            "insert_remittances",
        ):
            ledger.con.execute(sql("ledger", statement), parameters)


def owed_after(items: pl.DataFrame, allocations: pl.DataFrame) -> pl.DataFrame:
    """Return the items with what is owed after these allocations: what `Ledger.items` tells once they are written.

    Args:
        items: as `Ledger.items` tells them: `invoice_id`, `kind`, `open_amount`.
        allocations: decided ones; a credit note's are negative, a reversal mirrors what it reverses.
    """
    applied = allocations.group_by("invoice_id").agg(applied_now=(pl.col("amount") + pl.col("residual")).sum())
    change = pl.col("applied_now").fill_null(0) * pl.when(pl.col("kind") == "credit_note").then(-1).otherwise(1)
    owed = items.join(applied, on="invoice_id", how="left", maintain_order="left")
    return owed.with_columns(open_amount=(pl.col("open_amount") - change).cast(MONEY)).drop("applied_now")
