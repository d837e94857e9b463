"""Bank text brought to one spelling, so that what is the same reads the same.

Columns in, columns out; nothing here knows what an invoice is.
"""

from __future__ import annotations

from typing import Final

import polars as pl

# Letters that Unicode does not decompose, and how payers and banks write them in ASCII.
_TRANSLITERATED: Final[dict[str, str]] = {
    "Ø": "O", "Ł": "L", "Đ": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "ẞ": "SS", "ß": "SS", "Ħ": "H", "ı": "I",
}  # fmt: skip


def normalised(text: pl.Expr) -> pl.Expr:
    """Return the text in upper case, without diacritics, with single blanks, and safe to compare.

    Compatibility forms (full-width letters, ligatures) become their plain letters: NFKD, Unicode Annex 15.
    """
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    return plain.str.replace_many(_TRANSLITERATED).str.replace_all(r"\s+", " ").str.strip_chars()


def skeleton(text: pl.Expr) -> pl.Expr:
    """Return only the letters and digits of the normalised text: what survives another bank's formatting."""
    return normalised(text).str.replace_all(r"[^\p{L}\p{N}]", "")
