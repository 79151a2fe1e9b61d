"""The dialog of an action that has to be told several things: each is judged as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from amltui.kinds.format import one_line
from amltui.kinds.kind import Form, Row, Unusable
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.screens.confirm import Check, Confirm, PlanView
from amltui.ui.widgets.input_line import InputLine

Planner = Callable[[Mapping[str, str]], Plan]
"""The plan with what was typed; Unusable, in one sentence, where that makes no sense."""


class FormDialog(Confirm):
    """Lines to type in above the plan that they make. Enter agrees once all of them make sense."""

    BINDINGS = [
        Binding("escape", "dismiss(False)", "Keep as it is"),
        Binding("down,tab", "app.focus_next", "Next line", show=False),
        Binding("up,shift+tab", "app.focus_previous", "Line before", show=False),
    ]
    DEFAULT_CSS = """
    FormDialog #blanks { dock: top; height: auto; margin: 1 2; background: $surface; }
    FormDialog Horizontal { height: 1; }
    FormDialog Static { width: 30; color: $text-muted; }
    FormDialog Input, FormDialog Input:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $boost;
    }
    """

    def __init__(self, form: Form[Any], plans: Planner, plan: Plan, check: Check | None) -> None:
        super().__init__(plan, asks=False, check=check)
        self._form = form
        self._plans = plans
        self._why = ""
        """What is wrong with the lines; empty when nothing is."""

    def compose(self) -> ComposeResult:
        first = self.plan.rows[0].resource
        with PlanView(self.plan, above=len(self._form.blanks)), Vertical(id="blanks"):
            for blank in self._form.blanks:
                with Horizontal():
                    yield Static(blank.label, markup=False)
                    yield InputLine(one_line(blank.before(first)), id=f"blank-{blank.name}")

    def on_mount(self) -> None:
        self._judge()
        self.query(Input).first().focus()

    @property
    def words(self) -> dict[str, str]:
        """What stands in each line."""
        return {
            blank.name: self.query_one(f"#blank-{blank.name}", Input).value.strip()
            for blank in self._form.blanks
        }

    def on_key(self, event: events.Key) -> None:
        """Letters are for the lines."""

    def action_agree(self) -> None:
        if self._why:
            self.notify(self._why, severity="warning", markup=False)
        else:
            super().action_agree()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._judge()
        self.action_agree()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._judge()

    def _judge(self) -> None:
        """Make the plan of what stands in the lines, or say what is wrong with them."""
        before = self.plan
        try:
            plan = self._plans(self.words)
            self._why = "" if plan.rows else one_line(plan.refused[0][1])
            # What cannot be done is shown as well: Enter is not taken then.
            self.plan = plan if plan.rows else replace(plan, rows=_refused(plan), refused=())
        except Unusable as error:
            self._why = one_line(str(error))
        changed = self.plan.requests != before.requests and not self._why
        for view in self.query(PlanView):
            view.tell(self.plan, self._why)
        if changed:
            self.ask()


def _refused(plan: Plan) -> tuple[Row[Any], ...]:
    return tuple(row for row, _ in plan.refused)


def on_rows(plan: Plan, rows: Sequence[Row[Any]], forbids: Forbids) -> Planner:
    """Plans for the rows that were chosen."""
    form = plan.action.form
    assert form is not None
    return lambda words: Plan.of(form.filled(words), rows, forbids)
