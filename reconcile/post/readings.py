"""Read what invoices were paid there, and tell one invoice's trouble from a system that is away or wrongly configured.

Some systems answer for an invoice that is not there, or not ours to see, as they do for a wrong secret; all answer so
for each where the address is wrong. One such must not stop all others, nor a wrong setting refuse all for good: both
are judged by an invoice that should be shown. Must not: send anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from reconcile.post.connector import Connector, History
from reconcile.post.outbox import Outbox
from reconcile.post.posting import Action, Posting, PostingState, Verdict
from reconcile.post.remote import CredentialsRefused, NotOffered, Refused, RemoteError

AWAY_AFTER: Final = 20
"""So many readings in a row that fail are a system that is away: the rest waits for the next run."""

CREDENTIALS: Final = "mend the secret"
ADDRESS: Final = "mend connector.base_url or its account, or the invoices' ids"

NOTHING: Final = History(())


@dataclass
class Readings:
    """The readings of one session.

    failed: how many failed in a row.
    refusal: why nothing is accepted, and what to mend; '' while anything is.
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
        refused = {p.invoice_id: found for p, found in zip(batch, read, strict=True) if isinstance(found, Refused)}
        if refused and not await self.is_any_shown():
            self.refusal = self.refusal or self._setting_to_mend(refused)
        return [
            self._unshown(posting, found) if isinstance(found, Refused) else found
            for posting, found in zip(batch, read, strict=True)
        ]

    def _setting_to_mend(self, refused: Mapping[str, Refused]) -> str:
        """Say which setting must be wrong where no invoice is shown; '' where one alone was asked for."""
        for error in refused.values():
            if isinstance(error, CredentialsRefused):
                return f"{error}; {CREDENTIALS}"
        asked = {*refused, *([self.witness] if self.witness else self.outbox.witnesses())}
        return f"it shows none of our invoices: {next(iter(refused.values()))}; {ADDRESS}" if len(asked) > 1 else ""

    async def is_any_shown(self) -> bool:
        """Say whether the system still shows an invoice: one that it has shown, or that it should."""
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

    def _unshown(self, posting: Posting, error: Refused) -> Verdict:
        if self.refusal:
            return Verdict(posting.state, str(error))
        if not isinstance(error, CredentialsRefused):
            return Verdict(PostingState.REFUSED, f"its invoice cannot be read there: {error}")
        sentence = f"it may be an invoice that is not there: {error} for it, though others are shown"
        return Verdict(PostingState.REFUSED if posting.state is PostingState.PENDING else posting.state, sentence)

    async def _history(self, posting: Posting) -> History | Verdict | Refused:
        if posting.action is Action.CREDIT_NOTE or (posting.action is Action.TAKE_BACK and not posting.takes_back_id):
            return NOTHING
        if self.refusal or self.is_away():
            return Verdict(posting.state, "not asked: the system did not answer to others")
        try:
            found = await self.connector.history_of(posting.invoice_id)
        except Refused as error:
            self.failed = 0
            return error
        except NotOffered as error:
            self.failed = 0
            return Verdict(PostingState.REFUSED, f"its invoice cannot be read there: {error}")
        except RemoteError as error:
            self.failed += 1
            return Verdict(posting.state, f"its invoice could not be read there: {error}")
        self.failed = 0
        return found
