"""Marked runs side by side: which is best, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from amltui.azure import sides
from amltui.domain.comparison import LETTERS, METRIC, Line, Side, lines, main_metric
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.feeds.export import save
from amltui.feeds.feed import Feed
from amltui.kinds.comparison import (
    NAMED,
    WIDTH,
    Compared,
    Told,
    differences,
    line_columns,
    line_facts,
    markdown,
    record,
    run_columns,
    verdict,
)
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import problem
from amltui.ui.screens.values import ValuesScreen
from amltui.ui.session import Session
from amltui.ui.widgets.chart_board import marks_of
from amltui.ui.widgets.compared_curves import ComparedCurves
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

ROOMY = 30
"""Lines of the terminal from which there is a chart under the table."""
BRISK, ENDED = 10.0, 600.0
"""Seconds between questions for a run that may change, and for one that has ended."""


class Runs(ResourceTable):
    """The runs: here a mark would say nothing, so the key takes one out of the comparison."""

    BINDINGS = [Binding("space", "screen.hide", "Hide", id="compare.hide")]


class CompareScreen(Screen[None]):
    """The runs above, everything that they are compared by below."""

    BINDINGS = [
        Binding("escape,q,backspace", "app.pop_screen", "Back"),
        Binding("b", "baseline", "Base", id="compare.baseline"),
        Binding("d", "all", "All", id="compare.all"),
        Binding("m", "metrics", "Metrics", id="compare.metrics"),
        Binding("v", "curves", "Chart", id="compare.curves"),
        Binding("s", "smooth", "Smooth the chart", show=False, id="compare.smooth"),
        Binding("y", "log", "Logarithmic chart", show=False, id="compare.log"),
        Binding("t", "axis", "Axis of the chart", show=False, id="compare.axis"),
        Binding("J", "move(1)", "Run down", show=False, id="compare.down"),
        Binding("K", "move(-1)", "Run up", show=False, id="compare.up"),
        Binding("right", "shift(1)", "Further runs", show=False, id="compare.further"),
        Binding("left", "shift(-1)", "Runs before", show=False, id="compare.before"),
        Binding("C", "copy", "Copy", id="compare.copy"),
        Binding("ctrl+s", "save", "Export", id="compare.save"),
        Binding("r", "refresh", "Refresh", show=False, id="compare.refresh"),
    ]
    DEFAULT_CSS = """
    CompareScreen #runs { height: auto; max-height: 40%; }
    CompareScreen #lines { height: 1fr; }
    CompareScreen #curves { height: 1fr; }
    """

    def __init__(self, session: Session, rows: Sequence[Row[Job]]) -> None:
        super().__init__()
        self.session = session
        self.jobs = [row.resource for row in rows[: len(LETTERS)]]
        self._left_out = len(rows) - len(self.jobs)
        self._feeds = [self._feed(job) for job in self.jobs]
        self._baseline = 0
        self._hidden: set[str] = set()
        """Keys of the runs that take no part."""
        self._all = False
        self._curves: bool | None = None
        """Whether the chart is wanted; None is where there is room for it beside the lines."""
        self._filling = True
        """Whether runs are yet to answer for the first time."""
        self._first = 0
        """Of the runs beside the baseline, the first that has a column."""

    def _feed(self, job: Job) -> Feed[Side]:
        place = self.session.azure.workspace(job.workspace)

        async def fetch() -> Listing[Side]:
            return Listing((await sides.get(place, job),))

        def pace(answer: Sequence[Side]) -> float:
            return ENDED if answer and answer[0].job.ended_for_good else BRISK

        return Feed(fetch, pace, self.session.store.clock)

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        runs = Runs((), id="runs")
        runs.frame_title = "runs"
        runs.styles.height = len(self.jobs) + 3
        yield runs
        yield ResourceTable((), id="lines")
        yield ComparedCurves(self.session, marks_of(self.dashboard.charts))
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        if not self.children:  # closed before it was composed
            return
        self.query_one("#runs", ResourceTable).focus()
        self._show()
        for feed in self._feeds:
            self._read(feed)

    @work
    async def _read(self, feed: Feed[Side]) -> None:
        async for _ in feed.snapshots():
            self._show()

    # What is shown

    @property
    def sides(self) -> list[Side]:
        """The runs as they are now known: before an answer, what the list knew of them."""
        return [
            feed.latest.items[0] if feed.latest.items else Side(job)
            for job, feed in zip(self.jobs, self._feeds, strict=True)
        ]

    @property
    def lines(self) -> list[Line]:
        """What is shown of them."""
        return self._kept(self._lines_of_shown)

    @property
    def _lines_of_shown(self) -> list[Line]:
        """Everything that the runs that take part are compared by."""
        known = self.sides
        # A hidden run stands in as the baseline: it makes no difference, and nothing is best in it.
        stood_in = [
            known[self._baseline] if self._is_hidden(index) else side
            for index, side in enumerate(known)
        ]
        return lines(stood_in, self.session.store.clock.now())

    def _kept(self, found: Sequence[Line]) -> list[Line]:
        return [line for line in found if self._all or line.differs or line.group == METRIC]

    def _is_hidden(self, index: int) -> bool:
        return self.jobs[index].key in self._hidden

    @property
    def _told(self) -> tuple[list[Side], list[Line], int]:
        """What is copied and saved: the runs that take part, their lines, and the baseline."""
        shown = [index for index in range(len(self.jobs)) if not self._is_hidden(index)]
        known = [self.sides[index] for index in shown]
        found = lines(known, self.session.store.clock.now())
        return known, self._kept(found), shown.index(self._baseline)

    def _show(self) -> None:
        if not (self.is_attached and self.children):
            return
        now = self.session.store.clock.now()
        known, shown = self.sides, self.lines
        main = main_metric(known)
        metric = next((line for line in shown if (line.group, line.name) == (METRIC, main)), None)
        runs, table = (
            self.query_one("#runs", ResourceTable),
            self.query_one("#lines", ResourceTable),
        )
        runs.columns = run_columns(known)
        runs.show(
            [
                Row(
                    Compared(
                        index,
                        side,
                        index == self._baseline,
                        None if self._is_hidden(index) else metric,
                        self._baseline,
                    ),
                    now,
                    stale=self._is_hidden(index),
                )
                for index, side in enumerate(known)
            ]
        )
        order = self._order()
        table.columns = line_columns(order)
        what = "everything" if self._all else "metrics, and what differs"
        title = f"{what}   * best   % of {LETTERS[self._baseline]}"
        table.frame_title = f"{title}   {differences(self._lines_of_shown)}".rstrip()
        table.show([Row(Told(line, self._baseline), now) for line in shown], self._why_empty())
        if self._filling:
            table.go_to(0)  # lines come in above the first one
            self._filling = not all(feed.latest.loaded for feed in self._feeds)
        title = one_line(known[self._baseline].job.title)
        base = f"baseline {LETTERS[self._baseline]}: {title}"
        self.query_one("#header", TextLine).update([f"Compare › {len(known)} runs"], [base])
        self._follow_curves()
        self.query_one("#status", TextLine).update(self._status(order))

    @property
    def curves(self) -> ComparedCurves:
        return self.query_one(ComparedCurves)

    @property
    def _metric(self) -> str | None:
        """The metric under the cursor of the lines, else the one that all are judged by."""
        row = self.query_one("#lines", ResourceTable).cursor_row
        line: Line | None = row.resource.line if row is not None else None
        if line is not None and line.group == METRIC:
            return line.name
        return main_metric(self.sides)

    def _follow_curves(self) -> None:
        """The chart under the lines where both have room, or in their place."""
        roomy = self.size.height >= ROOMY
        self.curves.display = roomy if self._curves is None else self._curves
        self.query_one("#lines", ResourceTable).display = roomy or not self.curves.display
        self.curves.follow(self._metric, self.sides, frozenset(self._hidden))

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        self._follow_curves()

    @on(ComparedCurves.News)
    def _heard(self, event: ComparedCurves.News) -> None:
        event.stop()
        self._follow_curves()
        self.query_one("#status", TextLine).update(self._status(self._order()))

    def _order(self) -> list[int]:
        """The runs that have a column: the baseline first, then as many as there is room for."""
        others = [
            index
            for index in range(len(self.jobs))
            if index != self._baseline and not self._is_hidden(index)
        ]
        room = max(1, (self.size.width - NAMED - 14) // (WIDTH + 1) - 1)
        self._first = min(max(0, self._first), max(0, len(others) - room))
        return [self._baseline, *others[self._first : self._first + room]]

    def _why_empty(self) -> str:
        if any(feed.latest.loaded for feed in self._feeds):
            return "Nothing differs: d shows everything"
        return "Asking …"

    def _status(self, order: Sequence[int]) -> list[Cell]:
        now = self.session.store.clock.now()
        told = [
            problem(one_line(job.title), feed.latest, now)
            for job, feed in zip(self.jobs, self._feeds, strict=True)
            if feed.latest.error is not None
        ]
        told += self.curves.problems
        told += [Cell(one_line(side.note), Health.ATTENTION) for side in self.sides if side.note]
        waiting = sum(not feed.latest.loaded for feed in self._feeds)
        if waiting:
            told.append(Cell(f"asking about {waiting}", Health.BUSY))
        if self._hidden:
            told.append(Cell(f"{len(self._hidden)} hidden: space shows it again"))
        if len(order) < len(self.jobs) - len(self._hidden):
            letters = " ".join(LETTERS[index] for index in order)
            told.append(Cell(f"columns {letters} of {len(self.jobs)}: ← → for the others"))
        if self._left_out:
            told.append(Cell(f"{self._left_out} more are marked: 12 are compared at most"))
        best = verdict(self.sides, self._lines_of_shown, self._baseline)
        return [*told, Cell(f"{best} (last values)")]

    def on_resize(self) -> None:
        self._show()

    # Keys

    def _chosen(self) -> int:
        runs = self.query_one("#runs", ResourceTable)
        return runs.window.cursor if runs.cursor_row is not None else 0

    def action_baseline(self) -> None:
        """Compare with the run under the cursor."""
        self._baseline = self._chosen()
        self._hidden.discard(self.jobs[self._baseline].key)
        self._show()

    def action_hide(self) -> None:
        """Leave the run under the cursor out, or take it in again."""
        index = self._chosen()
        if index == self._baseline:
            self.notify("The baseline is what all are compared with: b chooses another")
            return
        self._hidden ^= {self.jobs[index].key}
        self._show()

    def action_move(self, step: int) -> None:
        """Swap the run under the cursor with its neighbour: letters go by the order."""
        index = self._chosen()
        other = index + step
        if not 0 <= other < len(self.jobs):
            return
        jobs, feeds = self.jobs, self._feeds
        jobs[index], jobs[other] = jobs[other], jobs[index]
        feeds[index], feeds[other] = feeds[other], feeds[index]
        if self._baseline in {index, other}:
            self._baseline = index + other - self._baseline
        self._show()
        self.query_one("#runs", ResourceTable).go_to(other)

    def action_all(self) -> None:
        self._all = not self._all
        self._show()

    def action_shift(self, step: int) -> None:
        self._first += step
        self._show()

    def action_curves(self) -> None:
        """Show the chart, or hide it."""
        self._curves = not self.curves.display
        self._show()

    def action_smooth(self) -> None:
        self.curves.look(self.curves.view.smoother())

    def action_log(self) -> None:
        self.curves.look(replace(self.curves.view, log=not self.curves.view.log))

    def action_axis(self) -> None:
        self.curves.look(self.curves.view.turned())

    def action_metrics(self) -> None:
        """Their curves over each other."""
        from amltui.ui.screens.job import JobScreen

        now = self.session.store.clock.now()
        known, _, baseline = self._told
        rows = [Row(side.job, now) for side in known]
        first = rows.pop(baseline)
        self.app.push_screen(JobScreen(self.session, first, "metrics", rows, self._metric))

    def action_copy(self) -> None:
        known, told, baseline = self._told
        self.app.copy_to_clipboard(markdown(known, told, baseline))
        self.notify(f"Copied {len(told)} lines of {len(known)} runs as markdown")

    def action_save(self) -> None:
        from amltui.ui.comparison_picture import svg

        now, picture = self.session.store.clock.now(), {".svg": svg(*self._told)}
        try:
            made = save(record(*self._told), "compare", now, picture)
        except OSError as error:
            self.notify(f"Nothing was saved: {error}", severity="error", markup=False)
            return
        self.notify(f"Saved {', '.join(map(str, made))}", markup=False)

    def action_refresh(self) -> None:
        self.curves.ask_again()
        for feed in self._feeds:
            feed.refresh()

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        if isinstance(event.row.resource, Told):
            line, now = event.row.resource.line, self.session.store.clock.now()
            facts = line_facts(self.sides, line, self._baseline)
            title = f"{line.group} {one_line(line.name)}"
            self.app.push_screen(ValuesScreen(title, facts, f"as known at {now.astimezone():%X}"))
        elif isinstance(event.row.resource, Compared):
            from amltui.ui.screens.job import JobScreen

            job = event.row.resource.side.job
            row = Row(job, self.session.store.clock.now())
            self.app.push_screen(JobScreen(self.session, row))
