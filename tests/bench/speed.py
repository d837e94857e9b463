"""Time matching and resolving against the bare work that no matcher can do without, in the same process.

The bare work: read the files, join whole reference tokens to invoice numbers, count open items by amount.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb

BARE = """
with invoices as (select * from read_csv('{folder}/invoices.csv', all_varchar = true)),
lines as (select * from read_csv('{folder}/lines_read.csv', all_varchar = true)),
tokens as (
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
"""One query over the files: how many lines name an invoice, how many meet an equal amount."""


def measure(profile: str, lines: int) -> str:
    """Return a sentence on one world of so many lines: seconds of match and resolve, of the bare work, and ratios."""
    from tests.bench.nights import night
    from tests.bench.worlds import write_world

    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        made = write_world(profile, 1, lines, world)
        seconds = night(world)
        started = time.perf_counter()
        with duckdb.connect() as con:
            con.execute(BARE.format(folder=world)).fetchall()
        bare = time.perf_counter() - started
    owed = sum(invoice.amount_due > 0 for invoice in made.invoices)
    match, resolve, whole = seconds.get("match", 0.0), seconds.get("resolve", 0.0), sum(seconds.values())
    return (
        f"{profile}: {len(made.lines)} lines, {owed} open items: match {match:.2f} s, resolve {resolve:.2f} s, "
        f"all steps {whole:.2f} s, bare work {bare:.2f} s; match + resolve are {(match + resolve) / bare:.1f} times "
        f"the bare work, all steps {whole / bare:.1f} times; {len(made.lines) / (match + resolve):.0f} lines/s"
    )
