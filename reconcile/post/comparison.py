"""Compare the ledger with the other system, invoice by invoice: what reconciles the reconciliation."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from reconcile.money import MONEY, written
from reconcile.post.connector import Connector, RemotePayment
from reconcile.post.judge import pays
from reconcile.post.outbox import Outbox
from reconcile.post.plan import KEY_LENGTH
from reconcile.post.remote import CredentialsRefused, RemoteError
from reconcile.sql import sql

COLUMNS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "invoice_id": pl.String,
    "invoice_number": pl.String,
    "ledger_amount": MONEY,
    "remote_amount": MONEY,
    "currency": pl.String,
    "sentence": pl.String,
}
"""One row per invoice and difference. `kind`: `missing_there` (ours), `missing_here` (theirs), `unequal`, `unread`."""

RECORDED_MAX: Final = 100
"""How much of what a system says of who recorded a payment is repeated."""

KEY: Final = re.compile(rf"rc-[a-z2-7]{{{KEY_LENGTH}}}")


async def compare(connector: Connector, outbox: Outbox, size: int, since: dt.datetime | None = None) -> pl.DataFrame:
    """Read the payments of each invoice there and return where they are not what the ledger says.

    Args:
        connector: the system, entered.
        outbox: the ledger's side.
        size: how many invoices are read at a time.
        since: only invoices of which a posting changed since (UTC, without zone); None for all open or posted to.

    Raises:
        CredentialsRefused: the secret is not accepted: no invoice of the first batch is shown, and it has several.
    """
    rows: list[dict[str, object]] = []
    has_shown = False
    for batch in _batches(outbox, size, since):
        found = await asyncio.gather(*(_payments(connector, told["invoice_id"]) for told in batch))
        refused = [each for each in found if isinstance(each, CredentialsRefused)]
        if len(refused) == len(found) > 1 and not has_shown:
            raise refused[0]
        has_shown |= any(not isinstance(each, RemoteError) for each in found)
        for told, payments in zip(batch, found, strict=True):
            if isinstance(payments, RemoteError):
                sentence = f"its payments could not be read there: {payments}"
                rows.append(_row("unread", told, None, sentence))
            else:
                rows += differences(told, payments)
    return pl.DataFrame(rows, schema=COLUMNS)


def differences(told: Mapping[str, Any], payments: tuple[RemotePayment, ...]) -> list[dict[str, object]]:
    """Say in what an invoice's payments there differ from what the ledger has applied; nothing where they are equal.

    Args:
        told: a row of `compared_invoices.sql`.
        payments: all payments of the invoice there.
    """
    keys, ids = set(told["posting_ids"]), set(told["remote_ids"])
    counted = [p for p in payments if pays(p) and p.payment_id not in set(told["undone_ids"])]
    ours = [p for p in counted if p.payment_id in ids or keys & set(_keys(p))]
    others = [p for p in counted if p not in ours]
    lost = [p for p in others if _keys(p)]
    applied, before, by_hand = told["ledger_amount"], told["paid_before"], told["by_hand"]
    amount, other_amount = _sum(ours), _sum(others)
    known = before + by_hand
    agree = amount + other_amount == applied + known
    rows = []
    if amount != applied and not agree:
        kind = "missing_there" if amount == 0 else "unequal"
        rows.append(
            _row(kind, told, amount, f"the ledger has applied {_say(applied, told)}, there {_say(amount, told)} of it")
        )
    if not agree and (other_amount < by_hand or before <= other_amount < known):
        sentence = (
            f"{_say(by_hand, told)} of it was recorded here by hand, which is posted nowhere, and others have recorded "
            f"{_say(other_amount, told)} there: what is missing is to be recorded there by hand too"
        )
        rows.append(_row("missing_there", {**told, "ledger_amount": by_hand}, other_amount, sentence))
    if lost:
        named = _named(lost)
        sentence = (
            f"{named} carries a key of ours that this ledger does not know: was it made anew, or is there another?"
        )
        rows.append(_row("missing_here", told, _sum(lost), sentence))
    elif other_amount > known and not agree:
        sentence = (
            f"others have recorded {_say(other_amount, told)} there ({_named(others)}), "
            f"of which {_say(known, told)} was known"
        )
        rows.append(_row("missing_here", told, other_amount, sentence))
    return rows


def _named(payments: list[RemotePayment]) -> str:
    """Name payments by their ids and, where the system says it, who recorded them and when."""
    return ", ".join(p.payment_id + (f" [{_plain(p.recorded)}]" if p.recorded else "") for p in payments)


def _plain(text: str) -> str:
    """Return what a system says in words as a short, printable line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:RECORDED_MAX]


def _batches(outbox: Outbox, size: int, since: dt.datetime | None) -> Iterator[list[dict[str, Any]]]:
    parameters = {"system": outbox.system, "place": outbox.place, "since": since}
    outbox.ledger.con.execute(sql("post", "compared_invoices"), parameters)
    last = ""
    while True:
        query = f"select * from compared_invoices where invoice_id > $last order by invoice_id limit {int(size)}"
        batch = outbox.ledger.frame(query, last=last).rows(named=True)
        if not batch:
            return
        last = batch[-1]["invoice_id"]
        yield batch


async def _payments(connector: Connector, invoice_id: str) -> tuple[RemotePayment, ...] | RemoteError:
    try:
        return (await connector.history_of(invoice_id)).payments
    except RemoteError as error:
        return error


def _keys(payment: RemotePayment) -> list[str]:
    return KEY.findall(payment.text.lower())


def _sum(payments: list[RemotePayment]) -> Decimal:
    return sum((payment.amount for payment in payments), Decimal(0))


def _say(amount: Decimal, told: Mapping[str, Any]) -> str:
    return written(amount, told["currency"])


def _row(kind: str, told: Mapping[str, Any], remote_amount: Decimal | None, sentence: str) -> dict[str, object]:
    own = {name: told[name] for name in ("invoice_id", "invoice_number", "ledger_amount", "currency")}
    return {"kind": kind, **own, "remote_amount": remote_amount, "sentence": sentence}
