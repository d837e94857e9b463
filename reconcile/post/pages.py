"""Read a list that comes in pages, each asked for by how many rows to leave out first. Must not: know what a row is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

from reconcile.post.answers import a_text

SHORT: Final = 10
"""A page of fewer rows is the last. A longer one may be all that a system gives at once, whatever was asked for."""

Row = Mapping[str, Any]


async def rows_of_pages(
    ask: Callable[[int, int | None], Awaitable[list[Row]]], *, skip: int = 0, limit: int | None = None
) -> AsyncIterator[Row]:
    """Yield each row once, by its `id`, until a page is short or brings nothing new.

    A payment that is left out of its list would be taken for not recorded, and sent again.

    Args:
        ask: returns a page, given how many rows to leave out and how many are wanted still (None for all).
        skip: how many rows to leave out at first.
        limit: how many rows are wanted; None for all.

    Raises:
        Unclear: a row has no id.
    """
    told: set[str] = set()
    while limit is None or len(told) < limit:
        rows = await ask(skip, None if limit is None else limit - len(told))
        new = {a_text(row, "id"): row for row in rows if a_text(row, "id") not in told}
        for row_id, row in new.items():
            if limit is None or len(told) < limit:
                told.add(row_id)
                yield row
        if not new or len(rows) < SHORT:
            return
        skip += len(rows)
