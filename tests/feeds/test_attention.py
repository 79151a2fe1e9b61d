"""Nobody looks: pauses are longer, and over at once when somebody is back."""

from __future__ import annotations

import asyncio

import pytest

from amltui.domain.listing import Listing
from amltui.feeds.attention import AWAY, Attention
from amltui.feeds.clock import SystemClock
from amltui.feeds.feed import JITTER, Feed
from tests.manual_clock import ManualClock
from tests.waiting import wait_until

PACE = 10.0


class Asked:
    """A feed that is read, and how often it has asked."""

    def __init__(self, attention: Attention) -> None:
        self.count = 0
        self.feed: Feed[int] = Feed(self._ask, lambda items: PACE, attention)
        self.reading = asyncio.create_task(self._read())

    async def _ask(self) -> Listing[int]:
        self.count += 1
        return Listing((self.count,))

    async def _read(self) -> None:
        async for _ in self.feed.snapshots():
            pass


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def pass_(clock: ManualClock, seconds: float) -> None:
    """Second by second: who has waited long enough asks then."""
    for _ in range(round(seconds)):
        await clock.advance(1.0)


async def test_while_nobody_looks_questions_are_further_apart(clock: ManualClock) -> None:
    """Also the one that was due soon; and nothing changes for whoever is looked at."""
    attention = Attention(clock)
    asked = Asked(attention)
    await wait_until(lambda: clock.waits)
    await pass_(clock, 2 * PACE * (1 + JITTER) + 2)
    assert asked.count == 3
    attention.turn(watched=False)
    await pass_(clock, 2 * PACE * AWAY * (1 + JITTER) + 2)
    assert asked.count == 5
    asked.reading.cancel()


async def test_what_is_overdue_is_asked_for_as_soon_as_somebody_looks(clock: ManualClock) -> None:
    attention = Attention(clock)
    asked = Asked(attention)
    await wait_until(lambda: clock.waits)
    attention.turn(watched=False)
    await pass_(clock, PACE * (1 + JITTER) + 1)
    assert asked.count == 1
    attention.turn(watched=True)
    await wait_until(lambda: asked.count == 2)
    asked.reading.cancel()


async def test_a_short_look_away_changes_nothing(clock: ManualClock) -> None:
    """What is not due yet is not asked for."""
    attention = Attention(clock)
    asked = Asked(attention)
    await wait_until(lambda: clock.waits)
    await pass_(clock, 3)
    attention.turn(watched=False)
    await pass_(clock, 3)
    attention.turn(watched=True)
    await pass_(clock, 3)
    assert asked.count == 1
    await pass_(clock, 3)
    assert asked.count == 2
    asked.reading.cancel()


async def test_whoever_is_called_does_not_wait(clock: ManualClock) -> None:
    """A pause that is cut short says so, whether or not somebody looks."""
    attention = Attention(clock)
    attention.turn(watched=False)
    event = asyncio.Event()
    waiting = asyncio.create_task(attention.wait(PACE, event))
    await wait_until(lambda: clock.waits)
    event.set()
    assert await asyncio.wait_for(waiting, 1)
    assert await attention.wait(PACE, event)


async def test_on_the_real_clock() -> None:
    attention = Attention(SystemClock())
    assert not await attention.wait(0.01, asyncio.Event())
    assert attention.paced(lambda seconds: seconds)(2.0) == 2.0
