"""Workspaces, their discovery documents, sizes and usages of a region."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import vm_sizes
from amltui.emulator.arm.compute_body import nodes_of
from amltui.emulator.arm.computes import CLUSTER, INSTANCE
from amltui.emulator.arm.places import PROVIDER, discovery
from amltui.emulator.arm.route import Ask, Route

SUB = f"/subscriptions/{{sub}}/providers/{PROVIDER}"
GROUP = f"/subscriptions/{{sub}}/resourceGroups/{{rg}}/providers/{PROVIDER}"
WORKSPACE = f"{GROUP}/workspaces/{{ws}}"
LIMITS = {"standardNCADSA100v4Family": 192, "standardNVADSA10v5Family": 36}


async def in_subscription(ask: Ask) -> Response:
    wanted = ask.params["sub"].lower()
    places = ask.world.workspaces.values()
    return ask.listing([p.body(ask.base) for p in places if p.subscription.id.lower() == wanted])


async def in_group(ask: Ask) -> Response:
    wanted = (ask.params["sub"].lower(), ask.params["rg"].lower())
    return ask.listing(
        [
            place.body(ask.base)
            for place in ask.world.workspaces.values()
            if (place.subscription.id.lower(), place.group.lower()) == wanted
        ]
    )


async def get(ask: Ask) -> Response:
    place = ask.workspace()
    return ask.no_workspace() if place is None else JSONResponse(place.body(ask.base))


async def discover(ask: Ask) -> Response:
    return JSONResponse(discovery(ask.base))


async def sizes(ask: Ask) -> Response:
    """One page, whatever the number: this list has no nextLink."""
    return JSONResponse({"value": [vm_sizes.body(size) for size in vm_sizes.SIZES.values()]})


async def usages(ask: Ask) -> Response:
    """vCPUs in use by family, from the machines that are up."""
    used: Counter[str] = Counter()
    location = ask.params["location"].lower()
    for place in ask.world.workspaces.values():
        if (place.subscription.id, place.location.lower()) != (ask.params["sub"], location):
            continue
        for compute in ask.world.computes[place.id.lower()].values():
            size = vm_sizes.SIZES.get((compute.size or "").lower())
            if size is None:
                continue
            machines = 0
            if compute.type == INSTANCE:
                machines = int(compute.state_at(ask.world.now) not in {"Stopped", "Starting"})
            elif compute.type == CLUSTER:
                counts = nodes_of(compute, ask.world.occupants(compute))
                machines = sum(counts.values()) - counts["preemptedNodeCount"]
            used[size.family] += machines * size.vcpus
    families = sorted({size.family for size in vm_sizes.SIZES.values()})
    return ask.listing([_usage(ask, family, used[family]) for family in families])


def _usage(ask: Ask, family: str, used: int) -> dict[str, Any]:
    location = ask.params["location"]
    return {
        "id": f"/subscriptions/{ask.params['sub']}/providers/{PROVIDER}"
        f"/locations/{location}/usages/{family}",
        "amlWorkspaceLocation": location,
        "type": f"{PROVIDER}/vmFamily/usages",
        "unit": "Count",
        "currentValue": used,
        "limit": LIMITS.get(family, 100),
        "name": {"value": family, "localizedValue": f"{family} Cluster Dedicated vCPUs"},
    }


ROUTES = [
    Route("GET", f"{SUB}/workspaces", in_subscription, "Workspaces_ListBySubscription"),
    Route("GET", f"{GROUP}/workspaces", in_group, "Workspaces_ListByResourceGroup"),
    Route("GET", WORKSPACE, get, "Workspaces_Get"),
    Route("GET", "/discovery", discover, "Discovery_Get", open=True),
    Route("GET", "/discovery/workspaces/{id}", discover, "Discovery_GetWorkspace", open=True),
    Route("GET", f"{SUB}/locations/{{location}}/vmSizes", sizes, "VirtualMachineSizes_List"),
    Route("GET", f"{SUB}/locations/{{location}}/usages", usages, "Usages_List"),
]
