"""Tell whether a text holds a card's number. Must not: repeat a digit of it.

What a person notes of a payment stands in the ledger for good, and no card's number may (PCI DSS, requirement 3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from stdnum import luhn

LENGTH_MAX: Final = 19

CARD: Final = re.compile(
    r"4(\d{12}|\d{15}|\d{18})"  # Visa
    r"|(5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|35\d{14}"  # JCB
    r"|6(011|4[4-9]\d|[25]\d\d)\d{12,15}"  # Discover, UnionPay
)
"""Numbers as the issuers of cards give them out (ISO/IEC 7812); the last digit is checked apart."""

DIGITS: Final = re.compile(r"\d+(?:[ .\u2010-\u2015-]\d+)*", re.ASCII)

IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,3})?\b", re.ASCII)
"""An account's number in groups of four, in which four groups might be a card's number by chance."""


def holds_card_number(text: str) -> bool:
    """Say whether groups of digits that follow each other make a card's number, with its check digit."""
    for run in DIGITS.findall(IBAN.sub(" ", unicodedata.normalize("NFKC", text))):
        groups = re.findall(r"\d+", run)
        for begin in range(len(groups)):
            number = ""
            for group in groups[begin:]:
                number += group
                if len(number) > LENGTH_MAX:
                    break
                if CARD.fullmatch(number) and luhn.is_valid(number):
                    return True
    return False
