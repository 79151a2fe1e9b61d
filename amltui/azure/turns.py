"""Who asks next, where more is to be asked than there are connections."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from enum import IntEnum
from itertools import count


class Urgency(IntEnum):
    """Why something is asked. Lower goes first; those that are alike in the order they came."""

    CHANGE = 0
    """The user has agreed to it, and waits."""
    SEEN = 1
    """It is looked at."""
    MANY = 2
    """One of many parts of a list, or of what is told of all workspaces beside it."""


_URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.SEEN)


@contextmanager
def asking(urgency: Urgency) -> Iterator[None]:
    """What is asked inside, and in the tasks that begin inside, is of this urgency."""
    before = _URGENCY.set(urgency)
    try:
        yield
    finally:
        _URGENCY.reset(before)


class Turns:
    """At most so many exchanges at a time.

    Some of them are never given to what is one of many: services that hang there hold up no key.
    The pool of the HTTP library lets all wait in one line, and looks through it at each answer.
    """

    def __init__(self, most: int, kept_free: int) -> None:
        self._free = most
        self._kept_free = kept_free
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, urgency: Urgency | None = None) -> AsyncIterator[None]:
        """Wait until it is one's turn."""
        level = _URGENCY.get() if urgency is None else urgency
        await self._take(level)
        try:
            yield
        finally:
            self._free += 1
            self._call()

    async def _take(self, level: Urgency) -> None:
        if not self._waiting and self._may(level):
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (level, next(self._numbers), called))
        self._call()
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._free += 1
                self._call()
            raise

    def _may(self, level: Urgency) -> bool:
        return self._free > (self._kept_free if level >= Urgency.MANY else 0)

    def _call(self) -> None:
        """Let those go whose turn it is; who has given up meanwhile is passed over."""
        while self._waiting:
            level, _, called = self._waiting[0]
            if not called.done():
                if not self._may(level):
                    return
                self._free -= 1
                called.set_result(None)
            heapq.heappop(self._waiting)
