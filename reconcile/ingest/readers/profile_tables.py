"""Tables of a bank profile's TOML file, taken key by key, so that what nobody takes is known to be a mistake.

It checks kinds of values only; what they mean is the business of `bank_profiles`.
"""

from __future__ import annotations

from pathlib import Path

from reconcile.errors import ConfigError


class Table:
    """One table of a TOML file, emptied key by key, so that what is left over is unknown."""

    def __init__(self, path: Path, name: str, content: object) -> None:
        self.path, self.name = path, name
        if not isinstance(content, dict):
            raise ConfigError(f"{path}: {name}: {content!r} is no table")
        self._left: dict[str, object] = dict(content)

    def wrong(self, key: str, value: object, what: str) -> ConfigError:
        """Return the error that names the file, the key and the value."""
        place = f"{self.name}.{key}" if self.name else key
        return ConfigError(f"{self.path}: {place}: {value!r} {what}")

    def table(self, key: str) -> Table:
        """Take the table under a key; an empty one where there is none."""
        return Table(self.path, f"{self.name}.{key}" if self.name else key, self._left.pop(key, {}))

    def tables(self, key: str) -> list[Table]:
        """Take the list of tables under a key."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, value, "is no list of tables")
        return [Table(self.path, f"{self.name}.{key}", entry) for entry in value]

    def text(self, key: str, default: str | None = "") -> str:
        """Take a text; without a default it must be there."""
        value = self._left.pop(key, default)
        if value is None:
            place = f"{self.name}.{key}" if self.name else key
            raise ConfigError(f"{self.path}: {place}: missing")
        if not isinstance(value, str):
            raise self.wrong(key, value, "is no text")
        return value

    def texts(self, key: str, *, is_required: bool = False) -> tuple[str, ...]:
        """Take one text or a list of texts."""
        if is_required and key not in self._left:
            raise ConfigError(f"{self.path}: {self.name}.{key}: missing")
        value = self._left.pop(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
            raise self.wrong(key, value, "is neither a text nor a list of texts")
        if is_required and not listed:
            raise self.wrong(key, value, "names nothing")
        return tuple(listed)

    def number(self, key: str) -> int | None:
        """Take a number of rows."""
        value = self._left.pop(key, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise self.wrong(key, value, "is no number of rows")
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; false where there is none."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "is neither true nor false")
        return value

    def refuse_the_rest(self) -> None:
        """Refuse the keys that nothing has taken."""
        for key, value in self._left.items():
            raise self.wrong(key, value, "has an unknown key")
