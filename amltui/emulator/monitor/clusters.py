"""How many nodes and cores the clusters of a workspace have, and what they are doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from amltui.emulator import quotas, vm_sizes
from amltui.emulator.computes.body import nodes_of
from amltui.emulator.computes.record import CLUSTER, Compute
from amltui.emulator.monitor.catalogue import Metric
from amltui.emulator.monitor.question import MINUTE
from amltui.emulator.monitor.series import Series

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

QUOTA = "Quota Utilization Percentage"
_STATES = {
    "Active": ("runningNodeCount", "preparingNodeCount"),
    "Idle": ("idleNodeCount",),
    "Leaving": ("leavingNodeCount",),
    "Preempted": ("preemptedNodeCount",),
    "Unusable": ("unusableNodeCount",),
    "Total": (
        "runningNodeCount",
        "preparingNodeCount",
        "idleNodeCount",
        "leavingNodeCount",
        "unusableNodeCount",
    ),
}


def is_of_clusters(metric: Metric) -> bool:
    return metric.category == "Quota"


def series(call: Call, metric: Metric) -> Iterator[Series]:
    """A series for each cluster."""
    for compute in call.world.computes(call.workspace).values():
        if compute.type != CLUSTER or compute.is_gone(call.now):
            continue
        size = vm_sizes.SIZES.get((compute.size or "").lower())
        labels = {
            "Scenario": "Compute",
            "ClusterName": compute.name,
            "VmFamilyName": size.family if size else "",
            "VmPriority": "LowPriority" if compute.low_priority else "Dedicated",
        }
        counts = lru_cache(maxsize=None)(partial(_counts, call, compute))
        state, _, unit = metric.name.partition(" ")
        vcpus = size.vcpus if size else 1
        if metric.name == QUOTA:
            limit = quotas.limit(labels["VmFamilyName"])
            yield Series(labels, _part(counts, _STATES["Total"], 100 * vcpus / limit))
        else:
            yield Series(labels, _part(counts, _STATES[state], vcpus if unit == "Cores" else 1))


def _counts(call: Call, compute: Compute, minute: int) -> dict[str, int]:
    moment = minute * MINUTE
    held = call.world.jobs.running_on(compute.workspace, compute.name, moment)
    return nodes_of(compute, held)


def _part(
    counts: Callable[[int], Mapping[str, int]], names: Sequence[str], factor: float
) -> Callable[[int], float | None]:
    return lambda minute: factor * sum(counts(minute)[name] for name in names)
