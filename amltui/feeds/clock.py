"""Time as feeds see it: what it is now, and waiting that can be cut short."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The time, injected so that tests decide how fast it goes."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        """Until `event` is set, or `seconds` have passed; whether it was the event."""
        ...


class SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return False
