"""A line of a log as text that cannot act on a terminal: colours kept, all else gone."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movement
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # OSC, DCS, SOS, PM, APC: titles, links, clipboard
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI in one character
    r"|[\x1b\x9b]"  # what begins none: with what is left around it, it could
)
_COLOUR = re.compile(r"[\x1b\x9b]\[?([\d;:]*)m", re.ASCII)
TAB = 8

Colour = int | tuple[int, int, int]
"""One of the terminal's 256, or red, green and blue."""


class Ink(Struct, frozen=True):
    """What SGR says of how text looks. It cannot hide: concealed text and blinking are ignored."""

    colour: Colour | None = None
    ground: Colour | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underlined: bool = False
    reversed: bool = False
    struck: bool = False


PLAIN = Ink()


class Span(Struct, frozen=True):
    """Text that looks alike."""

    text: str
    ink: Ink = PLAIN


def plain(line: str) -> str:
    """A line as it would look once printed, without colours: tabs set, overwritten parts gone."""
    if "\x1b" in line or "\x9b" in line:
        line = _ESCAPES.sub("", line)
    if "\r" in line:
        line = _last_state(line)
    if "\b" in line:
        line = _taken_back(line)
    return line.expandtabs(TAB) if "\t" in line else line


def spans(line: str) -> tuple[Span, ...]:
    """The same text as `plain`, with its colours."""
    if "\x1b" not in line and "\x9b" not in line:
        text = plain(line)
        return (Span(text),) if text else ()
    if "\b" in line:  # whoever takes back letters is rarely colourful as well
        return (Span(plain(line)),)
    kept: list[Span] = []
    states: list[list[Span]] = [kept]
    ink = PLAIN
    at = 0
    for found in _ESCAPES.finditer(line):
        kept = _write(states, kept, line[at : found.start()], ink)
        if colour := _COLOUR.fullmatch(found[0]):
            ink = inked(ink, colour[1])
        at = found.end()
    kept = _write(states, kept, line[at:], ink)
    if len(states) > 1:  # as `_last_state` does
        kept = next((each for each in reversed(states) if any(s.text.strip() for s in each)), [])
    return _with_tabs(kept)


def inked(ink: Ink, codes: str) -> Ink:
    """What a sequence of SGR codes makes of an ink: `1;38;5;208`."""
    left = [_number(code) for code in re.split("[;:]", codes)] if codes else [0]
    while left:
        code = left.pop(0)
        if code in {38, 48}:
            colour, left = _colour(left, ":" in codes)
            if colour is not None:
                ink = replace(ink, colour=colour) if code == 38 else replace(ink, ground=colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            ink = replace(ink, colour=code - 30 if code < 40 else code - 82)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            ink = replace(ink, ground=code - 40 if code < 50 else code - 92)
        else:
            ink = _SIMPLE[code](ink) if code in _SIMPLE else ink
    return ink


_SIMPLE: dict[int, Callable[[Ink], Ink]] = {
    0: lambda ink: PLAIN,
    1: lambda ink: replace(ink, bold=True),
    2: lambda ink: replace(ink, dim=True),
    3: lambda ink: replace(ink, italic=True),
    4: lambda ink: replace(ink, underlined=True),
    7: lambda ink: replace(ink, reversed=True),
    9: lambda ink: replace(ink, struck=True),
    22: lambda ink: replace(ink, bold=False, dim=False),
    23: lambda ink: replace(ink, italic=False),
    24: lambda ink: replace(ink, underlined=False),
    27: lambda ink: replace(ink, reversed=False),
    29: lambda ink: replace(ink, struck=False),
    39: lambda ink: replace(ink, colour=None),
    49: lambda ink: replace(ink, ground=None),
}


def _colour(left: list[int], colons: bool) -> tuple[Colour | None, list[int]]:
    """The colour after a 38 or 48, and the codes behind it."""
    mode, rest = (left[0], left[1:]) if left else (0, [])
    if mode == 5 and rest:
        return (rest[0] if 0 <= rest[0] <= 255 else None), rest[1:]
    if mode == 2:
        if colons and len(rest) > 3:  # 38:2:<colour space>:r:g:b
            rest = rest[1:]
        if len(rest) >= 3 and all(0 <= each <= 255 for each in rest[:3]):
            return (rest[0], rest[1], rest[2]), rest[3:]
    return None, []


def _number(code: str) -> int:
    return int(code[:9]) if code else 0


def _write(states: list[list[Span]], kept: list[Span], text: str, ink: Ink) -> list[Span]:
    """Add text to the newest state of the line; a carriage return begins another one."""
    first, *others = text.split("\r")
    if first:
        kept.append(Span(first, ink))
    for other in others:
        kept = [Span(other, ink)] if other else []
        states.append(kept)
    return kept


def _last_state(line: str) -> str:
    """What a progress bar drew last: the last part between carriage returns that is not blank."""
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")


def _taken_back(line: str) -> str:
    """Backspaces as a terminal takes them."""
    shown: list[str] = []
    for letter in line:
        if letter != "\b":
            shown.append(letter)
        elif shown:
            shown.pop()
    return "".join(shown)


def _with_tabs(shown: list[Span]) -> tuple[Span, ...]:
    if not any("\t" in span.text for span in shown):
        return tuple(shown)
    column, made = 0, []
    for span in shown:
        text = ""
        for letter in span.text:
            if letter == "\t":
                gap = TAB - column % TAB
                text, column = text + " " * gap, column + gap
            else:
                text, column = text + letter, column + 1
        made.append(replace(span, text=text))
    return tuple(made)
