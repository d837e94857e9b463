"""Write down what is owed and by whom, as it was told: a row where something is new or changed, none where not."""

from __future__ import annotations

from reconcile.ingest import Receivables
from reconcile.ledger.book import Ledger
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
