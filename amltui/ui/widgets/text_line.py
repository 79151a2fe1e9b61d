"""One line of text with something at either end: headers, breadcrumbs, status."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from amltui.kinds.kind import Cell
from amltui.ui.widgets.cell_text import fitted, shown
from amltui.ui.widgets.painted import Painted

SPACING = 3
SHORTEST = 8
"""Cells below which a part of a text is not worth its place."""


class TextLine(Painted):
    """Cells from the left and from the right.

    Without room for all, the cells in the middle leave or are cut: first and last are kept longest.
    """

    DEFAULT_CSS = "TextLine { height: 1; }"

    def __init__(
        self,
        *,
        whole: bool = False,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._whole = whole
        """Whether a cell of the left that has no room leaves, instead of being cut."""
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
        return (" " * SPACING).join(shown(cell) for cell in (*self._left, *self._right))

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        right = self._run(self._fitting_right(width - 2), ground, width - 2)
        taken = _length(right)
        left = self._run(self._left, ground, width - 2 - taken - SPACING * bool(right))
        gap = Segment(" " * max(0, width - 2 - _length(left) - taken), ground)
        edge = Segment(" ", ground)
        return [Strip([edge, *left, gap, *right, edge]).adjust_cell_length(width, ground)]

    def _fitting_right(self, room: int) -> Sequence[Cell | str]:
        """The last cells of the right beside which the first of the left has room."""
        cells = [cell for cell in self._right if shown(cell)]
        wanted = cell_len(shown(self._left[0])) if self._left else 0
        while len(cells) > 1 and wanted + sum(cell_len(shown(c)) + SPACING for c in cells) > room:
            cells.pop(0)
        return cells

    def _run(self, cells: Sequence[Cell | str], ground: Style, room: int) -> list[Segment]:
        """As many cells as fit; one that fits in part is cut, unless only whole ones are wanted."""
        segments: list[Segment] = []
        for cell in cells:
            text = shown(cell)
            if not text:
                continue
            spacing = SPACING if segments else 0
            left = room - _length(segments) - spacing
            if cell_len(text) > left:
                if segments and (self._whole or left < SHORTEST):
                    break
                text = fitted(text, max(0, left))
            if spacing:
                segments.append(Segment(" " * spacing, ground))
            segments.append(Segment(text, self.style_of(cell, ground)))
        return segments


def width_of(right: Sequence[Cell | str]) -> int:
    """What the right end takes of a line with nothing cut, with the line's edges."""
    texts = [text for cell in right if (text := shown(cell))]
    return 2 + sum(cell_len(text) + SPACING for text in texts)


def _length(segments: Sequence[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)
