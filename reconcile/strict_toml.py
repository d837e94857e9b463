"""Read a TOML file strictly: every key known, none missing, each value of its field's type, or an error that names it.

Must not: know which settings there are; `config` does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args, get_type_hints

from reconcile.errors import ConfigError


def toml_of(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        ConfigError: the file is not there or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path}: there is no such configuration file"
        raise ConfigError(message) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read as TOML: {error}"
        raise ConfigError(message) from None


def sections_of(
    raw: Mapping[str, Any], known: Mapping[str, Any], path: Path, *, partial: bool = False
) -> dict[str, dict[str, Any]]:
    """Hold what a file says against the sections that are known (`{section: dataclass}`); return its values by section.

    Args:
        raw: what `toml_of` read.
        known: each section's dataclass, whose fields' types say what their values must be.
        path: the file, for errors and for the paths that it names relative to its folder.
        partial: whether keys may be left out.

    Raises:
        ConfigError: names the unknown or missing key, or the value of another kind.
    """
    if unknown := sorted(set(raw) - set(known)):
        message = f"{path}: unknown key {unknown[0]!r}; known sections: {', '.join(known)}"
        raise ConfigError(message)
    sections = {}
    for section, kind in known.items():
        values = raw.get(section, {})
        if not isinstance(values, dict):
            message = f"{path}: {section} must be a section, [{section}]"
            raise ConfigError(message)
        fields = get_type_hints(kind)
        if unknown := sorted(set(values) - set(fields)):
            message = f"{path}: unknown key '{section}.{unknown[0]}'; known keys: {', '.join(fields)}"
            raise ConfigError(message)
        if not partial and (missing := sorted(set(fields) - set(values))):
            message = f"{path}: missing key '{section}.{missing[0]}'"
            raise ConfigError(message)
        sections[section] = {
            key: _value(value, fields[key], f"{path}: {section}.{key}", path.parent) for key, value in values.items()
        }
    return sections


def _value(value: Any, kind: Any, place: str, folder: Path) -> Any:
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if kind in (str, bool) and isinstance(value, kind):
        return value
    if kind in {Decimal, Decimal | None} and isinstance(value, str):
        return _decimal(value, place) if value or kind is Decimal else None
    if kind == Path | None and isinstance(value, str):
        return folder / Path(value).expanduser() if value else None
    if kind in (tuple[int, ...], tuple[str, ...]) and isinstance(value, list):
        return tuple(_value(item, get_args(kind)[0], place, folder) for item in value)
    if kind == tuple[Path, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(folder / Path(item).expanduser() for item in value)
    wanted = {
        int: "a whole number, 0 or more",
        tuple[int, ...]: "a list of whole numbers, 0 or more",
        tuple[str, ...]: "a list of texts",
        str: "a text",
        bool: "true or false",
        Decimal: 'a decimal in quotes, as "0.05"',
        Decimal | None: 'a decimal in quotes, as "0.05", or ""',
    }
    message = f"{place} = {value!r} is not {wanted.get(kind, 'a path in quotes, or a list of them')}"
    raise ConfigError(message)


def _decimal(text: str, place: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or "e" in text.lower():
        message = f'{place} = "{text}" is not a decimal of 0 or more, as "0.05"'
        raise ConfigError(message)
    return number
