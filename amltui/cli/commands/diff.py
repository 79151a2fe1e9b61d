"""`amltui diff JOB [OTHER]`: what a job's documents say differently."""

from __future__ import annotations

import argparse
import asyncio
import json

from amltui.cli import find, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import say
from amltui.cli.settings import Settings
from amltui.kinds.job import JOB


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "diff", "what differs from another job, or from the last that worked")
    made.add_argument("name", metavar="NAME")
    made.add_argument("other", metavar="OTHER", nargs="?", help="else the experiment's last"
                      " completed job before it")  # fmt: skip
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import documents
    from amltui.azure.earlier import LOOKED_AT, worked
    from amltui.azure.errors import NotFound
    from amltui.domain.differing import differences, told

    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        job = await find.one(client, JOB, places, asked.name)
        place = client.workspace(job.workspace)
        if asked.other is not None:
            other = await find.one(client, JOB, places, asked.other)
        else:
            found = await worked(place, job)
            if found is None:
                raise NotFound(
                    f"no completed job of {job.experiment} before {job.title} is among the"
                    f" {LOOKED_AT} newest of {job.workspace.name}: name the other one"
                )
            other = found
        before, after = await asyncio.gather(
            documents.of_job(client.workspace(other.workspace), other.name),
            documents.of_job(place, job.name),
        )
    records = []
    for old, new in zip(before.items, after.items, strict=True):
        if (error := old.error or new.error) is not None:
            say(f"{new.title}: {error}")
            continue
        members = differences(old.told, new.told, (other.name, job.name))
        records += [
            {"document": new.title, "path": each.path, "before": each.before, "after": each.after,
             "in_any_two": each.is_own}
            for each in members
        ]  # fmt: skip
        if asked.output == "table":
            print(f"{new.title}: - {other.title}  + {job.title}\n")
            print(told(members) or "Nothing differs.")
    if asked.output == "json":
        print(json.dumps(records, indent=2))
    return 0
