"""What took how long: phases, attempts and children as bars over time."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult

from amltui.azure import job_details, runs
from amltui.domain.job import Job
from amltui.domain.job_details import JobDetails
from amltui.domain.listing import Listing
from amltui.domain.timeline import WAITING, Span, bars_of_children, phases
from amltui.feeds.feed import Feed
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.span_chart import SpanChart

BRISK, ENDED = 15.0, 600.0
"""Seconds between questions while the job may change, and after its end."""


class TimelineTab(Tab):
    """The job's own bars come with what the screen follows; attempts and children are asked for."""

    TITLE = "Timeline"
    SHORT = "Time"

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        place = session.azure.workspace(job.workspace)
        self._children: Feed[Job] = Feed(
            lambda: runs.children(place, job.name), self._pace, session.store.clock
        )

        async def details() -> Listing[JobDetails]:
            return Listing((await job_details.get(place, self.job),))

        self._details: Feed[JobDetails] = Feed(details, self._pace, session.store.clock)

    def _pace(self, answer: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        yield SpanChart()

    def show_job(self, row: Row[Job]) -> None:
        super().show_job(row)
        self.session.store.statuses.note(row.resource.key, row.resource.status)
        if self.display:
            self._show()

    def follow(self) -> None:
        self._show()
        self._read(self._children)
        self._read(self._details)

    def refresh_data(self) -> None:
        """Ask now."""
        self._children.refresh()
        self._details.refresh()

    @work
    async def _read(self, feed: Feed[Job] | Feed[JobDetails]) -> None:
        async for _ in feed.snapshots():
            self._show()
            self.post_message(self.News())

    @property
    def spans(self) -> Sequence[Span]:
        """What is known now."""
        details = next(iter(self._details.latest.items), JobDetails())
        seen = self.session.store.statuses.of(self.job.key)
        own = phases(self.job, seen, details.last_start, details.attempt)
        return [*own, *bars_of_children(self._children.latest.items)]

    def _show(self) -> None:
        now = self.session.store.clock.now()
        why = "The service tells no times of this job"
        self.query_one(SpanChart).show(self.spans, now, why)

    def say(self) -> tuple[Cell, ...]:
        now = self.session.store.clock.now()
        wrong = [
            problem(name, feed.latest, now)
            for name, feed in (("children", self._children), ("details", self._details))
            if feed.latest.error is not None
        ]
        told = []
        if children := len(self._children.latest.items):
            told.append(f"{children}{'+' * self._children.latest.more} children")
        if any(span.name == WAITING for span in self.spans):
            told.append("queued and preparing are told apart only while you look")
        return (*wrong, *((Cell(" · ".join(told), dim=True),) if told else ()))
