"""What a curve does in each column of dots: its extremes, smoothed or not, and its gaps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from msgspec import Struct

from amltui.domain.points import Points
from amltui.ui.charts.track import Stretch, Track
from amltui.ui.charts.view import View

LARGEST = 1e300
"""Beyond this, differences of values overflow."""
_FORGOTTEN = 0.01
"""The share of a smoothed value that comes from further left is not worth reading it."""


class Mark(Struct):
    """One column of dots. The heights are logarithms where the axis is one."""

    dot: int
    nan: bool = False
    above: bool = False
    below: bool = False
    """Negative infinity, or nothing that has a logarithm."""
    drawn: bool = False
    low: float = math.nan
    high: float = math.nan
    enters: float = math.nan
    """The first value; NaN where the line is broken before it."""
    leaves: float = math.nan


def trace(track: Track, view: View, first: float, last: float, dots: int) -> list[list[Mark]]:
    """The marks of a curve in view, leg by leg."""
    early = math.ceil(math.log(_FORGOTTEN) / math.log(view.smooth)) if view.smooth else 0
    marks = []
    for leg in track.legs:
        stretches = track.stretches(leg, first, last, dots, early)
        if view.smooth:
            marks.append(list(_smoothed(track.points, stretches, view)))
        else:
            marks.append([_mark(track.points, *stretch, log=view.log) for stretch in stretches])
    return marks


def smoothed_at(track: Track, view: View, place: float, apart: float) -> float:
    """The smoothed value in the column of dots of a place, the columns being so far apart."""
    held = math.nan
    for leg in trace(track, view, place, place + apart, 2):
        for mark in leg:
            if mark.dot <= 0 and mark.drawn:
                held = mark.leaves
    return 10.0**held if view.log else held


def _smoothed(points: Points, stretches: Iterable[Stretch], view: View) -> Iterator[Mark]:
    """Exponential, with what the first values weigh too much taken back."""
    weight, held, seen = view.smooth, 0.0, 0.0
    for dot, start, stop in stretches:
        extent = points.extent(start, stop)
        below = extent.below > 0 or (view.log and extent.low <= 0)
        mark = Mark(dot, extent.nan > 0, extent.above > 0, below)
        if extent.finite:
            mean = points.total(start, stop) / extent.finite
            if not math.isfinite(mean):
                mean = extent.low / 2 + extent.high / 2
            held, seen = held * weight + mean * (1 - weight), seen * weight + (1 - weight)
            level = height(held / seen, view.log)
            mark.drawn = math.isfinite(level)
            mark.low = mark.high = mark.enters = mark.leaves = level
        yield mark


def _mark(points: Points, dot: int, start: int, stop: int, *, log: bool) -> Mark:
    if stop - start == 1:
        value = points.values[start]
        level = height(value, log)
        below = value <= (0 if log else -LARGEST)
        return Mark(
            dot,
            value != value,
            value >= LARGEST,
            below,
            math.isfinite(level),
            level,
            level,
            level,
            level,
        )
    extent = points.extent(start, stop)
    mark = Mark(dot, extent.nan > 0, extent.above > 0, extent.below > 0)
    if extent.finite:
        low, high = height(extent.low, log), height(extent.high, log)
        mark.above |= extent.high >= LARGEST
        mark.below |= math.isnan(low)
        mark.enters = height(points.values[start], log)
        mark.leaves = height(points.values[stop - 1], log)
        if math.isnan(low) or math.isnan(high):
            # One end is off the chart: what is left is where the line comes in and goes out.
            ends = [each for each in (low, high, mark.enters, mark.leaves) if math.isfinite(each)]
            low, high = min(ends, default=math.nan), max(ends, default=math.nan)
        mark.low, mark.high, mark.drawn = low, high, math.isfinite(low)
    return mark


def height(value: float, log: bool) -> float:
    """Where a value is drawn; NaN where it cannot be."""
    if not abs(value) < LARGEST:
        return math.nan
    if not log:
        return value
    return math.log10(value) if value > 0 else math.nan
