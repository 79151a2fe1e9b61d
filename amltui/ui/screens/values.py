"""One thing that runs are compared by, in full: long commands and addresses, too."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from amltui.kinds.kind import Fact
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine


class ValuesScreen(Screen[None]):
    """As it was when it was opened."""

    BINDINGS = [Binding("escape,q,backspace,enter", "app.pop_screen", "Back")]

    def __init__(self, title: str, facts: Sequence[Fact], age: str) -> None:
        super().__init__()
        self._title = title
        self._facts = facts
        self._age = age

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(full=True)
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        if not self.children:  # closed before it was composed
            return
        view = self.query_one(FactsView)
        view.show(self._facts, self._title)
        view.focus()
        self.query_one("#header", TextLine).update([f"Compare › {self._title}"])
        self.query_one("#status", TextLine).update([self._age])
