"""A short list of things to choose from: Enter takes one, and so does its digit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from amltui.domain.arm_id import WorkspaceId
from amltui.kinds.kind import Column, Row
from amltui.ui.widgets.resource_table import ResourceTable

NOWHERE = WorkspaceId("", "", "")
T = TypeVar("T")


class Menu(ModalScreen[T | None], Generic[T]):
    """Ends with what was chosen; None without. Subclasses say what a choice comes to."""

    DEFAULT_CSS = """
    Menu { align: center middle; background: $background 40%; }
    Menu ResourceTable { width: 100; max-width: 100%; background: $surface; }
    """
    COLUMNS: Sequence[Column[Any]] = ()

    def __init__(self, title: str, choices: Iterable[Any]) -> None:
        super().__init__()
        self._title = title
        self._choices = list(choices)

    def result(self, choice: Any) -> T:
        """What the screen ends with if this is chosen."""
        raise NotImplementedError

    def keys(self, choice: Any) -> set[str]:
        """Keys that take a choice, besides Enter on it."""
        return {choice.key}

    def first(self) -> int:
        """Where the cursor stands at first."""
        return 0

    def compose(self) -> ComposeResult:
        table = ResourceTable(self.COLUMNS, plain=True)
        table.frame_title = self._title
        table.lit = True
        table.styles.height = len(self._choices) + 3
        yield table

    def on_mount(self) -> None:
        now = datetime.now(UTC)
        for table in self.query(ResourceTable):  # none if it was closed before it was composed
            table.show([Row(each, now) for each in self._choices])
            table.go_to(self.first())
            table.focus()

    def on_key(self, event: events.Key) -> None:
        chosen = next((each for each in self._choices if event.key in self.keys(each)), None)
        if chosen is not None:
            event.stop()
            self.dismiss(self.result(chosen))

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.dismiss(self.result(event.row.resource))
