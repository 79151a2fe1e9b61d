"""Every resource that Resource Manager keeps track of, whoever provides it.

Lists of resources and Resource Graph are told from here. Types are asked for by name, so that
nobody's endpoints are made up unless somebody wants endpoints; no workspace is filled for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from amltui.emulator import dependents, registries, workspaces
from amltui.emulator.places import PROVIDER
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

Wanted = Callable[[str], bool]
"""Whether a type, in lower case, may be among those that are asked for."""
_ENDPOINTS = ("onlineEndpoints", "batchEndpoints")
WORKSPACES = f"{PROVIDER}/workspaces".lower()
REGISTRIES = f"{PROVIDER}/registries".lower()


def bodies(call: Call, subscriptions: set[str], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The resources of these subscriptions (ids in lower case) as ARM shows them."""
    wanted = cache(wanted)
    if wanted(WORKSPACES):
        for place in call.world.workspaces.values():
            if place.subscription.id.lower() in subscriptions:
                yield workspaces.body(call, place)
    if wanted(REGISTRIES):
        for registry in call.world.registries():
            if _holder(registry.id) in subscriptions:
                yield registries.body(call, registry)
    yield from _others(call, subscriptions, wanted)
    yield from _endpoints(call, subscriptions, wanted)


def _others(call: Call, subscriptions: set[str], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """What workspaces stand on, and what templates have deployed."""
    if any(wanted(each) for each in dependents.TYPES):
        dependents.found(call.world, *subscriptions)
    for each in call.world.resources.foreign(call.now):
        if _holder(each.id) in subscriptions and wanted(each.type.lower()):
            yield each.body()


def _endpoints(call: Call, subscriptions: set[str], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Endpoints and their deployments, which are resources within workspaces."""
    kinds = [each for each in _ENDPOINTS if wanted(f"{WORKSPACES}/{each.lower()}")]
    deployed = [each for each in _ENDPOINTS if wanted(f"{WORKSPACES}/{each.lower()}/deployments")]
    if not kinds and not deployed:
        return
    for place in list(call.world.workspaces.values()):
        if place.subscription.id.lower() not in subscriptions:
            continue
        held = call.world.endpoints(place)
        for kind in _ENDPOINTS:
            for each in held.within(f"{place.id}/{kind}", call.now):
                if kind in kinds:
                    yield _nested(each, call.now)
                if kind in deployed:
                    below = held.within(f"{each.id}/deployments", call.now)
                    yield from (_nested(deployment, call.now) for deployment in below)


def _nested(resource: Resource, now: float) -> dict[str, Any]:
    """With the names of all it lies in: `workspace/endpoint/deployment`."""
    names = resource.id.partition(f"/{PROVIDER}/")[2].split("/")[1::2]
    shown = resource.body(provisioningState=resource.state(now))
    return {**shown, "name": "/".join(names)}


def _holder(id: str) -> str:  # noqa: A002
    return id.split("/", 3)[2].lower()


def group_of(id: str) -> str:  # noqa: A002
    """The resource group in an id; empty where there is none."""
    parts = id.split("/")
    return parts[4] if len(parts) > 4 and parts[3].lower() == "resourcegroups" else ""
