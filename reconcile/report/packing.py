"""Make the page's data small: columns with their repeats left out, then gzip, then signs that HTML leaves alone.

Of 100 000 lines the plain data is 57 MB; packed it is under 5. `data.js` undoes each step. Must not: know what the
columns mean, but for `packed_texts`.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Collection
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from reconcile.sql import given, sql

REPEATS_MIN: Final = 4
"""How often a column's values must stand in it on average to be worth a list of words."""

LEVEL: Final = 7
"""How hard gzip tries: 8 takes twice as long and saves one per cent."""

_DIGITS: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8)
_PLAIN_AMOUNT: Final = r"^(-?\d{1,13}\.\d{2})?$"
_STEM: Final = r"^(.*?)(\d{0,15})$"
_SAFE: Final = bytes.maketrans(b"<>&", b"./,")
"""Signs of base 85 that a parser of HTML could heed, and signs that base 85 has no use for."""


def packed_texts(lines: pl.DataFrame, allocations: pl.DataFrame) -> pl.DataFrame:
    """Return the texts of lines with what repeats in them left out, in the order of `lines`; see `packed_lines.sql`.

    Args:
        lines: `counterparty_name`, `customer_name`, `remittance_text`, `explanation`, without control characters.
        allocations: `line` (a row's place in `lines`), `invoice_number`.
    """
    with duckdb.connect() as con, given(
        con, page_lines=lines.with_row_index("line"), page_allocations=allocations.with_row_index("place")
    ):  # fmt: skip
        texts: pl.DataFrame = con.sql(sql("report", "packed_lines")).pl()
    return texts.drop("line")


def packed_reasons(candidates: pl.DataFrame) -> pl.Series:
    """Return `why_not` with the candidate's `invoice_numbers` left out, in the order of `candidates`."""
    with duckdb.connect() as con, given(con, page_candidates=candidates.with_row_index("place")):
        reasons: pl.Series = con.sql(sql("report", "packed_reasons")).pl()["why_not"]
    return reasons


def packed(frame: pl.DataFrame, numbered: Collection[str] = ()) -> dict[str, Any]:
    """Return a frame column by column, each in the shortest of the ways that `data.js` reads.

    Args:
        frame: text without line breaks, or whole numbers.
        numbered: columns of identifiers that mostly count up, as invoice numbers: written as steps.
    """
    columns = {column.name: _column(column, is_numbered=column.name in numbered) for column in frame}
    return {"length": frame.height, "columns": columns}


def block(data: dict[str, Any]) -> str:
    """Write data so that it can stand inside a `script` element: with no sign that a parser of HTML could heed."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    zipped = gzip.compress(text.encode(), LEVEL, mtime=0)
    return f"{len(zipped)} {base64.b85encode(zipped, pad=True).translate(_SAFE).decode('ascii')}"


def _column(column: pl.Series, *, is_numbered: bool = False) -> dict[str, Any]:
    if column.dtype != pl.String:
        return {"steps": _steps(column)}
    if is_numbered:
        parts = column.str.extract_groups(_STEM).struct.unnest()
        stems, digits = parts.to_series(0), parts.to_series(1)
        return {
            "stems": _column(stems),
            "widths": _planes(digits.str.len_chars()),
            "steps": _steps(digits.cast(pl.Int64, strict=False).fill_null(0)),
        }
    words = column.unique(maintain_order=True)
    if words.len() * REPEATS_MIN <= column.len():
        listed = words.to_frame("word").with_row_index("place")
        places = column.to_frame("word").join(listed, on="word", maintain_order="left")["place"]
        return {"words": "\n".join(words.to_list()), "places": _planes(places)}
    if column.str.contains(_PLAIN_AMOUNT).all():
        minor = column.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
        return {"minor": _planes(_unsigned(minor)), "is_none": _planes(minor.is_null().cast(pl.Int64))}
    return {"rows": "\n".join(column.to_list())}


def _steps(numbers: pl.Series) -> list[str]:
    """Return whole numbers as steps from one to the next."""
    whole = numbers.cast(pl.Int64)
    return _planes(_unsigned(whole.diff().fill_null(whole)))


def _unsigned(numbers: pl.Series) -> pl.Series:
    """Fold the sign into the last bit: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return pl.select(pl.when(numbers < 0).then(-2 * numbers - 1).otherwise(2 * numbers)).to_series().fill_null(0)


def _planes(numbers: pl.Series) -> list[str]:
    """Write numbers to base 64, digit by digit: first every number's last digit, then every number's last but one, ...

    Digits of the same place are alike, so that this packs better than numbers one after another.
    """
    planes: list[str] = []
    left = numbers.cast(pl.Int64).to_numpy()
    while not planes or left.any():
        planes.append(_DIGITS[left & 63].tobytes().decode("ascii"))
        left = left >> 6
    return planes
