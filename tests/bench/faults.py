"""Post all that the samples bring to each system through each fault on every third request, and hold both sides equal.

The samples are decided once, on a ledger of its own; each system and fault begins with a copy of it.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from reconcile import post
from reconcile.config import SAMPLES, load
from reconcile.ledger import open_ledger
from reconcile.night import run_night
from tests.post.connectors_under_test import UNDER_TEST, UnderTest
from tests.post.office import Office
from tests.post.servers.base import Fault, Request, serving

FaultOf = Callable[[int, Request], Fault | None]

PASSING: Final = tuple(fault for fault in Fault if fault not in {Fault.EXPIRED, Fault.WRONG_AMOUNT_AFTER})
"""Faults through which posting must come without a person, but for refunds that no call shows."""

REFUNDING: Final = frozenset({"invoicing_v1", "auxvault"})
"""Systems that keep a payment that was given back."""

WAITED_FOR: Final = frozenset({Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.SLOW_AFTER})
"""Faults that end only when the deadline does."""

AT_ONCE: Final = 32
"""Requests at a time, since most of what they do here is wait for a deadline."""

RUNS_MAX: Final = 8
"""So many runs of posting must bring all through: a night's fault does not end with the night here."""


@dataclass(frozen=True)
class Outcome:
    """What came of the samples' postings to one system. Sums by invoice are equal but for `unseen`.

    unseen: refunds that stay unknown, because no call of the system shows one.
    wrong: sentences on whatever is lost, there twice, or different; none if all is well.
    """

    postings: int
    runs: int
    requests: int
    faults: int
    unseen: int
    wrong: tuple[str, ...]


def decided_samples(folder: Path) -> Path:
    """Decide the samples on a ledger that posts nowhere, and return its file."""
    path = folder / "decided.duckdb"
    run_night(load(None, {"output": {"ledger": path, "out": folder / "out"}}).with_samples())
    return path


def post_samples(decided: Path, case: UnderTest, fault_of: FaultOf, deadline: Decimal = Decimal("0.6")) -> Outcome:
    """Post what the samples' ledger holds to a new server with faults, run after run until nothing waits.

    Args:
        decided: the samples' ledger.
        case: the system.
        fault_of: names the fault of a request by its number.
        deadline: seconds for a request.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(case.server(_totals())) as served,
    ):
        office = Office(Path(folder), served.url, case.system, requests_at_once_max=AT_ONCE, deadline_seconds=deadline)
        shutil.copy(decided, office.path)
        with (opened := open_ledger(office.path)) as ledger:
            ledger.run_number = ledger.value("select max(run_number) from runs")
            postings = post.plan(ledger, office.config.connector, first_run_number=1)
            opened.keep()
        struck: Counter[Fault] = Counter()

        def counted(number: int, request: Request) -> Fault | None:
            if fault := fault_of(number, request):
                struck[fault] += 1
            return fault

        served.fault_of = counted
        for runs in range(1, RUNS_MAX + 1):  # noqa: B007 - how many it took
            office.posts()
            unseen, wrong = _differences(office, served.system, case)
            if not wrong:
                break
        requests = len(served.requests)
        wrong += served.refusals
    return Outcome(postings, runs, requests, struck.total(), unseen, tuple(wrong))


def through_faults(systems: Sequence[str]) -> Iterator[str]:
    """Post the samples to each system through each fault on every third request; yield a sentence for each system.

    Raises:
        AssertionError: something is lost, there twice or different.
    """
    with tempfile.TemporaryDirectory() as folder:
        decided = decided_samples(Path(folder))
        for case in (case for case in UNDER_TEST if case.system in systems):
            started = time.perf_counter()
            outcomes = {
                fault: post_samples(
                    decided,
                    case,
                    lambda number, _, fault=fault: None if number % 3 else fault,
                    Decimal("0.6") if fault in WAITED_FOR else Decimal(5),
                )
                for fault in PASSING
            }
            if wrong := {fault.value: outcome.wrong for fault, outcome in outcomes.items() if outcome.wrong}:
                raise AssertionError(case.system, wrong)
            yield (
                f"{case.system}: {sum(o.postings for o in outcomes.values())} postings through {len(outcomes)} faults "
                f"({sum(o.faults for o in outcomes.values())} requests struck, at most "
                f"{max(o.runs for o in outcomes.values())} runs): 0 twice, 0 lost, 0 wrong; "
                f"{sum(o.unseen for o in outcomes.values())} refunds left to a person; "
                f"{time.perf_counter() - started:.0f} s"
            )


def _totals() -> dict[str, Decimal]:
    with (SAMPLES / "invoices.csv").open(encoding="utf-8", newline="") as file:
        return {row["invoice_id"]: Decimal(row["total"]) for row in csv.DictReader(file)}


def _differences(office: Office, server: Any, case: UnderTest) -> tuple[int, list[str]]:
    """Hold the server against the ledger; return how many refunds are unknown, and what is not as it should be."""
    query = """
        select invoice_id, action, state, count(*), sum(amount)::varchar
        from current_postings group by all order by all
    """
    with office.open() as ledger:
        rows = [(str(i), str(a), str(s), int(str(n)), Decimal(str(x))) for i, a, s, n, x in ledger.rows(query)]
    sees = office.connector().capabilities.shows_refunds
    unseen = {i: x for i, action, state, _, x in rows if action == "take_back" and state == "unknown" and not sees}
    wrong = [
        f"{i}: a {action} is {state}"
        for i, action, state, *_ in rows
        if state not in {"confirmed", "refused"} and i not in unseen
    ]
    wrong += [
        f"{i}: a {action} is refused" for i, action, state, *_ in rows if state == "refused" and action == "payment"
    ]
    ours: Counter[str] = Counter()
    for invoice, _, state, _, amount in rows:
        if state == "confirmed":
            ours[invoice] += amount  # type: ignore[assignment]
    paid = server.paid()
    for invoice in sorted(ours.keys() | paid.keys()):
        there, here = paid.get(invoice, Decimal(0)), ours[invoice]
        if there != here and there != here + unseen.get(invoice, Decimal(0)):
            wrong.append(f"{invoice}: {there} there, {here} here")
    made = sum(n for _, action, state, n, _ in rows if action == "payment" and state == "confirmed")
    gone = sum(n for _, action, state, n, _ in rows if action == "take_back" and state == "confirmed")
    expected = made if case.system in REFUNDING else made - gone
    if len(server.standing()) != expected:
        wrong.append(f"{len(server.standing())} payments there, {expected} are meant")
    return len(unseen), wrong
