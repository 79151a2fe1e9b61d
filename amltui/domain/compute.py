"""Compute: instances, clusters, and the attached kinds."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health


class ComputeKind(Enum):
    """The kinds a user tells apart; every attachable type is ATTACHED or KUBERNETES."""

    INSTANCE = "instance"
    CLUSTER = "cluster"
    KUBERNETES = "kubernetes"
    ATTACHED = "attached"
    SERVERLESS = "serverless"
    """No compute of Resource Manager's: machines that jobs bring along."""


class Nodes(Struct, frozen=True, gc=False):
    """A cluster's machines by what they do."""

    running: int = 0
    idle: int = 0
    preparing: int = 0
    leaving: int = 0
    preempted: int = 0
    unusable: int = 0
    current: int | None = None
    target: int | None = None
    minimum: int = 0
    maximum: int | None = None

    @property
    def billed(self) -> int:
        """Machines that cost money now; preempted ones are gone."""
        counted = self.running + self.idle + self.preparing + self.leaving + self.unusable
        return counted if self.current is None else max(self.current, counted)


class Node(Struct, frozen=True, gc=False):
    """One machine of a cluster."""

    id: str
    state: str | None = None
    run_id: str | None = None
    """What runs on it."""
    private_ip: str | None = None
    public_ip: str | None = None
    port: int | None = None


class LastOperation(Struct, frozen=True, gc=False):
    """The last thing that was done to an instance, and what or who did it."""

    name: str
    status: str | None = None
    time: datetime | None = None
    trigger: str | None = None
    """User, Schedule or IdleShutdown; as the service wrote it."""


class StartStop(Struct, frozen=True, gc=False):
    """When an instance is started or stopped by itself."""

    action: str
    """Start or Stop."""
    when: str
    """A cron expression, or the recurrence in words."""
    zone: str | None = None
    """Of the clock that this is about, by its Windows name; None is UTC."""
    is_enabled: bool = True
    is_cron: bool = True
    problem: str | None = None
    """Of its setting up: Failed, Provisioning."""


class Application(Struct, frozen=True, gc=False):
    """What an instance offers in a browser."""

    name: str
    address: str


class Shell(Struct, frozen=True, gc=False):
    """How a machine is reached by ssh."""

    user: str
    host: str
    port: int

    @property
    def command(self) -> str:
        return f"ssh {self.user}@{self.host} -p {self.port}"


_INSTANCE_HEALTH = {
    "running": Health.GOOD,
    "jobrunning": Health.GOOD,
    "stopped": Health.IDLE,
    "creating": Health.BUSY,
    "deleting": Health.BUSY,
    "restarting": Health.BUSY,
    "resizing": Health.BUSY,
    "settingup": Health.BUSY,
    "usersettingup": Health.BUSY,
    "starting": Health.BUSY,
    "stopping": Health.BUSY,
    "createfailed": Health.BAD,
    "setupfailed": Health.BAD,
    "usersetupfailed": Health.BAD,
    "unusable": Health.BAD,
}
_PROVISIONING_HEALTH = {
    "succeeded": Health.GOOD,
    "creating": Health.BUSY,
    "updating": Health.BUSY,
    "deleting": Health.BUSY,
    "failed": Health.BAD,
    "canceled": Health.IDLE,
}
_BILLED = {ComputeKind.INSTANCE, ComputeKind.CLUSTER, ComputeKind.SERVERLESS}
_ON = {"running", "jobrunning", "restarting", "stopping", "setupfailed", "usersetupfailed"}


class Compute(Struct, frozen=True, gc=False):
    """One compute of a workspace. Text the service wrote is kept as it was written."""

    workspace: WorkspaceId
    name: str
    kind: ComputeKind
    type: str
    """ComputeInstance, AmlCompute, Kubernetes, Databricks …; as the service wrote it."""
    state: str | None
    """An instance's state, a cluster's allocation state, else the provisioning state."""
    provisioning_state: str | None
    size: str | None = None
    low_priority: bool = False
    location: str | None = None
    nodes: Nodes | None = None
    owner: str | None = None
    created: datetime | None = None
    last_operation: LastOperation | None = None
    idle_shutdown: timedelta | None = None
    scale_down: timedelta | None = None
    """How long a cluster's node stays without a job."""
    steady_since: datetime | None = None
    """When a cluster last got or lost a node."""
    errors: tuple[str, ...] = ()
    price_per_hour: float | None = None
    """Retail USD for one machine of this size and tier; None where unknown."""
    tags: dict[str, str | None] = field(default_factory=dict)
    schedules: tuple[StartStop, ...] = ()
    applications: tuple[Application, ...] = ()
    shell: Shell | None = None
    """None where ssh is closed, or where the service tells no address."""
    attached: str | None = None
    """The id of what is attached; None for what Azure ML has made itself."""
    assigned: str | None = None
    """The object id of who an instance was made for, where that is not its maker."""

    @property
    def key(self) -> str:
        if self.is_serverless:
            tier = "spot" if self.low_priority else "dedicated"
            many = "" if self.nodes is None else "/nodes"
            return f"{self.workspace.key}/serverless/{(self.size or '').lower()}/{tier}{many}"
        return f"{self.workspace.key}/computes/{self.name.lower()}"

    @property
    def is_serverless(self) -> bool:
        """Whether it is only there in its jobs: nothing can be asked of it, or done to it."""
        return self.kind is ComputeKind.SERVERLESS

    @property
    def is_billed(self) -> bool:
        """Whether its machines are Azure ML's own, and so billed with it."""
        return self.kind in _BILLED

    @property
    def has_samples(self) -> bool:
        """Whether Azure Monitor may know how busy it is: it hears nothing of attached computes."""
        return self.is_billed and not self.is_serverless

    @property
    def health(self) -> Health:
        provisioning = (self.provisioning_state or "").lower()
        if provisioning != "succeeded":
            return _PROVISIONING_HEALTH.get(provisioning, Health.UNKNOWN)
        state = (self.state or "").lower()
        if self.kind is ComputeKind.INSTANCE:
            return _INSTANCE_HEALTH.get(state, Health.UNKNOWN)
        if self.kind is ComputeKind.CLUSTER:
            if self.nodes is not None and self.nodes.unusable:
                return Health.ATTENTION
            if state == "steady" and self.errors:
                return Health.ATTENTION  # provisioned, and gets no more nodes all the same
            return {"steady": Health.GOOD, "resizing": Health.BUSY}.get(state, Health.UNKNOWN)
        return Health.GOOD if self.is_serverless else Health.DONE

    @property
    def is_on(self) -> bool:
        """Whether an instance's machine is up, and so billed in full."""
        return self.kind is ComputeKind.INSTANCE and (self.state or "").lower() in _ON

    @property
    def on_since(self) -> datetime | None:
        """When the machine that is up came up; None when off or when the service does not say."""
        if not self.is_on or self.last_operation is None:
            return None
        started = self.last_operation.name.lower() in {"create", "start", "restart"}
        return self.last_operation.time if started else None

    @property
    def burn_per_hour(self) -> float | None:
        """Retail USD per hour now, without disks; None where the price is unknown or not ours."""
        if not self.is_billed or (self.is_serverless and self.nodes is None):
            return None
        machines = int(self.is_on) if self.nodes is None else self.nodes.billed
        if machines == 0:
            return 0.0
        return None if self.price_per_hour is None else machines * self.price_per_hour
