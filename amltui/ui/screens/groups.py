"""A list by groups, with totals; Enter shows the rows of one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from amltui.kinds.arrange import Arrangement
from amltui.kinds.groups import COLUMNS, Group
from amltui.kinds.kind import Row
from amltui.ui.widgets.resource_table import ResourceTable


class Groups(ModalScreen[str | None]):
    """Ends with the condition that the rows of the chosen group have in common."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    Groups { align: center middle; background: $background 40%; }
    Groups Vertical { width: 96; max-width: 100%; height: 80%; background: $surface; }
    """

    def __init__(self, title: str, rows: Sequence[Row[Group]]) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._arrangement = Arrangement()

    def compose(self) -> ComposeResult:
        with Vertical():
            table = ResourceTable(COLUMNS)
            table.frame_title = self._title
            yield table

    def on_mount(self) -> None:
        self.query_one(ResourceTable).focus()
        self._show()

    def _show(self) -> None:
        table, arrangement = self.query_one(ResourceTable), self._arrangement
        table.sorted_by, table.descending = arrangement.column, arrangement.descending
        table.show(arrangement.apply(COLUMNS, self._rows), "There are no rows to put together.")

    @on(ResourceTable.Sorted)
    def _sorted(self, event: ResourceTable.Sorted) -> None:
        event.stop()
        self._arrangement = replace(
            self._arrangement, column=event.column, descending=event.descending
        )
        self._show()

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.dismiss(event.row.resource.condition)
