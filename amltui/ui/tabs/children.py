"""Steps of a pipeline, trials of a sweep: the best first where they compete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult

from amltui.azure import children
from amltui.domain.child import Child, Leaderboard
from amltui.domain.job import Job
from amltui.feeds.feed import Feed, Snapshot
from amltui.kinds.arrange import Arrangement
from amltui.kinds.child import columns
from amltui.kinds.job import JOB
from amltui.kinds.kind import Cell, Row
from amltui.ui import copying
from amltui.ui.freshness import problem
from amltui.ui.keys import bindings_of
from amltui.ui.openers import open_comparison
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.resource_table import ResourceTable

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

BRISK, ENDED = 10.0, 300.0
"""Seconds between questions while children may change, and after the job's end."""


class ChildrenTab(Tab):
    """Keys that act on a job act here on the child under the cursor, not on its parent."""

    TITLE = "Children"
    SHORT = "Kids"
    BINDINGS = [*bindings_of(JOB)]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        place, name = session.azure.workspace(job.workspace), job.name
        self._feed: Feed[Child] = Feed(
            lambda: children.of(place, name), self._pace, session.store.clock
        )
        self._arrangement = Arrangement()
        self._board = Leaderboard()

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    def _pace(self, listed: Sequence[Child]) -> float:
        moving = any(not child.job.ended_for_good for child in listed)
        return BRISK if moving or not self.job.ended_for_good else ENDED

    def compose(self) -> ComposeResult:
        table = ResourceTable(columns(self._board))
        table.frame_title = "children"
        yield table

    def follow(self) -> None:
        self._show()
        self._read()

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for _ in self._feed.snapshots():
            self._show()
            self.post_message(self.News())

    def show_job(self, row: Row[Job]) -> None:
        super().show_job(row)
        if self._feed.latest.loaded:
            self._show()  # an action on a child marks its row

    def _rows(self) -> list[Row[Child]]:
        snapshot = self._feed.latest
        now = snapshot.at or self.session.store.clock.now()
        pending = self.dashboard.underway.pending
        return [
            Row(child, now, pending=pending(child.key), stale=snapshot.error is not None)
            for child in self._board.ranked(snapshot.items)
        ]

    def _show(self) -> None:
        snapshot, table = self._feed.latest, self.table
        board = Leaderboard.of(snapshot.items, self.job.primary_metric)
        if board != self._board:
            self._board = board
            table.columns = columns(board)
        table.sorted_by = self._arrangement.column
        table.descending = self._arrangement.descending
        rows = self._arrangement.apply(table.columns, self._rows())
        table.show(rows, self._why_empty(snapshot))

    def _why_empty(self, snapshot: Snapshot[Child]) -> str:
        if snapshot.error is not None:
            return str(snapshot.error)
        if not snapshot.loaded:
            return "Asking …"
        over = self.job.ended_for_good
        return "This job has no children" + ("." if over else " yet.")

    def say(self) -> tuple[Cell, ...]:
        snapshot = self._feed.latest
        if snapshot.error is not None:
            return (problem("children", snapshot, self.session.store.clock.now()),)
        if not snapshot.loaded:
            return ()
        plus = "+" if snapshot.more else ""
        order = f"best {self._board.metric} first" if self._board.is_one else "in order of start"
        if self._arrangement.column is not None:
            order = f"by {self._arrangement.column}"
        notes = (Cell(note, dim=True) for note in snapshot.notes)
        return (Cell(f"{len(snapshot.items)}{plus} children, {order}"), *notes)

    @on(ResourceTable.Highlighted)
    @on(ResourceTable.Viewed)
    def _kept(self, event: ResourceTable.Highlighted | ResourceTable.Viewed) -> None:
        event.stop()

    @on(ResourceTable.Sorted)
    def _sorted(self, event: ResourceTable.Sorted) -> None:
        event.stop()
        self._arrangement = replace(
            self._arrangement, column=event.column, descending=event.descending
        )
        self._show()
        self.post_message(self.News())

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self._open(event.row)

    def _open(self, row: Row[Child], part: str = "overview") -> None:
        from amltui.ui.screens.job import JobScreen

        self.app.push_screen(JobScreen(self.session, _as_job(row), part))

    # Keys: on the child, so that no letter means the parent while a child is looked at.

    def action_part(self, name: str) -> None:
        if name == "compare":
            chosen = [_as_job(row) for row in self.table.window.chosen]
            open_comparison(self.dashboard, self.session, chosen)
        elif row := self.table.cursor_row:
            self._open(row, name)

    def action_copy(self) -> None:
        copying.names(self.dashboard, self.table.window.chosen)

    def action_copy_menu(self) -> None:
        copying.menu(self.dashboard, JOB, [_as_job(row) for row in self.table.window.chosen])

    def action_link(self) -> None:
        if row := self.table.cursor_row:
            copying.link(self.dashboard, JOB, _as_job(row))

    def action_perform(self, name: str) -> None:
        self.dashboard.actions.ask(
            JOB, name, self._chosen(), self.refresh_data, self.table.action_unmark
        )

    def action_menu(self) -> None:
        self.dashboard.actions.menu(
            JOB, self._chosen(), self.refresh_data, self.table.action_unmark
        )

    def _chosen(self) -> Callable[[], list[Row[Job]]]:
        """The rows that are chosen now, as they will be known when they are asked for."""
        chosen = {row.resource.key for row in self.table.window.chosen}
        return lambda: [_as_job(row) for row in self._rows() if row.resource.key in chosen]


def _as_job(row: Row[Child]) -> Row[Job]:
    return Row(row.resource.job, row.now, pending=row.pending, stale=row.stale)
