"""What costs money and gives nothing for it: what is wrong, how it shows, what would end it.

The rules say only what the service can know. A person may work on an instance that has no job:
kernels and terminals are not visible, so it is on without a job, and never called idle.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.endpoint import Deployment
from amltui.domain.job import Job
from amltui.domain.job_cost import JobCost
from amltui.domain.metric import LastValue

ON_FOR = timedelta(hours=12)
"""An instance that has been on without a job for longer than a working day was forgotten."""
IDLE_FOR = timedelta(minutes=10)
"""What a node may take to come, go, or be given the next job."""
LONG_IDLE = timedelta(minutes=30)
"""A cluster whose idle nodes stay longer than this pays for them."""
NEW = timedelta(hours=1)
"""A deployment may be without traffic for so long after it was made."""
SILENT_FOR = timedelta(minutes=30)
"""A running job that has logged metrics and then none for so long has stalled."""


class Reason(Enum):
    """What is wrong, in the words of a list."""

    ON_WITHOUT_JOB = "On, no job"
    IDLE_NODES = "idle nodes"
    NO_TRAFFIC = "no traffic"
    FAILED = "dead"
    NOT_A_NUMBER = "NaN"
    STALLED = "stalled"


class Remedy(Enum):
    """The one action that ends it; the value is the action's name."""

    STOP = "stop"
    SCALE_DOWN = "scale-down"
    DELETE = "delete"
    CANCEL = "cancel"


REMEDIES = {
    Reason.ON_WITHOUT_JOB: Remedy.STOP,
    Reason.IDLE_NODES: Remedy.SCALE_DOWN,
    Reason.NO_TRAFFIC: Remedy.DELETE,
    Reason.FAILED: Remedy.DELETE,
    Reason.NOT_A_NUMBER: Remedy.CANCEL,
    Reason.STALLED: Remedy.CANCEL,
}


class Waste(Struct, frozen=True, gc=False):
    """One thing that could be ended."""

    reason: Reason
    resource: Compute | Deployment | Job
    evidence: str
    """What the service told: `min_nodes=2, 2 idle`. Times are apart, in `since`."""
    since: datetime | None
    """None where the service does not say."""
    per_hour: float | None
    """USD that its end would save; None where unknown."""

    @property
    def remedy(self) -> Remedy:
        return REMEDIES[self.reason]

    @property
    def key(self) -> str:
        return self.resource.key

    @property
    def workspace(self) -> WorkspaceId:
        return self.resource.workspace

    @property
    def owner(self) -> str | None:
        resource = self.resource
        return resource.created_by if isinstance(resource, Job) else resource.owner

    def is_older(self, than: timedelta, now: datetime) -> bool:
        """Whether it has lasted that long for certain: an unknown beginning is never long ago."""
        return self.since is not None and now - self.since >= than


def worst_first(wastes: Iterable[Waste]) -> list[Waste]:
    """The most expensive first, then those of unknown price; in one order whatever came first."""
    return sorted(
        wastes, key=lambda each: (each.per_hour is None, -(each.per_hour or 0.0), each.key)
    )


def of_computes(computes: Iterable[Compute], jobs: Sequence[Job], now: datetime) -> Iterator[Waste]:
    """Instances that are on without a job, and clusters whose idle nodes stay."""
    on: defaultdict[tuple[str, str], list[Job]] = defaultdict(list)
    for job in jobs:
        on[job.workspace.key, (job.compute or "").lower()].append(job)
    for compute in computes:
        if compute.kind is ComputeKind.INSTANCE:
            mine = on.get((compute.workspace.key, compute.name.lower()), [])
            found = _on_without_job(compute, mine, now)
        else:
            found = _idle_nodes(compute, now)
        if found is not None:
            yield found


def _on_without_job(compute: Compute, mine: Sequence[Job], now: datetime) -> Waste | None:
    state = compute.state or ""
    if not compute.is_on or state.lower() not in {"running", "setupfailed", "usersetupfailed"}:
        return None
    if any(not job.ended_for_good for job in mine):
        return None
    ends = [job.ended for job in mine if job.ended is not None]
    moments = [*ends, *([compute.on_since] if compute.on_since else [])]
    since = max(moments) if compute.on_since else None
    if since is not None and now - since < ON_FOR:
        return None
    failed = f"{state}, still billed; " if state.lower() != "running" else ""
    setting = "no idle shutdown" if compute.idle_shutdown is None else "idle shutdown did not act"
    return Waste(Reason.ON_WITHOUT_JOB, compute, f"{failed}{setting}", since, compute.burn_per_hour)


def _idle_nodes(compute: Compute, now: datetime) -> Waste | None:
    nodes = compute.nodes
    if compute.kind is not ComputeKind.CLUSTER or nodes is None or not nodes.idle:
        return None
    kept = nodes.minimum > 0
    stays = compute.scale_down is not None and compute.scale_down > LONG_IDLE
    if not kept and not stays:
        return None  # they leave by themselves
    if compute.steady_since is not None and now - compute.steady_since < IDLE_FOR:
        return None
    why = f"min_nodes={nodes.minimum}" if kept else "a long idle time before scale-down"
    saved = None if compute.price_per_hour is None else nodes.idle * compute.price_per_hour
    evidence = f"{why}, {nodes.idle} idle"
    return Waste(Reason.IDLE_NODES, compute, evidence, compute.steady_since, saved)


def of_deployments(deployments: Iterable[Deployment], now: datetime) -> Iterator[Waste]:
    """Machines that cannot serve, and machines that nobody asks."""
    for each in deployments:
        if not each.is_managed or each.instances == 0:
            continue
        if each.has_failed:
            evidence = "Failed, VMs still billed"
            yield Waste(Reason.FAILED, each, evidence, each.created, each.burn_per_hour)
        elif each.health.moving or (each.created is not None and now - each.created < NEW):
            continue
        elif each.traffic == 0 and each.quiet_for is None:
            # Since when its share is 0 is told nowhere.
            evidence = "0 % of its endpoint's traffic"
            yield Waste(Reason.NO_TRAFFIC, each, evidence, None, each.burn_per_hour)
        elif each.quiet_for is not None:
            quiet = now - timedelta(seconds=each.quiet_for)
            since = max(quiet, each.created) if each.created else quiet
            evidence = "no request (Azure Monitor)"
            yield Waste(Reason.NO_TRAFFIC, each, evidence, since, each.burn_per_hour)


def of_jobs(
    costs: Iterable[JobCost], values: Mapping[str, tuple[Mapping[str, LastValue], datetime]]
) -> Iterator[Waste]:
    """Running jobs whose metrics are no numbers any more, or have ceased.

    `values` are the newest ones of each job with the moment they were read, by its key. Of a job
    that is not there nothing is known, and nothing is said.
    """
    for cost in costs:
        if cost.key not in values:
            continue
        known, read = values[cost.key]
        bad = min((name for name in known if not math.isfinite(known[name].value)), default=None)
        times = [value.time for value in known.values() if value.time is not None]
        last = max(times, default=None)
        if bad is not None:
            # The newest value tells that it is so, and not since when.
            evidence = f"{bad} is {_word(known[bad].value)} at step {known[bad].step:,}"
            yield Waste(Reason.NOT_A_NUMBER, cost.job, evidence, None, cost.per_hour)
        elif last is not None and read - last >= SILENT_FOR:
            yield Waste(Reason.STALLED, cost.job, "no metric logged since", last, cost.per_hour)


def _word(value: float) -> str:
    return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
