"""Which columns fit, and how wide each gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from amltui.kinds.kind import Column

GAP = 1
"""Blank cells between two columns, at the least."""
WIDE_GAP = 2
"""Blank cells between two columns where that costs no column."""
ESSENTIAL = 7
"""Columns of this importance shrink before they leave, down to two thirds of their width."""
GIVE = 3


class Placed(Struct, frozen=True):
    """A column and the width it got."""

    column: Column[Any]
    width: int


def fit(
    columns: Sequence[Column[Any]], room: int, *, scattered: bool, gap: int = GAP
) -> tuple[Placed, ...]:
    """Columns for `room` cells: the least important leave first, the rest share what is left.

    What is essential shrinks before it leaves. `scattered` keeps the columns that tell the
    workspaces apart.
    """
    kept = [column for column in columns if scattered or not column.scattered]
    while len(kept) > 1 and _needed(kept, gap) > room:
        leaving = min(kept, key=lambda column: (column.importance, -kept.index(column)))
        if leaving.importance >= ESSENTIAL and _needed(kept, gap) - room <= _give(kept):
            break
        kept.remove(leaving)
    spare = room - _needed(kept, gap)
    shares = sum(column.flex for column in kept)
    placed = []
    for column in kept:
        extra = spare * column.flex // shares if shares else 0
        placed.append(Placed(column, min(column.width + extra, room)))
    return tuple(placed)


def _give(columns: Sequence[Column[Any]]) -> int:
    """Cells that flexible columns can do without."""
    return sum(column.width // GIVE for column in columns if column.flex)


def spread(
    columns: Sequence[Column[Any]], room: int, *, scattered: bool
) -> tuple[tuple[Placed, ...], int]:
    """The same with the gap between columns: the wide one unless a column would have to leave."""
    tight = fit(columns, room, scattered=scattered)
    wide = fit(columns, room, scattered=scattered, gap=WIDE_GAP)
    roomy = all(place.width >= place.column.width for place in wide)
    return (wide, WIDE_GAP) if roomy and len(wide) == len(tight) else (tight, GAP)


def _needed(columns: Sequence[Column[Any]], gap: int) -> int:
    return sum(column.width for column in columns) + gap * (len(columns) - 1)
