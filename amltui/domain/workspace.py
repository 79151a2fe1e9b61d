"""A workspace: the place where computes, jobs and models live."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health

_HEALTH = {
    "succeeded": Health.GOOD,
    "creating": Health.BUSY,
    "updating": Health.BUSY,
    "deleting": Health.BUSY,
    "softdeleted": Health.IDLE,
    "canceled": Health.IDLE,
    "failed": Health.BAD,
}


class PrivateEndpoint(Struct, frozen=True):
    """A way into the workspace from a virtual network."""

    name: str
    status: str | None = None
    """Approved, Pending, Rejected, Disconnected; as the service wrote it."""


class Workspace(Struct, frozen=True):
    """What Resource Manager and Resource Graph know of a workspace."""

    id: WorkspaceId
    kind: str
    """Default, Hub, Project or FeatureStore, as the service wrote it; or Registry."""
    location: str | None
    provisioning_state: str | None
    friendly_name: str | None = None
    created: datetime | None = None
    created_by: str | None = None
    discovery_url: str | None = None
    mlflow_tracking_uri: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    stands_on: dict[str, str] = field(default_factory=dict)
    """Ids of its storage account, key vault, Application Insights and container registry."""
    hub: str | None = None
    """Id of the hub that a project belongs to."""
    public_access: str | None = None
    """Enabled or Disabled; as the service wrote it."""
    isolation: str | None = None
    """Of its managed network: Disabled, AllowInternetOutbound, AllowOnlyApprovedOutbound."""
    identity: str | None = None
    private_endpoints: tuple[PrivateEndpoint, ...] = ()
    regions: tuple[str, ...] = ()
    """Of a registry: where it keeps copies of what is in it."""
    projects: tuple[str, ...] = ()
    """Ids of the projects of a hub."""

    @property
    def name(self) -> str:
        return self.id.name

    @property
    def key(self) -> str:
        return self.id.key

    @property
    def workspace(self) -> WorkspaceId:
        return self.id

    @property
    def is_closed(self) -> bool:
        """Whether it is reached only through a private endpoint."""
        return (self.public_access or "").lower() == "disabled"

    @property
    def is_registry(self) -> bool:
        return self.id.is_registry

    @property
    def health(self) -> Health:
        if self.is_registry and self.provisioning_state is None:
            return Health.DONE
        return _HEALTH.get((self.provisioning_state or "").lower(), Health.UNKNOWN)
