"""The pane for any kind: list, preview, keys, staleness, pending marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.timer import Timer

from amltui.domain.arm_id import WorkspaceId
from amltui.feeds.board import View
from amltui.kinds.arrange import Arrangement
from amltui.kinds.choosing import columns_of
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Kind, Row, brief
from amltui.ui import copying
from amltui.ui.freshness import Freshness, freshness
from amltui.ui.in_view import in_view
from amltui.ui.keys import bindings_of, toggles_of
from amltui.ui.list_words import count, crumbs, why_empty
from amltui.ui.slices import LONG, in_slices
from amltui.ui.tree_pane import FOLDING, TreePane
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    pass

RECHECK = 10.0
"""Seconds between two looks at how old the data is."""

WIDE = 100
"""Columns from which there is room for whole sentences above the list."""
LINGER = 0.08
"""Seconds that the cursor rests on a row before it is previewed: a held key sends rows only."""
HELD = 0.3
"""Seconds after a move in which the next one may be that of a held key; later ones may not."""


class ResourcePane(TreePane):
    """Follows a kind's feeds while it is visible, and does what its actions declare."""

    BINDINGS = [
        Binding("d", "describe", "Describe", show=False, id="pane.describe"),
        Binding("r", "refresh", "Refresh", show=False, id="pane.refresh"),
        Binding("z", "zoom", "List on the whole screen", show=False, id="pane.zoom"),
    ]

    class Opened(Message):
        """A row is to be opened, or a part of it."""

        def __init__(
            self,
            kind: Kind[Any],
            row: Row[Any],
            part: str | None = None,
            marked: Sequence[Row[Any]] = (),
        ) -> None:
            super().__init__()
            self.kind = kind
            self.row = row
            self.part = part
            self.marked = marked
            """All rows that are meant where the user has marked several."""

    class Described(Message):
        """Everything that is known of a row is to be shown."""

        def __init__(self, kind: Kind[Any], row: Row[Any]) -> None:
            super().__init__()
            self.kind = kind
            self.row = row

    def __init_subclass__(cls, kind: Kind[Any] | None = None, **options: Any) -> None:
        if kind is not None:
            cls.KIND = kind
            columns = Binding("v", "columns", "Columns", show=False, id=f"{kind.name}.columns")
            folding = FOLDING if kind.children is not None else ()
            cls.BINDINGS = [*folding, *bindings_of(kind), *toggles_of(kind), columns]
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__(id=self.KIND.name)
        self._following = False
        self._filling = True
        """Whether places are yet to answer for the first time."""
        self._previewed: str | None = None
        """The key of the row that the preview tells of."""
        self._lingering: Timer | None = None
        self._arranging: Iterator[list[Row[Any]]] | None = None
        """What is being arranged in slices."""
        self._has_news = False
        """Whether something has changed meanwhile."""
        self._arranged: Arrangement | None = None
        """How the rows are arranged that are shown."""
        self._moved = 0.0
        """When the cursor went to another row the last time."""
        self._wanted: tuple[str, WorkspaceId | None] | None = None
        """Name and place of what is to be under the cursor, wherever it is in the list."""
        self._sought: str | None = None
        """Key of the row that is to be under the cursor once it is there."""

    @property
    def view(self) -> View[Any]:
        """What the places have answered."""
        return self.source.view

    def compose(self) -> ComposeResult:
        yield TextLine(id="crumbs")
        yield TextLine(id="offer")
        table = ResourceTable(self.KIND.columns)
        table.frame_title = f"{self.KIND.key} {self.KIND.title}"
        table.can_open = self.source.branches.can_open
        yield table
        yield FactsView()

    def on_mount(self) -> None:
        self.watch(self.app, "session", self._follow_anew, init=False)
        self.watch(self.app, "scope", self._follow_anew, init=False)
        self.watch(self.screen, "stack_updates", self._covered_or_not, init=False)
        self.set_interval(RECHECK, self._say)

    # Following

    def take_over(self) -> None:
        """The pane has become the one that is shown."""
        self.screen.set_focus(self.table)
        self._covered_or_not()
        self._say()

    def on_show(self) -> None:
        self._covered_or_not()

    def on_hide(self) -> None:
        self._rest()

    def _rest(self) -> None:
        self.workers.cancel_group(self, "feed")
        self.workers.cancel_group(self, "rows")
        self.rest_branches()
        self._following = False

    def _covered_or_not(self) -> None:
        seen = in_view(self)
        if seen and not self._following:
            self.follow()
        elif not seen and self._following:
            self._rest()

    def _follow_anew(self) -> None:
        self.source.forget()
        if in_view(self):
            self.follow()

    def follow(self) -> None:
        """Start asking, or ask about something else."""
        session, scope = self.dashboard.session, self.dashboard.scope
        self._following = True
        if session is not None:
            self.source.follow(session, scope, self.arrangement.query(self.KIND.fields))
            self._read()
            self._read_rows()
            self.follow_branches()
        else:
            self.source.recall(self.dashboard.bookmark.view(self.KIND, scope))
        self._rebuild()

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for _ in self.source.views():
            self._renew()

    @work(group="rows", exclusive=True)
    async def _read_rows(self) -> None:
        async for _ in self.source.row_changes():
            self._renew()

    # Rows

    def _renew(self) -> None:
        """There is news: what the user has asked for is arranged to its end before that."""
        if self._arranging is None:
            self._rebuild()
        else:
            self._has_news = True

    def _rebuild(self) -> None:
        if not (self._following and self.is_attached and self.children):
            return  # not composed yet
        table, arrangement = self.table, self.arrangement
        table.scattered = self.dashboard.scope.scattered
        table.sorted_by = arrangement.column
        table.descending = arrangement.descending
        rows = self.source.rows()
        kind, asker = self.KIND, self.dashboard.asker
        table.columns = columns = columns_of(kind, arrangement.columns)
        self.workers.cancel_group(self, "arranging")
        self._arranging, self._has_news = None, False
        if len(rows) < LONG:
            self._show(
                arrangement.apply(columns, rows, kind.order, kind.fields, asker, self._texts)
            )
            return
        items = self.view.items
        steps = arrangement.steps(
            columns, rows, lambda: kind.ranks(items), kind.fields, asker, self._texts
        )
        if not arrangement.text and arrangement.column is None and (shown := next(steps)):
            self._show(shown)  # in the kind's own order, which is known
            return
        table.repaint()  # the mark of the order at once, its rows as soon as they are known
        self._arranging = steps
        self._arrange(steps)

    # Without a description Textual writes one, with every row spelled out.
    @work(group="arranging", exclusive=True, description="long list")
    async def _arrange(self, steps: Iterator[list[Row[Any]]]) -> None:
        """In slices; a screenful of what the user has just asked for is shown at once."""
        table, asked_anew = self.table, self.arrangement != self._arranged
        before = after = None
        shown: list[Row[Any]] = []
        async for shown in in_slices(steps):
            if asked_anew and len(shown) > table.window.height:
                asked_anew, before = False, table.cursor_row
                self._show(list(shown))
                after = table.cursor_row
        self._arranging = None
        has_stayed = table.cursor_row is after
        self._show(shown)
        if before is not None and has_stayed:
            place = table.window.place_of(before.resource)
            if place is not None:
                table.go_to(place)
        if self._has_news:
            self._rebuild()

    def _show(self, shown: Sequence[Row[Any]]) -> None:
        table = self.table
        self._arranged = self.arrangement
        why = self.dashboard.why_no_session or why_empty(self.KIND, self.view, self.arrangement)
        self.set_class(not shown, "-bare")
        filling = self._filling
        self._filling = self.view.answered < len(self.view.parts)
        known = None
        if table.window.marks:
            known = {row.resource.key for row in self.source.rows()} | self.source.branches.keys
        shown = self.grown(shown)
        table.show(shown, why, known, filling=filling)
        self._seek()
        self.source.look_at(table.window.visible)
        self._say()

    def go_back_to(self, arrangement: Arrangement, cursor: str | None) -> None:
        """Show the list as it was left."""
        self._sought = cursor
        self.arrangement = arrangement

    def seek(self, name: str, place: WorkspaceId | None) -> None:
        """Put the cursor on what has this name, once it is known; say so if there is none."""
        self._wanted = (name.lower(), place)
        self.arrangement = replace(self.arrangement, text="")
        self._rebuild()

    def _find(self) -> None:
        if self._wanted is None:
            return
        name, place = self._wanted
        for index, row in enumerate(self.table.rows):
            resource = row.resource
            if resource.name.lower() == name and (
                place is None or resource.workspace.key == place.key
            ):
                self._wanted = None
                self.table.go_to(index)
                return
        if 0 < len(self.view.parts) == self.view.answered:
            self._wanted = None
            where = f" in {place.name}" if place is not None else ""
            said = one_line(f"there is no {self.KIND.noun[0]} {name}{where}")
            self.app.notify(said, severity="warning", markup=False)

    def _seek(self) -> None:
        """Put the cursor where it was, unless the user has moved it meanwhile."""
        self._find()
        if self._sought is None or not self.table.rows:
            return
        if self.table.window.cursor:
            self._sought = None
        elif (index := self.table.window.index_of(self._sought)) is not None:
            self._sought = None
            self.table.go_to(index)

    def repaint_rows(self) -> None:
        """Paint again: something outside the answers has changed."""
        self._rebuild()

    # What is said of the list

    @property
    def freshness(self) -> Freshness:
        names = {place.key: place.name for place in self.dashboard.scope.workspaces}
        several = len(self.view.parts) > 1
        return freshness(
            self.view,
            self.dashboard.attention.paced(self.KIND.pace_among(len(self.view.parts))),
            self.dashboard.clock.now(),
            self.KIND.noun[1],
            lambda place: names.get(place, "") if several else "",
        )

    def _say(self) -> None:
        if not in_view(self):
            return
        arrangement = self.arrangement
        filtered = bool(arrangement.text)
        shown = self.roots if filtered else 0
        told = count(self.KIND, self.view, shown, filtered=filtered)
        narrow = self.size.width < WIDE
        said = [crumbs(self.KIND, arrangement, self.view, narrow=narrow)]
        self.query_one("#crumbs", TextLine).update(said, [told])
        self.say_offer()
        self.dashboard.tell_of(self)

    @property
    def is_filled(self) -> bool:
        return self.source.is_filled

    def tally(self) -> Sequence[Cell]:
        """Counts for the header; none of a list that the service has already filtered."""
        if self.source.asked:
            return ()
        return self.KIND.tally(self.view.items) if self.view.answered else ()

    # Events of the list

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        row = event.row
        moved = row is not None and row.resource.key != self._previewed
        if self._lingering is not None:
            self._lingering.stop()
        before, self._moved = self._moved, monotonic() if moved else self._moved
        if moved and self._moved - before < HELD and self._previewed is not None:
            self._lingering = self.set_timer(LINGER, partial(self._preview, row))
        else:
            self._preview(row)

    def _preview(self, row: Row[Any] | None) -> None:
        """Tell of the row under the cursor, unless the list has been taken down meanwhile."""
        self._previewed = row.resource.key if row is not None else None
        for preview in self.query(FactsView):
            if row is None:
                preview.show(())
            else:
                preview.show(brief(self.KIND.facts(row)), row.title)

    @on(ResourceTable.Viewed)
    def _viewed(self, event: ResourceTable.Viewed) -> None:
        event.stop()
        self.source.look_at(event.rows)

    @on(ResourceTable.Neared)
    def _neared(self, event: ResourceTable.Neared) -> None:
        event.stop()
        self.source.want_older()

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(self.KIND, event.row))

    # Keys

    def action_refresh(self) -> None:
        self.source.refresh()

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")

    def action_describe(self) -> None:
        if row := self.table.cursor_row:
            self.post_message(self.Described(self.KIND, row))

    def action_part(self, name: str) -> None:
        if row := self.table.cursor_row:
            self.post_message(self.Opened(self.KIND, row, name, self.table.window.chosen))

    def action_copy(self) -> None:
        copying.names(self.dashboard, self.table.window.chosen)

    def action_copy_menu(self) -> None:
        copying.menu(self.dashboard, self.KIND, self.table.window.chosen)

    def action_link(self) -> None:
        if row := self.table.cursor_row:
            copying.link(self.dashboard, self.KIND, row)

    def action_perform(self, name: str) -> None:
        """Ask, then do it to the marked rows, or to the one under the cursor."""
        chosen = [row.resource.key for row in self.table.window.chosen]
        self.dashboard.actions.ask(
            self.KIND,
            name,
            lambda: self._rows_of(chosen),
            self.action_refresh,
            self.table.action_unmark,
        )

    def action_menu(self) -> None:
        """Everything that can be done to the marked rows, or to the one under the cursor."""
        chosen = [row.resource.key for row in self.table.window.chosen]
        self.dashboard.actions.menu(
            self.KIND, lambda: self._rows_of(chosen), self.action_refresh, self.table.action_unmark
        )

    def _rows_of(self, keys: Sequence[str]) -> list[Row[Any]]:
        """These rows as they are known now; what has gone meanwhile is left out."""
        known = {row.resource.key: row for row in self.source.known()}
        return [known[key] for key in keys if key in known]


def pane_for(kind: Kind[Any]) -> type[ResourcePane]:
    """The pane of a kind, with the kind's actions as its keys."""
    bases = (ResourcePane,)
    return cast("type[ResourcePane]", type(f"{kind.name.title()}Pane", bases, {}, kind=kind))
