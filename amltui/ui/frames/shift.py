"""Rows that have moved up or down together: a list or a log that was scrolled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import ne

from msgspec import Struct

from amltui.ui.frames.runs import UNKNOWN, Row

_EDGE = 2
"""Columns on either side that say nothing of a move: a cursor's mark and a scroll bar stay."""
_FEWEST = 3
"""Rows that must have moved together before it is looked into."""
_GAIN = 40
"""Cells that a move must save: it costs some 20 bytes, and the cursor's place."""
_TWICE = -1
"""Instead of a place: a row that is there more than once does not say what moved."""


class Shift(Struct, frozen=True):
    """Rows from `top` to before `bottom` move up by some lines; negative is down."""

    top: int
    bottom: int
    up: int

    def applied(self, rows: Sequence[Row]) -> list[Row]:
        """What is on a terminal then; of the rows that come in it is not known."""
        exposed = [[UNKNOWN] * len(rows[0]) for _ in range(abs(self.up))]
        band = list(rows[self.top : self.bottom])
        moved = [*band[self.up :], *exposed] if self.up > 0 else [*exposed, *band[: self.up]]
        return [*rows[: self.top], *moved, *rows[self.bottom :]]


def find(old: Sequence[Row], changed: Mapping[int, Row]) -> Shift | None:
    """The move after which the least is left to be written; None where none pays."""
    if len(changed) < _FEWEST:
        return None
    places: dict[str, int] = {}
    for y in range(min(changed), max(changed) + 1):
        text = _middle(old[y])
        places[text] = _TWICE if text in places else y
    moves: dict[int, list[int]] = {}
    for y, row in changed.items():
        before = places.get(_middle(row), _TWICE)
        if before not in (_TWICE, y):
            moves.setdefault(before - y, []).append(y)
    up, rows = max(moves.items(), key=lambda move: len(move[1]), default=(0, []))
    if len(rows) < _FEWEST:
        return None
    top, last = min(rows), max(rows)
    shift = Shift(min(top, top + up), max(last, last + up) + 1, up)
    return shift if _gain(shift, old, changed) >= _GAIN else None


def _gain(shift: Shift, old: Sequence[Row], changed: Mapping[int, Row]) -> int:
    """Cells that need not be written after it."""
    moved = shift.applied(old)
    gain = 0
    for y in range(shift.top, shift.bottom):
        new = changed.get(y, old[y])
        gain += _differences(old[y], new) - _differences(moved[y], new)
    return gain


def _differences(old: Row, new: Row) -> int:
    return sum(map(ne, old, new))


def _middle(row: Row) -> str:
    return "".join([text for text, _ in row[_EDGE:-_EDGE]])
