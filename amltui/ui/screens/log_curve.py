"""The values that a log prints, as charts."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from amltui.domain.log_curve import LogCurves
from amltui.domain.log_window import LogWindow
from amltui.ui.charts.chart import Chart, Line
from amltui.ui.charts.view import SMOOTHINGS, View
from amltui.ui.widgets.chart_board import ChartBoard, Layout, marks_of
from amltui.ui.widgets.text_line import TextLine

MOST_LINES = 20_000
"""Lines at the end of what is held that are looked at."""
AT_ONCE = 200
"""Lines between two turns of everything else."""


class LogCurve(ModalScreen[None]):
    """Made once, of the lines that are held when it is opened."""

    BINDINGS = [
        Binding("escape,q,L", "dismiss(None)", "Close"),
        Binding("right,j,down", "turn(1)", "Next chart", show=False),
        Binding("left,k,up", "turn(-1)", "Previous chart", show=False),
        Binding("z", "grid", "Grid", show=False),
        Binding("y", "log", "Log", show=False),
        Binding("s", "smooth", "Smooth", show=False),
    ]
    DEFAULT_CSS = """
    LogCurve Vertical { background: $surface; }
    """

    def __init__(self, window: LogWindow, title: str, marks: str | None) -> None:
        super().__init__()
        self._window = window
        self._title = title
        self._marks = marks
        self._curves = LogCurves()
        self._charts: list[Chart] = []
        self._front = 0
        self._layout = Layout.BESIDE
        self._view = View()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield TextLine(id="header")
            yield ChartBoard(marks_of(self._marks))
            yield TextLine(id="status")

    def on_mount(self) -> None:
        if not self.query(ChartBoard):  # closed before it was composed
            return
        self._show("Reading …")
        self._read()

    @work(group="curve", exclusive=True)
    async def _read(self) -> None:
        window = self._window
        texts = [window.text(row) for row in range(max(0, len(window) - MOST_LINES), len(window))]
        for number, text in enumerate(texts):
            self._curves.take(text)
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        self._charts = [Chart(each.name, (Line(each),)) for each in self._curves.series]
        self._show("No value is printed again and again in the lines that are held.")

    def _show(self, message: str = "") -> None:
        count = len(self._charts)
        board = self.query_one(ChartBoard)
        board.show(self._charts, self._front, self._layout, self._view, message)
        lines = f"{self._curves.lines:,} lines looked at"
        self.query_one("#header", TextLine).update(
            [f"{self._title} ›  curves from the log"], [lines]
        )
        told = f"chart {self._front + 1} of {count}" if count else ""
        keys = "← → charts · z grid · y log · s smooth · esc back"
        self.query_one("#status", TextLine).update([told, keys] if told else [keys])

    @on(ChartBoard.Left)
    def _left(self, event: ChartBoard.Left) -> None:
        event.stop()
        self.dismiss(None)

    @on(ChartBoard.Inspected)
    def _inspected(self, event: ChartBoard.Inspected) -> None:
        event.stop()
        self._layout = Layout.BESIDE if self._layout is Layout.ONE else Layout.ONE
        self._show()

    def action_turn(self, step: int) -> None:
        if self._charts:
            self._front = (self._front + step) % len(self._charts)
            self._show()

    def action_grid(self) -> None:
        self._layout = Layout.BESIDE if self._layout is Layout.GRID else Layout.GRID
        self._show()

    def action_log(self) -> None:
        self._view = replace(self._view, log=not self._view.log)
        self._show()

    def action_smooth(self) -> None:
        held = SMOOTHINGS.index(self._view.smooth)
        self._view = replace(self._view, smooth=SMOOTHINGS[(held + 1) % len(SMOOTHINGS)])
        self._show()
