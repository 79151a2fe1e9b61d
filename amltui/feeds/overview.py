"""What all workspaces have running, whatever screen is open: asked slowly, a few at once."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from amltui.azure.errors import AzureError, NotSignedIn
from amltui.azure.turns import Urgency, asking
from amltui.domain.job_cost import ORCHESTRATED
from amltui.domain.listing import Listing
from amltui.domain.overview import JobNow, Overview
from amltui.feeds.board import COALESCE, Board, View
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Feed
from amltui.feeds.pace import times

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient, WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.job import Job

T = TypeVar("T")

PACES = {"computes": 60.0, "jobs": 30.0, "deployments": 120.0}
"""Seconds between two questions to one workspace, as long as there are not many of them."""
AT_ONCE = 4
"""Questions to one subscription at the same time: its limits are its own, and one that never
answers holds up nobody else."""
RESTS = 4.0
"""Times as long as an overview takes it rests before the next."""
NEWEST = 100
"""Jobs of each workspace that are looked at."""
MOST_VALUES = 40
"""Running jobs of each workspace whose metrics are asked for."""


class OverviewFeed:
    """Three feeds of each workspace, read as one overview. One reader at a time."""

    def __init__(self, azure: AzureClient, clock: Clock, places: Sequence[WorkspaceId]) -> None:
        self.clock = clock
        self.places = tuple(places)
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONCE)
        )
        self._fewer = fewer = times(len(self.places))

        def board(name: str, ask: Callable[[WorkspaceClient], Awaitable[Listing[T]]]) -> Board[T]:
            pace = PACES[name] * fewer
            return Board(
                {
                    place.key: Feed(self._taking_turns(ask, azure.workspace(place)), _every(pace),
                                    clock)
                    for place in self.places
                }
            )  # fmt: skip

        self.boards: dict[str, Board[Any]] = {
            "computes": board("computes", _computes),
            "jobs": board("jobs", self._jobs),
            "deployments": board("deployments", self._deployments),
        }
        self.pace = max(PACES.values()) * fewer
        """Seconds after which the slowest part of it is told again."""

    def view(self, name: str) -> View[Any]:
        """What is known of one sort: computes, jobs or deployments."""
        return self.boards[name].latest

    @property
    def latest(self) -> Overview:
        """What is known now."""
        computes, jobs, deployments = (
            self.view(name) for name in ("computes", "jobs", "deployments")
        )
        billed = (computes, deployments)
        silent = {
            key for view in billed for key, part in view.parts.items() if not part.loaded
        }  # fmt: skip
        moments = [view.oldest for view in (computes, jobs, deployments) if view.oldest]
        return Overview(
            self.clock.now(),
            self.places,
            computes.items,
            deployments.items,
            jobs.items,
            frozenset(silent),
            min(moments, default=None),
        )

    @property
    def is_settled(self) -> bool:
        """Whether every question has been answered or refused once."""
        parts = [part for name in self.boards for part in self.view(name).parts.values()]
        return all(part.loaded or part.error for part in parts)

    async def overviews(self) -> AsyncIterator[Overview]:
        """An overview whenever something new was told, and what is known at once."""
        changed = asyncio.Event()

        async def read(board: Board[Any]) -> None:
            async for _ in board.views():
                changed.set()

        readers = [asyncio.create_task(read(board)) for board in self.boards.values()]
        pause = COALESCE * self._fewer
        try:
            while True:
                waiting = asyncio.create_task(changed.wait())
                await asyncio.wait([waiting, *readers], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                for reader in readers:
                    if reader.done():
                        reader.result()
                await asyncio.sleep(pause)
                changed.clear()
                told, began = self.latest, time.perf_counter()
                if told.is_large:
                    # Beside the loop, and not all the time: threads take turns with it.
                    await asyncio.to_thread(told.work_out)
                yield told
                took = time.perf_counter() - began
                pause = max(COALESCE * self._fewer, RESTS * took)
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)

    def refresh(self, place: WorkspaceId | None = None) -> None:
        """Ask about one workspace now, or about all of them."""
        for board in self.boards.values():
            if place is None:
                for feed in board.feeds.values():
                    feed.refresh()
            elif place.key in board.feeds:
                board.feeds[place.key].refresh()

    def has_told_since(self, name: str, place: WorkspaceId, moment: datetime) -> bool:
        """Whether a workspace has told one sort of things after a moment."""
        part = self.view(name).parts.get(place.key)
        return part is not None and part.at is not None and part.at > moment

    def _taking_turns(
        self, ask: Callable[[WorkspaceClient], Awaitable[Listing[T]]], place: WorkspaceClient
    ) -> Callable[[], Awaitable[Listing[T]]]:
        turn = self._turns[place.id.subscription_id.lower()]

        async def fetch() -> Listing[T]:
            async with turn:
                with asking(Urgency.MANY):
                    return await ask(place)

        return fetch

    async def _jobs(self, place: WorkspaceClient) -> Listing[JobNow]:
        """The newest jobs, and what those that run have logged last."""
        from amltui.azure import jobs, serverless

        listing = await jobs.newest(place, NEWEST)
        running = [job for job in listing.items if job.is_running and _logs(job)][:MOST_VALUES]
        told = dict(
            zip(
                [job.key for job in running],
                await asyncio.gather(*(_values(place, job) for job in running)),
                strict=True,
            )
        )
        prices = await serverless.priced_jobs(place, listing.items)
        now = self.clock.now()
        items = tuple(
            JobNow(job, told.get(job.key, {}), now, prices.get(job.key)) for job in listing.items
        )
        return Listing(items, listing.more, listing.notes)

    async def _deployments(self, place: WorkspaceClient) -> Listing[Any]:
        from amltui.azure import endpoints

        return await endpoints.deployments(place, self.clock.now())


async def _computes(place: WorkspaceClient) -> Listing[Any]:
    from amltui.azure import computes

    return await computes.list_all(place)


def _logs(job: Job) -> bool:
    return (job.type or "").lower() not in ORCHESTRATED


async def _values(place: WorkspaceClient, job: Job) -> dict[str, Any]:
    """Nothing where they cannot be had: of that job no trouble is told then."""
    from amltui.azure import metrics

    try:
        return await metrics.last_values(place, job.name)
    except NotSignedIn:
        raise
    except AzureError:
        return {}


def _every(seconds: float) -> Callable[[Sequence[Any]], float]:
    return lambda _: seconds
