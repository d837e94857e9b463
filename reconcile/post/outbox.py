"""Keep what becomes of postings in the ledger: batches out, events in, committed before anything leaves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from reconcile.ledger import Ledger
from reconcile.post.posting import Posting, PostingState, Verdict
from reconcile.sql import sql

EVENT_COLUMNS: Final[dict[str, type[pl.DataType]]] = {
    "posting_id": pl.String,
    "event_number": pl.Int32,
    "state": pl.String,
    "attempt": pl.Int32,
    "remote_id": pl.String,
    "held_before": pl.String,
    "is_settled": pl.Boolean,
    "detail": pl.String,
}
DETAIL_MAX: Final = 500


@dataclass(frozen=True)
class Event:
    """A change of a posting's state. What it does not say stays as it was."""

    posting: Posting
    verdict: Verdict
    held_before: tuple[str, ...] | None = None
    is_again: bool = False
    is_settled: bool = False

    def after(self) -> Posting:
        """Return the posting as it stands after this event."""
        held = self.posting.held_before if self.held_before is None else self.held_before
        number = self.posting.event_number + 1
        return dataclasses.replace(self.posting, state=self.verdict.state, event_number=number, held_before=held)

    def row(self) -> dict[str, object]:
        """Return the event as it is written down."""
        held = self.posting.held_before if self.held_before is None else self.held_before
        return {
            "posting_id": self.posting.posting_id,
            "event_number": self.posting.event_number + 1,
            "state": self.verdict.state.value,
            "attempt": self.posting.attempt + self.is_again,
            "remote_id": self.verdict.remote_id or self.posting.remote_id,
            "held_before": "" if held is None else json.dumps(held),
            "is_settled": self.is_settled,
            "detail": self.verdict.detail[:DETAIL_MAX],
        }


@dataclass
class Outbox:
    """The postings of one system and place, in an open ledger."""

    ledger: Ledger
    system: str
    place: str

    def begin(self, posting_ids: Iterable[str]) -> None:
        """Write down that these wait to be sent; the caller commits."""
        plain = {"event_number": 1, "state": "pending", "attempt": 1, "remote_id": "", "held_before": "", "detail": ""}
        self._write([{"posting_id": posting_id, "is_settled": False, **plain} for posting_id in posting_ids])

    def commit(self, events: Iterable[Event]) -> None:
        """Write down events and commit them: when this returns they are on the disk."""
        rows = [event.row() for event in events]
        if rows:
            self._write(rows)
            self.ledger.commit()

    def queue(self, size: int) -> Iterator[list[Posting]]:
        """Yield what may be sent now, batch by batch, at most one posting of an invoice in each."""
        self.ledger.con.execute(sql("post", "posting_queue"), {"system": self.system, "place": self.place})
        turns = [row[0] for row in self.ledger.rows("select distinct turn from posting_queue order by turn")]
        for turn in turns:
            yield from self._batches("posting_queue where turn = ? and posting_number > ?", size, turn)

    def unclear(self, size: int) -> Iterator[list[Posting]]:
        """Yield what was sent and has no outcome, batch by batch."""
        place = (
            "current_postings where system = ? and place = ? and state in ('sent', 'unknown') and posting_number > ?"
        )
        yield from self._batches(place, size, self.system, self.place)

    def postings(self, posting_ids: Iterable[str]) -> list[Posting]:
        """Return these postings as they stand."""
        named = pl.DataFrame({"posting_id": list(posting_ids)}, schema={"posting_id": pl.String})
        with self.ledger.given(named_postings=named):
            rows = self.ledger.frame(sql("post", "posting_batch")).rows(named=True)
        return [Posting.of(row) for row in rows]

    def counts(self) -> dict[PostingState, int]:
        """Count the postings of this system and place by state."""
        query = "select state, count(*) from current_postings where system = ? and place = ? group by state"
        counted = {str(state): int(str(count)) for state, count in self.ledger.rows(query, self.system, self.place)}
        return {state: counted.get(state.value, 0) for state in PostingState}

    def left_elsewhere(self) -> list[str]:
        """Say in a sentence for each what still waits for a system or address that is not configured any more."""
        left = self.ledger.frame(sql("post", "postings_left"), system=self.system, place=self.place)
        return [_left(**row) for row in left.rows(named=True)]

    def witnesses(self) -> list[str]:
        """Return a few invoices that the system should show."""
        query = sql("post", "witness_invoices")
        return self.ledger.frame(query, system=self.system, place=self.place)["invoice_id"].to_list()

    def _batches(self, source: str, size: int, *parameters: object) -> Iterator[list[Posting]]:
        last = 0
        while True:
            query = f"select posting_id, posting_number from {source} order by posting_number limit {int(size)}"
            rows = self.ledger.rows(query, *parameters, last)
            if not rows:
                return
            last = int(str(rows[-1][1]))
            yield self.postings(str(row[0]) for row in rows)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        frame = pl.DataFrame(rows, schema=EVENT_COLUMNS)
        happened_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        with self.ledger.given(new_events=frame):
            self.ledger.con.execute(sql("post", "insert_posting_events"), {"happened_at": happened_at})


def _left(system: str, place: str, posting_count: int, first_run_number: int, *, was_sent: bool) -> str:
    """Say what is to be done. What may stand at the old address already is not let go to the new one."""
    include = f"let them go to the one that is, with `reconcile postings include --from-run {first_run_number}`"
    todo = "or settle each when you have looked there" if was_sent else f"or {include}"
    count = "1 posting waits" if posting_count == 1 else f"{posting_count} postings wait"
    return f"{count} for {system} at {place}, which is not configured: configure it again, {todo}"
