"""A long list, of which the newest page is asked for again and again and older ones once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from operator import is_
from typing import Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.azure.errors import AzureError, BadRequest, NotFound
from amltui.azure.unhurried import unhurried
from amltui.domain.listing import Keyed, Listing
from amltui.feeds.clock import Clock

T = TypeVar("T", bound=Keyed)
Older = Callable[[], Awaitable[Listing[T]]]


BEGINNING = 200
"""Rows of a list that has grown among which those that have not changed are looked for."""
MOST_KNOWN = 5
"""Pages that are turned at once as long as they bring nothing new."""
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
    _recalled: bool = False
    """Whether what is held was read by an earlier run, which has left no way behind it."""
    _doubted: tuple[T, ...] = ()
    """Such rows, until a page is turned: their keys take as much room as they do."""
    _unsure: set[str] = field(default_factory=set)
    """Keys of such rows which this run has not seen on a page."""
    _edge: datetime | None = None
    """How far back pages have been turned since."""

    def recall(self, items: tuple[T, ...]) -> None:
        """An earlier run has read these: they stay where they join the newest page."""
        self._held, self._is_deep, self._recalled = items, bool(items), bool(items)

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
        else:
            if self._recalled:
                self._older = fresh.older
                self._doubted = known
                self._edge = self._end_of(fresh.items)
            if self.renew is not None:
                known = tuple(await self.renew(known))
        self._recalled = False
        self._held = _same(self._held, (*fresh.items, *known))
        self._fresh, self._asked = fresh, moment
        return fresh

    @property
    def _is_new(self) -> bool:
        """Whether whoever scrolls on may do so without the newest page being asked for again."""
        if self.clock is None or self._asked is None:
            return False
        return (self.clock.now() - self._asked).total_seconds() < NEW

    async def _turn(self, older: Older[T]) -> None:
        """Load the page behind those that are loaded; a place that is lost is told.

        Pages of which an earlier run has left every row are turned at once.
        """
        self._unsure |= {item.key async for item in unhurried(self._doubted)}
        self._doubted = ()
        for _ in range(MOST_KNOWN):
            try:
                page = await older()
            except (BadRequest, NotFound) as error:
                self._older, self._notes = None, (_lost(error),)
                return
            before = len(self._held)
            self._held = self._with(page.items)
            self._older, self._is_deep = page.older, True
            if len(self._held) > before or page.older is None:
                return
            older = page.older

    def _with(self, page: Sequence[T]) -> tuple[T, ...]:
        """What is known, as a page now tells it: what an earlier run has left there has gone."""
        told = {item.key: item for item in page}
        self._unsure.difference_update(told)
        begin, self._edge = self._edge, self._end_of(page) or self._edge
        gone: set[str] = set()
        if self._unsure and begin is not None and self._edge is not None:
            gone = {
                item.key
                for item in self._held
                if item.key in self._unsure and begin > (self.moment(item) or begin) > self._edge
            }
        held = [told.pop(item.key, item) for item in self._held if item.key not in gone]
        return (*held, *told.values())

    def _behind(self, fresh: Listing[T]) -> tuple[T, ...]:
        """What is known and older than the newest page; nothing if rows between are not known.

        What is as new as the page and not on it has been deleted or put away.
        """
        if not self._is_deep or not fresh.more or not fresh.items:
            return ()
        keys = {item.key for item in fresh.items}
        if (count := len(fresh.items)) < len(self._held) and keys == {
            item.key for item in self._held[:count]
        }:
            return self._held[count:]
        if not any(item.key in keys for item in self._held):
            return ()
        end = self._end_of(fresh.items)
        if end is None:
            return ()
        return tuple(
            item
            for item in self._held
            if item.key not in keys and (at := self.moment(item)) is not None and at <= end
        )

    def _end_of(self, page: Sequence[T]) -> datetime | None:
        """The moment of the oldest row of a page."""
        return min((at for item in page if (at := self.moment(item)) is not None), default=None)


def _same(known: tuple[T, ...], now: tuple[T, ...]) -> tuple[T, ...]:
    """What there is now, by the objects that are known: who compares them need not look inside."""
    if len(known) == len(now):
        kept = tuple(
            old if old is new or old == new else new for old, new in zip(known, now, strict=True)
        )
        return known if all(map(is_, kept, known)) else kept
    held = {item.key: item for item in known[: 2 * BEGINNING]}
    begin = (held.get(item.key, item) for item in now[:BEGINNING])
    return (
        *(old if old == new else new for old, new in zip(begin, now, strict=False)),
        *now[BEGINNING:],
    )


def _lost(error: AzureError) -> str:
    return f"older rows cannot be loaded, r starts again: {error}"
