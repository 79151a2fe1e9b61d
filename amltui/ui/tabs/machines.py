"""What the machines of a job are doing, followed for as long as it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual import work
from textual.binding import Binding

from amltui.azure import machine_load
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.machine_load import MachineLoad
from amltui.feeds.feed import Feed
from amltui.kinds.kind import Cell
from amltui.kinds.machine_load import why_none
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.heat_strips import HeatStrips, Shown

BRISK, ENDED = 60.0, 1800.0
"""Seconds between questions while the job runs: Monitor has a sample a minute; and after its end,
when late ones may still come."""
LATELY = timedelta(minutes=90)


class Machines(HeatStrips):
    """All of the job's time, or the last of it from minute to minute."""

    BINDINGS = [Binding("t", "time", "All/last 90 min", id="machines.time")]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__()
        self.session = session
        self.job = job
        self._lately = False
        self._feed = self._asking()

    def _asking(self) -> Feed[MachineLoad]:
        place = self.session.azure.workspace(self.job.workspace)

        async def fetch() -> Listing[MachineLoad]:
            ends = self._ends()
            if ends is None:
                return Listing(())
            held = next(iter(feed.latest.items), None)
            return Listing((await machine_load.get(place, self.job.name, *ends, held),))

        feed: Feed[MachineLoad] = Feed(fetch, self._pace, self.session.store.clock)
        return feed

    def _ends(self) -> tuple[datetime, datetime] | None:
        """From when to when; None where the job has not begun."""
        if self.job.started is None:
            return None
        end = self.job.ended or self.session.store.clock.now()
        start = max(self.job.started, end - LATELY) if self._lately else self.job.started
        return (start, end) if start < end else None

    def _pace(self, answer: Sequence[MachineLoad]) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def follow(self) -> None:
        """Ask, and draw what comes, until `rest`."""
        self._draw()
        self._read()

    def rest(self) -> None:
        self.workers.cancel_node(self)

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()

    @work(exclusive=True)
    async def _read(self) -> None:
        async for _ in self._feed.snapshots():
            self._draw()
            self.post_message(Tab.News())

    def _draw(self) -> None:
        latest, now = self._feed.latest, self.session.store.clock.now()
        if latest.error is not None:
            why = str(latest.error)
        else:
            why = why_none(self.job, now) if latest.loaded else "Asking Azure Monitor …"
        load = next(iter(latest.items), None)
        when = "last 90 min" if self._lately else "all of the job"
        self.frame_title = f"machines, {when}"
        self.show(Shown(load, now, why, self.job.is_running))
        self.repaint()

    def action_time(self) -> None:
        self._lately = not self._lately
        self._feed = self._asking()
        self.follow()

    def say(self) -> tuple[Cell, ...]:
        """Ages and troubles."""
        latest = self._feed.latest
        if latest.error is not None:
            return (problem("machines", latest, self.session.store.clock.now()),)
        load = next(iter(latest.items), None)
        if load is None or not load.traces:
            return ()
        gpus = {(trace.node, trace.device) for trace in load.traces if trace.device}
        told = f"{len(load.nodes)} node{'s' * (len(load.nodes) != 1)}, "
        told += f"{len(gpus)} GPU{'s' * (len(gpus) != 1)}" if gpus else "no GPU"
        return (Cell(f"{told} · from Azure Monitor, some minutes late"),)
