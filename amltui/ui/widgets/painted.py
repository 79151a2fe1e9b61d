"""Widgets that paint their own lines, cell by cell, with the looks of health."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from amltui.domain.health import Health
from amltui.kinds.format import literal
from amltui.kinds.kind import Cell
from amltui.ui.theme import COLOURS, GLYPHS

DIM = Style(dim=True)


class Painted(Widget):
    """A widget whose lines are strips kept from frame to frame; only those that differ are redrawn.

    Textual repaints a whole widget when it is refreshed. Over SSH that is 16 kB for one changed
    cell of a list, so a subclass lays its lines out in `lines()` and calls `repaint()`.
    """

    COMPONENT_CLASSES = {f"painted--{health.value}" for health in Health} | {"painted--title"}
    DEFAULT_CSS = (
        "Painted {"
        + "".join(
            f"& > .painted--{health.value} {{ color: {colour}; }}"
            for health, colour in COLOURS.items()
        )
        + "& > .painted--title { color: $text-muted; text-style: bold; } }"
    )

    _painted: list[Strip]

    def lines(self, width: int, height: int) -> list[Strip]:
        """The strips of this widget at this size; missing ones are blank."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Lay out again and refresh the lines that are not what the screen shows."""
        if not self.is_mounted or not self.size:
            return
        width, height = self.size
        before = getattr(self, "_painted", [])
        self._painted = self.lines(width, height)
        longest = max(len(before), len(self._painted))
        for y in range(min(height, longest)):
            if self._line(before, y) != self._line(self._painted, y):
                self.refresh_row(y)

    def refresh_row(self, y: int) -> None:
        """Have Textual ask for one line again."""
        from textual.geometry import Region

        self.refresh(Region(0, y, self.size.width, 1))

    @staticmethod
    def _line(strips: list[Strip], y: int) -> Strip | None:
        return strips[y] if y < len(strips) else None

    def on_resize(self) -> None:
        self._painted = self.lines(*self.size)
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted and self.size:
            self._painted = self.lines(*self.size)

    def render_line(self, y: int) -> Strip:
        strip = self._line(getattr(self, "_painted", []), y)
        blank = Strip.blank(self.size.width, self.rich_style)
        return blank if strip is None else strip

    def style_of(self, cell: Cell | str, base: Style) -> Style:
        """How a cell looks on the given ground."""
        if isinstance(cell, str):
            return base
        style = base
        if cell.health is not None:
            style += self.component(f"painted--{cell.health.value}")
        return style + DIM if cell.dim else style

    def component(self, name: str) -> Style:
        """The style of a component class, without the ground."""
        return self.get_component_rich_style(name, partial=True)

    def segment(self, cell: Cell | str, width: int, base: Style, *, right: bool = False) -> Segment:
        """A cell in exactly `width` columns."""
        return Segment(fitted(shown(cell), width, right=right), self.style_of(cell, base))


def shown(cell: Cell | str) -> str:
    """A cell's text as it may be painted: with its glyph, without control characters."""
    if isinstance(cell, str):
        return literal(cell)
    if cell.health is None:
        return literal(cell.text)
    return f"{GLYPHS[cell.health]} {literal(cell.text)}"


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Text in exactly `width` columns of the terminal, with `…` where it was cut."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    padding = " " * (width - length)
    return padding + text if right else text + padding
