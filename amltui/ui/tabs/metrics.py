"""A job's metrics, or those of several jobs over each other: a table of them, and their curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from amltui.azure.errors import AzureError
from amltui.domain.comparison import LETTERS
from amltui.domain.job import Job
from amltui.domain.metric import MetricSeries, primary
from amltui.feeds.feed import Feed, Snapshot
from amltui.feeds.run_metrics import RunMetrics
from amltui.kinds.kind import Cell, Row
from amltui.kinds.metric import METRIC_COLUMNS, MetricRow
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.chart_tab import ChartTab
from amltui.ui.tabs.machines import Machines
from amltui.ui.tabs.metric_charts import Overlaid, Wanted, chart_of
from amltui.ui.widgets.chart_board import ChartBoard, Layout, marks_of
from amltui.ui.widgets.filter_line import FilterLine
from amltui.ui.widgets.resource_table import ResourceTable

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

BRISK = 2.0
"""Seconds between questions while a job runs: a metric is expected to move."""
ENDED = 300.0


class MetricsTab(ChartTab):
    """Histories are read once, then only what is new."""

    TITLE = "Metrics"
    SHORT = "Metr"
    BINDINGS = [
        Binding("p", "pin", "Pin", id="metrics.pin"),
        Binding("F", "read_all", "Every point of a sampled metric", show=False, id="metrics.full"),
        Binding("slash", "names", "Filter", id="metrics.names"),
        Binding("z", "grid", "Grid", id="metrics.grid"),
        Binding("S", "system", "System", id="metrics.system"),
        Binding("escape", "clear", "Clear filter, then marks", show=False),
        # For the charts, which cannot be moved in: the table has keys of its own.
        Binding("down,j", "move(1)", "Next metric", show=False),
        Binding("up,k", "move(-1)", "Previous metric", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Next page", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Previous page", show=False),
        Binding("home,g", "edge(0)", "First metric", show=False),
        Binding("end,G", "edge(-1)", "Last metric", show=False),
        Binding("space", "mark", "Overlay", show=False),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        self.jobs: list[Job] = []
        """Whose curves are drawn; the table is about the first."""
        self._runs: list[RunMetrics] = []
        self._feeds: list[Feed[MetricSeries]] = []
        self._add(job)
        self.wanted = Wanted()
        self.about: str | None = None
        """The metric to begin with, where another screen has named one."""
        self._chosen = False
        self.arrangement = Layout.BESIDE
        self._before = Layout.BESIDE
        """What a single chart goes back to."""
        self._reading = ""
        """How far the reading of every point has come."""

    def overlay(self, jobs: Sequence[Job]) -> None:
        """Draw the curves of these jobs over those of the first, as many as there are letters."""
        for job in jobs[: len(LETTERS) - 1]:
            self._add(job)

    def _add(self, job: Job) -> None:
        store, place = self.session.store, self.session.azure.workspace(job.workspace)
        run = store.metrics(place, job.name)
        pace = self._pace_of(len(self.jobs))
        self._feeds.append(Feed(run.fetch, pace, store.clock, run.latest))
        self._runs.append(run)
        self.jobs.append(job)

    def _pace_of(self, index: int) -> Callable[[object], float]:
        return lambda series: ENDED if self.jobs[index].ended_for_good else BRISK

    def show_job(self, row: Row[Job]) -> None:
        super().show_job(row)
        self.jobs[0] = row.resource
        for machines in self.query(Machines):
            machines.job = row.resource

    def compose(self) -> ComposeResult:
        with Container():
            yield FilterLine("names to show: a regular expression")
            table = ResourceTable(METRIC_COLUMNS)
            table.frame_title = "metrics"
            yield table
        yield ChartBoard(marks_of(cast("Dashboard", self.app).charts))
        machines = Machines(self.session, self.job)
        machines.display = False
        yield machines

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    @property
    def machines(self) -> Machines:
        return self.query_one(Machines)

    @property
    def snapshot(self) -> Snapshot[MetricSeries]:
        """Of the run that the table is about."""
        return self._feeds[0].latest

    def on_mount(self) -> None:
        if self.snapshot.loaded:  # in the very first frame, whoever comes back
            self._show()

    # Following

    def follow(self) -> None:
        self._show()
        if self.machines.display:
            self.machines.follow()
        for index in range(len(self._feeds)):
            self._read(index)

    def on_hide(self) -> None:
        super().on_hide()
        self.machines.rest()

    def refresh_data(self) -> None:
        """Ask now."""
        if self.machines.display:
            self.machines.refresh_data()
        for feed in self._feeds:
            feed.refresh()

    @work
    async def _read(self, index: int) -> None:
        async for snapshot in self._feeds[index].snapshots():
            self._runs[index].latest = snapshot
            self._show()
            self.post_message(self.News())

    @property
    def overlaid(self) -> list[Overlaid]:
        return [
            Overlaid(job.title, {series.name: series for series in feed.latest.items})
            for job, feed in zip(self.jobs, self._feeds, strict=True)
        ]

    def _show(self) -> None:
        """List and draw what is known now."""
        snapshot = self.snapshot
        pins = self.session.store.pins.of(self._experiment)
        self.wanted = replace(self.wanted, pins=pins)
        # Of each metric the first of the runs that has logged it, and that run's number.
        known = {
            name: (each, number)
            for number, run in reversed(list(enumerate(self.overlaid)))
            for name, each in run.series.items()
        }
        now = snapshot.at or self.session.store.clock.now()
        rows = [
            Row(
                MetricRow(
                    self.job.workspace,
                    known[name][0],
                    name in pins if pins else None,
                    LETTERS[number] if (number := known[name][1]) else "",
                ),
                now,
                stale=snapshot.error is not None,
            )
            for name in self.wanted.names(known)
        ]
        self.table.frame_title = self._title(len(rows), len(known))
        self.table.show(rows, self._why_empty(snapshot), known)
        if rows and not self._chosen:
            names = [row.resource.name for row in rows]
            # A run that answers later may be the one that has the metric.
            self._chosen = self.about in (None, *names) or all(
                feed.latest.loaded or feed.latest.error for feed in self._feeds
            )
            best = self.about if self.about in names else primary(names, self.job.primary_metric)
            self.table.go_to(names.index(best) if best else 0)
        self.draw()

    @property
    def _growing(self) -> int | None:
        """Points of the longest curve of a job that has not ended; None where all have."""
        counts = [
            max((len(series.points) for series in feed.latest.items), default=0)
            for job, feed in zip(self.jobs, self._feeds, strict=True)
            if not job.ended_for_good
        ]
        return max(counts, default=None)

    @property
    def _experiment(self) -> str:
        return self.job.experiment or ""

    def _title(self, shown: int, known: int) -> str:
        runs = f" of {len(self.jobs)} runs, values of a" if len(self.jobs) > 1 else ""
        if not self.wanted.pattern:
            return f"metrics{runs}"
        literally = " taken literally" if self.wanted.is_literal else ""
        return f"metrics{runs} ({shown} of {known})  /{self.wanted.pattern}{literally}"

    def _why_empty(self, snapshot: Snapshot[MetricSeries]) -> str:
        if snapshot.error is not None:
            return str(snapshot.error)
        if not snapshot.loaded:
            return "Asking …"
        if self.wanted.pattern:
            return f"No metric matches {self.wanted.pattern}"
        return "This job has logged no metrics" + ("." if self.job.ended_for_good else " yet.")

    def draw(self) -> None:
        """The charts of the rows: one for each, the front one with what is marked over it."""
        rows, runs, board = self.table.rows, self.overlaid, self.board
        self.view = replace(self.view, points=self._growing)
        names = [row.resource.name for row in rows]
        front = self.table.window.cursor
        marked = [name for name in names if name in self.table.window.marks]
        charts = [chart_of([name], runs) for name in names]
        if names and self.arrangement is not Layout.GRID:
            charts[front] = chart_of(
                [names[front], *(n for n in marked if n != names[front])], runs
            )
        if names and self.arrangement is Layout.BESIDE:
            charts = [charts[front], *charts[:front], *charts[front + 1 :]]
            front = 0
        board.show(charts, front, self.arrangement, self.view, "" if rows else "no metric")

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        self.draw()

    @on(ResourceTable.Opened)
    @on(ChartBoard.Inspected)
    def _opened(self, event: ResourceTable.Opened | ChartBoard.Inspected) -> None:
        event.stop()
        alone = self.arrangement is Layout.ONE
        if not alone:
            self._before = self.arrangement
        self._lay_out(self._before if alone else Layout.ONE)

    @on(ChartBoard.Left)
    def _left_board(self, event: ChartBoard.Left) -> None:
        event.stop()
        if self.arrangement is Layout.ONE:
            self._lay_out(self._before)
        elif self.arrangement is Layout.GRID:
            self._lay_out(Layout.BESIDE)
        else:
            self.table.focus()

    def _lay_out(self, layout: Layout) -> None:
        """Charts beside the table, or alone on the screen."""
        alone = layout is not Layout.BESIDE
        self.arrangement = layout
        self.set_class(alone, "-zoomed")
        self.screen.set_focus(self.board if alone else self.table)
        self.draw()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.machines.display:
            return action in {"system", "clear"}
        if action in {"move", "page", "edge", "mark"}:
            return self.board.has_focus
        if action == "clear":
            return bool(self.wanted.pattern or self.table.window.marks)
        return True

    def action_move(self, step: int) -> None:
        self.table.action_move(step)

    def action_page(self, pages: int) -> None:
        self.table.action_move(pages * self.board.per_page)

    def action_edge(self, index: int) -> None:
        self.table.go_to(index % max(1, len(self.table.rows)))

    def action_mark(self) -> None:
        self.table.action_mark()

    def action_system(self) -> None:
        """What the machines are doing in place of the metrics, or the metrics again."""
        machines = self.machines
        machines.display = not machines.display
        self.set_class(machines.display, "-system")
        if machines.display:
            machines.follow()
            self.screen.set_focus(machines)
        else:
            machines.rest()
            self._lay_out(self.arrangement)
        self.post_message(self.News())

    def action_grid(self) -> None:
        """All charts on the whole screen, page by page, or beside their list again."""
        grid = self.arrangement is not Layout.BESIDE
        self._lay_out(Layout.BESIDE if grid else Layout.GRID)

    def action_names(self) -> None:
        """Let the user type which metrics are shown."""
        if self.arrangement is not Layout.BESIDE:
            self._lay_out(Layout.BESIDE)
        self.query_one(FilterLine).open(self.wanted.pattern)

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        event.stop()
        self.wanted = replace(self.wanted, pattern=event.text)
        self._show()

    @on(FilterLine.Left)
    def _left_filter(self, event: FilterLine.Left) -> None:
        event.stop()
        self.table.focus()

    def action_clear(self) -> None:
        if self.machines.display:
            self.action_system()
        elif self.wanted.pattern:
            self.wanted = replace(self.wanted, pattern="")
            self._show()
        else:
            self.table.action_unmark()

    def action_pin(self) -> None:
        row = self.table.cursor_row
        if row is None:
            return
        if not self.session.store.pins.toggle(self._experiment, row.resource.name):
            self.notify("Pinned until amltui ends: the file of pins cannot be written.")
        self._show()

    # Every point

    def action_read_all(self) -> None:
        """Read what the chart in front has only a sample of; the same key again stops that."""
        chart = self.board.chart
        if self._reading:
            self.workers.cancel_group(self, "all")
            self._tell_reading("")
        elif chart is not None and chart.is_sampled:
            self._read_all({line.series.name for line in chart.lines})

    @work(group="all", exclusive=True)
    async def _read_all(self, names: set[str]) -> None:
        try:
            for run, feed in zip(self._runs, self._feeds, strict=True):
                for series in run.known:
                    if series.name in names and series.sampled:
                        async for count in run.read_all(series.name):
                            self._tell_reading(f"{count:,} of {series.logged:,} points read")
                        feed.latest = replace(feed.latest, items=run.known)
                        self._show()
        except AzureError as error:
            self.notify(str(error), title="Not every point was read", markup=False)
        self._tell_reading("")

    def _tell_reading(self, words: str) -> None:
        self._reading = words
        self.post_message(self.News())

    def say(self) -> tuple[Cell, ...]:
        if self.machines.display:
            return self.machines.say()
        now = self.session.store.clock.now()
        wrong = [
            problem("metrics", feed.latest, now)
            for feed in self._feeds
            if feed.latest.error is not None
        ]
        if not self.snapshot.loaded:
            return tuple(wrong)
        each = [series for feed in self._feeds for series in feed.latest.items]
        told = [f"{len({series.name for series in each})} metrics"]
        if len(self.jobs) > 1:
            waiting = sum(not feed.latest.loaded for feed in self._feeds)
            told[0] += f" of {len(self.jobs)} runs"
            told += [f"{waiting} of them yet to answer"] if waiting else []
        sampled = sum(series.sampled for series in each)
        if self._reading:
            told.append(f"{self._reading} · F stops")
        elif sampled:
            told.append(f"{sampled} sampled by the service (F reads every point)")
        return (*wrong, Cell(" · ".join(told)))
