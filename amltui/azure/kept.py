"""Answers worth keeping for a while, asked for once however many want them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, TypeVar

from msgspec import Struct, field

T = TypeVar("T")


class Kept(Struct):
    """A cache of questions by key. A failure reaches everybody who waits, and is not kept."""

    clock: Callable[[], float] = time.monotonic
    _answers: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)
    _asking: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict)

    async def get(
        self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]], seconds: float
    ) -> T:
        """The answer, not older than `seconds`."""
        until, answer = self._answers.get(key, (float("-inf"), None))
        if self.clock() < until:
            return answer  # type: ignore[no-any-return]
        answer = await self.together(key, ask)
        self._answers[key] = (self.clock() + seconds, answer)
        return answer  # type: ignore[no-any-return]

    def together(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> Awaitable[T]:
        """The answer that is on its way, or else of a new question; nothing is kept.

        Who stops waiting does not stop the question, for others may wait on.
        """
        task = self._asking.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(ask())
            self._asking[key] = task
            task.add_done_callback(lambda done: self._over(key, done))
        return asyncio.shield(task)

    def forget(self, key: Hashable) -> None:
        """Ask again next time."""
        self._answers.pop(key, None)

    def _over(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            task.exception()  # seen here, in case nobody waits any longer
