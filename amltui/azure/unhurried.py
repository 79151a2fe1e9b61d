"""Long work on the loop, in slices between which keys are answered."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

SLICE = 0.002
"""Seconds of work after which everybody else has as long a turn."""


async def turn() -> None:
    """Let everybody else have the loop for a while."""
    import asyncio

    await asyncio.sleep(SLICE)


async def unhurried(items: Iterable[T]) -> AsyncIterator[T]:
    """Each item; whoever works on them lets others have the loop now and then.

    A thread would not do: while it works the interpreter is its own for 5 ms at a time.
    """
    began = time.perf_counter()
    for item in items:
        yield item
        if time.perf_counter() - began > SLICE:
            await turn()
            began = time.perf_counter()
