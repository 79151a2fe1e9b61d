"""One resource, followed while its screen is open: what the screens of all kinds share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding
from textual.screen import Screen

from amltui.kinds.kind import Kind, Row
from amltui.ui import copying
from amltui.ui.keys import bindings_of
from amltui.ui.session import Session

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

RECHECK = 10.0
"""Seconds between two looks at how old the data is."""


class ResourceScreen(Screen[None]):
    """The kind's actions are keys here as they are in its list."""

    KIND: ClassVar[Kind[Any]]
    BINDINGS = [
        Binding("escape,q,backspace", "app.pop_screen", "Back"),
        Binding("r", "refresh", "Refresh", show=False),
    ]

    def __init_subclass__(cls, kind: Kind[Any] | None = None, **options: Any) -> None:
        if kind is not None:
            cls.KIND = kind
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", ()), *bindings_of(kind)]
        super().__init_subclass__(**options)

    def __init__(self, session: Session, row: Row[Any]) -> None:
        super().__init__()
        self.session = session
        self.known = row
        """The resource as it was last told."""

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    @property
    def row(self) -> Row[Any]:
        """The resource as it is now known, with what is being done to it."""
        raise NotImplementedError

    def repaint_rows(self) -> None:
        """Something outside the answers has changed."""
        raise NotImplementedError

    def action_refresh(self) -> None:
        """Ask now."""
        raise NotImplementedError

    def action_copy(self) -> None:
        copying.names(self.dashboard, [self.row])

    def action_copy_menu(self) -> None:
        copying.menu(self.dashboard, self.KIND, [self.row])

    def action_menu(self) -> None:
        self.dashboard.actions.menu(self.KIND, lambda: [self.row], self.action_refresh)

    def action_link(self) -> None:
        copying.link(self.dashboard, self.KIND, self.row)

    def action_perform(self, name: str) -> None:
        self.dashboard.actions.ask(self.KIND, name, lambda: [self.row], self.action_refresh)
