"""`amltui watch [NAME…]`: a line for each thing that happens to jobs."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.cli import find, records, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, Usage, say, sentence
from amltui.cli.settings import Settings
from amltui.domain.query.parse import parse
from amltui.domain.watch import RULES, USUAL, Condition, Rule, condition
from amltui.kinds.fields import Asker, complaint, sieve
from amltui.kinds.format import iso, one_line
from amltui.kinds.job import JOB
from amltui.kinds.kind import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amltui.azure.client import AzureClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.job import Job
    from amltui.feeds.watching import News, Watching

PACE = 10.0
"""Seconds between two looks at a job that is watched by name."""
SINGLE = {Rule.DIVERGED, Rule.COST}
"""Rules that need more of a job than lists tell."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    about = "print a line for each thing that happens to jobs, until they have ended"
    made = command(parsers, "watch", about)
    made.add_argument("names", metavar="NAME", nargs="*", help="without one, every job")
    made.add_argument(
        "--rule",
        metavar="RULE",
        action="append",
        default=[],
        help="finished, failed, nan, diverging, stalled:30m, cost:50, duration:8h, preempted;"
        " may be given several times",
    )
    made.add_argument("--filter", metavar="TEXT", default="", help="which jobs, without names")
    made.add_argument("--json", action="store_true", help="JSON, one line for each")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_watch(asked, settings)))


async def _watch(asked: argparse.Namespace, settings: Settings) -> int:
    conditions = _conditions(asked)
    query = parse(asked.filter, [field.spec for field in JOB.fields])
    if query.complaint:
        raise Usage(f"--filter: {query.complaint}")
    from amltui.azure import identity

    async with session.signed_in(settings) as client:
        asker = Asker(*await identity.names(client)) if query.conditions else Asker()
        if wrong := complaint(query, JOB.fields, asker):
            raise Usage(f"--filter: {wrong}")
        places = await session.scope(client, settings)
        told = Told(asked.json, settings.watch_hook)
        if asked.names:
            await _by_name(client, places, asked.names, conditions, told)
        else:
            passes = sieve(query, JOB.columns, JOB.fields, asker)
            await _by_filter(
                client,
                places,
                conditions,
                told,
                lambda job: bool(passes(Row(job, datetime.now(UTC)))),
            )
        await told.end()
    return DONE


def _conditions(asked: argparse.Namespace) -> Sequence[Condition]:
    if asked.names and asked.filter:
        raise Usage("names and --filter exclude each other: give one of them")
    found = []
    for text in asked.rule:
        each = condition(text)
        if each is None:
            raise Usage(f"--rule: {text} is none of {', '.join(RULES)}, or has no sensible limit")
        found.append(each)
    if not asked.names and (odd := next((e for e in found if e.rule in SINGLE), None)):
        raise Usage(f"--rule: {odd.text} needs the names of jobs")
    return found or USUAL


async def _by_name(
    client: AzureClient,
    places: Sequence[WorkspaceId],
    names: Sequence[str],
    conditions: Sequence[Condition],
    told: Told,
) -> None:
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.watches import Watches
    from amltui.feeds.watching import Watching

    found = [await find.one(client, JOB, places, name) for name in dict.fromkeys(names)]
    over = asyncio.Event()

    def changed() -> None:
        told.trouble(watching)
        if found and not watching.active:
            over.set()

    watching = Watching(SystemClock(), Watches(), told.news, changed, PACE)
    for job in found:
        watching.start(job, conditions)
    looking = asyncio.create_task(watching.run(client, places))
    waiting = asyncio.create_task(over.wait())
    try:
        await asyncio.wait([looking, waiting], return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
    finally:
        for task in (looking, waiting):
            task.cancel()
        await asyncio.gather(looking, waiting, return_exceptions=True)


async def _by_filter(
    client: AzureClient,
    places: Sequence[WorkspaceId],
    conditions: Sequence[Condition],
    told: Told,
    passes: Any,
) -> None:
    """For ever: there is always another job that may come."""
    from amltui.feeds.clock import SystemClock
    from amltui.feeds.overview import OverviewFeed
    from amltui.feeds.watches import Watches
    from amltui.feeds.watching import Watching

    watching = Watching(SystemClock(), Watches(), told.news)
    watching.start_general(conditions, "")
    board = OverviewFeed(client, SystemClock(), places).boards["jobs"]
    async for view in board.views():
        failing = {key: part.error for key, part in view.failing.items() if part.error}
        watching.hear(view.items, lambda text, job: passes(job), {}, failing)
        told.trouble(watching)


class Told:
    """Prints news, and has the user's own command run for each."""

    def __init__(self, as_json: bool, hook: str) -> None:
        self._json, self._hook = as_json, hook
        self._troubled: set[str] = set()
        self._hooks: set[asyncio.Task[None]] = set()

    def news(self, news: News) -> None:
        record = _record(news)
        if self._json:
            print(records.to_json(record, indent=None), flush=True)
        else:
            when = f"{news.at.astimezone():%H:%M:%S}"
            print(f"{when}  {one_line(news.name)}  {one_line(news.event.text)}", flush=True)
        if self._hook:
            task = asyncio.get_running_loop().create_task(self._run(record))
            self._hooks.add(task)
            task.add_done_callback(self._hooks.discard)

    async def _run(self, record: dict[str, Any]) -> None:
        from amltui.feeds import hook

        try:
            await hook.run(self._hook, {k.upper(): str(v or "") for k, v in record.items()})
        except hook.Unrunnable as trouble:
            say(str(trouble))

    def trouble(self, watching: Watching) -> None:
        """Say when looking begins to fail, and when it succeeds again."""
        for watch in watching.active:
            error = watching.sight(watch.key).error
            if (error is not None) is (watch.key in self._troubled):
                continue
            name = one_line(watch.title)
            if error is not None:
                self._troubled.add(watch.key)
                say(f"{name}: could not look: {sentence(error)}; trying on")
            else:
                self._troubled.discard(watch.key)
                say(f"{name}: looking again")

    async def end(self) -> None:
        """Let the user's command come to its end."""
        await asyncio.gather(*self._hooks)


def _record(news: News) -> dict[str, Any]:
    job: Job | None = news.job
    place = job.workspace if job is not None else news.watch.workspace
    return {
        "event": news.event.rule.value if news.event.rule else news.event.key,
        "text": news.event.text,
        "job": job.name if job is not None else news.watch.name,
        "title": news.name,
        "status": job.status if job is not None else None,
        "experiment": job.experiment if job is not None else None,
        "workspace": place.name if place is not None else None,
        "url": job.studio_url if job is not None else None,
        "at": iso(news.at),
    }
