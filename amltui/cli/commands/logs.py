"""`amltui logs NAME [-f]`: a log file of a job, as it is or as it grows."""

from __future__ import annotations

import argparse
import asyncio
import sys

from amltui.azure.errors import AzureError, NotFound
from amltui.azure.places import near
from amltui.cli import find, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import say, sentence
from amltui.cli.settings import Settings
from amltui.domain.log_text import LogLines
from amltui.kinds.format import literal
from amltui.kinds.job import JOB

LOOK_AGAIN = 4.0
"""Seconds between looks whether the followed job has ended."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "logs", "print a log of a job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("-f", "--follow", action="store_true", help="until the job has ended")
    made.add_argument("--file", metavar="PATH", help="this file instead of the user's log")
    made.add_argument("--list", action="store_true", help="only name the files")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


class Output:
    """Bytes to stdout: as they are into a pipe, harmless on a terminal."""

    def __init__(self) -> None:
        self._lines = LogLines() if sys.stdout.isatty() else None

    def write(self, data: bytes) -> None:
        if self._lines is None:
            sys.stdout.buffer.write(data)
        else:
            self._lines.feed(data)
            while self._lines.lines:
                print(literal(self._lines.lines.popleft()))
        sys.stdout.flush()

    def end(self) -> None:
        if self._lines is not None and self._lines.unfinished:
            print(literal(self._lines.unfinished))


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import jobs, logs
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.log_tail import LogTail

    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        place = client.workspace(job.workspace)
        files = await logs.files(place, job.name)
        while asked.follow and not files and not job.ended_for_good:
            await asyncio.sleep(LOOK_AGAIN)
            job = await jobs.get(place, job.name)
            files = await logs.files(place, job.name)
        if asked.list:
            for file in files:
                print(literal(file.path))
            return 0
        if not files:
            raise NotFound(f"{job.name} ({job.status}) has no logs" + _later(job.ended_for_good))
        path = asked.file or files[0].path
        names = [file.path for file in files]
        if path not in names:
            raise NotFound(f"{job.name} has no log {path}" + near(path, names))
        tail = LogTail(place, job.name, path, SystemClock())
        tail.final = job.ended_for_good or not asked.follow
        watching = None if tail.final else asyncio.create_task(_watch(jobs, place, job.name, tail))
        output = Output()
        try:
            async for piece in tail.tails():
                output.write(piece.data)
                if piece.error is not None:
                    if not asked.follow:
                        raise piece.error
                    say(f"{sentence(piece.error)}; trying again")
        finally:
            output.end()
            if watching is not None:
                watching.cancel()
    return 0


def _later(ended: bool) -> str:
    return "" if ended else " yet; -f waits for them"


async def _watch(jobs, place, name, tail) -> None:  # type: ignore[no-untyped-def]
    """Tells the tail when the job is over, so that it ends after the last bytes."""
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        try:
            job = await jobs.get(place, name)
        except AzureError:
            continue  # the tail meets the same trouble and tells of it
        if job.ended_for_good:
            tail.final = True
            return
