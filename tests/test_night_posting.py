"""A night that posts elsewhere: the system holds what allocations.csv says, and the report says what became of it."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reconcile import elsewhere
from reconcile.cli import cli
from reconcile.config import SAMPLES, load
from reconcile.errors import ConfigError, UsageError
from reconcile.night import run_night
from reconcile.notices import notices
from reconcile.post.connector import NewPayment, UnreadInvoice
from tests.bench.faults import PASSING, decided_samples, post_samples
from tests.post.connectors_under_test import SECRET_ENV, UNDER_TEST
from tests.post.fakes import FakeSystem, ListingSystem, a_remote_invoice
from tests.post.office import QUICK
from tests.post.servers.base import Fault, Request, Served, serving
from tests.post.servers.invoicing_v1 import InvoicingV1Server
from tests.test_night import FIRST, SECOND, Office, statement
from tests.test_notices import figures

OPTIONS = {"requests_per_second": "0", "visibility_delay_seconds": "0.05", "deadline_seconds": "0.3"}


class PostingOffice(Office):
    """An office with a system that it posts to."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.config = folder / "reconcile.toml"
        post = "\n".join(f'{key} = "{value}"' for key, value in OPTIONS.items())
        self.config.write_text(
            f'[connector]\nsystem = "invoicing_v1"\nbase_url = "{url}"\ntoken_env = "SYSTEM_SECRET"\n[post]\n{post}\n'
        )

    def run(self, *more: str) -> Any:
        """Run the command in this process."""
        given = ["--statements", self.statements, "--invoices", self.folder / "invoices.csv", "--ledger", self.ledger]
        options = [*given, "--config", self.config, "--out", self.out, "--as-of", "2026-10-31", *more]
        return CliRunner().invoke(cli, ["run", *map(str, options)])

    def asks(self, *words: str) -> Any:
        """Run `reconcile postings`."""
        options = ["--config", str(self.config), "--ledger", str(self.ledger)]
        return CliRunner().invoke(cli, ["postings", *words, *options])


@pytest.fixture
def served() -> Any:
    totals = {"I1": "100.00", "I2": "250.00", "I3": "75.50"}
    with serving(InvoicingV1Server(invoices={i: Decimal(total) for i, total in totals.items()})) as running:
        yield running


@pytest.fixture
def office(tmp_path, served: Served, monkeypatch) -> PostingOffice:
    monkeypatch.setenv("SYSTEM_SECRET", "secret")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    made = PostingOffice(tmp_path, served.url)
    made.receives("october.ofx", FIRST, SECOND)
    return made


@pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
def test_the_samples_stand_there_as_allocations_csv_says_to_the_cent(tmp_path, monkeypatch, case):
    monkeypatch.setenv(SECRET_ENV, case.secret)
    with (SAMPLES / "invoices.csv").open(encoding="utf-8", newline="") as file:
        invoices = {row["invoice_id"]: Decimal(row["total"]) for row in csv.DictReader(file)}
    with serving(case.server(invoices)) as served:
        flags = {
            "output": {"ledger": tmp_path / "ledger.duckdb", "out": tmp_path / "out"},
            "connector": case.flags(served.url),
            "post": QUICK | {"deadline_seconds": Decimal(5)},
        }
        result = run_night(load(None, flags).with_samples())
        there = {invoice: paid for invoice, paid in served.system.paid().items() if paid}

    with (tmp_path / "out" / "allocations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == "posted"]
    ours: dict[str, Decimal] = {}
    for row in rows:
        ours[row["invoice_id"]] = ours.get(row["invoice_id"], Decimal(0)) + Decimal(row["amount"])
    refused = {row["invoice_id"] for row in result.report.postings.rows(named=True)}
    assert there == {invoice: amount for invoice, amount in ours.items() if amount and invoice not in refused}
    assert refused <= {invoice for invoice, amount in ours.items() if amount < 0}
    assert result.posted is not None
    assert result.posted.unconfirmed == 0
    assert result.exit_code == 0
    assert result.report.summary["postings"]["differences"] == 0


def test_a_night_posts_and_a_second_night_sends_nothing_more(office, served):
    assert office.run().exit_code == 0
    assert served.system.paid() == {"I1": Decimal("100.00"), "I2": Decimal("250.00"), "I3": Decimal("75.50")}
    sent = len([request for request in served.requests if request.is_change])

    assert office.run().exit_code == 0
    assert len([request for request in served.requests if request.is_change]) == sent == 3
    told = json.loads((office.out / "summary.json").read_text())["postings"]
    assert (told["confirmed"], told["unknown"], told["pending"]) == (3, 0, 0)


def test_a_dry_run_sends_nothing_and_needs_no_secret(office, served, monkeypatch):
    monkeypatch.delenv("SYSTEM_SECRET")

    assert office.run("--dry-run").exit_code == 0
    assert served.requests == []
    assert not office.ledger.exists()


def test_without_its_secret_a_night_names_the_variable_and_writes_nothing(office, monkeypatch):
    monkeypatch.setenv("SYSTEM_SECRET", " ")

    with pytest.raises(ConfigError, match="SYSTEM_SECRET"):
        CliRunner().invoke(
            cli,
            ["run", "--statements", str(office.statements), "--invoices", str(office.folder / "invoices.csv"),
             "--config", str(office.config), "--ledger", str(office.ledger)],
            catch_exceptions=False,
        )  # fmt: skip
    assert not office.ledger.exists()


def test_what_could_not_be_confirmed_is_exit_4_with_the_report_written_and_the_next_night_takes_it_up(office, served):
    served.fault_of = lambda _, request: Fault.ERROR_503_BEFORE if request.is_change else None

    told = office.run()

    assert told.exit_code == 4
    assert "3 postings; see `reconcile postings`" in told.stderr
    assert office.outcomes() == ["applied", "applied"]
    assert (
        "The night needs a look: 3 postings to invoicing_v1 not confirmed" in (office.out / "report.html").read_text()
    )

    served.fault_of = lambda *_: None
    assert office.run().exit_code == 0
    assert len(served.system.payments) == 3


def test_what_was_decided_before_a_system_was_configured_is_posted_only_when_asked(office, served):
    office.night()
    assert office.run().exit_code == 0
    assert served.system.payments == []

    assert "3 more wait" in office.asks("include", "--from-run", "1").stdout
    assert office.asks("post").exit_code == 0
    assert len(served.system.payments) == 3


def test_nothing_is_let_go_nor_listed_where_no_system_is_configured(office, served):
    office.run()
    office.config.write_text("")

    refused = office.asks("include", "--from-run", "1")
    assert isinstance(refused.exception, UsageError)
    assert "posted nowhere else: give --config" in str(refused.exception)
    assert office.asks("list").stdout == 'connector.system = "ledger": payments are posted nowhere else\n'


def test_a_list_without_postings_says_so(office):
    office.night()

    assert office.asks("list").stdout.endswith(": nothing was ever posted\n")


def test_a_person_lists_settles_and_retries_and_compares(office, served):
    served.system.payments.append(
        {
            "id": "hand", "invoice_id": "I1", "amount": Decimal(100), "payment_method": "cash",
            "payment_date": "2026-10-01",
        }
    )  # fmt: skip
    office.run()
    listed = office.asks("list").stdout
    key = next(word for word in listed.split() if word.startswith("rc-"))

    assert "2 confirmed, 1 refused" in listed
    assert "paid or changed there in the meantime" in listed
    assert office.asks("compare").stdout == "no difference\n"  # 100.00 are paid there, whoever recorded them

    served.system.payments.pop(0)
    assert "missing there: invoice INV-1001" in office.asks("compare").stdout
    assert office.asks("retry", key).stdout == f"{key}: pending\n"
    assert office.asks("post").stdout == "3 confirmed\n"
    assert office.asks("compare").stdout == "no difference\n"
    served.system.payments[-1]["amount"] = Decimal(90)
    assert "unequal: invoice INV-1001" in office.asks("compare").stdout


def test_a_settled_posting_is_listed_no_more_and_keeps_its_reason(office, served):
    del served.system.invoices["I1"]
    office.run()
    key = next(word for word in office.asks().stdout.split() if word.startswith("rc-"))

    office.asks("settle", key, "--as", "refused", "--because", "Ann: that invoice was merged")

    assert key not in office.asks("list").stdout
    assert "Ann: that invoice was merged" in office.asks("list", "--all").stdout


def test_what_waits_for_another_address_is_told_until_it_is_let_go_to_the_one_that_is_configured(office, served):
    right = office.config.read_text()
    office.config.write_text(right.replace(served.url, f"{served.url}/wrong"))
    stopped = office.run()
    assert (stopped.exit_code, served.system.payments) == (4, [])
    assert "mend connector.base_url" in stopped.stderr

    office.config.write_text(right)
    for told in (office.run().stderr, office.asks("post").stderr, office.asks("list").stdout):
        assert "3 postings wait for invoicing_v1 at 127.0.0.1:" in told
        assert "/wrong, which is not configured: configure it again, or let them go" in told
    assert served.system.payments == []
    assert told_of_night(office) == ["unconfirmed"]

    assert "3 more wait" in office.asks("include", "--from-run", "1").stdout
    assert office.asks("post").stdout == "3 confirmed\n"
    assert "wait for" not in office.asks("list").stdout
    assert told_of_night(office) == []


def told_of_night(office: PostingOffice) -> list[str]:
    """Run a night that posts, and return of which kinds its notices are."""
    files = {"statements": (office.statements,), "invoices": office.folder / "invoices.csv"}
    config = load(office.config, {"input": files, "output": {"ledger": office.ledger, "out": office.out}})
    return [notice.event for notice in notices(run_night(config), figures((1, 1, 1, "1")), config.notify)]


def test_what_may_stand_at_an_old_address_is_not_let_go_to_a_new_one(office, served):
    served.fault_of = lambda _, request: Fault.RESET_AFTER if request.is_change or served.system.payments else None
    assert office.run().exit_code == 4
    served.fault_of = lambda *_: None
    office.config.write_text(office.config.read_text().replace("127.0.0.1", "localhost"))

    told = office.asks("post").stderr
    assert "postings wait for invoicing_v1 at 127.0.0.1:" in told
    assert "settle each when you have looked there" in told
    assert "include" not in told


def test_invoices_come_from_the_system_where_none_are_named(tmp_path, monkeypatch):
    system = ListingSystem(
        invoices=(a_remote_invoice("I1", "INV-1001", "100.00"), a_remote_invoice("I2", "INV-1002", "250.50"))
    )
    monkeypatch.setattr(elsewhere, "connector_of", lambda _: system)
    (tmp_path / "october.ofx").write_text(statement(FIRST))
    result = run_night(listing_config(tmp_path))

    assert system.paid() == {"I1": Decimal("100.00")}
    assert result.report.open_items["invoice_number"].to_list() == ["INV-1002"]


def test_a_listed_invoice_that_cannot_be_read_is_left_out_with_its_reason_and_the_night_goes_on(tmp_path, monkeypatch):
    unread = UnreadInvoice("I2", "INV-1002", "no currency")
    system = ListingSystem(invoices=(unread, a_remote_invoice("I1", "INV-1001", "100.00")))
    monkeypatch.setattr(elsewhere, "connector_of", lambda _: system)
    (tmp_path / "october.ofx").write_text(statement(FIRST))
    result = run_night(listing_config(tmp_path))

    assert system.paid() == {"I1": Decimal("100.00")}
    assert [row["sentence"] for row in result.report.discrepancies.rows(named=True) if "I" in row["sentence"]] == [
        "invoice INV-1002 is left out: the invoicing system lists it with no currency; mend it there, the next run "
        "reads it again"
    ]


LISTING = [case for case in UNDER_TEST if case.system in {"invoiless", "harvest", "space_invoices"}]


def a_listing_server(case: Any) -> Any:
    """Make a system with 120 open invoices, more than a page, named INV-1001 and so on, each over 100.00 EUR."""
    totals = {str(n): Decimal(100) for n in range(1001, 1121)}
    server = case.server(totals)
    currency = {"currency": "Euro - EUR"} if case.system == "harvest" else {}
    server.details = {invoice: {"number": f"INV-{invoice}", **currency} for invoice in totals}
    return server


def there_by_hand(case: Any, url: str, invoice: str, amount: str) -> None:
    """Record a payment in a served system as somebody else does."""

    async def recorded() -> None:
        connector = case.connector(url)
        async with connector.remote:
            await connector.record_payment(NewPayment(invoice, Decimal(amount), dt.date(2026, 9, 20), "", "by hand"))

    asyncio.run(recorded())


@pytest.mark.parametrize("case", LISTING, ids=lambda case: case.system)
def test_open_invoices_of_the_served_system_are_paid_there_and_a_second_night_posts_nothing_more(
    tmp_path, monkeypatch, case
):
    monkeypatch.setenv(SECRET_ENV, case.secret)
    first = ("20261002", "100.00", "LARKSPUR OPTICS", "INV-1001")
    rest = ("20261003", "40.00", "BRAMBLE FOODS AG", "INV-1119")
    settled = ("20261004", "100.00", "BRAMBLE FOODS AG", "INV-1120")
    with serving(a_listing_server(case)) as served:
        there_by_hand(case, served.url, "1119", "60.00")
        there_by_hand(case, served.url, "1120", "100.00")
        (tmp_path / "october.ofx").write_text(statement(first, rest, settled))
        flags = {
            "input": {"statements": (tmp_path / "october.ofx",)},
            "output": {"ledger": tmp_path / "ledger.duckdb", "out": tmp_path / "out"},
            "connector": case.flags(served.url),
            "post": QUICK | {"deadline_seconds": Decimal(5)},
        }
        result = run_night(load(None, flags).with_samples(), as_of=dt.date(2026, 10, 31))
        sent = [request for request in served.requests if request.is_change]

        assert result.exit_code == 0
        assert served.system.paid() == {"1001": Decimal(100), "1119": Decimal(100), "1120": Decimal(100)}
        assert len(sent) == 4
        assert result.report.open_items.height == 117

        (tmp_path / "october.ofx").write_text(statement(first, rest, settled))
        again = run_night(load(None, flags).with_samples(), as_of=dt.date(2026, 10, 31))

        assert again.exit_code == 0
        assert len([request for request in served.requests if request.is_change]) == len(sent)
        assert again.report.open_items.height == 117
        assert served.refusals == []


def test_a_system_that_lists_no_invoices_needs_them_named(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere, "connector_of", lambda _: FakeSystem())
    (tmp_path / "october.ofx").write_text(statement(FIRST))

    with pytest.raises(ConfigError, match="invoicing_v1 cannot list them: give --invoices"):
        run_night(listing_config(tmp_path))


def listing_config(folder: Path) -> Any:
    flags = {
        "input": {"statements": (folder / "october.ofx",)},
        "output": {"ledger": folder / "ledger.duckdb", "out": folder / "out"},
        "connector": {"system": "invoicing_v1", "base_url": "http://127.0.0.1:9"},
        "post": QUICK,
    }
    return load(None, flags).with_samples()


def test_the_samples_are_posted_to_no_other_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("SYSTEM_SECRET", "secret")
    flags = {
        "output": {"ledger": tmp_path / "ledger.duckdb", "out": tmp_path / "out"},
        "connector": {"system": "invoicing_v1", "base_url": "https://example.org", "token_env": "SYSTEM_SECRET"},
    }
    with pytest.raises(ConfigError, match="give --statements"):
        run_night(load(None, flags).with_samples())


@pytest.fixture(scope="module")
def decided(tmp_path_factory) -> Path:
    return decided_samples(tmp_path_factory.mktemp("decided"))


@pytest.mark.parametrize("case", UNDER_TEST, ids=lambda case: case.system)
def test_the_samples_stand_there_through_every_fault_in_turn(decided, case):
    faults = iter(PASSING * 100)

    def fault_of(number: int, _: Request) -> Fault | None:
        return None if number % 3 else next(faults)

    outcome = post_samples(decided, case, fault_of)

    assert outcome.postings > 250
    assert outcome.faults > 3 * len(PASSING)
    assert outcome.wrong == ()
