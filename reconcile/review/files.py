"""Read a file of decisions: what the report's page saved, as JSON, or the workbook. Both end in the same values.

A file that holds no decisions is refused whole, one decision that cannot be read is refused alone. A file comes from
anywhere: nothing in it is trusted. Must not: know the ledger.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from reconcile.errors import ReviewError
from reconcile.review.cells import is_workbook
from reconcile.review.decided import (
    Decided,
    DecisionsFile,
    InvoiceCash,
    Refused,
    decided_of,
    invoice_cash,
    text_of,
)
from reconcile.review.workbook import decisions_of_workbook

__all__ = ["Decided", "DecisionsFile", "InvoiceCash", "Refused", "read_decisions"]

FORMAT: Final = "reconcile-decisions/1"
"""What a decisions file says of itself."""

MEGABYTES_MAX: Final = 64
"""A larger file is refused: a hundred thousand decisions take a third of it."""

INVOICES_MAX: Final = 10_000

_FILE_KEYS: Final = {"format", "run_number", "who", "decisions"}
_DECISION_KEYS: Final = {"line_id", "action", "invoices", "customer_id", "reason", "decided_at"}
_INVOICE_KEYS: Final = {"invoice_id", "amount"}


def read_decisions(path: Path) -> DecisionsFile:
    """Read a file of decisions; what it is, is told by its content, not by its name.

    Raises:
        ReviewError: the file cannot be read, is too large, or holds no decisions; nothing of it may be carried out.
    """
    if _is_workbook(path):
        return decisions_of_workbook(path)
    content = _content(path)
    try:
        told = json.loads(
            content.decode("utf-8-sig"),
            parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_each_key_once,
        )  # fmt: skip
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise _no_decisions(path, "it is no JSON") from None
    except RecursionError:
        raise _no_decisions(path, "it is nested too deeply") from None
    except ReviewError as error:
        raise _no_decisions(path, str(error)) from None
    return _file_of(told, path)


def _is_workbook(path: Path) -> bool:
    try:
        return is_workbook(path)
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ReviewError(message) from None


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MEGABYTES_MAX * 1_000_000:
            raise _no_decisions(path, f"it is larger than {MEGABYTES_MAX} MB")
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ReviewError(message) from None


def _file_of(told: object, path: Path) -> DecisionsFile:
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _no_decisions(path, f'it does not say "format": "{FORMAT}"')
    if unknown := sorted(set(told) - _FILE_KEYS):
        raise _no_decisions(path, f"its key {unknown[0][:40]!r} is not known")
    number = told.get("run_number", "0")
    if not isinstance(number, str) or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise _no_decisions(path, "its run_number is no number")
    entries = told.get("decisions")
    if not isinstance(entries, list):
        raise _no_decisions(path, 'it has no list "decisions"')
    try:
        who = text_of(told, "who").strip()
    except ReviewError as error:
        raise _no_decisions(path, str(error)) from None
    decisions: list[Decided] = []
    refused: list[Refused] = []
    for position, entry in enumerate(entries, start=1):
        place = f"decision {position}"
        try:
            decisions.append(_decision_of(entry, place))
        except ReviewError as error:
            line_id = entry.get("line_id") if isinstance(entry, dict) else ""
            refused.append(Refused(place, line_id[:64] if isinstance(line_id, str) else "", str(error)))
    return DecisionsFile(path.name, int(number), who, tuple(decisions), tuple(refused))


def _decision_of(entry: object, place: str) -> Decided:
    if not isinstance(entry, dict):
        raise ReviewError("it is no decision")
    if unknown := sorted(set(entry) - _DECISION_KEYS):
        message = f"its key {unknown[0][:40]!r} is not known"
        raise ReviewError(message)
    listed = entry.get("invoices", [])
    if not isinstance(listed, list) or len(listed) > INVOICES_MAX:
        raise ReviewError("its invoices are no list")
    return decided_of(entry, tuple(_invoice_of(each) for each in listed), place)


def _invoice_of(entry: object) -> InvoiceCash:
    if not isinstance(entry, dict) or set(entry) - _INVOICE_KEYS:
        raise ReviewError('an invoice is not told as {"invoice_id": "...", "amount": "12.00"}')
    return invoice_cash(text_of(entry, "invoice_id"), text_of(entry, "amount"))


def _no_number(word: str) -> Any:
    message = f"{word} is no amount"
    raise ReviewError(message)


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ReviewError("a key stands twice in it")
    return values


def _no_decisions(path: Path, why: str) -> ReviewError:
    return ReviewError(f"{path}: is no file of decisions: {why}; save one from the report's page, or give the workbook")
