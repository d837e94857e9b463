"""Judge and join the addresses of invoicing systems: https or this machine, no secret in them, no way out of a path."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from reconcile.errors import ConfigError

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def check_address(url: str) -> None:
    """Hold that an address is https, or http on this machine, and holds no secret and no query.

    Raises:
        ConfigError: it is not; what may be a secret in it is not shown.
    """
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_on_this_machine(url))
        is_whole = bool(httpx.URL(url).host) and parts.port != 0 and not re.search(r"[@?#\s\\]", url)
    except (ValueError, httpx.InvalidURL):
        is_safe = is_whole = False
    if not (is_safe and is_whole):
        shown = re.match(r"(?s)[A-Za-z]*://[A-Za-z0-9.-]*(?=[/:]|$)(?!.*@)", url)
        message = (
            f'connector.base_url = "{shown[0] if shown else ""}..." must be an https address, without a secret '
            "or a query in it (http only on this machine)"
        )
        raise ConfigError(message)


def is_on_this_machine(url: str) -> bool:
    """Say whether an address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def joined(base_url: str, path: str) -> str:
    """Join the base address and a path; a beginning that both have (`/v1`) is written once.

    Raises:
        ValueError: an id in the path that is empty, `.` or `..` would make it the address of something else.
    """
    if not {"", ".", ".."}.isdisjoint(path.split("/")[1:]):
        raise ValueError("an id that is empty or consists of dots names nothing there")
    base = base_url.rstrip("/")
    first = "/" + path.lstrip("/").split("/", 1)[0]
    if base.endswith(first) and urlsplit(base).path:
        base = base[: -len(first)]
    return base + path
