"""Text in an exact number of terminal cells, safe to paint whatever the service wrote."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from amltui.kinds.format import literal, sparkline
from amltui.kinds.kind import Cell
from amltui.ui.theme import GLYPHS

LEAST_BARS, MOST_BARS = 8, 24
TEXT = 19
"""Cells that the text after a trend gets before the trend grows."""


def ruled(start: str, title: str, note: str, end: str, width: int) -> str:
    """A horizontal frame line with words in it, `width` columns long."""
    head = f"{start} {literal(title)} " if title else start
    tail = f" {literal(note)} ─{end}" if note else end
    room = width - cell_len(head) - cell_len(tail)
    if room < 0:
        return ruled(start, title, "", end, width) if note else fitted(head + end, width)
    return head + "─" * room + tail


def bars_of(cell: Cell | str, width: int) -> str:
    """A cell's bars and the blank after them, the same length all down a column."""
    if isinstance(cell, str):
        return ""
    if cell.bar:
        return f"{cell.bar} " if len(cell.bar) + len(cell.text) < width else ""
    if not cell.trend:
        return ""
    if not cell.text:
        return sparkline(cell.trend, width)
    room = min(MOST_BARS, max(LEAST_BARS, width - TEXT))
    return sparkline(cell.trend, room).ljust(room) + " " if room + 1 < width else ""


def safe_link(url: str) -> bool:
    """Whether an address of the service may stand in an escape sequence."""
    return url.startswith("https://") and url.isascii() and url.isprintable() and " " not in url


def shown(cell: Cell | str) -> str:
    """A cell's text as it may be painted: with its glyph, without control characters."""
    if isinstance(cell, str):
        return literal(cell)
    if cell.health is None:
        return literal(cell.text)
    return f"{GLYPHS[cell.health]} {literal(cell.text)}"


def cut(text: str, width: int) -> str:
    """Text in at most `width` columns of the terminal, with `…` where it was cut."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Text in exactly `width` columns."""
    text = cut(text, width)
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` columns, broken between words where that is possible."""
    lines: list[str] = []
    line = ""
    for word in literal(text).split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, max(1, width)) or [""]
        lines += full
    return [*lines, line]
