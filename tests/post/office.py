"""A company whose ledger posts to a served system: allocations go in, and what stands there comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile import post
from reconcile.config import Config, load
from reconcile.ledger import Ledger, broken_laws, open_ledger, store_receivables
from reconcile.post import PostingResult
from reconcile.post.connector import Connector
from reconcile.post.connectors import connector_for, patience_of
from reconcile.post.posting import PostingState
from tests.builders import a_decision, a_line, an_allocation, an_invoice, begin_run, decided, receivables, store_lines
from tests.post.connectors_under_test import SECRET_ENV, UNDER_TEST

QUICK: Mapping[str, Any] = {
    "deadline_seconds": Decimal("0.3"), "attempts_max": 2, "pause_seconds": Decimal("0.01"),
    "pause_seconds_max": Decimal("0.05"), "requests_per_second": Decimal(0), "requests_at_once_max": 8,
    "visibility_delay_seconds": Decimal("0.05"), "passes_max": 8, "answer_kilobytes_max": 100,
}  # fmt: skip


class Office:
    """The ledger in `folder`, posting to the system at `url`."""

    def __init__(self, folder: Path, url: str, system: str = "invoicing_v1", **settings: Any) -> None:
        self.path = folder / "ledger.duckdb"
        self.url = url
        self.case = next(case for case in UNDER_TEST if case.system == system)
        self.config: Config = load(None, {"connector": self.case.flags(url), "post": dict(QUICK) | settings})

    def connector(self) -> Connector:
        return connector_for(self.config.connector, {SECRET_ENV: self.case.secret}, patience_of(self.config.post))

    @contextmanager
    def open(self) -> Iterator[Ledger]:
        with open_ledger(self.path) as ledger:
            yield ledger

    def decides(
        self, *paid: tuple[str, str], invoices: Mapping[str, str] | None = None, day: str = "2026-10-05", tag: str = ""
    ) -> list[str]:
        """Keep a run that posts each (invoice, amount) with a line of its own; return their ids. C...: credit notes."""
        with (opened := open_ledger(self.path)) as ledger:
            begin_run(ledger)
            if invoices:
                kinds = {invoice: "credit_note" if invoice.startswith("C") else "invoice" for invoice in invoices}
                given = [an_invoice(i, amount_due=total, kind=kinds[i]) for i, total in invoices.items()]
                store_receivables(ledger, receivables(given))
            lines = [a_line(amount, f"{tag}{n} {invoice}", booked_date=day) for n, (invoice, amount) in enumerate(paid)]
            ids = store_lines(ledger, *lines, name=f"{tag or day}.ofx")
            ledger.write(
                decided(
                    [a_decision(line, applied=amount) for line, (_, amount) in zip(ids, paid, strict=True)],
                    [an_allocation(line, invoice, amount) for line, (invoice, amount) in zip(ids, paid, strict=True)],
                )
            )
            post.plan(ledger, self.config.connector)
            broken_laws(ledger)
            opened.keep()
        return ids

    def returns(self, *receipts: str, day: str = "2026-10-12") -> None:
        """Keep a run in which the bank takes receipts back."""
        with (opened := open_ledger(self.path)) as ledger:
            begin_run(ledger)
            taken = [
                ledger.rows("select allocation_id, invoice_id, amount from allocations where line_id = ?", receipt)[0]
                for receipt in receipts
            ]
            ids = store_lines(
                ledger,
                *(a_line(f"-{t[2]}", f"RETURN {t[1]} {n}", booked_date=day) for n, t in enumerate(taken)),
                name=f"returns-{day}.ofx",
            )
            rows = list(zip(ids, receipts, taken, strict=True))
            ledger.write(
                decided(
                    [a_decision(i, "returned", applied=f"-{t[2]}", returns_line_id=r) for i, r, t in rows],
                    [an_allocation(i, str(t[1]), f"-{t[2]}", reverses_id=str(t[0])) for i, _, t in rows],
                )
            )
            post.plan(ledger, self.config.connector)
            broken_laws(ledger)
            opened.keep()

    def posts(self, connector: Connector | None = None) -> PostingResult:
        with open_ledger(self.path) as ledger:
            return post.post_what_waits(ledger, self.config, connector or self.connector())

    def retries(self, key: str) -> None:
        """Let a person say that a posting is to be sent again."""
        from reconcile.cli_postings import _change

        with self.open() as ledger:
            _change(ledger, self.config, key, "pending", "", is_again=True)

    def states(self) -> list[tuple[str, str, str]]:
        """Return (invoice, action, state) of each posting, in the order of sending."""
        query = "select invoice_id, action, state from current_postings order by posting_number"
        with self.open() as ledger:
            return [(str(i), str(a), str(s)) for i, a, s in ledger.rows(query)]

    def details(self) -> list[str]:
        with self.open() as ledger:
            return [str(row[0]) for row in ledger.rows("select detail from current_postings order by posting_number")]

    def keys(self) -> list[str]:
        with self.open() as ledger:
            return [str(row[0]) for row in ledger.rows("select posting_id from postings order by posting_number")]


def confirmed(result: PostingResult) -> int:
    """Return how many postings are confirmed, where no other state occurs."""
    others = {state: count for state, count in result.counts.items() if count and state is not PostingState.CONFIRMED}
    assert not others, others
    return result.counts[PostingState.CONFIRMED]


def totals(rows: Sequence[tuple[str, str]]) -> dict[str, Decimal]:
    """Add up amounts by invoice."""
    sums: dict[str, Decimal] = {}
    for invoice, amount in rows:
        sums[invoice] = sums.get(invoice, Decimal(0)) + Decimal(amount)
    return sums
