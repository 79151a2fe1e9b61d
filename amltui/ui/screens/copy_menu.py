"""What of a row goes into the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.binding import Binding

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.copies import Copy
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Column, Row
from amltui.ui.screens.menu import NOWHERE, Menu


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


class CopyMenu(Menu[Copy]):
    """Enter or a digit copies; everything is on the screen too, for terminals without OSC 52."""

    BINDINGS = [Binding("escape,q,C", "dismiss(None)", "Close")]
    COLUMNS = COLUMNS

    def __init__(self, copies: Sequence[Copy], title: str) -> None:
        choices = (Choice(str(number), each) for number, each in enumerate(copies, 1))
        super().__init__(f"C  copy of {title}", choices)

    def result(self, choice: Choice) -> Copy:
        return choice.copy
