"""Patterns for what a number in a bank's text is, by its shape and by the word before it.

They read normalised texts (upper case, no diacritics). Nothing here looks at invoices: whether a number is an invoice's
is decided in `line_runs.sql` and `line_keys.sql`, which use them. The words stand in lists that people can extend.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from reconcile.match.words import words

_GAP = r"[.:#°/-]* ?[.:#°-]* ?"
"""What may stand between a word and its number; the oblique between two fields of a line may not."""

_YEAR = r"(?:19|20)[0-9]{2}"
_DAY, _MONTH = r"(?:[0-2]?[0-9]|3[01])", r"(?:0?[1-9]|1[0-2])"

_DD, _MM = r"(?:0[1-9]|[12][0-9]|3[01])", r"(?:0[1-9]|1[0-2])"
_YEAR_FIRST = rf"{_YEAR}|(?:20)?[0-9]{{2}}{_MM}{_DD}"
_YEAR_LAST = rf"(?:{_DD}{_MM}|{_MM}{_DD})(?:20)?[0-9]{{2}}"

_DIALLING = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(?:2[1-689]|3[578]|42|5[09]|6[789]|8[0578]|9[679])[0-9])"
)
"""Countries' dialling codes (ITU-T E.164)."""


def _any(*names: str) -> str:
    listed = sorted({word for name in names for word in words(name)}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " ") for word in listed) + ")"


def _behind(name: str, number: str) -> str:
    return rf"{_any(name)}{_GAP}(?:{_any('number_words')}{_GAP})?{number}"


def _invoice_label(*names: str) -> str:
    return rf"{_any(*names)}(?:E?S|E?N|ER)?"


@cache
def number_patterns() -> dict[str, str]:
    """Return the patterns by the names under which the queries know them.

    other_numbers: numbers of something else, behind its word; group 1.
    other_shapes: the same by their shape alone; group 1.
    dates: written dates; group 1. year_first, year_last: digits alone that may be a date; group 1 is the year.
    account_shapes: what may be an IBAN. bank_shapes: what may be a BIC.
    invoice_before: begins with a word for invoice and a number.
    labelled: runs of a text, joined with blanks, that end with a word for invoice or reference, perhaps numbers behind.
    invoice_labelled: the same with a word for invoice only, and nothing but a word for number behind it.
    opening: runs that are only what banks and payers write before the number, and numbers.
    opening_on: a run that may follow an invoice's number with which a text opens, or nothing: a number, a word for one,
        or of courtesy; before any other word it may open an address.
    """
    number = _any("number_words")
    opening = _any("bank_words", "reference_words", "payment_words", "joining_words", "number_words")
    others = _any("invoice_words", "other_number_words", "phone_words", "date_words", "month_words")
    following = rf"{others}|{_any('currency_words', 'courtesy_words')}"
    before = rf"(?: (?:{number}|{_any('joining_words')}|[0-9]+))*$"
    return {
        "other_numbers": rf"(?:^|[^A-Z])({'|'.join(_other_numbers())})",
        "other_shapes": rf"(?:^|[^A-Z0-9])({'|'.join(_other_shapes())})",
        "dates": rf"(?:^|[^0-9])({'|'.join(_dates())})",
        "year_first": rf"^(?:20)?([0-9]{{2}})(?:{_MM}{_DD})?$",
        "year_last": rf"^(?:{_DD}{_MM}|{_MM}{_DD})(?:20)?([0-9]{{2}})$",
        "account_shapes": rf"\b(?:{'|'.join(_account_shapes())})\b",
        "bank_shapes": r"\b[A-Z]{4}"
        + f"(?:{'|'.join(country[:2] for country in words('account_countries'))})"
        + r"[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
        "invoice_before": rf"^{_invoice_label('invoice_words')}{_GAP}(?:{number}{_GAP})?[0-9]",
        "labelled": rf"(?:^| ){_invoice_label('invoice_words', 'reference_words')}{number}?{before}",
        "opening": rf"^(?:(?:{opening}|[0-9]+)(?: |$))*$",
        "opening_on": rf"^(?:{opening}|{following}|[0-9]+|)$",
        "invoice_labelled": rf"(?:^| ){_invoice_label('invoice_words')}{number}?(?: {number})?$",
    }


def _other_numbers() -> list[str]:
    money = r"[0-9]+(?:[.,'][0-9]{3})*(?:[.,][0-9]{1,3})?\b"
    return [
        _behind("phone_words", r"[+(]*[0-9]+(?:[ ()/.-]{1,3}[0-9]+){0,5}\b"),
        _behind("other_number_words", r"[0-9]+(?:[./-][0-9]+)*\b"),
        _behind("date_words", rf"(?:{_YEAR_FIRST}|{_YEAR_LAST})\b"),
        _behind("time_words", r"[0-2]?[0-9][:.H]?[0-5][0-9](?:[:.]?[0-5][0-9])?\b"),
        rf"{_any('currency_words')} ?{money}",
        r"(?:BIC|SWIFT)[ .:]*[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
        r"IBAN[ .:]*[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
        # The last four digits of a card or account of which the rest is hidden.
        r"[X*]{2,}[ -]?[0-9]{4}\b",
    ]


def _other_shapes() -> list[str]:
    return [
        rf"(?:\+|00){_DIALLING}[ /-](?:\(0\) ?)?\(?[1-9][0-9]{{0,4}}\)?(?:[ /-][0-9]{{2,}}){{1,5}}\b",
        r"(?:[0-9]{4,6} ?)?(?:[X*]{2,}[ -]?)+[0-9]{4}\b",
        # A SEPA creditor identifier.
        r"[A-Z]{2}[0-9]{2}ZZZ[A-Z0-9]{4,28}\b",
        rf"[0-9]{{1,4}}(?:[.,][0-9]+)? ?(?:%|{_any('unit_words')}\b)",
        rf"[0-9]+(?:[.,'][0-9]{{3}})*[.,][0-9]{{2}} ?{_any('currency_words')}",
        r"[0-2]?[0-9][:.][0-5][0-9] ?(?:UHR|H|AM|PM)\b",
        r"[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?\b",
    ]


def _dates() -> list[str]:
    month = _any("month_words")
    return [
        rf"{_DAY}[./-] ?{_MONTH}[./-] ?(?:{_YEAR}|[0-9]{{2}})\b",
        rf"{_YEAR}[./-]{_MONTH}(?:[./-]{_DAY})?\b",
        rf"{_MONTH}[./-]{_YEAR}\b",
        rf"{_DAY}\.{_MONTH}\.",
        rf"(?:{_DAY}[. -]*)?\b{month}[ .,'’/-]*(?:{_DAY}(?:ST|ND|RD|TH)?[ ,.-]+)?(?:{_YEAR}|[0-9]{{1,2}})\b",
        rf"{_DAY}[. -]*{month}\b",
    ]


def _account_shapes() -> list[str]:
    def length(country: str) -> int:
        return int(country[2:])

    by_length = groupby(sorted(words("account_countries"), key=length), key=length)
    return [
        rf"(?:{'|'.join(country[:2] for country in countries)})[0-9]{{2}}(?: ?[A-Z0-9]){{{characters - 4}}}"
        for characters, countries in by_length
    ]
