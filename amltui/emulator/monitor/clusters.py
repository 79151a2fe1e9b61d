"""How many nodes and cores the clusters of a workspace have, and what they are doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from amltui.emulator import quotas, vm_sizes
from amltui.emulator.computes.nodes import nodes_of
from amltui.emulator.computes.record import CLUSTER, Compute
from amltui.emulator.computes.sight import DAY
from amltui.emulator.computes.stays import Stays, by_compute
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
    stays = lru_cache(maxsize=None)(partial(_stays, call))
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
        counts = lru_cache(maxsize=None)(partial(_counts, stays, compute))
        state, _, unit = metric.name.partition(" ")
        vcpus = size.vcpus if size else 1
        if metric.name == QUOTA:
            limit = quotas.limit(labels["VmFamilyName"])
            yield Series(labels, _part(counts, _STATES["Total"], 100 * vcpus / limit))
        else:
            yield Series(labels, _part(counts, _STATES[state], vcpus if unit == "Cores" else 1))


def _counts(stays: Callable[[int], Stays], compute: Compute, minute: int) -> dict[str, int]:
    moment = minute * MINUTE
    if moment < compute.created:
        return dict.fromkeys(sum(_STATES.values(), ()), 0)
    held = stays(int(moment // DAY)).get(compute.name.lower(), [])
    return nodes_of(compute, held, moment).body()


def _stays(call: Call, day: int) -> Stays:
    """Those of a day, and of the one before, whose nodes may still be there."""
    end = min((day + 1) * DAY, call.now)
    return by_compute(call.history.during((day - 1) * DAY, end), end)


def _part(
    counts: Callable[[int], Mapping[str, int]], names: Sequence[str], factor: float
) -> Callable[[int], float | None]:
    return lambda minute: factor * sum(counts(minute)[name] for name in names)
