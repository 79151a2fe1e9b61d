"""What a workspace stands on: resources of other providers, which outlive it and have bills."""

from __future__ import annotations

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health

_GOOD = {"succeeded", "available", "active", "ok"}
_BUSY = {"creating", "updating", "deleting", "accepted", "running"}
GONE = "not found"


class Cost(Struct, frozen=True):
    """What Cost Management tells of one resource since the first of the month."""

    month: float
    currency: str


class Dependent(Struct, frozen=True):
    """One of them, or the workspace itself. Text the service wrote is kept as it was written."""

    workspace: WorkspaceId
    what: str
    """What it is for the workspace: storage, key vault, insights, registry …"""
    id: str
    state: str | None = None
    """None where nobody told."""
    is_gone: bool = False
    """Whether the service knows no such resource, or shows it to somebody else only."""
    sku: str | None = None
    location: str | None = None
    access: str | None = None
    """Which networks may reach it: Enabled, Disabled, or `Deny` where only some may."""
    billed: Cost | None = None
    """None where it was not told, or where nothing was billed."""

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/{self.what}/{self.id.lower()}"

    @property
    def name(self) -> str:
        return self.id.rstrip("/").rpartition("/")[2]

    @property
    def health(self) -> Health:
        if self.is_gone:
            return Health.BAD
        state = (self.state or "").lower()
        if state in _GOOD:
            return Health.GOOD
        if state in _BUSY:
            return Health.BUSY
        return Health.BAD if state in {"failed", "unavailable"} else Health.UNKNOWN

    @property
    def is_closed(self) -> bool:
        """Whether it is out of reach from some networks, perhaps from this one."""
        return (self.access or "").lower() in {"disabled", "deny", "securedbyperimeter"}
