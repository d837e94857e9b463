"""Send what waits, each exactly once: intents on the disk first; what is unclear is looked up before it is sent again.

One pass goes over all that may be sent, in batches. What it leaves unclear is looked up for all together, twice, a
visibility delay apart; what is surely not there waits for the next pass. Must not: decide what a history means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from reconcile.config import Post
from reconcile.errors import PostingStopped
from reconcile.post.connector import Connector, Deletes, History, PaymentFailed, Refunds
from reconcile.post.judge import TakesBack, after_unclear, before_sending, look_there
from reconcile.post.lease import Lease
from reconcile.post.outbox import Event, Outbox
from reconcile.post.posting import FINAL, Action, Posting, PostingState, Verdict
from reconcile.post.readings import CREDENTIALS, Readings
from reconcile.post.remote import CredentialsRefused, NotOffered, NotSent, Refused, RemoteError

GONE: Final = frozenset({404, 410})
LATE: Final = "not seen there, and lists lag: what was recorded last does not show yet; it is looked up again"
DOUBTS_MAX: Final = 20
"""So many requests of a batch that are refused like a wrong secret: the rest of it is not sent."""


def way_back(connector: Connector) -> TakesBack:
    """Say how a system takes payments back: by a refund where it has one, else by deleting them."""
    if isinstance(connector, Refunds):
        return TakesBack.REFUND
    return TakesBack.DELETION if isinstance(connector, Deletes) else TakesBack.NOT_AT_ALL


@dataclass
class Poster:
    """One session of posting.

    held_up: the invoices whose postings wait, in this pass, for an earlier one.
    has_sent: whether the system has carried out anything in this session.
    doubts: how many of a batch were refused like a wrong secret.
    """

    connector: Connector
    outbox: Outbox
    lease: Lease
    settings: Post
    readings: Readings = field(init=False)
    held_up: set[str] = field(default_factory=set)
    has_sent: bool = False
    doubts: int = 0

    def __post_init__(self) -> None:
        self.readings = Readings(self.connector, self.outbox)

    async def post(self) -> None:
        """Send all that waits and look up all that is unclear, as often as the settings allow.

        Raises:
            PostingStopped: the secret is not accepted, or the lease is lost; what was done so far is committed.
        """
        await self._settle()
        for _ in range(self.settings.passes_max):
            has_tried = await self._pass()
            is_late = await self._settle()
            if not (has_tried or is_late) or self.readings.is_away():
                return

    async def _pass(self) -> bool:
        """Send each posting that may be sent once; say whether any waits still that another pass may bring through."""
        self.held_up.clear()
        for batch in self.outbox.queue(self.settings.batch_postings_max):
            if self.readings.is_away():
                break
            ready = [posting for posting in batch if posting.invoice_id not in self.held_up]
            if ready:
                await self._post_batch(ready)
        return bool(self.held_up)

    async def _post_batch(self, batch: Sequence[Posting]) -> None:
        self.lease.check()
        read = await self.readings.of(batch)
        way, able = way_back(self.connector), self.connector.capabilities
        judged = [
            found if isinstance(found, Verdict) else before_sending(posting, found, able, way)
            for posting, found in zip(batch, read, strict=True)
        ]
        events = [
            Event(posting, verdict)
            if verdict is not None
            else Event(posting, Verdict(PostingState.SENT), held_before=_ids(found))
            for posting, found, verdict in zip(batch, read, judged, strict=True)
        ]
        self._commit(events)
        self._stop_if_refused()
        await self._send_all(
            [
                (event.after(), found)
                for event, found in zip(events, read, strict=True)
                if event.verdict.state is PostingState.SENT and isinstance(found, History)
            ]
        )

    async def _send_all(self, sent: Sequence[tuple[Posting, History]]) -> None:
        """Send, and commit what is known of each afterwards. What crashed stays as sent: unknown."""
        self.doubts = 0
        outcomes = await asyncio.gather(*(self._send(*each) for each in sent), return_exceptions=True)
        found = list(zip((posting for posting, _ in sent), outcomes, strict=True))
        known = [(posting, each) for posting, each in found if isinstance(each, Verdict)]
        for posting, verdict in known:
            if verdict.state is PostingState.CONFIRMED:
                self.has_sent = True
                is_payment = posting.action is Action.PAYMENT
                self.readings.recorded = (posting.invoice_id, verdict.remote_id) if is_payment else None
        self.readings.forget({posting.payment_remote_id for posting, _ in sent if posting.action is Action.TAKE_BACK})
        known += await self._refused([(p, each) for p, each in found if isinstance(each, CredentialsRefused)])
        self._commit([Event(posting, verdict) for posting, verdict in known])
        for each in outcomes:
            if isinstance(each, BaseException) and not isinstance(each, CredentialsRefused):
                raise each
        self._stop_if_refused()

    async def _refused(self, refused: Sequence[tuple[Posting, CredentialsRefused]]) -> list[tuple[Posting, Verdict]]:
        """Judge what was refused like a wrong secret although its invoice was shown just before.

        Where others are recorded and invoices are shown still, each is its invoice's own trouble: a period that is
        closed, a payment that is not ours. Where nothing is recorded it is the secret's; one alone cannot tell, and
        waits.
        """
        if not refused:
            return []
        error = refused[0][1]
        is_good = await self.readings.is_any_shown()
        if is_good and self.has_sent:
            sentence = f"it may be closed there: {error} for it, though others are recorded"
            return [(posting, Verdict(PostingState.REFUSED, sentence)) for posting, _ in refused]
        if not is_good:
            self.readings.refusal = f"{error}; {CREDENTIALS}"
        elif len(refused) > 1:
            sentence = f"{error} for recording payments, though invoices are shown: may it record any?"
            self.readings.refusal = f"{sentence} {CREDENTIALS}"
        return [(posting, Verdict(PostingState.PENDING, f"not recorded: {error}")) for posting, _ in refused]

    async def _send(self, posting: Posting, history: History) -> Verdict | CredentialsRefused:
        if self.doubts >= DOUBTS_MAX:
            return Verdict(PostingState.PENDING, "not sent: others were refused like a wrong secret")
        try:
            return await self._carried_out(posting, history)
        except CredentialsRefused as error:
            self.doubts += 1
            return error
        except RemoteError as error:
            return Verdict(self._state_after(posting, error), str(error))

    def _state_after(self, posting: Posting, error: RemoteError) -> PostingState:
        """Say where a posting stands after its request did not succeed."""
        if isinstance(error, NotSent):
            return PostingState.PENDING
        is_deletion = posting.action is Action.TAKE_BACK and way_back(self.connector) is TakesBack.DELETION
        if isinstance(error, Refused) and is_deletion and error.status in GONE:
            return PostingState.UNKNOWN  # deleted already, it seems: look
        return PostingState.REFUSED if isinstance(error, Refused | NotOffered | PaymentFailed) else PostingState.UNKNOWN

    async def _carried_out(self, posting: Posting, history: History) -> Verdict:
        connector = self.connector
        if posting.action is Action.PAYMENT:
            recorded = await connector.record_payment(posting.new_payment())
            if recorded.amount != posting.cash or recorded.invoice_id != posting.invoice_id:
                return Verdict(PostingState.UNKNOWN, f"its answer says {recorded.amount} for {recorded.invoice_id}")
            if recorded.payment_id in posting.known_ids:
                return Verdict(PostingState.UNKNOWN, f"its answer names another posting's {recorded.payment_id}")
            return Verdict(PostingState.CONFIRMED, "", recorded.payment_id)
        taken_back = posting.payment_taken_back()
        taken_back = next((p for p in history.payments if p.payment_id == taken_back.payment_id), taken_back)
        if isinstance(connector, Refunds):
            refund_id = await connector.refund_payment(taken_back, posting.cash, posting.notes)
            return Verdict(PostingState.CONFIRMED, "", refund_id)
        if isinstance(connector, Deletes):
            await connector.delete_payment(taken_back)
            return Verdict(PostingState.CONFIRMED, "deleted there")
        raise NotOffered("it takes no payment back")

    async def _settle(self) -> bool:
        """Look up what was sent and has no outcome: all once, and what was not seen again a visibility delay later.

        Where the payment that was recorded last does not show by then, lists lag more than that: nothing is taken for
        missing, and the next pass or run looks again. Say whether there is anything to look for again.
        """
        unseen: list[str] = []
        for batch in self.outbox.unclear(self.settings.batch_postings_max):
            unseen += await self._look(batch, is_last_look=False)
        if not unseen:
            return False
        await asyncio.sleep(float(self.settings.visibility_delay_seconds))
        is_last_look = await self.readings.are_lists_current()
        size, is_late = self.settings.batch_postings_max, False
        for begin in range(0, len(unseen), size):
            late = await self._look(self.outbox.postings(unseen[begin : begin + size]), is_last_look=is_last_look)
            self._commit([Event(p, Verdict(PostingState.UNKNOWN, LATE)) for p in self.outbox.postings(late)])
            is_late = is_late or bool(late)
        return is_late

    async def _look(self, batch: Sequence[Posting], *, is_last_look: bool) -> list[str]:
        """Look for postings of unknown outcome, commit what is known now, and return what was not seen."""
        self.lease.check()
        way, able = way_back(self.connector), self.connector.capabilities
        is_unseeable = way is TakesBack.REFUND and not able.shows_refunds
        events, unseen = [], []
        looked_for = [p for p in batch if not (is_unseeable and p.action is Action.TAKE_BACK)]
        for posting, found in zip(looked_for, await self.readings.of(looked_for), strict=True):
            if isinstance(found, Verdict):
                events.append(Event(posting, Verdict(PostingState.UNKNOWN, found.detail)))
            elif verdict := after_unclear(posting, found, able, way, is_last_look=is_last_look):
                events.append(Event(posting, verdict))
            elif is_last_look:
                seen_twice = Verdict(PostingState.PENDING, "looked up twice and not there: to be sent again")
                events.append(Event(posting, seen_twice, is_again=True))
            else:
                unseen.append(posting.posting_id)
        for posting in batch:
            if is_unseeable and posting.action is Action.TAKE_BACK and posting.state is PostingState.SENT:
                sentence = f"no call shows whether this refund was made: {look_there(posting)}"
                events.append(Event(posting, Verdict(PostingState.UNKNOWN, sentence)))
        self._commit(events)
        self._stop_if_refused()
        return unseen

    def _commit(self, events: Sequence[Event]) -> None:
        self.outbox.commit(events)
        self.held_up |= {event.posting.invoice_id for event in events if event.verdict.state not in FINAL}
        self.held_up -= {event.posting.invoice_id for event in events if event.verdict.state in FINAL}

    def _stop_if_refused(self) -> None:
        if self.readings.refusal:
            raise PostingStopped(f"{self.readings.refusal} and run again; nothing more was posted, what waits is kept")


def _ids(found: History | Verdict) -> tuple[str, ...]:
    return tuple(payment.payment_id for payment in found.payments) if isinstance(found, History) else ()
