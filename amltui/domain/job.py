"""A job, which run history calls a run."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health

_HEALTH = {
    "notstarted": Health.WAITING,
    "unapproved": Health.WAITING,
    "queued": Health.WAITING,
    "starting": Health.BUSY,
    "provisioning": Health.BUSY,
    "preparing": Health.BUSY,
    "pausing": Health.BUSY,
    "running": Health.GOOD,
    "finalizing": Health.BUSY,
    "cancelrequested": Health.BUSY,
    "completed": Health.DONE,
    "finished": Health.DONE,
    "failed": Health.BAD,
    "canceled": Health.IDLE,
    "paused": Health.IDLE,
    "notresponding": Health.ATTENTION,
}
STATUSES = tuple(_HEALTH)
"""Every status there is, in lower case."""
_ENDED = {"completed", "finished", "failed", "canceled"}

_PREAMBLE = re.compile(
    r"^Execution failed\. User process .*? for error details\. Error: ", re.DOTALL
)
"""What the service writes before what the script said."""
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit): .+", re.MULTILINE)


@lru_cache(maxsize=64)
def health_of(status: str | None) -> Health:
    """What a status means, whatever its letters' case."""
    return _HEALTH.get((status or "").lower(), Health.UNKNOWN)


class JobError(Struct, frozen=True, gc=False):
    """Why a job failed, as far as the service says."""

    message: str
    code: str | None = None
    """The innermost code: the outer one is nearly always UserError."""

    @property
    def summary(self) -> str:
        """The exception the job ended with, else the first line that says something."""
        said = _PREAMBLE.sub("", self.message)
        if raised := _RAISED.findall(said):
            return str(raised[-1]).strip()
        lines = (line.strip() for line in said.splitlines())
        return next((line for line in lines if line), self.code or "unknown error")


class Job(Struct, frozen=True, gc=False):
    """One job. Times come from run history: the ARM job has none.

    Without the garbage collector, which would look through a hundred thousand of them again and
    again, and never find a circle among them.
    """

    workspace: WorkspaceId
    name: str
    display_name: str | None
    experiment: str | None
    type: str | None
    status: str | None
    """As the service wrote it: Running, Completed …; None for a child that ARM tells nothing of."""
    compute: str | None = None
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    created_by: str | None = None
    creator: str | None = None
    """The same person's object id."""
    tags: dict[str, str | None] = field(default_factory=dict)
    error: JobError | None = None
    studio_url: str | None = None
    description: str | None = None
    command: str | None = None
    environment: str | None = None
    node_count: int | None = None
    instance_type: str | None = None
    """The size of its machines, where it has no compute of its own that tells it."""
    tier: str | None = None
    """Spot, Standard …, of its machines where it has no compute; as the service wrote it."""
    parent: str | None = None
    is_archived: bool = False
    queueing: str | None = None
    """Why it waits, in the service's words."""
    parameters: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    """Last values, where they came with the list."""
    primary_metric: str | None = None

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/jobs/{self.name.lower()}"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.display_name or self.name

    @property
    def health(self) -> Health:
        return health_of(self.status)

    @property
    def ended_for_good(self) -> bool:
        """Whether nothing will change any more, so that it need not be asked again."""
        return (self.status or "").lower() in _ENDED

    @property
    def is_running(self) -> bool:
        return (self.status or "").lower() == "running"

    def seconds(self, now: datetime) -> float | None:
        """How long it ran, or has been running; None before its start or where unknown."""
        if self.started is None:
            return None
        if self.ended is None and self.ended_for_good:
            return None
        return max(0.0, ((self.ended or now) - self.started).total_seconds())
