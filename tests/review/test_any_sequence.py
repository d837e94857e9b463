"""Whatever people decide and undo, in any order: no law breaks, and when all is undone, every balance is as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile.ledger import Ledger, broken_laws, open_ledger
from tests.builders import begin_run
from tests.review.cases import TEXTS, a_night, balances, desk, said

INVOICES = ("I1", "I2", "I3", "N1", "J1", "P1", "U1")

cash = st.one_of(st.just(""), st.decimals("-12", "60", places=2).map(lambda amount: f"={amount}"))
invoices = st.lists(st.tuples(st.sampled_from(INVOICES), cash).map("".join), max_size=3)
steps = st.one_of(
    st.tuples(
        st.sampled_from(("accept", "reject", "assign", "on_account", "write_off", "not_receivable")),
        st.sampled_from(TEXTS),
        st.sampled_from(("anna", "bob")),
        invoices,
        st.sampled_from(("", "C1", "C2")),
        st.integers(0, 3),
    ),
    st.tuples(st.sampled_from(("undo", "confirm")), st.sampled_from(TEXTS), st.sampled_from(("anna", "bob"))),
)


def act(ledger: Ledger, lines: dict[str, str], minute: int, step: tuple[object, ...]) -> None:
    action, text, who, *more = step
    at_desk = desk(ledger, str(who), minutes=minute, second_person_amount_min="60", write_off_amount_max="20")
    line = lines[str(text)]
    if action == "undo":
        at_desk.undo(line)
    elif action == "confirm":
        if ledger.rows("select 1 from waiting_reviews where line_id = ?", line):
            at_desk.confirm(line)
    else:
        named, customer_id, rank = more
        at_desk.decide(said(line, str(action), *named, customer_id=customer_id, rank=rank))  # type: ignore[misc]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=1, max_size=8))
def test_any_decisions_keep_the_laws_and_undoing_all_restores_every_balance(sequence):
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.duckdb") as ledger:
        begin_run(ledger)
        lines = a_night(ledger)
        decided_by_the_night = {"posted", "kept"}
        before = balances(ledger)
        for minute, step in enumerate(sequence):
            if step[0] == "undo" and step[1] in decided_by_the_night:
                continue  # taken back, it would not be as the night left it
            act(ledger, lines, minute, step)
        broken_laws(ledger)

        for minute, text in enumerate(TEXTS, start=100):
            while text not in decided_by_the_night:
                if desk(ledger, "carol", minutes=minute).undo(lines[text]).refused:
                    break

        broken_laws(ledger)
        assert balances(ledger) == before
        assert ledger.rows("select * from rejected_pairs") == []
        assert ledger.rows("select * from waiting_reviews") == []
