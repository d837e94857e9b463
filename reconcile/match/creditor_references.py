"""Recognise structured creditor references by their check digits, and say which invoice digits they carry.

Pure: knows no invoice, no customer and no database, and never decides what a receipt pays. It repairs nothing: a wrong
check digit is a typo, not a reference. Where python-stdnum knows a scheme its rule is taken; KID's modulus 11 and the
Finnish 7-3-1, which it lacks, are here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, cycle, takewhile
from typing import Final

import polars as pl
from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr

FOUND_COLUMNS: Final[dict[str, type[pl.DataType]]] = {
    "line_id": pl.Int64,
    "reference": pl.String,
    "kind": pl.String,
    "core": pl.String,
}
UNMISTAKABLE_KINDS: Final = frozenset({"rf", "qrr", "ogm"})
"""RF and OGM have two check digits modulo 97; a QRR has but one, and 27 digits, which nothing else has."""

# No group of a reference begins with RF: there the next reference does.
_RF_GROUP: Final = r"(?:[0-9A-QS-Z][0-9A-Z]{0,20}|R(?:[0-9A-EG-Z][0-9A-Z]{0,19})?)"
_BETWEEN_RF_GROUPS: Final = re.compile(r"[ .-]")


@dataclass(frozen=True)
class Scheme:
    """A kind of creditor reference.

    shape: what a compact reference looks like, whole.
    has_right_check: whether the check digits of a reference of that shape are right.
    payload: where the issuer's own digits (for RF also letters) stand.
    """

    kind: str
    shape: re.Pattern[str]
    has_right_check: Callable[[str], bool]
    payload: slice


@dataclass(frozen=True)
class Writing:
    """A way in which references are written in a text.

    pattern: finds candidates, with whatever divides their groups.
    kinds: what a candidate so written can be.
    compact: the references that a candidate can be read as, likeliest first; the first valid one counts.
    """

    pattern: str
    kinds: frozenset[str]
    compact: Callable[[str], Iterator[str]]


def kinds(reference: str) -> frozenset[str]:
    """Return the schemes under which a compact reference is valid: `rf qrr kid ogm viite ocr`.

    Args:
        reference: ASCII letters and digits only, in upper case; anything else is valid under no scheme, and so is a
            payload of zeros only, which stands for no reference.
    """
    return frozenset(scheme.kind for scheme in _SCHEMES if _is_valid(reference, scheme))


def is_unmistakable(reference: str) -> bool:
    """Say whether its validity proves more than chance; one digit string in ten passes a single check digit."""
    return not UNMISTAKABLE_KINDS.isdisjoint(kinds(reference))


def cores(reference: str) -> tuple[str, ...]:
    """Return the invoice or customer digits that a valid reference may carry, under any scheme, without repeats.

    The payload without check digits, prefix and leading zeros; for OCR also without the length digit where that is
    right. Empty for an invalid reference.
    """
    return tuple(
        dict.fromkeys(core for scheme in _SCHEMES if _is_valid(reference, scheme) for core in _cores(reference, scheme))
    )


def found_in(texts: pl.DataFrame, sought: pl.Series | None = None) -> pl.DataFrame:
    """Find the structured references written in texts, whole or in groups.

    Single check digits (KID, viite, OCR) count only where six digits or more stand together in one word.

    Args:
        texts: `line_id` and `text`, normalised to upper case.
        sought: what they are to carry: invoices' numbers, compact and without leading zeros; None for anything.

    Returns:
        One row per (line_id, reference, kind, core), ordered by these; the reference is compact.
    """
    found = pl.concat([_found_as(writing, texts, sought) for writing in _WRITINGS])
    if sought is not None:
        found = found.filter(pl.col("core").is_in(sought.implode()))
    return found.unique().sort(list(FOUND_COLUMNS))


def _found_as(writing: Writing, texts: pl.DataFrame, sought: pl.Series | None) -> pl.DataFrame:
    """Find what is written in one way.

    Only distinct candidates are read one by one, and of plain numbers, which most texts hold, only those that may
    carry what is sought.
    """
    candidates = (
        texts.lazy()
        .select("line_id", candidate=pl.col("text").str.extract_all(writing.pattern))
        .filter(pl.col("candidate").list.len() > 0)
        .explode("candidate")
        .unique()
        .collect()
    )
    if sought is not None and writing.compact is _as_plain_number:
        candidates = candidates.filter(_may_carry(sought))
    read = [
        (candidate, reference, scheme.kind, core)
        for candidate in candidates["candidate"].unique()
        for reference, scheme in _readings(candidate, writing)
        for core in _cores(reference, scheme)
    ]
    columns = dict.fromkeys(("candidate", "reference", "kind", "core"), pl.String)
    found = candidates.join(pl.DataFrame(read, schema=columns, orient="row"), on="candidate")
    return found.select(pl.col(name).cast(dtype) for name, dtype in FOUND_COLUMNS.items())


def _may_carry(sought: pl.Series) -> pl.Expr:
    """Say of plain numbers whether one sought stands before the last digit, or before the last two (see `_cores`)."""
    number = pl.col("candidate")
    return pl.any_horizontal(
        number.str.head(-behind).str.strip_chars_start("0").is_in(sought.implode()) for behind in (1, 2)
    )


def _readings(candidate: str, writing: Writing) -> Iterator[tuple[str, Scheme]]:
    """Read a candidate as the first reference that is valid, under each scheme that it can be."""
    schemes = [scheme for scheme in _SCHEMES if scheme.kind in writing.kinds]
    for reference in writing.compact(candidate):
        valid = [(reference, scheme) for scheme in schemes if _is_valid(reference, scheme)]
        if valid:
            yield from valid
            return


def _is_valid(reference: str, scheme: Scheme) -> bool:
    """Say whether shape, payload and check digits are right."""
    return (
        scheme.shape.fullmatch(reference) is not None
        and reference[scheme.payload].strip("0") != ""
        and scheme.has_right_check(reference)
    )


def _cores(reference: str, scheme: Scheme) -> tuple[str, ...]:
    """Return what a valid reference of the scheme carries."""
    payload = reference[scheme.payload]
    readings = [payload]
    if scheme.kind == "ocr" and int(payload[-1]) == len(reference) % 10:
        readings.append(payload[:-1])
    return tuple(core for core in (reading.lstrip("0") for reading in readings) if core)


def _has_luhn_check(reference: str) -> bool:
    """Check an OCR number: modulus 10 with the weights 2 and 1. Bankgirot, Bankgiro receivables user manual, 5.2."""
    return luhn.checksum(reference) == 0


def _has_kid_check(reference: str) -> bool:
    """Check a KID: modulus 10 (Luhn), or modulus 11 with the weights 2 to 7 from the right; the issuer chooses.

    Mastercard Payment Services (formerly Nets), OCR giro system specification. Where modulus 11 would need the check
    digit 10 a KID ends in a dash; no such one is recognised, since a dash is no part of a compact reference.
    """
    return _has_luhn_check(reference) or _weighted_sum(reference, (2, 3, 4, 5, 6, 7)) % 11 == 0


def _has_viite_check(reference: str) -> bool:
    """Check a viite: the weights 7, 3 and 1 from the right, modulo 10. Finance Finland, domestic reference number."""
    return _weighted_sum(reference, (7, 3, 1)) % 10 == 0


def _weighted_sum(reference: str, weights: tuple[int, ...]) -> int:
    """Sum the check digit, and the digits before it weighted from the right, the weights over and over."""
    check, *digits = map(int, reversed(reference))
    return check + sum(digit * weight for digit, weight in zip(digits, cycle(weights), strict=False))


def _as_digits(candidate: str) -> Iterator[str]:
    """Read all digits of a candidate as one reference."""
    yield re.sub(r"[^0-9]", "", candidate)


def _as_plain_number(candidate: str) -> Iterator[str]:
    """Read a word of digits as it stands; one that goes on with cents is an amount."""
    if candidate.isdigit():
        yield candidate


def _as_creditor_reference(candidate: str) -> Iterator[str]:
    """Read an RF reference up to the end of each group, the longest first.

    What is read too long finds no invoice, what is read too short may find a wrong one. Groups without a digit come
    last: they are seldom part of a reference and often the next word of the text, and surely so if longer than four.
    """
    first, *groups = _BETWEEN_RF_GROUPS.split(candidate.removeprefix("RF").lstrip(" "))
    possible = list(takewhile(lambda group: _has_digit(group) or len(group) <= 4, groups))
    readings = list(accumulate([first, *possible], initial="RF"))[1:]
    likely = 1 + len(list(takewhile(_has_digit, possible)))
    yield from reversed(readings[:likely])
    yield from reversed(readings[likely:])


def _has_digit(group: str) -> bool:
    return any(character.isdigit() for character in group)


_SCHEMES: Final = (
    Scheme("rf", re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}"), iso11649.is_valid, slice(4, None)),
    Scheme("qrr", re.compile(r"[0-9]{27}"), esr.is_valid, slice(-1)),
    Scheme("ogm", re.compile(r"[0-9]{12}"), ogm_vcs.is_valid, slice(-2)),
    Scheme("kid", re.compile(r"[0-9]{2,25}"), _has_kid_check, slice(-1)),
    Scheme("viite", re.compile(r"[0-9]{4,20}"), _has_viite_check, slice(-1)),
    Scheme("ocr", re.compile(r"[0-9]{2,25}"), _has_luhn_check, slice(-1)),
)
_WRITINGS: Final = (
    Writing(rf"\bRF ?[0-9]{{2}}(?:[ .-]?{_RF_GROUP}\b){{1,8}}", frozenset({"rf"}), _as_creditor_reference),
    Writing(r"\b[0-9](?: ?[0-9]){26}\b", frozenset({"qrr"}), _as_digits),
    Writing(r"\b[0-9]{3}[ /.-]?[0-9]{4}[ /.-]?[0-9]{5}\b", frozenset({"ogm"}), _as_digits),
    Writing(r"\b[0-9]{6,25}(?:[.,][0-9]{2})?\b", frozenset({"kid", "viite", "ocr"}), _as_plain_number),
)
