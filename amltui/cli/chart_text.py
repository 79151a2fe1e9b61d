"""A metric's curve as lines of text, drawn by plotext from at most two points a column."""

from __future__ import annotations

import math
from collections.abc import Sequence

from amltui.domain.points import Points
from amltui.ui.charts.ticks import plain

AXIS = 10
"""Columns that the y axis takes at the most."""
LARGEST = 1e300
"""plotext works with differences of values: beyond this they overflow."""


def chart_text(points: Points, width: int, height: int) -> list[str]:
    """Lines of text, `height` of them; empty where there is nothing finite to draw.

    Only finite values reach plotext, and the line is broken where something else was logged.
    """
    if width <= AXIS or height < 4:
        return []
    kept = min_max(points, width - AXIS)
    runs = _runs([(points.steps[index], value) for index, value in kept])
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
    xs = [points.steps[index] for index, _ in kept]
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
    found = plain(low, high, count)
    return [place for place, _ in found], [text for _, text in found]


def min_max(points: Points, columns: int) -> list[tuple[int, float]]:
    """At most two (index, value) per column: the lowest and the highest, in order.

    Spikes survive. A column with nothing finite in it yields one NaN, so that the gap shows.
    """
    count = len(points)
    if count <= 2 * columns:
        return list(enumerate(points.values[:count]))
    kept: list[tuple[int, float]] = []
    for column in range(columns):
        start, stop = column * count // columns, (column + 1) * count // columns
        extent = points.extent(start, stop)
        if not extent.finite:
            kept.append((start, math.nan))
            continue
        places = {points.values.index(value, start, stop) for value in extent[:2]}
        kept.extend((index, points.values[index]) for index in sorted(places))
    return kept
