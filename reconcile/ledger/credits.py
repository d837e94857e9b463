"""Tell what credit a customer has and where it came from. Must not: spend it."""

from __future__ import annotations

from decimal import Decimal

from reconcile.errors import PaymentError
from reconcile.ledger.book import Ledger
from reconcile.ledger.payment_events import Payable, Source
from reconcile.ledger.payment_rules import ZERO, money
from reconcile.sql import sql


def credit_left(
    ledger: Ledger, customer_id: str, currency: str, source_id: str = ""
) -> tuple[Decimal, tuple[Source, ...]]:
    """Return what credit a customer has in a currency, or from one source of it, and its sources, the oldest first.

    What our banks paid back to the customer (lines decided as refunds) came out of its credit, so far as it had any:
    it is left out of the sum, since no bank line says of which receipt it was. A line that seems to be a payment that
    a person recorded already is no credit, unless it is asked for by its id: `payments_seen_at_bank.sql`.
    """
    whose = {"customer_id": customer_id, "currency": currency}
    rows = ledger.frame(sql("ledger", "credit_of_customer"), source_id=source_id, **whose).rows()
    sources = tuple(Source(*row) for row in rows)
    paid_back: Decimal = ledger.frame(sql("ledger", "paid_back"), **whose).item()
    return max(ZERO, sum((source.amount for source in sources), ZERO) - paid_back), sources


def drawn(ledger: Ledger, to: Payable, amount: Decimal | None, source_id: str = "") -> tuple[Source, ...]:
    """Return what to take from which source of the customer's credit for an invoice, as negative amounts.

    Raises:
        PaymentError: the customer has no credit, or not so much, or the invoice owes nothing.
    """
    credit, sources = credit_left(ledger, to.customer_id, to.currency, source_id)
    wanted = min(credit, to.open_amount) if amount is None else amount
    if not to.open_amount:
        message = f"invoice {to.invoice_number} owes nothing; its customer's credit stays"
        raise PaymentError(message)
    if not credit or wanted > credit:
        message = f"customer {to.customer_id} has {money(credit, to.currency)} of credit; no more can be applied"
        raise PaymentError(message)
    draws = []
    for source in sources:
        taken = min(source.amount, wanted)
        wanted -= taken
        if taken:
            draws.append(Source(source.kind, source.source_id, -taken))
    return tuple(draws)
