"""A list of any size that costs what is visible: rows by key, cursor, marks, sorting by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.kinds.kind import Column, Row
from amltui.kinds.layout import GAP, Placed, fit
from amltui.ui.widgets.painted import DIM, Painted, fitted

EDGE = 2
"""Cells for the cursor's mark on the left and the scroll position on the right."""


class ResourceTable(Painted, can_focus=True):
    """Rows identified by key: when they change, cursor, marks and view stay with their rows.

    Textual's DataTable repaints everything for one changed cell and needs seconds for 10,000 rows;
    this one lays out the visible rows only.
    """

    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("home,g", "top", "First row", show=False),
        Binding("end,G", "bottom", "Last row", show=False),
        Binding("enter", "open", "Open", id="table.open"),
        Binding("space", "mark", "Mark", id="table.mark"),
        Binding("asterisk", "mark_all", "Mark all", show=False, id="table.mark_all"),
        Binding("U", "unmark", "Unmark all", show=False, id="table.unmark"),
        Binding("less_than_sign", "sort(-1)", "Sort column left", show=False, id="table.sort_left"),
        Binding(
            "greater_than_sign", "sort(1)", "Sort column right", show=False, id="table.sort_right"
        ),
        Binding("backslash", "reverse", "Reverse order", show=False, id="table.reverse"),
    ]
    COMPONENT_CLASSES = {"table--cursor", "table--cursor-blurred", "table--mark", "table--edge"}
    DEFAULT_CSS = """
    ResourceTable {
        height: 1fr;
        & > .table--cursor { background: $primary-muted; text-style: bold; }
        & > .table--cursor-blurred { background: $surface-lighten-1; }
        & > .table--mark { color: $text-warning; }
        & > .table--edge { color: $primary; }
    }
    """

    @dataclass
    class Opened(Message):
        """Enter on a row, or a click on the one under the cursor."""

        row: Row[Any]

    @dataclass
    class Highlighted(Message):
        """The cursor is on another row, or its row has changed; None when there is none."""

        row: Row[Any] | None

    @dataclass
    class Viewed(Message):
        """Other rows than before are on the screen."""

        rows: Sequence[Row[Any]]

    @dataclass
    class Sorted(Message):
        """The user wants another order; `column` None is the service's own."""

        column: str | None
        descending: bool

    def __init__(self, columns: Sequence[Column[Any]], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.framed = True
        self.columns = columns
        self.rows: Sequence[Row[Any]] = ()
        self.marks: set[str] = set()
        self.scattered = False
        self.sorted_by: str | None = None
        self.descending = False
        self.message = ""
        """Shown instead of rows: why there are none."""
        self._index: dict[str, int] = {}
        self._cursor = 0
        self._top = 0
        self._viewed: tuple[str, ...] = ()
        self._placed: tuple[Placed, ...] = ()

    # Data in

    def show(self, rows: Sequence[Row[Any]], message: str = "") -> None:
        """Replace the rows. The cursor stays on its row and that row stays where it is."""
        held = self.cursor_row
        offset = self._cursor - self._top
        self.rows = rows
        self.message = message
        self._index = {row.resource.key: index for index, row in enumerate(rows)}
        self.marks &= self._index.keys()
        if held is not None:
            self._cursor = self._index.get(held.resource.key, self._cursor)
            if self._top:
                self._top = self._cursor - offset
        self._settle()
        self.post_message(self.Highlighted(self.cursor_row))

    @property
    def cursor_row(self) -> Row[Any] | None:
        return self.rows[self._cursor] if self._cursor < len(self.rows) else None

    @property
    def visible_rows(self) -> Sequence[Row[Any]]:
        """The rows on the screen."""
        return self.rows[self._top : self._top + self._body]

    def _position(self) -> str:
        """`3/120 · marked 2`, for the frame."""
        if not self.rows:
            return ""
        marked = f" · marked {len(self.marks)}" if self.marks else ""
        return f"{self._cursor + 1:,}/{len(self.rows):,}{marked}"

    def chosen(self) -> list[Row[Any]]:
        """The marked rows, else the one under the cursor."""
        if self.marks:
            return [row for row in self.rows if row.resource.key in self.marks]
        row = self.cursor_row
        return [] if row is None else [row]

    # Layout

    @property
    def _body(self) -> int:
        return max(1, self.content_height - 1)

    def _settle(self) -> None:
        """Bring cursor and view back into the rows, then paint."""
        self._cursor = min(max(0, self._cursor), max(0, len(self.rows) - 1))
        lowest = max(0, len(self.rows) - self._body)
        self._top = min(max(self._top, self._cursor - self._body + 1, 0), self._cursor, lowest)
        self.frame_note = self._position()
        self.repaint()
        visible = self.visible_rows
        keys = tuple(row.resource.key for row in visible)
        if keys != self._viewed:
            self._viewed = keys
            self.post_message(self.Viewed(visible))

    def on_resize(self) -> None:
        super().on_resize()
        self._settle()

    def lines(self, width: int, height: int) -> list[Strip]:
        self._placed = fit(self.columns, width - EDGE, scattered=self.scattered)
        ground = self.rich_style
        strips = [self._header(width, ground)] if self.rows else []
        if not self.rows:
            for text in ("", *self.message.split("\n")):
                strips.append(Strip([Segment(fitted(f"  {text}", width), ground + DIM)]))
        visible = self.rows[self._top : self._top + height - 1]
        thumb = self._thumb(height - 1)
        for y, row in enumerate(visible):
            at_cursor = self._top + y == self._cursor
            strips.append(self._row(row, width, at_cursor, y in thumb, ground))
        return strips[:height]

    def _header(self, width: int, ground: Style) -> Strip:
        title = ground + self.component("painted--title")
        segments = [Segment(" ", title)]
        for place in self._placed:
            name = place.column.title
            if name == self.sorted_by:
                name += "▼" if self.descending else "▲"
            segments.append(Segment(fitted(name, place.width, right=place.column.right), title))
            segments.append(Segment(" " * GAP, title))
        return Strip(segments).adjust_cell_length(width, ground)

    def _row(
        self, row: Row[Any], width: int, at_cursor: bool, at_thumb: bool, ground: Style
    ) -> Strip:
        base = ground
        if at_cursor:
            focused = "table--cursor" if self.has_focus else "table--cursor-blurred"
            base += self.component(focused)
        if row.stale:
            base += DIM
        marked = row.resource.key in self.marks
        glyph = ">" if at_cursor else "▌" if marked else " "
        segments = [Segment(glyph, base + self.component("table--mark") if marked else base)]
        for place in self._placed:
            cell = place.column.cell(row)
            segments.append(self.segment(cell, place.width, base, right=place.column.right))
            segments.append(Segment(" " * GAP, base))
        strip = Strip(segments).adjust_cell_length(width - 1, base)
        edge = Segment("▐" if at_thumb else " ", ground + self.component("table--edge"))
        return Strip([*strip, edge], width).simplify()

    def _thumb(self, body: int) -> range:
        """The lines of the body that show where in the list the view is."""
        if len(self.rows) <= body or body < 1:
            return range(0)
        length = max(1, body * body // len(self.rows))
        start = self._top * (body - length) // max(1, len(self.rows) - body)
        return range(start, start + length)

    # Keys and mouse

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        if not self.rows:
            return
        self._cursor = index
        self._settle()
        self.post_message(self.Highlighted(self.cursor_row))

    def action_move(self, step: int) -> None:
        self.go_to(self._cursor + step)

    def action_page(self, pages: int) -> None:
        self._top += pages * self._body
        self.go_to(self._cursor + pages * self._body)

    def action_top(self) -> None:
        self.go_to(0)

    def action_bottom(self) -> None:
        self.go_to(len(self.rows) - 1)

    def action_open(self) -> None:
        if row := self.cursor_row:
            self.post_message(self.Opened(row))

    def action_mark(self) -> None:
        if row := self.cursor_row:
            self.marks ^= {row.resource.key}
            self.action_move(1)

    def action_mark_all(self) -> None:
        self._mark(row.resource.key for row in self.rows)

    def action_unmark(self) -> None:
        self._mark(())

    def _mark(self, keys: Iterable[str]) -> None:
        self.marks = set(keys)
        self._settle()
        self.post_message(self.Highlighted(self.cursor_row))

    def action_sort(self, step: int) -> None:
        titles: list[str | None] = [None, *(place.column.title for place in self._placed)]
        held = titles.index(self.sorted_by) if self.sorted_by in titles else 0
        self.post_message(self.Sorted(titles[(held + step) % len(titles)], self.descending))

    def action_reverse(self) -> None:
        self.post_message(self.Sorted(self.sorted_by, not self.descending))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_move(-3)

    def on_click(self, event: events.Click) -> None:
        line = event.y - (1 if self.framed else 0) - 1
        index = self._top + line
        if not 0 <= line < self._body or index >= len(self.rows):
            return
        if index == self._cursor and event.chain == 2:
            self.action_open()
        else:
            self.go_to(index)
