"""Post what waits, as one step: take the lease, send, look up, compare. Used by the night, the flow and the command."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Coroutine
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol, TypeVar

import polars as pl

from reconcile.config import Config
from reconcile.errors import PostingStopped
from reconcile.ledger import Ledger
from reconcile.post.comparison import COLUMNS, compare
from reconcile.post.connector import Connector, ListsInvoices, RemoteInvoice, UnreadInvoice
from reconcile.post.lease import Lease
from reconcile.post.outbox import Outbox
from reconcile.post.plan import place_of
from reconcile.post.poster import Poster
from reconcile.post.posting import PostingState
from reconcile.post.remote import RemoteError

UNCONFIRMED: Final = (PostingState.PENDING, PostingState.SENT, PostingState.UNKNOWN, PostingState.CONFLICT)
"""What makes exit code 4: it is neither there for certain nor certainly not to be there."""

Result = TypeVar("Result")


class _Listing(Connector, ListsInvoices, Protocol):
    """A connector that lists invoices."""


@dataclass(frozen=True)
class PostingResult:
    """What posting brought.

    system, place: where to.
    counts: postings by state, of all runs.
    stopped: why nothing more was posted; '' where all was tried.
    differences: where the two sides differ on the invoices that were posted to now, with the columns of
        `comparison.COLUMNS`.
    left_elsewhere: what waits for a system or address that is not configured any more, in sentences.
    """

    system: str
    place: str
    counts: dict[PostingState, int]
    stopped: str
    differences: pl.DataFrame
    left_elsewhere: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> int:
        """Return how many postings could not be confirmed."""
        return sum(self.counts[state] for state in UNCONFIRMED)


def outbox_of(ledger: Ledger, config: Config) -> Outbox:
    """Return the postings to the configured system."""
    return Outbox(ledger, config.connector.system, place_of(config.connector))


def post_what_waits(ledger: Ledger, config: Config, connector: Connector) -> PostingResult:
    """Send what waits, look up what is unclear, and compare what was touched. Commits as it goes.

    Args:
        ledger: the open ledger; what it holds uncommitted is committed.
        config: the settings.
        connector: the configured system's.
    """
    outbox = outbox_of(ledger, config)
    since = dt.datetime.now(dt.UTC).replace(tzinfo=None)

    async def all_of_it() -> tuple[str, pl.DataFrame]:
        differences = pl.DataFrame(schema=COLUMNS)
        async with connector.remote:
            try:
                lease = Lease.take(ledger)
                poster = Poster(connector, outbox, lease, config.post)
                await poster.post()
                if not poster.readings.is_away():
                    differences = await compare(connector, outbox, config.post.batch_postings_max, since)
            except (PostingStopped, RemoteError) as error:
                return str(error), differences
            return ("the system did not answer; what waits is kept" if poster.readings.is_away() else ""), differences

    stopped, differences = asyncio.run(all_of_it())
    left = tuple(outbox.left_elsewhere())
    return PostingResult(outbox.system, outbox.place, outbox.counts(), stopped, differences, left)


def compare_all(ledger: Ledger, config: Config, connector: Connector) -> pl.DataFrame:
    """Compare every invoice that is open or was posted to.

    Raises:
        PostingStopped: the secret is not accepted.
    """
    outbox = outbox_of(ledger, config)
    return _asked(connector, compare(connector, outbox, config.post.batch_postings_max))


@dataclass(frozen=True)
class ListedInvoices:
    """The open invoices as the system lists them, and those of them that could not be read.

    invoices: one row each, all columns text as in a file of invoices.
    unread: left out, each with its reason.
    """

    invoices: pl.DataFrame
    unread: tuple[UnreadInvoice, ...]

    def notes(self) -> list[str]:
        """Return a sentence for a person on each invoice that was left out."""
        return [
            f"invoice {each.invoice_number or each.invoice_id} is left out: the invoicing system lists it with "
            f"{each.reason}; mend it there, the next run reads it again"
            for each in self.unread
        ]


def listed_invoices(connector: _Listing) -> ListedInvoices:
    """Read the open invoices from the system itself.

    Raises:
        PostingStopped: the system cannot be read.
    """
    columns = [field.name for field in dataclasses.fields(RemoteInvoice)]

    async def items() -> list[RemoteInvoice | UnreadInvoice]:
        return [item async for item in connector.open_items()]

    listed = _asked(connector, items())
    rows = [
        {name: f"{value:f}" if isinstance(value, Decimal) else str(value) for name, value in vars(item).items()}
        for item in listed
        if isinstance(item, RemoteInvoice)
    ]
    unread = tuple(item for item in listed if isinstance(item, UnreadInvoice))
    return ListedInvoices(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)), unread)


def _asked(connector: Connector, question: Coroutine[Any, Any, Result]) -> Result:
    async def all_of_it() -> Result:
        async with connector.remote:
            return await question

    try:
        return asyncio.run(all_of_it())
    except RemoteError as error:
        message = f"{connector.remote.base_url}: {error}"
        raise PostingStopped(message) from None
