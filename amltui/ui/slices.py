"""Work on long lists, in slices between which keys are answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

T = TypeVar("T")

LONG = 2000
"""Rows from which on a list is arranged in slices."""
SLICE = 0.006
"""Seconds of work in a slice, and at most between a key and what it changes."""


def first_slice(steps: Iterator[T]) -> tuple[T, bool]:
    """The last of the steps for which there is time, and whether it is the last of all."""
    began = time.perf_counter()
    step = next(steps)
    for following in steps:
        step = following
        if time.perf_counter() - began > SLICE:
            return step, False
    return step, True


async def further_slices(steps: Iterator[T]) -> AsyncIterator[T]:
    """Each of the steps; between slices everybody else has the loop for as long."""
    began = time.perf_counter()
    for step in steps:
        yield step
        if time.perf_counter() - began > SLICE:
            await asyncio.sleep(SLICE)
            began = time.perf_counter()
