"""One question, asked again and again: paced, backed off, never given up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.azure.errors import AzureError
from amltui.domain.listing import Listing
from amltui.feeds.clock import Clock
from amltui.feeds.pages import Pages

T = TypeVar("T")

LONGEST_BACKOFF = 120.0
"""Seconds between questions to a service that keeps failing."""
JITTER = 0.1
"""Share of a pause that is left to chance, so that many feeds do not ask at once."""


class Snapshot(Struct, Generic[T], frozen=True):
    """What was last known, and what went wrong since, if anything."""

    items: tuple[T, ...] = ()
    at: datetime | None = None
    """When the items were answered; None as long as there was no answer."""
    error: AzureError | None = None
    retry_at: datetime | None = None
    """After an error: when the question is asked again."""
    more: bool = False
    """Whether the service holds further items."""
    notes: tuple[str, ...] = ()
    """What the answer lacks."""
    served: tuple[str, ...] = ()
    """Conditions that the service has looked at, as they were typed."""
    took: float = 0.0
    """Seconds from the question to the last answer."""
    recalled: bool = False
    """Whether the items are those of an earlier run of the program."""

    @property
    def loaded(self) -> bool:
        return self.at is not None


class Feed(Struct, Generic[T]):
    """Asks one question for one reader at a time, and keeps the last answer between readers."""

    fetch: Callable[[], Awaitable[Listing[T]]]
    pace: Callable[[Sequence[T]], float]
    """Seconds until the next question, given the last answer."""
    clock: Clock
    latest: Snapshot[T] = field(default_factory=Snapshot)
    pages: Pages[Any] | None = None
    """Where the list comes in pages."""
    _failures: int = 0
    _due: datetime | None = None
    """When to ask next; None is now."""
    _floor: datetime | None = None
    """Not before this, whoever asks: the service said so."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def snapshots(self) -> AsyncIterator[Snapshot[T]]:
        """Each answer or failure as it comes. A reader that comes back first gets what is known.

        Only `AzureError` becomes part of a snapshot; anything else is a bug and is raised.
        """
        if self.latest.loaded or self.latest.error:
            yield self.latest
        while True:
            await self._until_due()
            asked = self.clock.now()
            try:
                listing = await self.fetch()
            except AzureError as error:
                self._failures += 1
                self._schedule(self._backoff(error))
                if error.retry_after:
                    self._floor = self.clock.now() + timedelta(seconds=error.retry_after)
                self.latest = replace(self.latest, error=error, retry_at=self._due)
            else:
                self._failures = 0
                self._schedule(self.pace(listing.items))
                now = self.clock.now()
                self.latest = Snapshot(
                    listing.items,
                    now,
                    more=listing.more,
                    notes=listing.notes,
                    served=listing.served,
                    took=(now - asked).total_seconds(),
                )
            yield self.latest

    def want_older(self) -> bool:
        """Ask for a page more, unless there is none, or one is on its way; whether it is asked."""
        pages = self.pages
        if pages is None or pages.wanted or not self.latest.more or self.latest.error:
            return False
        pages.wanted = True
        self.refresh()
        return True

    @property
    def due(self) -> datetime | None:
        """When the question is asked again, if anybody reads; None is now."""
        return max(filter(None, (self._due, self._floor)), default=None)

    def refresh(self) -> None:
        """Ask now instead of when the pause is over, unless the service asked for the pause."""
        self._due = None
        self._wake.set()

    def _backoff(self, error: AzureError) -> float:
        return error.retry_after or min(2.0**self._failures, LONGEST_BACKOFF)

    def _schedule(self, seconds: float) -> None:
        spread = seconds * (1 + JITTER * random.random())
        self._due = self.clock.now() + timedelta(seconds=spread)

    async def _until_due(self) -> None:
        while True:
            self._wake.clear()
            moments = [moment for moment in (self._due, self._floor) if moment is not None]
            if not moments:
                return
            seconds = (max(moments) - self.clock.now()).total_seconds()
            if seconds <= 0:
                return
            await self.clock.wait(seconds, self._wake)
