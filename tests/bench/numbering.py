"""How companies number their invoices, how payers write such numbers otherwise, and references with check digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

from tests.bench.model import Invoice

Scheme = Callable[[Invoice, int], str]

_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _suffixed(invoice: Invoice, place: int) -> str:
    return f"{1000 + place}/{invoice.issued:%y}-{_ALPHABET[invoice.customer.number % 5]}"


def _hex(invoice: Invoice, place: int) -> str:
    spread = (place * 7919 + 40503) % 0x10000
    return f"{_ALPHABET[spread % 24]}{spread % 10}{_ALPHABET[spread // 10 % 24]}{spread // 240 % 10}-{place:04d}"


SCHEMES: Final[dict[str, Scheme]] = {
    "plain4": lambda _invoice, place: f"{1001 + place}",
    "plain6": lambda _invoice, place: f"{104000 + place}",
    "plain7_sparse": lambda _invoice, place: f"{3100000 + place * 13}",
    "plain10": lambda _invoice, place: f"{4500200000 + place * 3}",
    "re_year": lambda invoice, place: f"RE-{invoice.issued:%Y}-{place + 17:05d}",
    "r_short": lambda _invoice, place: f"R{20000 + place}",
    "year_run": lambda invoice, place: f"{invoice.issued:%Y}{place + 1:05d}",
    "year_slash": lambda invoice, place: f"{invoice.issued:%Y}/{place + 101}",
    "year2_dash": lambda invoice, place: f"{invoice.issued:%y}-{place + 1:04d}",
    "dotted": lambda invoice, place: f"F.{invoice.issued:%y}.{place + 300:04d}",
    "polish": lambda invoice, place: f"FV/{place + 1}/{invoice.issued:%m}/{invoice.issued:%Y}",
    "polish_short": lambda invoice, place: f"{place + 211}/{invoice.issued:%Y}/FS",
    "suffixed": _suffixed,
    "embedded": lambda invoice, _place: (
        f"K{1000 + invoice.customer.number}-{invoice.customer.invoices.index(invoice) + 1:03d}"
    ),
    "embedded_digits": lambda invoice, _place: (
        f"{50000 + invoice.customer.number}{invoice.customer.invoices.index(invoice) + 1:04d}"
    ),
    "hex": _hex,
    "zeros": lambda _invoice, place: f"000{45100 + place}",
    "zeros_prefixed": lambda _invoice, place: f"FT{place + 1:08d}",
    "doc": lambda _invoice, place: f"DOC{70000 + place}",
    "fa_month": lambda invoice, place: f"FA{invoice.issued:%y%m}-{place + 1:04d}",
    "letters_long": lambda invoice, place: f"SI/GB{invoice.issued:%y}/{place + 5000}",
    "ends_letter": lambda _invoice, place: f"{81000 + place}{_ALPHABET[place % 3]}",
}  # fmt: skip


def rewritten(rng: Random, number: str) -> str:
    """Write a number as a payer might: other separators, no prefix, blanks, small letters, no leading zeros."""
    runs = re.findall(r"[A-Za-z]+|\d+", number)
    has_letters = runs[0].isalpha()
    ways = ["blanks", "joined", "other", "small"]
    if has_letters and len(re.sub(r"\D", "", number)) >= 5:
        ways += ["no_prefix"] * 3
    way = rng.choice(ways)
    if way == "blanks":
        digits = runs[-1]
        if len(runs) == 1 and len(digits) >= 6:
            return f"{digits[:-3]} {digits[-3:]}"
        return " ".join(runs)
    if way == "joined":
        return "".join(runs)
    if way == "other":
        return re.sub(r"[-/. ]", rng.choice("-/. _"), number)
    if way == "small":
        return number.lower()
    return re.sub(r"^[A-Za-z]+[-/. ]?", "", number)


def luhn(digits: str) -> str:
    """Return a number with its modulus-10 check digit behind, as KID and OCR have it."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def viite(digits: str) -> str:
    """Return a Finnish reference: weights 7, 3, 1 from the right."""
    total = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def rf(body: str) -> str:
    """Return an ISO 11649 creditor reference: RF, two check digits, the body."""
    spelt = "".join(str(int(c, 36)) for c in body + "RF00")
    return f"RF{98 - int(spelt) % 97:02d}{body}"


def qrr(digits: str) -> str:
    """Return a Swiss QR reference: 26 digits and a recursive modulus-10 check digit."""
    carry = 0
    for digit in digits.zfill(26):
        carry = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)[(carry + int(digit)) % 10]
    return digits.zfill(26) + str((10 - carry) % 10)


STRUCTURED: Final[dict[str, Callable[[Invoice, int], str]]] = {
    "kid": lambda invoice, place: luhn(f"{invoice.customer.number:05d}{place + 1:06d}"),
    "ocr": lambda _invoice, place: luhn(f"{900000 + place}"),
    "viite": lambda invoice, place: viite(f"{12000 + invoice.customer.number}{place:04d}"),
    "rf": lambda invoice, place: rf(f"{invoice.customer.number:04d}{place + 539007:06d}"),
    "qrr": lambda invoice, place: qrr(f"7700{invoice.customer.number:06d}{place:010d}"),
}  # fmt: skip


def spaced(rng: Random, reference: str) -> str:
    """Write a creditor reference as banks and people group it."""
    size = rng.choice((0, 0, 4, 5))
    if not size:
        return reference
    if reference.isdigit():  # grouped from the right
        head = len(reference) % size
        groups = [reference[:head]] if head else []
        return " ".join([*groups, *(reference[i : i + size] for i in range(head, len(reference), size))])
    return " ".join(reference[i : i + size] for i in range(0, len(reference), size))
