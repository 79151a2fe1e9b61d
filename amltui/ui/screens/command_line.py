"""The line that `:` opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from amltui.ui.widgets.input_line import InputLine
from amltui.ui.widgets.text_line import TextLine

REPEATED = "  "


class Line(InputLine):
    """Letters go into it; what else is pressed is the screen's."""

    BINDINGS = [
        Binding("enter", "screen.done", "Do it"),
        Binding("tab", "screen.complete", "Complete"),
        Binding("up", "screen.recall(-1)", "Earlier", show=False),
        Binding("down", "screen.recall(1)", "Later", show=False),
    ]


class CommandLine(ModalScreen[str | None]):
    """Tab completes, the arrows bring back what was typed before, Enter does it."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    CommandLine { align: left bottom; background: $background 0%; }
    CommandLine Vertical { height: 2; background: $surface; }
    CommandLine Line, CommandLine Line:focus {
        height: 1; border: none; padding: 0 1; background: $surface;
    }
    CommandLine TextLine { background: $surface; color: $text-muted; }
    """

    def __init__(self, offer: Callable[[str], list[str]], history: Sequence[str]) -> None:
        super().__init__()
        self._offer = offer
        self._history = [*history, ""]
        self._at = len(history)
        self._early = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield TextLine()
            yield Line(
                placeholder=": a command; tab completes, ↑ brings back", select_on_focus=False
            )

    def on_mount(self) -> None:
        line = self.query_one(Line)
        line.value = self._early
        line.focus()
        self._say()

    def on_key(self, event: events.Key) -> None:
        """A letter typed before the line was there belongs into it all the same."""
        if event.is_printable and event.character:
            event.stop()
            if self.is_mounted and self.query(Line):
                self.query_one(Line).insert_text_at_cursor(event.character)
            else:
                self._early += event.character

    @on(Input.Changed)
    def _say(self) -> None:
        words = self._offer(self.query_one(Line).value.lstrip())
        self.query_one(TextLine).update([REPEATED.join(word.strip() for word in words)])

    def action_complete(self) -> None:
        line = self.query_one(Line)
        if words := self._offer(line.value.lstrip()):
            self._put(words[0])

    def action_recall(self, step: int) -> None:
        """What was typed before, or after that."""
        self._at = min(max(0, self._at + step), len(self._history) - 1)
        self._put(self._history[self._at])

    def action_done(self) -> None:
        self.dismiss(self.query_one(Line).value.strip())

    def _put(self, text: str) -> None:
        line = self.query_one(Line)
        line.value = text
        line.cursor_position = len(text)
