"""A run's metrics: all last values in one small question, histories only where they grew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amltui.azure import metrics
from amltui.domain.listing import Listing
from amltui.domain.metric import LastValue, MetricSeries
from amltui.domain.points import Points
from amltui.feeds.feed import Snapshot

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient


class RunMetrics(Struct):
    """Remembers what it has read, and asks for the rest only."""

    place: WorkspaceClient
    run_id: str
    whole: bool = False
    """Whether to read every point at once, instead of a sample of what is long."""
    latest: Snapshot[MetricSeries] = field(default_factory=Snapshot)
    """What was last shown of it, for whoever comes back to it."""
    _read: dict[str, tuple[LastValue, MetricSeries]] = field(default_factory=dict)

    async def fetch(self) -> Listing[MetricSeries]:
        """Every metric of the run, in the order of their names."""
        values = await metrics.last_values(self.place, self.run_id)
        moved = [value for name, value in values.items() if self._moved(name, value)]
        await asyncio.gather(*(self._read_on(value) for value in moved))
        return Listing(tuple(self._read[name][1] for name in sorted(values)))

    @property
    def known(self) -> tuple[MetricSeries, ...]:
        """What has been read so far."""
        return tuple(self._read[name][1] for name in sorted(self._read))

    def series(self, name: str) -> MetricSeries | None:
        """What has been read of one metric."""
        read = self._read.get(name)
        return read and read[1]

    def lacks(self, value: LastValue) -> bool:
        """Whether what has been read does not reach up to this value."""
        return self._moved(value.name, value)

    async def read_on(self, value: LastValue) -> None:
        """Read what is new of one metric, whose newest value is this."""
        if self._moved(value.name, value):
            await self._read_on(value)

    async def read_all(self, name: str) -> AsyncIterator[int]:
        """Read every point of a metric that was sampled; tells how many there are after each page.

        Left half-way, what was known stays as it was.
        """
        held, known = Points(), self._read[name]
        async for page in metrics.pages(self.place, self.run_id, name):
            held = held.plus(page)
            yield len(held)
        self._read[name] = (known[0], MetricSeries(name, held))

    def _moved(self, name: str, value: LastValue) -> bool:
        known = self._read.get(name)
        # NaN differs from itself: compare what identifies the point, then the text of its value.
        return known is None or (known[0].step, known[0].time, repr(known[0].value)) != (
            value.step,
            value.time,
            repr(value.value),
        )

    async def _read_on(self, value: LastValue) -> None:
        """Read what is new of one metric."""
        name = value.name
        known = self._read.get(name)
        newest = known[1].last if known else None
        if known is None or newest is None or newest.time is None:
            read = metrics.points if self.whole else metrics.outline
            series = await read(self.place, self.run_id, name)
        else:
            newer = await metrics.points(self.place, self.run_id, name, since=newest.time)
            if self._read[name] is not known:
                return  # All of it has been read meanwhile: the next question goes on from there.
            series = known[1].extended(newer.points)
        self._read[name] = (value, series)
