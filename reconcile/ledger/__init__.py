"""Keep what is known and decided: lines, invoices, decisions, allocations, the journal. Append-only.

In: checked frames and `Decisions`. Out: frames of what is owed and undecided. One transaction a run: after a crash at
any instant the ledger is as before the run or as after it. Must not: decide, or change a row that stands.
"""

from reconcile.ledger.book import Ledger, open_ledger
from reconcile.ledger.laws import broken_laws
from reconcile.ledger.payers import learned_payers
from reconcile.ledger.receivables import owed_after, store_receivables
from reconcile.ledger.statements import store_statements

__all__ = [
    "Ledger",
    "broken_laws",
    "learned_payers",
    "open_ledger",
    "owed_after",
    "store_receivables",
    "store_statements",
]
