"""One line of a log as segments: its colours, its time, what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from rich.cells import chop_cells
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from amltui.domain.log_sieve import LOOKED_AT
from amltui.domain.log_stamp import stamp
from amltui.domain.log_text import PLAIN, Colour, Ink, Span, spans
from amltui.kinds.format import literal

FOUND = Style(reverse=True)
RELATIVE = 10
"""Columns that a relative time takes: `+12:03:44 `."""


class Times(Enum):
    """How the time that a line begins with is shown."""

    WRITTEN = "as written"
    RELATIVE = "relative"
    OFF = "off"

    @property
    def next(self) -> Times:
        every = list(Times)
        return every[(every.index(self) + 1) % len(every)]


def laid_out(
    text: str, ground: Style, times: Times, began: datetime | None, found: re.Pattern[str] | None
) -> list[Segment]:
    """A line as it was written, on one row however long."""
    parts = spans(text)
    shown = "".join(span.text for span in parts)
    marks = _marks(shown, found) if found is not None else []
    segments: list[Segment] = []
    at, skipped = 0, 0
    if times is not Times.WRITTEN:
        stamped = stamp(shown)
        skipped = stamped.length if stamped else 0
        if times is Times.RELATIVE:
            told = since(stamped.at, began) if stamped and began else ""
            segments.append(Segment(f"{told:<{RELATIVE}}", ground + Style(dim=True)))
    for span in parts:
        rest = span.text[max(0, skipped - at) :]
        begin = at + len(span.text) - len(rest)
        at += len(span.text)
        segments += _marked(Span(rest, span.ink), begin, marks, ground)
    return segments


def since(moment: datetime, began: datetime) -> str:
    """`+02:11:40`: how long after the beginning."""
    seconds = int((moment - began).total_seconds())
    sign = "-" if seconds < 0 else "+"
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def wrapped(segments: Sequence[Segment], width: int) -> list[list[Segment]]:
    """Segments in rows of at most `width` columns."""
    text = "".join(segment.text for segment in segments)
    rows: list[list[Segment]] = []
    left = list(segments)
    for piece in chop_cells(text, max(2, width)) or [""]:
        wanted, row = len(piece), []
        while wanted and left:
            segment = left.pop(0)
            if len(segment.text) > wanted:
                left.insert(0, Segment(segment.text[wanted:], segment.style))
                segment = Segment(segment.text[:wanted], segment.style)
            row.append(segment)
            wanted -= len(segment.text)
        rows.append(row)
    return rows


def style(ink: Ink) -> Style:
    """What SGR asked for, as Rich says it."""
    known = _STYLES.get(ink)
    if known is None:
        if len(_STYLES) > 1000:
            _STYLES.clear()
        known = _STYLES[ink] = Style(
            color=_colour(ink.colour),
            bgcolor=_colour(ink.ground),
            bold=ink.bold or None,
            dim=ink.dim or None,
            italic=ink.italic or None,
            underline=ink.underlined or None,
            reverse=ink.reversed or None,
            strike=ink.struck or None,
        )
    return known


_STYLES: dict[Ink, Style] = {}


def _colour(colour: Colour | None) -> Color | None:
    if colour is None:
        return None
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)


def _marks(text: str, found: re.Pattern[str]) -> list[tuple[int, int]]:
    return [match.span() for match in found.finditer(text[:LOOKED_AT]) if match[0]]


def _marked(
    span: Span, begin: int, marks: Iterable[tuple[int, int]], ground: Style
) -> list[Segment]:
    """A span that begins at a column of the line, cut where marks begin and end."""
    look = ground if span.ink == PLAIN else ground + style(span.ink)
    segments: list[Segment] = []
    at, end = begin, begin + len(span.text)
    for start, stop in marks:
        start, stop = max(start, at), min(stop, end)
        if start >= stop:
            continue
        if start > at:
            segments.append(Segment(literal(span.text[at - begin : start - begin]), look))
        marked = span.text[start - begin : stop - begin]
        segments.append(Segment(literal(marked), look + FOUND))
        at = stop
    if at < end:
        segments.append(Segment(literal(span.text[at - begin :]), look))
    return segments
