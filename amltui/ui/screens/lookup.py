"""A long list from which a few letters choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input

from amltui.kinds.kind import Column, Row
from amltui.ui.widgets.input_line import InputLine
from amltui.ui.widgets.resource_table import ResourceTable

T = TypeVar("T")


class Search(InputLine):
    """Letters go into it, the other keys to the list below."""

    BINDINGS = [
        Binding("enter", "screen.choose", "Choose"),
        Binding("down", "screen.move(1)", "Down", show=False),
        Binding("up", "screen.move(-1)", "Up", show=False),
    ]


class Lookup(ModalScreen[T | None], Generic[T]):
    """Letters narrow the list, Enter chooses; ends with what was chosen."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    Lookup { align: center middle; background: $background 40%; }
    Lookup Vertical { width: 90; max-width: 100%; height: 60%; background: $surface; }
    Lookup Input, Lookup Input:focus { height: 1; border: none; padding: 0 1; }
    """
    COLUMNS: Sequence[Column[Any]] = ()
    LETTERS = ""
    """What can be typed."""
    HEADING = ""
    NONE = ""
    """That none is called like what was typed, which stands for the braces."""

    choices: Sequence[Any] = ()
    current: str | None = None
    """Key of the choice under the cursor as long as nothing is typed."""

    def result(self, choice: Any) -> T:
        """What the screen ends with if this is chosen."""
        raise NotImplementedError

    def words(self, choice: Any) -> str:
        """What its letters are looked for in."""
        return str(choice.name)

    def exactly(self, text: str) -> Sequence[Any]:
        """Choices that are meant and no others, whatever else has these letters."""
        return ()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Search(placeholder=self.LETTERS)
            table = ResourceTable(self.COLUMNS, plain=True)
            table.frame_title = self.HEADING
            table.lit = True
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
        if self.query(ResourceTable):  # none if it was closed before it was composed
            self._show("")

    def on_key(self, event: events.Key) -> None:
        """A letter typed before the field was there belongs into it all the same."""
        if event.is_printable and event.character:
            event.stop()
            self.query_one(Search).insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, text: str) -> None:
        found = self._found(text)
        now = datetime.now(UTC)
        table = self.query_one(ResourceTable)
        table.show([Row(choice, now) for choice in found], self.NONE.replace("{}", text))
        keys = [choice.key for choice in found]
        table.go_to(keys.index(self.current) if not text and self.current in keys else 0)

    def _found(self, text: str) -> Sequence[Any]:
        if not text:
            return self.choices
        if exact := self.exactly(text):
            return exact
        matcher = Matcher(text)
        scored = [(matcher.match(self.words(choice)), choice) for choice in self.choices]
        kept = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
        return [choice for _, choice in kept]

    def action_move(self, step: int) -> None:
        self.query_one(ResourceTable).action_move(step)

    def action_choose(self) -> None:
        row = self.query_one(ResourceTable).cursor_row
        if row is not None:
            self.dismiss(self.result(row.resource))
