"""Several feeds of one kind read as one: the same list over many workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct, field

from amltui.azure.errors import AzureError
from amltui.azure.turns import Urgency, asking
from amltui.feeds.feed import Feed, Snapshot

T = TypeVar("T")

AT_ONCE = 4
"""Places that are asked for older rows at the same time."""
MANY = 20
"""Feeds of a list from which on what is looked at or done beside it goes before them."""
COALESCE = 0.05
"""Seconds in which answers of several workspaces are gathered into one repaint."""


class View(Struct, Generic[T], frozen=True):
    """The newest snapshot of each place."""

    parts: Mapping[str, Snapshot[T]] = field(default_factory=dict)

    @property
    def items(self) -> tuple[T, ...]:
        if len(self.parts) == 1:
            return next(iter(self.parts.values())).items
        return tuple(item for part in self.parts.values() for item in part.items)

    @property
    def answered(self) -> int:
        """How many places have answered at all."""
        return sum(part.loaded for part in self.parts.values())

    @property
    def failing(self) -> dict[str, Snapshot[T]]:
        """The places whose last question failed."""
        return {place: part for place, part in self.parts.items() if part.error}

    @property
    def oldest(self) -> datetime | None:
        """The age of the oldest rows shown; None before any answer."""
        return min((part.at for part in self.parts.values() if part.at), default=None)

    @property
    def newest(self) -> datetime | None:
        return max((part.at for part in self.parts.values() if part.at), default=None)

    @property
    def more(self) -> bool:
        return any(part.more for part in self.parts.values())

    @property
    def served(self) -> frozenset[str]:
        """Conditions that every place has looked at itself, as they were typed."""
        told = [frozenset(part.served) for part in self.parts.values() if part.loaded]
        return frozenset.intersection(*told) if told else frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for part in self.parts.values() for note in part.notes))

    @property
    def errors(self) -> tuple[AzureError, ...]:
        return tuple(part.error for part in self.parts.values() if part.error)


class Board(Struct, Generic[T]):
    """Reads all feeds at the same time; one that fails or is slow does not hold up the others."""

    feeds: Mapping[str, Feed[T]]

    @property
    def latest(self) -> View[T]:
        return View({place: feed.latest for place, feed in self.feeds.items()})

    async def views(self) -> AsyncIterator[View[T]]:
        """A view whenever any feed has something new. The readers end with this iterator."""
        changed = asyncio.Event()

        async def read(feed: Feed[T]) -> None:
            async for _ in feed.snapshots():
                changed.set()

        with nullcontext() if len(self.feeds) < MANY else asking(Urgency.MANY):
            readers = [asyncio.create_task(read(feed)) for feed in self.feeds.values()]
        for reader in readers:
            reader.add_done_callback(lambda _: changed.set())
        try:
            while True:
                await self._next(changed, readers)
                changed.clear()
                yield self.latest
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)

    async def _next(self, changed: asyncio.Event, readers: list[asyncio.Task[None]]) -> None:
        """Until something changed; a bug in a reader is raised here, not lost in its task."""
        await changed.wait()
        for reader in readers:
            if reader.done():
                reader.result()
        if len(readers) > 1:
            await asyncio.sleep(COALESCE)

    def want_older(self, moment: Callable[[T], datetime | None]) -> bool:
        """Ask for a page more where the loaded rows end first; whether anything is asked.

        What is older than that is not known to be complete, so these pages come before others.
        """
        ends = {
            place: min((at for item in feed.latest.items if (at := moment(item))), default=None)
            for place, feed in self.feeds.items()
            if feed.latest.more
        }
        first = sorted(ends, key=lambda place: -(end.timestamp() if (end := ends[place]) else 0))
        asked = [self.feeds[place].want_older() for place in first[:AT_ONCE]]
        return any(asked)

    def refresh(self) -> None:
        """Ask everywhere now."""
        for feed in self.feeds.values():
            feed.refresh()
