"""Runs as bytes: in the order that costs least, by the shortest moves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field

from amltui.ui.frames.pen import Look, Pen
from amltui.ui.frames.powers import Powers
from amltui.ui.frames.route import route
from amltui.ui.frames.runs import Run

_BLANKS = re.compile(" {11,}")
"""A stretch that costs more to write than to erase and to step over."""
_FEWEST_BLANKS = 6
"""A stretch at the end of a run that costs more to write than to erase."""
_SHOWN_ON_BLANKS = frozenset(["4", "5", "6", "7", "9", "21", "51", "52", "53"])
"""Underlined, blinking, reversed …: an erased cell has none of these."""
ELSEWHERE = -1


class Strokes(Struct):
    """Writes runs one after the other, knowing where the cursor is."""

    pen: Pen
    width: int
    powers: Powers
    said: list[str] = field(default_factory=list)
    _y: int = ELSEWHERE
    _x: int = ELSEWHERE

    def scroll(self, top: int, bottom: int, up: int) -> None:
        """Move the rows from `top` to before `bottom` up, or down when `up` is negative."""
        lines = f"\x1b[{_number(abs(up))}{'M' if up > 0 else 'L'}"
        self.said.append(f"\x1b[{top + 1};{bottom}r\x1b[{top + 1}H{lines}\x1b[r")
        self._y = ELSEWHERE

    def draw(self, runs: Iterable[Run]) -> None:
        """In their order."""
        for run in runs:
            self.said += (self._move(run.y, run.x), self.pen.take(run.look))
            self._y, self._x = run.y, run.x + run.width
            self.said.append(self._text(run))
            if run.odd or self._x >= self.width:
                self._y = ELSEWHERE

    def draw_by_look(self, runs: Iterable[Run]) -> None:
        """Look by look: a move takes half of the bytes of a change of colours."""
        looks: dict[Look, list[Run]] = {}
        for run in runs:
            looks.setdefault(run.look, []).append(run)
        for look in route(self.pen.look, list(looks), self.pen.distance):
            self.draw(looks[look])

    def _text(self, run: Run) -> str:
        """A run's text, with long blanks erased instead of written."""
        look = run.look
        if not self.powers.erases or look.link or look.flags & _SHOWN_ON_BLANKS:
            return run.text
        text = run.text.rstrip(" ")
        blanks = len(run.text) - len(text)
        end = run.text[len(text) :]
        if blanks >= _FEWEST_BLANKS:
            end = "\x1b[K" if self._x == self.width else f"\x1b[{blanks}X"
            self._x -= blanks
        return _BLANKS.sub(_erased, text) + end

    def _move(self, y: int, x: int) -> str:
        """The shortest way from where the cursor is."""
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
        if self._y == y:
            ways.append(_along(self._x, x))
        elif self.powers.scrolls and 0 <= self._y < y <= self._y + 3:
            ways.append("\v" * (y - self._y) + _along(self._x, x))
        return min(ways, key=len)


def _along(start: int, stop: int) -> str:
    """From one column of a row to another."""
    if start == stop:
        return ""
    ways = [f"\x1b[{stop + 1}G", f"\x1b[{_number(stop - start)}C" if stop > start else ""]
    ways += ["\r"] if stop == 0 else []
    ways += ["\b" * (start - stop)] if start > stop else []
    return min(filter(None, ways), key=len)


def _erased(blanks: re.Match[str]) -> str:
    count = len(blanks[0])
    return f"\x1b[{count}X\x1b[{count}C"


def _number(count: int) -> str:
    return "" if count == 1 else str(count)
