"""Read what the night is given: statements, invoices, customers, remittances.

In: paths. Out: one `StatementFile` or `RejectedFile` per statement file, and `Receivables`; all checked against
their schemas. Must not: decide anything, touch the ledger, drop a row without a reason.
"""

from reconcile.ingest.receivables import Receivables, read_receivables
from reconcile.ingest.statements import RejectedFile, find_statement_files, read_statements, rejected_rows

__all__ = [
    "Receivables",
    "RejectedFile",
    "find_statement_files",
    "read_receivables",
    "read_statements",
    "rejected_rows",
]
