"""A log that is looked at: its end at once, the rest of it where the reader goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from msgspec import Struct, field

from amltui.azure import blobs
from amltui.domain.log import LogChunk
from amltui.domain.log_window import MOST_BYTES, LogWindow
from amltui.feeds.log_tail import PROBE, LogTail, Tail

AT_FIRST = 256 * 1024
"""Bytes of the end that are read when a log is opened."""
PIECE = 1024 * 1024
"""Bytes that are read when a reader comes to the end of what is held."""


class OpenLog(Struct):
    """What is held of a file, kept in step with its tail."""

    tail: LogTail
    window: LogWindow = field(default_factory=LogWindow)
    last: Tail = field(default_factory=Tail)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once something of the file is held."""
    _fresh: bool = True
    """Whether the next piece begins another window."""

    def __post_init__(self) -> None:
        self.tail.from_end = AT_FIRST

    async def changes(self) -> AsyncIterator[Tail]:
        """Each piece of the tail, after the window has taken it."""
        async for piece in self.tail.tails():
            self.last = piece
            self._take(piece)
            yield piece

    @property
    def at_end(self) -> bool:
        """Whether what is appended to the file is appended to the window."""
        return self.window.end >= self.tail.read_to

    def restart(self) -> None:
        """The end of the file again: `changes` has to be asked for anew."""
        self.tail.restart()
        self._fresh = True

    async def older(self, wanted: int = 0, least: int | None = None) -> int:
        """Read what is before the window, `least` or a piece of it; how many bytes there were."""
        window = self.window
        start = max(0, window.base - max(wanted, PIECE if least is None else least))
        data = await self._span(start, window.base)
        # The reader may have gone elsewhere meanwhile, and the file may have become shorter.
        if window is self.window and start + len(data) == window.base:
            window.prepend(data)
            return len(data)
        return 0

    async def newer(self) -> None:
        """Read what is behind the window, where that is not the end of the file."""
        window = self.window
        chunk = await self.tail.read(window.end, PIECE)
        if window is self.window and chunk.start == window.end:
            window.append(chunk.data)

    async def beginning(self) -> None:
        """Hold the start of the file instead."""
        chunk = await self.tail.read(0, PROBE)
        self._fresh = False
        self.window = LogWindow()
        self.window.append(chunk.data)

    async def reach(self, offset: int) -> bool:
        """Hold the line at an offset too, if it is not too far from the end."""
        while self.window.base > offset and len(self.window.data) < MOST_BYTES // 2:
            if not await self.older(self.window.base - offset):
                break
        return self.window.base <= offset < self.window.end

    async def _span(self, start: int, stop: int) -> bytes:
        """The bytes [start, stop), in as many questions as it takes."""
        data = b""
        while start + len(data) < stop:
            at = start + len(data)
            chunk = await self.tail.read(at, min(stop - at, blobs.LARGEST))
            if not chunk.data or chunk.start != at:
                break
            data += chunk.data[: stop - at]
        return data

    def _take(self, piece: Tail) -> None:
        if piece.anew or (piece.data and self._fresh):
            self._fresh = False
            self.window = LogWindow(piece.start)
        window = self.window
        if piece.start <= window.end <= piece.start + len(piece.data):
            window.append(piece.data[window.end - piece.start :])
        if piece.error is None:
            self.begun.set()


async def end_of(tail: LogTail, most: int) -> LogChunk:
    """The last bytes of a file as it is now, in one question where they are all of it."""
    first = await tail.read(0, min(PROBE, most))
    if first.size is None or first.size <= first.end:
        return first
    start = max(0, first.size - most)
    return await tail.read(start, first.size - start)


async def last_lines(tail: LogTail, count: int) -> int:
    """The offset at which the last so many lines begin, the unfinished one included."""
    chunk = await end_of(tail, PIECE)
    if not count:
        return chunk.end
    left = count + chunk.data.endswith(b"\n")
    while True:
        cut = len(chunk.data)
        while left and (at := chunk.data.rfind(b"\n", 0, cut)) >= 0:
            left, cut = left - 1, at
        if not left:
            return chunk.start + cut + 1
        if not chunk.start:
            return 0
        start = max(0, chunk.start - PIECE)
        chunk = await tail.read(start, chunk.start - start)
