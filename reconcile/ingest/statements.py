"""Find the statement files, choose the reader that knows each one's content, and check what it read.

A file that cannot be read is rejected with its reason and the others go on. Nothing is silently short: what a
reader returns must add up to the transactions counted in the file's bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pandera.errors import SchemaErrors

from reconcile.errors import UnreadableStatement, UsageError
from reconcile.ingest.readers import describe_unknown
from reconcile.ingest.readers.reader import StatementReader
from reconcile.model import REJECTED_COLUMNS, SourceFile, StatementFile, StatementLine


@dataclass(frozen=True)
class RejectedFile:
    """A file that was not accepted, and why."""

    source_file: str
    reason: str


def find_statement_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files at `paths`, folders read with all their folders, in the order of their names.

    Hidden files and links that leave their folder are passed over.

    Raises:
        UsageError: a path that is not there, or folders without any file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            message = f"{path}: there is no such statement file or folder"
            raise UsageError(message)
        inside = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and _is_visible(p, path)]
        found |= dict.fromkeys(file.resolve() for file in inside)
    if not found:
        message = f"{', '.join(map(str, paths))}: no statement file in it; put the bank's OFX, QFX or CSV files there"
        raise UsageError(message)
    return tuple(sorted(found, key=lambda file: (file.name, str(file))))


def read_statements(
    paths: Sequence[Path], readers: Sequence[StatementReader], megabytes_max: int
) -> tuple[StatementFile | RejectedFile, ...]:
    """Read each file with the one reader that claims it. One result per file, in the order of `paths`."""
    results: list[StatementFile | RejectedFile] = []
    for path in paths:
        try:
            results.append(_read_one(path, readers, megabytes_max))
        except UnreadableStatement as reason:
            results.append(RejectedFile(_name_of(path), str(reason)))
    return tuple(results)


def _read_one(path: Path, readers: Sequence[StatementReader], megabytes_max: int) -> StatementFile:
    try:
        if path.stat().st_size > megabytes_max * 1024 * 1024:
            message = f"larger than {megabytes_max} MB (limits.statement_megabytes_max); split it or raise the limit"
            raise UnreadableStatement(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be opened: {error.strerror}"
        raise UnreadableStatement(message) from None
    if not data.strip():
        raise UnreadableStatement("the file is empty; download it again from the bank")
    source = SourceFile(name=_name_of(path), file_id=hashlib.sha256(data).hexdigest(), data=data)
    claims = [(reader, layout) for reader in readers for layout in reader.identify(source)]
    if not claims:
        unknown = "its content is no OFX, QFX or CSV statement; give the bank's OFX, QFX or CSV export"
        raise UnreadableStatement(describe_unknown(source) or unknown)
    if len(claims) > 1:
        layouts = " and ".join(layout for _, layout in claims)
        message = f"{layouts} both claim it; make the header in one of the bank profiles stricter"
        raise UnreadableStatement(message)
    reader, layout = claims[0]
    return _checked(reader.read(source, layout))


def _name_of(path: Path) -> str:
    """Return a file's name as text: bytes in it that are no UTF-8, as older systems write them, are shown as such."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _checked(file: StatementFile) -> StatementFile:
    """Hold what a reader returned against the schema of lines and the count of transactions."""
    try:
        StatementLine.validate(file.lines, lazy=True)
    except SchemaErrors as error:
        case = error.failure_cases.row(0, named=True)
        row = "" if case["index"] is None else f"row {file.lines['source_row'][case['index']]}, "
        message = f"{row}column {case['column']!r}: {case['failure_case']!r} breaks the rule {case['check']}"
        raise UnreadableStatement(message) from None
    read = file.lines.height + file.rejected.height
    if read != file.transactions_counted:
        message = (
            f"{file.transactions_counted} transactions stand in the file, {read} could be told apart; it is damaged"
        )
        raise UnreadableStatement(message)
    return file


def _is_visible(file: Path, folder: Path) -> bool:
    inside = file.relative_to(folder)
    return not any(part.startswith(".") for part in inside.parts) and file.resolve().is_relative_to(folder.resolve())


def rejected_rows(results: Sequence[StatementFile | RejectedFile]) -> pl.DataFrame:
    """Return all that was not accepted: `source_file`, `source_row` (null for a whole file), `reason`."""
    frames = [pl.DataFrame(schema={"source_file": pl.String, **REJECTED_COLUMNS})]
    for result in results:
        if isinstance(result, RejectedFile):
            row = {"source_file": [result.source_file], "source_row": [None], "reason": [result.reason]}
            frames.append(pl.DataFrame(row, schema=frames[0].schema))
        elif result.rejected.height:
            frames.append(
                result.rejected.select(pl.lit(result.source.name).alias("source_file"), "source_row", "reason")
            )
    return pl.concat(frames)
