"""The desk where people decide lines: each call is ruled, written down and posted like any allocation, or refused.

A call is one run of the ledger. Its caller holds the ledger against its laws and keeps it. Must not: update or delete
a row, or send anything anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from reconcile.config import Review
from reconcile.errors import ReviewError
from reconcile.ledger import Ledger
from reconcile.review.acts import NewAct, decision_of, items_of, review_id_of, sentence, write_acts
from reconcile.review.decided import Decided, DecisionsFile, InvoiceCash, Refused
from reconcile.review.paying import Ruling
from reconcile.review.ruling import ruling_of
from reconcile.review.standing import Act, Standing, line_named, standing_of
from reconcile.review.undoing import undo_of
from reconcile.sql import sql


@dataclass(frozen=True)
class Done:
    """A decision that was carried out, waits for a second person (`waiting`), or was written down before (`known`)."""

    line_id: str
    action: str
    status: str
    outcome: str


@dataclass(frozen=True)
class Applied:
    """What came of the decisions of one call. `postings` wait for the next run, or the flow, to send them."""

    done: tuple[Done, ...]
    refused: tuple[Refused, ...] = ()
    postings: int = 0

    @property
    def is_news(self) -> bool:
        """Say whether anything was written."""
        return any(each.status != "known" for each in self.done)


@dataclass(frozen=True)
class ReviewDesk:
    """Where a person decides lines: the open ledger, who it is, the instant (UTC), and the limits of `[review]`.

    Raises:
        ReviewError: nobody is named.
    """

    ledger: Ledger
    who: str
    at: dt.datetime
    limits: Review

    def __post_init__(self) -> None:
        if not self.who.strip() or len(self.who) > 100 or "\x00" in self.who:
            raise ReviewError("say who decides, in at most 100 characters: --by NAME")

    def apply(self, file: DecisionsFile) -> Applied:
        """Carry out the decisions of a file; what cannot be is refused with its reason, and the others go on."""
        applied = self._decide(file.decisions, file.run_number)
        return Applied(applied.done, (*file.refused, *applied.refused))

    def decide(self, decided: Decided) -> Applied:
        """Carry out one decision; its line may be named by a beginning of its id, its instant is now."""
        line_id = line_named(self.ledger, decided.line_id)
        named = Decided(**{**vars(decided), "line_id": line_id, "decided_at": decided.decided_at or self.at})
        return self._decide([named], 0)

    def confirm(self, line: str, reason: str = "") -> Applied:
        """Confirm as the second person what waits for one, just as it was said.

        Raises:
            ReviewError: nothing waits.
        """
        line_id = line_named(self.ledger, line)
        waiting = standing_of(self.ledger, [line_id], (), ()).waiting(line_id)
        if waiting is None:
            message = f"nothing about line {line_id} waits for a second person"
            raise ReviewError(message)
        cash = tuple(InvoiceCash(each.invoice_id, each.amount) for each in waiting.items)
        return self._decide([Decided(line_id, waiting.action, cash, waiting.customer_id, reason, self.at)], 0)

    def undo(self, line: str, reason: str = "") -> Applied:
        """Take back the last thing that was decided about a line, by a person or by a run; the history stays.

        Raises:
            ReviewError: nothing is decided, or something stands on it.
        """
        line_id = line_named(self.ledger, line)
        standing = standing_of(self.ledger, [line_id], (), ())
        try:
            act = undo_of(self.ledger, standing, line_id, self.who, self.at, reason)
        except ReviewError as error:
            return Applied((), (Refused("", line_id, str(error)),))
        self._write([act])
        return Applied((Done(line_id, "undo", "done", act.outcome),))

    def _decide(self, decisions: Sequence[Decided], seen: int) -> Applied:
        standing = standing_of(
            self.ledger,
            [decided.line_id for decided in decisions],
            [cash.invoice_id for decided in decisions for cash in decided.invoices],
            [decided.customer_id for decided in decisions if decided.customer_id],
        )
        owed = {item.invoice_id: item.open_amount for item in standing.items.values()}
        acts: dict[str, NewAct] = {}
        done: list[Done] = []
        refused: list[Refused] = []
        for decided in decisions:
            review_id = review_id_of(decided, self.who, seen)
            try:
                if known := _known(review_id, decided.line_id, standing):
                    done.append(Done(decided.line_id, decided.action, "known", known))
                    continue
                _refuse_twice(decided, acts)
                act = self._act(decided, review_id, standing, owed, seen)
            except ReviewError as error:
                refused.append(Refused(decided.place, decided.line_id, str(error)))
                continue
            acts[decided.line_id] = act
            done.append(Done(decided.line_id, decided.action, "waiting" if act.is_waiting else "done", act.outcome))
            if not act.is_waiting and act.action != "reject":
                _take(owed, act, standing)
        self._write(list(acts.values()))
        return Applied(tuple(done), tuple(refused))

    def _act(self, decided: Decided, review_id: str, standing: Standing, owed: dict[str, Decimal], seen: int) -> NewAct:
        ruling = ruling_of(decided, standing, owed, self.limits, seen)
        at = decided.decided_at or self.at
        if at > self.at + dt.timedelta(days=1):
            message = f"it says that it was decided on {at:%Y-%m-%d}, which is still to come"
            raise ReviewError(message)
        waiting = standing.waiting(decided.line_id)
        if waiting:
            self._refuse_to_confirm(decided, ruling, waiting)
        least = self.limits.second_person_amount_min
        needs_two = least > 0 and abs(ruling.line.amount) >= least and decided.action != "reject"
        is_waiting = needs_two and waiting is None
        told = sentence(decided.action, self.who, at, decided.reason, ruling.line, waiting)
        return NewAct(
            review_id=review_id,
            line_id=decided.line_id,
            action=decided.action,
            customer_id=ruling.customer_id,
            reason=decided.reason,
            who=self.who,
            decided_at=at,
            is_waiting=is_waiting,
            confirms_id=waiting.review_id if waiting else "",
            items=items_of(ruling),
            outcome=ruling.line.outcome if is_waiting else str(ruling.outcome),
            decision=None if is_waiting else decision_of(ruling, told, dict(standing.items), self._kept(ruling)),
        )

    def _refuse_to_confirm(self, decided: Decided, ruling: Ruling, waiting: Act) -> None:
        """Let a second person carry out what waits, as it was said, and nobody anything else.

        Raises:
            ReviewError: it is the same person, or something else is decided.
        """
        said = f"{waiting.who}'s decision ({waiting.action}, {waiting.decided_at:%Y-%m-%d %H:%M} UTC)"
        if self.who.strip().casefold() == waiting.who.strip().casefold():
            message = f"{said} waits for a second person's yes; undo it to decide otherwise"
            raise ReviewError(message)
        items = {(each.invoice_id, each.amount, each.residual) for each in items_of(ruling)}
        first = {(each.invoice_id, each.amount, each.residual) for each in waiting.items}
        if (decided.action, ruling.customer_id, items) != (waiting.action, waiting.customer_id, first):
            message = f"{said} waits for a second person's yes, and was another; undo it to decide otherwise"
            raise ReviewError(message)

    def _kept(self, ruling: Ruling) -> pl.DataFrame | None:
        """Return what is still considered for a line of which a proposal is rejected."""
        if not ruling.refused_ids:
            return None
        with self.ledger.given(asked=pl.DataFrame({"line_id": [ruling.line.line_id]})):
            considered = self.ledger.frame(sql("review", "considered_now"))
        named = pl.col("invoice_ids").str.split("|").list.set_intersection(list(ruling.refused_ids)).list.len()
        return considered.filter(named == 0)

    def _write(self, acts: Sequence[NewAct]) -> None:
        if acts:
            self.ledger.begin_run_of_person("review", self.at)
            write_acts(self.ledger, acts)


def _refuse_twice(decided: Decided, acts: Mapping[str, NewAct]) -> None:
    if decided.line_id in acts:
        raise ReviewError("another decision of the same file concerns this line")


def _known(review_id: str, line_id: str, standing: Standing) -> str:
    """Return the outcome of the line where this very decision was written down before."""
    if all(act.review_id != review_id for act in standing.acts.get(line_id, ())):
        return ""
    return standing.lines[line_id].outcome


def _take(owed: dict[str, Decimal], act: NewAct, standing: Standing) -> None:
    """Take off what is owed what a decision settles, so that the next one of the file meets it."""
    for each in act.items:
        settled = each.amount + each.residual
        owed[each.invoice_id] -= -settled if standing.items[each.invoice_id].kind == "credit_note" else settled
