"""How a step of the night is called: plain, or through a wrapper that sees, names and times it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, Protocol, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Step(Protocol):
    """How a step of the night is called. `name` is what a person calls it."""

    def __call__(
        self, name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call `step` with its arguments and return what it returns."""
        ...


def plain(name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:  # noqa: ARG001 - the plain way needs no name
    """Call a step as it is."""
    return step(*args, **kwargs)


@dataclass
class Clock:
    """Times each step on its way through the wrapper."""

    step: Step
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(
        self, name: str, step: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call the step and add to the seconds of its name."""
        started = time.perf_counter()
        try:
            return self.step(name, step, *args, **kwargs)
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - started, 3)
