"""All workspaces at a glance: what runs, what it costs, what could be ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain

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


class JobNow(Struct, frozen=True):
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

    @property
    def rate(self) -> Rate:
        """Of everything; a workspace that never answered is an unknown part of it."""
        return burn.total(self.burns) + Rate(0.0, len(self.silent))

    @cached_property
    def costs(self) -> tuple[JobCost, ...]:
        """What each running job costs."""
        prices = {each.job.key: each.price for each in self.jobs if each.price is not None}
        return job_cost.costs([each.job for each in self.jobs], self.computes, self.now, prices)

    @cached_property
    def wastes(self) -> tuple[Waste, ...]:
        """What could be ended, the most expensive first."""
        jobs = [each.job for each in self.jobs]
        values = {each.job.key: (each.values, each.read or self.now) for each in self.jobs}
        found = [
            *waste.of_computes(self.computes, jobs, self.now),
            *waste.of_deployments(self.deployments, self.now),
            *waste.of_jobs(self.costs, values),
        ]
        return tuple(waste.worst_first(found))

    def count(self, health: Health, place: WorkspaceId | None = None) -> int:
        """How many jobs, of one workspace or of all, are doing so."""
        return sum(
            each.job.health is health
            for each in self.jobs
            if place is None or each.job.workspace.key == place.key
        )

    def of(self, place: WorkspaceId) -> Overview:
        """The part of one workspace."""
        return Overview(
            self.now,
            (place,),
            tuple(each for each in self.computes if each.workspace.key == place.key),
            tuple(each for each in self.deployments if each.workspace.key == place.key),
            tuple(each for each in self.jobs if each.job.workspace.key == place.key),
            self.silent & {place.key},
            self.oldest,
        )
