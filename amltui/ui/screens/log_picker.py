"""Choosing one of a job's many log files by a few letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.log import LogFile
from amltui.kinds.format import size
from amltui.kinds.kind import Column, Row
from amltui.ui.screens.picker import Search
from amltui.ui.widgets.log_list import GROUPS
from amltui.ui.widgets.resource_table import ResourceTable


class Choice(Struct, frozen=True):
    """A line of the list."""

    file: LogFile
    workspace: WorkspaceId
    octets: int | None
    health: Health = Health.DONE

    @property
    def name(self) -> str:
        return self.file.path

    @property
    def key(self) -> str:
        return self.file.path


COLUMNS: tuple[Column[Choice], ...] = (
    Column("FILE", lambda r: r.resource.file.path, 30, flex=2, importance=9),
    Column("RANK", lambda r: _rank(r.resource.file), 5),
    Column("OF", lambda r: GROUPS[r.resource.file.kind], 12, importance=3),
    Column("SIZE", lambda r: _size(r.resource.octets), 7),
)


def _rank(file: LogFile) -> str:
    return "" if file.rank is None else str(file.rank)


def _size(octets: int | None) -> str:
    return "" if octets is None else size(octets)


class LogPicker(ModalScreen[str | None]):
    """Letters narrow the list, Enter opens; a number finds a rank."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    LogPicker { align: center middle; background: $background 40%; }
    LogPicker Vertical { width: 90; max-width: 100%; height: 60%; background: $surface; }
    LogPicker Input, LogPicker Input:focus { height: 1; border: none; padding: 0 1; }
    """

    def __init__(
        self,
        place: WorkspaceId,
        files: Sequence[LogFile],
        opened: str | None,
        sizes: Mapping[str, int],
    ) -> None:
        super().__init__()
        self.choices = [Choice(file, place, sizes.get(file.path)) for file in files]
        self.opened = opened

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Search(placeholder="letters of the path, or the number of a rank")
            table = ResourceTable(COLUMNS)
            table.frame_title = "open a log"
            table.lit = True
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
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
        found = [choice for choice in self.choices if text and _rank(choice.file) == text]
        if not found:
            matcher = Matcher(text)
            scored = [(matcher.match(each.name) if text else 1.0, each) for each in self.choices]
            scored = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
            found = [choice for _, choice in scored]
        now = datetime.now(UTC)
        table = self.query_one(ResourceTable)
        table.show([Row(choice, now) for choice in found], f"No log is called like “{text}”.")
        keys = [choice.key for choice in found]
        table.go_to(keys.index(self.opened) if not text and self.opened in keys else 0)

    def action_move(self, step: int) -> None:
        self.query_one(ResourceTable).action_move(step)

    def action_choose(self) -> None:
        row = self.query_one(ResourceTable).cursor_row
        if row is not None:
            self.dismiss(row.resource.file.path)
