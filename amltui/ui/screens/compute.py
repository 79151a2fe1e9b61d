"""One compute: everything that is known of it, above what is on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from amltui.azure import computes, jobs, machine_load
from amltui.azure.errors import AzureError
from amltui.domain.compute import Compute, Node
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.machine_load import MachineLoad
from amltui.feeds.feed import Feed
from amltui.kinds import compute_parts as parts
from amltui.kinds.compute import COMPUTE
from amltui.kinds.format import one_line
from amltui.kinds.job import JOB
from amltui.kinds.kind import Fact, Row
from amltui.kinds.machine_load import busy
from amltui.ui.freshness import problem
from amltui.ui.openers import OPENERS
from amltui.ui.screens.facts import FactsScreen
from amltui.ui.session import Session
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

PACE = 10.0
"""Seconds between two questions for its nodes and jobs."""
LOAD_PACE = 60.0
"""Seconds between two questions for how busy its machines are: there is a sample a minute."""
NEWEST = 200
"""Jobs of the workspace that are looked through."""


class _On(Struct, frozen=True):
    """What is on a compute, as it was told together."""

    nodes: tuple[Node, ...]
    jobs: tuple[Job, ...]
    more: bool
    """Whether there are older jobs that were not looked at."""


class ComputeScreen(FactsScreen, kind=COMPUTE):
    """Enter on a node or a job opens the job."""

    DEFAULT_CSS = """
    ComputeScreen ResourceTable { height: 2fr; }
    ComputeScreen FactsView { height: 2fr; }
    ComputeScreen FactsView.-long { height: 3fr; }
    """

    def __init__(self, session: Session, row: Row[Any]) -> None:
        super().__init__(session, row)
        compute: Compute = row.resource
        place = session.azure.workspace(compute.workspace)

        async def fetch() -> Listing[_On]:
            listed = await jobs.newest(place, NEWEST)
            known = parts.has_node_list(compute)
            nodes = await computes.nodes(place, compute.name) if known else ()
            return Listing((_On(nodes, listed.items, listed.more),))

        clock = session.store.clock

        async def fetch_load() -> Listing[MachineLoad]:
            return Listing((await machine_load.of_compute(place, compute.name, clock.now()),))

        self._feed: Feed[_On] = Feed(fetch, lambda _: PACE, clock)
        self._load: Feed[MachineLoad] = Feed(fetch_load, lambda _: LOAD_PACE, clock)

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        facts = FactsView(full=True)
        # An instance has more to tell than a list of the few jobs on it.
        facts.set_class(not parts.has_node_list(self.known.resource), "-long")
        yield facts
        table = ResourceTable(parts.columns_for(self.known.resource))
        has_nodes = parts.has_node_list(self.known.resource)
        table.frame_title = "nodes" if has_nodes else "jobs on it, newest first"
        yield table
        yield KeyBar()
        yield TextLine(id="status")

    def on_mount(self) -> None:
        """What the screen of any resource does then is done as well, by Textual."""
        if not self.children:  # closed before it was composed
            return
        self._follow()
        if self.known.resource.has_samples:
            self._follow_load()

    @property
    def first(self) -> Widget:
        return self.query_one(ResourceTable)

    @work(group="load", exclusive=True)
    async def _follow_load(self) -> None:
        async for _ in self._load.snapshots():
            self.repaint_rows()

    @work(group="parts", exclusive=True)
    async def _follow(self) -> None:
        async for _ in self._feed.snapshots():
            self.repaint_rows()

    def facts(self, row: Row[Any]) -> list[Fact]:
        told = super().facts(row)
        for each in self._feed.latest.items:
            told.insert(1, parts.counted(row.resource, each.jobs, row.now, more=each.more))
        if self._feed.latest.error is not None:
            said = problem("", self._feed.latest, self.session.store.clock.now())
            told.insert(1, Fact(self._title, said))
        if row.resource.has_samples:
            at = next((at for at, fact in enumerate(told) if fact.name == "price"), 0) + 1
            told[at:at] = self._busy(row.now)
        return told

    def _busy(self, now: datetime) -> list[Fact]:
        """How busy its machines are, or why that is not known."""
        known = self._load.latest
        if known.error is not None:
            return [Fact("busy", problem("", known, self.session.store.clock.now()))]
        loads = [fact for load in known.items for fact in busy(load, now)]
        return loads or [Fact("busy", "asking Azure Monitor …")]

    @property
    def _title(self) -> str:
        return "nodes" if parts.has_node_list(self.known.resource) else "jobs on it"

    def repaint_rows(self) -> None:
        super().repaint_rows()
        compute: Compute = self.known.resource
        now = self.session.store.clock.now()
        rows: list[Row[Any]] = []
        why = "Asking …" if self._feed.latest.error is None else "Unknown: above is told why."
        load = next(iter(self._load.latest.items), None)
        for each in self._feed.latest.items:
            held: Any = (
                parts.machines(compute, each.nodes, each.jobs, load)
                if parts.has_node_list(compute)
                else parts.on(compute, each.jobs)
            )
            rows = [Row(one, now) for one in held]
            why = "No node is up." if parts.has_node_list(compute) else "No job names it."
        for table in self.query(ResourceTable):
            table.show(rows, why)

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self._lead_to(event.row)

    @work(group="lead", exclusive=True)
    async def _lead_to(self, row: Row[Any]) -> None:
        """To the job; one that is too old to have been read is asked for by its name."""
        found = row.resource
        if isinstance(found, parts.Machine):
            run, found = found.node.run_id, found.job
            if found is None and run is None:
                self.notify("Nothing runs on this node", severity="warning")
                return
            if found is None and run is not None:
                place = self.session.azure.workspace(self.known.resource.workspace)
                try:
                    found = await jobs.get(place, run)
                except AzureError as error:
                    self.notify(one_line(str(error)), severity="warning", markup=False)
                    return
        OPENERS["job"](self.dashboard, JOB, Row(found, row.now), None, ())

    def action_refresh(self) -> None:
        super().action_refresh()
        self._feed.refresh()
        self._load.refresh()
