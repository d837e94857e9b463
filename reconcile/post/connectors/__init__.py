"""The connectors, one module each, and how the configured one is found. A new system is one line and its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from reconcile.config import Connector as ConnectorSettings
from reconcile.config import Post
from reconcile.errors import ConfigError
from reconcile.post.addresses import is_on_this_machine
from reconcile.post.connector import Capabilities, Connector
from reconcile.post.remote import Patience

CONNECTORS: Final[Mapping[str, str]] = {
    "invoicing_v1": "InvoicingV1",
    "invoiless": "Invoiless",
    "auxvault": "AuxVault",
    "harvest": "Harvest",
    "space_invoices": "SpaceInvoices",
}
"""The class by system; it stands in the module of the system's name and is read only when it is used."""

RATE: Final = 20.0
"""Requests a second where nothing is configured: most systems refuse more than some tens."""


def connector_for(
    settings: ConnectorSettings, environ: Mapping[str, str], patience: Patience | None = None
) -> Connector:
    """Make the configured system's connector.

    Args:
        settings: the system, its address and the name of the variable that holds the secret.
        environ: the environment, in which the secret stands.
        patience: how long and how often the system is asked.

    Raises:
        ConfigError: the system has no connector, its address is not usable, or the variable is empty.
    """
    if settings.system not in CONNECTORS:
        known = ", ".join(CONNECTORS)
        message = f'connector.system = "{settings.system}" has no connector in this version; there are {known}'
        raise ConfigError(message)
    if not settings.token_env:
        message = "connector.token_env names no environment variable; it names the one that holds the system's secret"
        raise ConfigError(message)
    secret = environ.get(settings.token_env, "").strip()
    if not secret:
        message = f"the environment variable {settings.token_env} (connector.token_env) is empty: it holds the secret"
        raise ConfigError(message)
    module = import_module(f"{__name__}.{settings.system}")
    kind: Any = getattr(module, CONNECTORS[settings.system])
    able: Capabilities = kind.capabilities
    asked = patience or Patience()
    rate = _rate(asked.requests_per_second, able.requests_per_second_max, is_here=is_on_this_machine(settings.base_url))
    made: Connector = kind.of(settings, secret, replace(asked, requests_per_second=rate))
    return made


def _rate(given: float | None, allowed: float | None, *, is_here: bool) -> float:
    """Return how many requests a second are sent, 0 for no limit: as configured, at most what a system allows."""
    if is_here:
        return given or 0
    rate = RATE if given is None else given
    return min(rate or allowed, allowed) if allowed else rate


def patience_of(settings: Post) -> Patience:
    """Return how patiently a system is asked, from the settings."""
    return Patience(
        deadline_seconds=float(settings.deadline_seconds),
        attempts_max=settings.attempts_max,
        pause_seconds=float(settings.pause_seconds),
        pause_seconds_max=float(settings.pause_seconds_max),
        requests_per_second=None if settings.requests_per_second is None else float(settings.requests_per_second),
        requests_at_once_max=settings.requests_at_once_max,
        answer_bytes_max=settings.answer_kilobytes_max * 1024,
    )
