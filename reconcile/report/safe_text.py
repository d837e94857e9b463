"""Make text that came from outside safe to read: what cannot be seen is shown by its code point.

A payer can write characters that reverse the reading order (U+202E), hide a part, or steer a terminal. None is dropped,
since an accountant must see that the text is odd; every form of the report shows `\u2329U+202E\u232a` in its place.
Must not: escape for a language (HTML, markup, formulas); each form does that for itself.
"""

from __future__ import annotations

from typing import Final

import polars as pl


def _code_points() -> list[int]:
    """Return what has no sign of its own: controls, bidi controls, zero-width signs, noncharacters."""
    controls = [*range(0x20), *range(0x7F, 0xA0)]
    bidi = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # Unicode Annex 9
    invisible = [0x200B, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
    return [code for code in (*controls, *bidi, *invisible) if chr(code) not in "\t\n\r"]


_SHOWN: Final[dict[str, str]] = {
    **dict.fromkeys("\t\n\r", " "),
    **{chr(code): f"\u2329U+{code:04X}\u232a" for code in _code_points()},
}
_TABLE: Final = str.maketrans(_SHOWN)


def shown(text: str) -> str:
    """Return the text with every invisible character shown by its code point, and line breaks as blanks."""
    return text.translate(_TABLE)


def with_text_shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with all its text columns as `shown` shows them."""
    return frame.with_columns(pl.col(pl.String).str.replace_many(_SHOWN))
