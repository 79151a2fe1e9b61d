"""`amltui follow --experiment X --latest`: the log of its newest job, until the job is over."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amltui.azure.errors import NotFound
from amltui.cli import gather, results, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.commands import logs
from amltui.cli.exits import say
from amltui.cli.settings import Settings
from amltui.domain.query.parse import parse
from amltui.kinds.fields import Asker
from amltui.kinds.format import one_line
from amltui.kinds.job import JOB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amltui.azure.client import AzureClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.job import Job

NEVER = datetime.min.replace(tzinfo=UTC)
PACE = 10.0
"""Seconds between two looks for a job that has not come yet."""
LOOKED_AT = 20
"""Newest jobs of each workspace among which the newest of the experiment is looked for."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    about = "follow the log of an experiment's newest job; the exit code is that of `wait`"
    made = command(parsers, "follow", about)
    made.add_argument("--experiment", metavar="NAME", required=True)
    made.add_argument("--latest", action="store_true", help="its newest job: the only choice yet")
    made.add_argument("--wait", action="store_true", help="for a job, where there is none yet")
    made.add_argument("-n", "--tail", type=logs.number, metavar="LINES", help="only the last lines")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_run(asked, settings)))


async def _run(asked: argparse.Namespace, settings: Settings) -> int:
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        job = await _newest(client, places, asked.experiment, wait=asked.wait)
        say(f"{one_line(job.title)} ({job.name}) {one_line(job.status or '?')}")
        ended = await logs.followed(client.workspace(job.workspace), job, asked.tail)
    say(f"{one_line(ended.title)} {one_line(ended.status or '?')}")
    return results.of(ended)


async def _newest(
    client: AzureClient, places: Sequence[WorkspaceId], experiment: str, *, wait: bool
) -> Job:
    """NotFound without one, unless it is waited for; what a place answers badly is raised then."""
    quoted = experiment.replace('"', "")
    query = parse(f'experiment:"{quoted}"', [field.spec for field in JOB.fields])
    told = False
    while True:
        found = await gather.listed(client, JOB, places, LOOKED_AT, query, Asker())
        jobs = [job for job in found.items if (job.experiment or "").lower() == experiment.lower()]
        if jobs:
            newest: Job = max(jobs, key=lambda job: job.created or NEVER)
            return newest
        if not wait:
            if found.failures:
                raise found.failures[0][1]
            raise NotFound(f"experiment {experiment} has no job; --wait waits for one")
        if not told:
            say(f"waiting for a job of {experiment}")
            told = True
        await asyncio.sleep(PACE)
