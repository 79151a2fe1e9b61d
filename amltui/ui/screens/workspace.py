"""One workspace: everything that is known of it, above what it stands on and what that costs."""

from __future__ import annotations

from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from amltui.azure import dependents
from amltui.domain.dependent import Cost, Dependent
from amltui.domain.listing import Listing
from amltui.domain.workspace import Workspace
from amltui.feeds.feed import Feed
from amltui.kinds import dependent as parts
from amltui.kinds import format as fmt
from amltui.kinds.kind import Fact, Row
from amltui.kinds.workspace import WORKSPACE
from amltui.ui.freshness import problem
from amltui.ui.screens.facts import FactsScreen
from amltui.ui.session import Session
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

PACE = 120.0
"""Seconds between two questions for the state of what it stands on."""
BILL_PACE = 6 * 3600.0
"""The same for its bills: Cost Management refuses who asks often, and is a day late anyway."""


class WorkspaceScreen(FactsScreen, kind=WORKSPACE):
    """Enter on what it stands on tells it in full."""

    DEFAULT_CSS = """
    WorkspaceScreen ResourceTable { height: 9; }
    WorkspaceScreen FactsView { height: 1fr; }
    """

    def __init__(self, session: Session, row: Row[Any]) -> None:
        super().__init__(session, row)

        async def fetch() -> Listing[Dependent]:
            return await dependents.of(session.azure, self._workspace)

        async def fetch_bills() -> Listing[dict[str, Cost]]:
            ids = [self._workspace.id.path, *self._workspace.stands_on.values()]
            return Listing((await dependents.bills(session.azure, ids),))

        clock = session.store.clock
        self._feed: Feed[Dependent] = Feed(fetch, lambda _: PACE, clock)
        self._bills: Feed[dict[str, Cost]] = Feed(fetch_bills, lambda _: BILL_PACE, clock)

    @property
    def _workspace(self) -> Workspace:
        found: Workspace = self.known.resource
        return found

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(full=True)
        table = ResourceTable(parts.DEPENDENTS)
        table.frame_title = "stands on"
        yield table
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        """What the screen of any resource does then is done as well, by Textual."""
        if not self.children:  # closed before it was composed
            return
        self._follow()
        self._follow_bills()

    @property
    def first(self) -> Widget:
        return self.query_one(ResourceTable)

    @work(group="parts", exclusive=True)
    async def _follow(self) -> None:
        async for _ in self._feed.snapshots():
            self.repaint_rows()

    @work(group="bills", exclusive=True)
    async def _follow_bills(self) -> None:
        async for _ in self._bills.snapshots():
            self.repaint_rows()

    @property
    def _listed(self) -> list[Dependent]:
        """The workspace and what it stands on, as far as it is told."""
        told = [parts.itself(self._workspace), *self._feed.latest.items]
        return dependents.with_bills(told, next(iter(self._bills.latest.items), {}))

    def facts(self, row: Row[Any]) -> list[Fact]:
        listed = {each.what for each in self._feed.latest.items}
        told = [fact for fact in super().facts(row) if fact.name not in listed]
        now = self.session.store.clock.now()
        bill, known = self._bills.latest, self._feed.latest
        if bill.error is not None:
            billed = Fact("billed", problem("", bill, now))
        elif bill.at is None:
            billed = Fact("billed", "asking Cost Management …")
        else:
            billed = Fact("billed", f"{parts.total(self._listed)}; read {fmt.ago(bill.at, now)}")
        told.insert(1, billed)
        if known.error is not None:
            told.insert(1, Fact("stands on", problem("", known, now)))
        return told

    def repaint_rows(self) -> None:
        super().repaint_rows()
        now = self.session.store.clock.now()
        for table in self.query(ResourceTable):
            age = f", read {fmt.ago(self._feed.latest.at, now)}" if self._feed.latest.at else ""
            table.frame_title = f"stands on{age}"
            table.show([Row(each, now) for each in self._listed], "Asking …")

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        from amltui.ui.screens.whole import Whole

        event.stop()
        row = event.row
        title = fmt.one_line(f"{row.resource.what} {row.resource.name}")
        told = parts.facts(row, self.session.azure.cloud.portal)
        self.dashboard.push_screen(Whole(title, told))

    def action_refresh(self) -> None:
        super().action_refresh()
        # Bills are kept for an hour: to ask for them again would only make them look newer.
        self._feed.refresh()
