"""Names and values: the preview of a row, the overview of a job."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from amltui.kinds.kind import Fact
from amltui.ui.widgets.cell_text import fitted, shown, wrapped
from amltui.ui.widgets.scrolled import Scrolled

WIDEST_NAME = 18
TWO_FROM = 70
"""Columns from which two facts stand side by side in a preview."""


class FactsView(Scrolled):
    """A preview shows what fits, short facts in pairs; in full, long values are wrapped."""

    DEFAULT_CSS = "FactsView { height: 1fr; }"

    def __init__(self, *, full: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.can_focus = full
        self.framed = True
        self._full = full
        self._facts: tuple[Fact, ...] = ()
        self._lines = 0
        """Lines that all facts take in full, as of the last painting."""

    def show(self, facts: Sequence[Fact], title: str = "") -> None:
        """Show these from now on."""
        if (tuple(facts), title) != (self._facts, self.frame_title):
            self._facts, self.frame_title = tuple(facts), title
            self.repaint()

    @property
    def text(self) -> str:
        """What is shown, for tests and copying."""
        return "\n".join(f"{fact.name} {shown(fact.value)}" for fact in self._facts)

    @property
    def extent(self) -> int:
        return self._lines

    def lines(self, width: int, height: int) -> list[Strip]:
        names = max((cell_len(fact.name) for fact in self._facts), default=0)
        names = min(names, WIDEST_NAME)
        if not self._full:
            return self._preview(names, width)[:height]
        strips = [strip for fact in self._facts for strip in self._wrapped(fact, names, width)]
        self._lines = len(strips)
        top = self.within(height)
        below = max(0, len(strips) - top - height)
        self.frame_note = f"{below} more below" if below else ""
        return strips[top : top + height]

    def _preview(self, names: int, width: int) -> list[Strip]:
        """In the order of the facts, as far as pairs of short ones allow it."""
        half = width // 2 - 1 if width >= TWO_FROM else 0
        strips: list[Strip] = []
        waiting: Fact | None = None
        long: list[Fact] = []
        for fact in self._facts:
            if names + 3 + cell_len(shown(fact.value)) > half:
                long.append(fact)
                if waiting is not None:
                    continue
            elif waiting is None:
                waiting = fact
                continue
            else:
                strips.append(
                    Strip.join([self._fact(each, names, half) for each in (waiting, fact)])
                )
                waiting = None
            strips += [self._fact(each, names, width) for each in long]
            long = []
        rest = [waiting, *long] if waiting is not None else long
        return strips + [self._fact(each, names, width) for each in rest]

    def _fact(self, fact: Fact, names: int, room: int) -> Strip:
        ground = self.rich_style
        title = ground + self.looks.title
        name = Segment(f" {fitted(fact.name, names)}  ", title)
        return Strip([name, *self.segments(fact.value, max(1, room - names - 3), ground)])

    def _wrapped(self, fact: Fact, names: int, room: int) -> list[Strip]:
        ground = self.rich_style
        title = ground + self.looks.title
        style, width = self.style_of(fact.value, ground), max(1, room - names - 4)
        strips = []
        for number, piece in enumerate(wrapped(shown(fact.value), width)):
            name = fitted("" if number else fact.name, names)
            strips.append(
                Strip([Segment(f" {name}  ", title), Segment(fitted(piece, width), style)])
            )
        return strips
