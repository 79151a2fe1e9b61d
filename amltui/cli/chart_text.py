"""A metric's curve as lines of text, drawn by plotext from at most two points a column."""

from __future__ import annotations

import math
from collections.abc import Sequence

from amltui.domain.metric import MetricPoint, min_max
from amltui.kinds.format import number

AXIS = 10
"""Columns that the y axis takes at the most."""
LARGEST = 1e300
"""plotext works with differences of values: beyond this they overflow."""
SMALLEST, PRECISION = 1e-300, 1e-12
"""Steps between ticks below this, or below this share of the numbers, are lost in rounding."""


def chart_text(points: Sequence[MetricPoint], width: int, height: int) -> list[str]:
    """Lines of text, `height` of them; empty where there is nothing finite to draw.

    Only finite values reach plotext, and the line is broken where something else was logged.
    """
    if width <= AXIS or height < 4:
        return []
    kept = min_max([point.value for point in points], width - AXIS)
    runs = _runs([(points[index].step, value) for index, value in kept])
    if not runs:
        return []
    import plotext

    plotext.clear_figure()
    # Its own idea of the terminal is that of stdout at import: the pane may be larger by now.
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    for xs, ys in runs:
        plotext.plot(xs, ys, marker="braille")
    # To the last step that was logged: a curve that ends in NaN must not seem to go on to the end.
    xs = [points[index].step for index, _ in kept]
    ys = [y for _, run in runs for y in run]
    if min(xs) < max(xs):
        plotext.xlim(min(xs), max(xs))
    plotext.xticks(*_ticks(min(xs), max(xs), max(2, width // 12)))
    plotext.yticks(*_ticks(min(ys), max(ys), max(2, height // 3)))
    text: str = plotext.uncolorize(plotext.build())
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


def _runs(pieces: Sequence[tuple[int, float]]) -> list[tuple[list[int], list[float]]]:
    """Steps and values of each stretch without a gap."""
    runs: list[tuple[list[int], list[float]]] = []
    gap = True
    for step, value in pieces:
        if not math.isfinite(value) or abs(value) >= LARGEST:
            gap = True
            continue
        if gap:
            runs.append(([], []))
        gap = False
        runs[-1][0].append(step)
        runs[-1][1].append(value)
    return runs


def _ticks(low: float, high: float, count: int) -> tuple[list[float], list[str]]:
    """Round numbers, which plotext does not choose by itself, and how they are written."""
    positions = round_ticks(low, high, count)
    return positions, [_label(position) for position in positions]


def _label(value: float) -> str:
    if value and abs(value) >= 1e3 and math.isfinite(value) and abs(value) < 1e9:
        unit, name = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
        return f"{value / unit:g}{name}"
    return number(value)


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` values between `low` and `high`, at steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    finest = max(SMALLEST, PRECISION * max(abs(low), abs(high)))
    if not finest < span / count < math.inf:
        return [low]
    power = 10.0 ** math.floor(math.log10(span / count))
    for unit in (1, 2, 5, 10):
        step = power * unit
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if 0 <= last - first <= count:
            return [index * step for index in range(first, last + 1)]
    return [low]
