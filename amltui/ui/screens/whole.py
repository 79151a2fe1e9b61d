"""A few facts that had no room where they stand, in full."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from amltui.kinds.kind import Fact
from amltui.ui.widgets.cell_text import shown
from amltui.ui.widgets.facts_view import FactsView


class Whole(ModalScreen[None]):
    """Long values are wrapped, and copied as they are."""

    BINDINGS = [
        Binding("escape,q,enter", "dismiss", "Close"),
        Binding("c", "copy", "Copy"),
    ]
    DEFAULT_CSS = """
    Whole { align: center middle; background: $background 40%; }
    Whole FactsView { width: 100; max-width: 100%; height: 60%; background: $surface; }
    """

    def __init__(self, title: str, facts: Sequence[Fact]) -> None:
        super().__init__()
        self._title = title
        self._facts = facts

    def compose(self) -> ComposeResult:
        view = FactsView(full=True)
        view.lit = True
        view.show(self._facts, f"{self._title}  ·  c copies, esc closes")
        yield view

    def action_copy(self) -> None:
        """Put all of it into the terminal's clipboard."""
        self.app.copy_to_clipboard("\n".join(shown(fact.value) for fact in self._facts))
        self.notify("Copied", timeout=3)
