"""Choosing the workspace that everything is about."""

from __future__ import annotations

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.kind import Column
from amltui.ui.screens.lookup import Lookup
from amltui.ui.session import Scope


class Choice(Struct, frozen=True):
    """A line of the list."""

    name: str
    workspace: WorkspaceId
    current: WorkspaceId | None
    health: Health = Health.DONE

    @property
    def key(self) -> str:
        return self.current.key if self.current else ""


COLUMNS: tuple[Column[Choice], ...] = (
    Column("WORKSPACE", lambda r: r.resource.name, 24, flex=2, importance=9),
    Column("GROUP", lambda r: _of(r.resource, "resource_group"), 16, flex=1),
    Column("SUBSCRIPTION", lambda r: _of(r.resource, "subscription_id"), 36, importance=3),
)


def _of(choice: Choice, part: str) -> str:
    return str(getattr(choice.current, part)) if choice.current else ""


class Picker(Lookup[Scope]):
    """The first line is all of them."""

    COLUMNS = COLUMNS
    LETTERS = "letters of the workspace's name"
    HEADING = "switch workspace"
    NONE = "None is called like “{}”."

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        everything = [
            Choice(f"all {len(scope.workspaces)} workspaces", place, None)
            for place in scope.workspaces[:1]
        ]
        self.choices = everything + [
            Choice(place.name, place, place)
            for place in sorted(scope.workspaces, key=lambda place: place.name.lower())
        ]
        self.current = scope.current.key if scope.current else ""

    def result(self, choice: Choice) -> Scope:
        return Scope(self.scope.workspaces, choice.current)
