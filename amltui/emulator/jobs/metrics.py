"""Every metric of a run: simulated by its script, or written by a client."""

from __future__ import annotations

from amltui.emulator.jobs import series
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.written import WrittenMetrics, WrittenTable


class RunMetrics:
    """The metrics of one run at one moment."""

    def __init__(self, record: JobRecord, written: WrittenMetrics, now: float) -> None:
        self._record = record
        self._written = written.of(record.workspace, record.name)
        self.tables: dict[str, WrittenTable] = written.tables(record.workspace, record.name)
        self._now = now

    def names(self) -> list[str]:
        simulated = series.names(self._record, self._now)
        return simulated + [name for name in self._written if name not in simulated]

    def has(self, name: str) -> bool:
        return name in self._written or name in series.names(self._record, self._now)

    def count(self, name: str) -> int:
        if name in self._written:
            return len(self._written[name])
        return series.count(self._record, name, self._now)

    def points(self, name: str, start: int, stop: int) -> list[Point]:
        """The points with these indices, as far as they exist."""
        return self._at(name, range(start, min(stop, self.count(name))))

    def last(self, name: str) -> Point | None:
        """The point of the highest step: of a simulated series, the newest."""
        if name in self._written:
            return self._written[name].last()
        return series.last(self._record, name, self._now)

    def last_value(self, name: str) -> float | None:
        """The value of the last point, for less than finding out when it was logged."""
        if name not in self._written:
            return series.last_value(self._record, name, self._now)
        return self._written[name].last().value

    def sample(self, name: str, most: int) -> list[Point]:
        """Evenly spread points, the first and the last among them."""
        length = self.count(name)
        if length <= most:
            return self.points(name, 0, length)
        places = {round(place * (length - 1) / (most - 1)) for place in range(most)}
        return self._at(name, sorted(places))

    def between(self, name: str, first: int, last: int, most: int) -> list[Point]:
        """At most so many of the points of these steps, evenly spread, both ends among them."""
        indices: range | list[int]
        if name in self._written:
            indices = self._written[name].indices_between(first, last)
        else:
            every = series.curves(self._record)[name].every
            start = max(0, -(-first // every))
            indices = range(start, min(last // every + 1, self.count(name)))
        if len(indices) > most:
            places = {round(place * (len(indices) - 1) / (most - 1)) for place in range(most)}
            indices = [indices[place] for place in sorted(places)]
        return self._at(name, indices)

    def index_after(self, name: str, moment: float) -> int:
        """The first index whose point was logged later than that."""
        if name in self._written:
            return self._written[name].index_after(moment)
        low, high = 0, self.count(name)
        while low < high:
            middle = (low + high) // 2
            if self.points(name, middle, middle + 1)[0].time > moment:
                high = middle
            else:
                low = middle + 1
        return low

    def _at(self, name: str, indices: range | list[int]) -> list[Point]:
        if name in self._written:
            return self._written[name].points(indices)
        return series.points_at(self._record, name, indices) if indices else []
