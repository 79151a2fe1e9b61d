"""Bars over a common axis of time: when each began, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.segment import Segment
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.domain.timeline import Span
from amltui.kinds.format import duration
from amltui.kinds.kind import Cell
from amltui.ui.widgets.cell_text import fitted, shown
from amltui.ui.widgets.painted import DIM
from amltui.ui.widgets.scrolled import Scrolled

NAME, TIME = 26, 8
AXIS = 1
"""Lines above the bars, which stay."""
LEAST_BAR = 12
"""Columns that a bar has at least: the names get what is left."""


class SpanChart(Scrolled, can_focus=True):
    """One line for each span. What waited before it began is a lighter bar."""

    kept_lines = 1 + AXIS
    DEFAULT_CSS = "SpanChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.framed = True
        self.frame_title = "timeline"
        self._spans: tuple[Span, ...] = ()
        self._now: datetime | None = None
        self._message = ""

    def show(self, spans: Sequence[Span], now: datetime, message: str = "") -> None:
        """Draw these, as of now."""
        if (tuple(spans), now, message) != (self._spans, self._now, self._message):
            self._spans, self._now, self._message = tuple(spans), now, message
            self.repaint()

    @property
    def extent(self) -> int:
        return len(self._spans) + AXIS

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        if not self._spans or self._now is None:
            return [Strip([Segment(fitted(f" {self._message}", width), ground + DIM)])]
        now = self._now
        name = min(NAME, max(4, width - TIME - LEAST_BAR - 4))
        room = max(1, width - name - TIME - 4)
        first = min(span.start for span in self._spans)
        last = max(max(span.end or now for span in self._spans), first)
        top = self.within(height)
        shown_spans = self._spans[top : top + height - AXIS]
        below = len(self._spans) - top - len(shown_spans)
        self.frame_note = f"{below} more below" if below else ""
        strips = [self._axis(first, last, name, room)]
        whole = (last - first).total_seconds() or 1.0
        for span in shown_spans:
            ends = (span.start, span.begun or span.start, span.end or now)
            start, begun, end = (round((at - first).total_seconds() / whole * room) for at in ends)
            strips.append(self._line(span, now, (start, begun, end), name, room))
        return strips

    def _axis(self, first: datetime, last: datetime, name: int, room: int) -> Strip:
        one_day = first.astimezone().date() == last.astimezone().date()
        form = "%H:%M:%S" if one_day else "%d %b %H:%M"
        left, right = f"{first.astimezone():{form}}", f"{last.astimezone():{form}}"
        axis = left + right.rjust(room - len(left)) if room > len(left + right) else left
        text = " " * (name + 2) + fitted(axis, room) + " " * (TIME + 2)
        return Strip([Segment(text, self.rich_style + self.looks.title)])

    def _line(
        self, span: Span, now: datetime, columns: tuple[int, int, int], name: int, room: int
    ) -> Strip:
        ground = self.rich_style
        start, begun, end = columns
        start = min(start, room - 1)
        end = min(room, max(end, start + 1))
        begun = min(max(begun, start), end)
        waited, ran = "░" * (begun - start), "█" * (end - begun)
        goes_on = span.end is None
        if goes_on and ran:
            ran = ran[:-1] + "▶"
        looks = self.looks.health
        title = Cell("  " * span.depth + span.name)
        return Strip(
            [
                Segment(f" {fitted(shown(title), name)} ", ground),
                Segment(" " * start, ground),
                Segment(waited, ground + looks[Health.WAITING]),
                Segment(ran, ground + looks[span.health]),
                Segment(" " * (room - end), ground),
                Segment(f" {fitted(duration(span.seconds(now)), TIME, right=True)} ", ground),
            ]
        )
