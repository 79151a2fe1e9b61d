"""One resource, in full."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from amltui.kinds.kind import Kind, Row
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine


class FactsScreen(Screen[None]):
    """What the preview says, unabridged, as of the answer it came from."""

    BINDINGS = [Binding("escape,q,backspace", "app.pop_screen", "Back")]

    def __init__(self, kind: Kind[Any], row: Row[Any]) -> None:
        super().__init__()
        self.kind = kind
        self.row = row

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(wrap=True)
        yield KeyBar()

    def on_mount(self) -> None:
        answered = self.row.now.astimezone().strftime("%H:%M:%S")
        crumbs = f"{self.kind.title} › {self.row.resource.name}"
        self.query_one("#header", TextLine).update([crumbs], [f"as of {answered}"])
        self.query_one(FactsView).show(self.kind.facts(self.row))
        self.query_one(FactsView).focus()
