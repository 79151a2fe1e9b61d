"""Whether anybody looks: what nobody sees is asked for less often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from amltui.feeds.clock import Clock

T = TypeVar("T")

AWAY = 4.0
"""How many times longer pauses are while nobody looks."""


class Attention:
    """The clock of those who ask again and again; their pauses depend on whether anybody looks.

    Where nobody says so, somebody does.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.times = 1.0
        """How many times longer pauses are now."""
        self._turned: set[asyncio.Event] = set()
        """Of those who wait: set when their pause has become another."""

    def turn(self, watched: bool) -> None:
        """Somebody looks again, or nobody does: what is overdue then is asked for at once."""
        self.times = 1.0 if watched else AWAY
        for turned in self._turned:
            turned.set()

    def paced(self, pace: Callable[[T], float]) -> Callable[[T], float]:
        """The pause between two questions as it is now, to be told."""
        return lambda answer: pace(answer) * self.times

    def now(self) -> datetime:
        return self.clock.now()

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        began, turned = self.now(), asyncio.Event()
        fired = asyncio.ensure_future(event.wait())
        fired.add_done_callback(lambda _: turned.set())
        self._turned.add(turned)
        try:
            while not event.is_set():
                turned.clear()
                left = seconds * self.times - (self.now() - began).total_seconds()
                if left <= 0:
                    return False
                await self.clock.wait(left, turned)
            return True
        finally:
            self._turned.discard(turned)
            fired.cancel()
