"""The service's time, in epoch seconds: the wall's, faster than it, or set by hand."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is in the world."""

    def now(self) -> float: ...


class WallClock:
    """Starts at the wall's time and goes `speed` times as fast.

    It starts at `not_before` where that is later: a kept world that ran fast was ahead of the wall.
    """

    def __init__(self, speed: float = 1.0, not_before: float = 0.0) -> None:
        self.speed = speed
        self._origin = max(time.time(), not_before)
        self._started = time.monotonic()

    def now(self) -> float:
        return self._origin + (time.monotonic() - self._started) * self.speed


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds
