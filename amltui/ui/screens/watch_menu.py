"""What a job is watched for."""

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
from amltui.domain.watch import ABOUT, LIMITS, Condition, Rule, limited
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Column, Row
from amltui.ui.widgets.cell_text import cut
from amltui.ui.widgets.resource_table import ResourceTable

LONGEST = 32
"""Columns of the job's name."""
NOWHERE = WorkspaceId("", "", "")


class Choice(Struct, frozen=True):
    """A line of the menu; its key is the digit that switches it."""

    key: str
    condition: Condition
    is_on: bool
    workspace: WorkspaceId = NOWHERE
    health: Health = Health.DONE

    @property
    def name(self) -> str:
        return self.condition.text


COLUMNS: tuple[Column[Choice], ...] = (
    Column("", lambda r: r.resource.key, 2, importance=9),
    Column("WATCH FOR", lambda r: f"[{' x'[r.resource.is_on]}] {r.resource.name}", 18,
           importance=9),
    Column("", lambda r: Cell(ABOUT[r.resource.condition.rule], dim=not r.resource.is_on), 30,
           flex=1, importance=5),
)  # fmt: skip


class WatchMenu(ModalScreen[tuple[Condition, ...] | None]):
    """Ends with the rules that were chosen: none ends the watch, and None leaves it as it is."""

    BINDINGS = [
        Binding("space", "flip", "Switch", priority=True),
        Binding("plus", "limit(1)", "Double the limit"),
        Binding("minus", "limit(-1)", "Halve it"),
        Binding("enter", "take", "Watch so", priority=True),
        Binding("X", "dismiss(())", "End the watch"),
        Binding("escape,q,b", "dismiss(None)", "Leave as it is"),
    ]
    DEFAULT_CSS = """
    WatchMenu { align: center middle; background: $background 40%; }
    WatchMenu ResourceTable { width: 84; max-width: 100%; background: $surface; }
    """

    def __init__(self, title: str, held: Sequence[Condition]) -> None:
        super().__init__()
        known = {each.rule: each for each in held}
        self._title = title
        self._choices = [
            Choice(str(number), known.get(rule, Condition(rule, LIMITS.get(rule))), rule in known)
            for number, rule in enumerate(Rule, 1)
        ]

    def compose(self) -> ComposeResult:
        table = ResourceTable(COLUMNS, plain=True)
        keys = "space switches · + - limit · enter · X ends"
        table.frame_title = f"{cut(one_line(self._title), LONGEST)} · {keys}"
        table.lit = True
        table.styles.height = len(self._choices) + 3
        yield table

    def on_mount(self) -> None:
        for table in self.query(ResourceTable):
            table.focus()
        self._show()

    def _show(self) -> None:
        now = datetime.now(UTC)
        for table in self.query(ResourceTable):
            table.show([Row(each, now) for each in self._choices])

    @property
    def _at(self) -> int:
        row = self.query_one(ResourceTable).cursor_row
        return self._choices.index(row.resource) if row is not None else 0

    def _switch(self, at: int) -> None:
        each = self._choices[at]
        self._choices[at] = Choice(each.key, each.condition, not each.is_on)
        self._show()

    def action_flip(self) -> None:
        self._switch(self._at)

    def on_key(self, event: events.Key) -> None:
        for at, each in enumerate(self._choices):
            if event.key == each.key:
                event.stop()
                self._switch(at)

    def action_limit(self, step: int) -> None:
        """Of the rule under the cursor, which is on then."""
        at, each = self._at, self._choices[self._at]
        if each.condition.limit is not None:
            self._choices[at] = Choice(each.key, limited(each.condition, step), True)
            self._show()

    def action_take(self) -> None:
        self.dismiss(tuple(each.condition for each in self._choices if each.is_on))

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.action_take()
