"""How many bytes have gone to the terminal: over SSH that is what a screen costs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct, field

SPAN = 10.0
"""Seconds over which the rate is told."""


class Meter(Struct):
    """Counts what is written."""

    clock: Callable[[], float] = time.monotonic
    total: int = 0
    writes: int = 0
    _recent: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, data: str) -> None:
        """This has been written."""
        size = len(data) if data.isascii() else len(data.encode("utf-8", "replace"))
        self.total += size
        self.writes += 1
        self._recent.append((self.clock(), size))
        self._forget()

    @property
    def rate(self) -> float:
        """Bytes a second over the last ten."""
        self._forget()
        return sum(size for _, size in self._recent) / SPAN

    def _forget(self) -> None:
        oldest = self.clock() - SPAN
        while self._recent and self._recent[0][0] < oldest:
            self._recent.popleft()
