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


def chart_text(points: Sequence[MetricPoint], width: int, height: int) -> list[str]:
    """Lines of text, `height` of them; empty where there is nothing finite to draw.

    plotext ends the process when it is handed NaN, so only finite values reach it and the line is
    broken where something else was logged.
    """
    if width <= AXIS or height < 4:
        return []
    kept = min_max([point.value for point in points], (width - AXIS))
    pieces = [(points[index].step, value) for index, value in kept]
    drawn = [(x, y) for x, y in pieces if math.isfinite(y) and abs(y) < LARGEST]
    if not drawn:
        return []
    import plotext

    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.plot_size(width, height)
    figure.canvas("default")
    figure.axes(False, axis="x", side="upper")
    figure.axes(False, axis="y", side="right")
    xs, ys = [x for x, _ in drawn], [y for _, y in drawn]
    signal = figure.signal(xs, ys, marker="braille").lines().density("full")
    for index in _breaks(pieces):
        signal.line(index, False)
    figure.draw(signal)
    _ticks(figure.ruler("x"), min(xs), max(xs), max(2, width // 18))
    _ticks(figure.ruler("y"), min(ys), max(ys), max(2, height // 3))
    text: str = figure.build().string(colorless=True)
    return text.rstrip("\n").split("\n")


def _breaks(pieces: Sequence[tuple[int, float]]) -> list[int]:
    """Indices, among the finite points, of those with a gap before them."""
    breaks, drawn, gap = [], 0, False
    for _, value in pieces:
        if not math.isfinite(value) or abs(value) >= LARGEST:
            gap = True
            continue
        if gap and drawn:
            breaks.append(drawn)
        gap = False
        drawn += 1
    return breaks


def _ticks(ruler: object, low: float, high: float, count: int) -> None:
    """Round numbers, which plotext does not choose by itself."""
    positions = round_ticks(low, high, count)
    ruler.ticks(positions, [_label(position) for position in positions])  # type: ignore[attr-defined]


def _label(value: float) -> str:
    if value and abs(value) >= 1e3 and math.isfinite(value) and abs(value) < 1e9:
        unit, name = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
        return f"{value / unit:g}{name}"
    return number(value)


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` values between `low` and `high`, at steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * unit for unit in (1, 2, 5) if power * unit >= rough), power * 10)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)] or [low]
