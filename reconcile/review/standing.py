"""Gather what a person's decisions meet: the lines, what is proposed for them, what people did, what invoices owe now.

One look into the ledger for all decisions of a file. Must not: judge or write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

import polars as pl

from reconcile.errors import ReviewError
from reconcile.ledger import Ledger
from reconcile.sql import sql

PERSON: Final = "person"
"""The rule of a decision that a person made: lasting, whatever its outcome."""

UNDONE: Final = "undone"
"""The rule of a decision that only takes back the line's earlier one: the next night proposes anew."""

REJECTED: Final = "rejected"
"""The rule of a decision that only takes a proposal away: the next night proposes anew."""

OPEN_OUTCOMES: Final = ("review", "unmatched", "ignored")
"""The outcomes of a run that leave a line to a person."""


@dataclass(frozen=True)
class Item:
    """An invoice or credit note, and what is owed on it now."""

    invoice_id: str
    invoice_number: str
    customer_id: str
    kind: str
    status: str
    currency: str
    open_amount: Decimal


@dataclass(frozen=True)
class Line:
    """A line, what is decided about it now (by which run, when in UTC), and what a run last said of it."""

    line_id: str
    booked_date: dt.date
    amount: Decimal
    currency: str
    counterparty_name: str
    decision_id: str
    run_number: int
    outcome: str
    customer_id: str
    on_account: Decimal
    rule: str
    evidence: str
    decided_at: dt.datetime

    @property
    def is_open(self) -> bool:
        """Say whether a person may decide it: no person has, and no run has for good."""
        return self.rule != PERSON and self.outcome in OPEN_OUTCOMES


@dataclass(frozen=True)
class Proposed:
    """A line's cash for an invoice, and what is settled besides it and why, proposed or decided."""

    invoice_id: str
    amount: Decimal
    residual: Decimal
    residual_kind: str = ""


@dataclass(frozen=True)
class Act:
    """What a person did about a line before: the columns of `reviews`, its items, and whether it waits for another."""

    review_id: str
    run_number: int
    line_id: str
    action: str
    customer_id: str
    reason: str
    who: str
    decided_at: dt.datetime
    is_waiting: bool
    undoes_id: str
    decision_id: str
    is_standing: bool
    waits: bool
    items: tuple[Proposed, ...]


@dataclass(frozen=True)
class Standing:
    """All that a call's decisions meet."""

    lines: Mapping[str, Line]
    proposals: Mapping[str, tuple[Proposed, ...]]
    alternatives: Mapping[tuple[str, int], tuple[str, ...]]
    acts: Mapping[str, tuple[Act, ...]]
    items: Mapping[str, Item]
    ids_by_number: Mapping[str, tuple[str, ...]]
    customers: frozenset[str]

    def waiting(self, line_id: str) -> Act | None:
        """Return the act about a line that waits for a second person."""
        return next((act for act in self.acts.get(line_id, ()) if act.waits), None)

    def item_named(self, name: str) -> Item:
        """Return an invoice by its id, or by its number where only one has it.

        Raises:
            ReviewError: there is none, or several have the number.
        """
        if name in self.items:
            return self.items[name]
        ids = self.ids_by_number.get(name, ())
        if len(ids) != 1:
            what = "several invoices have the number" if ids else "the ledger knows no invoice"
            message = f"{what} {name[:60]!r}" + ("; name it by its id" if ids else "")
            raise ReviewError(message)
        return self.items[ids[0]]


def known_customer(customer_id: str, standing: Standing) -> str:
    """Return the customer's id.

    Raises:
        ReviewError: none is named, or the ledger does not know it.
    """
    if not customer_id:
        raise ReviewError("say whose money it is: name the customer")
    if customer_id not in standing.customers:
        message = f"the ledger knows no customer {customer_id[:60]!r}"
        raise ReviewError(message)
    return customer_id


def line_named(ledger: Ledger, name: str) -> str:
    """Return a line's id by it or by a beginning of at least 6 characters that only one has.

    Raises:
        ReviewError: none has it, or several have.
    """
    shortest = 6
    found = [
        str(row[0])
        for row in ledger.rows(
            "select line_id from statement_lines where starts_with(line_id, ?) order by line_id", name.strip()
        )
    ]
    if name.strip() in found:
        return name.strip()
    if len(name.strip()) < shortest:
        message = f"line {name[:60]!r}: give its id, or at least {shortest} characters of its beginning"
        raise ReviewError(message)
    if len(found) != 1:
        what = f"{len(found)} lines begin with" if found else "the ledger knows no line"
        message = f"{what} {name[:60]!r}"
        raise ReviewError(message)
    return found[0]


def standing_of(ledger: Ledger, line_ids: Iterable[str], invoices: Iterable[str], customers: Iterable[str]) -> Standing:
    """Look up what decisions about these lines meet.

    Args:
        ledger: the open ledger.
        line_ids: the lines' ids; one that is not there is left out.
        invoices: ids or numbers that the decisions name.
        customers: ids that the decisions name.
    """
    asked = pl.DataFrame({"line_id": sorted(set(line_ids))}, schema={"line_id": pl.String})
    with ledger.given(asked=asked):
        lines = ledger.frame(sql("review", "asked_lines")).rows(named=True)
        proposed = ledger.frame(sql("review", "asked_proposals")).rows()
        considered = ledger.frame(sql("review", "asked_alternatives")).rows()
        reviewed = ledger.frame(sql("review", "asked_reviews")).rows(named=True)
    alternatives = {(line_id, rank): tuple(ids.split("|")) for line_id, rank, ids in considered}
    acts = tuple(_acts(reviewed))
    names = {*invoices, *(row[1] for row in proposed), *(name for ids in alternatives.values() for name in ids)}
    names |= {item.invoice_id for act in acts for item in act.items}
    with ledger.given(asked=pl.DataFrame({"invoice": sorted(names)}, schema={"invoice": pl.String})):
        items = [Item(**row) for row in ledger.frame(sql("review", "asked_items")).rows(named=True)]
    by_number: dict[str, tuple[str, ...]] = {}
    for item in items:
        by_number[item.invoice_number] = (*by_number.get(item.invoice_number, ()), item.invoice_id)
    return Standing(
        lines={row["line_id"]: Line(**row) for row in lines},
        proposals={
            line_id: tuple(Proposed(*row[1:]) for row in rows)
            for line_id, rows in groupby(proposed, key=lambda row: str(row[0]))
        },
        alternatives=alternatives,
        acts={line_id: tuple(group) for line_id, group in groupby(acts, key=lambda act: act.line_id)},
        items={item.invoice_id: item for item in items},
        ids_by_number=by_number,
        customers=_known_customers(ledger, customers),
    )


def _acts(rows: list[dict[str, object]]) -> Iterable[Act]:
    for _, group in groupby(rows, key=lambda row: row["review_id"]):
        of_review = list(group)
        items = tuple(
            Proposed(str(row["invoice_id"]), row["amount"], row["residual"])  # type: ignore[arg-type]
            for row in of_review
            if row["invoice_id"] is not None
        )
        facts = {name: value for name, value in of_review[0].items() if name not in _ITEM_COLUMNS}
        yield Act(**facts, items=items)  # type: ignore[arg-type]


_ITEM_COLUMNS: Final = frozenset({"invoice_id", "amount", "residual"})


def _known_customers(ledger: Ledger, customers: Iterable[str]) -> frozenset[str]:
    asked = pl.DataFrame({"customer_id": sorted(set(customers))}, schema={"customer_id": pl.String})
    with ledger.given(asked=asked):
        known = ledger.frame(
            "select customer_id from asked where customer_id in (select customer_id from current_customers) "
            "or customer_id in (select customer_id from current_invoices)"
        )
    return frozenset(known["customer_id"])
