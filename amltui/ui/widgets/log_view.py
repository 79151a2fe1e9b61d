"""A log as it grows: follows its end until the reader scrolls away."""

from __future__ import annotations

from itertools import islice

from rich.cells import chop_cells
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.strip import Strip

from amltui.domain.log_text import LogLines
from amltui.kinds.format import literal
from amltui.ui.widgets.cell_text import fitted
from amltui.ui.widgets.painted import DIM, Painted


class LogView(Painted, can_focus=True):
    """Lays out the visible lines only. Remote text is literal: no markup, no escapes."""

    BINDINGS = [
        Binding("f", "follow", "Follow", id="log.follow"),
        Binding("w", "wrap", "Wrap", id="log.wrap"),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("home,g", "top", "Start", show=False),
        Binding("end,G", "bottom", "End", show=False),
    ]

    DEFAULT_CSS = "LogView { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.framed = True
        self.following = True
        self.wrapping = False
        self.message = ""
        self._log = LogLines()
        self._top = 0

    def restart(self, title: str, message: str) -> None:
        """Show another file, from its start."""
        self._log, self._top, self.following = LogLines(), 0, True
        self.frame_title, self.message = title, message
        self._settle()

    def feed(self, data: bytes) -> None:
        """Take what was appended."""
        before = self._log.dropped
        self._log.feed(data)
        if not self.following:
            self._top -= self._log.dropped - before
        self._settle()

    def say(self, message: str) -> None:
        """What there is to say while there are no lines."""
        if message != self.message:
            self.message = message
            self._settle()

    @property
    def text(self) -> str:
        """All lines that are kept, for tests and copying."""
        return "\n".join([*self._log.lines, self._log.unfinished])

    @property
    def _count(self) -> int:
        return len(self._log.lines) + bool(self._log.unfinished)

    def _settle(self) -> None:
        lowest = max(0, self._count - self.content_height)
        self._top = lowest if self.following else min(max(0, self._top), lowest)
        state = ["follow" if self.following else "follow off", f"{self._count:,} lines"]
        if self._log.dropped:
            state.append(f"{self._log.dropped:,} earlier lines not kept")
        if self.wrapping:
            state.append("wrap")
        self.frame_note = " · ".join(state)
        self.repaint()

    def on_resize(self) -> None:
        super().on_resize()
        self._settle()

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        if not self._count:
            return [Strip([Segment(fitted(f" {self.message}", width), ground + DIM)])]
        texts = [literal(line) for line in islice(self._log.lines, self._top, self._top + height)]
        if len(texts) < height and self._log.unfinished:
            texts.append(literal(self._log.unfinished))
        if self.wrapping:
            pieces = [piece for text in texts for piece in (chop_cells(text, width) or [""])]
            texts = pieces[-height:] if self.following else pieces[:height]
        return [Strip([Segment(fitted(text, width), ground)]) for text in texts]

    def action_follow(self) -> None:
        self.following = not self.following
        self._settle()

    def action_wrap(self) -> None:
        self.wrapping = not self.wrapping
        self._settle()

    def action_move(self, step: int) -> None:
        self._top += step
        self.following = step > 0 and self._top >= self._count - self.content_height
        self._settle()

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.content_height - 1))

    def action_top(self) -> None:
        self.action_move(-self._count)

    def action_bottom(self) -> None:
        self.action_move(self._count)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_move(-3)
