"""From a key to a change in Azure: ask, look again, and have it done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amltui.domain.arm_id import WorkspaceId
from amltui.kinds.format import one_line
from amltui.kinds.kind import Action, Kind, Row
from amltui.kinds.plan import Plan, Repairs
from amltui.ui.reports import FEW, Batch

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard
    from amltui.ui.drafting import Drafting

SHORT = 3.0
"""Seconds for which a warning covers a corner of the screen."""


class Actions:
    """What the user asks for: dialogs, and what was agreed to."""

    def __init__(self, dashboard: Dashboard) -> None:
        self.dashboard = dashboard

    def ask(
        self,
        kind: Kind[Any],
        name: str,
        rows: Callable[[], Sequence[Row[Any]]],
        refresh: Callable[[], None],
        agreed: Callable[[], None] | None = None,
    ) -> None:
        """Show the dialog of an action, and act when it is agreed to.

        `rows` is asked twice: what has gone or changed while the dialog was open is left alone.
        `refresh` asks the service about these rows again. `agreed` is told that it came to that.
        """
        if why := self._why_not:
            self._warn(why)
            return
        action = next(action for action in kind.actions if action.name == name)
        plan = Plan.of(action, rows(), self.forbids)
        if not plan.rows:
            self._warn(plan.refused[0][1] if plan.refused else f"Nothing here to {action.name}")
        elif action.draft is not None:
            self._draft(plan, refresh, agreed)
        else:
            self._confirm(plan, rows, refresh, agreed)

    def create(self, region: str | None = None) -> None:
        """Ask for a new compute in a form, and make it when that is agreed to.

        With a region, empty where none is likely, for a new workspace.
        """
        scope = self.dashboard.scope
        if why := self._why_not:
            self._warn(why)
            return
        if region is None and not scope.workspaces:
            self._warn("There is no workspace to make a compute in")
            return
        from amltui.ui.screens.creating import of_compute, of_workspace
        from amltui.ui.screens.form import FormDialog

        now = self.dashboard.clock.now()
        form, plans, first = (
            of_compute(scope, now, self.forbids)
            if region is None
            else of_workspace(scope, region, now, self.forbids)
        )
        shown = FormDialog(form, plans, first, self._checked)

        def answered(yes: bool | None) -> None:
            from amltui.ui.screens.confirm import Confirm

            if yes and self._is_protected(shown.plan):
                again = Confirm(shown.plan, self.dashboard.protected)
                self.dashboard.push_screen(again, settled)
            else:
                settled(yes)

        def settled(yes: bool | None) -> None:
            if yes:
                self._act(shown.plan, shown.plan.rows, self.dashboard.refresh_lists)

        self.dashboard.push_screen(shown, answered)

    def menu(
        self,
        kind: Kind[Any],
        rows: Callable[[], Sequence[Row[Any]]],
        refresh: Callable[[], None],
        agreed: Callable[[], None] | None = None,
    ) -> None:
        """Let the user choose one of all actions, also of those that have no key."""
        if not (chosen := rows()):
            return
        from amltui.ui.screens.action_menu import ActionMenu

        def taken(name: str | None) -> None:
            if name is not None:
                self.ask(kind, name, rows, refresh, agreed)

        self.dashboard.push_screen(ActionMenu(kind, chosen, self.forbids), taken)

    def _confirm(
        self,
        plan: Plan,
        rows: Callable[[], Sequence[Row[Any]]],
        refresh: Callable[[], None],
        agreed: Callable[[], None] | None,
        drafting: Drafting | None = None,
    ) -> None:
        from amltui.ui.screens.confirm import Confirm
        from amltui.ui.screens.confirm_line import dialog

        shown = dialog(plan, rows(), self.dashboard.protected, self.forbids, self._checked)

        def answered(yes: bool | None) -> None:
            if yes and not shown.asks and self._is_protected(shown.plan):
                # The words were of the action: the workspace has a phrase of its own.
                again = Confirm(shown.plan, self.dashboard.protected)
                self.dashboard.push_screen(again, settled)
            else:
                settled(yes)

        def settled(yes: bool | None) -> None:
            if yes:
                self._act(shown.plan, rows(), refresh, drafting)
                if agreed is not None:
                    agreed()
            elif drafting is not None:
                drafting.stopped()

        self.dashboard.push_screen(shown, answered)

    async def _checked(self, plan: Plan) -> Sequence[str]:
        """What the services say of a plan, workspace by workspace."""
        from amltui.azure.errors import AzureError

        session, check = self.dashboard.session, plan.action.check
        if session is None or check is None:
            return ()
        places: dict[WorkspaceId, list[Any]] = {}
        for row in plan.rows:
            places.setdefault(row.resource.workspace, []).append(row.resource)
        told: list[str] = []
        for place, resources in places.items():
            try:
                told += await check(session.azure.workspace(place), resources)
            except AzureError as error:
                told.append(f"! whether there is room is unknown: {one_line(str(error))}")
        return told

    def _is_protected(self, plan: Plan) -> bool:
        places = {row.resource.workspace.name for row in plan.rows}
        return bool(places & self.dashboard.protected)

    def _draft(
        self, plan: Plan, refresh: Callable[[], None], agreed: Callable[[], None] | None
    ) -> None:
        """Edit first what the service has, then ask: what was edited does not change meanwhile."""
        session = self.dashboard.session
        if session is None:
            return
        from amltui.ui.drafting import draft

        def made(action: Action[Any], drafting: Drafting) -> None:
            told = Plan.of(action, plan.rows, self.forbids)
            self._confirm(told, lambda: plan.rows, refresh, agreed, drafting)

        self.dashboard.run_worker(draft(self.dashboard, session, plan.action, plan.rows, made))

    def forbids(self, place: WorkspaceId) -> str | None:
        """Why nothing can be changed in a workspace. What is sent is checked where it is sent."""
        session = self.dashboard.session
        return None if session is None else session.azure.guard.why(place)

    @property
    def _why_not(self) -> str:
        """Why nothing can be asked for now."""
        return self.dashboard.why_no_session.partition("\n")[0]

    def repair(
        self,
        wanted: Callable[[], Sequence[tuple[Action[Any], Row[Any]]]],
        agreed: Callable[[], None],
        worth: Mapping[str, float | None] | None = None,
    ) -> None:
        """One dialog for different actions on different rows, which then go on side by side.

        `wanted` is asked twice, as the rows of `ask` are; `agreed` is told that it came to that.
        """
        if why := self._why_not:
            self._warn(why)
            return
        repairs = Repairs.of(wanted(), worth, self.forbids)
        if not repairs.steps:
            self._warn(repairs.refused[0][1] if repairs.refused else "Nothing here to fix")
            return
        from amltui.ui.screens.repair import Repair

        def answered(yes: bool | None) -> None:
            if not yes:
                return
            for plan in repairs.plans:
                same = [row for action, row in wanted() if action is plan.action]
                self._act(plan, same, lambda: None)
            agreed()

        self.dashboard.push_screen(Repair(repairs, self.dashboard.protected), answered)

    def _act(
        self,
        plan: Plan,
        rows: Sequence[Row[Any]],
        refresh: Callable[[], None],
        drafting: Drafting | None = None,
    ) -> None:
        """Begin what was agreed to, as far as it can still be done."""
        known = {row.resource.key: row for row in rows}
        for agreed in plan.rows:
            if agreed.resource.key not in known:
                self._warn(f"{agreed.title} has gone meanwhile")
        now = Plan.of(
            plan.action, [known[k] for row in plan.rows if (k := row.resource.key) in known]
        )
        for _, reason in now.refused[:FEW]:
            self._warn(reason)
        if len(now.refused) > FEW:
            self._warn(f"{len(now.refused) - FEW} more cannot be done now")
        batch = Batch(len(now.rows))
        if drafting is not None:
            batch.over = drafting.sent
        for row in now.rows:
            self.dashboard.underway.begin(plan.action, row, refresh, batch)

    def _warn(self, text: str) -> None:
        self.dashboard.notify(one_line(text), severity="warning", timeout=SHORT, markup=False)
