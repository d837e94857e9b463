"""A night as its users see it: a good day, the same day again, a bad file among good ones."""

import csv
import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from reconcile.config import load
from reconcile.errors import ReportError
from reconcile.night import run_night
from reconcile.report.files import ReportFolder

DAY = dt.date(2026, 10, 31)
INVOICES = """invoice_id,invoice_number,customer_id,issue_date,due_date,currency,total,amount_due
I1,INV-1001,C1,2026-09-01,2026-10-01,EUR,100.00,100.00
I2,INV-1002,C2,2026-09-01,2026-10-01,EUR,250.00,250.00
I3,INV-1003,C2,2026-09-01,2026-10-01,EUR,75.50,75.50
"""
CUSTOMERS = "customer_id,name\nC1,Larkspur Optics GmbH\nC2,Bramble Foods AG\n"


def statement(*entries: tuple[str, str, str, str], end: str = "</OFX>") -> str:
    """Write an OFX statement of entries (day, amount, name, memo)."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{day}{number}<NAME>{name}<MEMO>{memo}</STMTTRN>"
        for number, (day, amount, name, memo) in enumerate(entries)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STMTRS>"
        "<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>777<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20261001<DTEND>20261031{lines}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1>{end}"
    )


class Office:
    """A folder with a company's files, and what a night makes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.statements = folder / "statements"
        self.out = folder / "report"
        self.ledger = folder / "ledger.duckdb"
        self.statements.mkdir()
        (folder / "invoices.csv").write_text(INVOICES)
        (folder / "customers.csv").write_text(CUSTOMERS)

    def receives(self, name: str, *entries: tuple[str, str, str, str], end: str = "</OFX>") -> None:
        (self.statements / name).write_text(statement(*entries, end=end))

    def night(self, **options):
        given = {
            "input": {
                "statements": (self.statements,),
                "invoices": self.folder / "invoices.csv",
                "customers": self.folder / "customers.csv",
            },
            "output": {"ledger": self.ledger, "out": self.out},
        }
        return run_night(load(None, given).with_samples(), as_of=DAY, **options)

    def told(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def outcomes(self) -> list[str]:
        return [row["outcome"] for row in self.told("lines.csv")]

    def count(self, table: str) -> int:
        with duckdb.connect(str(self.ledger), read_only=True) as con:
            return con.execute(f"select count(*) from {table}").fetchall()[0][0]


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path)


FIRST = ("20261002", "100.00", "LARKSPUR OPTICS", "INV-1001")
SECOND = ("20261003", "325.50", "BRAMBLE FOODS AG", "INV-1002 INV-1003")
AGAIN = ("20261009", "100.00", "LARKSPUR OPTICS", "INV-1001")
STRANGE = ("20261010", "17.20", "SOMEBODY", "THANKS")


def test_a_good_day_posts_what_is_named_and_explains_every_line(office):
    office.receives("october.ofx", FIRST, SECOND, AGAIN, STRANGE)

    result = office.night()

    assert result.exit_code == 0
    assert office.outcomes() == ["applied", "applied", "duplicate", "unmatched"]
    assert [(row["invoice_id"], row["amount"], row["state"]) for row in office.told("allocations.csv")] == [
        ("I1", "100.00", "posted"),
        ("I2", "250.00", "posted"),
        ("I3", "75.50", "posted"),
    ]
    assert all(row["explanation"] for row in office.told("lines.csv"))


def test_the_same_day_again_changes_nothing_to_the_byte(office):
    office.receives("october.ofx", FIRST, SECOND, AGAIN, STRANGE)
    office.night()
    before = {name: (office.out / name).read_bytes() for name in ("lines.csv", "allocations.csv", "candidates.csv")}
    counts = {table: office.count(table) for table in ("statement_lines", "decisions", "allocations", "journal")}

    office.night()

    assert before == {name: (office.out / name).read_bytes() for name in before}
    assert counts == {table: office.count(table) for table in counts}


def test_a_bad_file_among_good_ones_is_rejected_whole_and_the_others_go_on(office):
    office.receives("good.ofx", FIRST)
    office.receives("cut_off.ofx", SECOND, end="")
    (office.statements / "pictures.ofx").write_bytes(b"%PDF-1.7 not a statement")

    result = office.night()

    assert result.exit_code == 3
    assert office.outcomes() == ["applied"]
    assert {(row["source_file"], row["source_row"]) for row in office.told("rejected.csv")} == {
        ("cut_off.ofx", ""),
        ("pictures.ofx", ""),
    }


def test_a_row_that_cannot_be_read_is_rejected_alone(office):
    office.receives("october.ofx", ("20261002", "NaN", "LARKSPUR OPTICS", "INV-1001"), SECOND)

    result = office.night()

    assert result.exit_code == 3
    assert [(row["source_row"], row["outcome"]) for row in office.told("lines.csv")] == [("2", "applied")]
    assert [row["source_row"] for row in office.told("rejected.csv")] == ["1"]


def test_every_transaction_of_a_file_is_a_line_a_repeat_or_rejected(office):
    office.receives("a.ofx", FIRST, ("20261002", "1e3", "X", "Y"), SECOND)
    office.receives("b.ofx", FIRST, SECOND, STRANGE)
    office.night()

    files = json.loads((office.out / "summary.json").read_text())["files"]

    for counts in files.values():
        assert counts["transactions"] == counts["lines_new"] + counts["lines_repeated"] + counts["rows_rejected"]
    assert (files["b.ofx"]["lines_new"], files["b.ofx"]["lines_repeated"]) == (1, 2)


def test_a_dry_run_tells_the_same_and_writes_nothing_to_the_ledger(office):
    office.receives("october.ofx", FIRST, SECOND)

    office.night(is_dry_run=True)

    assert office.outcomes() == ["applied", "applied"]
    assert not office.ledger.exists()


def test_a_report_that_cannot_be_written_leaves_the_ledger_as_it_was(office, monkeypatch):
    office.receives("october.ofx", FIRST)
    office.night()
    before = office.ledger.read_bytes()
    office.receives("later.ofx", SECOND)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reconcile.report.files.write_workbook", full)
    with pytest.raises(ReportError, match="No space left"):
        office.night()

    assert office.ledger.read_bytes() == before
    assert [path.name for path in office.out.iterdir() if path.name.startswith(".")] == []


def test_a_later_night_pays_what_the_earlier_left_open_and_not_again_what_it_paid(office):
    office.receives("october.ofx", ("20261002", "40.00", "LARKSPUR OPTICS", "INV-1001"))
    office.night()
    office.receives("november.ofx", ("20261103", "60.00", "LARKSPUR OPTICS", "INV-1001"))
    office.night()

    assert sorted(office.outcomes()) == ["applied", "short_paid"]


def test_a_return_opens_the_invoice_again_and_a_new_payment_settles_it(office):
    office.receives(
        "october.ofx",
        FIRST,
        ("20261005", "-100.00", "LARKSPUR OPTICS", "RETURN R01 INV-1001"),
        ("20261012", "100.00", "LARKSPUR OPTICS", "INV-1001"),
    )

    office.night()

    assert office.outcomes() == ["applied", "returned", "applied"]
    assert [row["amount"] for row in office.told("allocations.csv")] == ["100.00", "-100.00", "100.00"]


def test_an_export_that_shows_our_payment_is_not_paid_twice(office):
    office.receives("october.ofx", FIRST)
    office.night()
    paid = INVOICES.replace("EUR,100.00,100.00", "EUR,100.00,0.00")
    (office.folder / "invoices.csv").write_text(paid)
    office.receives("later.ofx", AGAIN)
    office.night()

    assert sorted(office.outcomes()) == ["applied", "duplicate"]
    assert len(office.told("allocations.csv")) == 1


@pytest.mark.parametrize("order", [("a.ofx", "b.ofx"), ("b.ofx", "a.ofx")])
def test_decisions_do_not_depend_on_the_order_of_files(office, order):
    entries = {order[0]: (FIRST, AGAIN), order[1]: (SECOND, STRANGE)}
    for name, rows in entries.items():
        office.receives(name, *rows)
    office.night()

    found = {row["line_id"]: (row["outcome"], row["applied"]) for row in office.told("lines.csv")}

    assert sorted(found.values()) == [
        ("applied", "100.00"),
        ("applied", "325.50"),
        ("duplicate", "0.00"),
        ("unmatched", "0.00"),
    ]


def test_a_report_is_seen_whole_or_not_at_all(tmp_path):
    folder = ReportFolder(tmp_path / "out")

    folder.discard()

    assert list((tmp_path / "out").iterdir()) == []
