"""Everything that is known of a job, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult

from amltui.azure import job_details, waiting
from amltui.domain.job import Job
from amltui.domain.job_details import JobDetails
from amltui.domain.listing import Listing
from amltui.domain.progress import Progress
from amltui.domain.waiting import Why, waits
from amltui.feeds import progress_of
from amltui.feeds.feed import Feed
from amltui.kinds.format import NONE
from amltui.kinds.job import JOB
from amltui.kinds.job_facts import detail_facts, fuller
from amltui.kinds.job_progress import words
from amltui.kinds.kind import Cell, Fact, Row
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.facts_view import FactsView

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

BRISK, ENDED = 30.0, 600.0
"""Seconds between questions for the details while the job may change, and after its end."""


AT = 3
"""Facts that stand above the progress: what the job is, and its status."""


class OverviewTab(Tab):
    """Paints the job that the screen follows, and details that it asks for itself."""

    TITLE = "Overview"
    SHORT = "Over"

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        place = session.azure.workspace(job.workspace)
        self._why: Why | None = None
        self._progress: Progress | None = None
        self._clock = session.store.clock

        async def fetch() -> Listing[JobDetails]:
            self._why = await waiting.why(place, self.job) if waits(self.job) else None
            self._progress = await progress_of.read(place, self.job, self._others, self._clock)
            return Listing((await job_details.get(place, self.job),))

        self._feed: Feed[JobDetails] = Feed(fetch, self._pace, session.store.clock)
        self._row: Row[Job] | None = None

    @property
    def _others(self) -> list[Job]:
        """Jobs of all workspaces, as they are known without a question."""
        overview = cast("Dashboard", self.app).overview
        return [each.job for each in overview.jobs] if overview is not None else []

    def _pace(self, answer: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        yield FactsView(full=True)

    def show_job(self, row: Row[Job]) -> None:
        moved = row.resource.status != self.job.status
        super().show_job(row)
        self._row = row
        if moved:
            self._feed.refresh()
        self._show()

    def follow(self) -> None:
        self._read()

    def refresh_data(self) -> None:
        """Ask for the details now."""
        self._feed.refresh()

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for _ in self._feed.snapshots():
            self._show()
            self.post_message(self.News())

    def _show(self) -> None:
        if self._row is None:
            return
        row = self._row if self._why is None else replace(self._row, extra=self._why)
        facts = list(JOB.facts(row))
        if self._row.resource.is_running and self._feed.latest.loaded:
            told = Fact("progress", words(self._progress))
            facts = [told if fact.name == "progress" else fact for fact in facts]
            if told not in facts:
                facts.insert(AT, told)
        for details in self._feed.latest.items:
            facts = fuller(facts, detail_facts(self._row, details))
        self.query_one(FactsView).show([fact for fact in facts if fact.value != NONE])

    def say(self) -> tuple[Cell, ...]:
        if self._feed.latest.error is None:
            return ()
        return (problem("details", self._feed.latest, self.session.store.clock.now()),)
