"""What ARM says of a cluster."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.kinds import BY_TYPE
from amltui.emulator.computes.nodes import nodes_of, steady_since
from amltui.emulator.computes.record import CLUSTER
from amltui.emulator.computes.sight import Sight
from amltui.emulator.computes.told_errors import told
from amltui.emulator.jobs.wiretime import iso


def cluster(sight: Sight) -> dict[str, Any]:
    """Its properties: how many nodes there are is null while it is created, and if that failed."""
    compute, now = sight.compute, sight.now
    shown = {
        "vmSize": (compute.size or "").upper(),
        "vmPriority": "LowPriority" if compute.low_priority else "Dedicated",
        "scaleSettings": {
            "maxNodeCount": compute.max_nodes,
            "minNodeCount": compute.min_nodes,
            "nodeIdleTimeBeforeScaleDown": compute.idle_time,
        },
        **BY_TYPE[CLUSTER.lower()].members,
        **compute.asked,
    }
    if compute.provisioning_at(now) not in {"Succeeded", "Updating", "Deleting"}:
        unknown = ("nodeStateCounts", "currentNodeCount", "targetNodeCount", "allocationState")
        return {**shown, **dict.fromkeys(unknown), "vmPriority": None, "errors": None}
    nodes = nodes_of(compute, sight.stays, now)
    return {
        **shown,
        "currentNodeCount": nodes.current,
        "targetNodeCount": nodes.target,
        "nodeStateCounts": nodes.body(),
        "allocationState": "Resizing" if nodes.is_resizing else "Steady",
        "allocationStateTransitionTime": iso(steady_since(compute, sight.stays, now)),
        "errors": told(compute.errors) or None,
    }
