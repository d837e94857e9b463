"""Decide what each line is, from the candidates and the policy; pure: frames in, frames out.

In the order of the night:

    receipts    posts what passes the gate, the earliest claim of each item first; asked again until nothing is posted,
                since each posting changes what is owed
    returned_credits, returns
                take back the receipts that the bank took back
    remainder   names what is left: duplicates, money on account, refunds, review, unmatched, ignored

Out: `Decisions`. Must not: read the ledger, a file or a clock.
"""

from reconcile.resolve.decisions import Decisions, Policy
from reconcile.resolve.money_out import returns
from reconcile.resolve.receipts import in_turn, receipts
from reconcile.resolve.remainder import remainder, returned_credits

__all__ = ["Decisions", "Policy", "in_turn", "receipts", "remainder", "returned_credits", "returns"]
