"""Read what a person typed into a cell: texts, and invoices as `INV-1001; INV-1002=50.00`.

A cell that may mean two things is refused, never guessed. Must not: know which column it stands in.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from reconcile.errors import ReviewError
from reconcile.review.cells import Cell, RefusedCell
from reconcile.review.decided import ID_CHARACTERS_MAX, REASON_CHARACTERS_MAX, InvoiceCash, invoice_cash

_INTEGER_MAX: Final = 10**15  # what a workbook's numbers hold to the last digit
_DOTS_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}")
_COMMAS_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,3}")
_COMMA_DECIMAL: Final = re.compile(r"-?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
_COMMA_TWOFOLD: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+|-?[0-9]+,[0-9]{3}")
_LIST_BY_COMMA: Final = re.compile(r",\s|,$")


def text_typed(cell: Cell) -> str:
    """Return a cell's text without blanks around it; a whole number as its digits; '' where nothing is typed.

    Raises:
        RefusedCell: it is a date, a fraction, an error, or a formula that was never worked out.
    """
    value = cell.value
    _refuse_formula_or_error(cell)
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            pass
        case int() | float() if value == int(value) and abs(value) < _INTEGER_MAX:
            return str(int(value))
        case dt.date() | dt.time():
            raise RefusedCell(cell, "is a date to the workbook; type an apostrophe before the text that is meant")
    raise RefusedCell(cell, "is neither a text nor a whole number; type it as text")


def remark_typed(cell: Cell) -> str:
    """Return a cell's text whatever its type, since it is only read by people.

    Raises:
        RefusedCell: it is an error, a formula that was never worked out, or too long.
    """
    _refuse_formula_or_error(cell)
    text = "" if cell.value is None else str(cell.value).strip()
    if len(text) > REASON_CHARACTERS_MAX:
        raise RefusedCell(cell, f"has {len(text)} characters; at most {REASON_CHARACTERS_MAX} are allowed")
    return text


def invoices_typed(cell: Cell) -> tuple[InvoiceCash, ...]:
    """Read invoices with or without an amount, separated by `;` or line breaks.

    Raises:
        RefusedCell: an amount is none or may mean two, an invoice stands twice, or a comma separates them.
    """
    invoices = []
    for part in re.split(r"[;\n]", text_typed(cell)):
        if not part.strip():
            continue
        number, mark, amount = (piece.strip() for piece in part.rpartition("="))
        if not mark:
            number, amount = amount, ""
        if _LIST_BY_COMMA.search(number):
            raise RefusedCell(cell, "separates invoices by commas; separate them by ';'")
        if not number or (mark and not amount) or len(number) > ID_CHARACTERS_MAX:
            raise RefusedCell(cell, "is not written as INV-1001; INV-1002=50.00")
        try:
            invoices.append(invoice_cash(number, _plain(amount, cell)))
        except ReviewError as error:
            raise RefusedCell(cell, f"cannot be read: {error}") from None
    if len({invoice.invoice_id for invoice in invoices}) < len(invoices):
        raise RefusedCell(cell, "names an invoice twice; name it once, with the whole amount")
    return tuple(invoices)


def _plain(amount: str, cell: Cell) -> str:
    """Write an amount with a decimal point and without thousands marks, where it can mean one thing only."""
    text = re.sub(r"[\s\u00a0\u2009\u202f']", "", amount).replace("\u2212", "-")
    if _DOTS_GROUPED.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _COMMAS_GROUPED.fullmatch(text):
        return text.replace(",", "")
    if _COMMA_DECIMAL.fullmatch(text):
        return text.replace(",", ".")
    if _COMMA_TWOFOLD.fullmatch(text):
        raise RefusedCell(cell, f"has an amount that may be thousands or decimals: {text}; write it as 1204.50")
    return text


def _refuse_formula_or_error(cell: Cell) -> None:
    if cell.is_unworked:
        raise RefusedCell(cell, "is a formula whose value the file does not hold; type the value itself")
    if cell.is_error:
        raise RefusedCell(cell, "is an error; type what is meant")
