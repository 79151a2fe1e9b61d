"""`amltui jobs`, `compute`, `models`, `workspaces`: every kind as a table or as data."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

from amltui.cli import gather, records, session, table
from amltui.cli.arguments import Parsers, command, count
from amltui.cli.exits import say
from amltui.cli.settings import Settings
from amltui.kinds.kind import Kind, PerCloud, Row
from amltui.kinds.registry import KINDS

NAMES = {"compute": "compute"}
"""Commands that are not called by the kind's plural."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    for kind in KINDS:
        name = NAMES.get(kind.name, kind.noun[1])
        made = command(parsers, name, f"list {kind.noun[1]}")
        made.add_argument("-o", "--output", choices=records.FORMATS, default="table")
        usual = "the 100 newest" if _is_cut(kind) else "all"
        made.add_argument(
            "--limit", type=count, help=f"at most so many of each workspace; 0 is all ({usual})"
        )
        made.set_defaults(run=partial(_run, kind))


def _is_cut(kind: Kind[Any]) -> bool:
    return getattr(kind.source, "newest", None) is not None


def _run(kind: Kind[Any], asked: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(_list(kind, asked, settings))


async def _list(kind: Kind[Any], asked: argparse.Namespace, settings: Settings) -> int:
    async with session.signed_in(settings) as client:
        everywhere = isinstance(kind.source, PerCloud)
        places = () if everywhere else await session.scope(client, settings)
        found = await gather.listed(client, kind, places, asked.limit)
    now = datetime.now(UTC)
    if everywhere:
        found = gather.Gathered(
            tuple(item for item in found.items if settings.wish.matches(item.workspace)),
            found.more,
            found.notes,
            found.failures,
        )
    if asked.output == "table":
        rows = [Row(item, now) for item in found.items]
        for line in table.lines(kind, rows, table.room(), scattered=len(places) > 1):
            print(line)
        if not rows and not found.failures:
            say(kind.empty)
    else:
        records.write([kind.record(item, now) for item in found.items], asked.output)
    if found.more:
        say(f"showing {len(found.items)}; there are more: --limit 0 lists all")
    return found.report()
