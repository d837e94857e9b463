"""Ask AuxVault's connector something of a system that always says the same, or of the strict server."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.model import PaymentMethod
from reconcile.post.connector import NewPayment
from reconcile.post.connectors.auxvault import AuxVault
from reconcile.post.connectors.auxvault_means import Card, External, Means
from reconcile.post.remote import NotOffered, Patience
from tests.post.auxvault_examples import Example
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, Request, Served, System, serving

PATIENT = replace(QUICK, deadline_seconds=10)
"""Where no answer is held back: the machine may be busy."""

INVOICE = "inv_abc123"
CARD = Card("4111111111111111", "12", "2027", "123")
DECLINED = Card("4000000000000002")
CHECK = External(PaymentMethod.CHECK, dt.date(2026, 1, 28), "12345", "Deposited to bank")
RECEIVED = NewPayment(INVOICE, Decimal("500.00"), dt.date(2026, 1, 28), "rc-key-0001", "Receipt of 28 January")


@dataclass
class Saying(System):
    """A system that answers everything with the same words."""

    words: str
    status: int = 200

    def answer(self, request: Request) -> Answer:
        return Answer(self.status, self.words.encode())


def asked(served: Served, ask: Callable[[AuxVault], Awaitable[Any]], patience: Patience = PATIENT) -> Any:
    settings = ConnectorSettings("auxvault", base_url=served.url, tenant_id="tenant-1")

    async def all_of_it() -> Any:
        connector = AuxVault.of(settings, "secret", patience)
        async with connector.remote:
            return await ask(connector)

    return asyncio.run(all_of_it())


def replayed(example: Example, ask: Callable[[AuxVault], Awaitable[Any]]) -> tuple[Any, Request]:
    """Ask a system that answers as the example does; return what was understood and the request."""
    with serving(Saying(example.answer or '{"success": true, "data": {}}')) as served:
        return asked(served, ask), served.requests[0]


def sent(served: Served) -> Any:
    return exact(served.requests[-1].body)


def exact(body: bytes | str) -> Any:
    """Read JSON with numbers as they are written."""
    return json.loads(body, parse_float=str, parse_int=str)


def paying(means: Means | None, amount: str) -> Callable[[AuxVault], Awaitable[Any]]:
    return lambda connector: connector.pay(INVOICE, Decimal(amount), means)


def refusing(served: Served, ask: Callable[[AuxVault], Awaitable[Any]]) -> None:
    with pytest.raises(NotOffered):
        asked(served, ask)
