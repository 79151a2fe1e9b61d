"""`amltui job NAME`: one job."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from amltui.azure import waiting
from amltui.cli import find, records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.settings import Settings
from amltui.domain.waiting import Why, waits
from amltui.kinds.job import JOB
from amltui.kinds.kind import Cell, Row


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "job", "show one job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        why = await waiting.why(client.workspace(job.workspace), job) if waits(job) else None
    now = datetime.now(UTC)
    if asked.output == "json":
        print(records.to_json(JOB.record(job, now) | ({"waiting": _record(why)} if why else {})))
        return 0
    facts = [
        (fact.name, fact.value.text if isinstance(fact.value, Cell) else fact.value)
        for fact in JOB.facts(Row(job, now, extra=why))
    ]
    for line in table.columns(("FACT", "VALUE"), facts):
        print(line)
    return 0


def _record(why: Why) -> dict[str, object]:
    return {
        "reason": why.reason.name.lower(),
        "sentence": why.sentence,
        "evidence": list(why.evidence),
    }
