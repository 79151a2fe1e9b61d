"""Widgets that paint their own lines, cell by cell, with the looks of health."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from amltui.kinds.kind import Cell
from amltui.ui.theme import Looks, looks_of
from amltui.ui.widgets.cell_text import bars_of, fitted, ruled, safe_link, shown

DIM = Style(dim=True)
BOX_FROM = 30
"""A box costs two columns: narrower widgets get a rule, as does everything in a narrow terminal."""


class Painted(Widget):
    """A widget whose lines are strips kept from frame to frame; only those that differ are redrawn.

    Textual repaints a whole widget when it is refreshed, also for a new border title. Over SSH that
    is 16 kB for one changed cell of a list. So a subclass lays its content out in `lines()`, draws
    its own frame, and calls `repaint()`.
    """

    framed = False
    """A box around the content where there is room for one, else a rule above it."""
    ruled = False
    """Whether a rule above the content will do, however wide it is."""
    lit = False
    """Whether the frame looks focused whatever has the focus: that of a dialog."""
    frame_title = ""
    frame_note = ""
    _painted: Sequence[Strip] = ()
    _stale = False
    """Whether the strips are no longer right: they are laid out anew when they are drawn."""
    _anew = False
    """Whether all of them are going to be drawn in any case."""

    def lines(self, width: int, height: int) -> list[Strip]:
        """The strips of the content at this size; missing ones are blank."""
        raise NotImplementedError

    @property
    def boxed(self) -> bool:
        """Whether the frame is a box now."""
        return self.framed and not self.ruled and self.size.width >= BOX_FROM

    @property
    def content_height(self) -> int:
        """Lines that are left for the content."""
        taken = 2 if self.boxed else 1 if self.framed else 0
        return max(0, self.size.height - taken)

    def repaint(self) -> None:
        """Lay out again and refresh the lines that are not what the screen shows."""
        if not self.is_mounted or not self.size:
            return
        if self._anew:
            self._stale = True
            return
        before = self._painted
        self._settle_lines()
        for y in range(min(self.size.height, max(len(before), len(self._painted)))):
            if _line(before, y) != _line(self._painted, y):
                self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self) -> None:
        self._stale = self._anew = True
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._stale = True

    def _settle_lines(self) -> None:
        self._painted = self._lay_out()
        self._stale = False

    def render_line(self, y: int) -> Strip:
        self._anew = False
        if self._stale and self.size:
            self._settle_lines()
        strip = _line(self._painted, y)
        return Strip.blank(self.size.width, self.rich_style) if strip is None else strip

    def _lay_out(self) -> list[Strip]:
        width, height = self.size
        if not self.framed:
            return self.lines(width, height)
        looks = self.looks
        lit = self.has_focus or self.lit
        style = self.rich_style + (looks.lit_frame if lit else looks.frame)
        if not self.boxed:
            rule = ruled("──", self.frame_title, self.frame_note, "─", width)
            return [Strip([Segment(rule, style)]), *self.lines(width, height - 1)]
        inner = [
            strip.adjust_cell_length(width - 2, self.rich_style)
            for strip in self.lines(width - 2, height - 2)
        ]
        inner += [Strip.blank(width - 2, self.rich_style)] * (height - 2 - len(inner))
        side = Strip([Segment("│", style)])
        top = Segment(ruled("┌─", self.frame_title, "", "┐", width), style)
        bottom = Segment(ruled("└─", "", self.frame_note, "┘", width), style)
        middle = [Strip.join([side, strip, side]) for strip in inner]
        return [Strip([top]), *middle, Strip([bottom])]

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def style_of(self, cell: Cell | str, base: Style) -> Style:
        """How a cell looks on the given ground."""
        if isinstance(cell, str):
            return base
        style = base
        if cell.health is not None:
            style += self.looks.health[cell.health]
        if cell.link is not None and safe_link(cell.link):
            style += Style(link=cell.link)
        return style + DIM if cell.dim else style

    @property
    def looks(self) -> Looks:
        """The styles of the theme."""
        return looks_of(self.app)

    def segments(
        self, cell: Cell | str, width: int, base: Style, *, right: bool = False
    ) -> list[Segment]:
        """A cell in exactly `width` columns."""
        bars = bars_of(cell, width)
        text = fitted(shown(cell), width - len(bars), right=right)
        segments = [Segment(text, self.style_of(cell, base))]
        if bars:
            segments.insert(0, Segment(bars, base + self.looks.trend))
        return segments


def _line(strips: Sequence[Strip], y: int) -> Strip | None:
    return strips[y] if y < len(strips) else None
