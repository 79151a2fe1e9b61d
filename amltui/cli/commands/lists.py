"""`amltui jobs`, `compute`, `models`, `endpoints` …: every kind as a table or as data."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.azure import identity
from amltui.azure.errors import NotFound
from amltui.azure.places import near
from amltui.cli import gather, records, session, table
from amltui.cli.arguments import Parsers, command, count
from amltui.cli.exits import Usage, say
from amltui.cli.settings import Settings
from amltui.domain.query.condition import Query
from amltui.domain.query.parse import parse
from amltui.kinds.fields import Asker, complaint, sieve
from amltui.kinds.kind import Kind, PerCloud, Row
from amltui.kinds.registry import KINDS

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

NAMES = {"compute": "compute", "deployment": "endpoints"}
"""Commands that are not called by the kind's plural."""
NEWEST = 100
"""How many are listed where no other number was asked for and there may be very many."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    for kind in KINDS:
        name = NAMES.get(kind.name, kind.noun[1])
        made = command(parsers, name, f"list {kind.noun[1]}")
        made.add_argument("-o", "--output", choices=records.FORMATS, default="table")
        usual = f"the {NEWEST} newest" if _usual(kind) else "all"
        made.add_argument(
            "--limit",
            metavar="N",
            type=count,
            default=_usual(kind),
            help=f"at most so many; 0 is all, without it {usual}",
        )
        made.add_argument(
            "--filter",
            metavar="TEXT",
            default="",
            help=f"as typed after / in the dashboard: words, {', '.join(_examples(kind))} …",
        )
        made.set_defaults(run=partial(_run, kind))


def _usual(kind: Kind[Any]) -> int:
    return NEWEST if getattr(kind.source, "newest", None) is not None else 0


def _examples(kind: Kind[Any]) -> list[str]:
    return [field.spec.example for field in kind.fields[:4]]


def _run(kind: Kind[Any], asked: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(_list(kind, asked, settings))


async def _list(kind: Kind[Any], asked: argparse.Namespace, settings: Settings) -> int:
    query = parse(asked.filter, [field.spec for field in kind.fields])
    if query.complaint:
        raise Usage(f"--filter: {query.complaint}")
    async with session.signed_in(settings) as client:
        asker = await _asker(client, kind, query)
        everywhere = isinstance(kind.source, PerCloud)
        places = () if everywhere else await session.scope(client, settings)
        found = await gather.listed(client, kind, places, asked.limit, query, asker)
    passes = sieve(query, kind.columns, kind.fields, asker)
    now = datetime.now(UTC)
    found = replace(found, items=tuple(i for i in found.items if passes(Row(i, now))))
    if everywhere:
        found = _wished(found, settings)
    if asked.limit:
        found = found.newest(kind.source, asked.limit)
    if found.items or not found.failures:
        _print(kind, found.items, asked.output, scattered=len(places) > 1)
    if found.more:
        say(f"showing {len(found.items)}; {_more(asked)}")
    return found.report()


def _more(asked: argparse.Namespace) -> str:
    if asked.filter:
        return f"older ones than the {asked.limit} newest were not looked at: --limit 0 does"
    return "there are more: --limit 0 lists all"


async def _asker(client: AzureClient, kind: Kind[Any], query: Query) -> Asker:
    """Who is signed in; Usage if that matters and is not known."""
    asker = Asker(*await identity.names(client)) if query.conditions else Asker()
    if wrong := complaint(query, kind.fields, asker):
        raise Usage(f"--filter: {wrong}")
    return asker


def _print(kind: Kind[Any], items: Sequence[Any], form: str, *, scattered: bool) -> None:
    now = datetime.now(UTC)
    if form != "table":
        records.write([kind.record(item, now) for item in items], form)
        return
    rows = [Row(item, now) for item in items]
    for line in table.lines(kind, rows, table.room(), scattered=scattered):
        print(line)
    if not rows:
        say(kind.empty)


def _wished(found: gather.Gathered, settings: Settings) -> gather.Gathered:
    """Those of the place that was asked for; NotFound if it has none."""
    wish = settings.wish
    items = tuple(item for item in found.items if wish.matches(item.workspace))
    if found.items and not items:
        names = (item.workspace.name for item in found.items)
        raise NotFound(
            f"there is no {str(wish).removeprefix('any ')}{near(wish.workspace or '', names)}"
        )
    return replace(found, items=items)
