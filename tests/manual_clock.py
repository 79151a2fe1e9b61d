"""A clock for feeds that only goes when a test says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class ManualClock:
    """`advance` moves the time and wakes whoever waited for it."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._moved = asyncio.Condition()
        self.waits: list[float] = []
        """Every pause that was asked for, in seconds."""

    def now(self) -> datetime:
        return self._now

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        self.waits.append(seconds)
        until = self._now + timedelta(seconds=seconds)
        fired = asyncio.ensure_future(event.wait())
        passed = asyncio.ensure_future(self._reach(until))
        try:
            await asyncio.wait([fired, passed], return_when=asyncio.FIRST_COMPLETED)
            return fired.done()
        finally:
            for task in (fired, passed):
                task.cancel()

    async def _reach(self, until: datetime) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= until)

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everybody who waited for it run."""
        async with self._moved:
            self._now += timedelta(seconds=seconds)
            self._moved.notify_all()
        for _ in range(20):
            await asyncio.sleep(0)
