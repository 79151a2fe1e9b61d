"""A list of any size that costs what is visible: rows by key, cursor, marks, sorting by column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.kinds.kind import Column, Row
from amltui.kinds.layout import GAP, Placed, spread
from amltui.kinds.tree import branch
from amltui.ui.widgets.cell_text import fitted, wrapped
from amltui.ui.widgets.painted import DIM, Painted
from amltui.ui.widgets.row_window import RowWindow

EDGE = 2
"""Cells for the cursor's mark on the left and the scroll position on the right."""

ARRANGING = {"mark", "mark_range", "mark_all", "unmark", "sort", "reverse"}
"""What a user does with rows besides opening one."""


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
        Binding("V", "mark_range", "Mark from the last mark to here", show=False, id="table.range"),
        Binding("asterisk", "mark_all", "Mark all", show=False, id="table.mark_all"),
        Binding("U", "unmark", "Unmark all", show=False, id="table.unmark"),
        Binding("less_than_sign", "sort(-1)", "Sort column left", show=False, id="table.sort_left"),
        Binding(
            "greater_than_sign", "sort(1)", "Sort column right", show=False, id="table.sort_right"
        ),
        Binding("backslash", "reverse", "Reverse order", show=False, id="table.reverse"),
    ]
    DEFAULT_CSS = "ResourceTable { height: 1fr; }"

    class Opened(Message):
        """Enter on a row, or a click on the one under the cursor."""

        def __init__(self, row: Row[Any]) -> None:
            super().__init__()
            self.row = row

    class Highlighted(Message):
        """The cursor is on another row, or its row has changed; None when there is none."""

        def __init__(self, row: Row[Any] | None) -> None:
            super().__init__()
            self.row = row

    class Viewed(Message):
        """Other rows than before are on the screen."""

        def __init__(self, rows: Sequence[Row[Any]]) -> None:
            super().__init__()
            self.rows = rows

    class Neared(Message):
        """The user has come near the end of the rows."""

    class Sorted(Message):
        """The user wants another order; `column` None is the list's own."""

        def __init__(self, column: str | None, descending: bool) -> None:
            super().__init__()
            self.column = column
            self.descending = descending

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        *,
        plain: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """A `plain` table is there to choose one row of: nothing is marked or sorted."""
        super().__init__(id=id)
        self._plain = plain
        self.framed = True
        self.columns = columns
        self.window = RowWindow()
        self.scattered = False
        self.can_open: Callable[[Any], bool] = lambda resource: False
        """Whether others may lie below a resource."""
        self.sorted_by: str | None = None
        self.descending = False
        self.message = ""
        """Shown instead of rows: why there are none."""
        self._viewed: tuple[str, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._gap = GAP

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What would come to nothing is no key."""
        return not (self._plain and action in ARRANGING)

    @property
    def rows(self) -> Sequence[Row[Any]]:
        return self.window.rows

    @property
    def cursor_row(self) -> Row[Any] | None:
        return self.window.current

    def show(
        self,
        rows: Sequence[Row[Any]],
        message: str = "",
        known: Collection[str] | None = None,
        *,
        filling: bool = False,
    ) -> None:
        """Replace the rows; `message` says why there are none. The rest as in `RowWindow.show`."""
        self.message = message
        self.window.show(rows, known, filling=filling)
        self._changed()

    def _changed(self) -> None:
        """Paint what the window shows now, and tell who listens."""
        self._settle()
        self.post_message(self.Highlighted(self.cursor_row))

    def _settle(self) -> None:
        self.window.height = max(1, self.content_height - 1)
        self.window.settle()
        self.frame_note = self.window.note
        self.repaint()
        visible = self.window.visible
        keys = tuple(row.resource.key for row in visible)
        if keys != self._viewed:
            self._viewed = keys
            self.post_message(self.Viewed(visible))

    def on_resize(self) -> None:
        super().on_resize()
        self._settle()

    # Painting

    def lines(self, width: int, height: int) -> list[Strip]:
        self._placed, self._gap = spread(self.columns, width - EDGE, scattered=self.scattered)
        ground = self.rich_style
        if not self.rows:
            return self._message(width, ground)[:height]
        strips = [self._header(width, ground)]
        for y, row in enumerate(self.window.visible):
            at_cursor = self.window.top + y == self.window.cursor
            strips.append(self._row(row, width, at_cursor, y in self.window.thumb, ground))
        return strips[:height]

    def _message(self, width: int, ground: Style) -> list[Strip]:
        texts = [piece for line in self.message.split("\n") for piece in wrapped(line, width - 4)]
        return [Strip([Segment(fitted(f"  {text}", width), ground + DIM)]) for text in ("", *texts)]

    def _header(self, width: int, ground: Style) -> Strip:
        title = ground + self.looks.title
        segments = [Segment(" ", title)]
        for place in self._placed:
            name = place.column.title
            if name == self.sorted_by:
                name += "▼" if self.descending else "▲"
            segments.append(Segment(fitted(name, place.width, right=place.column.right), title))
            segments.append(Segment(" " * self._gap, title))
        return Strip(segments).adjust_cell_length(width, ground)

    def _row(
        self, row: Row[Any], width: int, at_cursor: bool, at_thumb: bool, ground: Style
    ) -> Strip:
        base = ground
        if at_cursor:
            base += self.looks.cursor if self.has_focus else self.looks.blurred_cursor
        if row.stale:
            base += DIM
        marked = row.resource.key in self.window.marks
        glyph = ">" if at_cursor else "▌" if marked else " "
        segments = [Segment(glyph, base + self.looks.mark if marked else base)]
        for place in self._placed:
            cell, room = place.column.cell(row), place.width
            if place.column.tree and (before := self._branch(row, room)):
                segments.append(Segment(before, base + self.looks.trend))
                room -= len(before)
            segments += self.segments(cell, room, base, right=place.column.right)
            segments.append(Segment(" " * self._gap, base))
        strip = Strip(segments).adjust_cell_length(width - 1, base)
        edge = Segment("▐" if at_thumb else " ", ground + self.looks.edge)
        return Strip([*strip, edge], width).simplify()

    def _branch(self, row: Row[Any], room: int) -> str:
        """What stands before the name, as far as that leaves half of the room to it."""
        return branch(row, can_open=self.can_open(row.resource))[: room // 2]

    # Keys and mouse

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        self.window.go_to(index)
        self._changed()

    def action_move(self, step: int) -> None:
        self.go_to(self.window.cursor + step)
        self._near(step)

    def action_page(self, pages: int) -> None:
        self.window.page(pages)
        self._changed()
        self._near(pages)

    def action_top(self) -> None:
        self.go_to(0)

    def action_bottom(self) -> None:
        self.go_to(len(self.rows) - 1)
        self._near(1)

    def _near(self, step: int) -> None:
        if step > 0 and self.window.is_near_end:
            self.post_message(self.Neared())

    def action_open(self) -> None:
        if row := self.cursor_row:
            self.post_message(self.Opened(row))

    def action_mark(self) -> None:
        self.window.toggle()
        self._changed()

    def action_mark_range(self) -> None:
        self.window.mark_range()
        self._changed()

    def action_mark_all(self) -> None:
        self.window.mark_all()
        self._changed()

    def action_unmark(self) -> None:
        self.window.unmark()
        self._changed()

    def action_sort(self, step: int) -> None:
        titles: list[str | None] = [None, *(place.column.title for place in self._placed)]
        held = titles.index(self.sorted_by) if self.sorted_by in titles else 0
        # Known at once: a key that is pressed twice is two steps, whoever sorts comes later.
        self.sorted_by = titles[(held + step) % len(titles)]
        self.post_message(self.Sorted(self.sorted_by, self.descending))

    def action_reverse(self) -> None:
        self.descending = not self.descending
        self.post_message(self.Sorted(self.sorted_by, self.descending))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_move(-3)

    def on_click(self, event: events.Click) -> None:
        line = event.y - (1 if self.framed else 0) - 1
        index = self.window.top + line
        if not 0 <= line < self.window.height or index >= len(self.rows):
            return
        if index == self.window.cursor and event.chain == 2:
            self.action_open()
        else:
            self.go_to(index)
