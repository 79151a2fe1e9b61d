"""The dashboard: panes, header, status line, and moving between them. No requests, no parsing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.place import Wish
from amltui.feeds.attention import Attention
from amltui.feeds.clock import Clock, SystemClock
from amltui.feeds.views import Views
from amltui.kinds.fields import Asker
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell
from amltui.kinds.money import burn_cells
from amltui.kinds.registry import ENTRIES
from amltui.ui.actions import Actions
from amltui.ui.bookmark import Bookmark
from amltui.ui.freshness import signed_out
from amltui.ui.openers import OPENERS, open_facts
from amltui.ui.panes import OPENINGS, Pane
from amltui.ui.parting import PartingApp
from amltui.ui.resource_pane import ResourcePane
from amltui.ui.session import Scope, Session
from amltui.ui.sign_in import SignIn
from amltui.ui.terminal.app import TerminalApp
from amltui.ui.terminal.display import Display, fits
from amltui.ui.underway import Underway
from amltui.ui.watcher import Tells, Watcher
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider

    from amltui.azure.client import AzureClient
    from amltui.domain.overview import Overview
    from amltui.feeds.cache.memory import Memory
    from amltui.feeds.pins import Pins
    from amltui.feeds.watches import Watches
    from amltui.ui.screens.too_small import TooSmall

OVERVIEW_AFTER = 2.0
"""Seconds after the sign-in until the burn rate of all workspaces is asked for."""
BRANDED = 100
"""Columns from which the header has room for the program's name."""


@runtime_checkable
class RowsScreen(Protocol):
    """A screen that shows pending marks."""

    def repaint_rows(self) -> None: ...


SCREENS = Binding.Group("screens")


def _palette() -> type[Provider]:
    from amltui.ui.palette import Palette

    return Palette


class Dashboard(PartingApp[None], TerminalApp[None]):
    """One pane for each kind, over the workspaces in scope."""

    TITLE = "amltui"
    CSS_PATH = "app.tcss"
    COMMANDS = {_palette}
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (80, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    BINDINGS = [
        Binding("slash", "filter", "Filter", id="filter"),
        Binding("colon", "command_line", "Command line", show=False, id="command"),
        *(
            Binding(each.key, f"pane('{each.name}')", each.title, group=SCREENS, id=each.name)
            for each in OPENINGS
        ),
        Binding("w", "pick_workspace", "Switch", id="scope.pick"),
        Binding("0", "all_workspaces", "All/one", id="scope.all"),
        Binding("minus", "previous", "Previous screen", show=False, id="previous"),
        Binding("plus", "create", "New compute or workspace", show=False, id="create"),
        Binding("ctrl+r", "refresh_all", "Refresh everything", show=False, id="refresh"),
        Binding("at", "activity", "Activity", show=False, id="activity"),
        Binding("T", "next_theme", "Next theme", show=False, id="theme"),
        Binding("question_mark", "help", "Help", id="help"),
        Binding("q", "leave", "Quit", id="quit"),
    ]

    session: reactive[Session | None] = reactive(None, init=False)
    scope: reactive[Scope] = reactive(Scope(), init=False)
    overview: reactive[Overview | None] = reactive(None, init=False)
    """Of all workspaces; None until the first of them has answered."""
    problem: reactive[str] = reactive("", init=False)
    """Why there is no session; empty when there is one, or when it is being made."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AzureClient]],
        wish: Wish | None = None,
        *,
        all_workspaces: bool = False,
        clock: Clock | None = None,
        first: str = ENTRIES[0].name,
        display: Display | None = None,
        pins: Pins | None = None,
        views: Views | None = None,
        charts: str | None = None,
        memory: Memory | None = None,
        protected: frozenset[str] = frozenset(),
        watches: Callable[[], Watches] | None = None,
        tells: Tells | None = None,
        unfinished: Callable[[], Path] | None = None,
    ) -> None:
        super().__init__(display)
        self.clock = clock or SystemClock()
        self.attention = Attention(self.clock)
        self.actions = Actions(self)
        self.underway = Underway(self, unfinished)
        self.watcher = Watcher(self, watches, tells)
        self.sign_in = SignIn(connect, wish or Wish(), all_workspaces)
        self.bookmark = Bookmark(self, memory)
        self.pins = pins
        self.views = views or Views()
        self.protected = protected
        """Names of workspaces in which every change is confirmed by typing."""
        self.charts = charts
        """What the curves of charts are made of, where the user has said so."""
        self._first = first
        self._place: Widget | None = None
        """What holds the panes, once it has been composed."""
        self._previous: str | None = None
        self._last_place: WorkspaceId | None = None
        self._warned = False
        self._typed: list[str] = []
        """Lines of the command line, the last one last."""
        self._too_small: TooSmall | None = None
        self._overview_wanted = asyncio.Event()

    def get_default_screen(self) -> Screen[object]:
        """With the classes of its size from the start: a change of them is styled all over."""
        screen = super().get_default_screen()
        across = max(each for each in self.HORIZONTAL_BREAKPOINTS if each[0] <= self.size.width)
        down = max(each for each in self.VERTICAL_BREAKPOINTS if each[0] <= self.size.height)
        screen.update_classes({across[1]: True, down[1]: True}, update=False)
        return screen

    def compose(self) -> ComposeResult:
        yield TextLine(whole=True, id="header")
        first = self.bookmark.open(self._first, {each.name: each.make for each in OPENINGS})
        self._place = Widget(first, id="panes")
        yield self._place
        yield KeyBar()
        yield TextLine(id="status")

    async def on_mount(self) -> None:
        if self.pane is not None:
            self.pane.take_over()
        self.call_after_refresh(self.begin)

    @work(group="sign-in", exclusive=True)
    async def begin(self) -> None:
        """Sign in and find the workspaces: only now are httpx and azure-identity imported."""
        await self.sign_in.run(self)

    @work(group="places", exclusive=True)
    async def look_for_places(self) -> None:
        """Among the workspaces one was made, or deleted."""
        await self.sign_in.look_again(self)

    def watch_session(self) -> None:
        self.overview = None
        self._follow_overview()
        self._watch_jobs()
        self.underway.take_up()

    @work(group="watch", exclusive=True)
    async def _watch_jobs(self) -> None:
        """Whatever screen is open, and whichever workspace."""
        if self.session is not None:
            await self.watcher.run(self.session, self.scope.workspaces)

    @work(group="overview", exclusive=True)
    async def _follow_overview(self) -> None:
        """What the first screen asks for goes first, unless that screen is about all of it."""
        session = self.session
        if session is None:
            return
        await self.clock.wait(OVERVIEW_AFTER, self._overview_wanted)
        async for overview in session.overview.overviews():
            self.overview = overview
            self.watcher.hear(overview)
            if self.pane is not None and self.pane.is_mounted:
                self._describe(self.pane)

    def watch_app_focus(self, focused: bool) -> None:
        """The terminal's window has lost the keyboard, or has it again, should it tell."""
        self.attention.turn(focused)
        self.repaint_rows()

    def want_overview(self) -> None:
        """A screen that is about all workspaces is open: what it shows is asked for now."""
        self._overview_wanted.set()

    def refresh_overview(self, place: WorkspaceId | None = None) -> None:
        """Ask again about a workspace in which something has changed, or about all of them."""
        if self.session is not None and self.overview is not None:
            self.session.overview.refresh(place)

    async def on_unmount(self) -> None:
        self.underway.leave()
        if self.session is not None:
            await self.session.azure.aclose()

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Acts on a key before the next one is looked at.

        Textual hands a key to the widget that has the keyboard and looks for bindings when it has
        come back up. What is typed meanwhile goes to the same widget, though the key before it may
        have opened a text field, a dialog or another screen: `/stop` must not be `S` on a row.
        """
        if await super()._check_bindings(key, priority):
            return True
        typing = isinstance(self.focused, Input)
        return priority and not typing and await super()._check_bindings(key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a list to filter and a workspace to choose on the panes only."""
        if action not in {"filter", "pick_workspace"}:
            return True
        if action == "filter" and (self.pane is None or not self.pane.IS_FILTERED):
            return False
        shown = next(screen for screen in reversed(self.screen_stack) if not screen.is_modal)
        return shown is self.screen_stack[0] and not isinstance(shown.focused, Input)

    # Panes

    @property
    def pane(self) -> Pane | None:
        """The one that is shown."""
        return next((pane for pane in self._panes if pane.display), None)

    @property
    def list_pane(self) -> ResourcePane | None:
        """The one that is shown, if it is the list of a kind."""
        return self.pane if isinstance(self.pane, ResourcePane) else None

    @property
    def _panes(self) -> list[Pane]:
        held = self._place.children if self._place is not None else ()
        return [pane for pane in held if isinstance(pane, Pane)]

    async def action_pane(self, name: str) -> None:
        """Show a pane, making it when it is first wanted."""
        self._close_screens()
        before = self.pane
        wanted = next((pane for pane in self._panes if pane.id == name), None)
        if wanted is None:
            wanted = next(each for each in OPENINGS if each.name == name).make()
            assert self._place is not None
            await self._place.mount(wanted)
        if before is not None and before is not wanted:
            self._previous = before.id
        for pane in self._panes:
            pane.display = pane is wanted
        wanted.take_over()

    async def action_previous(self) -> None:
        if self._previous is not None:
            await self.action_pane(self._previous)

    def _close_screens(self) -> None:
        while len(self.screen_stack) > 1 and self.screen is not self._too_small:
            self.pop_screen()

    def tell_of(self, pane: Pane) -> None:
        """Say around a pane what it says of itself: at once, to be part of the same frame."""
        self._describe(pane)
        self.bookmark.note()

    def _describe(self, pane: Pane) -> None:
        root = self.screen_stack[0]
        brand = ["amltui"] if self.size.width >= BRANDED else []
        title = [self.scope.title, self.scope.detail] if self.scope.workspaces else []
        told = pane.freshness
        if self.session is None:
            told = signed_out(self.problem, told.badge if pane.view.answered else None)
        counts = [*pane.tally(), *self._burn(), told.badge]
        root.query_one("#header", TextLine).update([*brand, *title], counts)
        root.query_one("#status", TextLine).update([*told.status, *pane.view.notes])
        self._name_terminal(pane)

    def _burn(self) -> tuple[Cell, ...]:
        """That nothing can be changed, if so, and what all workspaces burn, once they told it."""
        if self.session is None:
            return ()
        flag = (Cell("read-only", Health.ATTENTION),) if self._guarded else ()
        if self.overview is None:
            return flag
        pace = self.session.overview.pace
        return (*flag, *burn_cells(self.overview, pace, self.clock.now()))

    @property
    def _guarded(self) -> bool:
        """Whether nothing can be changed in what is looked at."""
        guard = self.session.azure.guard if self.session is not None else None
        here = self.scope.current
        return guard is not None and (guard.read_only if here is None else bool(guard.why(here)))

    def is_barred(self, action: str) -> bool:
        """Whether a key's action would only say that nothing may be changed here."""
        return self._guarded and action.startswith("perform(")

    def _name_terminal(self, pane: Pane) -> None:
        """What can be read from the bar of tabs: the place, and the counts that are not 0."""
        place = [self.scope.title] if self.scope.workspaces else []
        counts = [cell.text for cell in pane.tally() if cell.health is not None]
        title = " · ".join([*self.watcher.headline, *place, *counts, self.TITLE])
        self.tell_title(title, busy=bool(self.underway.operations.running))

    @on(ResourcePane.Opened)
    def _opened(self, event: ResourcePane.Opened) -> None:
        OPENERS[event.kind.name](self, event.kind, event.row, event.part, event.marked)

    @on(ResourcePane.Described)
    def _described(self, event: ResourcePane.Described) -> None:
        open_facts(self, event.kind, event.row)

    @property
    def why_no_session(self) -> str:
        """The sentence for lists that cannot be asked for; empty when they can."""
        return "" if self.session is not None else self.problem or "Signing in …"

    @property
    def asker(self) -> Asker:
        """Who is signed in, for filters."""
        return self.session.asker if self.session is not None else Asker()

    def watch_problem(self) -> None:
        self.repaint_rows()

    async def action_filter(self) -> None:
        if (pane := self.pane) is not None:
            await pane.open_filter()

    # Scope

    def look_at(self, workspace: WorkspaceId | None) -> None:
        """Make a workspace the current one; None is all of them."""
        self._last_place = workspace or self.scope.current or self._last_place
        self.scope = Scope(self.scope.workspaces, workspace)

    def action_all_workspaces(self) -> None:
        if self.scope.current is not None:
            self.look_at(None)
        elif self.scope.workspaces:
            self.look_at(self._last_place or self.scope.workspaces[0])

    def action_pick_workspace(self) -> None:
        from amltui.ui.screens.picker import Picker

        if self.scope.workspaces:
            self.push_screen(Picker(self.scope), self._picked)

    def _picked(self, scope: Scope | None) -> None:
        if scope is not None:
            self._close_screens()
            self.look_at(scope.current)

    def action_create(self) -> None:
        """A form for an instance or a cluster; among the workspaces, for a workspace."""
        pane = self.pane
        if not isinstance(pane, ResourcePane) or pane.KIND.name != "workspace":
            self.actions.create()
            return
        row = pane.table.cursor_row
        self.actions.create((row.resource.location if row is not None else None) or "")

    def refresh_lists(self) -> None:
        """Ask again for every list that is open."""
        for pane in self._panes:
            pane.action_refresh()

    def action_refresh_all(self) -> None:
        self.refresh_lists()
        if self.session is None:
            self.begin()

    def repaint_rows(self) -> None:
        """Something outside the answers has changed: a row's pending mark."""
        for pane in self._panes:
            pane.repaint_rows()
        for screen in self.screen_stack[1:]:
            if isinstance(screen, RowsScreen):
                screen.repaint_rows()
        if (shown := self.pane) is not None:
            self._name_terminal(shown)

    # The command line

    def action_command_line(self) -> None:
        """`:` and a command."""
        from amltui.ui import commands
        from amltui.ui.screens.command_line import CommandLine

        offer = partial(commands.offer, self)
        self.push_screen(CommandLine(offer, self._typed), self._command_typed)

    def _command_typed(self, line: str | None) -> None:
        if line:
            self._typed = [*(each for each in self._typed if each != line), line]
            self.do(line)

    @work(group="command")
    async def do(self, line: str) -> None:
        """Do what was typed, and say in a sentence why it could not be done."""
        from amltui.ui import commands
        from amltui.ui.going import Nowhere

        try:
            await commands.run(self, line)
        except Nowhere as reason:
            self.notify(one_line(str(reason)), severity="warning", markup=False)

    # The program as a whole

    def action_activity(self) -> None:
        from amltui.ui.screens.activity import Activity

        if not isinstance(self.screen, Activity):
            self.push_screen(Activity())

    def action_help(self) -> None:
        from amltui.ui.screens.help import Help

        pane = self.pane if self.screen is self.screen_stack[0] else None
        self.push_screen(Help(self.screen, pane.KIND if isinstance(pane, ResourcePane) else None))

    def action_next_theme(self) -> None:
        names = sorted(self.available_themes)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        self.bookmark.close()
        self.watcher.leave()
        super().exit(result, return_code, message)

    def action_leave(self) -> None:
        """Quit; asked again while something the user has set going is not over."""
        running = self.underway.operations.running
        if running and not self._warned:
            self._warned = True
            names = one_line(", ".join(action.name for action in running))
            self.notify(
                f"{names}: not over yet, and goes on without amltui.  q again quits."
                "  The next start tells the end.",
                severity="warning",
                markup=False,
            )
            return
        self.exit()

    def on_resize(self, event: events.Resize) -> None:
        if not fits(*event.size):
            if self._too_small is None:
                from amltui.ui.screens.too_small import TooSmall

                self._too_small = TooSmall()
                self.push_screen(self._too_small)
        elif self._too_small is not None:
            small, self._too_small = self._too_small, None
            small.dismiss()
        if (pane := self.pane) is not None and pane.is_mounted:
            self._describe(pane)
