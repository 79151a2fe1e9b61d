"""What the screens share that are about all workspaces at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding
from textual.widget import Widget

from amltui.feeds.board import View
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import Freshness, freshness
from amltui.ui.in_view import in_view
from amltui.ui.openers import OPENERS

if TYPE_CHECKING:
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.overview import Overview
    from amltui.feeds.overview import OverviewFeed
    from amltui.ui.app import Dashboard

RECHECK = 10.0
"""Seconds between two looks at how old the data is."""


class OverviewPane(Widget):
    """Shows the dashboard's overview; whoever is open makes it be asked for at once."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    IS_FILTERED: ClassVar[bool] = False
    """Whether there is a list to filter."""
    BINDINGS = [
        Binding("r", "refresh", "Refresh", show=False, id="overview.refresh"),
        Binding("tab", "app.focus_next", "Next box", show=False, id="overview.next"),
        Binding("shift+tab", "app.focus_previous", "Box before", show=False, id="overview.before"),
    ]

    def __init__(self) -> None:
        super().__init__(id=self.NAME)

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    def on_mount(self) -> None:
        self.watch(self.app, "overview", self._new, init=False)
        self.watch(self.app, "session", self._new, init=False)
        self.set_interval(RECHECK, self._new)

    def take_over(self) -> None:
        """The pane has become the one that is shown."""
        self.dashboard.want_overview()
        first = next((each for each in self.query("*") if each.focusable), None)
        if first is not None:
            self.screen.set_focus(first)
        self._new()

    def _new(self) -> None:
        if self.is_attached and self.children and in_view(self):
            if (told := self.dashboard.overview) is not None:
                self.show(told)
            self.dashboard.tell_of(self)

    def show(self, overview: Overview) -> None:
        """Paint what is known now."""
        raise NotImplementedError

    def repaint_rows(self) -> None:
        self._new()

    async def open_filter(self) -> None:
        """There is nothing to filter: everything that matters is in view."""

    def action_refresh(self) -> None:
        self.dashboard.refresh_overview()

    @property
    def view(self) -> View[Any]:
        """The worst of what each workspace has told: what failed, or else what is oldest."""
        feed = self._feed
        if feed is None:
            return View()
        views = [feed.view(name) for name in feed.boards]
        return View(
            {
                place.key: min(
                    (view.parts[place.key] for view in views),
                    key=lambda part: (part.error is None, part.loaded, part.at or feed.clock.now()),
                )
                for place in feed.places
            }
        )

    @property
    def freshness(self) -> Freshness:
        feed, names = self._feed, {p.key: p.name for p in self.dashboard.scope.workspaces}
        pace = feed.pace if feed is not None else 0.0
        now = self.dashboard.clock.now()
        pace *= self.dashboard.attention.times
        return freshness(self.view, lambda _: pace, now, "overview", lambda key: names.get(key, ""))

    def tally(self) -> Sequence[Cell]:
        """Counts for the header."""
        return ()

    @property
    def is_filled(self) -> bool:
        """Whether every workspace has been asked everything once."""
        return self._feed is not None and self._feed.is_settled

    @property
    def _feed(self) -> OverviewFeed | None:
        session = self.dashboard.session
        return session.overview if session is not None else None

    def lead_to(self, target: Any, part: str | None = None) -> None:
        """Open what a line is about."""
        if target is None:
            return
        now = self.dashboard.clock.now()
        if hasattr(target, "resource_group"):
            self._look_at(target)
            return
        from amltui.kinds import remedy

        kind, row = remedy.kind_of(target), Row(target, now)
        OPENERS[kind.name](self.dashboard, kind, row, part, ())

    def _look_at(self, place: WorkspaceId) -> None:
        self.dashboard.look_at(place)
        self.dashboard.call_later(self.dashboard.action_pane, "job")
