"""The points of a metric: 24 bytes each, appended without copying what is there."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import overload

from msgspec import Struct
from msgspec.structs import force_setattr

from amltui.domain.pyramid import Extent, Pyramid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
NO_TIME = -(2**63)
_LARGEST = 2**63 - 1


class MetricPoint(Struct, frozen=True):
    """One logged value. NaN and infinities are kept: they are what people look for."""

    step: int
    value: float
    time: datetime | None = None

    def __post_init__(self) -> None:
        # Make every NaN the same object, so that two equal points compare equal.
        if math.isnan(self.value):
            force_setattr(self, "value", math.nan)


class _Columns:
    """What several generations of `Points` share."""

    __slots__ = ("legs", "ordered", "pyramid", "steps", "times")

    def __init__(self) -> None:
        self.steps, self.times, self.pyramid = array("q"), array("q"), Pyramid()
        self.legs: dict[str, array[int]] = {"steps": array("q"), "times": array("q")}
        """Where steps or times go back: a run that was resumed logs some of them again."""
        self.ordered: dict[bool, Points] = {}

    def extend(self, points: Iterable[MetricPoint]) -> None:
        values = array("d")
        for point in points:
            step = max(-_LARGEST, min(point.step, _LARGEST))
            time = NO_TIME if point.time is None else (point.time - _EPOCH) // _TICK
            if self.steps and step < self.steps[-1]:
                self.legs["steps"].append(len(self.steps))
            if self.times and time < self.times[-1]:
                self.legs["times"].append(len(self.times))
            self.steps.append(step)
            self.times.append(time)
            values.append(point.value)
        self.pyramid.extend(values)


class Points(Sequence[MetricPoint]):
    """Points in the order they were logged; never changes, although later ones share its memory."""

    __slots__ = ("_columns", "_length")

    def __init__(self, points: Iterable[MetricPoint] = ()) -> None:
        self._columns = _Columns()
        self._columns.extend(points)
        self._length = len(self._columns.steps)

    def plus(self, newer: Iterable[MetricPoint]) -> Points:
        """With points appended: at their own cost for the newest generation."""
        columns = self._columns
        if len(columns.steps) != self._length:
            columns = Points(self)._columns
        columns.extend(newer)
        grown = Points.__new__(Points)
        grown._columns, grown._length = columns, len(columns.steps)
        return grown

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> MetricPoint: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[MetricPoint, ...]: ...
    def __getitem__(self, index: int | slice) -> MetricPoint | tuple[MetricPoint, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(self._length)))
        place = index + self._length if index < 0 else index
        if not 0 <= place < self._length:
            raise IndexError(index)
        columns, time = self._columns, self._columns.times[place]
        moment = None if time == NO_TIME else _EPOCH + time * _TICK
        return MetricPoint(columns.steps[place], columns.pyramid.values[place], moment)

    def __iter__(self) -> Iterator[MetricPoint]:
        return (self[place] for place in range(self._length))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Points) and other._columns is self._columns:
            return other._length == self._length
        if not isinstance(other, Sequence) or len(other) != self._length:
            return False
        return all(own == each for own, each in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @property
    def steps(self) -> array[int]:
        """Of these points, and perhaps of later ones behind them."""
        return self._columns.steps

    @property
    def times(self) -> array[int]:
        """In microseconds since 1970, `NO_TIME` where none was told; else as `steps`."""
        return self._columns.times

    @property
    def values(self) -> array[float]:
        return self._columns.pyramid.values

    def extent(self, start: int = 0, stop: int | None = None) -> Extent:
        """What there is between two indices."""
        end = self._length if stop is None else min(stop, self._length)
        return self._columns.pyramid.extent(start, end)

    def lowest(self) -> MetricPoint | None:
        """Where the lowest finite value was logged first."""
        place = self._columns.pyramid.first_low(self._length)
        return None if place is None else self[place]

    def highest(self) -> MetricPoint | None:
        """Where the highest finite value was logged first."""
        place = self._columns.pyramid.first_high(self._length)
        return None if place is None else self[place]

    def first_bad(self) -> MetricPoint | None:
        """The first of the NaN or infinite values that last to the end."""
        place = self._columns.pyramid.bad_since(self._length)
        return None if place is None else self[place]

    def total(self, start: int, stop: int) -> float:
        """The sum of the finite values between two indices."""
        return self._columns.pyramid.total(start, min(stop, self._length))

    def ordered(self, by_time: bool) -> Points:
        """The same in the order of their steps or times."""
        held = self._columns.ordered.get(by_time)
        if held is None or len(held) != self._length:
            key = self.times if by_time else self.steps
            held = Points(self[place] for place in sorted(range(self._length), key=key.__getitem__))
            self._columns.ordered[by_time] = held
        return held

    def legs(self, by_time: bool) -> list[tuple[int, int]]:
        """The stretches of indices within which steps, or times, never go back."""
        turns = self._columns.legs["times" if by_time else "steps"]
        inside = turns[: bisect_left(turns, self._length)]
        edges = [0, *inside, self._length]
        return [(start, stop) for start, stop in pairwise(edges) if start < stop]
