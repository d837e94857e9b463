"""Every file is found once, read by the one reader that knows it, and accounted for to the last transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from reconcile.errors import UnreadableStatement, UsageError
from reconcile.ingest import RejectedFile, find_statement_files, read_statements, rejected_rows
from reconcile.ingest.readers import readers
from reconcile.model import SourceFile, StatementFile
from tests.builders import a_line, a_source, a_statement_file

LINES = (a_line("100.00"), a_line("70.00"))


@dataclass(frozen=True)
class FakeReader:
    """Claim the files that begin with a word, under one layout each, and read them as it is told."""

    word: bytes
    layouts: tuple[str, ...] = ("ofx",)
    reading: Callable[[SourceFile, str], StatementFile] = lambda source, layout: a_statement_file(
        source.name, LINES, layout=layout
    )

    def identify(self, source: SourceFile) -> tuple[str, ...]:
        return self.layouts if source.data.startswith(self.word) else ()

    def read(self, source: SourceFile, layout: str) -> StatementFile:
        return self.reading(source, layout)


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("bank", encoding="utf-8")


def names(files: tuple[Path, ...]) -> list[str]:
    return [file.name for file in files]


def reason(folder: Path, reader: FakeReader, data: bytes = b"bank") -> str:
    """Read one file of which nothing is accepted, and return why."""
    path = folder / "bank.ofx"
    path.write_bytes(data)
    (result,) = read_statements([path], [reader], 1)
    assert isinstance(result, RejectedFile)
    assert result.source_file == "bank.ofx"
    return result.reason


def test_a_folder_is_read_with_all_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    put(tmp_path, "b.ofx", "z/a.ofx", "z/y/c.csv", "a/d")
    assert names(find_statement_files([tmp_path])) == ["a.ofx", "b.ofx", "c.csv", "d"]


def test_files_of_one_name_in_two_folders_are_two_files(tmp_path: Path) -> None:
    put(tmp_path, "2/bank.ofx", "1/bank.ofx")
    files = find_statement_files([tmp_path])
    assert [file.parent.name for file in files] == ["1", "2"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "bank.ofx")
    (tmp_path / "link.ofx").symlink_to(tmp_path / "bank.ofx")
    assert names(find_statement_files([tmp_path / "bank.ofx", tmp_path, tmp_path / "." / "bank.ofx"])) == ["bank.ofx"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "bank.ofx", ".DS_Store", ".trash/old.ofx", "sub/.hidden.csv")
    assert names(find_statement_files([tmp_path])) == ["bank.ofx"]


def test_a_folder_that_lies_in_a_hidden_folder_is_read_where_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, ".cache/bank.ofx")
    assert names(find_statement_files([tmp_path / ".cache"])) == ["bank.ofx"]


def test_links_out_of_the_folder_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "in/bank.ofx", "out/secret.ofx")
    (tmp_path / "in" / "secret.ofx").symlink_to(tmp_path / "out" / "secret.ofx")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    assert names(find_statement_files([tmp_path / "in"])) == ["bank.ofx"]


def test_a_link_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "out/bank.ofx")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    assert names(find_statement_files([tmp_path / "link"])) == ["bank.ofx"]


def test_a_folder_without_any_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "bank").mkdir()
    with pytest.raises(UsageError, match="bank: no statement file in it"):
        find_statement_files([tmp_path / "bank"])


def test_a_path_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    put(tmp_path, "bank.ofx")
    with pytest.raises(UsageError, match="march: there is no such statement file or folder"):
        find_statement_files([tmp_path, tmp_path / "march"])


def test_each_file_is_read_by_the_reader_that_knows_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ofx", encoding="utf-8")
    (tmp_path / "b.ofx").write_text("table", encoding="utf-8")
    known = [FakeReader(b"ofx", ("ofx",)), FakeReader(b"table", ("my_bank",))]
    results = read_statements([tmp_path / "a.csv", tmp_path / "b.ofx"], known, 1)
    assert [result.layout for result in results if isinstance(result, StatementFile)] == ["ofx", "my_bank"]


def test_a_file_that_cannot_be_read_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    def cut_off(source: SourceFile, layout: str) -> StatementFile:
        raise UnreadableStatement("it ends in the middle of a transaction")

    (tmp_path / "a.ofx").write_text("broken", encoding="utf-8")
    (tmp_path / "b.ofx").write_text("sound", encoding="utf-8")
    known = [FakeReader(b"broken", reading=cut_off), FakeReader(b"sound")]
    first, second = read_statements([tmp_path / "a.ofx", tmp_path / "b.ofx"], known, 1)
    assert first == RejectedFile("a.ofx", "it ends in the middle of a transaction")
    assert isinstance(second, StatementFile)


def test_a_name_with_bytes_that_are_no_text_is_written_as_text(tmp_path: Path) -> None:
    put(tmp_path, "m\udce4rz.ofx", "\udce4.ofx")
    reading = [FakeReader(b"bank", reading=lambda source, layout: a_statement_file(source.name, LINES, layout=layout))]
    read = read_statements([tmp_path / "m\udce4rz.ofx"], reading, 1)
    rejected = read_statements([tmp_path / "\udce4.ofx"], [], 1)
    assert [file.source.name for file in read if isinstance(file, StatementFile)] == ["m\ufffdrz.ofx"]
    assert [file.source_file for file in rejected if isinstance(file, RejectedFile)] == ["\ufffd.ofx"]


def test_a_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    def echo(source: SourceFile, layout: str) -> StatementFile:
        return a_statement_file(source.name, LINES, data=source.data)

    put(tmp_path, "a.ofx", "b.ofx")
    results = read_statements(sorted(tmp_path.iterdir()), [FakeReader(b"bank", reading=echo)], 1)
    assert [result.source.file_id for result in results if isinstance(result, StatementFile)] == [
        a_source("x", "bank").file_id
    ] * 2


def test_a_file_larger_than_the_limit_is_rejected_unread(tmp_path: Path) -> None:
    told = reason(tmp_path, FakeReader(b"bank"), b"bank" + bytes(1024 * 1024))
    assert told.startswith("larger than 1 MB (limits.statement_megabytes_max)")


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "bank.ofx").write_bytes(b"bank".ljust(1024 * 1024))
    (result,) = read_statements([tmp_path / "bank.ofx"], [FakeReader(b"bank")], 1)
    assert isinstance(result, StatementFile)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n"])
def test_an_empty_file_is_rejected(tmp_path: Path, data: bytes) -> None:
    assert reason(tmp_path, FakeReader(b""), data) == "the file is empty; download it again from the bank"


def test_a_file_that_went_away_is_rejected(tmp_path: Path) -> None:
    (result,) = read_statements([tmp_path / "bank.ofx"], [FakeReader(b"")], 1)
    assert result == RejectedFile("bank.ofx", "cannot be opened: No such file or directory")


def test_a_file_that_no_reader_knows_is_rejected_with_what_to_give(tmp_path: Path) -> None:
    assert "give the bank's OFX, QFX or CSV export" in reason(tmp_path, FakeReader(b"other"), b"%PDF-1.7 \x00\x01")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n\x00\xff", b"\x89PNG\r\n\x1a\n\x00", b"hello", b"PK\x03\x04\x00\x00"])
def test_what_is_no_statement_is_known_to_no_reader_that_comes_with_the_project(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bank.ofx"
    path.write_bytes(data)
    (result,) = read_statements([path], readers(), 1)
    assert isinstance(result, RejectedFile)


def test_a_file_that_two_readers_claim_is_rejected_with_both_names(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("bank", encoding="utf-8")
    (result,) = read_statements([path], [FakeReader(b"ba", ("one",)), FakeReader(b"bank", ("two",))], 1)
    assert isinstance(result, RejectedFile)
    assert result.reason.startswith("one and two both claim it")


def test_a_file_that_two_layouts_of_one_reader_claim_is_rejected_with_both_names(tmp_path: Path) -> None:
    assert reason(tmp_path, FakeReader(b"bank", ("one", "two"))).startswith("one and two both claim it")


@pytest.mark.parametrize("counted", [1, 3])
def test_a_file_of_which_not_every_transaction_is_told_is_rejected(tmp_path: Path, counted: int) -> None:
    def short(source: SourceFile, layout: str) -> StatementFile:
        return a_statement_file(source.name, LINES, transactions_counted=counted)

    told = reason(tmp_path, FakeReader(b"bank", reading=short))
    assert told == f"{counted} transactions stand in the file, 2 could be told apart; it is damaged"


def test_rejected_transactions_count_among_those_that_are_told(tmp_path: Path) -> None:
    def with_rejected(source: SourceFile, layout: str) -> StatementFile:
        return a_statement_file(source.name, LINES, rejected={3: "no date"}, transactions_counted=3)

    (tmp_path / "bank.ofx").write_text("bank", encoding="utf-8")
    (result,) = read_statements([tmp_path / "bank.ofx"], [FakeReader(b"bank", reading=with_rejected)], 1)
    assert isinstance(result, StatementFile)


@pytest.mark.parametrize(
    ("breach", "column"),
    [
        (pl.lit("euro").alias("currency"), "currency"),
        (pl.lit(0, dtype=pl.Int64).alias("source_row"), "source_row"),
        (pl.lit(1, dtype=pl.Int64).alias("source_row"), "source_row"),
        (pl.lit(0, dtype=pl.Int64).alias("statement_number"), "statement_number"),
        (pl.lit(None, dtype=pl.String).alias("remittance_text"), "remittance_text"),
        (pl.lit(None, dtype=pl.Date).alias("booked_date"), "booked_date"),
        (pl.lit(100.0).alias("amount"), "amount"),
        (pl.lit("").alias("colour"), "colour"),
    ],
)
def test_lines_that_break_the_schema_reject_the_file_and_name_the_column(
    tmp_path: Path, breach: pl.Expr, column: str
) -> None:
    def broken(source: SourceFile, layout: str) -> StatementFile:
        file = a_statement_file(source.name, LINES)
        return StatementFile(
            source=file.source,
            layout=file.layout,
            statements=file.statements,
            lines=file.lines.with_columns(breach),
            rejected=file.rejected,
            transactions_counted=2,
        )

    told = reason(tmp_path, FakeReader(b"bank", reading=broken))
    assert column in told
    assert "breaks the rule" in told


def test_the_rows_of_a_breach_are_those_of_the_file(tmp_path: Path) -> None:
    def broken(source: SourceFile, layout: str) -> StatementFile:
        file = a_statement_file(source.name, [a_line(), a_line(currency="eu"), a_line()])
        return StatementFile(
            source=file.source,
            layout=file.layout,
            statements=file.statements,
            lines=file.lines.with_columns(pl.col("source_row") + 10),
            rejected=file.rejected,
            transactions_counted=3,
        )

    assert reason(tmp_path, FakeReader(b"bank", reading=broken)).startswith("row 12, column 'currency': 'eu'")


def test_all_that_was_not_accepted_is_told_file_by_file() -> None:
    rows = rejected_rows(
        [
            RejectedFile("a.ofx", "it is empty"),
            a_statement_file("b.ofx", LINES),
            a_statement_file("c.ofx", LINES, rejected={3: "no date", 4: "no amount"}),
        ]
    )
    assert rows.rows() == [("a.ofx", None, "it is empty"), ("c.ofx", 3, "no date"), ("c.ofx", 4, "no amount")]


def test_where_all_was_accepted_nothing_is_told() -> None:
    assert rejected_rows([a_statement_file("b.ofx", LINES)]).height == 0
