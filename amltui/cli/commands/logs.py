"""`amltui logs NAME [-f]`: a log file of a job, as it is or as it grows."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from amltui.azure.errors import AzureError, NotFound
from amltui.azure.places import near
from amltui.cli import find, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import say, sentence
from amltui.cli.settings import Settings
from amltui.domain.log import LogKind, kind
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow
from amltui.kinds.format import literal
from amltui.kinds.job import JOB

if TYPE_CHECKING:
    from amltui.domain.job import Job
    from amltui.domain.log import LogFile
    from amltui.feeds.log_tail import LogTail

LOOK_AGAIN = 4.0
"""Seconds between looks whether the followed job has ended."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "logs", "print a log of a job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("-f", "--follow", action="store_true", help="until the job has ended")
    made.add_argument("--file", metavar="PATH", help="this file instead of the user's log")
    made.add_argument("--list", action="store_true", help="only name the files")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import jobs, logs
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.log_tail import LogTail

    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        place = client.workspace(job.workspace)
        files = await logs.files(place, job.name)
        if asked.list:
            for file in files:
                print(literal(file.path))
            return 0
        while asked.follow and not _has_come(files, asked.file) and not job.ended_for_good:
            await asyncio.sleep(LOOK_AGAIN)
            job = await jobs.get(place, job.name)
            files = await logs.files(place, job.name)
        tail = LogTail(place, job.name, _chosen(job, files, asked.file), SystemClock())
        await (_follow(job, tail) if asked.follow else _read(tail))
    return 0


def _has_come(files: tuple[LogFile, ...], wanted: str | None) -> bool:
    """Whether the file to follow is there: the system's own logs come before the user's."""
    if wanted is not None:
        return any(file.path == wanted for file in files)
    return any(kind(file.path) <= LogKind.RUNTIME for file in files)


def _chosen(job: Job, files: tuple[LogFile, ...], wanted: str | None) -> str:
    """The path of the file that is meant; NotFound if there is none."""
    if not files:
        later = "" if job.ended_for_good else " yet; -f waits for them"
        raise NotFound(f"{job.name} ({job.status}) has no logs{later}")
    names = [file.path for file in files]
    if wanted is not None and wanted not in names:
        raise NotFound(f"{job.name} has no log {wanted}{near(wanted, names)}")
    return wanted or names[0]


async def _read(tail: LogTail) -> None:
    """As much as the file holds now: a running job would go on writing for ever."""
    output = Output()
    async for piece in tail.tails():
        if piece.error is not None:
            raise piece.error
        output.write(piece.data)
        if not piece.data or (piece.size is not None and tail.read_to >= piece.size):
            break
    output.end()


async def _follow(job: Job, tail: LogTail) -> None:
    """Until the job is over and nothing more comes."""
    output = Output()
    tail.final = job.ended_for_good
    watching = asyncio.create_task(_watch(tail))
    try:
        async for piece in tail.tails():
            output.write(piece.data)
            if piece.error is not None:
                say(f"{sentence(piece.error)}; trying again")
    finally:
        watching.cancel()
        output.end()


async def _watch(tail: LogTail) -> None:
    """Tells the tail when the job is over, so that it ends after the last bytes."""
    from amltui.azure import jobs

    while not tail.final:
        await asyncio.sleep(LOOK_AGAIN)
        try:
            job = await jobs.get(tail.place, tail.run_id)
        except AzureError:
            continue  # the tail meets the same trouble and tells of it
        tail.final = job.ended_for_good


class Output:
    """Bytes to stdout: as they are into a pipe, harmless on a terminal."""

    def __init__(self) -> None:
        self._window = LogWindow() if sys.stdout.isatty() else None

    def write(self, data: bytes) -> None:
        if self._window is None:
            sys.stdout.buffer.write(data)
        else:
            self._window.append(data)
            self._print(self._window.finished)
        sys.stdout.flush()

    def end(self) -> None:
        if self._window is not None:
            self._print(len(self._window))

    def _print(self, stop: int) -> None:
        """The lines before `stop`; they are not kept."""
        window = self._window
        assert window is not None
        for row in range(stop):
            print(literal(plain(window.text(row))))
        window.drop(stop)
