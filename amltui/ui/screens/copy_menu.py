"""What of a row goes into the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.copies import Copy
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Column, Row
from amltui.ui.widgets.resource_table import ResourceTable

NOWHERE = WorkspaceId("", "", "")


class Choice(Struct, frozen=True):
    """A line of the menu; its key is the digit that takes it."""

    key: str
    copy: Copy
    workspace: WorkspaceId = NOWHERE
    health: Health = Health.DONE

    @property
    def name(self) -> str:
        return self.copy.what


def _text(row: Row[Choice]) -> Cell:
    """On one line; an address can be opened where the terminal knows links."""
    text = row.resource.copy.text
    link = text if text.startswith("https://") and "\n" not in text else None
    return Cell(one_line(text), link=link)


COLUMNS: tuple[Column[Choice], ...] = (
    Column("", lambda r: r.resource.key, 2, importance=9),
    Column("COPY", lambda r: r.resource.name, 13, importance=9),
    Column("TEXT", _text, 30, flex=1, importance=8),
)


class CopyMenu(ModalScreen[Copy | None]):
    """Enter or a digit copies; everything is on the screen too, for terminals without OSC 52."""

    BINDINGS = [Binding("escape,q,C", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    CopyMenu { align: center middle; background: $background 40%; }
    CopyMenu ResourceTable { width: 100; max-width: 100%; background: $surface; }
    """

    def __init__(self, copies: Sequence[Copy], title: str) -> None:
        super().__init__()
        self._choices = [Choice(str(number), each) for number, each in enumerate(copies, 1)]
        self._title = title

    def compose(self) -> ComposeResult:
        table = ResourceTable(COLUMNS)
        table.frame_title = f"C  copy of {self._title}"
        table.lit = True
        table.styles.height = len(self._choices) + 3
        yield table

    def on_mount(self) -> None:
        now = datetime.now(UTC)
        for table in self.query(ResourceTable):
            table.show([Row(each, now) for each in self._choices])
            table.focus()

    def on_key(self, event: events.Key) -> None:
        chosen = next((each for each in self._choices if each.key == event.key), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen.copy)

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.dismiss(event.row.resource.copy)
