"""Everything that can be done to the chosen rows, and why the rest cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.format import one_line
from amltui.kinds.kind import Action, Cell, Column, Kind, Row
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.widgets.key_bar import spoken
from amltui.ui.widgets.resource_table import ResourceTable

NOWHERE = WorkspaceId("", "", "")


class Choice(Struct, frozen=True):
    """A line of the menu; its key is the digit that takes it."""

    key: str
    plan: Plan
    workspace: WorkspaceId = NOWHERE
    health: Health = Health.DONE

    @property
    def action(self) -> Action[Any]:
        return self.plan.action

    @property
    def name(self) -> str:
        return self.action.title

    @property
    def told(self) -> str:
        """Why it cannot be done, or what it does where it can."""
        plan = self.plan
        reason = one_line(plan.refused[0][1]) if plan.refused else ""
        if not plan.rows:
            return reason
        if plan.refused:
            whole = len(plan.rows) + len(plan.refused)
            return f"{len(plan.rows)} of {whole}; {reason}"
        if self.action.prompt is not None:
            return f"asks for {self.action.prompt.label}"
        if self.action.form is not None:
            return f"asks for {', '.join(each.name for each in self.action.form.blanks)}"
        effect = self.action.effect(plan.rows[0])
        return one_line(effect[0].removeprefix("! ")) if effect else ""


def _dimmed(row: Row[Choice], text: str) -> Cell:
    return Cell(text, dim=not row.resource.plan.rows)


COLUMNS: tuple[Column[Choice], ...] = (
    Column("", lambda r: _dimmed(r, r.resource.key), 2, importance=9),
    Column("ACTION", lambda r: _dimmed(r, r.resource.name), 10, importance=9),
    Column("KEY", lambda r: _dimmed(r, spoken(r.resource.action.key)), 3, importance=5),
    Column("", lambda r: _dimmed(r, r.resource.told), 30, flex=1, importance=8),
)


class ActionMenu(ModalScreen[str | None]):
    """Enter, a digit or the action's own key goes on to its dialog: nothing is done here."""

    BINDINGS = [Binding("escape,q,a", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    ActionMenu { align: center middle; background: $background 40%; }
    ActionMenu ResourceTable { width: 100; max-width: 100%; background: $surface; }
    """

    def __init__(
        self, kind: Kind[Any], rows: Sequence[Row[Any]], forbids: Forbids = lambda _: None
    ) -> None:
        super().__init__()
        plans = [Plan.of(action, rows, forbids) for action in kind.actions]
        self._choices = [Choice(str(number), plan) for number, plan in enumerate(plans, 1)]
        self._title = rows[0].title if len(rows) == 1 else f"{len(rows)} {kind.noun[1]}"

    def compose(self) -> ComposeResult:
        table = ResourceTable(COLUMNS)
        table.frame_title = f"a  actions on {one_line(self._title)}"
        table.lit = True
        table.styles.height = len(self._choices) + 3
        yield table

    def on_mount(self) -> None:
        now = datetime.now(UTC)
        for table in self.query(ResourceTable):
            table.show([Row(each, now) for each in self._choices])
            able = (at for at, each in enumerate(self._choices) if each.plan.rows)
            table.go_to(next(able, 0))
            table.focus()

    def on_key(self, event: events.Key) -> None:
        for each in self._choices:
            if event.key and event.key in {each.key, each.action.key}:
                event.stop()
                self.dismiss(each.action.name)
                return

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.dismiss(event.row.resource.action.name)
