"""What one chart of a board is about, and what is said of it around the picture."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from rich.cells import cell_len

from amltui.domain.comparison import LETTERS
from amltui.domain.metric import MetricSeries
from amltui.domain.points import MetricPoint
from amltui.kinds.format import duration, number
from amltui.ui.charts.drawing import Curve, shared_reach
from amltui.ui.charts.legend import Entry
from amltui.ui.charts.trace import smoothed_at
from amltui.ui.charts.track import Track
from amltui.ui.charts.view import Axis, View


class Line(Struct, frozen=True):
    """One curve, and what it is called where there are several."""

    series: MetricSeries
    name: str = ""
    number: int | None = None
    """Its place among all that the board compares, the same in each chart; None where alone."""

    @property
    def letter(self) -> str:
        return "" if self.number is None else LETTERS[self.number]


class Chart(Struct, frozen=True):
    """Curves over one pair of axes."""

    title: str
    lines: tuple[Line, ...] = ()
    left_out: int = 0
    """Curves that there was no letter for."""

    def curves(self, axis: Axis) -> list[Curve]:
        return [
            Curve(Track(line.series.points, axis), line.letter, line.number or 0)
            for line in self.lines
        ]

    def reach(self, axis: Axis) -> tuple[float, float] | None:
        """From where to where its curves go."""
        return shared_reach([curve.track for curve in self.curves(axis)])

    @property
    def is_sampled(self) -> bool:
        return any(line.series.sampled for line in self.lines)

    def heading(self, view: View, dots: int, room: int) -> str:
        """Its name and, of a single curve, what is under the cursor, as far as there is room."""
        if view.cursor is None or not self.lines:
            return self.title
        told = [_place(view)]
        if len(self.lines) == 1:
            track = Track(self.lines[0].series.points, view.axis)
            index = track.before(view.cursor)
            if index is None:
                return self.title
            value = _told(track, index, view, dots)
            where = _where(track.points[index], view)
            told = [f"{where}: {value}", value, value.partition(" ")[0]]
        choices = [f"{self.title}  {words}" for words in told]
        return next((words for words in choices if cell_len(words) <= room), choices[-1])

    def legend(self, view: View, dots: int) -> list[Entry]:
        """Each curve's letter, name, and value under the cursor, or its last."""
        entries = []
        for curve, line in zip(self.curves(view.axis), self.lines, strict=True):
            if not line.letter:
                continue
            last = line.series.last
            value = number(last.value) if last else "-"
            if view.cursor is not None:
                index = curve.track.before(view.cursor)
                value = "-" if index is None else _told(curve.track, index, view, dots)
                if index is not None and curve.track.is_over(view.cursor):
                    value += f" @ {curve.track.points[index].step:,}"
            entries.append(Entry(line.letter, line.name, value))
        return entries

    def note(self, view: View, room: int, *, short: bool) -> str:
        """What is worth knowing of a single curve, then how it is shown, if there is room."""
        parts = [f"{self.left_out} curves left out"] if self.left_out else []
        series = self.lines[0].series if len(self.lines) == 1 else None
        parts += [] if series is None else _said(series)
        parts += [] if short else _shown(view)
        parts += [] if series is None or short else _ends(series)
        while parts and len(" · ".join(parts)) > room:
            parts.pop()
        return " · ".join(parts)


def _said(series: MetricSeries) -> list[str]:
    last, best, bad = series.last, series.best, series.first_bad
    if last is None:
        return []
    parts = [f"last {number(last.value)} @ {last.step:,}"]
    if bad is not None:
        parts.insert(0, f"{number(bad.value)} since {bad.step:,}")
    if series.sampled:
        parts.append(f"{len(series.points):,} of {series.logged:,} points")
    if best is not None:
        parts.append(f"best {number(best.value)} @ {best.step:,}")
    return parts


def _ends(series: MetricSeries) -> list[str]:
    """The lowest and the highest value, without the one that is the best."""
    ends = {"min": series.points.lowest(), "max": series.points.highest()}
    return [
        f"{word} {number(point.value)} @ {point.step:,}"
        for word, point in ends.items()
        if point is not None and point != series.best
    ]


def _shown(view: View) -> list[str]:
    parts = [view.axis.value]
    if view.smooth:
        parts.append(f"smooth {view.smooth:g}".replace("0.", "."))
    if view.log:
        parts.append("log")
    if view.window is not None:
        parts.append("zoomed")
    return parts


def _told(track: Track, index: int, view: View, dots: int) -> str:
    """The value of a point, smoothed first where curves are."""
    raw = number(track.points.values[index])
    reach = track.reach()
    if not view.smooth or reach is None or view.cursor is None:
        return raw
    first, last = view.span(*reach)
    smoothed = smoothed_at(track, view, view.cursor, (last - first) / max(1, dots - 1))
    return f"{number(smoothed)} (raw {raw})"


def _where(point: MetricPoint, view: View) -> str:
    """A point's step, and its time where that is the axis."""
    if not view.axis.by_time or view.cursor is None:
        return f"step {point.step:,}"
    return f"{_place(view)} step {point.step:,}"


def _place(view: View) -> str:
    """Where the cursor is, in the words of its axis."""
    cursor = view.cursor or 0.0
    if view.axis is Axis.STEP:
        return f"step {cursor:,.0f}"
    if view.axis is Axis.RELATIVE:
        return duration(cursor)
    try:
        return f"{datetime.fromtimestamp(cursor, UTC).astimezone():%H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return number(cursor)
