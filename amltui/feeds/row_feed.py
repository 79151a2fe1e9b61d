"""What is asked row by row, and only for the rows somebody is looking at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct, field

from amltui.azure.errors import AzureError
from amltui.feeds.clock import Clock
from amltui.feeds.feed import LONGEST_BACKOFF

AT_ONCE = 6
"""Rows asked for at the same time."""
FOREVER = 3600.0


class Keyed(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


R = TypeVar("R", bound=Keyed)


class _Known(Struct):
    """What is known of one row, and when to ask again; `due` None means never."""

    value: Any = None
    due: datetime | None = None
    failures: int = 0


class RowFeed(Struct, Generic[R]):
    """Fetches something about each visible row; a row's result is kept when it leaves the view."""

    fetch: Callable[[R, Any], Awaitable[Any]]
    """Takes the row and its last result."""
    wanted: Callable[[R], bool]
    final: Callable[[R], bool]
    pace: float
    clock: Clock
    _visible: Sequence[R] = ()
    _known: dict[str, _Known] = field(default_factory=dict)
    version: int = 0
    """Changes with every result."""
    _newest: dict[str, int] = field(default_factory=dict)
    """By name: the version with which the newest result of such a row came."""
    _names: set[str] = field(default_factory=set)
    """Of the rows of which anything may be known: most of a long list were never looked at."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def of(self, row: R) -> Any:
        """The newest result for a row; None until there is one."""
        if row.name not in self._names:
            return None
        known = self._known.get(row.key)
        return known.value if known else None

    def since(self, version: int) -> set[str]:
        """Names of the rows of which something has become known after that version."""
        return {name for name, newest in self._newest.items() if newest > version}

    def look_at(self, rows: Sequence[R]) -> None:
        """These rows are on the screen now."""
        self._visible = rows
        self._wake.set()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is due for the rows on the screen."""
        return not self._due()

    async def changes(self) -> AsyncIterator[set[str]]:
        """The keys of rows whose result has changed, batch by batch."""
        while True:
            self._wake.clear()
            due = self._due()
            if not due:
                await self.clock.wait(self._pause(), self._wake)
                continue
            answers = await asyncio.gather(*(self._ask(row) for row in due[:AT_ONCE]))
            if changed := {key for key in answers if key is not None}:
                yield changed

    def _due(self) -> list[R]:
        now = self.clock.now()
        return [row for row in self._visible if self.wanted(row) and self._is_due(row, now)]

    def _is_due(self, row: R, now: datetime) -> bool:
        known = self._known.get(row.key)
        return known is None or (known.due is not None and known.due <= now)

    def _pause(self) -> float:
        now = self.clock.now()
        moments = [
            known.due
            for row in self._visible
            if (known := self._known.get(row.key)) and known.due and self.wanted(row)
        ]
        return max(0.0, (min(moments) - now).total_seconds()) if moments else FOREVER

    async def _ask(self, row: R) -> str | None:
        """The row's key if its result has changed."""
        self._names.add(row.name)
        known = self._known.setdefault(row.key, _Known())
        final = self.final(row)
        try:
            value = await self.fetch(row, known.value)
        except AzureError as error:
            # The list itself says that the service is in trouble; a missing trend is only that.
            known.failures += 1
            wait = error.retry_after or min(self.pace * 2**known.failures, LONGEST_BACKOFF)
            known.due = self.clock.now() + timedelta(seconds=wait)
            return None
        known.failures = 0
        known.due = None if final else self.clock.now() + timedelta(seconds=self.pace)
        if value == known.value:
            return None
        known.value = value
        self.version += 1
        self._newest[row.name] = self.version
        return row.key
