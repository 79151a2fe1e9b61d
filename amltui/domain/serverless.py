"""Machines of jobs that have no compute of their own: they come with a job and leave with it.

The service lists no compute for them. What is told here follows from the jobs that hold some.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from amltui.domain.compute import Compute, ComputeKind, Nodes
from amltui.domain.job import Job
from amltui.domain.job_cost import ORCHESTRATED, is_tier_spot

NAME = "serverless"
"""What run history calls the target of such a job."""
_RUNNING = {"running", "notresponding"}
_MOVING = {"preparing", "finalizing", "cancelrequested"}


def is_on_it(job: Job) -> bool:
    """Whether it says so: a job without a compute may as well run on somebody's laptop."""
    return (job.compute or "").lower().removeprefix("azureml:") == NAME


def computes(jobs: Iterable[tuple[Job, float | None]]) -> tuple[Compute, ...]:
    """One for each size and tier in a workspace, of jobs and the price of one of their machines.

    Of a sweep or another job whose children hold the machines, their number is unknown.
    """
    groups: defaultdict[tuple[object, ...], list[tuple[Job, float | None]]] = defaultdict(list)
    for job, price in jobs:
        if is_on_it(job) and (job.status or "").lower() in _RUNNING | _MOVING:
            size = (job.instance_type or "").lower()
            groups[job.workspace, size, is_tier_spot(job), _is_parent(job)].append((job, price))
    return tuple(_compute(several) for several in groups.values())


def _compute(held: list[tuple[Job, float | None]]) -> Compute:
    jobs = [job for job, _ in held]
    first = jobs[0]
    running = sum(_machines(job) for job in jobs if (job.status or "").lower() in _RUNNING)
    people = {job.created_by for job in jobs}
    moving = sum(_machines(job) for job in jobs) - running
    return Compute(
        workspace=first.workspace,
        name=NAME,
        kind=ComputeKind.SERVERLESS,
        type="Serverless",
        state=f"{len(jobs)} job{'s' * (len(jobs) != 1)}",
        provisioning_state="Succeeded",
        size=first.instance_type,
        low_priority=is_tier_spot(first),
        nodes=None if _is_parent(first) else Nodes(running=running, preparing=moving),
        owner=people.pop() if len(people) == 1 else None,
        price_per_hour=next((price for _, price in held if price is not None), None),
    )


def _machines(job: Job) -> int:
    return job.node_count or 1


def _is_parent(job: Job) -> bool:
    return (job.type or "").lower() in ORCHESTRATED
