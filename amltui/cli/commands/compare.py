"""`amltui compare A B …`: runs side by side."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from amltui.cli import find, records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import Usage, say
from amltui.cli.settings import Settings
from amltui.domain.comparison import LETTERS, METRIC, lines
from amltui.kinds.comparison import delta_of, markdown, record, value_of, verdict
from amltui.kinds.format import NONE
from amltui.kinds.job import JOB


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "compare", "metrics and differences; the first job is the baseline")
    made.add_argument("names", metavar="NAME", nargs="+")
    made.add_argument("--all", action="store_true", help="also what does not differ")
    made.add_argument("-o", "--output", choices=(*records.FORMATS, "md", "svg"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_show(asked, settings)))


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import sides

    names = list(dict.fromkeys(asked.names))
    if not 2 <= len(names) <= len(LETTERS):
        raise Usage(f"compare takes 2 to {len(LETTERS)} jobs")
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        jobs = await asyncio.gather(*(find.one(client, JOB, places, name) for name in names))
        found = await asyncio.gather(
            *(sides.get(client.workspace(job.workspace), job) for job in jobs)
        )
    for side in found:
        if side.note:
            say(side.note)
    told = lines(found, datetime.now(UTC))
    shown = [line for line in told if asked.all or line.differs or line.group == METRIC]
    if asked.output == "md":
        print(markdown(found, shown, 0))
    elif asked.output == "svg":
        from amltui.ui.comparison_picture import svg

        print(svg(found, shown, 0), end="")
    elif asked.output != "table":
        records.write(record(found, shown, 0), asked.output)
    else:
        rows = []
        for line in shown:
            cells = [value_of(line, 0)]
            for index in range(1, len(found)):
                delta = delta_of(line, index, 0)
                cells.append(value_of(line, index) + (f" {delta}" if delta != NONE else ""))
            rows.append((line.group, line.name, *cells))
        runs = (f"{letter} {side.job.title}" for letter, side in zip(LETTERS, found, strict=False))
        for text in table.columns(("GROUP", "NAME", *runs), rows):
            print(text)
        say(verdict(found, told, 0))
    return 0
