"""One poster at a time, also where the ledger's file was copied or put back from a backup.

The ledger's own lock lets one process write the file, and the kernel frees it when that process dies. What it cannot
see is a second file: a copy that posts too, or an older state that knows nothing of what was sent since. So each poster
writes its number (the fence) and the file's number on its disk into the ledger, and the fence into a file beside it.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconcile.errors import PostingStopped
from reconcile.ledger import Ledger

ASIDE: Final = ".poster"
"""How the file beside the ledger ends, which holds the last poster's number."""

LOOK: Final = (
    "where another ledger posts to the same system, use only one of them; where this one is to go on, "
    "run `reconcile postings take-over` first"
)


@dataclass(frozen=True)
class Lease:
    """The right to post from this ledger; checked before anything is sent."""

    path: Path
    fence: int
    file_number: str

    @classmethod
    def take(cls, ledger: Ledger, *, is_forced: bool = False) -> Lease:
        """Take the right to post, and commit it.

        Args:
            ledger: the open ledger.
            is_forced: a person says that this file goes on, whatever it is a copy of.

        Raises:
            PostingStopped: the file is a copy of the one that posted last, or an older state of it. A ledger made anew
                is neither: it finds by their keys what it posted in its former life.
        """
        path = ledger.path
        number = _file_number(path)
        last = ledger.rows("select coalesce(max(fence), 0), max_by(file_number, fence) from posters")[0]
        fence, known = int(str(last[0])), str(last[1] or number)
        aside = _fence_aside(path)
        if not is_forced and known != number:
            message = f"{path}: is a copy of the ledger that posted last; nothing was posted from it: {LOOK}"
            raise PostingStopped(message)
        if not is_forced and last[1] is not None and aside > fence:
            message = f"{path}: is an older state of itself: payments were posted since that it does not know; {LOOK}"
            raise PostingStopped(message)
        lease = cls(path, max(fence, aside) + 1, number)
        row = [lease.fence, number, os.getpid(), dt.datetime.now(dt.UTC).replace(tzinfo=None)]
        ledger.con.execute("insert into posters values (?, ?, ?, ?)", row)
        ledger.commit()
        lease._write_aside()
        return lease

    def check(self) -> None:
        """Make sure that the ledger's file is still the one that was opened, and nobody posts after us.

        Raises:
            PostingStopped: it is not.
        """
        if _file_number(self.path) != self.file_number or _fence_aside(self.path) > self.fence:
            message = f"{self.path}: the ledger's file was replaced while it posted; {LOOK}"
            raise PostingStopped(message)

    def _write_aside(self) -> None:
        aside = self.path.with_name(self.path.name + ASIDE)
        new = aside.with_name(aside.name + ".new")
        with new.open("w", encoding="ascii") as file:
            file.write(f"{self.fence}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(aside)


def _file_number(path: Path) -> str:
    try:
        return str(path.stat().st_ino)
    except OSError:
        return ""


def _fence_aside(path: Path) -> int:
    try:
        return int(path.with_name(path.name + ASIDE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
