"""Names and values under each other: the preview of a row, the overview of a job."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.binding import Binding
from textual.strip import Strip

from amltui.kinds.kind import Fact
from amltui.ui.widgets.painted import Painted, fitted, shown

WIDEST_NAME = 18


class FactsView(Painted):
    """Facts in one column, in two where there is room; long values are wrapped if asked."""

    DEFAULT_CSS = "FactsView { height: 1fr; }"
    BINDINGS = [
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "scroll(10)", "Page down", show=False),
        Binding("pageup,ctrl+u", "scroll(-10)", "Page up", show=False),
    ]

    def __init__(self, *, wrap: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.can_focus = wrap
        self.framed = not wrap
        self._wrap = wrap
        self._facts: tuple[Fact, ...] = ()
        self._top = 0
        self._height = 0

    def show(self, facts: Sequence[Fact], title: str = "") -> None:
        """Show these from now on."""
        if (tuple(facts), title) != (self._facts, self.frame_title):
            self._facts, self.frame_title = tuple(facts), title
            self.repaint()

    def action_scroll(self, step: int) -> None:
        lowest = max(0, self._height - self.content_height)
        self._top = min(max(0, self._top + step), lowest)
        self.repaint()

    def lines(self, width: int, height: int) -> list[Strip]:
        names = max((cell_len(fact.name) for fact in self._facts), default=0)
        names = min(names, WIDEST_NAME)
        two = not self._wrap and width >= 100 and len(self._facts) > height
        room = width // 2 - 1 if two else width
        strips = [strip for fact in self._facts for strip in self._fact(fact, names, room)]
        self._height = len(strips)
        if two:
            left, right = strips[:height], strips[height : 2 * height]
            blank = Strip.blank(room, self.rich_style)
            right += [blank] * (len(left) - len(right))
            gap = Strip([Segment("  ", self.rich_style)])
            return [Strip.join([a, gap, b]) for a, b in zip(left, right, strict=True)]
        return strips[self._top : self._top + height]

    def _fact(self, fact: Fact, names: int, room: int) -> list[Strip]:
        ground = self.rich_style
        style = self.style_of(fact.value, ground)
        value, width = shown(fact.value), max(1, room - names - 3)
        pieces = (chop_cells(value, width) if self._wrap else [value]) or [""]
        title = ground + self.component("painted--title")
        strips = []
        for number, piece in enumerate(pieces):
            name = fitted("" if number else fact.name, names)
            text = Segment(fitted(piece, width), style)
            strips.append(Strip([Segment(f" {name}  ", title), text]))
        return strips
