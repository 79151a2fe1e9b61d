"""A log file as it grows: appended bytes by range, through expired links and lost networks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from amltui.azure import logs
from amltui.azure.errors import AzureError, LinkExpired, NotFound
from amltui.domain.log import LogChunk, LogFile
from amltui.feeds.clock import Clock
from amltui.feeds.feed import LONGEST_BACKOFF

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient

SHORTEST, LONGEST = 2.0, 10.0
"""Seconds between questions while the file grows, and after it has been silent for long."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What has just been read of a file."""

    data: bytes = b""
    at: datetime | None = None
    """When bytes last came; None before the first."""
    size: int | None = None
    error: AzureError | None = None


@dataclass
class LogTail:
    """Follows one file of a run until it is told that the run is over and nothing more came."""

    place: WorkspaceClient
    run_id: str
    path: str
    clock: Clock
    read_to: int = 0
    """Bytes handed out so far."""
    final: bool = False
    """Set by the reader once the run is over: the tail ends after the next silence."""
    _file: LogFile | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def tails(self) -> AsyncIterator[Tail]:
        """Each piece as it comes, also the empty ones that carry news: an error, a recovery."""
        silence, failures = SHORTEST, 0
        last: datetime | None = None
        failed, told = False, False
        while True:
            try:
                chunk = await self._read()
            except AzureError as error:
                failures += 1
                failed = True
                yield Tail(at=last, error=error)
                await self._pause(error.retry_after or min(2.0**failures, LONGEST_BACKOFF))
                continue
            failures = 0
            if chunk.data:
                self.read_to = chunk.end
                last = self.clock.now()
                silence, failed, told = SHORTEST, False, True
                yield Tail(chunk.data, last, chunk.size)
                if chunk.size is not None and chunk.end < chunk.size:
                    continue
            else:
                if failed or not told:
                    failed = False
                    told = True
                    yield Tail(at=last, size=chunk.size)
                if self.final:
                    return
                silence = min(silence * 1.5, LONGEST)
            await self._pause(silence)

    def refresh(self) -> None:
        """Ask now."""
        self._wake.set()

    async def _read(self) -> LogChunk:
        file = self._file or await self._look_up()
        try:
            return await logs.read(self.place, file, self.read_to)
        except LinkExpired:
            file = await self._look_up()
            return await logs.read(self.place, file, self.read_to)

    async def _look_up(self) -> LogFile:
        for file in await logs.files(self.place, self.run_id):
            if file.path == self.path:
                self._file = file
                return file
        raise NotFound(f"{self.path} is not among the logs of {self.run_id}")

    async def _pause(self, seconds: float) -> None:
        self._wake.clear()
        await self.clock.wait(seconds, self._wake)
