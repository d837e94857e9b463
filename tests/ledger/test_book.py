"""A run is kept whole or not at all, one run holds the ledger, and what stands is not written again."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from reconcile.errors import LedgerBusy, LedgerError
from reconcile.ingest import RejectedFile
from reconcile.ledger import Ledger, broken_laws, open_ledger, store_receivables, store_statements
from tests.builders import (
    a_customer,
    a_decision,
    a_line,
    a_remittance,
    an_allocation,
    an_alternative,
    an_invoice,
    begin_run,
    decided,
    receivables,
    store_lines,
)

HOLD = """
import sys
from pathlib import Path
from reconcile.ledger import open_ledger

with open_ledger(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def keep_a_run(path: Path, *texts: str) -> None:
    with (opened := open_ledger(path)) as ledger:
        begin_run(ledger)
        store_lines(ledger, *(a_line("100.00", text) for text in texts))
        opened.keep()


def kept_texts(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        return [text for (text,) in con.execute("select remittance_text from statement_lines order by 1").fetchall()]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books" / "ledger.duckdb"


def test_what_is_kept_is_there_afterwards_and_nothing_else_is(path: Path) -> None:
    keep_a_run(path, "first")
    keep_a_run(path, "second")
    assert kept_texts(path) == ["first", "second"]
    assert [file.name for file in path.parent.iterdir()] == ["ledger.duckdb"]


def test_a_new_ledger_that_is_not_kept_leaves_no_file(path: Path) -> None:
    with open_ledger(path) as ledger:
        begin_run(ledger)
        store_lines(ledger, a_line())
    assert list(path.parent.iterdir()) == []


def test_a_run_that_crashes_leaves_no_new_ledger(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_ledger(path) as ledger:  # noqa: PT012 - the crash is the point
        begin_run(ledger)
        store_lines(ledger, a_line())
        raise KeyboardInterrupt
    assert list(path.parent.iterdir()) == []


def test_a_run_that_crashes_leaves_the_ledger_as_it_was(path: Path) -> None:
    keep_a_run(path, "kept")
    with pytest.raises(ZeroDivisionError), open_ledger(path) as ledger:  # noqa: PT012 - the crash is the point
        begin_run(ledger)
        store_lines(ledger, a_line("1.00", "lost"), name="lost.ofx")
        _ = 1 / 0
    assert kept_texts(path) == ["kept"]


def test_a_process_that_is_killed_leaves_the_ledger_as_it_was(path: Path) -> None:
    keep_a_run(path, "kept")
    killed = (
        "import os, sys; from pathlib import Path; from reconcile.ledger import open_ledger\n"
        "from tests.builders import a_line, begin_run, store_lines\n"
        "ledger = open_ledger(Path(sys.argv[1])).__enter__()\n"
        "begin_run(ledger); store_lines(ledger, a_line('1.00', 'lost'), name='lost.ofx'); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(path)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 9
    assert kept_texts(path) == ["kept"]


def test_a_crash_after_a_run_was_kept_loses_nothing(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), (opened := open_ledger(path)) as ledger:  # noqa: PT012 - as above
        begin_run(ledger)
        store_lines(ledger, a_line("1.00", "kept"))
        opened.keep()
        _ = 1 / 0
    assert kept_texts(path) == ["kept"]


def test_a_dry_run_makes_no_file_and_no_folder(path: Path) -> None:
    with (opened := open_ledger(path, is_dry_run=True)) as ledger:
        begin_run(ledger)
        assert len(store_lines(ledger, a_line(), a_line())) == 2
        opened.keep()
    assert not path.parent.exists()


def test_a_dry_run_sees_the_ledger_and_changes_no_byte_of_it(path: Path) -> None:
    keep_a_run(path, "kept")
    before = digest(path)
    with (opened := open_ledger(path, is_dry_run=True)) as ledger:
        begin_run(ledger)
        assert ledger.run_number == 2
        store_lines(ledger, a_line("1.00", "dry"), name="dry.ofx")
        assert ledger.value("select count(*) from statement_lines") == 2
        opened.keep()
    assert digest(path) == before
    assert [file.name for file in path.parent.iterdir()] == ["ledger.duckdb"]


def test_a_second_process_is_told_which_one_holds_the_ledger(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LedgerBusy, match=rf"ledger\.duckdb: process {holder.pid} holds the ledger"):
            open_ledger(path).__enter__()
        with pytest.raises(LedgerBusy):
            open_ledger(path, is_dry_run=True).__enter__()
        holder.communicate("")
    assert holder.returncode == 0


def test_the_ledger_is_free_again_when_its_holder_has_ended(path: Path) -> None:
    subprocess.run([sys.executable, "-c", HOLD, str(path)], input="", text=True, check=True, capture_output=True)
    keep_a_run(path, "free")
    assert kept_texts(path) == ["free"]


@pytest.mark.parametrize("data", [b"invoice_id,total\nI1,100.00\n", bytes(20_000)])
def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ledger.duckdb"
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=r"ledger\.duckdb"):
        open_ledger(path).__enter__()
    assert path.read_bytes() == data


@pytest.mark.parametrize("place", [100, 5_000, 20_000], ids=["main header", "second header", "catalogue"])
def test_a_damaged_ledger_is_refused_and_left_as_it_is(path: Path, place: int) -> None:
    keep_a_run(path, "kept")
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=r"ledger\.duckdb"):
        open_ledger(path).__enter__()
    assert path.read_bytes() == data


def test_a_ledger_that_was_cut_off_is_told_when_its_lost_part_is_read(path: Path) -> None:
    keep_a_run(path, *(f"text {n} " * 30 for n in range(3_000)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(LedgerError, match=r"ledger\.duckdb"), open_ledger(path) as ledger:
        ledger.value("select count(distinct remittance_text) from statement_lines")


@pytest.mark.parametrize("table", ["invoices", "runs", "journal"])
def test_a_duckdb_file_with_other_tables_of_our_names_is_no_ledger(tmp_path: Path, table: str) -> None:
    path = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(f"create table {table} (id integer)")
    with pytest.raises(LedgerError, match="no ledger of this version"), open_ledger(path) as ledger:
        begin_run(ledger)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        open_ledger(tmp_path).__enter__()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LedgerError, match="the ledger's folder cannot be made"):
        open_ledger(tmp_path / "file" / "ledger.duckdb").__enter__()


def test_a_run_is_numbered_after_the_one_before_it(ledger: Ledger) -> None:
    assert [begin_run(ledger), begin_run(ledger)] == [2, 3]


def test_an_instant_is_kept_in_utc(ledger: Ledger) -> None:
    ((started_at,),) = ledger.rows("select started_at::varchar from runs")
    assert started_at == "2026-11-01 02:01:00"


def test_frames_are_readable_as_tables_only_while_they_are_given(ledger: Ledger) -> None:
    with ledger.given(told=a_line("5.00")):
        assert ledger.value("select count(*) from told") == 1
    with pytest.raises(duckdb.CatalogException):
        ledger.value("select count(*) from told")


# What is decided


def two_lines(ledger: Ledger) -> tuple[str, str]:
    one, other = store_lines(ledger, a_line("100.00", "one"), a_line("70.00", "other"))
    return one, other


def balance(ledger: Ledger) -> dict[object, object]:
    """Return the journal's balance by account, without those that are zero."""
    return dict(
        ledger.rows("select account, sum(amount)::varchar from journal group by account having sum(amount) != 0")
    )


def test_nothing_decided_writes_nothing(ledger: Ledger) -> None:
    ledger.write(decided([]))
    assert ledger.value("select count(*) from decisions") == 0


def test_a_decision_is_booked_on_the_accounts_that_its_money_goes_to(ledger: Ledger) -> None:
    store_receivables(ledger, receivables([an_invoice("I1", amount_due="102.00")]))
    one, other = two_lines(ledger)
    ledger.write(
        decided(
            [a_decision(one, "short_paid", applied="100.00"), a_decision(other, "review", unapplied="70.00")],
            [
                an_allocation(one, "I1", "100.00", residual="2.00", residual_kind="bank_charge"),
                an_allocation(other, "I1", "70.00", state="proposed"),
            ],
        )
    )
    assert balance(ledger) == {
        "bank": "170.000", "receivables": "-102.000", "bank_charges": "2.000", "unapplied": "-70.000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        ("discount", "discounts"),
        ("bank_charge", "bank_charges"),
        ("rounding", "write_offs"),
        ("write_off", "write_offs"),
    ],
)
def test_what_is_settled_besides_cash_has_its_own_account(ledger: Ledger, kind: str, account: str) -> None:
    one, _ = two_lines(ledger)
    ledger.write(
        decided(
            [a_decision(one, applied="100.00")],
            [an_allocation(one, "I1", "100.00", residual="1.00", residual_kind=kind)],
        )
    )
    assert balance(ledger) == {"bank": "100.000", "receivables": "-101.000", account: "1.000"}


@pytest.mark.parametrize(
    ("decision", "account"),
    [
        (lambda line: a_decision(line, "on_account", on_account="100.00"), "on_account"),
        (lambda line: a_decision(line, "duplicate", on_account="100.00"), "on_account"),
        (lambda line: a_decision(line, "unmatched", unapplied="100.00"), "unapplied"),
        (lambda line: a_decision(line, "refund"), "refunds"),
        (lambda line: a_decision(line, "ignored"), "not_receivable"),
    ],
    ids=["on account", "duplicate", "unmatched", "refund", "ignored"],
)
def test_money_that_pays_no_invoice_stands_where_its_outcome_says(
    ledger: Ledger, decision: Callable[[str], object], account: str
) -> None:
    one, _ = two_lines(ledger)
    ledger.write(decided([decision(one)]))  # type: ignore[list-item]
    assert balance(ledger) == {"bank": "100.000", account: "-100.000"}


def test_a_decision_that_stands_unchanged_is_not_written_again(ledger: Ledger) -> None:
    one, _ = two_lines(ledger)
    same = decided(
        [a_decision(one, "review", unapplied="100.00")],
        [an_allocation(one, state="proposed")],
        [an_alternative(one, rank=1), an_alternative(one, "I2", rank=2)],
    )
    ledger.write(same)
    tables = ("decisions", "allocations", "journal", "considered")
    before = [ledger.value(f"select count(*) from {table}") for table in tables]
    begin_run(ledger)
    ledger.write(same)
    assert [ledger.value(f"select count(*) from {table}") for table in tables] == before == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "unmatched"},
        {"explanation": "For another reason."},
        {"customer_id": "C2"},
        {"unapplied": "60.00", "on_account": "40.00"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_decision_that_says_anything_else_stands_over_the_one_before(ledger: Ledger, changed: dict[str, str]) -> None:
    one, _ = two_lines(ledger)
    before = {"outcome": "review", "unapplied": "100.00", "customer_id": "C1"}
    ledger.write(decided([a_decision(one, **before)]))
    begin_run(ledger)
    ledger.write(decided([a_decision(one, **(before | changed))]))
    assert ledger.value("select count(*) from decisions") == 2
    assert ledger.value("select run_number from current_decisions") == 2


def test_the_journal_takes_back_what_a_later_decision_replaces(ledger: Ledger) -> None:
    one, _ = two_lines(ledger)
    ledger.write(decided([a_decision(one, "review", unapplied="100.00")]))
    begin_run(ledger)
    ledger.write(decided([a_decision(one, "unmatched", unapplied="100.00")]))
    begin_run(ledger)
    ledger.write(decided([a_decision(one, applied="100.00")], [an_allocation(one)]))
    assert balance(ledger) == {"bank": "100.000", "receivables": "-100.000"}
    assert ledger.value("select count(*) from journal") == 10
    reversals = ledger.rows("select entry_id, reverses_id from journal where reverses_id != ''")
    assert all(entry == f"reversal-{reversed_}" for entry, reversed_ in reversals)


def test_the_rows_that_a_later_decision_replaces_stay_as_they_were(ledger: Ledger) -> None:
    one, _ = two_lines(ledger)
    ledger.write(decided([a_decision(one, "review", unapplied="100.00")], [an_allocation(one, state="proposed")]))
    before = ledger.frame("select * from allocations")
    begin_run(ledger)
    ledger.write(decided([a_decision(one, applied="100.00")], [an_allocation(one)]))
    assert ledger.frame("select * from allocations where run_number = 1").equals(before)


def test_decisions_of_one_run_may_be_written_bit_by_bit(ledger: Ledger) -> None:
    store_receivables(ledger, receivables([an_invoice("I1")]))
    one, other = two_lines(ledger)
    ledger.write(decided([a_decision(one, applied="100.00")], [an_allocation(one)]))
    ledger.write(decided([a_decision(other, "unmatched", unapplied="70.00")]))
    broken_laws(ledger)
    assert balance(ledger) == {"bank": "170.000", "receivables": "-100.000", "unapplied": "-70.000"}


@pytest.mark.parametrize("probability", [1.0, 0.9999999])
def test_no_probability_is_written_as_certain(ledger: Ledger, probability: float) -> None:
    one, _ = two_lines(ledger)
    ledger.write(decided([a_decision(one, applied="100.00")], [an_allocation(one, probability=probability)]))
    assert ledger.rows("select probability::varchar from allocations") == [("0.999999",)]


@pytest.mark.parametrize("outcome", ["review", "unmatched", "ignored"])
def test_a_line_without_a_lasting_decision_is_looked_at_again(ledger: Ledger, outcome: str) -> None:
    one, other = two_lines(ledger)
    unapplied = "0" if outcome == "ignored" else "100.00"
    ledger.write(decided([a_decision(one, outcome, unapplied=unapplied)]))
    assert set(ledger.undecided_lines()["line_id"]) == {one, other}


@pytest.mark.parametrize(
    "outcome", ["applied", "short_paid", "overpaid", "duplicate", "on_account", "returned", "refund"]
)
def test_a_line_with_a_lasting_decision_is_not_looked_at_again(ledger: Ledger, outcome: str) -> None:
    one, other = two_lines(ledger)
    ledger.write(decided([a_decision(one, outcome)]))
    assert ledger.undecided_lines()["line_id"].to_list() == [other]


def test_a_posted_allocation_stands_until_it_is_reversed(ledger: Ledger) -> None:
    one, other = two_lines(ledger)
    ledger.write(
        decided(
            [a_decision(one, applied="100.00"), a_decision(other, "review", unapplied="70.00")],
            [an_allocation(one, "I1"), an_allocation(other, "I2", "70.00", state="proposed")],
        )
    )
    standing = ledger.posted_allocations()
    assert standing["invoice_id"].to_list() == ["I1"]
    (back,) = store_lines(ledger, a_line("-100.00", "back"), name="back.ofx")
    reversal = an_allocation(back, "I1", "-100.00", reverses_id=standing["allocation_id"][0])
    ledger.write(decided([a_decision(back, "returned", applied="-100.00")], [reversal]))
    assert ledger.posted_allocations().height == 0


# What is news


def test_a_run_that_brings_nothing_has_no_news(ledger: Ledger) -> None:
    begin_run(ledger)
    assert not ledger.has_news()


@pytest.mark.parametrize(
    "bring",
    [
        lambda ledger: store_lines(ledger, a_line()),
        lambda ledger: store_receivables(ledger, receivables([an_invoice()])),
        lambda ledger: store_receivables(ledger, receivables(customers=[a_customer()])),
        lambda ledger: store_receivables(ledger, receivables(remittances=[a_remittance()])),
    ],
    ids=["lines", "invoices", "customers", "remittances"],
)
def test_new_rows_are_news_and_the_same_rows_again_are_none(ledger: Ledger, bring: Callable[[Ledger], object]) -> None:
    bring(ledger)
    assert ledger.has_news()
    begin_run(ledger)
    bring(ledger)
    assert not ledger.has_news()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (receivables([an_invoice()]), receivables([an_invoice(amount_due="99.00", total="100.00")])),
        (receivables([an_invoice()]), receivables([an_invoice(discount_date="2026-09-15")])),
        (receivables([an_invoice()]), receivables()),
        (receivables(customers=[a_customer()]), receivables(customers=[a_customer(aliases="Elm & Co")])),
    ],
    ids=["amount due", "discount", "no longer listed", "alias"],
)
def test_what_is_told_otherwise_is_news(ledger: Ledger, before: object, after: object) -> None:
    store_receivables(ledger, before)  # type: ignore[arg-type]
    begin_run(ledger)
    store_receivables(ledger, after)  # type: ignore[arg-type]
    assert ledger.has_news()


def test_an_invoice_that_comes_back_to_what_it_said_before_is_news(ledger: Ledger) -> None:
    for told in ([an_invoice(status="open")], [an_invoice(status="void")], [an_invoice(status="open")]):
        begin_run(ledger)
        store_receivables(ledger, receivables(told))
        assert ledger.has_news()
    assert ledger.items()["status"].to_list() == ["open"]


def test_customers_are_known_as_they_were_last_told(ledger: Ledger) -> None:
    store_receivables(ledger, receivables(customers=[a_customer(name="Elm"), a_customer("C2", name="Oak")]))
    begin_run(ledger)
    store_receivables(ledger, receivables(customers=[a_customer(name="Elm Ltd")]))
    assert ledger.customers().select("customer_id", "name").rows() == [("C1", "Elm Ltd"), ("C2", "Oak")]


def test_another_policy_or_version_is_news_once(ledger: Ledger) -> None:
    begin_run(ledger, policy_id="other")
    assert ledger.has_news()
    begin_run(ledger, policy_id="other", version="2.0")
    assert ledger.has_news()
    begin_run(ledger, policy_id="other", version="2.0")
    assert not ledger.has_news()


def test_a_rejected_file_alone_is_no_news(ledger: Ledger) -> None:
    store_statements(ledger, [RejectedFile("photo.ofx", "no statement")])
    assert not ledger.has_news()
