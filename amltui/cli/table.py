"""Tables: fitted to a terminal, or complete when something else reads them."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

from amltui.kinds.fields import text_of
from amltui.kinds.format import literal
from amltui.kinds.kind import Kind, Row
from amltui.kinds.layout import GAP, Placed, fit


def lines(
    kind: Kind[Any], rows: Sequence[Row[Any]], room: int | None, *, scattered: bool
) -> list[str]:
    """A heading and one line for each row; `room` None leaves nothing out and cuts nothing."""
    if room is None:
        placed = [
            Placed(column, _widest([column.title, *(text_of(column, row) for row in rows)]))
            for column in kind.columns
            if scattered or not column.scattered
        ]
    else:
        placed = list(fit(kind.columns, room, scattered=scattered))
    heads = [(place.column.title, place) for place in placed]
    body = [[(text_of(place.column, row), place) for place in placed] for row in rows]
    return [_line(cells) for cells in (heads, *body)]


def columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A plain table as wide as its content."""
    widths = [_widest(held) for held in zip(titles, *rows, strict=True)]
    return [
        "  ".join(_padded(literal(text), width) for text, width in zip(row, widths, strict=True))
        .rstrip()
        for row in (titles, *rows)
    ]  # fmt: skip


def room() -> int | None:
    """The terminal's width; None where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def width(text: str) -> int:
    """Cells that text takes: two for wide characters, none for those that combine."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def cut(text: str, room: int) -> str:
    """Text in at most `room` cells; what was cut ends in an ellipsis."""
    if width(text) <= room:
        return text
    kept, used = "", 0
    for character in text:
        used += _cells(character)
        if used > room - 1:
            break
        kept += character
    return f"{kept}…" if room > 0 else ""


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _widest(texts: Sequence[str]) -> int:
    return max((width(literal(text)) for text in texts), default=0)


def _padded(text: str, room: int, *, right: bool = False) -> str:
    blank = " " * (room - width(text))
    return blank + text if right else text + blank


def _line(cells: Sequence[tuple[str, Placed]]) -> str:
    return (" " * GAP).join(
        _padded(cut(literal(text), place.width), place.width, right=place.column.right)
        for text, place in cells
    ).rstrip()  # fmt: skip
