"""Dots in the cells of a terminal: eight to a cell where it knows braille, else four or one."""

from __future__ import annotations

from msgspec import Struct

_BRAILLE = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_QUADRANTS = " ▘▖▌▝▀▞▛▗▚▄▙▐▜▟█"


class Marks(Struct, frozen=True):
    """What the dots and lines of a chart are made of."""

    bits: tuple[tuple[int, ...], ...]
    """The bit of each dot of a cell, column by column from the top."""
    glyphs: str
    """By the bits that are set."""
    upright: str = "│"
    tick: str = "┤"
    corner: str = "└"
    level: str = "─"
    nan: str = "×"
    above: str = "▲"
    below: str = "▼"

    @property
    def across(self) -> int:
        """Columns of dots in a cell."""
        return len(self.bits)

    @property
    def down(self) -> int:
        """Rows of dots in a cell."""
        return len(self.bits[0])


MARKS = {
    "braille": Marks(_BRAILLE, " " + "".join(chr(0x2800 + bits) for bits in range(1, 256))),
    "blocks": Marks(((1, 2), (4, 8)), _QUADRANTS),
    "ascii": Marks(((1,),), " *", "|", "+", "+", "-", "x", "^", "v"),
}
"""By the name of the setting, the finest first."""


class Canvas:
    """Which dots are set, and which curve was the last to set one in a cell."""

    def __init__(self, columns: int, rows: int, marks: Marks) -> None:
        self.columns, self.rows, self.marks = columns, rows, marks
        self.width, self.height = columns * marks.across, rows * marks.down
        """In dots."""
        self._set = [bytearray(columns) for _ in range(rows)]
        self._fills = [
            [
                [sum(bits[first : last + 1]) for last in range(marks.down)]
                for first in range(marks.down)
            ]
            for bits in marks.bits
        ]
        """The bits of each stretch of a column of a cell."""
        self.owners: list[list[int | None]] = [[None] * columns for _ in range(rows)]

    def glyphs(self, row: int) -> list[str]:
        """What a row of cells shows."""
        return [self.marks.glyphs[bits] for bits in self._set[row]]

    def upright(self, x: int, one: int, other: int, owner: int) -> None:
        """Set the dots of a column between two rows of dots, as far as there are any."""
        if not 0 <= x < self.width:
            return
        top, bottom = max(0, min(one, other)), min(self.height - 1, max(one, other))
        down, (column, part) = self.marks.down, divmod(x, self.marks.across)
        fills, (row, first), (lowest, last) = (
            self._fills[part],
            divmod(top, down),
            divmod(bottom, down),
        )
        while row < lowest:
            self._set[row][column] |= fills[first][-1]
            self.owners[row][column] = owner
            row, first = row + 1, 0
        if row == lowest and first <= last:
            self._set[row][column] |= fills[first][last]
            self.owners[row][column] = owner

    def line(self, start: tuple[int, int], stop: tuple[int, int], owner: int) -> None:
        """A thin line to the right, steep parts shared by the two columns they lie between."""
        (left, high), (right, low) = start, stop
        reach = right - left
        if reach <= 0:
            self.upright(left, high, low, owner)
            return
        first, last = max(left, -1), min(right, self.width)
        before = high + round((low - high) * (first - left) / reach)
        for x in range(first + 1, last + 1):
            now = high + round((low - high) * (x - left) / reach)
            if abs(now - before) > 1:
                middle = (now + before) // 2
                self.upright(x - 1, before, middle, owner)
                self.upright(x, middle + (1 if now > before else -1), now, owner)
            else:
                self.upright(x, now, now, owner)
            before = now
