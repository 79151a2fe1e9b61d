"""Computes: what is kept of them, and what follows from that at a moment. Nothing ticks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

INSTANCE, CLUSTER = "ComputeInstance", "AmlCompute"
DELETED = "Deleted"


Fate = Callable[[float, str | None], tuple[float, str | None]]
"""What a planned fault makes of a change's length and error."""


def _as_is(takes: float, error: str | None) -> tuple[float, str | None]:
    return takes, error


@dataclass(frozen=True)
class Change:
    """An instance on its way from one state to another."""

    operation: str
    """Start, Stop, Restart."""
    through: str
    to: str
    began: float
    takes: float
    error: str | None = None
    """Why it will fail; None if it will not."""

    def is_over(self, now: float) -> bool:
        return now >= self.began + self.takes


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
    state: str = "Running"
    """Of an instance, before its change."""
    change: Change | None = None
    last_operation: tuple[str, float, str, str] | None = None
    """Operation, moment, status and trigger, before the change."""
    idle_shutdown: str | None = None
    low_priority: bool = False
    min_nodes: int = 0
    max_nodes: int = 4
    preempted: int = 0
    resource: str | None = None
    """The id of what is attached."""
    errors: tuple[tuple[str, str], ...] = ()
    provisioning: str = "Succeeded"
    tags: dict[str, str] | None = field(default_factory=dict)
    refuses: str | None = None
    """An operation that this one fails: Start, Stop."""
    takes: float = 9.0
    """Seconds that a change takes."""

    @property
    def key(self) -> str:
        return f"{self.workspace.lower()}/{self.name.lower()}"

    def is_gone(self, now: float) -> bool:
        change = self.change
        return (
            change is not None
            and change.to == DELETED
            and change.error is None
            and change.is_over(now)
        )

    def state_at(self, now: float) -> str:
        change = self.change
        if change is None:
            return self.state
        if not change.is_over(now):
            return change.through
        return self.state if change.error else change.to

    def operation_at(self, now: float) -> tuple[str, float, str, str] | None:
        """The last operation: what, when, how it went, who."""
        change = self.change
        if change is None:
            return self.last_operation
        status = "InProgress"
        if change.is_over(now):
            status = f"{change.operation}Failed" if change.error else "Succeeded"
        return (change.operation, change.began, status, "User")

    def changed(self, operation: str, now: float, fate: Fate = _as_is) -> Compute | None:
        """On its way to what `operation` leads to; None if it cannot be asked for now."""
        state = self.state_at(now)
        begin, through, to = _CHANGES[operation]
        if state not in begin:
            return None
        error = _FAILURES.get(operation) if self.refuses == operation else None
        change = Change(operation, through, to, now, *fate(self.takes, error))
        settled = replace(self, state=state, last_operation=self.operation_at(now))
        return replace(settled, change=change)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Compute:
        change = value.pop("change")
        errors = tuple((code, text) for code, text in value.pop("errors"))
        last = value.pop("last_operation")
        return cls(
            **value,
            errors=errors,
            change=Change(**change) if change else None,
            last_operation=tuple(last) if last else None,
        )


_UP = {"Running", "JobRunning", "SetupFailed", "UserSetupFailed", "Unusable"}
_CHANGES = {
    "Start": ({"Stopped"}, "Starting", "Running"),
    "Stop": (_UP, "Stopping", "Stopped"),
    "Restart": (_UP, "Restarting", "Running"),
}
_FAILURES = {
    "Start": "The quota of standardNVADSA10v5Family is exceeded: 36 of 36 vCPUs are in use.",
    "Stop": "The virtual machine did not answer within the time allowed.",
    "Restart": "The virtual machine did not answer within the time allowed.",
}
