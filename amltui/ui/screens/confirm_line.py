"""The dialog of an action that wants words: what it makes of them is told as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from amltui.kinds.format import one_line
from amltui.kinds.kind import Row, Unusable
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.screens.confirm import Check, Confirm, PlanView
from amltui.ui.widgets.input_line import InputLine


class ConfirmLine(Confirm):
    """A line to type in, within the plan. Enter agrees once the words are those that are wanted."""

    BINDINGS = [Binding("escape", "dismiss(False)", "Keep as it is")]
    DEFAULT_CSS = """
    ConfirmLine Input, ConfirmLine Input:focus {
        height: 1; border: none; padding: 0 1; margin: 0 1; background: $boost;
        dock: bottom; offset-y: -2;
    }
    """

    def __init__(
        self,
        plan: Plan,
        rows: Sequence[Row[Any]],
        forbids: Forbids = lambda _: None,
        check: Check | None = None,
    ) -> None:
        super().__init__(plan, asks=False, check=check)
        self._rows = rows
        self._forbids = forbids
        prompt = plan.action.prompt
        one = rows[0].resource if len(rows) == 1 else None
        self._first = prompt.before(one) if prompt is not None and one is not None else ""
        self._why = ""
        """What is wrong with the words; empty when nothing is."""

    def compose(self) -> ComposeResult:
        with PlanView(self.plan):
            yield InputLine(one_line(self._first))

    def on_mount(self) -> None:
        for line in self.query(Input):
            self._take(line.value)
            line.focus()

    def action_agree(self) -> None:
        if self._why:
            self.notify(self._why, severity="warning", markup=False)
        else:
            super().action_agree()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._take(event.value)
        self.action_agree()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._take(event.value)

    def _take(self, words: str) -> None:
        """Make the plan of these words."""
        prompt = self.plan.action.prompt
        self._why = ""
        if prompt is None:
            if words.strip() not in self.plan.words:
                self._why = (
                    f"Type {one_line(self.plan.words[0])} to {self.plan.action.title.lower()} it"
                )
        else:
            try:
                plan = Plan.of(prompt.made(words), self._rows, self._forbids)
                if plan.rows:
                    self.plan = plan
                else:
                    self._why = one_line(plan.refused[0][1])
            except Unusable as error:
                self._why = one_line(str(error))
        for view in self.query(PlanView):
            view.tell(self.plan, self._why)
        if not self._why:
            self.ask()


def dialog(
    plan: Plan,
    rows: Sequence[Row[Any]],
    protected: frozenset[str] = frozenset(),
    forbids: Forbids = lambda _: None,
    check: Check | None = None,
) -> Confirm:
    """The one that the action wants."""
    if plan.action.form is not None:
        from amltui.ui.screens.form import FormDialog, on_rows

        return FormDialog(plan.action.form, on_rows(plan, rows, forbids), plan, check)
    if plan.action.typed or plan.action.prompt is not None:
        return ConfirmLine(plan, rows, forbids, check)
    return Confirm(plan, protected, check=check)
