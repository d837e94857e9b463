"""The laws of the ledger, checked at the end of every run: each is a query that returns the rows that break it."""

from __future__ import annotations

from importlib.resources import files

from reconcile.errors import BrokenLaw
from reconcile.ledger.book import Ledger
from reconcile.sql import sql


def law_names() -> tuple[str, ...]:
    """Return the names of the laws: the files in `checks/`."""
    folder = files("reconcile").joinpath("ledger", "checks")
    return tuple(sorted(file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql")))


def broken_laws(ledger: Ledger) -> None:
    """Hold the ledger against every law.

    Raises:
        BrokenLaw: names the first law that is broken and the first rows that break it; the run must be rolled back.
    """
    for name in law_names():
        offending = ledger.frame(sql("ledger/checks", name))
        if offending.height:
            shown = "; ".join(str(row) for row in offending.head(3).rows(named=True))
            message = (
                f"the run would break the law {name!r} in {offending.height} rows and was rolled back; "
                f"nothing was written. Please report this with the rows: {shown}"
            )
            raise BrokenLaw(message)
