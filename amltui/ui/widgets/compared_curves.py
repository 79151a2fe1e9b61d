"""One metric of the runs that are compared, over each other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from textual import work
from textual.message import Message

from amltui.azure.errors import AzureError
from amltui.domain.comparison import Side
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.metric import LastValue
from amltui.feeds.run_metrics import RunMetrics
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell
from amltui.ui.charts.canvas import Marks
from amltui.ui.charts.view import View
from amltui.ui.session import Session
from amltui.ui.tabs.metric_charts import Overlaid, chart_of
from amltui.ui.widgets.chart_board import ChartBoard, Layout


class ComparedCurves(ChartBoard, can_focus=False):
    """Reads the history of that metric only, and of it what is new since the last time."""

    class News(Message):
        """A history has been read, or was refused."""

    def __init__(self, session: Session, marks: Marks) -> None:
        super().__init__(marks, id="curves")
        self._session = session
        self._metric: str | None = None
        self._sides: Sequence[Side] = ()
        self._hidden: frozenset[str] = frozenset()
        self._reading: set[tuple[str, str]] = set()
        """Jobs' keys and metrics that are asked for."""
        self._wrong: dict[str, tuple[str, LastValue, AzureError]] = {}
        """By job: for which metric it has refused, up to which value, and why."""

    def follow(self, metric: str | None, sides: Sequence[Side], hidden: frozenset[str]) -> None:
        """Draw this metric of these runs, but of the hidden ones, and read what is missing."""
        self._metric, self._sides, self._hidden = metric, sides, hidden
        self._draw()
        if not self.display:
            return
        for side in sides:
            value = side.metrics.get(metric or "")
            if value is None or (side.job.key, value.name) in self._reading:
                continue
            before = self._wrong.get(side.job.key)
            if before is not None and before[:2] == (metric, value):
                continue
            if self._run(side.job).lacks(value):
                self._reading.add((side.job.key, value.name))
                self._read(side.job, value)

    def ask_again(self) -> None:
        """Also those that have refused."""
        self._wrong.clear()

    def look(self, view: View) -> None:
        self.view = view
        self.repaint()

    @property
    def problems(self) -> list[Cell]:
        """Whose curve is missing, and why."""
        titles = {side.job.key: one_line(side.job.title) for side in self._sides}
        return [
            Cell(f"no curve of {titles[key]}: {error}", Health.ATTENTION)
            for key, (metric, _, error) in self._wrong.items()
            if key in titles and metric == self._metric
        ]

    def _run(self, job: Job) -> RunMetrics:
        return self._session.store.metrics(self._session.azure.workspace(job.workspace), job.name)

    @work
    async def _read(self, job: Job, value: LastValue) -> None:
        try:
            await self._run(job).read_on(value)
        except AzureError as error:
            self._wrong[job.key] = (value.name, value, error)
        else:
            self._wrong.pop(job.key, None)
        self._reading.discard((job.key, value.name))
        self.post_message(self.News())

    def _draw(self) -> None:
        name = self._metric
        if name is None:
            self.show((), 0, Layout.ONE, self.view, "no metric")
            return
        runs, growing = [], []
        for side in self._sides:
            series = self._run(side.job).series(name)
            is_drawn = series is not None and side.job.key not in self._hidden
            runs.append(Overlaid(side.job.title, {name: series} if series and is_drawn else {}))
            if series is not None and not side.job.ended_for_good:
                growing.append(len(series.points))
        chart = chart_of([name], runs)
        view = replace(self.view, points=max(growing, default=None))
        if chart.lines:
            self.show([chart], 0, Layout.ONE, view)
        else:
            asked = any(name in side.metrics for side in self._sides) and not self._wrong
            why = f"Reading {name} …" if asked else f"no points of {name}"
            self.show((), 0, Layout.ONE, view, why)
