"""The flow around the night: the same body, seen in Prefect, and a form a person can fill in."""

import pytest

from tests.test_night import CUSTOMERS, FIRST, INVOICES, SECOND, statement

pytestmark = pytest.mark.xdist_group("prefect")


@pytest.fixture
def parameters(tmp_path):
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "october.ofx").write_text(statement(FIRST, SECOND))
    (tmp_path / "invoices.csv").write_text(INVOICES)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    return {
        "statements": [tmp_path / "statements"],
        "invoices": tmp_path / "invoices.csv",
        "customers": tmp_path / "customers.csv",
        "ledger": tmp_path / "ledger.duckdb",
        "out": tmp_path / "out",
    }


def test_a_flow_run_brings_what_a_plain_run_brings_and_again_nothing_more(prefect_backend, parameters):
    from flows.reconcile_statements import reconcile_statements

    first = reconcile_statements(**parameters)
    before = (parameters["out"] / "allocations.csv").read_bytes()
    again = reconcile_statements(**parameters)

    assert first.report.summary["outcomes"]["applied"]["lines"] == 2
    assert again.report.summary["new"]["decisions"] == 0
    assert (parameters["out"] / "allocations.csv").read_bytes() == before


def test_each_step_of_the_night_is_a_task_run_that_a_person_can_read(prefect_backend, parameters):
    from prefect.client.orchestration import get_client

    from flows.reconcile_statements import reconcile_statements

    reconcile_statements(**parameters, dry_run=True)
    with get_client(sync_client=True) as client:
        flow_runs = client.read_flow_runs()
        names = {run.name for run in client.read_task_runs()}

    assert any(run.name.startswith("dry run of ") for run in flow_runs)
    assert {"read statements", "store", "match", "resolve", "check laws", "report"} <= names


def test_the_flow_s_parameters_render_as_a_form_with_help(prefect_backend):
    from flows.reconcile_statements import reconcile_statements

    schema = reconcile_statements.parameters.model_dump()["properties"]

    assert {"statements", "invoices", "as_of", "dry_run"} <= set(schema)
    assert all(field.get("description") for field in schema.values())
    assert any(option.get("format") == "date" for option in schema["as_of"]["anyOf"])


def test_what_waits_to_be_posted_is_taken_up_by_a_flow_whose_parameters_hold_no_secret(
    prefect_backend, tmp_path, monkeypatch
):
    from decimal import Decimal

    from flows.post_payments import post_payments
    from tests.post.office import Office
    from tests.post.servers.base import serving
    from tests.post.servers.invoicing_v1 import InvoicingV1Server

    monkeypatch.setenv("SYSTEM_SECRET", "secret")
    with serving(InvoicingV1Server(invoices={"I1": Decimal(100)})) as served:
        office = Office(tmp_path, served.url)
        office.decides(("I1", "100.00"), invoices={"I1": "100.00"})
        settings = tmp_path / "mine.toml"
        settings.write_text(
            f'[connector]\nsystem = "invoicing_v1"\nbase_url = "{served.url}"\ntoken_env = "SYSTEM_SECRET"\n'
        )

        counts = post_payments(config=settings, ledger=office.path)

        assert counts["confirmed"] == 1
        assert served.system.paid() == {"I1": Decimal(100)}
    assert set(post_payments.parameters.model_dump()["properties"]) == {"config", "ledger"}
