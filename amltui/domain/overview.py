"""All workspaces at a glance: what runs, what it costs, what could be ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TypeVar

from msgspec import Struct, field

from amltui.domain import burn, job_cost, serverless, waste
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.burn import Burn, Rate
from amltui.domain.compute import Compute
from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.job_cost import JobCost
from amltui.domain.metric import LastValue
from amltui.domain.waste import Waste

LARGE = 1000
"""Things of which an overview is worked out beside the loop that answers keys."""
T = TypeVar("T", Compute, Deployment)


class JobNow(Struct, frozen=True, gc=False):
    """A job with the newest value of each of its metrics; of one that does not run, none."""

    job: Job
    values: Mapping[str, LastValue] = field(default_factory=dict)
    read: datetime | None = None
    """When the values were told: what was logged since then nobody knows."""
    price: float | None = None
    """Retail USD an hour of one of its machines, where it has no compute; None where unknown."""


class Overview(Struct, frozen=True, dict=True):
    """What the workspaces have told. What follows from it is worked out once, when it is wanted."""

    now: datetime
    places: tuple[WorkspaceId, ...] = ()
    computes: tuple[Compute, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    jobs: tuple[JobNow, ...] = ()
    silent: frozenset[str] = frozenset()
    """Keys of workspaces of which something that may cost money has never been told."""
    oldest: datetime | None = None
    """When the oldest part of it was told; None before any answer."""

    @cached_property
    def burns(self) -> tuple[Burn, ...]:
        """Everything that is billed by the hour now."""
        held = serverless.computes((each.job, each.price) for each in self.jobs)
        machines = chain(
            chain.from_iterable(map(burn.of_compute, chain(self.computes, held))),
            chain.from_iterable(map(burn.of_deployment, self.deployments)),
        )
        return tuple(machines)

    @cached_property
    def rate(self) -> Rate:
        """Of everything; a workspace that never answered is an unknown part of it."""
        return burn.total(self.burns) + Rate(0.0, len(self.silent))

    @cached_property
    def on(self) -> int:
        """How many instances are on."""
        return sum(each.is_on for each in self.computes)

    @cached_property
    def costs(self) -> tuple[JobCost, ...]:
        """What each running job costs."""
        prices = {each.job.key: each.price for each in self.jobs if each.price is not None}
        return job_cost.costs([each.job for each in self.jobs], self.computes, self.now, prices)

    @cached_property
    def wastes(self) -> tuple[Waste, ...]:
        """What could be ended, the most expensive first."""
        jobs = [each.job for each in self.jobs]
        values = {
            each.job.key: (each.values, each.read or self.now)
            for each in self.jobs
            if each.job.is_running
        }
        found = [
            *waste.of_computes(self.computes, jobs, self.now),
            *waste.of_deployments(self.deployments, self.now),
            *waste.of_jobs(self.costs, values),
        ]
        return tuple(waste.worst_first(found))

    def count(self, health: Health, place: WorkspaceId | None = None) -> int:
        """How many jobs, of one workspace or of all, are doing so."""
        return (self if place is None else self.of(place))._healths[health]

    @cached_property
    def _healths(self) -> Counter[Health]:
        return Counter(each.job.health for each in self.jobs)

    @property
    def is_large(self) -> bool:
        """Whether working it out would hold up keys."""
        return len(self.computes) + len(self.jobs) + len(self.deployments) > LARGE

    def work_out(self) -> Overview:
        """Everything that follows from it, so that it is there when it is wanted."""
        _ = self.rate, self.wastes, self.on, self._parts, self._healths
        return self

    def of(self, place: WorkspaceId) -> Overview:
        """The part of one workspace."""
        return self._parts.get(place.key) or Overview(self.now, (place,), oldest=self.oldest)

    @cached_property
    def _parts(self) -> dict[str, Overview]:
        """All parts at once: looked for one by one, everything would be gone through each time."""
        computes, deployments = _grouped(self.computes), _grouped(self.deployments)
        jobs: dict[str, list[JobNow]] = {}
        for each in self.jobs:
            jobs.setdefault(each.job.workspace.key, []).append(each)
        return {
            key: Overview(
                self.now,
                (place,),
                tuple(computes.get(key, ())),
                tuple(deployments.get(key, ())),
                tuple(jobs.get(key, ())),
                self.silent & {key},
                self.oldest,
            )
            for place in self.places
            for key in (place.key,)
        }


def _grouped(resources: Iterable[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for each in resources:
        groups.setdefault(each.workspace.key, []).append(each)
    return groups
