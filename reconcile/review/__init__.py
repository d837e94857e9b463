"""Carry out what people decide about lines: accept, reject, assign, on account, write off, not receivable, undo.

In: the open ledger, and decisions from the command or from a file that the report's page or workbook saved. Out: in the
ledger, decisions with who, when and why. Must not: change a row that stands, or propose anything by itself.
"""

from reconcile.review.decided import Decided, DecisionsFile, InvoiceCash, Refused, decided_of, invoice_cash
from reconcile.review.desk import Applied, Done, ReviewDesk
from reconcile.review.files import read_decisions
from reconcile.review.reads import history, queue
from reconcile.review.session import carry_out

__all__ = [
    "Applied",
    "Decided",
    "DecisionsFile",
    "Done",
    "InvoiceCash",
    "Refused",
    "ReviewDesk",
    "carry_out",
    "decided_of",
    "history",
    "invoice_cash",
    "queue",
    "read_decisions",
]
