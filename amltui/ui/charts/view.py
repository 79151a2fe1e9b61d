"""How charts are looked at: which axis, which part of it, how smooth, where the cursor is."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from amltui.ui.charts.ticks import rounded_out

SMOOTHINGS = (0.0, 0.3, 0.6, 0.9)
NEAREST = 1e-6
"""The smallest share of an axis that can be zoomed to."""
COMING = 30
"""Points to come that there is room for, or as many again as a short curve has.

While the axis stands still each new point costs a cell, over SSH, instead of a whole chart.
"""
AROUND = 8
"""The parts of the axis of values of which one, at most, is kept free on either side."""


class Axis(Enum):
    """What the points of a curve are put over."""

    STEP = "step"
    RELATIVE = "time since start"
    WALL = "time of day"

    @property
    def by_time(self) -> bool:
        return self is not Axis.STEP


class Window(Struct, frozen=True):
    """The part of an axis that is looked at."""

    length: float
    stop: float | None = None
    """Its right edge; None is wherever the curve ends, and goes on with it."""

    def within(self, low: float, high: float) -> tuple[float, float]:
        """From where to where, on an axis that reaches from `low` to `high`."""
        stop = high if self.stop is None else self.stop
        return stop - self.length, stop


class View(Struct, frozen=True):
    """Shared by all charts of a board, so that what one shows can be compared with the next."""

    axis: Axis = Axis.STEP
    log: bool = False
    smooth: float = 0.0
    window: Window | None = None
    """None is everything."""
    cursor: float | None = None
    """On the axis."""
    points: int | None = None
    """How many the longest curve has that still grows; None where none does."""

    def smoother(self) -> View:
        """The next of the smoothings."""
        held = SMOOTHINGS.index(self.smooth)
        return replace(self, smooth=SMOOTHINGS[(held + 1) % len(SMOOTHINGS)])

    def turned(self) -> View:
        """Over the next axis, whose places are others."""
        axes = list(Axis)
        following = axes[(axes.index(self.axis) + 1) % len(axes)]
        return replace(self, axis=following, window=None, cursor=None)

    def span(self, low: float, high: float) -> tuple[float, float]:
        """The part that is shown of an axis that reaches from `low` to `high`."""
        if self.points is not None and low < high:
            length = high - low if self.window is None else self.window.length
            parts = max(1, round(self.points / COMING * min(1.0, length / (high - low))))
            high = rounded_out(high - length, high, parts)[1]
        return (low, high) if self.window is None else self.window.within(low, high)

    def settled(self, limits: tuple[float, float] | None) -> tuple[float, float] | None:
        """The lowest and highest value that are shown, of those that there are."""
        return rounded_out(*limits, AROUND) if self.points is not None and limits else limits

    def zoomed(self, low: float, high: float, factor: float) -> View:
        """Closer, or further away: the cursor stays where it is, or else the right edge."""
        first, last = self.span(low, high)
        length = (last - first) * factor
        whole = high - low
        if length >= whole or whole <= 0:
            return replace(self, window=None)
        length = max(length, whole * NEAREST)
        if self.cursor is None or not first <= self.cursor <= last:
            stop: float | None = last
        else:
            stop = self.cursor + (last - self.cursor) * (length / (last - first))
        return self._at(length, stop, low, high)

    def panned(self, low: float, high: float, share: float) -> View:
        """To the side by a share of what is shown."""
        if self.window is None:
            return self
        _, last = self.span(low, high)
        length = self.window.length
        return self._at(length, last + length * share, low, high)

    def pointed(self, low: float, high: float, cursor: float) -> View:
        """With the cursor there, brought into view."""
        cursor = min(max(cursor, low), high)
        view = replace(self, cursor=cursor)
        first, last = self.span(low, high)
        if view.window is None or first <= cursor <= last:
            return view
        stop = cursor if cursor > last else cursor + view.window.length
        return view._at(view.window.length, stop, low, high)

    def _at(self, length: float, stop: float | None, low: float, high: float) -> View:
        """A window kept within the axis; at its end it follows what comes."""
        if stop is None or stop >= high:
            return replace(self, window=Window(length))
        return replace(self, window=Window(length, max(stop, low + length)))
