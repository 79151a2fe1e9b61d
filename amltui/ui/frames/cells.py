"""Updates of Textual's compositor as cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field
from rich.cells import get_character_cell_size, split_graphemes
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from amltui.ui.frames.grid import Piece
from amltui.ui.frames.pen import PLAIN, Look
from amltui.ui.frames.runs import Cell, is_narrow

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.console import Console
    from textual.strip import Strip


class Cells(Struct):
    """Turns updates into pieces, and remembers what each style looks like."""

    colors: ColorSystem | None
    links: bool = True
    """Whether the terminal makes links of OSC 8, or at least nothing else."""
    _looks: dict[Style, Look] = field(default_factory=dict)

    @classmethod
    def of(cls, console: Console, *, links: bool = True) -> Cells:
        return cls(console._color_system, links)

    def pieces(self, update: CompositorUpdate) -> Iterator[Piece] | None:
        """The pieces of an update; None for one of a sort that is not known."""
        if isinstance(update, LayoutUpdate):
            return self._layout(update)
        if isinstance(update, ChopsUpdate):
            return self._chops(update)
        return None

    def _layout(self, update: LayoutUpdate) -> Iterator[Piece]:
        for y, line in enumerate(update.strips, update.region.y):
            yield y, update.region.x, self._cells(line)

    def _chops(self, update: ChopsUpdate) -> Iterator[Piece]:
        """As its own `render_segments` crops them."""
        for y, start, stop in update.spans:
            ends = update.chop_ends[y]
            for end, (x, strip) in zip(ends, update.chops[y].items(), strict=False):
                if strip is None or x > stop or end <= start:
                    continue
                if not (stop > x >= start and end <= stop):
                    strip = strip.crop(0, min(end, stop) - x)
                yield y, x, self._cells([strip])

    def _cells(self, strips: Iterable[Strip]) -> list[Cell]:
        cells: list[Cell] = []
        for strip in strips:
            for text, style, control in strip:
                if control:
                    continue
                look = self._look(style)
                if text.isascii() or is_narrow(text):
                    cells += [(character, look) for character in text]
                    continue
                for cluster, width in _clusters(text):
                    if width == 0 and cells:
                        # It combines with the character before, behind a wide one's right half.
                        at = -2 if cells[-1][0] == "" and len(cells) > 1 else -1
                        cells[at] = (cells[at][0] + cluster, cells[at][1])
                    elif width:
                        cells.append((cluster, look))
                        cells += [("", look)] * (width - 1)
        return cells

    def _look(self, style: Style | None) -> Look:
        if style is None:
            return PLAIN
        look = self._looks.get(style)
        if look is None:
            if len(self._looks) > 5_000:
                self._looks.clear()
            look = self._looks[style] = self._seen(style)
        return look

    def _seen(self, style: Style) -> Look:
        """From how the style writes one letter."""
        written = style.render("x", color_system=self.colors)
        link = ""
        if written.startswith("\x1b]8;"):
            written = written.partition("\x1b\\")[2]
            # Without the number that each style gives its link: cells that touch are one link.
            link = f"\x1b]8;;{style.link}\x1b\\" if self.links else ""
        codes = written[2:].partition("m")[0] if written.startswith("\x1b[") else ""
        return Look.of(codes, link)


def _clusters(text: str) -> Iterable[tuple[str, int]]:
    """What is shown together, and in how many cells: as lines are measured when they are laid out.

    Only a joiner or a variant changes the sum of the characters' own widths.
    """
    if "\u200d" in text or "\ufe0f" in text:
        spans, _ = split_graphemes(text)
        return [(text[start:stop], width) for start, stop, width in spans]
    return [(character, get_character_cell_size(character)) for character in text]
