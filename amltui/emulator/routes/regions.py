"""What a region has: VM sizes with prices, and how much of each family is in use."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import vm_sizes
from amltui.emulator.computes.body import nodes_of
from amltui.emulator.computes.record import CLUSTER, INSTANCE
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import REGION, Route
from amltui.emulator.places import PROVIDER

LIMITS = {"standardNCADSA100v4Family": 192, "standardNVADSA10v5Family": 36}
USUAL_LIMIT = 100


async def sizes(call: Call) -> Response:
    """One page, whatever the number: this list has no nextLink."""
    return JSONResponse({"value": [vm_sizes.body(size) for size in vm_sizes.SIZES.values()]})


async def usages(call: Call) -> Response:
    """vCPUs in use by family, from the machines that are up."""
    used = in_use(call)
    families = sorted({size.family for size in vm_sizes.SIZES.values()})
    return paging.listed(call, [_usage(call, family, used[family]) for family in families], 100)


def in_use(call: Call) -> Counter[str]:
    """vCPUs by family in the region and subscription of the path."""
    used: Counter[str] = Counter()
    location = call.params["location"].lower()
    for place in call.world.workspaces_of(call.subscription.id):
        if place.location.lower() != location:
            continue
        for compute in call.world.computes(place).values():
            size = vm_sizes.SIZES.get((compute.size or "").lower())
            if size is None or compute.is_gone(call.now):
                continue
            machines = 0
            if compute.type == INSTANCE:
                machines = int(compute.state_at(call.now) not in {"Stopped", "Starting"})
            elif compute.type == CLUSTER:
                counts = nodes_of(compute, call.world.occupants(compute))
                machines = sum(counts.values()) - counts["preemptedNodeCount"]
            used[size.family] += machines * size.vcpus
    return used


def _usage(call: Call, family: str, used: int) -> dict[str, Any]:
    location = call.params["location"]
    return {
        "id": f"/subscriptions/{call.params['sub']}/providers/{PROVIDER}"
        f"/locations/{location}/usages/{family}",
        "amlWorkspaceLocation": location,
        "type": f"{PROVIDER}/vmFamily/usages",
        "unit": "Count",
        "currentValue": used,
        "limit": LIMITS.get(family, USUAL_LIMIT),
        "name": {"value": family, "localizedValue": f"{family} Cluster Dedicated vCPUs"},
    }


ROUTES = [
    Route("GET", f"{REGION}/vmSizes", sizes, "VirtualMachineSizes_List"),
    Route("GET", f"{REGION}/usages", usages, "Usages_List"),
]
