"""How much of every quota is used and by whom, what is near its limit first."""

from __future__ import annotations

from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.domain.health import Health
from amltui.domain.overview import Overview
from amltui.domain.quota import Usage
from amltui.feeds import usages
from amltui.feeds.board import Board, View
from amltui.kinds import format as fmt
from amltui.kinds import quota
from amltui.kinds.kind import Cell, Row
from amltui.kinds.quota import Holder, Limited
from amltui.ui.overview_pane import OverviewPane
from amltui.ui.widgets.filter_line import FilterLine
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine


class QuotaPane(OverviewPane):
    """Limits above; below them who holds what the limit under the cursor counts."""

    NAME = "quota"
    TITLE = "Quota"
    IS_FILTERED = True
    BINDINGS = [Binding("escape", "clear", "Clear filter", show=False, id="quota.clear")]
    _filter = ""
    _held = ""
    """Key of the limit whose holders are shown."""

    def compose(self) -> ComposeResult:
        yield TextLine(id="crumbs")
        for name, columns in (("limits", quota.LIMITS), ("holders", quota.HOLDERS)):
            yield ResourceTable(columns, id=f"quota-{name}")
        yield FilterLine("words of families and regions to show, !word to hide")

    def on_mount(self) -> None:
        super().on_mount()
        self._regions: frozenset[usages.Region] = frozenset()
        self._told: View[Usage] = View()
        self._board: Board[Usage] | None = None
        self._filter = ""
        self.limits.frame_title = "8 Quota"

    @property
    def limits(self) -> ResourceTable:
        return self.query_one("#quota-limits", ResourceTable)

    @property
    def holders(self) -> ResourceTable:
        return self.query_one("#quota-holders", ResourceTable)

    def show(self, overview: Overview) -> None:
        now = overview.now
        refused = {
            key: fmt.one_line(str(part.error))
            for key, part in self._told.failing.items()
            if part.error is not None and not part.items
        }
        lines = quota.limits(self._told.items, refused)
        shown = quota.matching(lines, self._filter)
        count = f"  /{self._filter}  {len(shown)} of {len(lines)}" if self._filter else ""
        self.limits.frame_title = f"8 Quota{count}"
        why = f"No limit matches {self._filter}: esc shows all" if lines else self._why_empty
        self.limits.show([Row(each, now) for each in shown], why)
        self._show_holders()
        self._say(lines)
        self._ask(overview)

    @property
    def _why_empty(self) -> str:
        if self._regions:
            return "Asking …" if not self._told.answered else "No limit is told for these regions."
        if not self.is_filled:
            return "Asking …"
        return "No compute in any workspace: there is no region whose quota matters."

    def _show_holders(self) -> None:
        row = self.limits.cursor_row
        line: Limited | None = row.resource if row is not None else None
        self._held = line.key if line is not None else ""
        held = quota.holders(line, self.dashboard.overview) if line is not None else []
        now = self.dashboard.clock.now()
        self.holders.frame_title = f"who holds {line.name} in {line.region}" if line else "holders"
        why = quota.why_none(line, self.dashboard.overview)
        self.holders.show([Row(each, now) for each in held], why)

    def _say(self, lines: list[Limited]) -> None:
        near = sum(line.usage is not None and line.usage.share >= quota.NEAR for line in lines)
        told = f"{near} near the limit" if near else "nothing near its limit"
        oldest = self._told.oldest
        age = fmt.ago(oldest, self.dashboard.clock.now()) if oldest else "asking"
        crumbs = [f"{self.TITLE} › vCPU by family and region", told if oldest else ""]
        self.query_one("#crumbs", TextLine).update(crumbs, [f"read {age}" if oldest else age])

    def _ask(self, overview: Overview) -> None:
        regions = usages.regions(overview)
        if regions != self._regions and self.dashboard.session is not None:
            self._regions = regions
            self._read()

    @work(group="quotas", exclusive=True)
    async def _read(self) -> None:
        session = self.dashboard.session
        if session is None:
            return
        questions = usages.questions(session.azure, self._regions)
        self._board = session.store.board("usage", questions, lambda _: usages.PACE)
        async for view in self._board.views():
            self._told = view
            self._new()

    async def open_filter(self) -> None:
        self.query_one(FilterLine).open(self._filter)

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        event.stop()
        self._filter = event.text.strip()
        self._new()

    @on(FilterLine.Offered)
    @on(FilterLine.Left)
    def _left_filter(self, event: Any) -> None:
        event.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "clear" or bool(self._filter)

    def action_clear(self) -> None:
        self._filter = ""
        self._new()

    def action_refresh(self) -> None:
        super().action_refresh()
        if self._board is not None:
            self._board.refresh()

    def tally(self) -> tuple[Cell, ...]:
        lines = quota.limits(self._told.items) if self._told.items else []
        full = sum(line.usage is not None and line.usage.share >= 1 for line in lines)
        return (Cell(f"full {full}", Health.ATTENTION if full else None),) if lines else ()

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        """From a limit to those who hold it, and from one of them to itself."""
        event.stop()
        if isinstance(held := event.row.resource, Holder):
            self.lead_to(held.target)
        elif self.holders.rows:
            self.holders.focus()

    @on(ResourceTable.Highlighted)
    def _highlighted(self, event: ResourceTable.Highlighted) -> None:
        event.stop()
        # The holders tell of their cursor too, as often as they are shown: nothing follows from it.
        row = self.limits.cursor_row
        if (row.resource.key if row is not None else "") != self._held:
            self._show_holders()

    @on(ResourceTable.Viewed)
    @on(ResourceTable.Sorted)
    def _nothing_follows(self, event: Any) -> None:
        event.stop()
