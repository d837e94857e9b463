"""Bank profiles as people declare them, in TOML files under `config/banks`.

This reads and checks such files, strictly: what is misspelt, missing or contradictory is refused with its
file, key and value. It must not look at statements; `delimited` does that with the profiles made here.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from reconcile.errors import ConfigError
from reconcile.ingest.readers.bank_profile import (
    GENERIC,
    AmountNotation,
    BankProfile,
    Columns,
    PreamblePatterns,
    SkippedRows,
)
from reconcile.ingest.readers.delimited_currencies import CURRENCIES
from reconcile.ingest.readers.profile_tables import Table

_PREAMBLE_KEYS: Final = tuple(field.name for field in fields(PreamblePatterns))


def load_profiles(folders: Sequence[Path]) -> tuple[BankProfile, ...]:
    """Read every `*.toml` of the folders, ordered by name.

    A profile in a later folder takes the place of one of the same name in an earlier folder, so that a user
    can correct a bank that comes with the project.

    Raises:
        ConfigError: a folder is not there, or a file has an unknown or missing key or a value that is not
        usable.
    """
    found: dict[str, BankProfile] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"{folder} is no folder of bank profiles: name a folder that holds *.toml files")
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            profile = _read_profile(path)
            if profile.name in here:
                raise ConfigError(
                    f"{path}: name: {profile.name!r} is the name of {here[profile.name]} too; choose another"
                )
            here[profile.name] = path
            found[profile.name] = profile
    return tuple(found[name] for name in sorted(found))


def _read_profile(path: Path) -> BankProfile:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise ConfigError(f"{path} is no TOML file in UTF-8: {trouble}") from trouble
    root = Table(path, "", content)
    match, file, columns = root.table("match"), root.table("file"), root.table("columns")
    amount, dates, fixed = root.table("amount"), root.table("dates"), root.table("fixed")
    preamble, rows = root.table("preamble"), root.table("rows")
    skipped = rows.tables("skip_if")
    name = root.text("name", None)
    if not re.fullmatch(r"[a-z0-9_]+", name) or name == GENERIC:
        raise root.wrong("name", name, f"is no name of a bank's layout: small letters, digits, _, and not {GENERIC}")
    profile = BankProfile(
        name=name,
        header=match.texts("header", is_required=True),
        preamble_contains=match.text("preamble_contains"),
        encoding=_encoding(file),
        delimiters=_delimiters(file),
        quote=_quote(file),
        preamble_rows=file.number("preamble_rows"),
        footer_rows=file.number("footer_rows") or 0,
        footer_contains=file.texts("footer_contains"),
        is_remittance_text_joined=columns.flag("is_remittance_text_joined"),
        columns=_columns(columns),
        notation=_notation(amount),
        date_formats=_date_formats(dates),
        account=fixed.text("account"),
        currency=_currency(fixed),
        preamble=PreamblePatterns(*(_pattern(preamble, key) for key in _PREAMBLE_KEYS)),
        skipped=tuple(SkippedRows(one.text("column", None), one.texts("equals", is_required=True)) for one in skipped),
    )
    for table in (root, match, file, columns, amount, dates, fixed, preamble, rows, *skipped):
        table.refuse_the_rest()
    if bool(profile.columns.indicator) != bool(profile.notation.debit_words and profile.notation.credit_words):
        raise columns.wrong(
            "indicator", profile.columns.indicator, "goes with amount.debit_words and amount.credit_words"
        )
    return profile


def _encoding(table: Table) -> str:
    value = table.text("encoding", None)
    try:
        "".encode(value)
    except LookupError as trouble:
        raise table.wrong("encoding", value, "is no known encoding") from trouble
    return value


def _delimiters(table: Table) -> tuple[str, ...]:
    values = table.texts("delimiter", is_required=True)
    for value in values:
        if len(value) != 1 or not value.isascii() or value.isalnum() or value in "\"'\n\r":
            raise table.wrong("delimiter", value, "is no single mark that separates cells")
    return values


def _quote(table: Table) -> str:
    value = table.text("quote", '"')
    if value not in {'"', "'", ""}:
        raise table.wrong("quote", value, "is no quotation mark: \" or ' or empty for none")
    return value


def _columns(table: Table) -> Columns:
    listed = {"account", "counterparty_name", "remittance_text", "payment_reference"}
    values: dict[str, str | tuple[str, ...]] = {"booked_date": table.text("booked_date", None)}
    for field in fields(Columns)[1:]:
        values[field.name] = table.texts(field.name) if field.name in listed else table.text(field.name)
    columns = Columns(**values)  # type: ignore[arg-type]  # each field got the kind that it is declared with
    shape = (bool(columns.amount), bool(columns.debit), bool(columns.credit))
    if shape not in {(True, False, False), (False, True, True)}:
        raise table.wrong("amount", columns.amount, "must stand alone, or debit and credit together in its place")
    if columns.indicator and not columns.amount:
        raise table.wrong("indicator", columns.indicator, "needs the column amount")
    if columns.counterparty_name and (columns.payer_name or columns.payee_name):
        raise table.wrong("counterparty_name", columns.counterparty_name, "excludes payer_name and payee_name")
    return columns


def _notation(table: Table) -> AmountNotation:
    decimal_mark, thousands_mark = table.text("decimal_mark", None), table.text("thousands_mark")
    if decimal_mark not in {".", ","}:
        raise table.wrong("decimal_mark", decimal_mark, "is neither . nor ,")
    if thousands_mark not in {"", ".", ",", " ", "'"} or thousands_mark == decimal_mark:
        raise table.wrong("thousands_mark", thousands_mark, "is no other mark of . , ' blank, or empty for none")
    debit, credit = table.texts("debit_words"), table.texts("credit_words")
    if {word.casefold() for word in debit} & {word.casefold() for word in credit}:
        raise table.wrong("debit_words", list(debit), "shares a word with credit_words")
    return AmountNotation(decimal_mark, thousands_mark, table.flag("is_inverted"), debit, credit)


def _date_formats(table: Table) -> tuple[str, ...]:
    formats = table.texts("formats", is_required=True)
    sample = dt.datetime(2026, 11, 30)  # noqa: DTZ001 - a bank's local date
    for one in formats:
        try:
            is_whole = dt.datetime.strptime(sample.strftime(one), one).date() == sample.date()  # noqa: DTZ007
        except ValueError:
            is_whole = False
        if not is_whole:
            raise table.wrong("formats", one, "is no format with a day, a month and a year, as %d.%m.%Y")
    return formats


def _currency(table: Table) -> str:
    value = table.text("currency")
    if value and value not in CURRENCIES:
        raise table.wrong("currency", value, "is no ISO 4217 currency code")
    return value


def _pattern(table: Table, key: str) -> str:
    value = table.text(key)
    try:
        group_count = re.compile(value).groups
    except re.error as trouble:
        raise table.wrong(key, value, f"is no regular expression: {trouble}") from trouble
    if value and group_count != 1:
        raise table.wrong(key, value, "must have exactly one group, (...), for the value")
    return value
