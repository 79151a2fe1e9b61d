"""Choosing the columns of a list, and their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Column, Row
from amltui.ui.widgets.input_line import InputLine
from amltui.ui.widgets.resource_table import ResourceTable

NOWHERE = WorkspaceId("", "", "")


class Choice(Struct, frozen=True):
    """A column that is shown, or could be."""

    name: str
    position: int | None
    """Its place among the shown ones; None when it is not shown."""
    workspace: WorkspaceId = NOWHERE
    health: Health = Health.DONE

    @property
    def key(self) -> str:
        return self.name


COLUMNS: tuple[Column[Choice], ...] = (
    Column("SHOWN", lambda r: _shown(r.resource), 6, importance=9),
    Column("COLUMN", lambda r: r.resource.name, 30, flex=1, importance=9),
)


def _shown(choice: Choice) -> Cell:
    return Cell("") if choice.position is None else Cell(f"✓ {choice.position + 1}")


class Chosen(Message):
    """The column under the cursor is to be shown, or hidden."""


class Letters(InputLine):
    """Letters narrow the list, other keys choose and move."""

    BINDINGS = [
        Binding("enter", "screen.done", "Done"),
        Binding("down", "screen.move(1)", "Down", show=False),
        Binding("up", "screen.move(-1)", "Up", show=False),
        Binding("shift+up,ctrl+k", "screen.shift(-1)", "Further left", show=False),
        Binding("shift+down,ctrl+j", "screen.shift(1)", "Further right", show=False),
        Binding("ctrl+r", "screen.reset", "As they were", show=False),
    ]

    def on_key(self, event: events.Key) -> None:
        """No column is looked for by a blank: it chooses."""
        if event.key == "space":
            event.stop()
            event.prevent_default()
            self.post_message(Chosen())


class Columns(ModalScreen[tuple[str, ...] | None]):
    """Space shows or hides the one under the cursor, ^K and ^J move it; Enter is done."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    Columns { align: center middle; background: $background 40%; }
    Columns Vertical { width: 64; max-width: 100%; height: 80%; background: $surface; }
    Columns Letters, Columns Letters:focus { height: 1; border: none; padding: 0 1; }
    """

    def __init__(
        self,
        shown: Sequence[str],
        possible: Sequence[str],
        usual: Sequence[str],
        exists: Callable[[str], bool],
    ) -> None:
        super().__init__()
        self.shown = list(shown)
        self.possible = list(dict.fromkeys([*shown, *possible]))
        self.usual = list(usual)
        self.exists = exists
        """Whether a name that is typed in full is one of a column, too."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Letters(placeholder="letters narrow · space shows · ^K ^J move · ^R as they were")
            table = ResourceTable(COLUMNS)
            table.frame_title = "columns"
            table.lit = True
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
        self.query_one(Letters).focus()
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A letter typed before the field was there belongs into it all the same."""
        if event.is_printable and event.character and event.character != " ":
            event.stop()
            self.query_one(Letters).insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def _show(self) -> None:
        typed = self.query_one(Letters).value
        wanted = typed.lower()
        also = [typed] if self.exists(typed) and typed not in self.possible else []
        hidden = [name for name in (*self.possible, *also) if name not in self.shown]
        places = {name: index for index, name in enumerate(self.shown)}
        now = datetime.now(UTC)
        rows = [
            Row(Choice(name, places.get(name)), now)
            for name in (*self.shown, *hidden)
            if wanted in name.lower()
        ]
        # What is only typed and nowhere seen comes last, or else above what is about to be meant.
        rows.sort(key=lambda row: row.resource.name.lower() != wanted or row.resource.name in also)
        message = "No row that is loaded has such a column."
        self.query_one(ResourceTable).show(rows, message)

    @property
    def _current(self) -> str | None:
        row = self.query_one(ResourceTable).cursor_row
        return row.resource.name if row is not None else None

    @on(Chosen)
    def _switch(self) -> None:
        name = self._current
        if name in self.shown:
            self.shown.remove(name)
        elif name is not None:
            self.shown.append(name)
        self._show()

    def action_shift(self, step: int) -> None:
        name = self._current
        if name is None or name not in self.shown:
            return
        index = self.shown.index(name)
        self.shown.insert(max(0, index + step), self.shown.pop(index))
        self._show()

    def action_reset(self) -> None:
        self.shown = list(self.usual)
        self._show()

    def action_move(self, step: int) -> None:
        self.query_one(ResourceTable).action_move(step)

    def action_done(self) -> None:
        """The usual ones in their usual order are none that were chosen."""
        self.dismiss(() if self.shown == self.usual else tuple(self.shown))
