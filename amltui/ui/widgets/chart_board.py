"""Charts side by side, as many as fit: one large with others under it, a grid, or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.domain.comparison import LETTERS
from amltui.domain.health import Health
from amltui.ui.charts import legend, tiles
from amltui.ui.charts.canvas import MARKS, Marks
from amltui.ui.charts.chart import Chart
from amltui.ui.charts.drawing import GUTTER, Ink, Run, draw
from amltui.ui.charts.tiles import Tile
from amltui.ui.charts.view import View
from amltui.ui.theme import GLYPHS
from amltui.ui.widgets.cell_text import fitted, ruled
from amltui.ui.widgets.painted import BOX_FROM, DIM, Painted

LEGEND_FROM = 10
"""Lines of a chart from which a legend may have two of them."""


def marks_of(name: str | None) -> Marks:
    """By the name in the settings; without one, the finest that the locale can write."""
    return MARKS[name or ("braille" if GLYPHS[Health.GOOD] == "●" else "ascii")]


class Layout(Enum):
    """How charts share the board."""

    BESIDE = "beside"
    GRID = "grid"
    ONE = "one"


class ChartBoard(Painted, can_focus=True):
    """Costs its size, not the number of points."""

    BINDINGS = [
        Binding("enter", "inspect", "Full size", show=False),
        Binding("escape", "back", "Back", show=False),
    ]
    DEFAULT_CSS = "ChartBoard { height: 1fr; }"

    class Left(Message):
        """The user wants what was there before."""

    class Inspected(Message):
        """The user wants the chart in front alone, or all of them again."""

    def __init__(self, marks: Marks = MARKS["braille"], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.marks = marks
        self.charts: Sequence[Chart] = ()
        self.front = 0
        """Which of the charts the keys are about."""
        self.arrangement = Layout.BESIDE
        self.view = View()
        self.message = ""

    def action_back(self) -> None:
        self.post_message(self.Left())

    def action_inspect(self) -> None:
        self.post_message(self.Inspected())

    def show(
        self, charts: Sequence[Chart], front: int, layout: Layout, view: View, message: str = ""
    ) -> None:
        """Draw these from now on; `message` says why there are none."""
        shown = (charts, front, layout, view, message)
        if shown == (self.charts, self.front, self.arrangement, self.view, self.message):
            return
        self.charts, self.front, self.arrangement, self.view, self.message = shown
        self.repaint()

    @property
    def chart(self) -> Chart | None:
        """The one in front."""
        return self.charts[self.front] if self.front < len(self.charts) else None

    @property
    def columns(self) -> int:
        """Cells of the picture in front: what a step of the cursor is measured in."""
        placed = self._placed(*self.size)
        width = next((tile.width for index, tile in placed if index == self.front), self.size.width)
        return max(1, width - GUTTER - 3)

    @property
    def per_page(self) -> int:
        """Charts of the grid that are seen at once."""
        return len(self._tiles(*self.size))

    def _tiles(self, width: int, height: int) -> list[Tile]:
        if self.arrangement is Layout.ONE or not self.charts:
            return [Tile(0, 0, width, height)]
        arrange = tiles.grid if self.arrangement is Layout.GRID else tiles.beside
        return arrange(width, height, len(self.charts))

    def _placed(self, width: int, height: int) -> list[tuple[int, Tile]]:
        """The charts on the screen, by number, each with its tile."""
        room = self._tiles(width, height)
        begin = self.front - self.front % len(room) if self.arrangement is not Layout.BESIDE else 0
        return list(zip(range(begin, len(self.charts)), room, strict=False))

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        placed = self._placed(width, height)
        if not placed:
            return [Strip([Segment(fitted(f"  {self.message}", width), ground + DIM)])]
        rows: list[list[Strip]] = [[] for _ in range(height)]
        for index, tile in placed:
            for y, strip in enumerate(self._tile(index, tile), tile.y):
                rows[y].append(strip)
        return [Strip.join(row).adjust_cell_length(width, ground) for row in rows]

    def _tile(self, index: int, tile: Tile) -> list[Strip]:
        """One chart in its frame."""
        chart, ground = self.charts[index], self.rich_style
        boxed = tile.width >= BOX_FROM
        width, height = tile.width - (2 if boxed else 0), tile.height - (2 if boxed else 1)
        lit = self.has_focus and index == self.front
        style = ground + (self.looks.lit_frame if lit else self.looks.frame)
        dots = max(1, (width - GUTTER - 1) * self.marks.across)
        title = chart.heading(self.view, dots, tile.width - 6)
        if self.arrangement is Layout.GRID and index == self.front and lit:
            title = f"> {title}"
        short = self.arrangement is not Layout.ONE and index != self.front
        note = chart.note(self.view, width - (4 if boxed else len(title) + 10), short=short)
        inner = [
            strip.adjust_cell_length(width, ground)
            for strip in self._picture(chart, width, height, dots)
        ]
        inner += [Strip.blank(width, ground)] * (height - len(inner))
        if not boxed:
            return [Strip([Segment(ruled("──", title, note, "─", width), style)]), *inner]
        side = Strip([Segment("│", style)])
        top = Strip([Segment(ruled("┌─", title, "", "┐", tile.width), style)])
        bottom = Strip([Segment(ruled("└─", "", note, "┘", tile.width), style)])
        return [top, *(Strip.join([side, strip, side]) for strip in inner), bottom]

    def _picture(self, chart: Chart, width: int, height: int, dots: int) -> list[Strip]:
        ground = self.rich_style
        most = 2 if height >= LEGEND_FROM else 1
        entries = chart.legend(self.view, dots) if height > 5 else []
        lines = [self._legend(line, width) for line in legend.fitted(entries, width - 1, most)]
        curves = chart.curves(self.view.axis)
        drawn = draw(curves, self.view, width - 1, height - len(lines), self.marks)
        if not drawn:
            why = "no points yet" if not any(c.track.legs for c in curves) else "no room"
            return [Strip([Segment(fitted(f"  {why}", width), ground + DIM)])]
        return lines + [
            Strip([Segment(run.text, self._style(run, ground)) for run in runs]) for runs in drawn
        ]

    def _legend(self, items: Sequence[legend.Item], width: int) -> Strip:
        """A line of the legend, each item in the colour of its curve."""
        ground = self.rich_style
        segments = [Segment(" ", ground)]
        for item in items:
            look = self._curve(LETTERS.index(item.letter)) if item.letter else DIM
            segments.append(Segment(item.text + " " * legend.BETWEEN, ground + look))
        return Strip(segments).adjust_cell_length(width, ground)

    def _style(self, run: Run, ground: Style) -> Style:
        if isinstance(run.ink, int):
            return ground + self._curve(run.ink)
        if run.ink is Ink.BAD:
            return ground + self.looks.bad
        return ground + DIM if run.ink is Ink.CURSOR else ground

    def _curve(self, number: int) -> Style:
        return self.looks.curves[number % len(self.looks.curves)]
