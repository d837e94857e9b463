"""What a person fills in on a form, where Prefect's own fields would confuse: a file's name is a plain text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator


def _text(value: Any) -> Any:
    if value is None:
        return ""
    return str(value) if isinstance(value, Path) else value


FileName = Annotated[str, BeforeValidator(_text)]
"""A file or a folder; '' where none is named. A form shows one line to write on, where a path would be two buttons."""


def named(text: str) -> Path | None:
    """Return the file or folder that a form names; None where it names none."""
    return Path(text) if text.strip() else None
