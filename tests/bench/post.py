"""Time posting to a server on this machine, and kill posters at random: what posting promises, as figures.

The server is quick and keeps payments in memory, in a process of its own; each posting is two requests (the history,
then the payment) and the comparison afterwards one more.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import tempfile
import time
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl

from reconcile import post
from reconcile.ledger import open_ledger
from reconcile.money import MONEY
from reconcile.resolve import Decisions
from tests.builders import a_line, an_invoice, begin_run, receivables, store_lines
from tests.post.connectors_under_test import UNDER_TEST
from tests.post.office import Office


def measure(postings: int) -> str:
    """Post so many payments and return a sentence on how long it took and how much memory it needed."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        server.start()
        port = ours.recv()
        settings = {"deadline_seconds": Decimal(30), "requests_at_once_max": 4, "batch_postings_max": 500}
        office = Office(Path(folder), f"http://127.0.0.1:{port}", **settings)
        _fill(office, postings)
        before, used = _memory("VmRSS"), time.process_time()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # begin the peak anew
        seconds = _timed(office, postings)
        grown, used = _memory("VmHWM") - before, time.process_time() - used
        again = _timed(office, postings)
        server.terminate()
    return (
        f"{postings} payments posted in {seconds:.1f} s ({postings / seconds:.0f} a second; {used:.1f} s of processor "
        f"time), each with its history read before and compared after; memory grew by at most {grown} MB; "
        f"a second run took {again:.1f} s"
    )


def _memory(name: str) -> int:
    """Return one of this process's figures of memory, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{name}:", 1)[1].split(maxsplit=1)[0]) // 1024


def kill(times: int, system: str) -> str:
    """Kill posters to a system at random moments, on new ledgers until so many struck; return what came of it."""
    from tests.post.test_crashes import a_company_that_is_killed

    case = next(case for case in UNDER_TEST if case.system == system)
    chance, struck, companies = random.Random(1), 0, 0
    while struck < times:
        with tempfile.TemporaryDirectory() as folder:
            kills = [("whenever", chance.randint(2, 150)) for _ in range(10)]
            struck += a_company_that_is_killed(Path(folder), kills, case, is_faulty=companies % 2 == 1)
            companies += 1
    return f"{system}: {struck} kills of posters on {companies} ledgers: 0 payments twice, 0 lost, 0 wrong, to the cent"


def _timed(office: Office, postings: int) -> float:
    started = time.perf_counter()
    with open_ledger(office.path) as ledger:
        result = post.post_what_waits(ledger, office.config, office.connector())
    seconds = time.perf_counter() - started
    if sum(result.counts.values()) != postings or result.unconfirmed or result.differences.height:
        raise AssertionError(result)
    return seconds


def _fill(office: Office, postings: int) -> None:
    """Keep a run that allocates one line to each invoice."""
    numbers = pl.DataFrame({"n": range(postings)}).with_columns(text=pl.format("I{}", "n"))
    with (opened := open_ledger(office.path)) as ledger:
        begin_run(ledger)
        invoice = an_invoice().drop("invoice_id", "invoice_number")
        invoices = numbers.select(invoice_id="text", invoice_number="text").join(invoice, how="cross")
        books = receivables([an_invoice()])
        from reconcile.ledger import store_receivables

        ordered = invoices.select(books.invoices.columns)
        store_receivables(ledger, type(books)(ordered, books.customers.clear(), books.remittances.clear()))
        line = a_line("100.00").drop("remittance_text", "source_row")
        lines = numbers.select(remittance_text="text", source_row=pl.col("n") + 1).join(line, how="cross")
        ids = store_lines(ledger, lines.select(a_line().columns))
        each = numbers.with_columns(line_id=pl.Series(ids), amount=pl.lit(Decimal(100)).cast(MONEY))
        ledger.write(
            Decisions.of(
                each.select("line_id", outcome=pl.lit("applied"), applied="amount"),
                each.select(
                    "line_id", "amount", invoice_id="text", invoice_number="text", state=pl.lit("posted"),
                    currency=pl.lit("EUR"), probability=pl.lit(0.999),
                ),
            )
        )  # fmt: skip
        post.plan(ledger, office.config.connector)
        opened.keep()


def _serve(theirs: Connection) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Quick, "127.0.0.1", 0)
        theirs.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


class _Quick(asyncio.Protocol):
    """Answer the two requests of `invoicing_v1` that posting needs, and no others."""

    payments: dict[str, list[dict[str, Any]]] = {}  # noqa: RUF012 - one store for all connections

    def connection_made(self, transport: Any) -> None:
        self.transport, self.read = transport, b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        while (end := self.read.find(b"\r\n\r\n")) >= 0:
            head = self.read[:end]
            length = re.search(rb"(?i)content-length: (\d+)", head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.read) < whole:
                return
            body, self.read = self.read[end + 4 : whole], self.read[whole:]
            self._answer(head.split(b"\r\n", 1)[0].decode(), body)

    def _answer(self, request: str, body: bytes) -> None:
        if request.startswith("GET"):
            found = re.search(r"invoice_id=([^&\s]+)", request)
            status, told = "200 OK", {"data": self.payments.get(found[1], []) if found else []}
        else:
            invoice_id = request.split("/")[4]
            own = self.payments.setdefault(invoice_id, [])
            own.append(json.loads(body) | {"id": f"{invoice_id}-{len(own)}", "invoice_id": invoice_id})
            status, told = "201 Created", {"data": own[-1]}
        text = json.dumps(told).encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
        self.transport.write(head.encode() + text)
