"""From a key to a change in Azure: ask, look again, do it, follow it, tell its end."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute
from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.workspace import Workspace
from amltui.feeds.operations import InFlight, Operations
from amltui.kinds.format import ago, one_line
from amltui.kinds.kind import Action, Cell, Kind, Resource, Row
from amltui.kinds.plan import Plan, Repairs
from amltui.ui.reports import FEW, Batch, Report, report_of

if TYPE_CHECKING:
    from amltui.azure.errors import AzureError
    from amltui.azure.operation import Operation
    from amltui.feeds.unfinished import Entry, Unfinished
    from amltui.ui.app import Dashboard
    from amltui.ui.drafting import Drafting

SHORT, LONG = 3.0, 12.0
"""Seconds for which good news and bad news cover a corner of the screen."""


TRIES = 6
"""Times that a change waits for its turn, beyond the client's own."""
AT_ONCE = 8
"""Requests of a subscription that change something and are under way together: each has limits."""
RESTS = 4.0
"""Times as long as telling of changes takes nothing is told: thousands may come in a row."""


_BOARDS: dict[type, str] = {Compute: "computes", Job: "jobs", Deployment: "deployments"}


def outcome(error: AzureError, done: str) -> Cell:
    """For a list: what came of it, in a few words."""
    if error.uncertain:
        return Cell(f"uncertain: {done}?", Health.UNKNOWN)
    return Cell(one_line(str(error)), Health.BAD)


class _Settled(Struct, frozen=True):
    """What has ended well, and may not have been told anew."""

    told: Cell
    place: WorkspaceId
    board: str
    """Of the overview, in which it would be told."""
    at: datetime


class Actions:
    """What the user has asked for, for the whole dashboard: it goes on when a pane is left."""

    def __init__(self, dashboard: Dashboard, where: Callable[[], Path] | None = None) -> None:
        """`where` finds the file of operations that are not over; None keeps none."""
        self.dashboard = dashboard
        self._where = where
        self._complained = False
        self.operations = Operations(self._changed, self._ended)
        self._refresh: dict[str, tuple[Callable[[], object], ...]] = {}
        """What asks anew about a resource, by its key."""
        self._due: dict[Callable[[], object], None] = {}
        """What is asked anew for what has changed and was not told yet; each of them once."""
        self._telling: asyncio.TimerHandle | None = None
        self._rests_until = 0.0
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONCE)
        )
        self.outcomes: dict[str, Cell] = {}
        """What came of the last action on a resource that did not end well, by its key."""
        self._batches: dict[str, Batch] = {}
        self._settled: dict[str, _Settled] = {}
        self._places: dict[str, tuple[WorkspaceId, str]] = {}
        """Where the resources are to which something is being done, and the board they are on."""
        self._overviews: dict[WorkspaceId, Callable[[], object]] = {}

    def pending(self, key: str) -> str | None:
        """What is being done to a resource."""
        return self.operations.pending(key)

    def ends(self) -> dict[str, Cell]:
        """What came of actions, by the key of the resource: why it is as it was, or that it is
        done, as long as its workspace has not told it.
        """
        session = self.dashboard.session
        for key, each in list(self._settled.items()):
            if session is None or session.overview.has_told_since(each.board, each.place, each.at):
                del self._settled[key]
        return {**{key: each.told for key, each in self._settled.items()}, **self.outcomes}

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
            self._begin(plan.action, row, refresh, batch)

    def _begin(
        self, action: Action[Any], row: Row[Any], refresh: Callable[[], None], batch: Batch
    ) -> None:
        session, resource = self.dashboard.session, row.resource
        if session is None:
            return
        self._refresh[resource.key] = (refresh, self._about(resource))
        self._batches[resource.key] = batch

        since = self.dashboard.clock.now()
        doing = InFlight(resource.key, row.title, action.doing, action.done, since)

        async def ask() -> Callable[[], Awaitable[None]] | None:
            place = session.azure.workspace(resource.workspace)
            async with self._turns[resource.workspace.subscription_id.lower()]:
                operation = await self._patiently(lambda: action.run(place, resource))
            if operation is None:
                return None
            self._remember(doing, operation, resource.workspace)
            return lambda: session.azure.wait_for(operation)

        self._places[resource.key] = (resource.workspace, _BOARDS.get(type(resource), "computes"))
        self.operations.begin(doing, ask)

    @cached_property
    def unfinished(self) -> Unfinished:
        """What the next start has to follow, should this one end before."""
        from amltui.feeds.unfinished import Unfinished

        return Unfinished(self._where)

    def _remember(self, doing: InFlight, operation: Operation, place: WorkspaceId) -> None:
        from amltui.feeds.unfinished import Entry

        session = self.dashboard.session
        is_over = operation.status_url is None and operation.result_url is None
        if session is None or is_over or doing.since is None:
            return
        cloud = session.azure.cloud.arm
        self.unfinished.put(Entry(doing, place, operation, cloud, doing.since))
        if self.unfinished.problem and not self._complained:
            self._complained = True
            self._warn(self.unfinished.problem)

    def take_up(self) -> None:
        """Follow what an earlier run of the program has set going and not seen the end of."""
        session = self.dashboard.session
        if session is None:
            return
        now = self.dashboard.clock.now()
        for entry in self.unfinished.of(session.azure.cloud.arm, now):
            key, place = entry.action.key, entry.workspace
            if self.operations.pending(key):
                continue
            self._refresh[key] = (partial(self.dashboard.refresh_overview, place),)
            self._batches[key] = Batch(1)
            self.operations.begin(entry.action, partial(self._again, entry))

    async def _again(self, entry: Entry) -> Callable[[], Awaitable[None]]:
        """How to wait for an operation that was accepted long ago."""
        from amltui.azure.errors import NotFound, OperationFailed

        session = self.dashboard.session
        assert session is not None
        azure = session.azure

        async def wait() -> None:
            try:
                await azure.wait_for(entry.operation)
            except OperationFailed as failed:
                if not isinstance(failed.__cause__, NotFound):
                    raise
                asked = ago(entry.since, self.dashboard.clock.now())
                raise NotFound(
                    f"{entry.operation.title}, asked for {asked}, is not known any more"
                ) from failed

        return wait

    async def _patiently(self, send: Callable[[], Awaitable[Operation | None]]) -> Operation | None:
        """What was refused for there being too many requests was not done: it waits its turn."""
        from amltui.azure.errors import Throttled

        for attempt in range(TRIES):
            try:
                return await send()
            except Throttled as error:
                pause = error.retry_after or 2.0**attempt
                await self.dashboard.clock.wait(pause, asyncio.Event())
        return await send()

    def leave(self) -> None:
        """The program ends: what was to be told soon is not told, but kept."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if "unfinished" in self.__dict__:
            self.unfinished.flush()

    def _about(self, resource: Resource) -> Callable[[], object]:
        """What asks about all that it is part of: the same for everything in a workspace."""
        if isinstance(resource, Workspace):
            return self.dashboard.look_for_places
        return self._overviews.setdefault(
            resource.workspace, partial(self.dashboard.refresh_overview, resource.workspace)
        )

    def _changed(self, action: InFlight) -> None:
        """Tell it in the next moment, with whatever else changes in this one."""
        self._due |= dict.fromkeys(self._refresh[action.key])
        if self._telling is None:
            loop = asyncio.get_running_loop()
            wait = max(0.0, self._rests_until - loop.time())
            self._telling = loop.call_later(wait, self._tell_changes)

    def _tell_changes(self) -> None:
        loop, due = asyncio.get_running_loop(), [*self._due]
        self._telling = None
        self._due.clear()
        began = loop.time()
        if self.dashboard.is_running:
            for refresh in due:
                refresh()
            self.dashboard.repaint_rows()
        self._rests_until = loop.time() + RESTS * (loop.time() - began)

    def _ended(self, action: InFlight, error: AzureError | None) -> None:
        self.unfinished.drop(action.key)
        place, board = self._places.pop(action.key, (None, ""))
        if error is None:
            self.outcomes.pop(action.key, None)
            if place is not None:
                done, now = Cell(action.done, Health.DONE), self.dashboard.clock.now()
                self._settled[action.key] = _Settled(done, place, board, now)
        else:
            self.outcomes[action.key] = outcome(error, action.done)
        batch = self._batches.pop(action.key)
        batch.ended(action, error)
        if batch.is_long:
            if batch.is_over:
                for report in batch.reports():
                    self._report(report)
        else:
            self._report(report_of(action, error))

    def _report(self, report: Report) -> None:
        self.dashboard.notify(
            report.text,
            title=report.title,
            severity=report.severity,
            timeout=SHORT if report.severity == "information" else LONG,
            markup=False,
        )

    def copy(self, rows: Sequence[Row[Any]]) -> None:
        """Put the names into the terminal's clipboard."""
        if not rows:
            return
        names = [row.resource.name for row in rows]
        self.dashboard.copy_to_clipboard("\n".join(names))
        self._tell(f"Copied {names[0] if len(names) == 1 else f'{len(names)} names'}")

    def copy_menu(self, kind: Kind[Any], rows: Sequence[Row[Any]]) -> None:
        """Let the user choose what of the rows goes into the clipboard."""
        session = self.dashboard.session
        if session is None or not rows:
            return
        from amltui.kinds.copies import Copy, copies
        from amltui.ui.screens.copy_menu import CopyMenu

        def chosen(copy: Copy | None) -> None:
            if copy is not None:
                self.dashboard.copy_to_clipboard(copy.text)
                self._tell(f"Copied {copy.what}")

        found = copies(kind, rows, session.azure.cloud.arm, session.azure.api_version)
        title = rows[0].title if len(rows) == 1 else f"{len(rows)} {kind.noun[1]}"
        self.dashboard.push_screen(CopyMenu(found, title), chosen)

    def copy_link(self, kind: Kind[Any], row: Row[Any]) -> None:
        """Put the address of the studio page into the clipboard.

        A browser is not opened: over SSH it would be one in this very terminal.
        """
        link = kind.link(row.resource) if kind.link is not None else None
        if link is None:
            self._warn(f"The service names no studio page for {row.title}")
            return
        self.dashboard.copy_to_clipboard(link)
        self._tell(f"Copied {link}")

    def _tell(self, text: str) -> None:
        self.dashboard.notify(one_line(text), timeout=SHORT, markup=False)

    def _warn(self, text: str) -> None:
        self.dashboard.notify(one_line(text), severity="warning", timeout=SHORT, markup=False)
