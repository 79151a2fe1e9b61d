"""A sentence or two, and two ways on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Fact
from amltui.ui.widgets.facts_view import FactsView


class Question(ModalScreen[bool]):
    """Enter goes on, Esc does not."""

    BINDINGS = [
        Binding("enter", "dismiss(True)", "Yes"),
        Binding("escape,q", "dismiss(False)", "No"),
    ]
    DEFAULT_CSS = """
    Question { align: center middle; background: $background 40%; }
    Question FactsView { width: 90; max-width: 100%; height: 9; background: $surface; }
    """

    def __init__(self, title: str, sentences: Sequence[str], yes: str, no: str) -> None:
        super().__init__()
        first, *rest = sentences
        told = [Cell(first, Health.ATTENTION), *(Cell(each) for each in rest)]
        keys = Cell(f"[ Enter {yes} ]   [ Esc {no} ]")
        self._facts = [Fact("", cell) for cell in (*told, Cell(""), keys)]
        self._title = title

    def compose(self) -> ComposeResult:
        view = FactsView(full=True)
        view.lit = True
        view.show(self._facts, self._title)
        yield view
