"""Read what invoices were paid there, and tell one invoice's trouble from a system that is away or a wrong secret.

Some systems answer for an invoice that is not there, or not ours to see, as they do for a wrong secret. One such must
not stop all others for good: the secret is judged by an invoice that it should show. Must not: send anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from reconcile.post.connector import Connector, History
from reconcile.post.outbox import Outbox
from reconcile.post.posting import Action, Posting, PostingState, Verdict
from reconcile.post.remote import CredentialsRefused, NotOffered, Refused, RemoteError

AWAY_AFTER: Final = 20
"""So many readings in a row that fail are a system that is away: the rest waits for the next run."""

NOTHING: Final = History(())


@dataclass
class Readings:
    """The readings of one session.

    failed: how many failed in a row.
    refusal: why the secret is not accepted; '' while it is.
    witness: an invoice that it has shown in this session.
    recorded: invoice and id of the payment that was recorded last, by the system's own answer, in this session.
    """

    connector: Connector
    outbox: Outbox
    failed: int = 0
    refusal: str = ""
    witness: str = ""
    recorded: tuple[str, str] | None = None

    def is_away(self) -> bool:
        """Say whether the system does not answer any more."""
        return self.failed >= AWAY_AFTER

    async def of(self, batch: Sequence[Posting]) -> list[History | Verdict]:
        """Read the history of each posting's invoice, or say what becomes of the posting without it."""
        read = await asyncio.gather(*map(self._history, batch))
        shown = (p for p, found in zip(batch, read, strict=True) if isinstance(found, History) and found is not NOTHING)
        self.witness = next((posting.invoice_id for posting in shown), self.witness)
        refusals = [str(found) for found in read if isinstance(found, CredentialsRefused)]
        if refusals and not await self.is_secret_good():
            self.refusal = refusals[0]
        return [
            self._unshown(posting, found) if isinstance(found, CredentialsRefused) else found
            for posting, found in zip(batch, read, strict=True)
        ]

    async def is_secret_good(self) -> bool:
        """Say whether the secret still shows an invoice: one that it has shown, or that it should."""
        for invoice_id in [self.witness] if self.witness else self.outbox.witnesses():
            try:
                await self.connector.history_of(invoice_id)
            except RemoteError:
                continue
            self.witness = invoice_id
            return True
        return False

    async def are_lists_current(self) -> bool:
        """Say whether the payment that was recorded last shows in its list; so, if there is none to tell by."""
        if self.recorded is None:
            return True
        invoice_id, payment_id = self.recorded
        try:
            history = await self.connector.history_of(invoice_id)
        except RemoteError:
            return False
        return any(payment.payment_id == payment_id for payment in history.payments)

    def forget(self, taken_back: Set[str]) -> None:
        """Tell nothing any more by a payment that is being taken back: it may not show for that."""
        if self.recorded is not None and self.recorded[1] in taken_back:
            self.recorded = None

    def _unshown(self, posting: Posting, error: CredentialsRefused) -> Verdict:
        if self.refusal:
            return Verdict(posting.state, str(error))
        sentence = f"it may be an invoice that is not there: {error} for it, though others are shown"
        return Verdict(PostingState.REFUSED if posting.state is PostingState.PENDING else posting.state, sentence)

    async def _history(self, posting: Posting) -> History | Verdict | CredentialsRefused:
        if posting.action is Action.CREDIT_NOTE or (posting.action is Action.TAKE_BACK and not posting.takes_back_id):
            return NOTHING
        if self.refusal or self.is_away():
            return Verdict(posting.state, "not asked: the system did not answer to others")
        try:
            found = await self.connector.history_of(posting.invoice_id)
        except CredentialsRefused as error:
            return error
        except (Refused, NotOffered) as error:
            self.failed = 0
            return Verdict(PostingState.REFUSED, f"its invoice cannot be read there: {error}")
        except RemoteError as error:
            self.failed += 1
            return Verdict(posting.state, f"its invoice could not be read there: {error}")
        self.failed = 0
        return found
