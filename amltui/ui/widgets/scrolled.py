"""What is taller than its place: moved in by line, by page and to its ends, with the wheel too."""

from __future__ import annotations

from textual import events
from textual.binding import Binding

from amltui.ui.widgets.painted import Painted

WHEEL = 3
"""Lines that a step of the wheel moves."""


class Moved(Painted):
    """The keys and the wheel; where that leads is the subclass's own."""

    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("home,g", "top", "Start", show=False),
        Binding("end,G", "bottom", "End", show=False),
    ]
    kept_lines = 1
    """Lines of a page that are on the next one too."""

    def action_move(self, step: int) -> None:
        raise NotImplementedError

    def action_page(self, pages: int) -> None:
        self.action_move(pages * max(1, self.content_height - self.kept_lines))

    def action_top(self) -> None:
        raise NotImplementedError

    def action_bottom(self) -> None:
        raise NotImplementedError

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_move(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_move(-WHEEL)


class Scrolled(Moved):
    """Keeps the line at the top; whoever paints brings it back into what there is."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.top = 0

    @property
    def extent(self) -> int:
        """Lines there are."""
        raise NotImplementedError

    def within(self, height: int) -> int:
        """The line at the top, once it is one from which there is a screenful to show."""
        self.top = min(max(0, self.top), max(0, self.extent - height))
        return self.top

    def action_move(self, step: int) -> None:
        self.top += step
        self.repaint()

    def action_top(self) -> None:
        self.action_move(-self.top)

    def action_bottom(self) -> None:
        self.action_move(self.extent)
