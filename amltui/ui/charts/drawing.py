"""One chart: axes, curves, letters, what is no number, and the cursor, as runs of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from amltui.ui.charts import ticks
from amltui.ui.charts.canvas import Canvas, Marks
from amltui.ui.charts.trace import Mark, height, trace
from amltui.ui.charts.track import Track
from amltui.ui.charts.view import Axis, View

GUTTER = 9
"""Cells that the numbers of the y axis take at the most."""
LEAST_WIDTH, LEAST_HEIGHT = 12, 4


class Ink(Enum):
    """What a run of text is; the curves have their number instead."""

    AXIS = "axis"
    BAD = "bad"
    CURSOR = "cursor"


class Run(NamedTuple):
    """Text of one ink."""

    text: str
    ink: Ink | int | None = None


class Curve(Struct, frozen=True):
    """What is drawn, and the letter it is known by where there are several."""

    track: Track
    letter: str = ""
    number: int = 0
    """Says the colour."""


class Frame(Struct, frozen=True):
    """The part of the axes that a chart shows."""

    first: float
    last: float
    low: float
    high: float


def draw(
    curves: Sequence[Curve], view: View, width: int, height: int, marks: Marks
) -> list[list[Run]]:
    """Lines of runs, `height` of them; none where there is nothing to draw or no room."""
    reach = shared_reach([curve.track for curve in curves])
    if reach is None or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    first, last = view.span(*reach)
    rows = height - 2
    # As wide as the numbers of everything in view; smoothed values may need more.
    extremes = view.settled(_extremes(curves, view, first, last))
    gutter = _room(_numbers(extremes, rows, view))
    while True:
        canvas = Canvas(width - gutter - 1, rows, marks)
        traces = [trace(curve.track, view, first, last, canvas.width) for curve in curves]
        limits = view.settled(_limits(traces, canvas.width))
        numbers = _numbers(limits, rows, view)
        if _room(numbers) <= gutter:
            break
        gutter = _room(numbers)
    frame = Frame(first, last, *(limits or (0.0, 1.0)))
    for curve, legs in zip(curves, traces, strict=True):
        for leg in legs:
            _plot(canvas, leg, frame, curve.number)
    sheet = Sheet(canvas)
    _letters(sheet, [curve for curve in curves if curve.letter])
    _cursor(sheet, view, frame, marks)
    _flags(sheet, traces, marks)
    return _assembled(sheet, numbers, frame, view, gutter, marks)


class Sheet:
    """What a chart shows in each cell, with the floor as its last row."""

    def __init__(self, canvas: Canvas) -> None:
        self.glyphs = [canvas.glyphs(row) for row in range(canvas.rows)]
        self.glyphs.append([canvas.marks.level] * canvas.columns)
        self.inks: list[list[Ink | int | None]] = [list(owners) for owners in canvas.owners]
        self.inks.append([Ink.AXIS] * canvas.columns)

    @property
    def columns(self) -> int:
        return len(self.glyphs[0])

    def put(self, row: int, column: int, glyph: str, ink: Ink | int) -> None:
        self.glyphs[row][column], self.inks[row][column] = glyph, ink

    def runs(self, row: int) -> list[Run]:
        """Neighbours of one ink as one run."""
        cells = zip(self.inks[row], self.glyphs[row], strict=True)
        groups = groupby(cells, key=lambda cell: cell[0])
        return [Run("".join(glyph for _, glyph in group), ink) for ink, group in groups]


def shared_reach(tracks: Sequence[Track]) -> tuple[float, float] | None:
    """From where to where the curves of a chart go, all taken together."""
    reaches = [reach for track in tracks if (reach := track.reach()) is not None]
    if not reaches:
        return None
    return min(low for low, _ in reaches), max(high for _, high in reaches)


def _extremes(
    curves: Sequence[Curve], view: View, first: float, last: float
) -> tuple[float, float] | None:
    """About the lowest and the highest in view, without looking at every column."""
    found = [curve.track.extremes(first, last) for curve in curves]
    lows = [height(low, view.log) for low, _ in found]
    highs = [height(high, view.log) for _, high in found]
    inside = [each for each in (*lows, *highs) if math.isfinite(each)]
    return (min(inside), max(inside)) if inside else None


def _limits(traces: Sequence[list[list[Mark]]], dots: int) -> tuple[float, float] | None:
    """The lowest and the highest in view."""
    seen = [
        mark
        for legs in traces
        for leg in legs
        for mark in leg
        if mark.drawn and 0 <= mark.dot < dots
    ]
    if not seen:
        return None
    return min(mark.low for mark in seen), max(mark.high for mark in seen)


def _numbers(limits: tuple[float, float] | None, rows: int, view: View) -> list[ticks.Tick]:
    if limits is None:
        return []
    make = ticks.decades if view.log else ticks.plain
    return [(place, text[:GUTTER]) for place, text in make(*limits, max(2, rows // 3))]


def _room(numbers: Sequence[ticks.Tick]) -> int:
    return max((len(text) for _, text in numbers), default=1)


def _plot(canvas: Canvas, leg: Sequence[Mark], frame: Frame, owner: int) -> None:
    before: tuple[int, int] | None = None
    for mark in leg:
        if not mark.drawn:
            before = None
            continue
        low, high = _row(mark.low, frame, canvas.height), _row(mark.high, frame, canvas.height)
        canvas.upright(mark.dot, low, high, owner)
        if math.isfinite(mark.enters):
            enters = _row(mark.enters, frame, canvas.height)
            if before is not None:
                canvas.line(before, (mark.dot, enters), owner)
        leaves = mark.leaves
        before = (mark.dot, _row(leaves, frame, canvas.height)) if math.isfinite(leaves) else None


def _row(value: float, frame: Frame, dots: int) -> int:
    """The row of dots of a value, from the top; also of one that is out of sight."""
    # Halves, because the difference of two large numbers may not be a number any more.
    span = frame.high / 2 - frame.low / 2
    share = 0.5 if span <= 0 else (value / 2 - frame.low / 2) / span
    return dots - 1 - round(max(-4.0, min(share, 5.0)) * (dots - 1))


def _letters(sheet: Sheet, curves: Sequence[Curve]) -> None:
    """Each curve's letter on the curve, near its end, no two in the same place."""
    letters = {curve.letter for curve in curves}
    for place, curve in enumerate(curves):
        own = [
            (column, row)
            for row, inks in enumerate(sheet.inks)
            for column, ink in enumerate(inks)
            if ink == curve.number and sheet.glyphs[row][column] not in letters
        ]
        if own:
            wanted = max(own)[0] - 1 - 2 * place
            column, row = min(own, key=lambda cell: abs(cell[0] - wanted))
            sheet.put(row, column, curve.letter, curve.number)


def _cursor(sheet: Sheet, view: View, frame: Frame, marks: Marks) -> None:
    column = cursor_column(view, frame.first, frame.last, sheet.columns)
    if column is None:
        return
    for row, inks in enumerate(sheet.inks):
        if inks[column] is None or inks[column] is Ink.AXIS:
            sheet.put(row, column, marks.upright, Ink.CURSOR)


def cursor_column(view: View, first: float, last: float, columns: int) -> int | None:
    """The column of cells that the cursor is in; None where it is out of sight."""
    if view.cursor is None or not first <= view.cursor <= last:
        return None
    if last <= first:
        return columns // 2
    return round((view.cursor - first) / (last - first) * (columns - 1))


def _flags(sheet: Sheet, traces: Sequence[list[list[Mark]]], marks: Marks) -> None:
    """What is no number is told at the edge where it is: NaN and what is too low at the floor."""
    for mark in (mark for legs in traces for leg in legs for mark in leg):
        column = mark.dot // marks.across
        if not 0 <= column < sheet.columns:
            continue
        if mark.nan or mark.below:
            sheet.put(-1, column, marks.nan if mark.nan else marks.below, Ink.BAD)
        if mark.above:
            sheet.put(0, column, marks.above, Ink.BAD)


def _assembled(
    sheet: Sheet,
    numbers: Sequence[ticks.Tick],
    frame: Frame,
    view: View,
    gutter: int,
    marks: Marks,
) -> list[list[Run]]:
    rows = len(sheet.glyphs) - 1
    named = {_row(place, frame, rows): text for place, text in numbers}
    lines = []
    for row in range(rows):
        edge = marks.tick if row in named else marks.upright
        lines.append([Run(f"{named.get(row, ''):>{gutter}}{edge}", Ink.AXIS), *sheet.runs(row)])
    lines.append([Run(" " * gutter + marks.corner, Ink.AXIS), *sheet.runs(rows)])
    places = _places(frame, view, sheet.columns)
    lines.append([Run(" " * (gutter + 1) + _written(places, sheet.columns), Ink.AXIS)])
    return lines


def _places(frame: Frame, view: View, columns: int) -> list[tuple[int, str]]:
    make = {Axis.STEP: ticks.plain, Axis.RELATIVE: ticks.durations, Axis.WALL: ticks.clocks}
    span = frame.last - frame.first
    found = make[view.axis](frame.first, frame.last, max(2, columns // 12))
    return [
        (round((place - frame.first) / span * (columns - 1)) if span > 0 else columns // 2, text)
        for place, text in found
    ]


def _written(places: Sequence[tuple[int, str]], columns: int) -> str:
    """Numbers centred under their places, as many as have room."""
    line = ""
    for column, text in places:
        start = min(max(0, column - len(text) // 2), columns - len(text))
        if start > len(line) or (not line and start >= 0):
            line = line.ljust(start) + text
    return line
