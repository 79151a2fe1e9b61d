"""Everything that can be done to the chosen rows, and why the rest cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from textual.binding import Binding

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.format import one_line
from amltui.kinds.kind import Action, Cell, Column, Kind, Row
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.screens.menu import NOWHERE, Menu
from amltui.ui.widgets.key_bar import spoken


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


class ActionMenu(Menu[str]):
    """Enter, a digit or the action's own key goes on to its dialog: nothing is done here."""

    BINDINGS = [Binding("escape,q,a", "dismiss(None)", "Close")]
    COLUMNS = COLUMNS

    def __init__(
        self, kind: Kind[Any], rows: Sequence[Row[Any]], forbids: Forbids = lambda _: None
    ) -> None:
        plans = [Plan.of(action, rows, forbids) for action in kind.actions]
        title = rows[0].title if len(rows) == 1 else f"{len(rows)} {kind.noun[1]}"
        choices = (Choice(str(number), plan) for number, plan in enumerate(plans, 1))
        super().__init__(f"a  actions on {one_line(title)}", choices)

    def result(self, choice: Choice) -> str:
        return choice.action.name

    def keys(self, choice: Choice) -> set[str]:
        return {choice.key, choice.action.key} - {""}

    def first(self) -> int:
        """The first that can be done."""
        return next((at for at, each in enumerate(self._choices) if each.plan.rows), 0)
