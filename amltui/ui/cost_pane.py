"""What money is spent on, by whom, what of it is wasted, and one key that ends that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from amltui.domain.actual import Billed
from amltui.domain.overview import Overview
from amltui.domain.waste import Waste
from amltui.feeds.board import Board
from amltui.feeds.feed import Snapshot
from amltui.kinds import cost, money, remedy
from amltui.kinds.kind import Action, Cell, Fact, Row
from amltui.ui.overview_pane import OverviewPane
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

ACTUALS_PACE = 6 * 3600.0
"""Seconds between two questions to Cost Management, which is a day late and allows few."""
SHORT = 8
"""Characters of a subscription's id that tell it from the others."""


class CostPane(OverviewPane):
    """Estimates above, what was billed apart from them, what is wasteful below."""

    NAME = "cost"
    TITLE = "Cost"
    BINDINGS = [
        Binding("S", "fix", "Fix marked", id="cost.fix"),
        Binding("b", "break_down", "Break down", id="cost.break_down"),
        Binding("c", "copy", "Copy az commands", show=False, id="cost.copy"),
        Binding("escape", "unmark", "Unmark all", show=False, id="cost.unmark"),
    ]

    def compose(self) -> ComposeResult:
        yield TextLine(id="crumbs")
        with Horizontal():
            yield FactsView(id="cost-burn")
            yield FactsView(id="cost-parts")
        yield FactsView(id="cost-billed")
        table = ResourceTable(cost.WASTED)
        table.frame_title = "wasteful right now"
        yield table

    def on_mount(self) -> None:
        super().on_mount()
        self._breakdown = 0
        self._summed: tuple[int, str] | None = None
        """The overview whose sums are shown, and how it is broken down."""
        self._billed: dict[str, Snapshot[Billed]] = {}
        self._asking = False

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    def show(self, overview: Overview) -> None:
        filled, name = self.is_filled, cost.BREAKDOWNS[self._breakdown]
        if self._summed != (id(overview), name):
            self._summed = (id(overview), name)
            burn = f"burn rate now   {money.rate(overview.rate)}"
            self.query_one("#cost-burn", FactsView).show(cost.by_class(overview), burn)
            parts = "running jobs" if name == "job" else f"by {name}"
            self.query_one("#cost-parts", FactsView).show(cost.broken_down(overview, name), parts)
        self._show_billed()
        underway = self.dashboard.underway
        rows = cost.rows(overview, underway.ends(), underway.pending)
        why = "Nothing is wasteful, as far as the services tell." if filled else "Asking …"
        self.table.show(rows, why)
        self._say()
        self._ask_what_was_billed()

    def _say(self) -> None:
        chosen = [row.resource.waste for row in self.table.window.chosen]
        told = cost.marked(chosen) if self.table.window.marks else "S fixes all of them"
        if not self.table.rows:
            told = ""
        self.query_one("#crumbs", TextLine).update([f"{self.TITLE} › now", told], [money.RETAIL])

    def _show_billed(self) -> None:
        now = self.dashboard.clock.now()
        facts = cost.billed(self._billed, lambda key: key[:SHORT], now)
        title = "billed (Cost Management, up to a day late; no estimate is in it)"
        self.query_one("#cost-billed", FactsView).show(facts or [Fact("", "asking …")], title)

    def _ask_what_was_billed(self) -> None:
        if not self._asking and self.dashboard.session is not None:
            self._asking = True
            self._read_billed()

    @work(group="billed", exclusive=True)
    async def _read_billed(self) -> None:
        from amltui.azure import costs

        session = self.dashboard.session
        if session is None:
            return
        azure, clock = session.azure, self.dashboard.clock

        def asking(subscription: str) -> Any:
            return lambda: costs.of_month(azure, subscription, clock.now())

        subscriptions = sorted({place.subscription_id for place in session.overview.places})
        questions = {each: asking(each) for each in subscriptions}
        board: Board[Billed] = session.store.board("billed", questions, lambda _: ACTUALS_PACE)
        async for view in board.views():
            self._billed = dict(view.parts)
            self._show_billed()

    def action_break_down(self) -> None:
        """By owner, experiment, workspace, then job by job."""
        self._breakdown = (self._breakdown + 1) % len(cost.BREAKDOWNS)
        self._new()

    def action_unmark(self) -> None:
        self.table.action_unmark()

    def action_copy(self) -> None:
        wastes = [row.resource.waste for row in self._wanted()]
        commands = [remedy.action_of(each).command(each.resource) for each in wastes]
        self.dashboard.copy_to_clipboard("\n".join(commands))
        self.notify(f"Copied {len(commands)} az commands; nothing was changed")

    def action_fix(self) -> None:
        """One plan for what is marked, or for everything where nothing is."""
        worth = {row.resource.key: row.resource.waste.per_hour for row in self._wanted()}
        fixes = self.dashboard.actions
        fixes.repair(lambda: self._fixes([*worth]), self.table.action_unmark, worth)

    def _wanted(self) -> Sequence[Row[Any]]:
        table = self.table
        return table.window.chosen if table.window.marks else table.rows

    def _fixes(self, keys: Sequence[str]) -> list[tuple[Action[Any], Row[Any]]]:
        """What ends each of these, as they are known now."""
        told = self.dashboard.overview
        wastes: dict[str, Waste] = {each.key: each for each in told.wastes} if told else {}
        pending = self.dashboard.underway.pending
        now = self.dashboard.clock.now()
        return [
            (
                remedy.action_of(wastes[key]),
                Row(wastes[key].resource, now, pending=pending(key)),
            )
            for key in keys
            if key in wastes
        ]

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.lead_to(event.row.resource.waste.resource)

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        self._say()

    @on(ResourceTable.Viewed)
    @on(ResourceTable.Sorted)
    def _nothing_follows(self, event: ResourceTable.Viewed | ResourceTable.Sorted) -> None:
        event.stop()

    def tally(self) -> Sequence[Cell]:
        """Counts for the header."""
        told = self.dashboard.overview
        if told is None:
            return ()
        return (Cell(f"on {told.on}"),)
