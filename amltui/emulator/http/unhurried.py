"""Long looks that let other requests have their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")
BREATH = 100
"""Items that are looked at in a row: a few milliseconds of work where each is a run."""


async def unhurried(items: Iterable[T], breath: int = BREATH) -> AsyncIterator[T]:
    """The same items, while other requests are answered."""
    for number, each in enumerate(items, 1):
        yield each
        if number % breath == 0:
            await asyncio.sleep(0)
