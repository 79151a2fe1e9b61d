"""A strip for each GPU and machine: time runs to the right, the fuller the higher and brighter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.domain.machine_load import GPU, MachineLoad, Trace, merged, together
from amltui.kinds.format import age, duration
from amltui.kinds.machine_load import figure, shades
from amltui.ui.widgets.cell_text import fitted, wrapped
from amltui.ui.widgets.painted import Painted

NAME, VALUE = 16, 6
ROOMY = 90
"""Columns from which the mean and the peak stand beside the last value."""
WARM = 0.15
"""The share below which a GPU's column has the colour of what needs attention."""


class Shown(Struct, frozen=True):
    """What is painted."""

    load: MachineLoad | None = None
    now: datetime | None = None
    why_empty: str = ""
    is_running: bool = False


class HeatStrips(Painted, can_focus=True):
    """Bars of eight heights, so that they are read without colour, too."""

    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("home,g", "edge(-1)", "Start", show=False),
        Binding("end,G", "edge(1)", "End", show=False),
    ]
    DEFAULT_CSS = "HeatStrips { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.framed = True
        self.frame_title = "machines"
        self._shown = Shown()
        self._top = 0

    def show(self, shown: Shown) -> None:
        """Draw this."""
        if shown != self._shown:
            self._shown = shown
            self.repaint()

    def action_move(self, step: int) -> None:
        self._top += step
        self.repaint()

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.content_height - 2))

    def action_edge(self, end: int) -> None:
        load = self._shown.load
        self.action_move(end * 2 * (len(load.traces) + 1 if load else 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_move(-3)

    def lines(self, width: int, height: int) -> list[Strip]:
        load, now = self._shown.load, self._shown.now
        if load is None or now is None or not load.traces:
            self.frame_note = ""
            lines = wrapped(self._shown.why_empty, width - 2)
            return [Strip([Segment(fitted(f" {line}", width), self.rich_style)]) for line in lines]
        count = 3 if width >= ROOMY else 1
        room = max(1, width - NAME - count * (VALUE + 1) - 2)
        body = [
            *(self._remark(text, width) for text in load.remarks(running=self._shown.is_running)),
            *self._groups(load, room, count, width),
        ]
        self._top = min(max(0, self._top), max(0, len(body) - height + 1))
        seen = body[self._top : self._top + height - 1]
        below = len(body) - self._top - len(seen)
        newest = load.newest
        told = [f"newest sample {age(newest, now)} ago"] if newest else []
        told += [f"{below} more below"] if below else []
        self.frame_note = " · ".join(told)
        return [self._axis(load, room, count), *seen]

    def _axis(self, load: MachineLoad, room: int, count: int) -> Strip:
        """From when to when, and how much time a column is."""
        steps = max((len(trace.values) for trace in load.traces), default=1)
        each = together(steps, room)
        last = load.start + timedelta(seconds=steps * load.step)
        one_day = load.start.astimezone().date() == last.astimezone().date()
        form = "%H:%M" if one_day else "%d %b %H:%M"
        left, right = f"{load.start.astimezone():{form}}", f"{last.astimezone():{form}}"
        middle = f"means of {duration(each * load.step)}"
        axis = left + f" {middle} ".center(max(0, room - len(left + right))) + right
        heads = "".join(f" {head:>{VALUE}}" for head in ("last", "mean", "peak")[:count])
        text = f" {'':{NAME}}{fitted(axis, room)}{heads} "
        return Strip([Segment(text, self.rich_style + self.looks.title)])

    def _remark(self, text: str, width: int) -> Strip:
        style = self.rich_style + self.looks.health[Health.ATTENTION]
        return Strip([Segment(fitted(f" ! {text}", width), style)])

    def _groups(self, load: MachineLoad, room: int, count: int, width: int) -> list[Strip]:
        strips = []
        for gauge, held in groupby(load.traces, key=lambda trace: trace.gauge):
            traces = list(held)
            # Without a natural end the strips of a gauge are told apart by the highest of them.
            top = gauge.top or max(
                (v for t in traces for v in merged(t.values, room) if v is not None), default=0.0
            )
            if len(load.nodes) > 1 or gauge.per_gpu:
                title = fitted(f" {gauge.name}", width)
                strips.append(Strip([Segment(title, self.rich_style + self.looks.title)]))
                names = [f"  {load.place(trace)}" for trace in traces]
            else:
                names = [f" {gauge.name}"]
            strips += [
                self._line(trace, name, shades(trace.values, room, top), room, count)
                for trace, name in zip(traces, names, strict=True)
            ]
        return strips

    def _line(
        self, trace: Trace, name: str, columns: Sequence[tuple[str, float]], room: int, count: int
    ) -> Strip:
        ground = self.rich_style
        segments = [Segment(f"{fitted(name, NAME)} ", ground)]
        for heat, held in groupby(columns, key=lambda column: self._heat(trace, column[1])):
            segments.append(Segment("".join(glyph for glyph, _ in held), ground + heat))
        segments.append(Segment(" " * (room - len(columns)), ground))
        values = (trace.last, trace.mean, trace.peak)[:count]
        figures = "".join(f" {figure(trace, value):>{VALUE}}" for value in values)
        segments.append(Segment(f"{figures} ", ground))
        return Strip(segments)

    def _heat(self, trace: Trace, share: float) -> Style:
        """The colour of a column, which has a meaning only where much is better."""
        if trace.gauge != GPU:
            return self.looks.trend
        return self.looks.health[Health.ATTENTION if share < WARM else Health.GOOD]
