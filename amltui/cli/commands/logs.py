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
from amltui.domain.log import LogKind
from amltui.domain.log_sieve import Sieve
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow
from amltui.kinds.format import literal
from amltui.kinds.job import JOB

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job
    from amltui.domain.log import LogFile
    from amltui.feeds.log_tail import LogTail

LOOK_AGAIN = 4.0
"""Seconds between looks whether the followed job has ended."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "logs", "print a log of a job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("-f", "--follow", action="store_true", help="until the job has ended")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--file", metavar="PATH", help="this file instead of the user's log")
    which.add_argument("--rank", type=number, metavar="N", help="the log of this process")
    made.add_argument("-n", "--tail", type=number, metavar="LINES", help="only the last so many")
    made.add_argument("--grep", metavar="REGEX", help="only lines that match; !REGEX hides them")
    made.add_argument("--first-error", action="store_true", help="only the error that came first")
    made.add_argument("--list", action="store_true", help="only name the files")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


def number(text: str) -> int:
    """Of lines, or of a process."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number")
    return int(text)


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import jobs, logs
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.log_tail import LogTail
    from amltui.feeds.open_log import last_lines

    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        place = client.workspace(job.workspace)
        files = await logs.files(place, job.name)
        if asked.list:
            for file in files:
                print(literal(file.path))
            return 0
        while asked.follow and not _has_come(files, asked) and not job.ended_for_good:
            await asyncio.sleep(LOOK_AGAIN)
            job = await jobs.get(place, job.name)
            files = await logs.files(place, job.name)
        if asked.first_error:
            return await _first_error(place, job, files)
        tail = LogTail(place, job.name, _chosen(job, files, asked), SystemClock())
        if asked.tail is not None:
            tail.read_to = await last_lines(tail, asked.tail)
        output = Output(Sieve(asked.grep) if asked.grep else None)
        await (_follow(job, tail, output) if asked.follow else _read(tail, output))
    return 0


async def _first_error(place: WorkspaceClient, job: Job, files: tuple[LogFile, ...]) -> int:
    """The file and the line of the error that came first; NotFound where no log has one."""
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.first_errors import look

    found = await look(place, job.name, files, SystemClock())
    if found.cause is None:
        if found.error is not None:
            raise found.error
        raise NotFound(f"the ends of {found.looked} logs of {job.name} tell of no error")
    path, finding = found.cause
    print(literal(f"{path}: {finding.summary}"))
    return 0


def _has_come(files: tuple[LogFile, ...], asked: argparse.Namespace) -> bool:
    """Whether the file to follow is there: the system's own logs come before the user's."""
    if asked.file is not None:
        return any(file.path == asked.file for file in files)
    if asked.rank is not None:
        return any(file.rank == asked.rank for file in files)
    return any(file.kind <= LogKind.RUNTIME for file in files)


def _chosen(job: Job, files: tuple[LogFile, ...], asked: argparse.Namespace) -> str:
    """The path of the file that is meant; NotFound if there is none."""
    if not files:
        later = "" if job.ended_for_good else " yet; -f waits for them"
        raise NotFound(f"{job.name} ({job.status}) has no logs{later}")
    names = [file.path for file in files]
    if asked.rank is not None:
        ranks = {file.rank: file.path for file in reversed(files) if file.rank is not None}
        if asked.rank not in ranks:
            there = f"ranks {min(ranks)} to {max(ranks)}" if ranks else "logs of one process"
            raise NotFound(f"{job.name} has no log of rank {asked.rank}; there are {there}")
        return ranks[asked.rank]
    if asked.file is not None and asked.file not in names:
        raise NotFound(f"{job.name} has no log {asked.file}{near(asked.file, names)}")
    return asked.file or names[0]


async def _read(tail: LogTail, output: Output) -> None:
    """As much as the file holds now: a running job would go on writing for ever."""
    async for piece in tail.tails():
        if piece.error is not None:
            raise piece.error
        output.write(piece.data)
        if not piece.data or (piece.size is not None and tail.read_to >= piece.size):
            break
    output.end()


async def _follow(job: Job, tail: LogTail, output: Output) -> None:
    """Until the job is over and nothing more comes."""
    tail.final = job.ended_for_good
    watching = asyncio.create_task(_watch(tail))
    try:
        async for piece in tail.tails():
            if piece.anew:
                say(f"{tail.path} is not the same file any more; from its start")
            output.write(piece.data)
            if piece.error is not None:
                say(f"{sentence(piece.error)}; trying again")
    finally:
        watching.cancel()
        output.end()


async def followed(place: WorkspaceClient, job: Job, last: int | None = None) -> Job:
    """Print the user's log of a job as it grows; the job as it was at its end."""
    from amltui.azure import jobs, logs
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.log_tail import LogTail
    from amltui.feeds.open_log import last_lines

    files = await logs.files(place, job.name)
    while not any(file.kind <= LogKind.RUNTIME for file in files) and not job.ended_for_good:
        await asyncio.sleep(LOOK_AGAIN)
        job = await jobs.get(place, job.name)
        files = await logs.files(place, job.name)
    if not files:
        say(f"{job.name} ({job.status}) has no logs")
        return job
    tail = LogTail(place, job.name, files[0].path, SystemClock())
    if last is not None:
        tail.read_to = await last_lines(tail, last)
    await _follow(job, tail, Output())
    return await jobs.get(place, job.name)


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
    """Bytes to stdout: as they are into a pipe, harmless on a terminal; or only some lines."""

    def __init__(self, sieve: Sieve | None = None) -> None:
        self._sieve = sieve
        self._literal = sys.stdout.isatty()
        self._window = LogWindow() if self._literal or sieve is not None else None

    def write(self, data: bytes) -> None:
        if self._window is None:
            sys.stdout.buffer.write(data)
        else:
            self._window.append(data)
            self._print(self._window, self._window.finished)
        sys.stdout.flush()

    def end(self) -> None:
        if self._window is not None:
            self._print(self._window, len(self._window))

    def _print(self, window: LogWindow, stop: int) -> None:
        """The lines before `stop`; they are not kept."""
        for row in range(stop):
            text = plain(window.text(row))
            if self._sieve is not None and not self._sieve.keeps(text):
                continue
            if self._literal:
                print(literal(text))
            else:
                sys.stdout.buffer.write(window.raw(row) + b"\n")
        window.drop(stop)
