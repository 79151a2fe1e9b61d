"""What the program is doing: requests, feeds, budgets, operations, bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Fact, Row
from amltui.ui import watch_words
from amltui.ui.activity_words import (
    COLUMNS,
    Exchange,
    budget_fact,
    exchanges,
    feed_facts,
    request_facts,
    written_fact,
)
from amltui.ui.freshness import stepped
from amltui.ui.in_view import in_view
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.feeds.operations import InFlight
    from amltui.ui.app import Dashboard

RECHECK = 2.0
"""Seconds between two looks; only what differs is written."""

MOST, FRAME = 7, 2
"""Lines of what is told above the requests at most, and those that its frame takes."""
MOST_WATCHES, FEW, ROOMY = 4, 2, 30
"""Watches that are seen at once; lines of what is told above them below so many lines in all."""


class Activity(Screen[None]):
    """Nothing is asked for here: it tells what has been asked anyway."""

    HIDES = False
    BINDINGS = [
        Binding("escape,q,backspace,at", "app.pop_screen", "Back"),
        Binding("tab", "app.focus_next", "Watches or requests", show=False),
        Binding("X", "end_watch", "End the watch"),
    ]
    DEFAULT_CSS = """
    Activity ResourceTable { height: 1fr; }
    Activity #request { height: 5; }
    """

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield FactsView(id="doing")
        watches = ResourceTable(watch_words.COLUMNS, plain=True, id="watches")
        watches.frame_title = "watches"
        watches.frame_note = "X ends one"
        yield watches
        table = ResourceTable(COLUMNS, plain=True, id="requests")
        table.frame_title = "requests, newest first"
        yield table
        whole = FactsView(full=True, id="request")
        whole.can_focus = False
        yield whole
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        if not self.children:  # closed before it was composed
            return
        self.dashboard.watcher.looked()
        self.query_one("#requests").focus()
        self._say()
        self.set_interval(RECHECK, self._say)

    def _say(self) -> None:
        session, now = self.dashboard.session, self.dashboard.clock.now()
        running = self.dashboard.underway.operations.running
        doing = [written_fact(self.dashboard.meter.total, self.dashboard.meter.rate)]
        told = ", ".join(f"{each.name} {each.doing}{_lasting(each, now)}" for each in running)
        doing.append(Fact("in flight", Cell(told, Health.BUSY) if told else "nothing"))
        rows: list[Row[Exchange]] = []
        failed = 0
        if session is not None:
            log = session.azure.requests
            records = list(log)
            failed = sum(record.error is not None for record in records)
            doing.append(budget_fact(log.budgets))
            pane = self.dashboard.pane
            followed = (pane.id or "") if pane is not None and in_view(pane) else ""
            doing += feed_facts(session.store.feeds, now, followed)
            listed = exchanges(records, log.count, log.underway)
            rows = [Row(each, now) for each in listed]
            self._head(log.count, len(log.underway), failed)
        else:
            self._head(0, 0, 0)
        now_view = self.query_one("#doing", FactsView)
        now_view.styles.height = min(self._most, len(doing)) + FRAME
        now_view.show(doing, "now")
        why = self.dashboard.why_no_session or "Nothing was asked yet."
        self.query_one("#requests", ResourceTable).show(rows, why)
        self._say_watches(now)
        self.query_one("#status", TextLine).update(
            [Cell("secrets are never kept: neither tokens nor signatures of links", dim=True)]
        )

    @property
    def _most(self) -> int:
        """Lines of what is told above: a low terminal has no room for both it and watches."""
        crowded = self.size.height < ROOMY and bool(self.dashboard.watcher.watching.watches.all)
        return FEW if crowded else MOST

    def _say_watches(self, now: datetime) -> None:
        """Nothing is in the way where nothing is watched."""
        table = self.query_one("#watches", ResourceTable)
        lines = watch_words.watch_lines(self.dashboard.watcher.watching, now)
        table.display = bool(lines)
        table.styles.height = min(MOST_WATCHES, len(lines)) + FRAME + 1
        table.show([Row(each, now) for each in lines])

    def repaint_rows(self) -> None:
        """A watch has looked."""
        if self.children:
            self._say_watches(self.dashboard.clock.now())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A watch is ended where the cursor is on one."""
        return action != "end_watch" or self.focused is self.query_one("#watches")

    def action_end_watch(self) -> None:
        """Of the line under the cursor."""
        if row := self.query_one("#watches", ResourceTable).cursor_row:
            self.dashboard.watcher.watching.end(row.resource.key)
            self._say()
            if not self.query_one("#watches").display:
                self.query_one("#requests").focus()

    def _head(self, count: int, waiting: int, failed: int) -> None:
        said = [
            Cell(f"asked {count:,}"),
            Cell(f"waiting {waiting}", Health.BUSY if waiting else None),
            Cell(f"failed {failed}", Health.BAD if failed else None),
        ]
        self.query_one("#header", TextLine).update(["Activity"], said)

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        from amltui.ui.screens.whole import Whole

        about = event.row.resource
        if not isinstance(about, Exchange):
            place, name = about.watch.workspace, about.watch.name
            if place is not None:
                self.dashboard.do(f"go {place.path}/jobs/{name}")
            return
        self.app.push_screen(Whole(event.row.title, request_facts(event.row.resource)))

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        self._detail()

    def on_descendant_focus(self) -> None:
        self._detail()

    def _detail(self) -> None:
        """The whole of what the cursor is on, in the list that has the keyboard."""
        watches = self.query_one("#watches", ResourceTable)
        requests = self.query_one("#requests", ResourceTable)
        row = (watches if self.focused is watches else requests).cursor_row
        facts: Sequence[Fact] = ()
        if row is not None:
            about = row.resource
            is_request = isinstance(about, Exchange)
            facts = request_facts(about) if is_request else watch_words.watch_facts(about)
        self.query_one("#request", FactsView).show(facts, row.title if row is not None else "")


def _lasting(action: InFlight, now: datetime) -> str:
    """For how long, in steps: the line is not painted every second."""
    if action.since is None:
        return ""
    return f" for {stepped((now - action.since).total_seconds())}"
