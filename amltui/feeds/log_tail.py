"""A log file as it grows: appended bytes by range, through expired links and lost networks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amltui.azure import blobs, logs
from amltui.azure.errors import AzureError, LinkExpired, NotFound
from amltui.domain.log import LogChunk, LogFile
from amltui.feeds.clock import Clock

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient

SHORTEST, LONGEST = 2.0, 10.0
"""Seconds between questions while the file grows, and after it has been silent for long."""
LONGEST_BACKOFF = 30.0
"""Seconds between questions while they fail: a network that is back is soon found again."""
PROBE = 64 * 1024
"""Bytes of the first question, which tells the size: most logs are whole with it."""


class Tail(Struct, frozen=True):
    """What has just been read of a file."""

    data: bytes = b""
    at: datetime | None = None
    """When bytes last came; None before the first."""
    size: int | None = None
    error: AzureError | None = None
    start: int = 0
    """Where in the file the data lies."""
    anew: bool = False
    """The file has become shorter, or is another one of that name: what was read is gone."""
    retry_at: datetime | None = None
    """After an error: when it is tried again."""


class LogTail(Struct):
    """Follows one file of a run until it is told that the run is over and nothing more came."""

    place: WorkspaceClient
    run_id: str
    path: str
    clock: Clock
    read_to: int = 0
    """Offset up to which bytes were handed out."""
    final: bool = False
    """Set by the reader once the run is over: the tail ends after the next silence."""
    from_end: int | None = None
    """Bytes of the end to begin with; None begins at the start."""
    renewed: datetime | None = None
    """When an expired link was last replaced."""
    size: int | None = None
    """Of the file, when it was last read."""
    _made: str | None = None
    _begun: bool = False
    _file: LogFile | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def tails(self) -> AsyncIterator[Tail]:
        """Each piece as it comes, also the empty ones that carry news: an error, a recovery."""
        silence, failures = SHORTEST, 0
        last: datetime | None = None
        told, anew = False, False
        while True:
            try:
                chunk = await self._next()
            except AzureError as error:
                failures += 1
                pause = error.retry_after or min(2.0**failures, LONGEST_BACKOFF)
                retry_at = self.clock.now() + timedelta(seconds=pause)
                yield Tail(at=last, error=error, retry_at=retry_at)
                await self._pause(pause)
                continue
            if self._is_another(chunk):
                self.restart()
                anew = True
                continue
            self._made, self.size = chunk.made or self._made, chunk.size
            self._begun = True
            if chunk.data:
                self.read_to = chunk.end
                last = self.clock.now()
                silence, failures, told = SHORTEST, 0, True
                yield Tail(chunk.data, last, chunk.size, start=chunk.start, anew=anew)
                anew = False
                if chunk.size is not None and chunk.end < chunk.size:
                    continue
            else:
                if failures or anew or not told:
                    failures, told = 0, True
                    yield Tail(at=last, size=chunk.size, start=self.read_to, anew=anew)
                    anew = False
                if self.final:
                    return
                silence = min(silence * 1.5, LONGEST)
            await self._pause(silence)

    async def read(self, start: int, most: int = blobs.LARGEST) -> LogChunk:
        """Bytes from `start` on, behind a new link if need be."""
        file = self._file or await self._look_up()
        try:
            chunk = await logs.read(self.place, file, start, most)
        except NotFound:
            self._file = None  # it may come back under another link
            raise
        except LinkExpired:
            chunk = await self._read_anew(start, most)
        if chunk.start < start and chunk.data:
            return LogChunk(start, chunk.data[start - chunk.start :], chunk.size, chunk.made)
        return chunk

    def restart(self) -> None:
        """Begin again as at first: with the end of the file, or its start."""
        self.read_to, self._begun, self._made = 0, False, None

    def refresh(self) -> None:
        """Ask now."""
        self._wake.set()

    async def _next(self) -> LogChunk:
        if self._begun or self.from_end is None:
            return await self.read(self.read_to)
        first = await self.read(self.read_to, PROBE)
        if first.size is None or first.size <= max(self.from_end, first.end):
            return first
        return await self.read(first.size - self.from_end, self.from_end)

    def _is_another(self, chunk: LogChunk) -> bool:
        if not self._begun:
            return False
        shrunk = chunk.size is not None and chunk.size < self.read_to
        return shrunk or (None not in (chunk.made, self._made) and chunk.made != self._made)

    async def _read_anew(self, start: int, most: int) -> LogChunk:
        file = await self._look_up()
        try:
            chunk = await logs.read(self.place, file, start, most)
        except LinkExpired as error:
            raise LinkExpired(f"{error}, nor is a new one", status=error.status) from error
        self.renewed = self.clock.now()
        return chunk

    async def _look_up(self) -> LogFile:
        for file in await logs.files(self.place, self.run_id):
            if file.path == self.path:
                self._file = file
                return file
        raise NotFound(f"{self.path} is not among the logs of {self.run_id}")

    async def _pause(self, seconds: float) -> None:
        self._wake.clear()
        await self.clock.wait(seconds, self._wake)
