"""One job: overview, metrics, logs."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive

from amltui.azure import jobs
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.feeds.feed import Feed
from amltui.kinds.format import duration
from amltui.kinds.job import JOB, WATCHED
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import problem
from amltui.ui.openers import open_comparison
from amltui.ui.screens.resource import RECHECK, ResourceScreen
from amltui.ui.session import Session
from amltui.ui.tabs.children import ChildrenTab
from amltui.ui.tabs.files import FilesTab
from amltui.ui.tabs.json import JsonTab
from amltui.ui.tabs.logs import LogsTab
from amltui.ui.tabs.metrics import MetricsTab
from amltui.ui.tabs.overview import OverviewTab
from amltui.ui.tabs.tab import Tab
from amltui.ui.tabs.timeline import TimelineTab
from amltui.ui.widgets.cell_text import cut
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine, width_of

TABS: tuple[type[Tab], ...] = (
    OverviewTab,
    MetricsTab,
    LogsTab,
    FilesTab,
    ChildrenTab,
    TimelineTab,
    JsonTab,
)
NAMES = tuple(kind.TITLE.lower() for kind in TABS)
BRISK, ENDED = 4.0, 300.0
"""Seconds between questions while the job may change, and after its end."""


COMPARE, WATCH = "compare", "watch"
"""Parts that are no tabs: a screen of its own, and a switch."""
ROOMY = 110
"""Columns from which the tabs have their whole names."""
SHORTEST = 10
"""Columns of the header that the name gets at least."""
BETWEEN = " ›  "


class JobScreen(ResourceScreen, kind=JOB):
    """Follows one job while it is open; its tabs follow the rest."""

    BINDINGS = [
        Binding("left_square_bracket", "step(-1)", "Previous tab", show=False, id="tab.previous"),
        Binding("right_square_bracket", "step(1)", "Next tab", id="tab.next"),
    ]

    tab: reactive[str] = reactive("overview", init=False)

    def __init__(
        self,
        session: Session,
        row: Row[Job],
        tab: str = "overview",
        others: Sequence[Row[Job]] = (),
        metric: str | None = None,
    ) -> None:
        """`others` are jobs whose metrics are drawn over those of this one, `metric` first."""
        super().__init__(session, row)
        self._metric = metric
        self._first = tab
        self._others = [other.resource for other in others]
        job = row.resource
        place = session.azure.workspace(job.workspace)

        async def fetch() -> Listing[Job]:
            return Listing((await jobs.get(place, job.name),))

        self._feed: Feed[Job] = Feed(fetch, self._pace, session.store.clock)

    @property
    def job(self) -> Job:
        job: Job = self.known.resource
        return job

    def _pace(self, answer: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield self._made(self._first if self._first in NAMES else self.tab)
        yield KeyBar()
        yield TextLine(id="status")

    def _made(self, name: str) -> Tab:
        """The tab, made when it is first looked at: all seven cost a frame or two."""
        tab = TABS[NAMES.index(name)](self.session, self.job)
        if isinstance(tab, MetricsTab):
            tab.overlay(self._others)
            tab.about = self._metric
        return tab

    async def on_mount(self) -> None:
        if not self.children:  # closed before it was composed
            return
        await self.action_part(self._first)
        self.repaint_rows()
        self._read()
        self.set_interval(RECHECK, self._say)

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for snapshot in self._feed.snapshots():
            stale = snapshot.error is not None
            now = snapshot.at or self.known.now
            job = snapshot.items[0] if snapshot.items else self.job
            self.known = replace(self.known, resource=job, now=now, stale=stale)
            self.repaint_rows()

    @property
    def _shown(self) -> Tab:
        """The tab that is looked at. A tab's own widgets may be called as another tab is."""
        return next(tab for tab in self.query(Tab) if tab.id == self.tab)

    @property
    def row(self) -> Row[Job]:
        return replace(self.known, pending=self.dashboard.underway.pending(self.job.key))

    def repaint_rows(self) -> None:
        row = self.row
        for tab in self.query(Tab):
            tab.show_job(row)
        self._say()

    def _say(self) -> None:
        row, latest = self.row, self._feed.latest
        roomy = self.size.width >= ROOMY
        titles = [(kind.TITLE if roomy else kind.SHORT, kind) for kind in TABS]
        tabs = ("  " if roomy else " ").join(
            f"[{title}]" if kind.TITLE.lower() == self.tab else title for title, kind in titles
        )
        busy = Health.BUSY if row.pending else self.job.health
        state = Cell(row.pending or self.job.status or "?", busy)
        ran = duration(self.job.seconds(row.now))
        # Without room for everything the name needs it more: the time goes to the foot.
        right = (ran, state, self._badge) if roomy else (state, self._badge)
        taken = len(BETWEEN) + len(tabs) + width_of(right)
        watched = self.dashboard.watcher.watches(self.job.key)
        title = f"{WATCHED} {self.job.title}" if watched else self.job.title
        name = cut(title, max(SHORTEST, self.size.width - taken))
        header = self.query_one("#header", TextLine)
        header.update([f"{name}{BETWEEN}{tabs}"], right)
        now = self.session.store.clock.now()
        wrong = (problem("job", latest, now),) if latest.error else ()
        shown = self._shown
        told = (*wrong, *shown.say())
        foot = self.query_one("#status", TextLine)
        foot.update(told or (Cell("ok", dim=True),), () if roomy else (ran,))

    @property
    def _badge(self) -> Cell:
        latest = self._feed.latest
        if latest.error is not None:
            return Cell("stale", Health.ATTENTION)
        if latest.at is None:
            return Cell("loading", Health.BUSY)
        roomy = self.size.width >= ROOMY
        if self.job.ended_for_good:
            read = f", read {latest.at.astimezone():%H:%M:%S}" if roomy else ""
            return Cell(f"final{read}", dim=True)
        pace = BRISK * self.dashboard.attention.times
        return Cell(f"live {duration(pace)}" if roomy else "live", Health.GOOD)

    @on(Tab.News)
    def _heard(self, event: Tab.News) -> None:
        event.stop()
        self._say()

    def on_resize(self) -> None:
        self._say()

    async def action_part(self, name: str) -> None:
        """Show a tab, or compare the job with those whose metrics are drawn over its own."""
        if name == WATCH:
            self.dashboard.watcher.toggle([self.row])
            return
        if name == COMPARE:
            now = self.known.now
            rows = [self.row, *(Row(other, now) for other in self._others)]
            open_comparison(self.dashboard, self.session, rows)
            return
        if not any(tab.id == name for tab in self.query(Tab)):
            tab = self._made(name)
            tab.display = False
            await self.mount(tab, before=self.query_one(KeyBar))
            tab.show_job(self.row)
        self.tab = name
        for tab in self.query(Tab):
            tab.display = tab.id == name
        shown = self._shown
        able = (widget for widget in shown.query("*") if widget.focusable and widget.display)
        first = next(able, None)
        if first is not None:
            first.focus()
        self._say()

    async def action_step(self, step: int) -> None:
        await self.action_part(NAMES[(NAMES.index(self.tab) + step) % len(NAMES)])

    def action_refresh(self) -> None:
        self._feed.refresh()
        self._shown.refresh_data()
