"""Which rows are on the screen, where the cursor is, what is marked: by key, not by place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct, field

from amltui.kinds.kind import Resource, Row


class RowWindow(Struct):
    """A view of `height` rows on a list. Pure: the table asks it and paints."""

    rows: Sequence[Row[Any]] = ()
    marks: set[str] = field(default_factory=set)
    height: int = 1
    cursor: int = 0
    top: int = 0
    _places: dict[str, int] | None = None
    """Where each row is, once somebody has to know of more than one."""
    _marked_last: str | None = None
    """Where a range begins."""

    def show(
        self,
        rows: Sequence[Row[Any]],
        known: Collection[str] | None = None,
        *,
        filling: bool = False,
    ) -> None:
        """Replace the rows. The cursor stays on its row, and that row on its line.

        `known` are the keys of rows that a filter may hide: their marks are kept. While the list is
        `filling` for the first time, a cursor that was never moved stays on top instead.
        """
        held = None if filling and not self.cursor else self.current
        line = self.cursor - self.top
        self.rows, self._places = rows, None
        if self.marks:
            self.marks.intersection_update(self._index.keys() if known is None else known)
        if held is not None:
            place = self.place_of(held.resource)
            self.cursor = self.cursor if place is None else place
            if self.top:
                self.top = self.cursor - line
        self.settle()

    @property
    def _index(self) -> dict[str, int]:
        if self._places is None:
            self._places = {row.resource.key: index for index, row in enumerate(self.rows)}
        return self._places

    def place_of(self, resource: Resource) -> int | None:
        """Where a row is: nearly always where it was, or else found as it was, or by its name."""
        key, name = resource.key, resource.name
        if self.cursor < len(self.rows) and self.rows[self.cursor].resource.key == key:
            return self.cursor
        for index, row in enumerate(self.rows):
            if row.resource is resource:
                return index
        for index, row in enumerate(self.rows):
            if row.resource.name == name and row.resource.key == key:
                return index
        return None

    def index_of(self, key: str) -> int | None:
        """Where a row is; None if it is not in the list."""
        return self._index.get(key)

    def settle(self) -> None:
        """Bring cursor and view back into the rows."""
        self.cursor = min(max(0, self.cursor), max(0, len(self.rows) - 1))
        lowest = max(0, len(self.rows) - self.height)
        self.top = min(max(self.top, self.cursor - self.height + 1, 0), self.cursor, lowest)

    @property
    def current(self) -> Row[Any] | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def visible(self) -> Sequence[Row[Any]]:
        """The rows on the screen."""
        return self.rows[self.top : self.top + self.height]

    @property
    def is_near_end(self) -> bool:
        """Whether less than a view is left below; a list that is seen whole is at its end."""
        return len(self.rows) - (self.top + self.height) < self.height

    @property
    def chosen(self) -> list[Row[Any]]:
        """The marked rows that are in the list, else the one under the cursor."""
        if marked := [row for row in self.rows if row.resource.key in self.marks]:
            return marked
        return [] if self.current is None else [self.current]

    @property
    def note(self) -> str:
        """`3/120 · marked 2`."""
        parts = [f"{self.cursor + 1:,}/{len(self.rows):,}"] if self.rows else []
        if self.marks:
            parts.append(f"marked {len(self.marks)}")
            if hidden := len(self.marks - self._index.keys()):
                parts.append(f"{hidden} not shown")
        return " · ".join(parts)

    @property
    def thumb(self) -> range:
        """The lines that show where in the list the view is; empty when all of it is seen."""
        if len(self.rows) <= self.height:
            return range(0)
        length = max(1, self.height * self.height // len(self.rows))
        start = self.top * (self.height - length) // (len(self.rows) - self.height)
        return range(start, start + length)

    def go_to(self, index: int) -> None:
        self.cursor = index
        self.settle()

    def page(self, pages: int) -> None:
        """Move view and cursor by whole views."""
        self.top += pages * self.height
        self.go_to(self.cursor + pages * self.height)

    def toggle(self) -> None:
        """Mark the row under the cursor, or take its mark away; then go on to the next."""
        if self.current is None:
            return
        self._marked_last = self.current.resource.key
        self.marks ^= {self._marked_last}
        self.go_to(self.cursor + 1)

    def mark_range(self) -> None:
        """Mark everything from the row marked last to the cursor."""
        start = self._index.get(self._marked_last or "", self.cursor)
        low, high = sorted((start, self.cursor))
        self.marks |= {row.resource.key for row in self.rows[low : high + 1]}
        if self.current is not None:
            self._marked_last = self.current.resource.key

    def mark_all(self) -> None:
        self.marks |= self._index.keys()

    def unmark(self) -> None:
        self.marks.clear()
