"""Write down what is to be posted elsewhere: the intents, in the transaction of the decisions that they follow from."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final
from urllib.parse import urlsplit

import polars as pl

from reconcile.config import Connector
from reconcile.ledger import Ledger
from reconcile.post.outbox import Outbox
from reconcile.sql import sql

KEY_LENGTH: Final = 26
"""Characters of the key besides its `rc-`: 130 bits."""

NOTES_MAX: Final = 400
"""A sentence for whoever reads the payment there; systems cut it further."""


def place_of(settings: Connector) -> str:
    """Return where postings go: the system's address, however it is written, and account; without a secret."""
    parts = urlsplit(settings.base_url)
    path = re.sub(r"(/v\d+)?/*$", "", parts.path)
    accounts = {name: getattr(settings, name) for name in ("tenant_id", "scope_id", "organization_id")}
    named = [f"{name}={value}" for name, value in accounts.items() if value]
    return " ".join([f"{parts.netloc.lower()}{path}", *named])


def plan(ledger: Ledger, settings: Connector, *, first_run_number: int | None = None) -> int:
    """Write an intent for each posted allocation of this run that has none there; return how many.

    The caller commits. An intent's key is derived from what is posted, not from when: a ledger that was lost and made
    anew finds its old payments again.

    Args:
        ledger: the open ledger, in a run.
        settings: the system and its address.
        first_run_number: take the allocations of earlier runs too, from this one on; those of before a system was
            configured are posted only so.
    """
    place, first = place_of(settings), first_run_number or ledger.run_number
    new = ledger.frame(sql("post", "new_postings"), system=settings.system, place=place, first_run_number=first)
    if new.is_empty():
        return 0
    keyed = ("line_id", "invoice_id", "amount", "action", "allocations_before")
    planned = new.with_columns(
        posting_id=pl.Series(
            [key_of(settings.system, place, *row) for row in new.select(keyed).rows()], dtype=pl.String
        ),
        place_in_order=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        notes=pl.col("notes").str.replace_all(r"[\s\p{C}]+", " ").str.strip_chars().str.head(NOTES_MAX),
    )
    with ledger.given(planned_postings=planned):
        parameters = {"run_number": ledger.run_number, "system": settings.system, "place": place}
        ledger.con.execute(sql("post", "insert_postings"), parameters)
    Outbox(ledger, settings.system, place).begin(planned["posting_id"])
    return planned.height


def key_of(*parts: object) -> str:
    """Return the key of a posting: `rc-` and 26 letters and digits that depend on every part."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return "rc-" + base64.b32encode(digest).decode()[:KEY_LENGTH].lower()
