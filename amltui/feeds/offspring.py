"""What lies below one row: page by page from the first on, asked for again while it changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from amltui.domain.listing import Keyed, Listing, unique
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Feed

T = TypeVar("T", bound=Keyed)

BRISK, ENDED = 10.0, 300.0
"""Seconds between questions while something may change, and when nothing will."""


@dataclass
class Offspring(Generic[T]):
    """As many pages as somebody has looked at; a further one once the end of these is in view."""

    page: Callable[[], Awaitable[Listing[T]]]
    over: Callable[[T], bool]
    """Whether one will not change any more."""
    clock: Clock
    parent_is_over: bool = False
    feed: Feed[T] = field(init=False)
    _pages: int = 1
    """Pages that are wanted."""
    _turned: int = 0
    """Pages that are held."""
    _held: Listing[T] | None = None

    def __post_init__(self) -> None:
        self.feed = Feed(self._ask, self._pace, self.clock)

    def want_more(self) -> None:
        """Ask for a page more, unless there is none, or one is on its way."""
        held = self._held
        if held is None or held.older is None or self.feed.latest.error is not None:
            return
        if self._turned == self._pages:
            self._pages += 1
            self.feed.refresh()

    async def _ask(self) -> Listing[T]:
        held = self._held
        if held is None or held.older is None or self._turned >= self._pages:
            held, self._turned = await self.page(), 1
        while held.older is not None and self._turned < self._pages:
            following = await held.older()
            items = tuple(unique([*held.items, *following.items]))
            held = Listing(items, following.more, following.notes, following.older)
            self._turned += 1
        self._held = held
        return held

    def _pace(self, items: Sequence[T]) -> float:
        return ENDED if self.parent_is_over and all(map(self.over, items)) else BRISK
