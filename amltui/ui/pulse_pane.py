"""Home: all workspaces at a glance, every line leading to its thing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from amltui.azure.errors import AzureError, NotAllowed, Throttled
from amltui.domain.health import Health
from amltui.domain.overview import Overview
from amltui.domain.quota import Usage, pressing
from amltui.feeds import usages
from amltui.feeds.board import Board
from amltui.feeds.feed import Snapshot
from amltui.feeds.overview import RESTS
from amltui.kinds import digest, pulse
from amltui.kinds.digest import Digest
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import stepped
from amltui.ui.in_view import in_view
from amltui.ui.overview_pane import OverviewPane
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

Rows = list[Row[Any]]
BOXED = 100
"""Columns from which there are two boxes in a row, with frames around them."""
BOXES = (
    ("workspaces", "workspaces", pulse.WORKSPACES),
    ("attention", "attention", pulse.ATTENTION),
    ("running", "running now (top by cost)", pulse.RUNNING),
    ("finished", "finished in the last 24 h", pulse.FINISHED),
    ("quota", "quota (top pressure)", pulse.QUOTAS),
    ("endpoints", "endpoints", pulse.ENDPOINTS),
)


class PulsePane(OverviewPane):
    """Six boxes in three rows; where there is little room, those that matter most."""

    NAME = "pulse"
    TITLE = "Pulse"
    BINDINGS = [Binding("D", "dismiss_digest", "Put the digest away", id="pulse.digest")]

    def compose(self) -> ComposeResult:
        yield TextLine(id="crumbs")
        for number, place in enumerate(("top", "middle", "bottom")):
            with Horizontal(id=f"pulse-{place}"):
                for name, title, columns in BOXES[2 * number : 2 * number + 2]:
                    table = ResourceTable(columns, id=f"pulse-{name}")
                    table.frame_title = title
                    yield table

    def on_mount(self) -> None:
        super().on_mount()
        self._usages: tuple[Usage, ...] = ()
        self._regions: frozenset[tuple[str, str]] = frozenset()
        self._newest: Overview | None = None
        """What is to be shown once what is being arranged is."""
        self._is_arranging = False

    def on_resize(self) -> None:
        """Frames cost lines that a low terminal has not got."""
        for table in self.query(ResourceTable):
            table.ruled = self.app.size.width < BOXED
            table.on_resize()

    def box(self, name: str) -> ResourceTable:
        return self.query_one(f"#pulse-{name}", ResourceTable)

    def show(self, overview: Overview) -> None:
        if not overview.is_large:
            self._paint(overview, *self._told(overview)())
            return
        self._newest = overview
        if not self._is_arranging:
            self._arrange()

    @work(group="lines")
    async def _arrange(self) -> None:
        """Of a thousand workspaces the lines take half a second: keys are answered meanwhile."""
        self._is_arranging = True
        try:
            while (overview := self._newest) is not None:
                self._newest, began = None, time.perf_counter()
                rows, news = await asyncio.to_thread(self._told(overview))
                if in_view(self):
                    self._paint(overview, rows, news)
                await asyncio.sleep(RESTS * (time.perf_counter() - began))
        finally:
            self._is_arranging = False

    def _told(self, overview: Overview) -> Callable[[], tuple[dict[str, Rows], Digest | None]]:
        """What makes the lines of all boxes of what is known now."""
        states, usages, visit = self._states(), self._usages, self.dashboard.watcher.visit

        def make() -> tuple[dict[str, Rows], Digest | None]:
            news = digest.digest(overview, visit) if visit is not None else None
            ended = pulse.finished(overview) if news is None else digest.lines(news, overview.now)
            lines = {
                "workspaces": pulse.workspaces(overview, states),
                "attention": pulse.attention(overview),
                "running": pulse.running(overview),
                "finished": list(ended),
                "quota": pulse.quotas(pressing(usages)),
                "endpoints": pulse.endpoints(overview),
            }
            return {name: pulse.rows(held, overview.now) for name, held in lines.items()}, news

        return make

    def _paint(self, overview: Overview, boxes: dict[str, Rows], news: Digest | None) -> None:
        now, filled = overview.now, self.is_filled
        self._name_finished(news, now)
        for name, rows in boxes.items():
            why = _EMPTY[name] if filled else "Asking …"
            if name == "finished" and news is not None and filled:
                why = "Nothing has ended, failed or begun to cost since then.  D puts this away."
            box = self.box(name)
            # Where the user is not, a cursor that was never moved shows what comes first.
            box.show(rows, why, filling=not (filled and box.has_focus))
        wasted = len(overview.wastes)
        told = f"{wasted} thing{'s' * (wasted != 1)} to look at" if wasted else "nothing wasteful"
        self.query_one("#crumbs", TextLine).update(
            [self.TITLE, *([news.told(now)] if news is not None and filled else [])],
            [told if filled else "asking"],
        )
        self._ask_for_quotas(overview)

    def _name_finished(self, news: Digest | None, now: datetime) -> None:
        """What the box is about: the last day, or the time since the last visit."""
        usual = next(title for name, title, _ in BOXES if name == "finished")
        box = self.box("finished")
        title = usual if news is None else f"since {digest.visited(news.since, now)} · D dismisses"
        if box.frame_title != title:
            box.frame_title = title
            box.repaint()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to put away on a first visit, or afterwards."""
        return action != "dismiss_digest" or self.dashboard.watcher.visit is not None

    def action_dismiss_digest(self) -> None:
        self.dashboard.watcher.dismiss()
        self._new()

    def tally(self) -> tuple[Cell, ...]:
        told = self.dashboard.overview
        if told is None:
            return ()
        failed = sum(row.resource.texts[0].text == "failed" for row in self.box("attention").rows)
        return (
            Cell(f"run {told.count(Health.GOOD)}"),
            Cell(f"queue {told.count(Health.WAITING)}"),
            Cell(f"fail {failed}", Health.BAD if failed else None),
        )

    def _states(self) -> dict[str, Cell]:
        now = self.dashboard.clock.now()
        return {key: _state(part, now) for key, part in self.view.parts.items()}

    def _ask_for_quotas(self, overview: Overview) -> None:
        """Of the regions that computes are in, once they are known."""
        regions = usages.regions(overview)
        if regions != self._regions and self.dashboard.session is not None:
            self._regions = regions
            self._read_quotas()

    @work(group="quotas", exclusive=True)
    async def _read_quotas(self) -> None:
        session = self.dashboard.session
        if session is None:
            return
        questions = usages.questions(session.azure, self._regions)
        board: Board[Usage] = session.store.board("usage", questions, lambda _: usages.PACE)
        async for view in board.views():
            self._usages = view.items
            self._new()

    @on(ResourceTable.Opened)
    def _opened(self, event: ResourceTable.Opened) -> None:
        event.stop()
        self.lead_to(event.row.resource.target)

    @on(ResourceTable.Highlighted)
    @on(ResourceTable.Viewed)
    @on(ResourceTable.Sorted)
    def _nothing_follows(
        self, event: ResourceTable.Highlighted | ResourceTable.Viewed | ResourceTable.Sorted
    ) -> None:
        event.stop()


_EMPTY = {
    "workspaces": "No workspace can be read.",
    "attention": "Nothing is wasteful, nothing has failed, nothing waits for long.",
    "running": "No job runs.",
    "finished": "No job has ended in the last 24 h.",
    "quota": "No quota is in use, as far as it was told.",
    "endpoints": "No online deployment.",
}


def _state(part: Snapshot[Any], now: Any) -> Cell:
    """How a workspace answers: ok, how old what is known of it is, or why nothing is."""
    if part.error is not None:
        old = stepped((now - part.at).total_seconds()) if part.at else ""
        word = f"stale {old}" if old else _word(part.error)
        return Cell(word, Health.ATTENTION if old else Health.BAD)
    return Cell("ok", dim=True) if part.loaded else Cell("asking", Health.BUSY)


def _word(error: AzureError) -> str:
    if isinstance(error, NotAllowed):
        return "refused 403"
    if isinstance(error, Throttled):
        return "throttled"
    return f"error {error.status}" if error.status else "no answer"
