"""Carry out what a person decides in one transaction: written, planned for posting, held against the laws, kept.

Nothing is sent from here: where another system is configured, the intents are written down with the decisions that they
follow from, and the next run sends them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reconcile import post
from reconcile.config import Config
from reconcile.ledger import broken_laws, open_ledger
from reconcile.review.desk import Applied, ReviewDesk


def carry_out(path: Path, config: Config, who: str, act: Callable[[ReviewDesk], Applied]) -> Applied:
    """Open the ledger, let a person act at the desk, and keep what came of it.

    Args:
        path: the ledger's file.
        config: the settings; `[review]` limits what a person may do, `[connector]` says where it is posted.
        who: the person.
        act: what is done at the desk.

    Raises:
        ReviewError: what was asked for is not usable.
        LedgerBusy, LedgerError: the ledger is held by a run, or cannot be used.
        BrokenLaw: a law would be broken; nothing was written.
    """
    with (opened := open_ledger(path)) as ledger:
        applied = act(ReviewDesk(ledger, who, dt.datetime.now(dt.UTC), config.review))
        if not applied.is_news:
            return applied
        postings = post.plan(ledger, config.connector) if config.posts else 0
        broken_laws(ledger)
        opened.keep()
    return replace(applied, postings=postings)
