"""Rows are asked for only while somebody looks at them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from amltui.azure.errors import ServiceBroken
from amltui.feeds.row_feed import RowFeed
from tests.manual_clock import ManualClock
from tests.waiting import wait_until


@dataclass(frozen=True)
class Thing:
    key: str
    final: bool = False
    wanted: bool = True

    @property
    def name(self) -> str:
        return self.key


class Trends:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: list[Any] = []
        self.failing = False

    async def fetch(self, thing: Thing, known: Any) -> Any:
        self.asked.append(thing.key)
        self.known.append(known)
        if self.failing:
            raise ServiceBroken("500")
        return len(self.asked)


def following(trends: Trends, clock: ManualClock) -> RowFeed[Thing]:
    return RowFeed(trends.fetch, lambda thing: thing.wanted, lambda thing: thing.final, 10.0, clock)


async def test_only_visible_and_wanted_rows_are_asked_for():
    trends, clock = Trends(), ManualClock()
    rows = following(trends, clock)
    rows.look_at([Thing("a"), Thing("b", wanted=False)])
    assert await anext(rows.changes()) == {"a"}
    assert trends.asked == ["a"]
    assert rows.of(Thing("b")) is None


async def test_a_final_row_is_asked_for_once_and_another_again_with_what_is_known():
    trends, clock = Trends(), ManualClock()
    rows = following(trends, clock)
    rows.look_at([Thing("done", final=True), Thing("live")])
    changes = rows.changes()
    assert await anext(changes) == {"done", "live"}
    task = asyncio.ensure_future(anext(changes))
    await wait_until(lambda: clock.waits)
    await clock.advance(11)
    assert await asyncio.wait_for(task, 1) == {"live"}
    assert trends.asked == ["done", "live", "live"]
    assert trends.known[-1] == 2


async def test_a_failure_keeps_what_is_known_and_backs_off():
    trends, clock = Trends(), ManualClock()
    rows = following(trends, clock)
    rows.look_at([Thing("a")])
    changes = rows.changes()
    await anext(changes)
    trends.failing = True
    task = asyncio.ensure_future(anext(changes))
    await wait_until(lambda: len(clock.waits) == 1)
    await clock.advance(11)
    await wait_until(lambda: len(clock.waits) == 2)
    assert rows.of(Thing("a")) == 1
    assert clock.waits[-1] > 10
    task.cancel()
