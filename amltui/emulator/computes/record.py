"""Computes: what is kept of them, and what follows from that at a moment. Nothing ticks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from amltui.emulator.change import Change, is_deleted, state_of

INSTANCE, CLUSTER = "ComputeInstance", "AmlCompute"
USER, SCHEDULE, IDLE = "User", "Schedule", "IdleShutdown"
"""Who can switch an instance."""

Fate = Callable[[float, str | None], tuple[float, str | None]]
"""What a planned fault makes of a change's length and error."""


@dataclass(frozen=True)
class Switch:
    """An instance on its way from one state to another."""

    operation: str
    """Create, Start, Stop, Restart, Resize, Delete."""
    through: str
    to: str
    began: float
    takes: float
    error: str | None = None
    """Why it will fail; None if it will not."""
    trigger: str = USER

    @property
    def ends(self) -> float:
        return self.began + self.takes

    def is_over(self, now: float) -> bool:
        return now >= self.ends


@dataclass(frozen=True)
class Compute:
    """One compute of any kind; what another kind would need is left at its default."""

    workspace: str
    name: str
    type: str
    created: float
    size: str | None = None
    owner: str | None = None
    owner_is_named: bool = True
    """Whether an instance's `createdBy` has the name: often it has ids only."""
    location: str | None = None
    """Where it stands; None is where its workspace does."""
    tags: dict[str, Any] | None = field(default_factory=dict)
    resource: str | None = None
    """The id of what is attached."""
    members: Mapping[str, Any] = field(default_factory=dict)
    """What else a client put beside its properties: description, disableLocalAuth, identity."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The properties of its kind as a client put them, without secrets."""
    secrets: Mapping[str, Any] = field(default_factory=dict)
    """What `listKeys` tells."""
    modified: float | None = None
    change: Change | None = None
    """Its creation, update or deletion."""
    provisioning: str = "Succeeded"
    """Where there was no change."""
    errors: tuple[tuple[str, str], ...] = ()
    """Codes and messages: why it failed if it did, else what is wrong with it nevertheless."""

    # Instances

    state: str = "Running"
    """Before its switch."""
    switch: Switch | None = None
    last_operation: tuple[str, float, str, str] | None = None
    """Operation, moment, status and trigger, before the switch."""
    idle_shutdown: str | None = None
    idle_since: float | None = None
    """Since when nobody has worked on it; None is a person who goes on working."""
    schedules: tuple[Mapping[str, Any], ...] = ()
    settled: float | None = None
    """Up to when its schedules and its idleness have been heeded."""
    refuses: str | None = None
    """An operation that this one fails: Start, Stop."""
    takes: float = 9.0
    """Seconds that a switch takes."""

    # Clusters

    low_priority: bool = False
    min_nodes: int = 0
    max_nodes: int = 4
    idle_time: str | None = "PT2M"
    """How long a node without a job stays."""
    scaled: float | None = None
    """When `min_nodes` were asked for; None is long ago."""
    min_before: int = 0
    """The least number of nodes until then."""
    granted: int | None = None
    """How many of `min_nodes` the quota allows; None is all of them."""
    preempted: int = 0
    unusable: int = 0

    @property
    def key(self) -> str:
        return f"{self.workspace.lower()}/{self.name.lower()}"

    def is_gone(self, now: float) -> bool:
        return is_deleted(self.change, now)

    def provisioning_at(self, now: float) -> str:
        return self.provisioning if self.change is None else state_of(self.change, now)

    def state_at(self, now: float) -> str:
        """Of an instance, as far as it has been told to."""
        switch = self.switch
        if switch is None:
            return self.state
        if not switch.is_over(now):
            return switch.through
        return self.state if switch.error else switch.to

    def operation_at(self, now: float) -> tuple[str, float, str, str] | None:
        """The last operation: what, when, how it went, who."""
        switch = self.switch
        if switch is None:
            return self.last_operation
        status = "InProgress"
        if switch.is_over(now):
            status = f"{switch.operation}Failed" if switch.error else "Succeeded"
        return (switch.operation, switch.began, status, switch.trigger)

    def switched(
        self,
        operation: str,
        now: float,
        fate: Fate = lambda takes, error: (takes, error),
        trigger: str = USER,
    ) -> Compute | None:
        """On its way to what `operation` leads to; None if it cannot be asked for now."""
        state = self.state_at(now)
        begin, through, to = _SWITCHES[operation]
        if state not in begin:
            return None
        error = _FAILURES.get(operation) if self.refuses == operation else None
        switch = Switch(operation, through, to or state, now, *fate(self.takes, error), trigger)
        return replace(
            self,
            state=state,
            last_operation=self.operation_at(now),
            switch=switch,
            idle_since=switch.ends,
            settled=now,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Compute:
        change, switch, last = value["change"], value["switch"], value["last_operation"]
        return cls(
            **{
                **value,
                "change": Change(**change) if change else None,
                "switch": Switch(**switch) if switch else None,
                "last_operation": tuple(last) if last else None,
                "errors": tuple((code, text) for code, text in value["errors"]),
                "schedules": tuple(value["schedules"]),
            }
        )


UP = frozenset({"Running", "JobRunning", "SetupFailed", "UserSetupFailed", "Unusable"})
"""States in which an instance can be stopped."""
_COMING = {"Creating", "Starting", "Stopping", "Restarting", "Resizing"}
_ANY = UP | _COMING | {"Stopped", "CreateFailed", "Unknown"}
_SWITCHES: Mapping[str, tuple[frozenset[str], str, str]] = {
    "Start": (frozenset({"Stopped"}), "Starting", "Running"),
    "Stop": (UP, "Stopping", "Stopped"),
    "Restart": (UP, "Restarting", "Running"),
    "Resize": (UP | {"Stopped"}, "Resizing", ""),
    "Delete": (_ANY, "Deleting", "Deleted"),
}
_FAILURES = {
    "Start": "The quota of standardNVADSA10v5Family is exceeded: 36 of 36 vCPUs are in use.",
    "Stop": "The virtual machine did not answer within the time allowed.",
    "Restart": "The virtual machine did not answer within the time allowed.",
}
