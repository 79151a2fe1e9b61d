"""`amltui quota`: how much of every limit is used, by whom, and what is left."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from amltui.cli import gather, records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, code_of, say, sentence, worst
from amltui.cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amltui.azure.client import AzureClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.quota import Usage
    from amltui.feeds.usages import Region
    from amltui.kinds.quota import Limited


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "quota", "tell the vCPU quotas: used, limit, free, and who holds them")
    made.add_argument("-o", "--output", choices=records.FORMATS, default="table")
    made.add_argument("--region", metavar="NAME", help="only this region, also without a compute")
    made.add_argument("--family", metavar="TEXT", default="", help="only families named so")
    made.add_argument("--used", action="store_true", help="only what is in use")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_tell(asked, settings)))


async def _tell(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure.errors import AzureError
    from amltui.feeds import usages
    from amltui.kinds import quota

    codes = []
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        regions, code = await _regions(client, places, asked.region)
        questions = usages.questions(client, regions)
        answers = await asyncio.gather(
            *(ask() for ask in questions.values()), return_exceptions=True
        )
    found: list[Usage] = []
    for key, answer in zip(questions, answers, strict=True):
        if isinstance(answer, AzureError):
            codes.append(code_of(answer))
            say(f"{key.partition('/')[2]}: {sentence(answer)}")
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found += answer.items
    lines = [each for each in quota.limits(found) if _is_wanted(each, asked)]
    _print(lines, asked.output)
    return worst([code, *codes])


async def _regions(
    client: AzureClient, places: Sequence[WorkspaceId], wanted: str | None
) -> tuple[set[Region], int]:
    """The region that was asked for, or those that computes are in."""
    from amltui.feeds import usages
    from amltui.kinds.compute import COMPUTE

    if wanted is not None:
        return {usages.region(place.subscription_id, wanted) for place in places}, DONE
    listed = await gather.listed(client, COMPUTE, places)
    regions = {
        usages.region(each.workspace.subscription_id, each.location)
        for each in listed.items
        if each.location
    }
    return regions, listed.report() if listed.failures else DONE


def _is_wanted(line: Limited, asked: argparse.Namespace) -> bool:
    usage = line.usage
    if usage is None or (asked.used and not usage.used):
        return False
    return asked.family.lower() in f"{usage.title} {usage.name}".lower()


def _print(lines: Sequence[Limited], form: str) -> None:
    from amltui.kinds import format as fmt
    from amltui.kinds import quota

    if form != "table":
        records.write([quota.record(each) for each in lines], form)
        return
    rows = []
    for each in lines:
        usage = each.usage
        assert usage is not None
        free = fmt.NONE if usage.free is None else str(usage.free)
        limit = "none" if usage.limit < 0 else str(usage.limit)
        held = ", ".join(f"{part.who} {part.used}" for part in each.holders)
        rows.append((usage.title, usage.region, usage.place or "all", str(usage.used), limit,
                     free, held))  # fmt: skip
    for text in table.columns(("FAMILY", "REGION", "OF", "USED", "LIMIT", "FREE", "HELD BY"), rows):
        print(text)
    if not rows:
        say("no limit is told: there is no compute in these workspaces, or none matches")
