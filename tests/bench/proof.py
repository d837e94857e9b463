"""What counts prove: the least share that so many right ones among so many can stand for."""

from __future__ import annotations

import math


def lower_bound(right: int, count: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson lower bound of a share."""
    if not right:
        return 0.0
    low, high = 0.0, right / count
    for _ in range(60):
        middle = (low + high) / 2
        if _tail(right, count, middle) > 1 - confidence:
            high = middle
        else:
            low = middle
    return low


def _tail(right: int, count: int, share: float) -> float:
    """Return the chance of at least `right` among `count`, summed over the few that may be wrong."""
    if share in (0.0, 1.0):
        return share
    logs = (
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1) + k * math.log(share)
        + (count - k) * math.log1p(-share)
        for k in range(right, count + 1)
    )  # fmt: skip
    return min(1.0, sum(math.exp(log) for log in logs))
