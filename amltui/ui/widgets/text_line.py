"""One line of text with something at either end: headers, breadcrumbs, status."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from amltui.kinds.kind import Cell
from amltui.ui.widgets.painted import Painted, fitted, shown

SPACING = "   "


class TextLine(Painted):
    """Cells from the left and cells from the right; when there is no room the left is cut."""

    DEFAULT_CSS = "TextLine { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._left: tuple[Cell | str, ...] = ()
        self._right: tuple[Cell | str, ...] = ()

    def update(self, left: Sequence[Cell | str], right: Sequence[Cell | str] = ()) -> None:
        """Show this from now on; nothing is written when it is what is shown already."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.repaint()

    @property
    def text(self) -> str:
        """What the line says, for tests and screen readers."""
        return SPACING.join(shown(cell) for cell in (*self._left, *self._right))

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        right = self._run(self._right, ground)
        taken = sum(cell_len(segment.text) for segment in right)
        room = max(0, width - taken - 2)
        left, used = [], 0
        for segment in self._run(self._left, ground):
            text = segment.text
            if used + cell_len(text) > room:
                text = fitted(text, max(0, room - used))
            left.append(Segment(text, segment.style))
            used += cell_len(text)
        gap = Segment(" " * max(0, width - 2 - used - taken), ground)
        edge = Segment(" ", ground)
        return [Strip([edge, *left, gap, *right, edge]).adjust_cell_length(width, ground)]

    def _run(self, cells: Sequence[Cell | str], ground: Style) -> list[Segment]:
        segments: list[Segment] = []
        for cell in cells:
            text = shown(cell)
            if not text:
                continue
            if segments:
                segments.append(Segment(SPACING, ground))
            segments.append(Segment(text, self.style_of(cell, ground)))
        return segments
