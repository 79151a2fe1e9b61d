"""What the user has set going: sent, followed to its end, kept for the next start, and told."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.workspace import Workspace
from amltui.feeds.operations import InFlight, Operations
from amltui.kinds.format import ago, one_line
from amltui.kinds.kind import Action, Cell, Resource, Row
from amltui.ui.reports import Batch, Report, report_of

if TYPE_CHECKING:
    from amltui.azure.errors import AzureError
    from amltui.azure.operation import Operation
    from amltui.feeds.unfinished import Entry, Unfinished
    from amltui.ui.app import Dashboard

SHORT, LONG = 3.0, 12.0
"""Seconds for which good news and bad news cover a corner of the screen."""


TRIES = 6
"""Times that a change waits for its turn, beyond the client's own."""
AT_ONCE = 8
"""Requests of a subscription that change something and are under way together: each has limits."""
RESTS = 4.0
"""Times as long as telling of changes takes nothing is told: thousands may come in a row."""
_BOARDS = {"Compute": "computes", "Job": "jobs", "Deployment": "deployments"}
"""Of the overview, by the class of what they list: the first frame needs none of them."""


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


class Underway:
    """Of the whole dashboard: it goes on when a pane is left."""

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

    def begin(
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

        self._places[resource.key] = (
            resource.workspace,
            _BOARDS.get(type(resource).__name__, "computes"),
        )
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
            self.dashboard.notify(
                one_line(self.unfinished.problem), severity="warning", timeout=SHORT, markup=False
            )

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
