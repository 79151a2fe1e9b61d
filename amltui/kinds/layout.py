"""Which columns fit, and how wide each gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amltui.kinds.kind import Column

GAP = 1
"""Blank cells between two columns."""


@dataclass(frozen=True)
class Placed:
    """A column and the width it got."""

    column: Column[Any]
    width: int


def fit(columns: Sequence[Column[Any]], room: int, *, scattered: bool) -> tuple[Placed, ...]:
    """Columns for `room` cells: the least important leave first, the rest share what is left.

    `scattered` keeps the columns that tell the workspaces apart.
    """
    kept = [column for column in columns if scattered or not column.scattered]
    while len(kept) > 1 and _needed(kept) > room:
        leaving = min(kept, key=lambda column: (column.importance, -kept.index(column)))
        kept.remove(leaving)
    spare = max(0, room - _needed(kept))
    shares = sum(column.flex for column in kept)
    placed = []
    for column in kept:
        extra = spare * column.flex // shares if shares else 0
        placed.append(Placed(column, min(column.width + extra, room)))
    return tuple(placed)


def _needed(columns: Sequence[Column[Any]]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)
