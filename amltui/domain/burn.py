"""What is running and billed by the hour, what it costs, and the sums of that.

Prices are retail: no discount, reservation, disk or network is in them, and spot prices vary. What
is unknown stays unknown through every sum.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from enum import Enum
from typing import TypeVar

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.endpoint import Deployment

K = TypeVar("K", bound=Hashable)


class Spending(Enum):
    """What money is spent on; the value is how a person calls it."""

    JOBS = "jobs on clusters"
    SERVERLESS = "serverless jobs"
    IDLE_NODES = "idle cluster nodes"
    CHANGING_NODES = "nodes coming or going"
    BUSY_INSTANCES = "instances with a job"
    INSTANCES = "instances, no job"
    DEPLOYMENTS = "online deployments"


class Burn(Struct, frozen=True, gc=False):
    """Machines of one thing that are up, all doing the same."""

    workspace: WorkspaceId
    name: str
    """Of the compute or the deployment."""
    spending: Spending
    machines: int | None
    """None where the service does not say how many there are."""
    price: float | None
    """Retail USD per hour of one; None where unknown."""
    owner: str | None = None
    is_spot: bool = False

    @property
    def per_hour(self) -> float | None:
        """USD per hour of all of them; None where unknown."""
        if self.price is None or self.machines is None:
            return None
        return self.machines * self.price


class Rate(Struct, frozen=True, gc=False):
    """A sum of USD per hour, and how many parts of it nobody knows."""

    known: float = 0.0
    unknown: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.known + other.known, self.unknown + other.unknown)

    @property
    def least(self) -> float | None:
        """What it is at least; None where no part is known but there are some."""
        return None if self.unknown and not self.known else self.known

    @property
    def is_exact(self) -> bool:
        return not self.unknown


def rate_of(dollars: Iterable[float | None]) -> Rate:
    """The sum of some parts; None is a part that is not known."""
    known, unknown = 0.0, 0
    for each in dollars:
        if each is None:
            unknown += 1
        else:
            known += each
    return Rate(known, unknown)


def total(burns: Iterable[Burn]) -> Rate:
    """What all of it costs in an hour."""
    return rate_of(burn.per_hour for burn in burns)


def by(burns: Iterable[Burn], key: Callable[[Burn], K]) -> dict[K, Rate]:
    """The sum of each group, the most expensive first."""
    sums: dict[K, Rate] = {}
    for burn in burns:
        group = key(burn)
        sums[group] = sums.get(group, Rate()) + rate_of([burn.per_hour])
    return dict(sorted(sums.items(), key=lambda each: -each[1].known))


def of_compute(compute: Compute) -> Iterator[Burn]:
    """A part for each thing that its machines do; nothing where none is up."""
    if compute.nodes is None and not compute.is_on and not compute.is_serverless:
        return  # most of many thousands
    for spending, machines in _machines(compute):
        if machines != 0:
            yield Burn(
                compute.workspace,
                compute.name,
                spending,
                machines,
                compute.price_per_hour,
                compute.owner,
                compute.low_priority,
            )


def of_deployment(deployment: Deployment) -> Iterator[Burn]:
    """Its machines, serving or not; those of Kubernetes are billed with the cluster they are in."""
    if deployment.is_managed and deployment.instances != 0:
        yield Burn(
            deployment.workspace,
            deployment.title,
            Spending.DEPLOYMENTS,
            deployment.instances,
            deployment.price_per_hour,
            deployment.owner,
        )


def _machines(compute: Compute) -> Iterator[tuple[Spending, int | None]]:
    if compute.kind is ComputeKind.INSTANCE and compute.is_on:
        busy = (compute.state or "").lower() == "jobrunning"
        yield Spending.BUSY_INSTANCES if busy else Spending.INSTANCES, 1
    if compute.kind is ComputeKind.CLUSTER and (nodes := compute.nodes) is not None:
        yield Spending.JOBS, nodes.running
        yield Spending.IDLE_NODES, nodes.idle
        yield Spending.CHANGING_NODES, nodes.billed - nodes.running - nodes.idle
    if compute.is_serverless:
        yield Spending.SERVERLESS, None if compute.nodes is None else compute.nodes.billed
