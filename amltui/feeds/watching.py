"""Watching jobs, whatever screen is open: looks at each politely, and tells each event once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from amltui.azure.errors import AzureError, NotFound
from amltui.domain import watch as rules
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.watch import Condition, Event, History, Look, Rule
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Feed
from amltui.feeds.looking import Known, look
from amltui.feeds.watches import Watch, Watches

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.overview import JobNow

PACE = 30.0
"""Seconds between two looks at a watched job."""
AT_ONCE = 4
"""Looks at jobs of one subscription at the same time."""
GONE, ENDED = "gone", "ended"
"""Keys of the ends of watches themselves."""


class News(NamedTuple):
    """An event, and what it is about."""

    watch: Watch
    job: Job | None
    """None where there is none any more."""
    event: Event
    at: datetime

    @property
    def name(self) -> str:
        return self.job.title if self.job is not None else self.watch.title


class Sight(Struct):
    """How the looking goes: not kept."""

    looked: datetime | None = None
    """When there was last an answer."""
    status: str = ""
    error: AzureError | None = None
    since: datetime | None = None
    """When looking began to fail."""


class Watching:
    """Holds the watches, and follows one feed for each job that is watched."""

    def __init__(
        self,
        clock: Clock,
        watches: Watches,
        on_news: Callable[[News], None],
        on_change: Callable[[], None] = lambda: None,
        pace: float = PACE,
    ) -> None:
        self.clock = clock
        self.watches = watches
        self.feeds: dict[str, Feed[Look]] = {}
        """By the keys of watches."""
        self._on_news, self._on_change, self._pace = on_news, on_change, pace
        self._sights: defaultdict[str, Sight] = defaultdict(Sight)
        self._changed = asyncio.Event()
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONCE)
        )

    # What is watched

    @property
    def active(self) -> list[Watch]:
        return [each for each in self.watches.all if not each.over]

    def watches_job(self, key: str) -> bool:
        """Whether the job of this key is watched by itself."""
        return self.watches.of(key) is not None

    def sight(self, key: str) -> Sight:
        """How the looking of a watch goes."""
        return self._sights[key]

    def start(self, job: Job, conditions: Sequence[Condition] = rules.USUAL) -> Watch:
        """Watch a job from now on, or for something else than before."""
        known = self.watches.of(job.key)
        watch = known or Watch(
            self.clock.now(), workspace=job.workspace, name=job.name, title=job.title
        )
        return self._put(replace(watch, conditions=tuple(conditions)))

    def start_general(self, conditions: Sequence[Condition], text: str) -> Watch:
        """Watch every job, in all workspaces, that passes a filter."""
        watch = Watch(self.clock.now(), tuple(conditions), title=text or "every job", filter=text)
        return self._put(self.watches.of(watch.key) or watch)

    def end(self, key: str) -> None:
        """Watch this no longer, and forget it."""
        self.watches.drop(key)
        self._sights.pop(key, None)
        self._wake()

    def _put(self, watch: Watch) -> Watch:
        self.watches.put(watch)
        if watch.key in self.feeds:
            self.feeds[watch.key].refresh()
        self._wake()
        return watch

    def _wake(self) -> None:
        self._changed.set()
        self._on_change()

    # Looking

    async def run(
        self,
        azure: AzureClient,
        places: Sequence[WorkspaceId],
        listed: Callable[[str], Job | None] = lambda key: None,
    ) -> None:
        """Look at the watched jobs of these workspaces, until cancelled.

        `listed` is a job as an open list has just told it, so that it is not asked for again.
        """
        readable = {place.key for place in places}
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                self._changed.clear()
                tasks = {key: task for key, task in tasks.items() if not task.done()}
                wanted = {
                    each.key: each
                    for each in self.active
                    if each.workspace is not None and each.workspace.key in readable
                }
                for key in tasks.keys() - wanted.keys():
                    tasks.pop(key).cancel()
                    self.feeds.pop(key, None)
                for key in wanted.keys() - tasks.keys():
                    tasks[key] = asyncio.create_task(self._follow(azure, wanted[key], listed))
                await self._next(list(tasks.values()))
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            self.feeds.clear()

    async def _next(self, tasks: list[asyncio.Task[None]]) -> None:
        """Until something else is to be watched; a bug in a task is raised here."""
        waiting = asyncio.create_task(self._changed.wait())
        try:
            pending = [task for task in tasks if not task.done()]
            await asyncio.wait([waiting, *pending], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()

    async def _follow(
        self, azure: AzureClient, watch: Watch, listed: Callable[[str], Job | None]
    ) -> None:
        assert watch.workspace is not None
        key, place = watch.key, azure.workspace(watch.workspace)
        turn, known = self._turns[watch.workspace.subscription_id.lower()], Known()

        async def fetch() -> Listing[Look]:
            now = self.watches.of(key) or watch
            async with turn:
                seen = await look(place, watch.name, now.conditions, known, self.clock, listed(key))
            return Listing((seen,))

        feed: Feed[Look] = Feed(fetch, lambda _: self._pace, self.clock)
        self.feeds[key] = feed
        async for snapshot in feed.snapshots():
            current = self.watches.of(key)
            if current is None:
                return
            if snapshot.error is not None:
                if self._failed(current, snapshot.error):
                    return
            elif self._looked(current, snapshot.items[0]):
                return

    def _failed(self, watch: Watch, error: AzureError) -> bool:
        """Whether there is nothing left to look at: the job has been deleted."""
        sight, now = self._sights[watch.key], self.clock.now()
        sight.error, sight.since = error, sight.since or now
        gone = isinstance(error, NotFound)
        if gone:
            event = Event(GONE, None, f"is not there any more: {error}", Health.UNKNOWN)
            ended = replace(watch, over="gone", last=event.text, last_at=now)
            self.watches.put(ended)
            self._on_news(News(ended, None, event, now))
        self._on_change()
        return gone

    def _looked(self, watch: Watch, seen: Look) -> bool:
        """Whether the job has come to its end, and the watch with it."""
        sight = self._sights[watch.key]
        sight.looked, sight.status = seen.at, seen.job.status or "?"
        sight.error = sight.since = None
        job = seen.job
        before = watch.histories.get(job.key, History())
        events, after = rules.judge(watch.conditions, before, seen)
        over = (job.status or "ended") if job.ended_for_good else ""
        if over and not events:  # nobody must go on waiting for news that cannot come
            events = (Event(ENDED, None, f"{over}: its watch has ended", job.health),)
        self._tell(watch, job, before, after, events, seen.at, over)
        self._on_change()
        return job.ended_for_good

    def hear(
        self,
        jobs: Sequence[JobNow],
        passes: Callable[[str, Job], bool],
        rates: Mapping[str, float | None],
        failing: Mapping[str, AzureError],
    ) -> None:
        """What all workspaces have told, for the watches that are about all of them.

        `passes` tells whether a job passes a filter, `rates` what jobs cost by the hour, `failing`
        the workspaces that could not be asked.
        """
        now = self.clock.now()
        for watch in [each for each in self.active if each.is_general]:
            sight = self._sights[watch.key]
            sight.error = next(iter(failing.values()), None)
            sight.since = None if sight.error is None else sight.since or now
            if jobs:
                sight.looked = now
            matching = [each for each in jobs if passes(watch.filter, each.job)]
            sight.status = f"{len(matching)} job{'s' * (len(matching) != 1)}"
            for each in matching:
                self._hear(watch.key, each, rates.get(each.job.key), now)

    def _hear(self, key: str, each: JobNow, rate: float | None, now: datetime) -> None:
        watch, job = self.watches.of(key), each.job
        if watch is None:
            return
        before = watch.histories.get(job.key)
        if before is not None and job.ended_for_good and not before.has_run:
            return  # all has been told
        conditions = [
            condition
            for condition in watch.conditions
            if each.values or condition.rule is not Rule.STALLED
        ]
        seen = Look(job, each.read or now, each.values, per_hour=rate)
        events, after = rules.judge(conditions, before or History(), seen)
        ended = job.ended or job.created
        if before is None and job.ended_for_good and (ended is None or ended <= watch.since):
            events = ()
        self._tell(watch, job, before, after, events, now)

    def _tell(
        self,
        watch: Watch,
        job: Job,
        before: History | None,
        after: History,
        events: Sequence[Event],
        at: datetime,
        over: str = "",
    ) -> None:
        """Keep first what is going to be told, so that it is told once over restarts."""
        if before != after or over:
            watch = replace(watch.heard(job.key, after, events, at), over=over)
            self.watches.put(watch)
        for event in events:
            self._on_news(News(watch, job, event, at))
