"""What a statement reader is: it recognises a file by its content, and reads it.

A new format is one module in this folder with such a reader, and its line in `READERS`.
"""

from __future__ import annotations

from typing import Protocol

from reconcile.model import SourceFile, StatementFile


class StatementReader(Protocol):
    """Read one format of bank statements.

    `identify` looks at the content, never at the name alone, and returns the layouts that claim the file (none:
    not mine; two: the run rejects the file and names both). `read` takes the layout that was chosen.

    Raises (from `read`): UnreadableStatement where the file cannot be read as a whole: cut off, empty of
    statements, ambiguous. A transaction that cannot be read is a row of `rejected`, and the rest goes on.
    """

    def identify(self, source: SourceFile) -> tuple[str, ...]:
        """Return the layouts that claim the file."""
        ...

    def read(self, source: SourceFile, layout: str) -> StatementFile:
        """Read the file as one of them."""
        ...
