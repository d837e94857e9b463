"""A secret that is not accepted stops posting; an invoice that is answered alike does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.post.connectors_under_test import UNDER_TEST
from tests.post.office import Office, confirmed
from tests.post.servers.base import Answer, Refusal, Request, serving
from tests.post.servers.space_invoices import SpaceInvoicesServer

TOTALS = {f"I{n}": f"{100 + n}.00" for n in range(10)}


@dataclass
class Choosy(SpaceInvoicesServer):
    """Answers as for a wrong secret for documents that are `hidden`, and to payments of those that are `closed`."""

    hidden: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def answer(self, request: Request) -> Answer:
        named = request.path.split("/")[3]
        if named in self.hidden or (request.is_change and named in self.closed):
            raise Refusal(403, "not allowed")
        return super().answer(request)


@pytest.fixture
def system() -> Choosy:
    return Choosy(invoices={invoice: Decimal(total) for invoice, total in TOTALS.items()})


@pytest.fixture
def office(tmp_path, system):
    with serving(system) as served:
        yield Office(tmp_path, served.url, "space_invoices", batch_postings_max=4)


def state_of(office: Office) -> dict[str, str]:
    return {invoice: state for invoice, _, state in office.states()}


def test_a_hidden_invoice_that_is_alone_is_refused_where_an_earlier_one_is_shown(office, system):
    office.decides(("I1", "101.00"), invoices=TOTALS)
    assert confirmed(office.posts()) == 1
    office.decides(("I0", "100.00"), day="2026-10-06")
    system.hidden = frozenset({"I0"})

    assert not office.posts().stopped
    assert state_of(office) == {"I1": "confirmed", "I0": "refused"}


def test_a_hidden_invoice_that_is_alone_is_refused_where_an_open_one_is_shown(office, system):
    office.decides(("I0", "100.00"), invoices=TOTALS)
    system.hidden = frozenset({"I0"})

    assert not office.posts().stopped
    assert state_of(office) == {"I0": "refused"}


def test_a_secret_that_shows_no_invoice_at_all_stops_posting_and_refuses_nothing(office, system):
    office.decides(("I0", "100.00"), invoices=TOTALS)
    system.hidden = frozenset(TOTALS)

    assert "secret is not accepted" in office.posts().stopped
    assert state_of(office) == {"I0": "pending"}


def test_an_invoice_that_takes_no_payment_is_refused_where_others_do(office, system):
    office.decides(*TOTALS.items(), invoices=TOTALS)
    system.closed = frozenset({"I3"})

    assert not office.posts().stopped
    assert state_of(office) == dict.fromkeys(TOTALS, "confirmed") | {"I3": "refused"}
    assert "may be closed there" in " ".join(office.details())


def test_an_invoice_that_takes_no_payment_and_is_alone_waits_until_others_can_tell(office, system):
    office.decides(("I0", "100.00"), invoices=TOTALS)
    system.closed = frozenset({"I0"})

    assert not office.posts().stopped
    assert state_of(office) == {"I0": "pending"}

    office.decides(("I1", "101.00"), day="2026-10-06")
    assert not office.posts().stopped
    assert state_of(office) == {"I0": "refused", "I1": "confirmed"}


def test_a_secret_that_may_read_and_not_record_stops_posting_and_refuses_nothing(office, system):
    office.decides(*TOTALS.items(), invoices=TOTALS)
    system.closed = frozenset(TOTALS)

    assert "may it record any?" in office.posts().stopped
    assert set(state_of(office).values()) == {"pending"}
    system.closed = frozenset()
    assert confirmed(office.posts()) == 10


# A wrong address, or a wrong account


@pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
def test_a_system_that_shows_no_invoice_at_all_stops_posting_and_refuses_nothing(tmp_path, case):
    server = case.server({invoice: Decimal(total) for invoice, total in TOTALS.items()})
    with serving(server) as served:
        office = Office(tmp_path, served.url, case.system, batch_postings_max=4)
        office.decides(*TOTALS.items(), invoices=TOTALS)
        right, server.answer = server.answer, nowhere
        result = office.posts()

        assert "shows none of our invoices: refused (404)" in result.stopped
        assert "mend connector.base_url" in result.stopped
        assert result.unconfirmed == 10
        assert set(state_of(office).values()) == {"pending"}

        server.answer = right
        assert confirmed(office.posts()) == 10


def nowhere(_: Request) -> Answer:
    raise Refusal(404, "no such page")


def test_an_invoice_that_is_not_there_is_refused_where_others_are(office, system):
    office.decides(*TOTALS.items(), invoices=TOTALS)
    del system.invoices["I3"], system.invoices["I8"]

    assert not office.posts().stopped
    assert state_of(office) == dict.fromkeys(TOTALS, "confirmed") | {"I3": "refused", "I8": "refused"}


def test_an_invoice_that_is_not_there_and_the_only_one_that_could_be_is_refused(office, system):
    office.decides(("I0", "100.00"), invoices={"I0": "100.00"})
    system.invoices.clear()

    assert not office.posts().stopped
    assert state_of(office) == {"I0": "refused"}
