"""The logs of a distributed job's processes, followed together and merged by time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amltui.azure.errors import AzureError
from amltui.domain.log import LogFile
from amltui.domain.log_merge import Merged, Source, merged
from amltui.feeds.clock import Clock
from amltui.feeds.log_tail import LogTail
from amltui.feeds.open_log import OpenLog

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient

MOST_FILES = 32
"""Processes that are followed at once: each is a question every few seconds."""
HELD = 4 * 1024 * 1024
"""Bytes that are held of all together: they are put in order whenever some come."""
AT_FIRST = HELD // 4
LEAST = 16 * 1024
"""Bytes of the end of each that are read first, however many there are."""
BREATH = 0.05
"""Seconds in which what comes of several is put in order once."""


class MergedLog(Struct):
    """Several open logs as one."""

    logs: list[OpenLog]
    files: Sequence[LogFile]
    left_out: int = 0
    """Files beyond those that are followed."""
    sources: list[Source] = field(default_factory=list)

    @classmethod
    def of(
        cls, place: WorkspaceClient, run_id: str, files: Sequence[LogFile], clock: Clock
    ) -> MergedLog:
        chosen = files[:MOST_FILES]
        logs = [OpenLog(LogTail(place, run_id, file.path, clock)) for file in chosen]
        for log in logs:
            log.tail.from_end = max(LEAST, AT_FIRST // len(logs))
        return cls(logs, chosen, len(files) - len(chosen))

    async def changes(self) -> AsyncIterator[Merged]:
        """All lines in order, whenever some have come; ends when all tails have ended."""
        news = asyncio.Event()
        tasks = [asyncio.create_task(_follow(log, news)) for log in self.logs]
        try:
            while not all(task.done() for task in tasks):
                await news.wait()
                await asyncio.sleep(BREATH)
                news.clear()
                for task in tasks:
                    if task.done():
                        task.result()
                yield self.now()
        finally:
            for task in tasks:
                task.cancel()

    def now(self) -> Merged:
        """What is held of all, in order."""
        if len(self.sources) != len(self.logs):
            self.sources = [
                Source(str(place if file.rank is None else file.rank), log.window)
                for place, (file, log) in enumerate(zip(self.files, self.logs, strict=True))
            ]
        for source, log in zip(self.sources, self.logs, strict=True):
            if source.window is not log.window:
                source.window = log.window
                source.times.clear()
            self._bound(source)
        return merged(self.sources)

    def _bound(self, source: Source) -> None:
        share = HELD // len(self.logs)
        if len(source.window.data) > share:
            source.window.keep(share * 3 // 4)
            base = source.window.base
            source.times = {at: time for at, time in source.times.items() if at >= base}

    async def older(self) -> bool:
        """Read on before the log that begins last; whether there was room and anything to read."""
        begun = [
            (source.since or 0.0, log)
            for source, log in zip(self.sources, self.logs, strict=True)
            if log.window.base
        ]
        if not begun:
            return False
        log = max(begun, key=lambda pair: pair[0])[1]
        room = HELD // len(self.logs) - len(log.window.data)
        return room > LEAST and await log.older(min(room, AT_FIRST), least=0) > 0

    @property
    def error(self) -> AzureError | None:
        """Why some of it is not read at the moment."""
        return next((log.last.error for log in self.logs if log.last.error), None)

    def finish(self) -> None:
        """The run is over: the tails end after the next silence."""
        for log in self.logs:
            log.tail.final = True


async def _follow(log: OpenLog, news: asyncio.Event) -> None:
    try:
        async for _ in log.changes():
            news.set()
    finally:
        news.set()
