"""The glyphs of the screens in ASCII: for old fonts, thin links and screen readers."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SAME = {
    "*~.+x#z": "●◐◌✓✗■◷",  # the marks of health
    "_.:-=+*#": "▁▂▃▄▅▆▇█",  # trends: the heavier the higher
    "-": "─━╌┄—–·‐‑‒▔",
    "|": "│┃╎┆▌▐▊▋▍▎▏▕┤├",
    "+": "┌┐└┘┬┴┼╭╮╰╯╔╗╚╝",
    ">": "›→▶≥▸",
    "<": "‹←◀≤",
    "^": "↑▲",
    "v": "↓▼▾",
    "~": "…±≈",
    "x": "×",
    "%": "▒▓",
    "@": "◆",
    ":": "░",
    '"': "“”",
    "'": "‘’",
}
_UPPER, _UPPER_MIDDLE, _LOWER_MIDDLE, _LOWER = 0x09, 0x12, 0x24, 0xC0
"""The dots of each row of a braille character, as Unicode numbers them."""


def _braille(dots: int) -> str:
    """A stroke where the dots are: which rows are set matters more than which side."""
    rows = [bool(dots & row) for row in (_UPPER, _UPPER_MIDDLE, _LOWER_MIDDLE, _LOWER)]
    if sum(rows) >= 3:
        return "|"
    if rows[0]:
        return "'"
    if rows[3]:
        return "." if rows[2] else "_"
    return "-" if any(rows) else " "


_TABLE = {
    **{
        ord(old): new[at] if len(new) > 1 else new
        for new, glyphs in _SAME.items()
        for at, old in enumerate(glyphs)
    },
    **{0x2800 + dots: _braille(dots) for dots in range(256)},
}


@lru_cache(2048)
def in_ascii(text: str) -> str:
    """The text in as many columns. Letters that are no glyphs of ours become `?`."""
    if text.isascii():
        return text
    text = text.translate(_TABLE)
    if text.isascii():
        return text
    return "".join(each if each.isascii() else "?" * get_character_cell_size(each) for each in text)


class Ascii(LineFilter):
    """For every line on its way to the screen."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(in_ascii(segment.text), segment.style)
            for segment in segments
        ]
