"""What every submission needs to know of the place it comes to, and of the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amltui.emulator.jobs import noise
from amltui.emulator.jobs.capacity import Nodes
from amltui.emulator.jobs.record import JobRecord

KINDS = {
    "automl": "AutoML",
    "command": "Command",
    "sweep": "Sweep",
    "pipeline": "Pipeline",
    "spark": "Spark",
    "finetuning": "FineTuning",
    "labeling": "Labeling",
}
"""The types of jobs as the service spells them."""
_APART = {
    "status",
    "services",
    "jobType",
    "displayName",
    "experimentName",
    "computeId",
    "description",
    "tags",
    "properties",
    "isArchived",
    "inputs",
    "outputs",
    "command",
    "environmentId",
    "distribution",
    "parameters",
}
"""Properties that a record has members for, or that follow from it."""


@dataclass(frozen=True)
class Intake:
    """One submission: where, when, by whom."""

    workspace: str
    """The workspace's id, in lower case."""
    now: float
    who: str
    nodes: Nodes = field(default_factory=Nodes)
    component: Callable[[str], Mapping[str, Any] | None] = lambda identity: None
    """The specification of a component's version, by its id."""
    problem: Callable[[JobRecord], tuple[str, str] | None] = lambda record: None
    """The failure, and what it says, that keeps a job from running."""
    filed: Callable[[str], str] = str
    """What the runs of an experiment are filed under, by its name."""
    schedule: str | None = None

    def at(self, moment: float) -> Intake:
        """The same place, later."""
        return replace(self, now=moment)

    def record(self, name: str, asked: Mapping[str, Any], **members: Any) -> JobRecord:
        """What every kind of job keeps of what was asked for."""
        return JobRecord(
            **{
                "name": name,
                "workspace": self.workspace,
                "created": self.now,
                "type": KINDS.get(str(asked["jobType"]).lower(), "Command"),
                "display_name": asked.get("displayName") or name,
                "experiment": self.filed(asked.get("experimentName") or "Default"),
                "compute": compute_name(asked.get("computeId")),
                "created_by": self.who,
                "description": asked.get("description"),
                "tags": dict(asked.get("tags") or {}),
                "properties": _texts(asked.get("properties")),
                "inputs": dict(asked.get("inputs") or {}),
                "outputs": dict(asked.get("outputs") or {}),
                "environment": asked.get("environmentId"),
                "command": asked.get("command"),
                "distribution": asked.get("distribution"),
                "specification": {
                    **{key: value for key, value in asked.items() if key not in _APART},
                    "services": services(asked),
                },
                "nodes": whole((asked.get("resources") or {}).get("instanceCount"), 1),
                "seed": noise.seeded(0, self.workspace, name),
                "is_archived": bool(asked.get("isArchived")),
                "schedule": self.schedule,
                **members,
            }
        )


def compute_name(identity: str | None) -> str | None:
    """The last part of a compute's id; None is serverless."""
    if not identity:
        return None
    name = identity.rstrip("/").rpartition("/")[2].removeprefix("azureml:")
    return None if name.lower() == "serverless" else name


def whole(value: Any, usual: int) -> int:
    """A number that may come as text; the usual one where it is none, or below one."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return usual
    return number if number > 0 else usual


def services(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The interactive services that are asked for: JupyterLab, SSH …"""
    wanted = asked.get("services")
    if not isinstance(wanted, Mapping):
        return {}
    return {
        str(name): dict(each)
        for name, each in wanted.items()
        if isinstance(each, Mapping) and each.get("jobServiceType") not in {"Tracking", "Studio"}
    }


def _texts(values: Mapping[str, Any] | None) -> dict[str, str]:
    """Properties are texts, whatever was put."""
    return {
        str(key): value if isinstance(value, str) else "" if value is None else str(value)
        for key, value in (values or {}).items()
    }
