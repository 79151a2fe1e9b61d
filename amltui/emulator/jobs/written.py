"""Metric points that clients logged: 24 bytes each, the last one known, a moment found quickly."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from amltui.emulator.jobs.series import Point


@dataclass
class WrittenSeries:
    """The points of one metric in the order they were logged."""

    steps: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))
    times: array[float] = field(default_factory=lambda: array("d"))
    _highest: int = 0
    """The index of the point of the highest step."""
    _in_order: bool = True
    """Whether time never went backwards."""

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, step: int, value: float, time: float) -> None:
        if self.times and time < self.times[-1]:
            self._in_order = False
        self.steps.append(step)
        self.values.append(value)
        self.times.append(time)
        highest = self._highest
        if (step, time) >= (self.steps[highest], self.times[highest]):
            self._highest = len(self.steps) - 1

    def point(self, index: int) -> Point:
        return Point(self.steps[index], self.values[index], self.times[index])

    def points(self, indices: Sequence[int]) -> list[Point]:
        return [self.point(index) for index in indices]

    def indices_between(self, first: int, last: int) -> list[int]:
        """Where the points of these steps are: steps may come in any order."""
        return [index for index, step in enumerate(self.steps) if first <= step <= last]

    def last(self) -> Point:
        """The point of the highest step, of the latest where there are several."""
        return self.point(self._highest)

    def index_after(self, moment: float) -> int:
        """The first index from which on a point was logged later than that."""
        if self._in_order:
            return bisect_right(self.times, moment)
        later = (index for index, time in enumerate(self.times) if time > moment)
        return next(later, len(self.times))


@dataclass
class WrittenTable:
    """A metric that is no series of numbers: lists, tables, images …"""

    columns: dict[str, str]
    kind: str
    """Its `uxMetricType`."""
    rows: list[tuple[int, float, dict[str, Any]]] = field(default_factory=list)
    """(step, moment, data)."""


class WrittenMetrics:
    """What clients logged, by run and metric."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], dict[str, WrittenSeries]] = {}
        self._tables: dict[tuple[str, str], dict[str, WrittenTable]] = {}

    def add(self, workspace: str, run: str, name: str, point: Point) -> None:
        of_run = self._series.setdefault((workspace, run.lower()), {})
        series = of_run.get(name)
        if series is None:
            series = of_run[name] = WrittenSeries()
        series.add(point.step, point.value, point.time)

    def add_rows(self, workspace: str, run: str, name: str, table: WrittenTable) -> None:
        of_run = self._tables.setdefault((workspace, run.lower()), {})
        held = of_run.setdefault(name, WrittenTable(table.columns, table.kind))
        held.columns = {**held.columns, **table.columns}
        held.rows += table.rows

    def of(self, workspace: str, run: str) -> dict[str, WrittenSeries]:
        return self._series.get((workspace, run.lower()), {})

    def tables(self, workspace: str, run: str) -> dict[str, WrittenTable]:
        return self._tables.get((workspace, run.lower()), {})

    def forget(self, workspace: str, run: str) -> None:
        """Drop all that was logged for a run."""
        self._series.pop((workspace, run.lower()), None)
        self._tables.pop((workspace, run.lower()), None)

    def forget_all(self, workspace: str) -> None:
        """Forget what was logged in a workspace."""
        for held in (self._series, self._tables):
            for key in [each for each in held if each[0] == workspace.lower()]:
                del held[key]
