"""A job's metrics: a trend of each, and the curve of the one under the cursor."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult

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
    DEFAULT_CSS = """
    MetricsTab { layout: horizontal; }
    MetricsTab ResourceTable { width: 2fr; max-width: 68; height: 1fr; }
    MetricsTab MetricChart { width: 3fr; height: 1fr; }
    .-narrow MetricsTab { layout: vertical; }
    .-narrow MetricsTab ResourceTable { width: 1fr; max-width: 100%; height: 2fr; }
    .-narrow MetricsTab MetricChart { width: 1fr; height: 3fr; }
    """

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

    def say(self) -> tuple[Cell, ...]:
        snapshot = self.snapshot
        if snapshot.error is None:
            return (Cell(f"{len(snapshot.items)} metrics"),) if snapshot.loaded else ()
        return (problem("metrics", snapshot, self.session.store.clock.now()),)
