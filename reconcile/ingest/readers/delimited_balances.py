"""The statements of a delimited file: one per account and currency, with the balances that its rows prove.

Files run oldest first or newest first, and some turn round within a day; where neither dates nor balances
tell, the balances stay unknown. It rejects nothing.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from reconcile.model import Statement


def make_statements(lines: pl.DataFrame) -> tuple[Statement, ...]:
    """Return the statements of the lines, numbered from 1 in the order of their first lines.

    Args:
        lines: in file order, with `statement_number`, `account_id`, `currency`, `booked_date`, `amount` and
            `balance` (after the line; null where the file has none).
    """
    statements = []
    for own in lines.partition_by("statement_number", maintain_order=True):
        opening, closing = _balances(own)
        first = own.row(0, named=True)
        start_date, end_date = own.select(
            pl.col("booked_date").min().alias("a"), pl.col("booked_date").max().alias("b")
        ).row(0)
        statements.append(
            Statement(
                statement_number=first["statement_number"],
                account_id=first["account_id"],
                currency=first["currency"],
                start_date=start_date,
                end_date=end_date,
                opening_balance=opening,
                closing_balance=closing,
                closing_date=None if closing is None else end_date,
            )
        )
    return tuple(statements)


def _balances(own: pl.DataFrame) -> tuple[Decimal | None, Decimal | None]:
    """Return the opening and the closing balance; None where the rows do not tell.

    The dates give two orders: as in the file, or turned round, within each day. The one in which each balance
    is the one before plus the amount is right; where none is (a row is missing), the dates decide alone.
    """
    if own["balance"].null_count() == own.height:
        return None, None
    as_written = own.sort("booked_date", maintain_order=True)
    turned = own.reverse().sort("booked_date", maintain_order=True)
    proved = {_ends(order) for order in (as_written, turned) if _adds_up(order)}
    if proved:
        return proved.pop() if len(proved) == 1 else (None, None)
    if own["booked_date"].n_unique() > 1 and own["booked_date"].is_sorted():
        return _ends(as_written)
    if own["booked_date"].n_unique() > 1 and own["booked_date"].is_sorted(descending=True):
        return _ends(turned)
    return None, None


def _ends(ordered: pl.DataFrame) -> tuple[Decimal | None, Decimal | None]:
    first_balance, first_amount = ordered["balance"][0], ordered["amount"][0]
    return None if first_balance is None else first_balance - first_amount, ordered["balance"][-1]


def _adds_up(ordered: pl.DataFrame) -> bool:
    balance = pl.col("balance")
    is_next = balance == balance.shift(1) + pl.col("amount")
    return ordered["balance"].null_count() == 0 and bool(ordered.select(is_next.slice(1).all()).item())
