"""Read the invoices that a system lists, each by itself: one that cannot be read is left out with its reason.

Must not: leave out what no reading reached. Where the list itself cannot be read, nothing of it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from reconcile.money import fits
from reconcile.post.connector import RemoteInvoice, UnreadInvoice
from reconcile.post.remote import Unclear


def as_invoice(
    invoice_id: str, row: Mapping[str, Any], read: Callable[[Mapping[str, Any]], RemoteInvoice]
) -> RemoteInvoice | UnreadInvoice:
    """Read one invoice, and hold it against what a run takes as an invoice."""
    try:
        invoice = read(row)
        _check(invoice)
    except Unclear as error:
        return UnreadInvoice(invoice_id, str(row.get("number") or ""), str(error).removeprefix("its answer has "))
    return invoice


def is_owed(invoice: RemoteInvoice | UnreadInvoice) -> bool:
    """Say whether something is owed on an invoice, for all that can be read."""
    return isinstance(invoice, UnreadInvoice) or invoice.amount_due > 0


def _check(invoice: RemoteInvoice) -> None:
    if not re.fullmatch(r"[A-Z]{3}", invoice.currency):
        message = f"a currency that is none: {invoice.currency[:40]!r}"
        raise Unclear(message)
    for name, amount in (("total", invoice.total), ("amount due", invoice.amount_due)):
        if not fits(amount, invoice.currency):
            message = f"{amount} {invoice.currency} as its {name}, with more decimals than the currency has"
            raise Unclear(message)
    if invoice.total < 0:
        message = f"a negative total, {invoice.total}"
        raise Unclear(message)
