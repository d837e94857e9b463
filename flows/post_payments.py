"""Take up, as a Prefect flow, the postings that a night could not bring to an end."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.reconcile_statements import as_task
from reconcile.elsewhere import take_up
from reconcile.errors import PostingStopped


@flow(name="post-payments", persist_result=False, validate_parameters=True)
def post_payments(config: Path | None = None, ledger: Path | None = None) -> dict[str, int]:
    """Send what waits to the invoicing system and look up what is unknown; return how many postings are in which state.

    The secret comes from the environment variable that the configuration names, never from a parameter.

    Args:
        config: A TOML file that stands over config/reconcile.toml and names the invoicing system.
        ledger: The embedded ledger's file. Empty: as configured.

    Raises:
        PostingStopped: nothing more could be posted; what waits is kept.
    """
    result = as_task("post", take_up, config=config, ledger=ledger)
    if result.stopped:
        raise PostingStopped(result.stopped)
    return {state.value: count for state, count in result.counts.items()}
