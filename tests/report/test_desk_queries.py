"""What the page asks the ledger: which lines still wait, what changed and by whom, how rules did."""

from __future__ import annotations

import datetime as dt

from reconcile.ledger import Ledger, store_receivables
from reconcile.report.desk import Desk, gather_desk
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    an_allocation,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)

AT = dt.datetime(2026, 11, 1, 8, 1, 2)  # noqa: DTZ001 - UTC


def told(ledger: Ledger) -> Desk:
    return gather_desk(ledger, ledger.run_number)


def night(ledger: Ledger, *outcomes: str, rule: str = "payer+exact") -> list[str]:
    """Begin a night whose file has a line of each outcome, decided so."""
    if ledger.run_number > 1 or ledger.value("select count(*) from statement_lines"):
        begin_run(ledger)
    name = f"night {ledger.run_number}"
    lines = store_lines(ledger, *(a_line("100.00", f"{name} line {n}") for n, _ in enumerate(outcomes)), name=name)
    decide(ledger, dict(zip(lines, outcomes, strict=True)), rule=rule)
    return lines


def decide(ledger: Ledger, outcomes: dict[str, str], *, rule: str = "payer+exact") -> None:
    waits = {"review", "unmatched"}
    ledger.write(
        decided(
            [
                a_decision(
                    line,
                    outcome,
                    applied="0" if outcome in waits else "100.00",
                    unapplied="100.00" if outcome in waits else "0",
                    rule=rule,
                )
                for line, outcome in outcomes.items()
            ],
            [an_allocation(line, f"I-{line}", "100.00") for line, outcome in outcomes.items() if outcome not in waits],
        )
    )


def person(
    ledger: Ledger,
    line: str,
    action: str,
    who: str = "anna",
    *,
    waiting: bool = False,
    outcome: str = "applied",
    confirms: str = "",
    invoice: str = "I1",
) -> str:
    """Let a person decide a line in a run of their own; return the review's id."""
    ledger.begin_run_of_person("review", AT)
    if not waiting and action != "reject":
        decide(ledger, {line: outcome}, rule="person")
    decision = (
        ""
        if waiting or action == "reject"
        else str(ledger.rows("select decision_id from current_decisions where line_id = ?", line)[0][0])
    )
    review = f"R{ledger.run_number}"
    ledger.con.execute(
        "insert into reviews values (?, ?, ?, ?, '', '', ?, ?, ?, ?, '', ?)",
        [review, ledger.run_number, line, action, who, AT, waiting, confirms, decision],
    )
    ledger.con.execute("insert into review_items values (?, ?, 100, 0)", [review, invoice])
    return review


def test_lines_that_wait_since_earlier_nights_are_told_and_this_nights_own_are_not(ledger):
    waiting, _ = night(ledger, "review", "applied")
    assert told(ledger).earlier is None

    night(ledger, "review")
    earlier = told(ledger).earlier
    assert earlier is not None
    assert earlier.lines["line_id"].to_list() == [waiting]


def test_a_line_that_a_person_decided_waits_no_more(ledger):
    (waiting,) = night(ledger, "review")
    person(ledger, waiting, "accept")
    night(ledger, "applied")

    assert told(ledger).earlier is None


def changed(ledger: Ledger) -> set[tuple[str, str, str, int]]:
    rows = told(ledger).changes
    return set(rows.select("outcome_before", "outcome_now", "who", "lines").rows())


def test_a_new_line_is_told_once_and_an_unchanged_one_never(ledger):
    night(ledger, "review", "applied")
    assert changed(ledger) == {("new", "review", "", 1), ("new", "applied", "", 1)}

    night(ledger)
    assert changed(ledger) == set()


def test_what_left_the_queue_is_told_with_how_and_by_whom(ledger):
    one, two, three = night(ledger, "review", "unmatched", "review")
    person(ledger, one, "accept", "anna")
    first = person(ledger, two, "assign", "anna", waiting=True)
    person(ledger, two, "assign", "ben", confirms=first)
    begin_run(ledger)
    decide(ledger, {three: "applied"})

    assert changed(ledger) == {
        ("review", "applied", "anna", 1),
        ("unmatched", "applied", "anna and ben", 1),
        ("review", "applied", "", 1),
    }


def test_a_first_persons_decision_is_told_until_a_second_confirms_it(ledger):
    store_receivables(ledger, receivables([an_invoice("I1")], [a_customer()]))
    (line,) = night(ledger, "review")
    first = person(ledger, line, "accept", "anna", waiting=True)

    (row,) = told(ledger).waiting_reviews.rows(named=True)
    assert (row["line_id"], row["who"], row["action"], row["invoice_number"]) == (line, "anna", "accept", "INV-I1")

    person(ledger, line, "accept", "ben", confirms=first)
    assert told(ledger).waiting_reviews.is_empty()


def test_each_rule_is_judged_by_what_people_made_of_it(ledger):
    posted, kept = night(ledger, "applied", "applied", rule="payer+exact")
    accepted, changed_, rejected = night(ledger, "review", "review", "review", rule="exact")
    person(ledger, accepted, "accept")
    person(ledger, changed_, "assign")
    person(ledger, rejected, "reject")
    person(ledger, rejected, "reject", "ben")
    ledger.begin_run_of_person("review", AT)
    ledger.con.execute(
        "insert into reviews values ('U1', ?, ?, 'undo', '', '', 'anna', ?, false, '', '', '')",
        [ledger.run_number, posted, AT],
    )

    rules = {row["rule"]: row for row in told(ledger).rules.rows(named=True)}
    assert set(rules) == {"payer+exact", "exact"}
    assert [rules["payer+exact"][name] for name in ("posted", "undone", "proposed")] == [2, 1, 0]
    assert [rules["exact"][name] for name in ("posted", "proposed", "accepted", "changed", "rejected")] == [
        0,
        3,
        1,
        1,
        1,
    ]
    assert kept
