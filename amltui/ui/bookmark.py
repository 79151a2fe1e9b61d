"""Opening where the user left, with the rows that were there, and noting where the user is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.feeds.board import View
from amltui.feeds.feed import Snapshot
from amltui.kinds.arrange import Arrangement
from amltui.kinds.kind import Kind
from amltui.ui.panes import Pane
from amltui.ui.resource_pane import ResourcePane
from amltui.ui.session import Scope

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.feeds.cache.memory import Memory, Visit
    from amltui.ui.app import Dashboard


class Bookmark(Struct):
    """The dashboard's side of the memory; without one every start is the first."""

    dashboard: Dashboard
    memory: Memory | None

    def open(self, first: str, screens: Mapping[str, Callable[[], Pane]]) -> Pane:
        """The screen of the last visit as it was, or else the first."""
        visit = self._recalled()
        if visit is None:
            return screens[first]()
        scope = Scope(visit.workspaces, visit.current)
        self.dashboard.set_reactive(type(self.dashboard).scope, scope)
        known = visit.screen in screens
        pane = screens[visit.screen if known else first]()
        if known and isinstance(pane, ResourcePane):
            arrangement = Arrangement(visit.text, visit.column, visit.descending, visit.columns)
            pane.go_back_to(arrangement, visit.cursor)
        return pane

    def _recalled(self) -> Visit | None:
        if self.memory is None:
            return None
        loop = asyncio.get_running_loop()

        def listen(sentence: str) -> None:
            try:
                loop.call_soon_threadsafe(self._warn, sentence)
            except RuntimeError:  # the program has ended meanwhile
                pass

        self.memory.listen(listen)
        return self.memory.last_visit()

    def _warn(self, sentence: str) -> None:
        self.dashboard.notify(sentence, severity="warning", markup=False)

    def view(self, kind: Kind[Any], scope: Scope) -> View[Any]:
        """What was known of a list, for as long as nobody can be asked; empty if nothing was."""
        places = kind.source.places(scope.chosen)
        held = self.memory.recall(kind.name, places) if self.memory is not None else {}
        return View({place: held.get(place, Snapshot()) for place in places} if held else {})

    async def read_on(self) -> None:
        """Read the rows behind the first ones, beside the loop; where nobody asks, show them."""
        if self.memory is None:
            return
        from amltui.azure.aside import aside

        behind = await aside(self.memory.behind)
        if not behind.rows:
            return
        self.memory.join(behind)
        pane = self.dashboard.pane
        if self.dashboard.session is None and isinstance(pane, ResourcePane):
            pane.follow()

    async def signed_in(self, azure: AzureClient) -> WorkspaceId | None:
        """Say who it is; the workspace of the last visit, if it was by the same account."""
        if self.memory is None:
            return None
        from amltui.azure.identity import account

        right = self.memory.signed_in(await account(azure))
        return self.dashboard.scope.current if right else None

    def note(self) -> None:
        """The user is here now."""
        dashboard = self.dashboard
        if self.memory is None or dashboard.session is None:
            return
        pane = dashboard.pane
        if pane is None or not pane.is_mounted:
            return
        from amltui.feeds.cache.memory import Visit

        row, order = None, Arrangement()
        if isinstance(pane, ResourcePane):
            row, order = pane.table.cursor_row, pane.arrangement
        self.memory.stand(
            Visit(
                pane.id or "",
                dashboard.scope.workspaces,
                dashboard.scope.current,
                row.resource.key if row is not None else None,
                order.text,
                order.column,
                order.descending,
                order.columns,
            )
        )

    def close(self) -> None:
        """The program is about to end: what is written now is written beside the rest of that."""
        self.note()
        if self.memory is not None:
            self.memory.leave(0)
