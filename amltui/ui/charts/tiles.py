"""Where the charts of a board stand: sized to its room, in pages."""

from __future__ import annotations

from math import ceil, log

from msgspec import Struct

WIDTH, HEIGHT = 38, 10
"""The least that a chart of a grid gets, where there is room for one."""
SHAPE = 4.0
"""Cells of width to one of height that suit a curve."""
SMALL, BESIDE_FROM = 28, 24
"""The least width of a chart under the large one, and the height from which there are some."""


class Tile(Struct, frozen=True):
    """Room for one chart."""

    x: int
    y: int
    width: int
    height: int


def grid(width: int, height: int, count: int) -> list[Tile]:
    """Tiles of one page: as many as are wanted and fit, in the shape that suits curves best."""
    shapes = []
    for columns in range(1, max(1, min(width // WIDTH, count)) + 1):
        rows = max(1, min(height // HEIGHT, ceil(count / columns)))
        shape = (width / columns) / (height / rows)
        shapes.append((-min(count, columns * rows), abs(log(shape / SHAPE)), columns, rows))
    _, _, columns, rows = min(shapes)
    return [
        Tile(x, y, wide, high)
        for y, high in _shares(height, rows)
        for x, wide in _shares(width, columns)
    ]


def beside(width: int, height: int, count: int) -> list[Tile]:
    """A large one, and a row of small ones under it where the room is high enough."""
    small = min(width // SMALL, count - 1)
    if height < BESIDE_FROM or small < 1:
        return [Tile(0, 0, width, height)]
    high = height * 2 // 3
    row = [Tile(x, high, wide, height - high) for x, wide in _shares(width, small)]
    return [Tile(0, 0, width, high), *row]


def _shares(room: int, parts: int) -> list[tuple[int, int]]:
    """Start and size of parts that fill a room."""
    edges = [room * part // parts for part in range(parts + 1)]
    return [(edges[part], edges[part + 1] - edges[part]) for part in range(parts)]
