"""The dashboard: panes, header, status line, and moving between them. No requests, no parsing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.widget import Widget

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.place import Wish
from amltui.feeds.clock import Clock, SystemClock
from amltui.kinds.registry import KINDS
from amltui.ui.actions import Actions
from amltui.ui.openers import OPENERS
from amltui.ui.resource_pane import ResourcePane, pane_for
from amltui.ui.session import Scope, Session
from amltui.ui.sign_in import SignIn
from amltui.ui.widgets.key_bar import KeyBar
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


@runtime_checkable
class RowsScreen(Protocol):
    """A screen that shows pending marks."""

    def repaint_rows(self) -> None: ...


PANES = {kind.name: pane_for(kind) for kind in KINDS}


class Dashboard(App[None]):
    """One pane for each kind, over the workspaces in scope."""

    TITLE = "amltui"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [
        *(Binding(kind.key, f"pane('{kind.name}')", kind.title, id=kind.name) for kind in KINDS),
        Binding("0", "all_workspaces", "All/one", id="scope.all"),
        Binding("w", "pick_workspace", "Switch", id="scope.pick"),
        Binding("ctrl+r", "refresh_all", "Refresh", show=False, id="refresh"),
        Binding("question_mark", "help", "Help", id="help"),
        Binding("q", "quit", "Quit", id="quit"),
    ]

    session: reactive[Session | None] = reactive(None, init=False)
    scope: reactive[Scope] = reactive(Scope(), init=False)
    problem: reactive[str] = reactive("", init=False)
    """Why there is no session; empty when there is one, or when it is being made."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AzureClient]],
        wish: Wish | None = None,
        *,
        all_workspaces: bool = False,
        clock: Clock | None = None,
        first: str = KINDS[0].name,
    ) -> None:
        super().__init__()
        self.clock = clock or SystemClock()
        self.actions = Actions(self)
        self.sign_in = SignIn(connect, wish or Wish(), all_workspaces)
        self._first = first

    def compose(self) -> ComposeResult:
        yield TextLine(id="header")
        yield Widget(id="panes")
        yield TextLine(id="status")
        yield KeyBar()

    def on_mount(self) -> None:
        self.action_pane(self._first)
        self.call_after_refresh(self.begin)

    @work(group="sign-in", exclusive=True)
    async def begin(self) -> None:
        """Sign in and find the workspaces: only now are httpx and azure-identity imported."""
        await self.sign_in.run(self)

    async def on_unmount(self) -> None:
        if self.session is not None:
            await self.session.azure.aclose()

    # Panes

    @property
    def pane(self) -> ResourcePane | None:
        """The one that is shown."""
        return next((pane for pane in self._panes if pane.display), None)

    @property
    def _panes(self) -> list[ResourcePane]:
        return list(self.screen_stack[0].query(ResourcePane))

    def action_pane(self, name: str) -> None:
        """Show the pane of a kind, making it when it is first wanted."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        wanted = next((pane for pane in self._panes if pane.KIND.name == name), None)
        if wanted is None:
            wanted = PANES[name]()
            self.screen_stack[0].query_one("#panes").mount(wanted)
        for pane in self._panes:
            pane.display = pane is wanted
        wanted.call_after_refresh(wanted.take_over)

    @on(ResourcePane.Changed)
    def _pane_changed(self, event: ResourcePane.Changed) -> None:
        self._describe(event.pane)

    def _describe(self, pane: ResourcePane) -> None:
        fresh = pane.freshness
        badge = fresh.badge if self.session else "signing in" if not self.problem else self.problem
        title = [self.scope.title, self.scope.detail] if self.scope.workspaces else []
        root = self.screen_stack[0]
        root.query_one("#header", TextLine).update(["amltui", *title], [*pane.tally(), badge])
        root.query_one("#status", TextLine).update([*fresh.problems, *pane.view.notes])

    @on(ResourcePane.Opened)
    def _opened(self, event: ResourcePane.Opened) -> None:
        OPENERS[event.kind.name](self, event.row)

    def watch_problem(self) -> None:
        self.repaint_rows()

    # Scope

    def look_at(self, workspace: WorkspaceId | None) -> None:
        """Make a workspace the current one; None is all of them."""
        self.scope = Scope(self.scope.workspaces, workspace)

    def action_all_workspaces(self) -> None:
        if self.scope.current is not None:
            self._last = self.scope.current
            self.look_at(None)
        elif self.scope.workspaces:
            self.look_at(getattr(self, "_last", self.scope.workspaces[0]))

    @work(group="picker", exclusive=True)
    async def action_pick_workspace(self) -> None:
        from amltui.ui.screens.picker import Picker

        chosen = await self.push_screen_wait(Picker(self.scope))
        if chosen is not None:
            self.scope = chosen

    def action_refresh_all(self) -> None:
        for pane in self._panes:
            pane.action_refresh()
        if self.session is None:
            self.begin()

    def repaint_rows(self) -> None:
        """Something outside the answers has changed: a row's pending mark."""
        for pane in self._panes:
            pane.repaint_rows()
        for screen in self.screen_stack[1:]:
            if isinstance(screen, RowsScreen):
                screen.repaint_rows()

    def action_help(self) -> None:
        from amltui.ui.screens.help import Help

        self.push_screen(Help(self.screen))
