"""What a running job costs: nodes times price times hours, as far as each of them is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from msgspec import Struct

from amltui.domain.compute import Compute
from amltui.domain.health import Health
from amltui.domain.job import Job

ORCHESTRATED = {"sweep", "pipeline", "automl"}
"""Types whose children hold the nodes, and are not in the list of jobs."""
HOUR = 3600.0


class JobCost(Struct, frozen=True, gc=False):
    """An estimate at retail prices, from the moment that the job began to run."""

    job: Job
    per_hour: float | None
    """USD; None where the nodes or the price are unknown."""
    so_far: float | None
    projected: float | None
    """USD at its end, if it takes as long as jobs alike took; None where there are none."""
    alike: int = 0
    """From how many ended jobs that was taken."""
    is_spot: bool = False

    @property
    def key(self) -> str:
        return self.job.key


def spent(job: Job, price_per_hour: float | None, now: datetime) -> float | None:
    """USD at a node's price since the job began to run; None where a factor is unknown.

    So is what its children hold, where they hold the nodes.
    """
    seconds = job.seconds(now)
    if price_per_hour is None or not seconds or (job.type or "").lower() in ORCHESTRATED:
        return None
    return price_per_hour * (job.node_count or 1) * seconds / HOUR


def costs(
    jobs: Sequence[Job],
    computes: Iterable[Compute],
    now: datetime,
    prices: Mapping[str, float] | None = None,
) -> tuple[JobCost, ...]:
    """One for each running job, the most expensive first; what is unknown comes last.

    `prices` are those of a machine of jobs that have no compute, by the keys of the jobs.
    """
    running = [job for job in jobs if job.is_running]
    if not running:
        return ()
    names = {(job.compute or "").lower() for job in running}
    machines = {
        (each.workspace.key, name): each
        for each in computes
        if (name := each.name.lower()) in names
    }
    took = _took(jobs)
    told = []
    for job in running:
        compute = machines.get((job.workspace.key, (job.compute or "").lower()))
        price = (prices or {}).get(job.key) if compute is None else compute.price_per_hour
        is_spot = is_tier_spot(job) if compute is None else compute.low_priority
        told.append(_cost(job, price, is_spot, took.get(_sort_of(job), ()), now))
    return tuple(
        sorted(told, key=lambda cost: (cost.per_hour is None, -(cost.per_hour or 0.0), cost.key))
    )


def is_tier_spot(job: Job) -> bool:
    """Whether the machines of a job without a compute are cheaper, and may be taken away."""
    return (job.tier or "").lower() == "spot"


def _cost(
    job: Job, price: float | None, is_spot: bool, took: Sequence[float], now: datetime
) -> JobCost:
    nodes = None if (job.type or "").lower() in ORCHESTRATED else job.node_count
    seconds = job.seconds(now)
    if price is None or nodes is None:
        return JobCost(job, None, None, None, is_spot=is_spot)
    per_hour = nodes * price
    if seconds is None:
        return JobCost(job, per_hour, None, None, is_spot=is_spot)
    whole = median(took) if took else None
    projected = None if whole is None or whole < seconds else per_hour * whole / HOUR
    return JobCost(
        job,
        per_hour,
        per_hour * seconds / HOUR,
        projected,
        len(took) if projected is not None else 0,
        is_spot,
    )


def _took(jobs: Iterable[Job]) -> Mapping[tuple[Any, ...], Sequence[float]]:
    """Seconds that ended jobs of the same experiment took on as many nodes of the same compute."""
    found: defaultdict[tuple[Any, ...], list[float]] = defaultdict(list)
    for job in jobs:
        if job.health is not Health.DONE or job.experiment is None:
            continue
        if job.started is not None and job.ended is not None:
            found[_sort_of(job)].append((job.ended - job.started).total_seconds())
    return found


def _sort_of(job: Job) -> tuple[Any, ...]:
    return job.workspace, job.experiment, job.compute, job.node_count, job.type
