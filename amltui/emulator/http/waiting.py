"""uvicorn's server, asleep while nobody asks."""

from __future__ import annotations

import asyncio
from types import FrameType

import uvicorn

TICK = 1.0
"""Seconds between two looks at the date that answers carry."""


class Server(uvicorn.Server):
    """Woken by what ends it; uvicorn's own looks for that ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked_to_end = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(self._asked_to_end.wait(), TICK)
            except TimeoutError:
                continue

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._asked_to_end.set)
