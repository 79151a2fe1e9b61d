"""What is kept of a job: what was asked for, and how it is going to go."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any

ORCHESTRATED = frozenset({"Sweep", "Pipeline", "AutoML"})
"""The types of jobs that need no node themselves."""


@dataclass(frozen=True)
class JobRecord:
    """One job of one workspace. Every time in it is a POSIX second; JSON in, JSON out."""

    name: str
    workspace: str
    """The workspace's id, in lower case."""
    created: float
    type: str = "Command"
    display_name: str | None = None
    experiment: str = "Default"
    compute: str | None = None
    created_by: str = "Kim Lang"
    description: str | None = None
    tags: dict[str, str | None] | None = field(default_factory=dict)
    tags_at_end: dict[str, str] = field(default_factory=dict)
    """Tags that the service adds when the job is over."""
    properties: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    """What the script logged as its parameters."""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    environment: str | None = None
    command: str | None = None
    distribution: dict[str, Any] | None = None
    specification: dict[str, Any] = field(default_factory=dict)
    """The rest of the ARM properties, as they were put: sweep objective, pipeline steps …"""
    nodes: int = 1
    gpus: int = 0
    """GPUs of each node."""
    parent: str | None = None
    root: str | None = None
    """What its parent belongs to, where that is a child itself."""
    step: str | None = None
    """The pipeline step this child is."""
    schedule: str | None = None
    """The schedule that created it."""
    seed: int = 0
    timeline: tuple[tuple[str, float], ...] = ()
    """(status, seconds after creation); the last one stays."""
    failure: str | None = None
    """What goes wrong at the end: a key of `failures.FAILURES`."""
    reason: str | None = None
    """What the failure says, where its kind leaves that open."""
    said: tuple[tuple[float, str], ...] = ()
    """What the command prints: seconds after it began, and the line."""
    script: str | None = None
    """What it computes: a key of `scripts.SCRIPTS`; None logs nothing."""
    steps: int = 1000
    """Training steps in all."""
    step_seconds: float = 1.0
    nan_from: int | None = None
    """The loss is NaN from this step on."""
    stalls_at: float | None = None
    """Nothing more is logged after this many seconds of running."""
    queueing: str | None = None
    """Why it waits."""
    has_services: bool = True
    is_tracked: bool = False
    """A run that a client opened over MLflow: it goes where the client says."""
    cancel_requested_at: float | None = None
    started: float | None = None
    """When a tracked run began, as its client says."""
    ended: float | None = None
    """When it ended, as its client says."""
    datasets: list[dict[str, Any]] = field(default_factory=list)
    """Inputs that were logged over MLflow, as they came."""
    models: dict[str, Any] = field(default_factory=dict)
    """Models that were logged over MLflow: `inputs`, `outputs` and the old kind's `history`."""
    is_archived: bool = False
    is_deleted: bool = False

    def holds(self, compute: str) -> bool:
        """Whether it takes nodes of that compute itself: of sweeps and such, the children do."""
        return (self.compute or "").lower() == compute.lower() and self.type not in ORCHESTRATED

    def named_outputs(self) -> list[tuple[str, dict[str, Any]]]:
        """The outputs that are to become assets, and what is asked of each."""
        return [
            (name, asked)
            for name, asked in self.outputs.items()
            if isinstance(asked, dict) and asked.get("assetName")
        ]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JobRecord:
        known = {each.name for each in fields(cls)}
        kept = {key: value for key, value in data.items() if key in known}
        kept["timeline"] = tuple((str(status), float(at)) for status, at in kept["timeline"])
        kept["said"] = tuple((float(at), str(line)) for at, line in kept.get("said", ()))
        return cls(**kept)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


_USUAL = {each.name: each.default for each in fields(JobRecord) if each.default is not MISSING}
_EMPTY = [
    (each.name, each.default_factory)
    for each in fields(JobRecord)
    if each.default_factory is not MISSING
]


def quickly(**members: Any) -> JobRecord:
    """The same as the constructor for a third of the time: histories have 100,000 of them."""
    record = object.__new__(JobRecord)
    held = record.__dict__
    held.update(_USUAL)
    for name, make in _EMPTY:
        held[name] = make()
    held.update(members)
    return record
