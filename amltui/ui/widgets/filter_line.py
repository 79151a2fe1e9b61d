"""The line in which a filter is typed: the list follows every letter."""

from __future__ import annotations

from textual import on
from textual.binding import Binding
from textual.widgets import Input

from amltui.ui.resource_pane import ResourcePane


class FilterLine(Input):
    """Filters its pane while it is typed in; Enter keeps the filter, Esc drops it."""

    BINDINGS = [
        Binding("escape", "drop", "Drop filter"),
        Binding("enter,down", "keep", "Keep filter"),
    ]
    DEFAULT_CSS = """
    FilterLine { height: 1; border: none; padding: 0 1; background: $surface; }
    FilterLine:focus { border: none; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, placeholder="words to show, !word to hide", select_on_focus=False)

    def on_mount(self) -> None:
        self.focus()

    @property
    def pane(self) -> ResourcePane:
        return next(node for node in self.ancestors if isinstance(node, ResourcePane))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.pane.filter_by(event.value)

    def action_keep(self) -> None:
        self._leave()

    def action_drop(self) -> None:
        self.pane.filter_by("")
        self._leave()

    def _leave(self) -> None:
        self.pane.table.focus()
        self.remove()
