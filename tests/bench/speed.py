"""Time matching and resolving against the bare work that no matcher can do without, in the same process.

The bare work: read the files (the bank's and the lists of invoices and customers, as the night reads them), join whole
reference tokens to invoice numbers, count open items by amount. Joining and counting alone is told as well.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from tests.bench.nights import night
from tests.bench.score import rows_of
from tests.bench.worlds import write_world

JOINS = """
with tokens as (
    select distinct source_file, source_row,
        unnest(regexp_extract_all(upper(text), '[A-Z0-9][-A-Z0-9/.]*')) as token from lines
),
named as (select count(*) as named from tokens inner join invoices on tokens.token = upper(invoices.invoice_number)),
amounts as (select amount_due, count(*) as items from invoices where status = 'open' group by amount_due),
equal as (
    select count(*) as lines, sum(items) as items from lines inner join amounts on lines.amount = amounts.amount_due
)
select named.named, equal.lines, equal.items from named, equal
"""
"""How many lines name an invoice, how many meet an equal amount."""

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:UTF-8
CHARSET:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>123456<ACCTTYPE>CHECKING
</BANKACCTFROM><BANKTRANLIST><DTSTART>20261001<DTEND>20261031
{lines}
</BANKTRANLIST><LEDGERBAL><BALAMT>0<DTASOF>20261031</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

EQUAL_RECEIPTS = 300


def measure_equal(items: int) -> str:
    """Return a sentence on one customer with so many open items of one amount, who pays some of them without a word."""
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        (world / "statements").mkdir()
        lines = (
            f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>202610{1 + n % 30:02}<TRNAMT>{198 if n % 3 == 0 else 99}.00<FITID>F{n}"
            f"<NAME>Larkspur Optics GmbH<MEMO>payment {n % 7}</STMTTRN>"
            for n in range(EQUAL_RECEIPTS)
        )
        (world / "statements" / "a.ofx").write_text(OFX.format(lines="\n".join(lines)))
        begin = dt.date(2025, 1, 1)
        rows = ["invoice_id,invoice_number,customer_id,issue_date,due_date,currency,total,amount_due"]
        for n in range(items):
            issued = begin + dt.timedelta(days=n % 600)
            due = issued + dt.timedelta(days=30)
            rows.append(f"I{n:06},INV-{100000 + n},C1,{issued},{due},EUR,99.00,99.00")
        (world / "invoices.csv").write_text("\n".join(rows))
        (world / "customers.csv").write_text("customer_id,name\nC1,Larkspur Optics GmbH\n")
        seconds = night(world)
        outcomes = Counter(row["outcome"] for row in rows_of(world / "out" / "lines.csv"))
    return (
        f"{EQUAL_RECEIPTS} receipts of a customer with {items} equal open items: match {seconds['match']:.2f} s, "
        f"resolve {seconds['resolve']:.2f} s, all steps {sum(seconds.values()):.2f} s; "
        + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    )


def measure(profile: str, lines: int) -> str:
    """Return a sentence on one world of so many lines: seconds of match and resolve, of the bare work, and ratios."""

    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        made = write_world(profile, 1, lines, world)
        seconds = night(world)
        joins = _joins(world)
    owed = sum(invoice.amount_due > 0 for invoice in made.invoices)
    match, resolve, whole = seconds.get("match", 0.0), seconds.get("resolve", 0.0), sum(seconds.values())
    files = seconds["read receivables"] + seconds["read statements"]
    return (
        f"{profile}: {len(made.lines)} lines, {owed} open items: match {match:.2f} s, resolve {resolve:.2f} s, "
        f"all steps {whole:.2f} s; bare work {files + joins:.2f} s (files read {files:.2f} s, joined and counted "
        f"{joins:.2f} s); match + resolve are {(match + resolve) / (files + joins):.1f} times the bare work, "
        f"{(match + resolve) / joins:.0f} times joining and counting; {len(made.lines) / (match + resolve):.0f} lines/s"
    )


def _joins(world: Path) -> float:
    """Return the seconds that joining and counting take, the rows being there."""
    with duckdb.connect() as con:
        for table, file in (("invoices", "invoices.csv"), ("lines", "lines_read.csv")):
            con.execute(f"create table {table} as select * from read_csv('{world / file}', all_varchar = true)")
        started = time.perf_counter()
        con.execute(JOINS).fetchall()
        return time.perf_counter() - started
