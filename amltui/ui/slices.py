"""Work on long lists, in slices between which keys are answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

T = TypeVar("T")

LONG = 2000
"""Rows from which on a list is arranged in slices."""
SLICE = 0.005
"""Seconds of work in a slice."""


async def in_slices(steps: Iterator[T]) -> AsyncIterator[T]:
    """Each of the steps. Before the first, and between slices, others have the loop for as long:
    the key that asked for it is painted first.
    """
    await asyncio.sleep(SLICE)
    began = time.perf_counter()
    for step in steps:
        yield step
        if time.perf_counter() - began > SLICE:
            await asyncio.sleep(SLICE)
            began = time.perf_counter()
