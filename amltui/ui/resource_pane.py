"""The pane for any kind: list, preview, keys, staleness, pending marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from amltui.feeds.board import Board, View
from amltui.feeds.row_feed import RowFeed
from amltui.kinds.arrange import Arrangement
from amltui.kinds.kind import Cell, Kind, Row
from amltui.ui.freshness import Freshness, freshness
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

RECHECK = 10.0
"""Seconds between two looks at how old the data is."""


class ResourcePane(Widget):
    """Follows a kind's feeds while it is visible, and does what its actions declare."""

    KIND: ClassVar[Kind[Any]]
    BINDINGS = [
        Binding("slash", "filter", "Filter", id="pane.filter"),
        Binding("r", "refresh", "Refresh", show=False, id="pane.refresh"),
        Binding("escape", "clear", "Clear filter, then marks", show=False, id="pane.clear"),
    ]
    DEFAULT_CSS = """
    ResourcePane {
        layout: vertical;
        & ResourceTable { height: 2fr; }
        & FactsView { height: 1fr; }
    }
    .-narrow ResourcePane FactsView { height: 7; }
    """

    arrangement: reactive[Arrangement] = reactive(Arrangement())

    @dataclass
    class Opened(Message):
        """A row is to be opened."""

        kind: Kind[Any]
        row: Row[Any]

    @dataclass
    class Changed(Message):
        """There is something new to say about the list as a whole."""

        pane: ResourcePane

    def __init_subclass__(cls, kind: Kind[Any] | None = None, **options: Any) -> None:
        if kind is not None:
            cls.KIND = kind
            cls.BINDINGS = [
                Binding(action.key, f"perform('{action.name}')", action.title, id=_id(kind, action))
                for action in kind.actions
            ]
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__(id=self.KIND.name)
        self.view: View[Any] = View()
        self._board: Board[Any] | None = None
        self._row_feed: RowFeed[Any] | None = None

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def compose(self) -> ComposeResult:
        yield TextLine(id="crumbs")
        table = ResourceTable(self.KIND.columns)
        table.frame_title = f"{self.KIND.key} {self.KIND.title}"
        yield table
        yield FactsView()

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    def on_mount(self) -> None:
        self.watch(self.app, "session", self._follow_anew, init=False)
        self.watch(self.app, "scope", self._follow_anew, init=False)
        self.set_interval(RECHECK, self._say)

    # Following

    def take_over(self) -> None:
        """The pane has become the one that is shown."""
        self.table.focus()
        self._say()

    def on_show(self) -> None:
        self.follow()

    def on_hide(self) -> None:
        self.workers.cancel_node(self)

    def _follow_anew(self) -> None:
        self.view = View()
        if self.visible_now:
            self.follow()

    @property
    def visible_now(self) -> bool:
        return self.is_mounted and self.display and self.screen.is_current

    def follow(self) -> None:
        """Start asking, or ask about something else."""
        self._rebuild()
        session, scope = self.dashboard.session, self.dashboard.scope
        if session is None:
            return
        kind = self.KIND
        questions = kind.source.questions(session.azure, scope.chosen)
        self._board = session.store.board(kind.name, questions, kind.pace)
        self._read(self._board)
        if (supplement := kind.supplement) is not None:
            if self._row_feed is None:
                self._row_feed = RowFeed(
                    lambda resource, known: supplement.fetch(
                        session.azure.workspace(resource.workspace), resource, known
                    ),
                    supplement.wanted,
                    supplement.final,
                    supplement.pace,
                    session.store.clock,
                )
            self._read_rows(self._row_feed)

    @work(group="feed", exclusive=True)
    async def _read(self, board: Board[Any]) -> None:
        async for view in board.views():
            self.view = view
            self._rebuild()

    @work(group="rows", exclusive=True)
    async def _read_rows(self, feed: RowFeed[Any]) -> None:
        async for _ in feed.changes():
            self._rebuild()

    # Rows

    def rows(self) -> list[Row[Any]]:
        """The last known resources with what else is known of each."""
        pending = self.dashboard.actions.pending
        extra = self._row_feed.of if self._row_feed is not None else lambda key: None
        now = self.dashboard.clock.now()
        return [
            Row(
                resource,
                part.at or now,
                extra(resource.key),
                pending(resource.key),
                part.error is not None,
            )
            for part in self.view.parts.values()
            for resource in part.items
        ]

    def _rebuild(self) -> None:
        if not self.is_mounted:
            return
        table = self.table
        table.scattered = self.dashboard.scope.scattered
        table.sorted_by = self.arrangement.column
        table.descending = self.arrangement.descending
        rows = self.rows()
        shown = self.arrangement.apply(self.KIND.columns, rows)
        table.show(shown, self._why_empty(len(rows)))
        self._look_at(table.visible_rows)
        self._say(len(shown), len(rows))

    def _why_empty(self, known: int) -> str:
        if known:
            return f"None of {known:,} matches “{self.arrangement.text}”.  esc shows all."
        if problem := self.dashboard.problem:
            return problem
        if self.dashboard.session is None:
            return "Signing in …"
        if errors := self.view.errors:
            return "\n".join(dict.fromkeys(str(error) for error in errors))
        if self.view.answered < max(1, len(self.view.parts)):
            return "Asking …"
        return self.KIND.empty

    def _look_at(self, rows: Sequence[Row[Any]]) -> None:
        if self._row_feed is not None:
            self._row_feed.look_at([row.resource for row in rows])

    def repaint_rows(self) -> None:
        """Paint again: something outside the answers has changed."""
        self._rebuild()

    # What is said of the list

    @property
    def freshness(self) -> Freshness:
        kind = self.KIND
        names = {place.key: place.name for place in self.dashboard.scope.workspaces}
        several = len(self.view.parts) > 1
        return freshness(
            self.view,
            kind.pace(self.view.items),
            self.dashboard.clock.now(),
            lambda place: names.get(place, "") if several else "",
        )

    def _say(self, shown: int | None = None, known: int | None = None) -> None:
        if not self.visible_now:
            return
        kind, arrangement = self.KIND, self.arrangement
        known = len(self.view.items) if known is None else known
        shown = len(self.table.rows) if shown is None else shown
        singular, plural = kind.noun
        count = f"{known:,}{'+' if self.view.more else ''} {singular if known == 1 else plural}"
        places = len(self.view.parts)
        where = f" in {places} workspaces" if places > 1 else ""
        matches = f"{shown:,} of " if arrangement.text else ""
        crumbs = [kind.title]
        if arrangement.text:
            crumbs.append(f"/{arrangement.text}")
        if arrangement.column:
            crumbs.append(f"by {arrangement.column} {'▼' if arrangement.descending else '▲'}")
        self.query_one("#crumbs", TextLine).update(
            [" › ".join(crumbs)], [f"{matches}{count}{where}"]
        )
        self.post_message(self.Changed(self))

    def tally(self) -> Sequence[Cell]:
        """Counts for the header."""
        return self.KIND.tally(self.view.items)

    # Events of the list

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        preview = self.query_one(FactsView)
        if event.row is None:
            preview.show(())
        else:
            preview.show(self.KIND.facts(event.row), event.row.resource.name)

    @on(ResourceTable.Viewed)
    def _viewed(self, event: ResourceTable.Viewed) -> None:
        event.stop()
        self._look_at(event.rows)

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(self.KIND, event.row))

    @on(ResourceTable.Sorted)
    def _sorted(self, event: ResourceTable.Sorted) -> None:
        event.stop()
        self.arrangement = Arrangement(self.arrangement.text, event.column, event.descending)

    def watch_arrangement(self) -> None:
        self._rebuild()

    # Keys

    def action_refresh(self) -> None:
        if self._board is not None:
            self._board.refresh()

    def action_clear(self) -> None:
        if self.arrangement.text:
            self.filter_by("")
        else:
            self.table.action_unmark()

    def filter_by(self, text: str) -> None:
        """Show only rows that match."""
        held = self.arrangement
        self.arrangement = Arrangement(text, held.column, held.descending)

    def action_filter(self) -> None:
        from amltui.ui.widgets.filter_line import FilterLine

        if not self.query(FilterLine):
            self.mount(FilterLine(self.arrangement.text), after="#crumbs")

    @work(group="confirm", exclusive=True)
    async def action_perform(self, name: str) -> None:
        """Ask, then do it to the marked rows, or to the one under the cursor."""
        action = next(action for action in self.KIND.actions if action.name == name)
        chosen = [row.resource.key for row in self.table.chosen()]
        done = await self.dashboard.actions.ask(
            action, lambda: self._rows_of(chosen), self.action_refresh
        )
        if done:
            self.table.action_unmark()

    def _rows_of(self, keys: Sequence[str]) -> list[Row[Any]]:
        """These rows as they are known now; what has gone meanwhile is left out."""
        known = {row.resource.key: row for row in self.rows()}
        return [known[key] for key in keys if key in known]


def _id(kind: Kind[Any], action: Any) -> str:
    return f"{kind.name}.{action.name}"


def pane_for(kind: Kind[Any]) -> type[ResourcePane]:
    """The pane of a kind, with the kind's actions as its keys."""
    bases = (ResourcePane,)
    return cast("type[ResourcePane]", type(f"{kind.name.title()}Pane", bases, {}, kind=kind))
