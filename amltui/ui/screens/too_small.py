"""A terminal in which nothing can be read is told so."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Static

from amltui.ui.terminal.display import COLUMNS, LINES


class TooSmall(ModalScreen[None]):
    """Hides everything and takes every key: what cannot be seen must not be acted on."""

    BINDINGS = [Binding("q", "app.leave", "Quit")]
    DEFAULT_CSS = """
    TooSmall { align: center middle; background: $background; }
    TooSmall Static { width: auto; max-width: 100%; text-align: center; color: $text-warning; }
    """

    def compose(self) -> ComposeResult:
        yield Static(
            f"amltui needs a terminal of {COLUMNS}×{LINES}.\n"
            "Make it larger, or try: amltui jobs\n\nq quits",
            markup=False,
        )
