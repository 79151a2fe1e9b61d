"""A job from the body a client put: what was asked for, and how it is going to go."""

from __future__ import annotations

import re
from typing import Any

from amltui.emulator.jobs import noise, plans
from amltui.emulator.jobs.plans import Timeline
from amltui.emulator.jobs.record import JobRecord

QUEUED, PREPARING, RUNNING = 3.0, 5.0, 30.0
STEP = 0.5
_SLEEP = re.compile(r"\bsleep\s+(\d+(?:\.\d+)?)")
_EXIT = re.compile(r"\bexit\s+[1-9]")
_KEPT_APART = {
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
}


def submitted(
    name: str, workspace: str, body: dict[str, Any], now: float, who: str
) -> list[JobRecord]:
    """The job, and the children it is going to have."""
    asked = body["properties"]
    kind = str(asked["jobType"])
    seed = noise.seeded(0, workspace.lower(), name)
    timeline, failure = _life(asked)
    parent = JobRecord(
        name=name,
        workspace=workspace.lower(),
        created=now,
        type=kind,
        display_name=asked.get("displayName") or name,
        experiment=asked.get("experimentName") or "Default",
        compute=compute_name(asked.get("computeId")),
        created_by=who,
        description=asked.get("description"),
        tags=asked.get("tags") or {},
        properties=asked.get("properties") or {},
        inputs=asked.get("inputs") or {},
        outputs=asked.get("outputs") or {},
        environment=asked.get("environmentId"),
        command=asked.get("command"),
        distribution=asked.get("distribution"),
        specification={key: value for key, value in asked.items() if key not in _KEPT_APART},
        nodes=int((asked.get("resources") or {}).get("instanceCount") or 1),
        seed=seed,
        timeline=timeline,
        failure=failure,
        script="small" if kind not in {"Pipeline", "Sweep"} else None,
        steps=max(1, int(_running(timeline) / STEP)),
        step_seconds=STEP,
        is_archived=bool(asked.get("isArchived")),
    )
    return [parent, *_children(parent, asked)]


def compute_name(identity: str | None) -> str | None:
    """The last part of a compute's id; None is serverless."""
    if not identity or identity.lower() == "serverless":
        return None
    return identity.rpartition("/")[2].removeprefix("azureml:")


def _life(asked: dict[str, Any]) -> tuple[Timeline, str | None]:
    if asked["jobType"] == "Pipeline":
        steps = len(asked.get("jobs") or {})
        return plans.orchestration(steps * (QUEUED + PREPARING + RUNNING + 8.0) + 6.0), None
    if asked["jobType"] == "Sweep":
        return plans.orchestration(_rounds(asked) * (RUNNING + 20.0) + 10.0), None
    command = str(asked.get("command") or "")
    slept = _SLEEP.search(command)
    runs = float(slept.group(1)) + 2.0 if slept else RUNNING
    if _EXIT.search(command):
        return plans.command(QUEUED, PREPARING, min(runs, 10.0), "Failed"), "nonzero-exit"
    return plans.command(QUEUED, PREPARING, runs), None


def _running(timeline: Timeline) -> float:
    starts = dict(timeline)
    return starts.get("Finalizing", 0.0) - starts.get("Running", 0.0)


def _limits(asked: dict[str, Any]) -> tuple[int, int]:
    limits = asked.get("limits") or {}
    trials = min(int(limits.get("maxTotalTrials") or 8), 100)
    return trials, max(1, min(int(limits.get("maxConcurrentTrials") or 2), trials))


def _rounds(asked: dict[str, Any]) -> int:
    trials, at_once = _limits(asked)
    return -(-trials // at_once)


def _children(parent: JobRecord, asked: dict[str, Any]) -> list[JobRecord]:
    if parent.type == "Sweep":
        trials, at_once = _limits(asked)
        return [
            _child(
                parent,
                f"{parent.name}_{trial}",
                6.0 + trial // at_once * (RUNNING + 20.0),
                {"lr": f"{10 ** noise.between(parent.seed, -4, -2, trial):.2e}"},
                None,
            )
            for trial in range(trials)
        ]
    if parent.type == "Pipeline":
        pace = QUEUED + PREPARING + RUNNING + 8.0
        return [
            _child(parent, f"{parent.name}-{step}", 5.0 + place * pace, {}, step)
            for place, step in enumerate(asked.get("jobs") or {})
        ]
    return []


def _child(
    parent: JobRecord, name: str, after: float, parameters: dict[str, str], step: str | None
) -> JobRecord:
    return JobRecord(
        name=name,
        workspace=parent.workspace,
        created=parent.created + after,
        display_name=step or f"trial_{name.rpartition('_')[2]}",
        experiment=parent.experiment,
        compute=parent.compute,
        created_by=parent.created_by,
        parameters=parameters,
        parent=parent.name,
        step=step,
        seed=noise.seeded(parent.seed, name),
        timeline=plans.command(QUEUED, PREPARING, RUNNING),
        script="small" if step else "trial",
        steps=int(RUNNING / STEP),
        step_seconds=STEP,
    )
