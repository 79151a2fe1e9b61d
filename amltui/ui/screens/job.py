"""One job: overview, metrics, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen

from amltui.azure import jobs
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.feeds.feed import Feed
from amltui.kinds.format import duration
from amltui.kinds.job import JOB
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.logs import LogsTab
from amltui.ui.tabs.metrics import MetricsTab
from amltui.ui.tabs.overview import OverviewTab
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

TABS: tuple[type[Tab], ...] = (OverviewTab, MetricsTab, LogsTab)
BRISK, ENDED = 4.0, 300.0
RECHECK = 5.0
"""Seconds between two looks at how old the data is."""


class JobScreen(Screen[None]):
    """Follows one job while it is open; its tabs follow the rest."""

    BINDINGS = [
        Binding("escape,q,backspace", "app.pop_screen", "Back"),
        Binding("m", "tab('metrics')", "Metrics", id="job.metrics"),
        Binding("l", "tab('logs')", "Logs", id="job.logs"),
        Binding("left_square_bracket", "step(-1)", "Previous tab", show=False, id="tab.previous"),
        Binding("right_square_bracket", "step(1)", "Next tab", id="tab.next"),
        Binding("r", "refresh", "Refresh", show=False),
        *(Binding(a.key, f"perform('{a.name}')", a.title, id=f"job.{a.name}") for a in JOB.actions),
    ]

    tab: reactive[str] = reactive("overview", init=False)

    def __init__(self, session: Session, job: Job, tab: str = "overview") -> None:
        super().__init__()
        self.session = session
        self.job = job
        self._first = tab
        place = session.azure.workspace(job.workspace)

        async def fetch() -> Listing[Job]:
            return Listing((await jobs.get(place, job.name),))

        self._feed: Feed[Job] = Feed(fetch, self._pace, session.store.clock)

    def _pace(self, answer: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        for kind in TABS:
            tab = kind(self.session, self.job)
            tab.display = False
            yield tab
        yield TextLine(id="status")
        yield KeyBar()

    def on_mount(self) -> None:
        self.action_tab(self._first)
        self._show()
        self._read()
        self.set_interval(RECHECK, self._say)

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for snapshot in self._feed.snapshots():
            if snapshot.items:
                self.job = snapshot.items[0]
            self._show()

    @property
    def row(self) -> Row[Job]:
        """The job as it is now known."""
        latest = self._feed.latest
        pending = self.dashboard.actions.pending(self.job.key)
        now = latest.at or self.session.store.clock.now()
        return Row(self.job, now, pending=pending, stale=latest.error is not None)

    def _show(self) -> None:
        row = self.row
        for tab in self.query(Tab):
            tab.show_job(row)
        self._say()

    def repaint_rows(self) -> None:
        """Something outside the answers has changed."""
        self._show()

    def _say(self) -> None:
        row, latest = self.row, self._feed.latest
        titles = [f"[{k.TITLE}]" if k.TITLE.lower() == self.tab else k.TITLE for k in TABS]
        crumbs = f"Jobs › {self.job.title} ›  " + "  ".join(titles)
        status = Cell(row.pending or self.job.status or "?", self.job.health)
        ran = duration(self.job.seconds(row.now))
        self.query_one("#header", TextLine).update([crumbs], [status, ran])
        shown = self.query_one(f"#{self.tab}", Tab)
        now = self.session.store.clock.now()
        wrong = (problem("job", latest, now),) if latest.error else ()
        answered = latest.at.astimezone().strftime("%H:%M:%S") if latest.at else "not yet"
        final = (f"final, read {answered}",) if self.job.ended_for_good and latest.at else ()
        live = () if wrong or final else (f"live {duration(self._pace(()))}",)
        self.query_one("#status", TextLine).update([*wrong, *shown.say()], [*final, *live])

    def action_tab(self, name: str) -> None:
        self.tab = name
        for tab in self.query(Tab):
            tab.display = tab.id == name
        shown = self.query_one(f"#{name}", Tab)
        first = next((widget for widget in shown.query("*") if widget.can_focus), None)
        if first is not None:
            first.focus()
        self._say()

    def action_step(self, step: int) -> None:
        names = [kind.TITLE.lower() for kind in TABS]
        self.action_tab(names[(names.index(self.tab) + step) % len(names)])

    def action_refresh(self) -> None:
        self._feed.refresh()
        self.query_one(f"#{self.tab}", Tab).refresh_data()

    @work(group="confirm", exclusive=True)
    async def action_perform(self, name: str) -> None:
        action = next(action for action in JOB.actions if action.name == name)
        await self.dashboard.actions.ask(action, lambda: [self.row], self._feed.refresh)
