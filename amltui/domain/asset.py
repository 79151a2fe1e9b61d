"""What a registry holds: models, environments, components and data, each by its name."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health


class Asset(Struct, frozen=True, gc=False):
    """All versions of one of them."""

    workspace: WorkspaceId
    """The registry that it is in."""
    what: str
    """model, environment, component or data."""
    name: str
    latest: str | None = None
    """The newest version, where the service says."""
    description: str | None = None
    created: datetime | None = None
    created_by: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/{self.what}/{self.name.lower()}"

    @property
    def health(self) -> Health:
        return Health.DONE
