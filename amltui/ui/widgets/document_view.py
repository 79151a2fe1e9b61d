"""A text of any length to read and search, which changes only when it is another one."""

from __future__ import annotations

import re

from rich.cells import chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.strip import Strip

from amltui.kinds.format import literal
from amltui.ui.widgets.cell_text import fitted
from amltui.ui.widgets.painted import DIM
from amltui.ui.widgets.scrolled import Scrolled


class DocumentView(Scrolled, can_focus=True):
    """Long lines are wrapped. Remote text is literal: no markup, no escapes."""

    BINDINGS = [
        Binding("n", "match(1)", "Next match", show=False, id="document.next"),
        Binding("N", "match(-1)", "Previous match", show=False, id="document.previous"),
        Binding("space", "page(1)", "Page down", show=False),
    ]
    DEFAULT_CSS = "DocumentView { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.framed = True
        self.text = ""
        self.message = ""
        self._pieces: list[str] = []
        self._width = 0
        self._pattern: re.Pattern[str] | None = None
        self._hits: list[int] = []
        self._hit = 0

    def show(self, text: str, title: str, message: str = "") -> None:
        """Show this text; the place in it is kept where it is told again."""
        if title != self.frame_title:
            self.top = 0
        if (text, title, message) != (self.text, self.frame_title, self.message):
            self.text, self.frame_title, self.message = text, title, message
            self._width = 0
            self.repaint()

    def search(self, words: str) -> None:
        """Mark what matches, and go to the first match from here on; empty marks nothing."""
        try:
            self._pattern = re.compile(words, re.IGNORECASE) if words else None
        except re.error:
            self._pattern = re.compile(re.escape(words), re.IGNORECASE)
        self._find()
        after = (i for i, line in enumerate(self._hits) if line >= self.top)
        self._hit = next(after, 0)
        self._go()

    @property
    def found(self) -> str:
        """`3/12 matches`; empty as long as nothing is searched for."""
        if self._pattern is None:
            return ""
        if not self._hits:
            return "no match"
        return f"line {self._hit + 1} of {len(self._hits)} that match"

    def action_match(self, step: int) -> None:
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self._go()

    @property
    def extent(self) -> int:
        return len(self._pieces)

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        if not self.text:
            return [Strip([Segment(fitted(f" {self.message}", width), ground + DIM)])]
        if width != self._width:
            self._width = width
            written = (literal(line) for line in self.text.splitlines())
            self._pieces = [
                piece for line in written for piece in (chop_cells(line, max(1, width)) or [""])
            ]
            self._find()
        top = self.within(height)
        last = min(len(self._pieces), top + height)
        parts = [f"{top + 1}-{last} of {len(self._pieces)}", self.found]
        self.frame_note = " · ".join(part for part in parts if part)
        return [self._line(piece, width, ground) for piece in self._pieces[top:last]]

    def _line(self, piece: str, width: int, ground: Style) -> Strip:
        if self._pattern is None:
            return Strip([Segment(fitted(piece, width), ground)])
        segments, at = [], 0
        for hit in self._pattern.finditer(piece):
            if hit.end() > hit.start():
                segments.append(Segment(piece[at : hit.start()], ground))
                segments.append(Segment(hit[0], ground + Style(reverse=True)))
                at = hit.end()
        segments.append(Segment(piece[at:], ground))
        return Strip(segments).adjust_cell_length(width, ground)

    def _find(self) -> None:
        search = self._pattern.search if self._pattern is not None else None
        self._hits = [i for i, piece in enumerate(self._pieces) if search and search(piece)]
        self._hit = min(self._hit, max(0, len(self._hits) - 1))

    def _go(self) -> None:
        if self._hits:
            self.top = max(0, self._hits[self._hit] - self.content_height // 3)
        self.repaint()
