"""Which rows are shown, in which order. Pure: the pane asks, the table paints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from amltui.kinds.kind import Cell, Column, Row


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The user's filter and order of one list."""

    text: str = ""
    """Words that a row must show; one that starts with `!` must not be shown."""
    column: str | None = None
    """Title of the column to sort by; None is the kind's own order."""
    descending: bool = False

    def apply(
        self,
        columns: Sequence[Column[Any]],
        rows: Sequence[Row[Any]],
        order: Callable[[Any], Any] | None = None,
    ) -> list[Row[Any]]:
        """The rows that match, sorted. Rows that have no value come last either way.

        `order` sorts resources as long as no column is chosen.
        """
        kept = [row for row in rows if matches(self.text, columns, row)] if self.text else rows
        column = next((c for c in columns if c.title == self.column), None)
        if column is None:
            if order is None:
                return list(kept)
            return sorted(kept, key=lambda row: order(row.resource), reverse=self.descending)
        valued = [(sort_key(column, row), row) for row in kept]
        known = [pair for pair in valued if pair[0] is not None]
        unknown = [row for key, row in valued if key is None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [row for _, row in known] + unknown


def text_of(column: Column[Any], row: Row[Any]) -> str:
    """What a column shows of a row, without colour."""
    cell = column.cell(row)
    return cell.text if isinstance(cell, Cell) else cell


def sort_key(column: Column[Any], row: Row[Any]) -> Any:
    return text_of(column, row).lower() if column.sort is None else column.sort(row)


def matches(text: str, columns: Sequence[Column[Any]], row: Row[Any]) -> bool:
    """Whether a row shows every word of the filter, in whatever column, and no `!word`."""
    shown = "\n".join(text_of(column, row) for column in columns).lower()
    shown = f"{row.resource.name.lower()}\n{shown}"
    for word in text.lower().split():
        unwanted = len(word) > 1 and word.startswith("!")
        if (word.removeprefix("!") if unwanted else word) in shown:
            if unwanted:
                return False
        elif not unwanted:
            return False
    return True
