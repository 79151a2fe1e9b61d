"""What is on the terminal, cell by cell, and what must be written to make it something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from amltui.ui.frames.pen import PLAIN, Look, Pen

Cell = tuple[str, Look]
"""A character with what combines with it. The right half of a wide one is empty."""
Piece = tuple[int, int, Sequence[Cell]]
"""A row, a column, and the cells from there on."""

UNKNOWN: Cell = ("\0", PLAIN)
"""Whatever is on the terminal there, it is not known."""
BRIDGE = 4
"""Cells alike between two differences that are written again: cheaper than moving over them."""


@dataclass(frozen=True)
class Difference:
    """The bytes that are to be written, and the rows as they will be then."""

    text: str
    rows: dict[int, list[Cell]]


@dataclass
class Grid:
    """The last frame."""

    width: int = 0
    height: int = 0
    _rows: list[list[Cell]] = field(default_factory=list)
    _pen: Pen = field(default_factory=Pen)

    def forget(self, width: int | None = None, height: int | None = None) -> None:
        """The terminal may show anything now: it was resized, or somebody else wrote there."""
        self.width = self.width if width is None else width
        self.height = self.height if height is None else height
        self._rows = [[UNKNOWN] * self.width for _ in range(self.height)]

    def compare(self, pieces: Iterable[Piece]) -> Difference:
        """What differs between the last frame and one with these pieces put into it."""
        rows: dict[int, list[Cell]] = {}
        touched: dict[int, list[tuple[int, int]]] = {}
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
            touched.setdefault(y, []).append((x, x + len(kept)))
        out: list[str] = []
        for y in sorted(rows):
            out += self._line(y, self._rows[y], rows[y], touched[y])
        if out:
            out.append(self._pen.rest())
        changed = {y: row for y, row in rows.items() if row != self._rows[y]}
        return Difference("".join(out), changed)

    def commit(self, difference: Difference) -> None:
        """The difference has been written."""
        for y, row in difference.rows.items():
            self._rows[y] = row

    def _line(
        self, y: int, old: list[Cell], new: list[Cell], touched: list[tuple[int, int]]
    ) -> list[str]:
        if old == new:
            return []
        if _is_plain(old) and _is_plain(new):
            spans = [span for start, stop in touched for span in _differing(old, new, start, stop)]
        else:
            # Terminals disagree on what becomes of half a wide character: the line is written whole
            spans = _known(new)
        out: list[str] = []
        at = -1
        for start, stop in spans:
            out.append(_move(y, start, at))
            for text, look in new[start:stop]:
                if text:
                    out += (self._pen.take(look), text)
            at = stop
        return out


def _known(row: list[Cell]) -> list[tuple[int, int]]:
    """The stretches of a row of which it is known what they show."""
    spans: list[tuple[int, int]] = []
    for x, cell in enumerate(row):
        if cell == UNKNOWN:
            continue
        if spans and spans[-1][1] == x:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return spans


def _differing(
    old: list[Cell], new: list[Cell], start: int, stop: int
) -> Iterable[tuple[int, int]]:
    """The stretches that must be written, with short gaps between them filled."""
    spans: list[list[int]] = []
    for x in range(start, stop):
        if old[x] == new[x]:
            continue
        if spans and x - spans[-1][1] <= BRIDGE and _same_look(new, spans[-1][1] - 1, x):
            spans[-1][1] = x + 1
        else:
            spans.append([x, x + 1])
    return [(first, last) for first, last in spans]


def _same_look(row: list[Cell], start: int, stop: int) -> bool:
    look = row[start][1]
    return all(row[x][1] == look for x in range(start, stop + 1))


def _is_plain(row: list[Cell]) -> bool:
    """Whether every cell holds exactly one character of one column."""
    return all(len(text) == 1 and (text.isascii() or text in _NARROW) for text, _ in row)


def _width(cells: Sequence[Cell], x: int) -> int:
    return 2 if x + 1 < len(cells) and cells[x + 1][0] == "" else 1


_NARROW = frozenset(
    [
        *(chr(code) for code in range(0xA1, 0x180)),
        *(chr(code) for code in range(0x2500, 0x25A0)),  # frames and blocks
        *(chr(code) for code in range(0x2800, 0x2900)),  # braille
        *"…‘’“”–—•·×●◐◌✓✗■◷▲▼▶◀›‹→←↑↓≥≤±≈",
    ]
)
"""Beyond ASCII: characters that are one column wide wherever they are shown."""


def _move(y: int, x: int, at: int) -> str:
    """To a column of a row; `at` is where the cursor is in it already, -1 is elsewhere."""
    if at < 0:
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    gap = x - at
    if gap == 0:
        return ""
    return "\x1b[C" if gap == 1 else f"\x1b[{gap}C"
