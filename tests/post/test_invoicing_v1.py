"""A refund of the plain invoicing API is made only where its answer says so."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from reconcile.config import Connector as ConnectorSettings
from reconcile.post.connector import RemotePayment
from reconcile.post.connectors.invoicing_v1 import InvoicingV1
from reconcile.post.remote import Unclear
from tests.post.connectors_under_test import QUICK
from tests.post.servers.base import Answer, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server

REFUND = {"id": "refund_1234567890", "payment_id": "pay_1", "amount": 500.00, "status": "completed"}


def refund(told: dict[str, Any]) -> str:
    """Ask for a refund of 500.00 of a system that answers so."""
    server = InvoicingV1Server(invoices={"I1": Decimal(500)})
    server.answer = lambda _: Answer.of(201, {"data": told})  # type: ignore[method-assign]

    async def asked(connector: InvoicingV1) -> str:
        async with connector.remote:
            return await connector.refund_payment(RemotePayment("pay_1", "I1", Decimal(500)), Decimal(500), "returned")

    with serving(server) as served:
        return asyncio.run(asked(InvoicingV1.of(ConnectorSettings("invoicing_v1", served.url), "secret", QUICK)))


def test_a_refund_that_is_completed_is_made():
    assert refund(REFUND) == "refund_1234567890"
    assert refund({"id": "refund_1234567890", "amount": 500.00}) == "refund_1234567890"


@pytest.mark.parametrize(
    "changed", [{"status": "failed"}, {"status": "pending"}, {"payment_id": "pay_2"}, {"amount": 5}]
)
def test_a_refund_that_is_not_completed_or_another_one_is_unclear(changed):
    with pytest.raises(Unclear):
        refund(REFUND | changed)
