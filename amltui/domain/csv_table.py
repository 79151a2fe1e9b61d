"""The first rows of a file of separated values, in columns."""

from __future__ import annotations

import csv
import io

ROWS = 200
WIDEST = 28
"""Cells of one column."""


def aligned(path: str, text: str, *, cut: bool) -> str | None:
    """The rows with their columns under each other, numbers to the right; None for no table.

    Where the text is cut, its last line is taken for half a line.
    """
    if cut:
        text = text.rpartition("\n")[0]
    first = text.partition("\n")[0]
    comma = "\t" if path.lower().endswith(".tsv") else max(",;\t|", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
        rows = [row for _, row in zip(range(ROWS + 1), reader, strict=False)]
    except csv.Error:
        return None
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    cells = [[_short(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    wide = [max(len(row[at]) for row in cells) for at in range(width)]
    right = [all(_is_number(row[at]) for row in cells[1:] if row[at]) for at in range(width)]
    lines = [
        "  ".join(
            cell.rjust(wide[at]) if right[at] else cell.ljust(wide[at])
            for at, cell in enumerate(row)
        ).rstrip()
        for row in cells
    ]
    if cut or text.count("\n") > ROWS + 1:
        lines.append(f"… the first {len(rows) - 1} rows")
    return "\n".join(lines)


def _short(cell: str) -> str:
    told = " ".join(cell.split())
    return told if len(told) <= WIDEST else told[: WIDEST - 1] + "…"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
