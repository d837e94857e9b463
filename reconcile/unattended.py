"""Settings of what happens while nobody looks: when a night begins by itself, and who is told of which trouble.

Read with all others by `reconcile.config`; whether a cron line is one is checked by what runs it. Must not: send, or
start anything.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reconcile.errors import ConfigError

NOTICES: Final = ("failure", "rejected", "unconfirmed", "unusual")
"""What a person may be told of: a night that failed; input not accepted; postings not confirmed; an unusual night."""


@dataclass(frozen=True)
class Schedule:
    """When flows begin by themselves. A cron line that is '' is never; `time_zone` is a name as "Europe/Berlin"."""

    is_on: bool
    night_cron: str
    post_cron: str
    time_zone: str

    def __post_init__(self) -> None:
        try:
            zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            message = f'schedule.time_zone = "{self.time_zone}" is no time zone; write it as "Europe/Berlin"'
            raise ConfigError(message) from None


@dataclass(frozen=True)
class Notify:
    """Who is told of what.

    urls_env: the name of the environment variable that holds apprise URLs, separated by blanks; they hold secrets.
    usual_nights: so many nights before say what is usual; fewer than `usual_nights_min` of one weekday say nothing.
    usual_factor: lines and money are unusual above the highest of them times this, or below the lowest divided by it.
    usual_rate_points: the straight-through rate is unusual so many percentage points below the lowest.
    """

    events: tuple[str, ...]
    urls_env: str
    usual_nights: int
    usual_nights_min: int
    usual_factor: Decimal
    usual_rate_points: int

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.events) - set(NOTICES)):
            message = f'notify.events: "{unknown[0]}" is not known: it is one of {", ".join(NOTICES)}'
            raise ConfigError(message)
        if self.usual_factor < 1:
            message = f'notify.usual_factor = "{self.usual_factor}" must be 1 or more'
            raise ConfigError(message)
        if self.usual_nights_min < 1 or self.usual_nights < self.usual_nights_min:
            raise ConfigError("notify.usual_nights must be at least notify.usual_nights_min, and that at least 1")
