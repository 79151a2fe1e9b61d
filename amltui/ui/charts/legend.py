"""What the curves of a chart are called, in as many words as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from msgspec import Struct
from rich.cells import cell_len

from amltui.kinds.format import literal
from amltui.ui.widgets.cell_text import cut

BETWEEN = 2
"""Cells from one entry to the next."""
NAMES = (24, 16, 12, 8, 0)
"""Cells that a name is cut to, the first of which all entries fit."""
SHARED = 4
"""Letters at the start of all names that make room for what tells them apart."""


class Entry(Struct, frozen=True):
    """One curve."""

    letter: str
    name: str
    value: str

    def words(self, name: str) -> str:
        return " ".join(filter(None, (self.letter, name, self.value)))


class Item(Struct, frozen=True):
    """Text of the legend; the letter of its curve is empty where it is about several."""

    text: str
    letter: str = ""


def fitted(entries: Sequence[Entry], width: int, most: int) -> list[list[Item]]:
    """Entries in at most so many lines: names are cut before one is left out, and that is said."""
    whole = [literal(entry.name) for entry in entries]
    apart = _apart(whole)
    for names in (whole, apart, *([_end(name, room) for name in apart] for room in NAMES)):
        lines = _lines([_item(*pair) for pair in zip(entries, names, strict=True)], width)
        if len(lines) <= most:
            return lines
    return _shortened([_item(entry, "") for entry in entries], width, most)


def _item(entry: Entry, name: str) -> Item:
    return Item(entry.words(name), entry.letter)


def _apart(names: Sequence[str]) -> list[str]:
    """Without what all begin with."""
    shared = sum(1 for _ in takewhile(lambda row: len(set(row)) == 1, zip(*names, strict=False)))
    if len(names) < 2 or shared < SHARED or any(len(name) == shared for name in names):
        return list(names)
    return ["…" + name[shared:] for name in names]


def _end(name: str, room: int) -> str:
    """The end of a name, where runs of one kind differ."""
    return cut(name[::-1], room)[::-1]


def _shortened(items: Sequence[Item], width: int, most: int) -> list[list[Item]]:
    """As many as have room, and how many more there are."""
    for kept in range(len(items) - 1, -1, -1):
        rest = Item(f"+{len(items) - kept} more")
        lines = _lines([*items[:kept], rest], width)
        if len(lines) <= most:
            return lines
    return []


def _lines(items: Sequence[Item], width: int) -> list[list[Item]]:
    lines: list[list[Item]] = []
    room = 0
    for item in items:
        length = cell_len(item.text)
        if lines and length <= room:
            lines[-1].append(item)
        else:
            lines.append([item])
            room = width
        room -= length + BETWEEN
    return lines
