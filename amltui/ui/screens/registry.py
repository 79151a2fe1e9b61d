"""One registry: what is known of it, above the assets that it shares."""

from __future__ import annotations

from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from amltui.azure import registries
from amltui.domain.asset import Asset
from amltui.domain.listing import Listing
from amltui.feeds.feed import Feed
from amltui.kinds import asset as parts
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
"""Seconds between two questions for its assets."""


class RegistryScreen(FactsScreen, kind=WORKSPACE):
    """Enter on an asset tells it in full, with the address that a job names it by."""

    DEFAULT_CSS = """
    RegistryScreen FactsView { height: 2fr; }
    RegistryScreen ResourceTable { height: 3fr; }
    """

    def __init__(self, session: Session, row: Row[Any]) -> None:
        super().__init__(session, row)
        place = session.azure.workspace(row.resource.workspace)

        async def fetch() -> Listing[Asset]:
            return await registries.assets(place)

        self._feed: Feed[Asset] = Feed(fetch, lambda _: PACE, session.store.clock)

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(full=True)
        yield ResourceTable(parts.ASSETS)
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        """What the screen of any resource does then is done as well, by Textual."""
        if self.children:  # not closed before it was composed
            self._follow()

    @property
    def first(self) -> Widget:
        return self.query_one(ResourceTable)

    @work(group="parts", exclusive=True)
    async def _follow(self) -> None:
        async for _ in self._feed.snapshots():
            self.repaint_rows()

    def facts(self, row: Row[Any]) -> list[Fact]:
        told, known = super().facts(row), self._feed.latest
        if known.error is not None:
            why = problem("", known, self.session.store.clock.now())
            told.insert(1, Fact("assets", why))
        told[1:1] = [Fact("missing", note) for note in known.notes]
        return told

    def repaint_rows(self) -> None:
        super().repaint_rows()
        now, known = self.session.store.clock.now(), self._feed.latest
        why = "Asking …" if known.error is None else "Unknown: above is told why."
        if known.at is not None:
            why = "Nothing is in it that this account can see."
        for table in self.query(ResourceTable):
            table.frame_title = f"assets, read {fmt.ago(known.at, now)}" if known.at else "assets"
            table.show([Row(each, now) for each in known.items], why)

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        from amltui.ui.screens.whole import Whole

        event.stop()
        asset = event.row.resource
        title = fmt.one_line(f"{asset.what} {asset.name}")
        self.dashboard.push_screen(Whole(title, parts.facts(event.row)))

    def action_refresh(self) -> None:
        super().action_refresh()
        self._feed.refresh()
