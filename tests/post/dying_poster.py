"""Post in a process of its own that kills itself: `python -m tests.post.dying_poster FOLDER URL SYSTEM STEP NUMBER`.

STEP is where it dies at its NUMBER-th time: before or after a commit, before or after a request that changes something,
while the server carries it out; or "whenever", NUMBER milliseconds after it began to post.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from reconcile.ledger import Ledger
from reconcile.post.remote import Remote
from tests.post.office import Office

STEPS = ("before commit", "after commit", "before sending", "while sending", "after sending")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: str, url: str, system: str, step: str, number: int) -> None:
    """Post, and die."""
    times = {"commits": 0, "sent": 0}
    commit, send = Ledger.commit, Remote.send

    def dying_commit(ledger: Ledger) -> None:
        times["commits"] += 1
        if step == "before commit" and times["commits"] == number:
            die()
        commit(ledger)
        if step == "after commit" and times["commits"] == number:
            die()

    async def dying_send(remote: Remote, *args: Any, **options: Any) -> Any:
        times["sent"] += 1
        is_now = times["sent"] == number
        if step == "before sending" and is_now:
            die()
        if step == "while sending" and is_now:
            threading.Timer(0.002, die).start()
        answer = await send(remote, *args, **options)
        if step == "after sending" and is_now:
            die()
        return answer

    Ledger.commit, Remote.send = dying_commit, dying_send  # type: ignore[method-assign]
    if step == "whenever":
        threading.Timer(number / 1000, die).start()
    Office(Path(folder), url, system, batch_postings_max=4).posts()


if __name__ == "__main__":
    main(*sys.argv[1:5], int(sys.argv[5]))
