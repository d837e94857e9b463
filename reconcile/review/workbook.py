"""Read the decisions that a person wrote into the report's workbook: its Review sheet, by headings.

Columns may have moved, rows may be sorted, filtered or gone, and any program may have saved the file. A cell that
cannot be read refuses its row alone. Nothing in the file is trusted. Must not: know the ledger, or guess what is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconcile.decision_sheet import (
    ACTIONS,
    CUSTOMER,
    DECIDED_BY,
    DECISION,
    FACTS_SHEET,
    FORMAT,
    FORMAT_FACT,
    INPUTS,
    INVOICE_IDS,
    INVOICE_IDS_MARK,
    INVOICES,
    LINE_ID,
    RANK,
    REASON,
    REVIEW_SHEET,
    RUN_FACT,
)
from reconcile.errors import ReviewError
from reconcile.review.cells import Cell, RefusedCell, Rows, sheets_of
from reconcile.review.decided import ID_CHARACTERS_MAX, Decided, DecisionsFile, InvoiceCash, Refused, decided_of
from reconcile.review.typed import invoices_typed, remark_typed, text_typed

_HEADINGS: Final = (*INPUTS, LINE_ID, RANK, INVOICE_IDS)
_ACTIONS: Final = ACTIONS | {action.replace("_", " "): action for action in ACTIONS.values()}
_OF_INVOICES: Final = ("accept", "reject", "write_off")  # what takes the row's invoices where none are named

_HEADINGS_WITHIN: Final = 20  # rows from the top
_RUNS_MAX: Final = 10**9

Row = dict[str, Cell]


@dataclass(frozen=True)
class _Filled:
    """A row that a person filled in, and by whom; '' where the row does not say."""

    decided: Decided
    who: str


def decisions_of_workbook(path: Path) -> DecisionsFile:
    """Read the decisions of a workbook that a report wrote and a person filled in.

    A decision on a line's first row is about what the report proposes, on another row about that alternative. A line
    with two decisions has none: both are refused. A file is of one person: rows that name another are refused.

    Raises:
        ReviewError: the file is no workbook of a report, or cannot be read; nothing of it may be carried out.
    """
    sheets = sheets_of(path, (REVIEW_SHEET, FACTS_SHEET))
    run_number = _run_number(sheets.get(FACTS_SHEET, []), path)
    filled: list[_Filled] = []
    refused: list[Refused] = []
    for row in _rows(sheets.get(REVIEW_SHEET, []), path):
        try:
            if _is_filled(row):
                filled.append(_filled(row))
        except RefusedCell as error:
            refused.append(Refused(error.place, _line_id(row), str(error)))
    who = _who(filled)
    decisions: list[Decided] = []
    for each, why in zip(filled, _objections(filled, refused, who), strict=True):
        if why:
            refused.append(Refused(each.decided.place, each.decided.line_id, why))
        else:
            decisions.append(each.decided)
    return DecisionsFile(path.name, run_number, who, tuple(decisions), tuple(refused))


def _run_number(facts: Rows, path: Path) -> int:
    """Read which run's report the workbook is; what does not say so is none of ours."""
    told = {row[0].value: row[1].value for row in facts if len(row) > 1 and isinstance(row[0].value, str)}
    number = told.get(RUN_FACT)
    if told.get(FORMAT_FACT) != FORMAT or not isinstance(number, int) or not 0 <= number < _RUNS_MAX:
        message = (
            f"{path}: is no workbook of a report: its hidden sheet '{FACTS_SHEET}' is not as a report writes it; "
            "fill in report.xlsx itself"
        )
        raise ReviewError(message)
    return number


def _rows(rows: Rows, path: Path) -> Iterator[Row]:
    """Return the rows below the headings, by heading. The first heading of a name counts."""
    for position, row in enumerate(rows[:_HEADINGS_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            if isinstance(cell.value, str):
                places.setdefault(cell.value.strip().casefold(), place)
        missing = [heading for heading in _HEADINGS if heading.casefold() not in places]
        if not missing:
            found = {heading: places[heading.casefold()] for heading in _HEADINGS}
            for told in rows[position + 1 :]:
                yield {heading: told[place] for heading, place in found.items()}
            return
        if DECISION.casefold() in places:
            break
    else:
        missing = [DECISION]
    message = (
        f"{path}: its sheet '{REVIEW_SHEET}' has no column '{missing[0]}'; fill in report.xlsx itself, and keep its "
        "columns and its hidden ones"
    )
    raise ReviewError(message)


def _is_filled(row: Row) -> bool:
    """Say whether a row decides something; a reason or a name alone is a note."""
    return any(row[heading].value not in {None, ""} for heading in (DECISION, INVOICES, CUSTOMER))


def _filled(row: Row) -> _Filled:
    word = text_typed(row[DECISION])
    action = _ACTIONS.get(" ".join(word.replace("_", " ").replace("-", " ").casefold().split()))
    if action is None:
        why = f"is no decision; choose one of: {', '.join(ACTIONS)}" if word else "a decision is missing in this row"
        raise RefusedCell(row[DECISION], why)
    line_id, rank = _line_id(row), row[RANK].value
    if not line_id or not isinstance(rank, int) or isinstance(rank, bool):
        raise RefusedCell(row[DECISION], "stands in a row of no line; decide in a row that the report wrote")
    invoices = invoices_typed(row[INVOICES])
    if action == "assign" and not invoices:
        raise RefusedCell(row[INVOICES], "invoices are missing; name those that this line pays")
    if action in {"on_account", "not_receivable"} and invoices:
        raise RefusedCell(
            row[INVOICES], f"stands beside '{word}', which pays no invoice; leave it empty or decide 'assign'"
        )
    is_alternative = rank > 1 and not invoices and action in _OF_INVOICES
    if is_alternative:
        ids = text_typed(row[INVOICE_IDS]).split(INVOICE_IDS_MARK)
        invoices = tuple(InvoiceCash(invoice_id) for invoice_id in ids if invoice_id)
    values = {
        "line_id": line_id,
        "action": action,
        "customer_id": text_typed(row[CUSTOMER]),
        "reason": remark_typed(row[REASON]),
    }
    try:
        decided = decided_of(values, invoices, row[DECISION].place)
    except ReviewError as error:
        raise RefusedCell(row[DECISION], f"cannot be carried out: {error}") from None
    return _Filled(replace(decided, rank=rank if is_alternative else 0), text_typed(row[DECIDED_BY]))


def _line_id(row: Row) -> str:
    value = row[LINE_ID].value
    return value.strip()[:ID_CHARACTERS_MAX] if isinstance(value, str) else ""


def _who(filled: Sequence[_Filled]) -> str:
    """Return who decided: the name that most rows have, of equally many the first."""
    names = Counter(each.who for each in filled if each.who)
    return max(names, key=lambda name: names[name]) if names else ""


def _objections(filled: Sequence[_Filled], refused: Sequence[Refused], who: str) -> Iterator[str]:
    """Say of each row why it is not carried out; '' where nothing speaks against it."""
    places: dict[str, list[str]] = {}
    for line_id, place in [(each.decided.line_id, each.decided.place) for each in filled] + [
        (each.line_id, each.place) for each in refused
    ]:
        places.setdefault(line_id, []).append(place)
    are_several = len({_same(each.who) for each in filled if each.who}) > 1
    for each in filled:
        others = [place for place in places[each.decided.line_id] if place != each.decided.place]
        if others:
            yield f"this line is decided in {others[0]} too; keep one decision for each line"
        elif are_several and _same(each.who) != _same(who):
            yield f"'{each.who}' decided this row and '{who}' others; keep a file for each person"
        else:
            yield ""


def _same(name: str) -> str:
    return " ".join(name.casefold().split())
