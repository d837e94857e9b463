"""Business Central's published rules for applying payments, as a greedy matcher on the same input.

Written after Microsoft's public sources (bank payment application rules: related party, document number, amount, in
bands of confidence); a re-implementation, not the product. High confidence is posted, medium and low are proposed.
Lines are taken one by one, each against what is still open then.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from tests.bench.noise import folded, plain
from tests.bench.score import rows_of

# (related party, document number, amount): the high band in the order of its priority.
HIGH: Final = (
    ("fully", "several", "one"), ("fully", "several", "several"), ("fully", "yes", "one"), ("fully", "yes", "several"),
    ("partly", "several", "one"), ("partly", "several", "several"), ("partly", "yes", "one"), ("fully", "no", "one"),
    ("no", "several", "one"), ("no", "several", "several"),
)  # fmt: skip
MEDIUM: Final = (
    ("fully", "several", "none"), ("fully", "yes", "none"), ("fully", "no", "several"), ("partly", "several", "none"),
    ("partly", "yes", "several"), ("partly", "yes", "none"), ("no", "yes", "one"), ("no", "several", "none"),
    ("partly", "no", "one"), ("no", "yes", "several"),
)  # fmt: skip
LOW: Final = (
    ("fully", "no", "none"),
    ("partly", "no", "several"),
    ("partly", "no", "none"),
    ("no", "no", "one"),
    ("no", "yes", "none"),
)
PROBABILITY: Final = {"high": "0.99", "medium": "0.70", "low": "0.30"}


@dataclass
class _Item:
    invoice_id: str
    customer_id: str
    number: str
    open: Decimal


def run(world: Path, out: Path) -> None:
    """Read a world, apply its receipts, and write `allocations.csv` and `lines.csv`."""
    items = [
        _Item(row["invoice_id"], row["customer_id"], folded(row["invoice_number"]), Decimal(row["amount_due"]))
        for row in rows_of(world / "invoices.csv")
        if row["status"] == "open" and row["kind"] == "invoice" and Decimal(row["amount_due"]) > 0
    ]
    matcher = _Matcher(items, rows_of(world / "customers.csv"))
    out.mkdir(exist_ok=True)
    allocations: list[list[str]] = []
    lines: list[list[str]] = []
    for file, row, amount, text, account in _lines(world):
        state, chosen, band = matcher.apply(amount, text, account) if amount > 0 else ("", [], "")
        left = amount
        for item in chosen:
            paid = min(left, item.open)
            left -= paid
            allocations.append([file, str(row), item.invoice_id, f"{paid}", state, PROBABILITY[band]])
            if state == "posted":
                item.open -= paid
                matcher.forget_settled(item)
        lines.append([file, str(row), _outcome(amount, left, state, chosen)])
    _write(
        out / "allocations.csv",
        ["source_file", "source_row", "invoice_id", "amount", "state", "probability"],
        allocations,
    )
    _write(out / "lines.csv", ["source_file", "source_row", "outcome"], lines)


class _Matcher:
    def __init__(self, items: Sequence[_Item], customers: Sequence[dict[str, str]]) -> None:
        self.by_amount: dict[Decimal, list[_Item]] = defaultdict(list)
        self.by_customer: dict[str, list[_Item]] = defaultdict(list)
        self.by_number: dict[str, list[_Item]] = defaultdict(list)
        for item in items:
            self.by_amount[item.open].append(item)
            self.by_customer[item.customer_id].append(item)
            self.by_number[item.number].append(item)
        self.accounts = {row["iban"]: row["customer_id"] for row in customers if row["iban"]}
        self.names = [(row["customer_id"], _words(row["name"])) for row in customers]
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for place, (_, words) in enumerate(self.names):
            for word in words:
                self.by_word[word].add(place)

    def forget_settled(self, item: _Item) -> None:
        """Take an item out once nothing is owed on it."""
        if item.open <= 0:
            for listed in (self.by_customer[item.customer_id], self.by_number[item.number]):
                if item in listed:
                    listed.remove(item)

    def apply(self, amount: Decimal, text: str, account: str) -> tuple[str, list[_Item], str]:
        """Return the state, the items and the band of the best rule that any open item meets."""
        named = self._named(text)
        parties = self._parties(text)
        if account in self.accounts:
            parties[self.accounts[account]] = "fully"
        equal = [item for item in self.by_amount.get(amount, []) if item.open == amount]
        candidates = {id(item): item for item in [*named, *equal]}
        for customer in parties:
            candidates |= {id(item): item for item in self.by_customer[customer]}
        best: tuple[int, _Item] | None = None
        sum_named = sum((item.open for item in named), Decimal(0))
        for item in candidates.values():
            party = parties.get(item.customer_id, "no")
            document = "no" if item not in named else "several" if len(named) > 1 else "yes"
            alike = [other for other in equal if parties.get(other.customer_id, "no") == party]
            is_met = item.open == amount or (document == "several" and sum_named == amount)
            found = "none" if not is_met else "one" if len(alike) <= 1 else "several"
            rank = next((r for r, rule in enumerate((*HIGH, *MEDIUM, *LOW)) if rule == (party, document, found)), None)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, item
        if best is None:
            return "", [], ""
        rank, item = best
        band = "high" if rank < len(HIGH) else "medium" if rank < len(HIGH) + len(MEDIUM) else "low"
        chosen = named if item in named and len(named) > 1 else [item]
        return ("posted" if band == "high" else "proposed"), chosen, band

    def _named(self, text: str) -> list[_Item]:
        found: dict[int, _Item] = {}
        tokens = re.split(r"[\s,;:+&]+", text)
        for token in tokens:
            for item in self.by_number.get(folded(token), []) if len(token) >= 4 else []:
                found[id(item)] = item
        return list(found.values())

    def _parties(self, text: str) -> dict[str, str]:
        words = set(_words(text))
        places = set().union(*(self.by_word.get(word, set()) for word in words)) if words else set()
        parties: dict[str, str] = {}
        for place in sorted(places):
            customer, name = self.names[place]
            if set(name) <= words:
                parties[customer] = "fully"
            elif len(set(name) & words) * 2 >= len(name) and parties.get(customer) != "fully":
                parties[customer] = "partly"
        return parties


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Z0-9]+", plain(text).upper()) if len(word) >= 3]


def _lines(world: Path) -> list[tuple[str, int, Decimal, str, str]]:
    return [
        (row["source_file"], int(row["source_row"]), Decimal(row["amount"]), row["text"], row["account"])
        for row in rows_of(world / "lines_read.csv")
    ]


def _outcome(amount: Decimal, left: Decimal, state: str, chosen: Sequence[_Item]) -> str:
    if amount <= 0:
        return "ignored"
    if not chosen:
        return "unmatched"
    if state == "proposed":
        return "review"
    if left > 0:
        return "overpaid"
    return "short_paid" if any(item.open > 0 for item in chosen) else "applied"


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
