"""Deployments behind online endpoints: machines that are paid for whether anybody asks them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health

_HEALTH = {
    "succeeded": Health.GOOD,
    "creating": Health.BUSY,
    "updating": Health.BUSY,
    "scaling": Health.BUSY,
    "deleting": Health.BUSY,
    "failed": Health.BAD,
    "canceled": Health.IDLE,
}


class Deployment(Struct, frozen=True, gc=False):
    """One deployment of an online endpoint."""

    workspace: WorkspaceId
    endpoint: str
    name: str
    provisioning_state: str | None
    is_managed: bool = True
    """Whether its machines are Azure ML's own; those of Kubernetes are billed elsewhere."""
    size: str | None = None
    instances: int | None = None
    """None where the service does not say."""
    traffic: int | None = None
    """Percent of the endpoint's requests; None where the endpoint tells no split."""
    quiet_for: float | None = None
    """Seconds, up to now, in which Azure Monitor has counted no request; None where it cannot be
    known."""
    requests_a_day: float | None = None
    """About how many Azure Monitor has counted in 24 hours; None where it cannot be known."""
    counted_until: datetime | None = None
    """The end of these hours."""
    created: datetime | None = None
    owner: str | None = None
    location: str | None = None
    price_per_hour: float | None = None
    """Retail USD for one machine; None where unknown."""
    is_batch: bool = False
    """Whether it answers with jobs on a compute, which is what is paid for."""
    scoring_uri: str | None = None
    auth: str | None = None
    """How its endpoint knows who asks: Key, AMLToken, AADToken."""
    model: str | None = None
    """Name and version, or an address."""

    @property
    def key(self) -> str:
        kind = "batchendpoints" if self.is_batch else "onlineendpoints"
        path = f"{kind}/{self.endpoint.lower()}/deployments/{self.name.lower()}"
        return f"{self.workspace.key}/{path}"

    @property
    def title(self) -> str:
        """`credit-ep/green`."""
        return f"{self.endpoint}/{self.name}"

    @property
    def health(self) -> Health:
        return _HEALTH.get((self.provisioning_state or "").lower(), Health.UNKNOWN)

    @property
    def has_failed(self) -> bool:
        return (self.provisioning_state or "").lower() == "failed"

    @property
    def is_ghost(self) -> bool:
        """Whether machines are paid for that no request is sent to."""
        paid = self.is_managed and not self.is_batch and self.instances != 0
        nobody = self.traffic == 0 or self.quiet_for is not None
        return paid and nobody and not self.has_failed and not self.health.moving

    @property
    def burn_per_hour(self) -> float | None:
        """Retail USD per hour now; None where price or number is unknown or not ours."""
        if not self.is_managed or self.instances is None or self.price_per_hour is None:
            return None
        return self.instances * self.price_per_hour
