"""Show that a night goes on: a bar on a terminal, plain lines elsewhere. Goes to stderr; must not know the steps."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, ParamSpec, Self, TextIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

STEPS_OF_A_NIGHT: Final = (
    "read receivables",
    "read statements",
    "store",
    "match",
    "resolve",
    "check laws",
    "post",
    "report",
)
"""What a person sees go by; steps that return to one of them do not move the bar back."""


class Progress:
    """Tell of each step as it starts, and only of its first time round."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._seen: set[str] = set()
        self._started = time.perf_counter()
        columns = (TextColumn("{task.description:<18}"), BarColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=Console(file=stream), transient=True) if stream.isatty() else None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("start", total=len(STEPS_OF_A_NIGHT) + 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(
        self, name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call a step, having said its name."""
        self.tell(name)
        return step(*args, **kwargs)

    def tell(self, name: str) -> None:
        """Say that a step begins."""
        if name in self._seen or (name not in STEPS_OF_A_NIGHT and self._seen):
            return
        self._seen.add(name)
        if self._bar is not None:
            self._bar.update(self._task, description=name, completed=len(self._seen))
        else:
            self._stream.write(f"{time.perf_counter() - self._started:6.1f} s  {name}\n")
            self._stream.flush()
