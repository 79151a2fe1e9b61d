"""The stretches of a row that must be written to make it another."""

from __future__ import annotations

import re

from msgspec import Struct, field

from amltui.ui.frames.pen import PLAIN, Look

Cell = tuple[str, Look]
"""A character with what combines with it. The right half of a wide one is empty."""
Row = list[Cell]

UNKNOWN: Cell = ("\0", PLAIN)
"""Whatever is on the terminal there, it is not known."""
BRIDGE = 4
"""Cells alike between two differences that are written again: cheaper than moving over them."""


class Run(Struct, frozen=True):
    """Cells beside each other that look the same, and where they begin."""

    y: int
    x: int
    text: str
    look: Look
    width: int
    odd: bool = False
    """Whether terminals may disagree on where the cursor is behind it."""


class Runs(Struct):
    """What a frame needs written."""

    free: list[Run] = field(default_factory=list)
    """In any order."""
    fixed: list[Run] = field(default_factory=list)
    """In this order: terminals disagree on what becomes of half a wide character."""

    def add(self, y: int, old: Row, new: Row) -> None:
        """What turns one row into another."""
        if old == new:
            return
        odd = [*_odd(old), *_odd(new)]
        if not odd or old[min(odd) : max(odd) + 1] == new[min(odd) : max(odd) + 1]:
            self.free += _differing(y, old, new, 0, len(new))
            return
        self.free += _differing(y, old, new, 0, min(odd))
        self.fixed += _whole(y, new, min(odd))


def _differing(y: int, old: Row, new: Row, start: int, stop: int) -> list[Run]:
    """Of cells that hold one character each; short gaps within one look are filled."""
    runs: list[Run] = []
    first = last = -1
    for x in [x for x in range(start, stop) if old[x] != new[x]]:
        if new[x] == UNKNOWN:
            continue
        if first >= 0 and _reaches(new, last, x):
            last = x
            continue
        if first >= 0:
            runs.append(_run(y, first, last + 1, new))
        first = last = x
    if first >= 0:
        runs.append(_run(y, first, last + 1, new))
    return runs


def _reaches(row: Row, last: int, x: int) -> bool:
    """Whether a run goes on to a cell: it looks the same, as does what little is between."""
    look = row[last][1]
    if row[x][1] is not look or x - last > BRIDGE + 1:
        return False
    return x - last == 1 or all(
        text != "\0" and between is look for text, between in row[last + 1 : x]
    )


def _whole(y: int, row: Row, start: int) -> list[Run]:
    """Everything that is known from a column on, odd characters on their own."""
    odd = set(_odd(row))
    runs: list[Run] = []
    x = start
    while x < len(row):
        stop = x + 1
        if x in odd:
            while stop < len(row) and row[stop][0] == "":
                stop += 1
        else:
            while stop < len(row) and stop not in odd and row[stop][1] == row[x][1]:
                stop += 1
        if row[x] != UNKNOWN:
            runs.append(_run(y, x, stop, row, odd=x in odd))
        x = stop
    return runs


def _run(y: int, start: int, stop: int, row: Row, *, odd: bool = False) -> Run:
    text = "".join([text for text, _ in row[start:stop]])
    return Run(y, start, text, row[start][1], stop - start, odd)


def is_narrow(text: str) -> bool:
    """Whether it has nothing but characters of one column."""
    return _ODD.search(text) is None


def _odd(row: Row) -> list[int]:
    """Where a row holds anything but one character of one column."""
    text = "".join([text for text, _ in row])
    if len(text) == len(row) and not _ODD.search(text):
        return []
    return [x for x, (text, _) in enumerate(row) if len(text) != 1 or _ODD.match(text)]


_NARROW = (
    "\xa1-\u017f"
    "\u2500-\u259f"  # frames and blocks
    "\u2400-\u2426"  # what control characters are shown as
    "\u2800-\u28ff"  # braille
    "…‘’“”–—•·×●◐◌✓✗■◷▲▼▶◀›‹→←↑↓≥≤±≈"
)
_ODD = re.compile(f"[^\0-\x7f{_NARROW}]")
"""Beyond ASCII only these are one column wide wherever they are shown."""
