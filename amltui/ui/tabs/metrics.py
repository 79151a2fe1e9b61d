"""A job's metrics: a trend of each, and the curve of the one under the cursor."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.domain.job import Job
from amltui.domain.metric import MetricSeries, primary
from amltui.feeds.feed import Feed, Snapshot
from amltui.feeds.run_metrics import RunMetrics
from amltui.kinds.kind import Cell, Row
from amltui.kinds.metric import METRIC_COLUMNS, MetricRow
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.metric_chart import MetricChart
from amltui.ui.widgets.resource_table import ResourceTable

BRISK = 2.0
"""Seconds between questions while the job runs: a metric is expected to move."""
ENDED = 300.0


class MetricsTab(Tab):
    """Histories are read once, then only what is new."""

    TITLE = "Metrics"
    SHORT = "Metr"
    BINDINGS = [
        Binding("z", "zoom", "Chart on the whole screen", show=False, id="metrics.zoom"),
        # For the chart, which cannot be moved in: the table has keys of its own.
        Binding("down,j", "move(1)", "Next metric", show=False),
        Binding("up,k", "move(-1)", "Previous metric", show=False),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        run = RunMetrics(session.azure.workspace(job.workspace), job.name)
        self._feed: Feed[MetricSeries] = Feed(run.fetch, self._pace, session.store.clock)
        self._chosen = False

    def _pace(self, series: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        table = ResourceTable(METRIC_COLUMNS)
        table.frame_title = "metrics"
        yield table
        yield MetricChart()

    @property
    def snapshot(self) -> Snapshot[MetricSeries]:
        return self._feed.latest

    def follow(self) -> None:
        self._show(self.snapshot)
        self._read()

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for snapshot in self._feed.snapshots():
            self._show(snapshot)
            self.post_message(self.News())

    def _show(self, snapshot: Snapshot[MetricSeries]) -> None:
        now = snapshot.at or self.session.store.clock.now()
        stale = snapshot.error is not None
        rows = [
            Row(MetricRow(self.job.workspace, series), now, stale=stale)
            for series in snapshot.items
        ]
        table = self.query_one(ResourceTable)
        table.show(rows, self._why_empty(snapshot))
        if rows and not self._chosen:
            self._chosen = True
            best = primary((row.resource.name for row in rows), self.job.primary_metric)
            table.go_to(next(i for i, row in enumerate(rows) if row.resource.name == best))

    def _why_empty(self, snapshot: Snapshot[MetricSeries]) -> str:
        if snapshot.error is not None:
            return str(snapshot.error)
        if not snapshot.loaded:
            return "Asking …"
        return "This job has logged no metrics" + ("." if self.job.ended_for_good else " yet.")

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        row = event.row
        series = row.resource.series if row is not None else None
        self.query_one(MetricChart).show(series, "" if series else "no metric")

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.action_zoom()

    @on(MetricChart.Left)
    def _left_chart(self, event: MetricChart.Left) -> None:
        event.stop()
        if self.has_class("-zoomed"):
            self.action_zoom()
        else:
            self.query_one(ResourceTable).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "move" or self.query_one(MetricChart).has_focus

    def action_move(self, step: int) -> None:
        self.query_one(ResourceTable).action_move(step)

    def action_zoom(self) -> None:
        """The chart on the whole screen, or beside its list again."""
        self.toggle_class("-zoomed")
        table, chart = self.query_one(ResourceTable), self.query_one(MetricChart)
        self.screen.set_focus(chart if self.has_class("-zoomed") else table)

    def say(self) -> tuple[Cell, ...]:
        snapshot = self.snapshot
        if snapshot.error is None:
            return (Cell(f"{len(snapshot.items)} metrics"),) if snapshot.loaded else ()
        return (problem("metrics", snapshot, self.session.store.clock.now()),)
