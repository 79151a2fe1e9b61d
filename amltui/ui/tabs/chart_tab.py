"""The keys that say how charts are looked at, the same for all that a tab shows."""

from __future__ import annotations

from msgspec.structs import replace
from textual.binding import Binding

from amltui.domain.job import Job
from amltui.ui.charts.view import View
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.chart_board import ChartBoard

CLOSER = 0.5
"""What a step of the zoom leaves of the axis, and the share that a step to the side moves."""


class ChartTab(Tab):
    """A tab with a board of charts; a subclass draws them."""

    BINDINGS = [
        Binding("s", "smooth", "Smooth", id="metrics.smooth"),
        Binding("y", "log", "Log", id="metrics.log"),
        Binding("t", "axis", "Axis", id="metrics.axis"),
        Binding("plus,equals_sign", "zoom_in", "Zoom", id="metrics.zoom_in"),
        Binding("minus", "zoom_out", "Zoom out", show=False, id="metrics.zoom_out"),
        Binding("0", "reset", "All of the axis, no cursor", show=False, id="metrics.reset"),
        Binding("comma", "pan(-1)", "Pan to the left", show=False, id="metrics.left"),
        Binding("full_stop", "pan(1)", "Pan to the right", show=False, id="metrics.right"),
        Binding("left", "cursor(-1)", "Cursor left", show=False, id="metrics.back"),
        Binding("right", "cursor(1)", "Cursor right", show=False, id="metrics.forth"),
        Binding("shift+left", "cursor(-10)", "Cursor left, ten at once", show=False),
        Binding("shift+right", "cursor(10)", "Cursor right, ten at once", show=False),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        self.view = View()

    @property
    def board(self) -> ChartBoard:
        return self.query_one(ChartBoard)

    def draw(self) -> None:
        """Show the charts as they are now looked at."""
        raise NotImplementedError

    def _look(self, view: View) -> None:
        self.view = view
        self.draw()

    @property
    def _reach(self) -> tuple[float, float] | None:
        """Of the axis of the chart in front."""
        chart = self.board.chart
        return chart.reach(self.view.axis) if chart is not None else None

    def action_smooth(self) -> None:
        self._look(self.view.smoother())

    def action_log(self) -> None:
        self._look(replace(self.view, log=not self.view.log))

    def action_axis(self) -> None:
        self._look(self.view.turned())

    def action_zoom_in(self) -> None:
        self._zoom(CLOSER)

    def action_zoom_out(self) -> None:
        self._zoom(1 / CLOSER)

    def _zoom(self, factor: float) -> None:
        if (reach := self._reach) is not None:
            self._look(self.view.zoomed(*reach, factor))

    def action_reset(self) -> None:
        self._look(replace(self.view, window=None, cursor=None))

    def action_pan(self, direction: int) -> None:
        if (reach := self._reach) is not None:
            self._look(self.view.panned(*reach, direction * CLOSER))

    def action_cursor(self, step: int) -> None:
        """From point to point, or from cell to cell where points lie closer than that."""
        reach, chart = self._reach, self.board.chart
        if reach is None or chart is None:
            return
        first, last = self.view.span(*reach)
        cursor = self.view.cursor
        if cursor is None or not first <= cursor <= last:
            self._look(self.view.pointed(*reach, last if step < 0 else first))
            return
        cell = (last - first) / self.board.columns
        track = next(c.track for c in chart.curves(self.view.axis) if c.track.legs)
        self._look(self.view.pointed(*reach, track.beside(cursor, step, step * cell)))
