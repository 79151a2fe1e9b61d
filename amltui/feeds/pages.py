"""A long list, of which the newest page is asked for again and again and older ones once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.azure.errors import AzureError, BadRequest, NotFound
from amltui.domain.listing import Keyed, Listing
from amltui.feeds.clock import Clock

T = TypeVar("T", bound=Keyed)
Older = Callable[[], Awaitable[Listing[T]]]


NEW = 5.0
"""Seconds in which the newest page counts as new."""


class Pages(Struct, Generic[T]):
    """What has been loaded of a list. Costs the newest page, however much that is."""

    newest: Callable[[], Awaitable[Listing[T]]]
    moment: Callable[[T], datetime | None]
    """What makes one newer than another."""
    renew: Callable[[Sequence[T]], Awaitable[Sequence[T]]] | None = None
    """Looks again at rows of older pages that may have changed."""
    clock: Clock | None = None
    """Tells how old the newest page is; without one it is asked for each time."""
    wanted: bool = False
    """Whether the next answer is to hold one page more."""
    _fresh: Listing[T] | None = None
    _asked: datetime | None = None
    """When the newest page was asked for."""
    _held: tuple[T, ...] = ()
    _older: Older[T] | None = None
    _is_deep: bool = False
    """Whether an older page was ever loaded."""
    _notes: tuple[str, ...] = field(default=())

    async def ask(self) -> Listing[T]:
        """The newest page, what is known of those behind it, and one more if that is wanted."""
        fresh = self._fresh
        if fresh is None or not (self.wanted and self._is_new):
            fresh = await self._begin()
        if self.wanted and self._older is not None:
            await self._turn(self._older)
        self.wanted = False
        return replace(
            fresh,
            items=self._held,
            more=self._older is not None or (fresh.more and not self._is_deep),
            notes=(*fresh.notes, *self._notes),
            older=self._older,
        )

    async def _begin(self) -> Listing[T]:
        """The newest page, joined to what is known."""
        moment = self.clock.now() if self.clock is not None else None
        fresh = await self.newest()
        known = self._behind(fresh)
        if not known:
            self._older, self._is_deep, self._notes = fresh.older, False, ()
        elif self.renew is not None:
            known = tuple(await self.renew(known))
        self._held = (*fresh.items, *known)
        self._fresh, self._asked = fresh, moment
        return fresh

    @property
    def _is_new(self) -> bool:
        """Whether whoever scrolls on may do so without the newest page being asked for again."""
        if self.clock is None or self._asked is None:
            return False
        return (self.clock.now() - self._asked).total_seconds() < NEW

    async def _turn(self, older: Older[T]) -> None:
        """Load the page behind those that are loaded; a place that is lost is told."""
        try:
            page = await older()
        except (BadRequest, NotFound) as error:
            self._older, self._notes = None, (_lost(error),)
            return
        keys = {item.key for item in self._held}
        self._held = (*self._held, *(item for item in page.items if item.key not in keys))
        self._older, self._is_deep = page.older, True

    def _behind(self, fresh: Listing[T]) -> tuple[T, ...]:
        """What is known and older than the newest page; nothing if rows between are not known.

        What is as new as the page and not on it has been deleted or put away.
        """
        if not self._is_deep or not fresh.more or not fresh.items:
            return ()
        keys = {item.key for item in fresh.items}
        if not any(item.key in keys for item in self._held):
            return ()
        moments = [at for item in fresh.items if (at := self.moment(item)) is not None]
        if not moments:
            return ()
        end = min(moments)
        return tuple(
            item
            for item in self._held
            if item.key not in keys and (at := self.moment(item)) is not None and at <= end
        )


def _lost(error: AzureError) -> str:
    return f"older rows cannot be loaded, r starts again: {error}"
