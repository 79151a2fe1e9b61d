"""Choosing the workspace that everything is about."""

from __future__ import annotations

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
from amltui.kinds.kind import Column, Row
from amltui.ui.session import Scope
from amltui.ui.widgets.resource_table import ResourceTable


class Choice(Struct, frozen=True):
    """A line of the list."""

    name: str
    workspace: WorkspaceId
    current: WorkspaceId | None
    health: Health = Health.DONE

    @property
    def key(self) -> str:
        return self.current.key if self.current else ""


COLUMNS: tuple[Column[Choice], ...] = (
    Column("WORKSPACE", lambda r: r.resource.name, 24, flex=2, importance=9),
    Column("GROUP", lambda r: _of(r.resource, "resource_group"), 16, flex=1),
    Column("SUBSCRIPTION", lambda r: _of(r.resource, "subscription_id"), 36, importance=3),
)


def _of(choice: Choice, part: str) -> str:
    return str(getattr(choice.current, part)) if choice.current else ""


class Search(Input):
    """Letters go into it, the other keys to the list below."""

    BINDINGS = [
        Binding("enter", "screen.choose", "Choose"),
        Binding("down", "screen.move(1)", "Down", show=False),
        Binding("up", "screen.move(-1)", "Up", show=False),
    ]


class Picker(ModalScreen[Scope | None]):
    """Letters narrow the list, Enter chooses; the first line is all of them."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    Picker { align: center middle; background: $background 40%; }
    Picker Vertical { width: 90; max-width: 100%; height: 60%; background: $surface; }
    Picker Input, Picker Input:focus { height: 1; border: none; padding: 0 1; }
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        everything = [
            Choice(f"all {len(scope.workspaces)} workspaces", place, None)
            for place in scope.workspaces[:1]
        ]
        self.choices = everything + [
            Choice(place.name, place, place)
            for place in sorted(scope.workspaces, key=lambda place: place.name.lower())
        ]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Search(placeholder="letters of the workspace's name")
            table = ResourceTable(COLUMNS)
            table.frame_title = "switch workspace"
            table.lit = True
            table.can_focus = False
            yield table

    def on_mount(self) -> None:
        if not self.query(ResourceTable):  # closed before it was composed
            return
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
        matcher = Matcher(text)
        scored = [(matcher.match(choice.name) if text else 1.0, choice) for choice in self.choices]
        found = [pair for pair in scored if pair[0] > 0]
        found.sort(key=lambda pair: -pair[0])
        now = datetime.now(UTC)
        table = self.query_one(ResourceTable)
        table.show([Row(choice, now) for _, choice in found], f"None is called like “{text}”.")
        current = self.scope.current.key if self.scope.current else ""
        keys = [choice.key for _, choice in found]
        table.go_to(keys.index(current) if not text and current in keys else 0)

    def action_move(self, step: int) -> None:
        self.query_one(ResourceTable).action_move(step)

    def action_choose(self) -> None:
        row = self.query_one(ResourceTable).cursor_row
        if row is not None:
            self.dismiss(Scope(self.scope.workspaces, row.resource.current))
