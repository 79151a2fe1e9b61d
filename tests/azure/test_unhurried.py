"""Long work leaves the loop to others now and then."""

from __future__ import annotations

import asyncio
import itertools
import time

from amltui.azure.unhurried import SLICE, unhurried


async def test_others_have_their_turns_in_the_midst_of_long_work():
    """A key that comes while a page is read is answered before the page is."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    done = []
    async for item in unhurried(range(4)):
        end = time.perf_counter() + SLICE
        while time.perf_counter() < end:
            pass
        done.append((item, turns))
    task.cancel()
    assert [item for item, _ in done] == [0, 1, 2, 3]
    # Not a turn each: a whole while, in which a key is read, handled and painted.
    assert all(later - before > 10 for (_, before), (_, later) in itertools.pairwise(done))


async def test_short_work_is_done_at_once():
    """A hundred rows are not worth a pause."""
    loop, paused = asyncio.get_running_loop(), []
    loop.call_soon(lambda: paused.append(True))
    assert [item async for item in unhurried("ab")] == ["a", "b"]
    assert not paused
