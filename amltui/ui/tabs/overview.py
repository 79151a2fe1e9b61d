"""Everything that is known of a job, in words."""

from __future__ import annotations

from textual.app import ComposeResult

from amltui.domain.job import Job
from amltui.kinds.job import JOB
from amltui.kinds.kind import Row
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.facts_view import FactsView


class OverviewTab(Tab):
    """Paints the job that the screen follows."""

    TITLE = "Overview"
    SHORT = "Over"

    def compose(self) -> ComposeResult:
        yield FactsView(full=True)

    def show_job(self, row: Row[Job]) -> None:
        self.query_one(FactsView).show(JOB.facts(row))
