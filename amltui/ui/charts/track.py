"""A curve over an axis: the stretches of its points that share a column of dots."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from amltui.domain.points import NO_TIME, Points
from amltui.domain.pyramid import coarse
from amltui.ui.charts.view import Axis

MOST_LEGS = 64
"""A run that went back more often than that is put in order first."""
_MICRO = 1e-6


class Stretch(NamedTuple):
    """Points that are drawn in one column of dots."""

    dot: int
    start: int
    stop: int


class Track:
    """Points in the order of an axis; a place on it is a step or a number of seconds."""

    def __init__(self, points: Points, axis: Axis) -> None:
        by_time = axis.by_time
        legs = points.legs(by_time)
        if len(legs) > MOST_LEGS:
            points = points.ordered(by_time)
            legs = points.legs(by_time)
        self.points = points
        self._xs = points.times if by_time else points.steps
        if by_time:
            legs = [(bisect_right(self._xs, NO_TIME, start, stop), stop) for start, stop in legs]
        self.legs = [(start, stop) for start, stop in legs if start < stop]
        self._scale = _MICRO if by_time else 1.0
        relative = axis is Axis.RELATIVE and self.legs
        self._origin = min(self._xs[start] for start, _ in self.legs) if relative else 0

    def place(self, index: int) -> float:
        """Where on the axis a point is."""
        return (self._xs[index] - self._origin) * self._scale

    def reach(self) -> tuple[float, float] | None:
        """From where to where; None where there is nothing."""
        if not self.legs:
            return None
        lows = [self.place(start) for start, _ in self.legs]
        return min(lows), max(self.place(stop - 1) for _, stop in self.legs)

    def is_over(self, place: float) -> bool:
        """Whether all of it lies before a place of the axis."""
        reach = self.reach()
        return reach is not None and place > reach[1]

    def extremes(self, first: float, last: float) -> tuple[float, float]:
        """The lowest and highest finite value in a part of the axis; the low one above without."""
        low, high = math.inf, -math.inf
        for start, stop in self.legs:
            begin = bisect_left(self._xs, self._raw(first), start, stop)
            end = bisect_right(self._xs, self._raw(last), start, stop)
            extent = self.points.extent(begin, end)
            low, high = min(low, extent.low), max(high, extent.high)
        return low, high

    def before(self, place: float) -> int | None:
        """The last point at a place of the axis or before it, of the latest that got so far."""
        raw = self._raw(place)
        for start, stop in reversed(self.legs):
            index = bisect_right(self._xs, raw, start, stop)
            if index > start:
                return index - 1
        return None

    def beside(self, place: float, step: int, least: float) -> float:
        """The place of the point that is so many points away, if that is further than `least`.

        Where points lie closer than a cell of the chart, the cursor goes from cell to cell.
        """
        index = self.before(place)
        leg = next(
            (leg for leg in self.legs if index is not None and leg[0] <= index < leg[1]), None
        )
        if index is not None and leg is not None:
            other = self.place(min(max(index + step, leg[0]), leg[1] - 1))
            if abs(other - place) >= abs(least) * 0.999:
                return other
        return place + least

    def stretches(
        self, leg: tuple[int, int], first: float, last: float, dots: int, early: int
    ) -> Iterator[Stretch]:
        """What is in view of a leg, column by column, with what leads in and out of it.

        `early` is how many columns before the first are wanted too.
        """
        begin, end = leg
        apart = (last - first) / max(1, dots - 1)
        if apart <= 0:
            yield Stretch(dots // 2, begin, end)
            return
        low = bisect_left(self._xs, self._raw(first - apart / 2), begin, end)
        high = bisect_right(self._xs, self._raw(last + apart / 2), begin, end)
        if high - low <= dots:
            yield from self._few(max(begin, low - max(1, early)), min(end, high + 1), first, apart)
            return
        early, grain = max(1, early), coarse((high - low) // dots)
        at = bisect_left(self._xs, self._raw(first - (early + 0.5) * apart), begin, end)
        for dot in range(-early, dots + 1):
            to = bisect_left(self._xs, self._raw(first + (dot + 0.5) * apart), at, end)
            if to < high:
                to = max(at, to - to % grain)
            if to > at:
                yield Stretch(dot, at, to)
            at = to

    def _few(self, low: int, high: int, first: float, apart: float) -> Iterator[Stretch]:
        at = low
        while at < high:
            dot = round((self.place(at) - first) / apart)
            to = at + 1
            while to < high and round((self.place(to) - first) / apart) == dot:
                to += 1
            yield Stretch(dot, at, to)
            at = to

    def _raw(self, place: float) -> float:
        return place / self._scale + self._origin
