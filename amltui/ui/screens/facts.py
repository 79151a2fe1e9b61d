"""One resource, in full."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.widget import Widget

from amltui.domain.health import Health
from amltui.feeds.board import View
from amltui.kinds.kind import Cell, Fact, Kind, Row
from amltui.ui.freshness import freshness
from amltui.ui.screens.resource import RECHECK, ResourceScreen
from amltui.ui.session import Session
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine


class FactsScreen(ResourceScreen):
    """What the preview says, unabridged, as the list of its workspace goes on telling it."""

    def __init__(self, session: Session, row: Row[Any]) -> None:
        super().__init__(session, row)
        kind, place = self.KIND, row.resource.workspace
        questions = kind.source.questions(session.azure, (place,))
        self._board = session.store.board(kind.name, questions, kind.pace)
        self._view: View[Any] = self._board.latest
        self._gone = False

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(full=True)
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        if not self.children:  # closed before it was composed
            return
        self.first.focus()
        self.repaint_rows()
        self._read()
        self.set_interval(RECHECK, self._say)

    @property
    def first(self) -> Widget:
        """What has the keyboard when the screen opens."""
        return self.query_one(FactsView)

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for view in self._board.views():
            self._view = view
            key = self.known.resource.key
            found = next((each for each in view.items if each.key == key), None)
            self._gone = found is None and view.answered > 0
            stale = bool(view.errors)
            if found is not None:
                now = view.oldest or self.known.now
                self.known = replace(self.known, resource=found, now=now, stale=stale)
            self.repaint_rows()

    @property
    def row(self) -> Row[Any]:
        pending = self.dashboard.underway.pending(self.known.resource.key)
        return replace(self.known, pending=pending)

    def facts(self, row: Row[Any]) -> list[Fact]:
        """Everything that there is to say of it."""
        return list(self.KIND.facts(row))

    def repaint_rows(self) -> None:
        row = self.row
        self.query_one(FactsView).show(self.facts(row), row.title)
        self._say()

    def _say(self) -> None:
        row, now = self.row, self.session.store.clock.now()
        pace = self.dashboard.attention.paced(self.KIND.pace)
        told = freshness(self._view, pace, now, self.KIND.noun[1], lambda _: "")
        badge = Cell("gone", Health.BAD) if self._gone else told.badge
        crumbs = f"{self.KIND.title} › {row.title}"
        place = row.resource.workspace.name
        self.query_one("#header", TextLine).update([crumbs], [place, badge])
        gone = (Cell("no longer listed: shown as it was last known", Health.BAD),)
        self.query_one("#status", TextLine).update(gone if self._gone else told.status)

    def action_refresh(self) -> None:
        self._board.refresh()


@cache
def facts_screen(kind: Kind[Any]) -> type[FactsScreen]:
    """The screen of a kind, with the kind's actions as its keys."""
    bases = (FactsScreen,)
    return cast("type[FactsScreen]", type(f"{kind.name.title()}Facts", bases, {}, kind=kind))
