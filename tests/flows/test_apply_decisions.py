"""Decisions of people by a flow: from its form, or from a file that the report saved."""

import json

import pytest

from tests.flows.conftest import settle_in
from tests.test_night import FIRST, statement

pytestmark = pytest.mark.xdist_group("prefect")

STRANGER = ("20261006", "77.77", "Stranger", "thanks")


@pytest.fixture
def settings(tmp_path):
    from reconcile.night import run_night_with

    settings = settle_in(tmp_path)
    (tmp_path / "statements" / "october.ofx").write_text(statement(FIRST, STRANGER))
    run_night_with(config=settings)
    return settings


def outcome(settings):
    from reconcile.ledger import open_ledger

    with open_ledger(settings.parent / "ledger.duckdb") as ledger:
        query = (
            "select line_id, outcome from current_decisions inner join statement_lines using (line_id) "
            "where amount = 77.77"
        )
        return ledger.rows(query)[0]


def decide(settings, **parameters):
    from flows.apply_decisions import apply_decisions

    return apply_decisions(config=settings, return_state=True, **{"decided_by": "anna", **parameters})


def test_a_line_is_decided_from_the_form_and_taken_back_again(prefect_backend, settings):
    line, before = outcome(settings)

    first = decide(settings, line=line, action="on_account", customer="C1", reason="she called")
    assert (first.name, first.message) == ("Completed", "1 carried out")
    assert outcome(settings)[1] == "on_account"
    again = decide(settings, line=line, action="on_account", customer="C1", reason="she called")
    assert (again.name, again.message) == ("Needs a look", "1 refused")  # decided already
    assert decide(settings, line=line, action="undo").message == "1 carried out"
    assert outcome(settings)[1] != "on_account"
    assert before == "unmatched"


def test_a_file_is_applied_and_what_cannot_be_is_refused_with_its_reason(prefect_backend, settings, tmp_path):
    line, _ = outcome(settings)
    decisions = [
        {"line_id": line, "action": "assign", "invoices": [{"invoice_id": "I2", "amount": "77.77"}], "customer_id": "",
         "reason": "", "decided_at": "2026-11-26T08:01:02Z"},
        {"line_id": "none", "action": "accept", "invoices": [], "customer_id": "", "reason": "",
         "decided_at": "2026-11-26T08:01:02Z"},
    ]  # fmt: skip
    file = tmp_path / "decisions.json"
    file.write_text(
        json.dumps({"format": "reconcile-decisions/1", "run_number": 1, "who": "anna", "decisions": decisions})
    )

    state = decide(settings, file=file)

    assert (state.name, state.message) == ("Needs a look", "1 carried out, 1 refused")
    assert outcome(settings)[1] == "short_paid"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "name a file of decisions, or a line"),
        ({"file": "a.json", "line": "x"}, "name a file of decisions, or a line"),
        ({"file": "nowhere.json"}, "nowhere.json"),
        ({"line": "x", "decided_by": " "}, "say who decides"),
        ({"line": "x", "action": "assign", "invoices": ["I1=much"]}, "'much' is no amount"),
    ],
)
def test_a_mistake_on_the_form_is_a_sentence(prefect_backend, settings, parameters, sentence):
    state = decide(settings, **parameters)

    assert state.is_failed()
    assert sentence in state.message


def test_the_form_offers_every_action_that_a_person_can_take(prefect_backend):
    from flows.apply_decisions import Action, apply_decisions
    from reconcile.review.decided import ACTIONS

    schema = apply_decisions.parameters.model_dump()

    assert {action.value for action in Action} == {*ACTIONS, "confirm", "undo"}
    assert schema["required"] == ["decided_by"]
    assert all(field.get("description") for field in schema["properties"].values())
