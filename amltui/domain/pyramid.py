"""The extremes of any stretch of a series that only grows, at the cost of its logarithm."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

FAN = 32
"""Members that one block sums up, and blocks that one of the next layer does."""


ROUGHLY = 16
"""Blocks of which one more or less makes no difference to the eye."""


class Extent(NamedTuple):
    """What a chart has to know of a stretch of values."""

    low: float = math.inf
    """The lowest finite value; above `high` where there is none."""
    high: float = -math.inf
    finite: int = 0
    """How many finite values there are."""
    nan: int = 0
    above: int = 0
    """How many are positive infinity."""
    below: int = 0


class _Layer:
    """Lowest, highest and sum of each block of the layer beneath, as far as blocks are full."""

    __slots__ = ("highs", "lows", "totals")

    def __init__(self) -> None:
        self.lows, self.highs, self.totals = array("d"), array("d"), array("d")


class Pyramid:
    """Values in the order they came. Appending costs what is new, whatever is there already."""

    __slots__ = ("_above", "_below", "_layers", "_nan", "_odd", "values")

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.values = array("d")
        self._layers: list[_Layer] = []
        self._odd = array("q")
        """Where the values are that are no numbers of a curve; the next three say which."""
        self._nan, self._above, self._below = array("q"), array("q"), array("q")
        self.extend(values)

    def __len__(self) -> int:
        return len(self.values)

    def extend(self, values: Iterable[float]) -> None:
        """Append."""
        first = len(self.values)
        self.values.extend(values)
        fresh = self.values[first:]
        if not all(map(math.isfinite, fresh)):
            for index, value in enumerate(fresh, first):
                if not math.isfinite(value):
                    self._note(index, value)
        self._build()

    def _note(self, index: int, value: float) -> None:
        kind = self._nan if math.isnan(value) else self._above if value > 0 else self._below
        kind.append(index)
        self._odd.append(index)

    def _build(self) -> None:
        """Sum up the blocks that have become full."""
        beneath, level = len(self.values) // FAN, 0
        while beneath:
            if level == len(self._layers):
                self._layers.append(_Layer())
            layer = self._layers[level]
            for block in range(len(layer.lows), beneath):
                start, stop = block * FAN, (block + 1) * FAN
                low, high = self._extremes(level, start, stop)
                layer.lows.append(low)
                layer.highs.append(high)
                layer.totals.append(self._total(level, start, stop))
            beneath, level = len(layer.lows) // FAN, level + 1

    def _extremes(self, level: int, start: int, stop: int) -> tuple[float, float]:
        """Of members of a level, the values themselves being level 0."""
        if level:
            layer = self._layers[level - 1]
            return min(layer.lows[start:stop]), max(layer.highs[start:stop])
        values = self._finite(start, stop)
        return min(values, default=math.inf), max(values, default=-math.inf)

    def _total(self, level: int, start: int, stop: int) -> float:
        return sum(
            self._layers[level - 1].totals[start:stop] if level else self._finite(start, stop)
        )

    def _finite(self, start: int, stop: int) -> Sequence[float]:
        values = self.values[start:stop]
        if _within(self._odd, start, stop):
            return [value for value in values if math.isfinite(value)]
        return values

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Level, start and stop of the members that sum a stretch up: full blocks, and its ends."""
        level = 0
        while start < stop:
            full = len(self._layers[level].lows) if level < len(self._layers) else 0
            inner, outer = -(-start // FAN), min(stop // FAN, full)
            if inner >= outer:
                yield level, start, stop
                return
            if start < inner * FAN:
                yield level, start, inner * FAN
            if outer * FAN < stop:
                yield level, outer * FAN, stop
            start, stop, level = inner, outer, level + 1

    def extent(self, start: int, stop: int) -> Extent:
        """Of the values from `start` up to, and without, `stop`."""
        start, stop = max(0, start), min(stop, len(self.values))
        ends = [self._extremes(*piece) for piece in self._pieces(start, stop)]
        low = min((low for low, _ in ends), default=math.inf)
        high = max((high for _, high in ends), default=-math.inf)
        count = max(0, stop - start)
        if not _within(self._odd, start, stop):
            return Extent(low, high, count)
        nan, above, below = (
            _within(kind, start, stop) for kind in (self._nan, self._above, self._below)
        )
        return Extent(low, high, count - nan - above - below, nan, above, below)

    def total(self, start: int, stop: int) -> float:
        """The sum of the finite values of a stretch."""
        return sum(self._total(*piece) for piece in self._pieces(start, stop))

    def first_low(self, stop: int) -> int | None:
        """Where the lowest finite value of the first `stop` stands first."""
        return self._first(self.extent(0, stop).low, stop, [layer.lows for layer in self._layers])

    def first_high(self, stop: int) -> int | None:
        """Where the highest finite value of the first `stop` stands first."""
        return self._first(self.extent(0, stop).high, stop, [layer.highs for layer in self._layers])

    def _first(self, value: float, stop: int, layers: list[array[float]]) -> int | None:
        """Where an extreme stands first: from the top into the first block that has it."""
        if math.isinf(value):
            return None
        first, last = 0, stop // FAN ** len(layers)
        for level in range(len(layers), 0, -1):
            blocks = layers[level - 1][first:last]
            if value in blocks:
                first = (first + blocks.index(value)) * FAN
                last = first + FAN
            else:
                # Behind the blocks of this level that are full.
                first, last = last * FAN, stop // FAN ** (level - 1)
        return self.values.index(value, first, last)

    def bad_since(self, stop: int) -> int | None:
        """Where the values that are not finite begin which last to the end of the first `stop`."""
        held = bisect_left(self._odd, stop)
        low, high = 0, held
        while low < high:
            middle = (low + high) // 2
            if stop - self._odd[middle] == held - middle:
                high = middle
            else:
                low = middle + 1
        return self._odd[low] if low < held else None


def coarse(count: int) -> int:
    """The size of blocks that can be taken whole where so many values are meant, give or take few.

    Stretches that begin and end with a block need not look into it.
    """
    size = 1
    while size * FAN * ROUGHLY <= count:
        size *= FAN
    return size


def _within(places: array[int], start: int, stop: int) -> int:
    """How many of the places, which rise, are in a stretch."""
    if not places:
        return 0
    return bisect_left(places, stop) - bisect_left(places, start)
