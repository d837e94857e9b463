"""Lists of words that people can read and extend, and patterns made of them."""

from __future__ import annotations

import re
import shlex
from functools import cache
from importlib.resources import files
from typing import Final

RETURN_CODES: Final = r"\b(R[0-8]\d|A[CGM]\d\d|M[DS]\d\d|BE0\d|CNOR|DNOR|FOCR|DUPL|CUST|RC01|RR0\d|SL01|TM01)\b"
"""NACHA return codes (R01 to R85) and ISO 20022 external return reasons (AC04, MD06, MS03 ...)."""


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words and quoted phrases of `reconcile/match/<name>.txt`; lines with # are comments."""
    text = files("reconcile").joinpath("match", f"{name}.txt").read_text(encoding="utf-8")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(dict.fromkeys(shlex.split(kept)))


def any_of(name: str) -> str:
    """Return a pattern that finds any word of the list standing alone in a normalised text."""
    return r"\b(" + "|".join(re.escape(word).replace(r"\ ", " ") for word in words(name)) + r")\b"
