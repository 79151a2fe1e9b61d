"""Where the numbers of an axis stand, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from amltui.kinds.format import number

SMALLEST, PRECISION = 1e-300, 1e-12
"""Steps between ticks below this, or below this share of the numbers, are lost in rounding."""
_SPANS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
_DAY = 86_400
Tick = tuple[float, str]


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` values between `low` and `high`, at steps of 1, 2 or 5 times a power of ten."""
    if not _is_told_apart(low, high, count):
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / count))
    for unit in (1, 2, 5, 10):
        step = power * unit
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if 0 <= last - first <= count:
            return [index * step for index in range(first, last + 1)]
    return [low]


def rounded_out(low: float, high: float, parts: int) -> tuple[float, float]:
    """Both ends moved out to round places, of which there are at least `parts` between them.

    What grows a little within them changes nothing: an axis that follows a live curve stands still.
    """
    if not _is_told_apart(low, high, parts):
        return low, high
    wanted = (high - low) / parts
    power = 10.0 ** math.floor(math.log10(wanted))
    step = power * max(unit for unit in (1, 2, 5) if unit == 1 or power * unit <= wanted)
    return (
        min(low, math.floor(low / step + 1e-9) * step),
        max(high, math.ceil(high / step - 1e-9) * step),
    )


def _is_told_apart(low: float, high: float, count: int) -> bool:
    """Whether so many steps between two numbers are more than what is lost in rounding."""
    finest = max(SMALLEST, PRECISION * max(abs(low), abs(high)))
    return finest < (high - low) / count < math.inf


def plain(low: float, high: float, count: int) -> list[Tick]:
    """Of numbers: 0.2, 1.5k, 2M."""
    return [(place, label(place)) for place in round_ticks(low, high, count)]


def decades(low: float, high: float, count: int) -> list[Tick]:
    """Of logarithms: powers of ten, 2 and 5 times them where there is room, else what is round."""
    if high - low < 1:
        rounds = round_ticks(10.0**low, 10.0**high, count)
        return [(math.log10(place), label(place)) for place in rounds if place > 0]
    every = max(1, math.ceil((high - low) / count))
    fine = (1, 2, 5) if (high - low) * 3 <= count else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1, every)
    places = [power + math.log10(unit) for power in powers for unit in fine]
    inside = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
    return [(place, label(_power(place))) for place in inside]


def _power(exponent: float) -> float:
    try:
        return float(f"{10.0**exponent:.3g}")
    except OverflowError:
        return math.inf


def durations(low: float, high: float, count: int) -> list[Tick]:
    """Of seconds since a run began: 30s, 5m, 2h, 3d."""
    return [(place, _span(place)) for place in _every(low, high, count)]


def clocks(low: float, high: float, count: int) -> list[Tick]:
    """Of moments: the local time, or the day where the axis is long."""
    found = []
    try:
        offset = datetime.fromtimestamp(low, UTC).astimezone().utcoffset()
        shift = offset.total_seconds() if offset is not None else 0.0
        for place in _every(low + shift, high + shift, count):
            moment = datetime.fromtimestamp(place - shift, UTC).astimezone()
            form = "%H:%M:%S" if high - low < 120 else "%H:%M"
            if high - low >= 2 * _DAY:
                form = "%d %b"
            found.append((place - shift, f"{moment:{form}}"))
    except (ValueError, OverflowError, OSError):
        return plain(low, high, count)
    return found


def _every(low: float, high: float, count: int) -> Iterable[float]:
    """Multiples of a span of time that people count in."""
    wanted = (high - low) / count
    days = max(1, math.ceil(wanted / _DAY)) if math.isfinite(wanted) else 1
    step = next((span for span in _SPANS if span >= wanted), days * _DAY)
    if wanted < 1:
        return round_ticks(low, high, count)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [index * step for index in range(first, min(last, first + count) + 1)]


def _span(seconds: float) -> str:
    for size, unit in ((_DAY, "d"), (3600, "h"), (60, "m")):
        if abs(seconds) >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    if abs(seconds) >= 3600:
        return f"{seconds / 3600:.1f}h"
    return f"{seconds / 60:.1f}m" if abs(seconds) >= 120 else f"{seconds:g}s"


def label(value: float) -> str:
    """A number on an axis."""
    if value and abs(value) >= 1e3 and math.isfinite(value) and abs(value) < 1e9:
        unit, name = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
        return f"{value / unit:g}{name}"
    return number(value)
