"""From a key to a change in Azure: ask, look again, do it, follow it, tell its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from amltui.feeds.operations import InFlight, Operations
from amltui.kinds.kind import Action, Resource, Row
from amltui.kinds.plan import Plan

if TYPE_CHECKING:
    from amltui.azure.errors import AzureError
    from amltui.ui.app import Dashboard


class Actions:
    """What the user has asked for, for the whole dashboard: it goes on when a pane is left."""

    def __init__(self, dashboard: Dashboard) -> None:
        self.dashboard = dashboard
        self.operations = Operations(self._changed, self._ended)
        self._refresh: dict[str, Callable[[], None]] = {}

    def pending(self, key: str) -> str | None:
        """What is being done to a resource."""
        return self.operations.pending(key)

    async def ask(
        self,
        action: Action[Any],
        rows: Callable[[], Sequence[Row[Any]]],
        refresh: Callable[[], None],
    ) -> bool:
        """Show the dialog and act on Enter; whether it came to that.

        `rows` is asked twice: what has gone or changed while the dialog was open is left alone.
        `refresh` asks the service about these rows again.
        """
        plan = Plan.of(action, rows())
        if not plan.rows:
            self._warn(plan.refused[0][1] if plan.refused else f"Nothing here to {action.name}")
            return False
        from amltui.ui.screens.confirm import Confirm

        if not await self.dashboard.push_screen_wait(Confirm(plan)):
            return False
        agreed = {row.resource.key for row in plan.rows}
        now = Plan.of(action, [row for row in rows() if row.resource.key in agreed])
        for _, reason in now.refused:
            self._warn(reason)
        for row in now.rows:
            self._begin(action, row.resource, refresh)
        return True

    def _begin(self, action: Action[Any], resource: Resource, refresh: Callable[[], None]) -> None:
        session = self.dashboard.session
        if session is None:
            return
        self._refresh[resource.key] = refresh

        async def ask() -> Callable[[], Awaitable[None]] | None:
            operation = await action.run(session.azure.workspace(resource.workspace), resource)
            return None if operation is None else lambda: session.azure.wait_for(operation)

        name = str(getattr(resource, "title", resource.name))
        self.operations.begin(InFlight(resource.key, name, action.doing, action.done), ask)

    def _changed(self, action: InFlight) -> None:
        self._refresh[action.key]()
        self.dashboard.repaint_rows()

    def _ended(self, action: InFlight, error: AzureError | None) -> None:
        if error is None:
            self.dashboard.notify(f"{action.name} {action.done}", markup=False)
            return
        request = f" (request {error.request_id})" if error.request_id else ""
        self.dashboard.notify(
            f"{error}{request}",
            title=f"{action.name} was not {action.done}",
            severity="error",
            timeout=15,
            markup=False,
        )

    def _warn(self, text: str) -> None:
        self.dashboard.notify(text, severity="warning", markup=False)
