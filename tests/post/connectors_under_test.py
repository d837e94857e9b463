"""Every connector beside its strict server: what the shared suite runs on. A new system is one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconcile.config import Connector as ConnectorSettings
from reconcile.post.connector import Connector
from reconcile.post.connectors.auxvault import AuxVault
from reconcile.post.connectors.harvest import Harvest
from reconcile.post.connectors.invoicing_v1 import InvoicingV1
from reconcile.post.connectors.invoiless import Invoiless
from reconcile.post.connectors.space_invoices import SpaceInvoices
from reconcile.post.remote import Patience
from tests.post.servers.auxvault import AuxVaultServer
from tests.post.servers.harvest import HarvestServer
from tests.post.servers.invoicing_v1 import InvoicingV1Server
from tests.post.servers.invoiless import InvoilessServer
from tests.post.servers.space_invoices import SpaceInvoicesServer

QUICK = Patience(deadline_seconds=0.5, attempts_max=4, pause_seconds=0.01, pause_seconds_max=1.5, requests_per_second=0)
"""For tests: a server on this machine answers at once or not at all."""

SECRET_ENV = "SYSTEM_SECRET"
"""The environment variable that holds a served system's secret."""


@dataclass(frozen=True)
class UnderTest:
    """`server` makes the strict server of invoices with these totals; its token is `secret`.

    `of` makes the connector of the settings, the secret and how patiently it asks. `settings`: what the system needs
    besides its address.
    """

    system: str
    server: Callable[[dict[str, Decimal]], Any]
    of: Callable[[ConnectorSettings, str, Patience], Connector]
    settings: tuple[tuple[str, str], ...] = ()
    secret: str = "secret"

    def flags(self, url: str) -> dict[str, str]:
        """Return the settings `[connector]` of the served system; its secret stands in `SECRET_ENV`."""
        return {"system": self.system, "base_url": url, "token_env": SECRET_ENV, **dict(self.settings)}

    def connector(self, url: str, patience: Patience = QUICK) -> Connector:
        """Make the connector of a served system."""
        return self.of(ConnectorSettings(self.system, base_url=url, **dict(self.settings)), self.secret, patience)


UNDER_TEST: tuple[UnderTest, ...] = (
    UnderTest("invoicing_v1", lambda invoices: InvoicingV1Server(invoices=invoices), InvoicingV1.of),
    UnderTest("invoiless", lambda invoices: InvoilessServer(invoices=invoices), Invoiless.of),
    UnderTest(
        "space_invoices",
        lambda invoices: SpaceInvoicesServer(invoices=invoices),
        SpaceInvoices.of,
        settings=(("organization_id", "O1"),),
    ),
    UnderTest(
        "auxvault", lambda invoices: AuxVaultServer(invoices=invoices), AuxVault.of, (("tenant_id", "tenant-1"),)
    ),
    UnderTest("harvest", lambda invoices: HarvestServer(invoices=invoices), Harvest.of, (), "user:secret"),
)
