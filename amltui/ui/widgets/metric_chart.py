"""The curve of one metric, as wide as its pane."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.domain.metric import MetricSeries
from amltui.kinds.format import number
from amltui.ui.widgets.cell_text import fitted
from amltui.ui.widgets.chart_text import chart_text
from amltui.ui.widgets.painted import DIM, Painted


class MetricChart(Painted, can_focus=True):
    """Costs its size, not the number of points."""

    BINDINGS = [Binding("enter,escape", "back", "Back to the list", show=False)]
    DEFAULT_CSS = "MetricChart { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.framed = True
        self.series: MetricSeries | None = None
        self.message = ""

    @dataclass
    class Left(Message):
        """The user wants the list of metrics again."""

    def on_mount(self) -> None:
        self._load()

    def action_back(self) -> None:
        self.post_message(self.Left())

    @work
    async def _load(self) -> None:
        """Import plotext where it does not keep the keyboard waiting."""
        if "plotext" not in sys.modules:
            await asyncio.to_thread(__import__, "plotext")
        self.repaint()

    def show(self, series: MetricSeries | None, message: str = "") -> None:
        """Draw this from now on; `message` says why there is nothing."""
        if series == self.series and message == self.message:
            return
        self.series, self.message = series, message
        self.frame_title = series.name if series else ""
        self.frame_note = _note(series) if series else ""
        self.repaint()

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        if self.series is None or "plotext" not in sys.modules:
            return [Strip([Segment(fitted(f"  {self.message}", width), ground + DIM)])]
        text = chart_text(self.series.points, width - 1, height)
        if not text:
            why = "  nothing finite was logged" if self.series.points else "  no points yet"
            return [Strip([Segment(fitted(why, width), ground + DIM)])]
        style = ground + self.looks.curve
        return [_coloured(line, width, ground, style) for line in text]


def _coloured(line: str, width: int, ground: Style, style: Style) -> Strip:
    """Axis in the ground's colour, the curve in its own."""
    line = fitted(line, width)
    edge = next((index + 1 for index, glyph in enumerate(line) if glyph in "┤│"), len(line))
    return Strip([Segment(line[:edge], ground), Segment(line[edge:], style)])


def _note(series: MetricSeries) -> str:
    last, best, bad = series.last, series.best, series.first_bad
    if last is None:
        return ""
    parts = [f"last {number(last.value)} @ {last.step:,}"]
    if best is not None:
        parts.append(f"best {number(best.value)} @ {best.step:,}")
    if bad is not None:
        parts.append(f"{number(bad.value)} since {bad.step:,}")
    if series.logged is not None and series.logged > len(series.points):
        parts.append(f"{len(series.points):,} of {series.logged:,} points")
    return " · ".join(parts)
