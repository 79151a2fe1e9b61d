"""`amltui wait NAME…`: until jobs have ended; the exit code says how."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from amltui.azure.errors import NotAllowed, NotFound, NotSignedIn
from amltui.cli import find, results, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, NOT_FOUND, Usage, say, sentence, worst
from amltui.cli.settings import Settings
from amltui.domain.listing import Listing
from amltui.domain.query.values import seconds
from amltui.kinds.format import duration, one_line
from amltui.kinds.job import JOB

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.job import Job

PACE = 10.0
"""Seconds between two looks at a job."""
HOPELESS = (NotSignedIn, NotAllowed)


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    about = (
        "wait for the end of jobs; exit code 0 completed, 5 failed, 6 canceled, 4 not found,"
        " 124 --timeout"
    )
    made = command(parsers, "wait", about)
    made.add_argument("names", metavar="NAME", nargs="+")
    made.add_argument("--timeout", metavar="TIME", help="at most so long: 90, 30m, 2h")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_wait(asked, settings)))


async def _wait(asked: argparse.Namespace, settings: Settings) -> int:
    limit = seconds(asked.timeout) if asked.timeout is not None else None
    if asked.timeout is not None and limit is None:
        raise Usage(f"--timeout: {asked.timeout} is no length of time: 90, 30m, 2h")
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        found = [await find.one(client, JOB, places, name) for name in dict.fromkeys(asked.names)]
        try:
            async with asyncio.timeout(limit):
                return worst(list(await asyncio.gather(*(end_of(client, job) for job in found))))
        except TimeoutError:
            say(f"still not ended after {duration(limit)}")
            return results.TIMED_OUT


async def end_of(client: AzureClient, job: Job) -> int:
    """The code of what becomes of it, with every change of its status told on the way.

    Trouble is told and outlasted; that nobody may look is raised.
    """
    from amltui.azure import jobs
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.feed import Feed

    place = client.workspace(job.workspace)

    async def fetch() -> Listing[Job]:
        return Listing((await jobs.get(place, job.name),))

    feed: Feed[Job] = Feed(fetch, lambda _: PACE, SystemClock())
    status: str | None = None
    failing = False
    async for snapshot in feed.snapshots():
        if isinstance(snapshot.error, NotFound):
            say(sentence(snapshot.error))
            return NOT_FOUND
        if isinstance(snapshot.error, HOPELESS):
            raise snapshot.error
        if snapshot.error is not None:
            if not failing:
                say(f"{one_line(job.title)}: could not look: {sentence(snapshot.error)}; trying on")
            failing = True
            continue
        failing = False
        (now,) = snapshot.items
        if now.status != status:
            status = now.status
            why = f": {one_line(now.error.summary)}" if now.error else ""
            say(f"{one_line(now.title)} {one_line(now.status or '?')}{why}")
        if now.ended_for_good:
            return results.of(now)
    return DONE
