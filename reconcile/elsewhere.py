"""Reach the configured invoicing system: for the night, and to take up without a night what waits to be posted."""

from __future__ import annotations

import os
from pathlib import Path

from reconcile import post
from reconcile.config import SAMPLES, Config, load
from reconcile.errors import ConfigError, UsageError
from reconcile.ledger import open_ledger
from reconcile.post.addresses import is_on_this_machine
from reconcile.post.connector import Connector, ListsInvoices
from reconcile.post.connectors import connector_for, patience_of


def connector_of(settings: Config) -> Connector:
    """Make the configured system's connector, with the secret from the environment.

    Raises:
        ConfigError: no other system is configured, or it cannot be reached as configured.
    """
    if not settings.posts:
        raise ConfigError('connector.system = "ledger": payments are posted nowhere else')
    return connector_for(settings.connector, os.environ, patience_of(settings.post))


def connector_for_night(settings: Config, *, is_dry_run: bool) -> Connector | None:
    """Make the configured system's connector where a night needs it: to post, or to list invoices.

    Raises:
        ConfigError: it cannot be made; or the samples would be posted to a system on another machine.
    """
    if not settings.posts or (is_dry_run and settings.input.invoices is not None):
        return None
    connector = connector_of(settings)
    if settings.input.statements == (SAMPLES / "statements",) and not is_on_this_machine(connector.remote.base_url):
        raise ConfigError("no statements are named, and the samples are posted to no other machine: give --statements")
    return connector


def listed_invoices(settings: Config, connector: Connector | None) -> post.ListedInvoices:
    """Read the open invoices from the system itself, where none are named.

    Raises:
        ConfigError: it cannot list them.
        PostingStopped: it does not answer.
    """
    if connector is None or not isinstance(connector, ListsInvoices):
        message = f"no invoices are named, and {settings.connector.system} cannot list them: give --invoices FILE"
        raise ConfigError(message)
    return post.listed_invoices(connector)


def configured(config: Path | None, ledger: Path | None) -> tuple[Config, Path]:
    """Return the settings and the ledger's file, which must be there.

    Raises:
        ConfigError, UsageError: the settings are not usable, or there is no such ledger.
    """
    settings = load(config, {"output": {"ledger": ledger}} if ledger else None)
    path, _ = settings.output_in_use()
    if not path.exists():
        message = f"{path}: there is no ledger; `reconcile run` makes it, --ledger names another"
        raise UsageError(message)
    return settings, path


def take_up(*, config: Path | None = None, ledger: Path | None = None) -> post.PostingResult:
    """Post what waits: pending postings, and those whose outcome is unknown.

    Args:
        config: a TOML file that stands over config/reconcile.toml.
        ledger: the embedded ledger's file; as configured where None.

    Raises:
        ConfigError: no other system is configured, or it cannot be reached as configured.
        UsageError: there is no ledger.
        LedgerBusy: a run holds the ledger.
    """
    settings, path = configured(config, ledger)
    connector = connector_of(settings)
    with open_ledger(path) as opened:
        return post.post_what_waits(opened, settings, connector)
