"""Post payments to the invoicing system in use, each exactly once.

In: the ledger's postings, each with a durable intent. Out: the same postings, confirmed, refused, unknown or in
conflict. Must not: decide, change an allocation, or send anything whose intent is not on the disk.
"""

from reconcile.post.plan import place_of, plan
from reconcile.post.session import (
    ListedInvoices,
    PostingResult,
    compare_all,
    listed_invoices,
    outbox_of,
    post_what_waits,
)

__all__ = [
    "ListedInvoices",
    "PostingResult",
    "compare_all",
    "listed_invoices",
    "outbox_of",
    "place_of",
    "plan",
    "post_what_waits",
]
