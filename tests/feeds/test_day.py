"""A dashboard that is open for hours holds what it held in the first of them."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from amltui.azure import jobs
from amltui.feeds.cache.file import CacheFile
from amltui.feeds.cache.memory import Memory
from amltui.feeds.store import Store
from amltui.kinds.job import JOB
from tests.azure.answers import PLACE, Reply, Service, rig
from tests.azure.samples import sample
from tests.manual_clock import ManualClock
from tests.waiting import PATIENCE

WARM, HOURS = 300, 800
"""Answers until the log of requests is full, and those of four hours after that."""
PACE = 10.0
FEW = 2_000
"""Blocks of memory that may come and go with caches of the interpreter: a job has fifty, so one
that were kept of every twentieth answer would be as many."""


async def test_a_day_of_answers_leaves_nothing_behind(tmp_path: Path):
    """A list on which a job is new each time, asked for again and again, with the cache on."""
    clock, service = ManualClock(), Service()
    listed = Listed()
    service.data_plane()
    service.on("GET", "/jobs", lambda _: Reply(200, {"value": listed.page()}))
    service.on("POST", "/runs:query", Reply(200, {"value": []}))
    place = rig(service).place
    memory = Memory(CacheFile(tmp_path / "cache"), "here", {"job": JOB.resource}.get, clock)
    memory.signed_in("kim")
    store = Store(clock, memory=memory)
    paged = JOB.source.paged(place.client, [PLACE])
    board = store.board("job", {PLACE.key: lambda: jobs.newest(place, 100)}, lambda _: PACE, paged)
    (feed,) = board.feeds.values()
    snapshots = feed.snapshots()
    await _answers(snapshots, clock, service, WARM)
    before = _blocks()
    await _answers(snapshots, clock, service, HOURS)
    assert _blocks() - before < FEW
    assert len(feed.latest.items) == Listed.COUNT
    memory.leave(PATIENCE)


class Listed:
    """The newest jobs, of which one is new with every answer."""

    COUNT = 12

    def __init__(self) -> None:
        self.asked = 0
        self.body = sample("jobs", "command_running")

    def page(self) -> list[dict[str, Any]]:
        self.asked += 1
        newest = range(self.asked, self.asked + self.COUNT)
        return [{**self.body, "name": f"job-{number}"} for number in newest]


async def _answers(
    snapshots: AsyncIterator[Any], clock: ManualClock, service: Service, count: int
) -> None:
    for _ in range(count):
        answer = asyncio.ensure_future(anext(snapshots))
        await asyncio.sleep(0)
        await clock.advance(2 * PACE)
        await answer
        # The books of the test's own instruments.
        for book in (service.requests, service.bearers, clock.waits):
            book.clear()


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()
