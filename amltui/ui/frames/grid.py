"""What is on the terminal, cell by cell, and what must be written to make it something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from amltui.ui.frames import shift
from amltui.ui.frames.pen import Look, Pen
from amltui.ui.frames.powers import SIMPLE, Powers
from amltui.ui.frames.runs import UNKNOWN, Cell, Row, Runs
from amltui.ui.frames.strokes import Strokes

Piece = tuple[int, int, Sequence[Cell]]
"""A row, a column, and the cells from there on."""


class Difference(Struct, frozen=True):
    """The bytes that are to be written, and the rows as they will be then."""

    text: str
    rows: dict[int, Row]
    look: Look | None = None
    """The style that the terminal is left with."""


class Grid(Struct):
    """The last frame."""

    powers: Powers = SIMPLE
    width: int = 0
    height: int = 0
    _rows: list[Row] = field(default_factory=list)
    _look: Look | None = None
    """The style that the last frame has left; None is any."""
    _pen: Pen = field(default_factory=Pen)

    def forget(self, width: int | None = None, height: int | None = None) -> None:
        """The terminal may show anything now: it was resized, or somebody else wrote there."""
        self.width = self.width if width is None else width
        self.height = self.height if height is None else height
        self._rows = [[UNKNOWN] * self.width for _ in range(self.height)]
        self._look = None

    def compare(self, pieces: Iterable[Piece]) -> Difference:
        """What differs between the last frame and one with these pieces put into it."""
        changed = self._changed(pieces)
        self._pen.look = self._look
        strokes = Strokes(self._pen, self.width, self.powers)
        before = self._rows
        wanted = changed
        moved = shift.find(before, changed) if self.powers.scrolls else None
        if moved is not None:
            strokes.scroll(moved.top, moved.bottom, moved.up)
            before = moved.applied(before)
            band = range(moved.top, moved.bottom)
            wanted = {y: self._rows[y] for y in band} | changed
        runs = Runs()
        for y in sorted(wanted):
            runs.add(y, before[y], wanted[y])
        strokes.draw(runs.fixed)
        strokes.draw_by_look(runs.free)
        text = "".join(strokes.said)
        return Difference(text + self._pen.lift(), changed, self._pen.look)

    def commit(self, difference: Difference) -> None:
        """The difference has been written."""
        for y, row in difference.rows.items():
            self._rows[y] = row
        self._look = difference.look

    def _changed(self, pieces: Iterable[Piece]) -> dict[int, Row]:
        """The rows that become others, as they will be."""
        rows: dict[int, Row] = {}
        for y, x, cells in pieces:
            if not 0 <= y < self.height or x >= self.width:
                continue
            row = rows.get(y)
            if row is None:
                row = rows[y] = self._rows[y].copy()
            kept = cells[: self.width - x]
            if len(kept) < len(cells) and kept and _width(cells, len(kept) - 1) > 1:
                kept = [*kept[:-1], (" ", kept[-1][1])]  # a wide character that does not fit
            row[x : x + len(kept)] = kept
        return {y: row for y, row in rows.items() if row != self._rows[y]}


def _width(cells: Sequence[Cell], x: int) -> int:
    return 2 if x + 1 < len(cells) and cells[x + 1][0] == "" else 1
