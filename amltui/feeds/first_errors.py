"""Why a job failed: the ends of its processes' logs, and the error that came first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amltui.azure.errors import AzureError
from amltui.domain.log import LogFile, LogKind
from amltui.domain.log_error import Finding, earliest, first_error
from amltui.domain.log_window import LogWindow
from amltui.feeds.clock import Clock
from amltui.feeds.log_tail import LogTail
from amltui.feeds.open_log import end_of

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient

END = 64 * 1024
"""Bytes of the end of each log that are read."""
MOST_FILES = 64
AT_ONCE = 4


class FirstErrors(Struct):
    """What was found in the ends of a job's logs."""

    found: dict[str, Finding] = field(default_factory=dict)
    """By the path of the file."""
    sizes: dict[str, int] = field(default_factory=dict)
    looked: int = 0
    """Files that were read."""
    left_out: int = 0
    """Files that were not: there are too many, or they could not be read."""
    error: AzureError | None = None

    @property
    def cause(self) -> tuple[str, Finding] | None:
        """The file and the error that came first."""
        return earliest(self.found.items())


async def look(
    place: WorkspaceClient, run_id: str, files: Sequence[LogFile], clock: Clock
) -> FirstErrors:
    """Read the ends of what the job's own processes wrote, a few at a time."""
    told = FirstErrors()
    wanted = [file for file in files if file.kind is LogKind.USER]
    wanted = wanted or [file for file in files if file.kind is LogKind.RUNTIME]
    told.left_out = max(0, len(wanted) - MOST_FILES)
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(file: LogFile) -> None:
        async with turn:
            try:
                chunk = await end_of(LogTail(place, run_id, file.path, clock), END)
            except AzureError as error:
                told.error = error
                told.left_out += 1
                return
        told.looked += 1
        if chunk.size is not None:
            told.sizes[file.path] = chunk.size
        window = LogWindow(chunk.start)
        window.append(chunk.data)
        if (finding := first_error(window)) is not None:
            told.found[file.path] = finding

    await asyncio.gather(*(one(file) for file in wanted[:MOST_FILES]))
    order = [file.path for file in wanted]
    told.found = {path: told.found[path] for path in order if path in told.found}
    return told
