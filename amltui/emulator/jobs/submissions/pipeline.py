"""A pipeline: steps that begin when what they read is there, pipelines within pipelines too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.jobs.capacity import FOR_EVER
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.command import command, duration
from amltui.emulator.jobs.submissions.intake import Intake
from amltui.emulator.jobs.submissions.steps import as_job, settings_of
from amltui.emulator.jobs.submissions.sweep import sweep

BEGINS, BETWEEN, ENDS = 3.0, 1.0, 2.0
"""Seconds until the first steps are created, from a step to the next, and after the last."""
DEEPEST = 8
"""Pipelines within pipelines."""
_READS = re.compile(r"\$\{\{\s*parent\.jobs\.([\w\-]+)\.outputs")


@dataclass(frozen=True)
class _Step:
    """A step, with all that is below it."""

    family: list[JobRecord]

    @property
    def record(self) -> JobRecord:
        return self.family[0]

    @property
    def ends(self) -> float:
        return self.record.created + duration(self.record)

    @property
    def has_failed(self) -> bool:
        return self.record.timeline[-1][0] == "Failed"


def pipeline(
    intake: Intake, name: str, asked: Mapping[str, Any], depth: int = 0, **members: Any
) -> list[JobRecord]:
    """The pipeline, and all its steps."""
    parent = intake.record(name, asked, **members)
    nodes = asked.get("jobs") or {}
    settings = settings_of(asked)
    steps = _steps(intake, parent, nodes, settings, depth) if depth < DEEPEST else {}
    if not settings.continues:
        steps = _stopped(steps)
    failed = [node for node, step in steps.items() if step.has_failed]
    last = max((step.ends for step in steps.values()), default=parent.created + BEGINS)
    marks = [("NotStarted", 0.0), ("Preparing", 1.0), ("Running", 2.0)]
    if last < FOR_EVER:
        marks.append(("Failed" if failed else "Completed", last - parent.created + ENDS))
    parent = replace(
        parent,
        timeline=tuple(marks),
        failure="step-failed" if failed else None,
        reason=f"Step {failed[0]} has failed; see its logs." if failed else None,
        nodes=1,
        properties={
            "azureml.continue_on_step_failure": str(settings.continues),
            "azureml.pipelineComponent": "pipelinerun",
            **parent.properties,
        },
    )
    return [parent, *(each for step in steps.values() for each in step.family)]


def order(nodes: Mapping[str, Any]) -> list[str]:
    """The steps, each behind those it reads from; ValueError where they go in a circle."""
    waiting = {name: needs(node) & nodes.keys() for name, node in nodes.items()}
    found: list[str] = []
    while waiting:
        ready = [name for name, needed in waiting.items() if needed <= set(found)]
        if not ready:
            raise ValueError(f"The steps {', '.join(waiting)} depend on each other in a circle.")
        found += ready
        for name in ready:
            del waiting[name]
    return found


def needs(node: Any) -> set[str]:
    """The steps whose outputs a step reads."""
    return set(_READS.findall(json.dumps(node, default=str)))


def _steps(
    intake: Intake, parent: JobRecord, nodes: Mapping[str, Any], settings: Any, depth: int
) -> dict[str, _Step]:
    done: dict[str, _Step] = {}
    for name in order(nodes):
        before = [done.get(each) for each in needs(nodes[name]) & nodes.keys()]
        if any(each is None or each.has_failed or each.ends == FOR_EVER for each in before):
            continue  # it never begins
        begins = max(
            (each.ends + BETWEEN for each in before if each is not None),
            default=parent.created + BEGINS,
        )
        done[name] = _step(intake.at(begins), parent, name, nodes[name], settings, depth)
    return done


def _step(
    intake: Intake, parent: JobRecord, name: str, node: Mapping[str, Any], settings: Any, depth: int
) -> _Step:
    asked = as_job(intake, node, parent, settings)
    identity = str(uuid5(NAMESPACE_URL, f"{parent.workspace}/{parent.name}/{name}"))
    members = {
        "display_name": str(node.get("display_name") or name),
        "experiment": parent.experiment,
        "parent": parent.name,
        "root": parent.root or parent.parent,
        "step": name,
    }
    if asked["jobType"] == "Pipeline":
        return _Step(pipeline(intake, identity, asked, depth + 1, **members))
    if asked["jobType"] == "Sweep":
        return _Step(sweep(intake, identity, asked, **members))
    return _Step([command(intake, identity, asked, **members)])


def _stopped(steps: dict[str, _Step]) -> dict[str, _Step]:
    """With the first failure the others end, and those to come never begin."""
    at = min((step.ends for step in steps.values() if step.has_failed), default=FOR_EVER)
    return {
        name: _Step(list(_until(step.family, at)))
        for name, step in steps.items()
        if step.record.created <= at
    }


def _until(family: Iterable[JobRecord], at: float) -> Iterable[JobRecord]:
    for record in family:
        if record.created > at:
            continue
        ended = record.created + duration(record) <= at
        yield record if ended else replace(record, cancel_requested_at=at)
