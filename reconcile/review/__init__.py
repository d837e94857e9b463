"""Carry out what people decide about lines: accept, reject, assign, on account, write off, not receivable, undo.

In: the open ledger, and decisions from the command or from a file that the report's page or workbook saved. Out: in the
ledger, decisions with who, when and why. Must not: change a row that stands, or propose anything by itself.
"""

from reconcile.review.files import Decided, DecisionsFile, InvoiceCash, Refused, read_decisions

__all__ = ["Decided", "DecisionsFile", "InvoiceCash", "Refused", "read_decisions"]
