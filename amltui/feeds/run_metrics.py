"""A run's metrics: all last values in one small question, histories only where they grew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amltui.azure import metrics
from amltui.domain.listing import Listing
from amltui.domain.metric import LastValue, MetricSeries

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient


@dataclass
class RunMetrics:
    """Remembers what it has read, and asks for the rest only."""

    place: WorkspaceClient
    run_id: str
    _read: dict[str, tuple[LastValue, MetricSeries]] = field(default_factory=dict)

    async def fetch(self) -> Listing[MetricSeries]:
        """Every metric of the run, in the order of their names."""
        values = await metrics.last_values(self.place, self.run_id)
        moved = [value for name, value in values.items() if self._moved(name, value)]
        read = await asyncio.gather(*(self._read_on(value) for value in moved))
        for value, series in zip(moved, read, strict=True):
            self._read[value.name] = (value, series)
        return Listing(tuple(self._read[name][1] for name in sorted(values)))

    def _moved(self, name: str, value: LastValue) -> bool:
        known = self._read.get(name)
        # NaN differs from itself: compare what identifies the point, then the text of its value.
        return known is None or (known[0].step, known[0].time, repr(known[0].value)) != (
            value.step,
            value.time,
            repr(value.value),
        )

    async def _read_on(self, value: LastValue) -> MetricSeries:
        known = self._read.get(value.name)
        newest = known[1].last if known else None
        if known is None or newest is None or newest.time is None:
            return await metrics.points(self.place, self.run_id, value.name)
        newer = await metrics.points(self.place, self.run_id, value.name, since=newest.time)
        return known[1].extended(newer.points)
