"""What the dashboard is signed in to and looking at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.kinds.fields import Asker

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.feeds.overview import OverviewFeed
    from amltui.feeds.store import Store


class Scope(Struct, frozen=True):
    """The workspaces that lists are about."""

    workspaces: tuple[WorkspaceId, ...] = ()
    current: WorkspaceId | None = None
    """The one chosen; None looks at all."""

    @property
    def chosen(self) -> Sequence[WorkspaceId]:
        return self.workspaces if self.current is None else (self.current,)

    @property
    def scattered(self) -> bool:
        """Whether rows of several workspaces are mixed."""
        return self.current is None and len(self.workspaces) > 1

    @property
    def title(self) -> str:
        """For the header: a name, or how many."""
        if self.current is not None:
            return self.current.name
        if len(self.workspaces) == 1:
            return self.workspaces[0].name
        return f"ALL WORKSPACES ({len(self.workspaces)})"

    @property
    def detail(self) -> str:
        if self.current is not None:
            return self.current.resource_group
        subscriptions = len({place.subscription_id for place in self.workspaces})
        return f"{subscriptions} subscription{'s' * (subscriptions != 1)}"


class Session(Struct, frozen=True):
    """Signed in: a client, and the feeds that ask through it."""

    azure: AzureClient
    store: Store
    overview: OverviewFeed
    """Of all workspaces that were found, whichever is chosen."""
    asker: Asker = field(default_factory=Asker)
    """Who is signed in, for filters."""
