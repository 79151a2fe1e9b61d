"""Registries through ARM, and where their own front ends are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations, registries, workspaces
from amltui.emulator.change import CREATING, DELETING, UPDATING, Change
from amltui.emulator.http import errors, paging
from amltui.emulator.http.asked import object_of, tags_of, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, REGISTRY, SUBSCRIPTION, Plane, Route
from amltui.emulator.operations import Style
from amltui.emulator.places import PROVIDER, guid
from amltui.emulator.resources import Resource

CREATION, DELETION = 20.0, 12.0
"""Seconds that they take."""


async def in_subscription(call: Call) -> Response:
    return _listed(call, f"/subscriptions/{call.subscription.id}/")


async def in_group(call: Call) -> Response:
    return _listed(
        call, f"/subscriptions/{call.subscription.id}/resourceGroups/{call.params['rg']}/"
    )


def _listed(call: Call, below: str) -> Response:
    held = call.world.registries()
    found = [each for each in held if each.id.lower().startswith(below.lower())]
    return paging.listed(call, [registries.body(call, each) for each in found])


async def get(call: Call) -> Response:
    return JSONResponse(registries.body(call, call.registry))


async def put(call: Call) -> Response:
    """A new registry, or one in place of what is there: both take a while."""
    asked = await call.body()
    location, properties = text_of(asked, "location"), object_of(asked, "properties")
    if not location:
        raise errors.Refusal(
            errors.gateway(400, "LocationRequired", "The location property is required.")
        )
    if not isinstance(properties.get("regionDetails") or [], list):
        raise wrong("regionDetails", "an array")
    sub, group, name = (call.params[part] for part in ("sub", "rg", "reg"))
    held = call.world.registry(sub, group, name)
    other = call.world.registry_named(name)
    if other is not None and held is None:
        raise call.refused(409, f"The registry name {name} is taken.", code="Conflict")
    change = Change(UPDATING if held else CREATING, call.now, *call.fate(CREATION))
    made = Resource(
        registries.id_of(call.subscription.id, group, name),
        held.created if held else call.now,
        held.created_by if held else call.who,
        _properties(call, properties, location),
        {"location": location, "tags": tags_of(asked), **_around(asked)},
        modified=call.now if held else None,
        modified_by=call.who if held else None,
        change=change,
    )
    call.world.resources.put(made)
    begun = operations.begin(call, Style.REGISTRY, CREATION)
    headers = operations.following(call, begun, location)
    return JSONResponse(registries.body(call, made), 202, headers)


def _around(asked: dict[str, Any]) -> dict[str, Any]:
    identity = workspaces.identity_of(asked) or {"type": "SystemAssigned"}
    return {"kind": None, "sku": None, "identity": identity}


def _properties(call: Call, asked: dict[str, Any], location: str) -> dict[str, Any]:
    managed = f"azureml-rg-{call.params['reg']}_{guid(call.params['reg'])}"
    group = f"/subscriptions/{call.subscription.id}/resourceGroups/{managed}"
    return {
        "intellectualPropertyPublisher": None,
        "publicNetworkAccess": "Enabled",
        "registryPrivateEndpointConnections": [],
        **asked,
        "managedResourceGroup": {"resourceId": group},
        "regionDetails": asked.get("regionDetails")
        or [{"location": location, "acrDetails": [], "storageAccountDetails": []}],
    }


async def patch(call: Call) -> Response:
    """Other tags or another identity: all that can be changed."""
    asked, held = await call.body(), call.registry
    members = {**held.members}
    if asked.get("tags") is not None:
        members["tags"] = tags_of(asked)
    if asked.get("identity") is not None:
        members["identity"] = workspaces.identity_of(asked)
    if asked.get("sku") is not None:
        members["sku"] = object_of(asked, "sku")
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    return JSONResponse(registries.body(call, call.world.resources.put(made)))


async def delete(call: Call) -> Response:
    sub, group, name = (call.params[part] for part in ("sub", "rg", "reg"))
    held = call.world.registry(sub, group, name)
    if held is None:
        return Response(status_code=204)
    call.world.resources.drop(held, Change(DELETING, call.now, *call.fate(DELETION)))
    begun = operations.begin(call, Style.REGISTRY, DELETION)
    headers = operations.following(call, begun, str(held.members["location"]))
    return Response(b"", 202, headers)


async def remove_regions(call: Call) -> Response:
    """The registry is left in its own region, and in those that are not named."""
    asked, held = await call.body(), call.registry
    named = _locations(object_of(asked, "properties").get("regionDetails"))
    own = str(held.members["location"]).lower()
    details = held.properties.get("regionDetails") or ()
    kept = [each for each in details if _locations([each]) - (named - {own})]
    made = replace(
        held,
        properties={**held.properties, "regionDetails": kept},
        change=Change(UPDATING, call.now, *call.fate(DELETION)),
        modified=call.now,
        modified_by=call.who,
    )
    call.world.resources.put(made)
    begun = operations.begin(call, Style.REGISTRY, DELETION, result=registries.body(call, made))
    return Response(b"", 202, operations.following(call, begun, call.location))


def _locations(details: Any) -> set[str]:
    listed: Iterable[Any] = details if isinstance(details, list) else ()
    return {str(each.get("location")).lower() for each in listed if isinstance(each, dict)}


async def discover(call: Call) -> Response:
    """Any registry of the tenant, or of Microsoft, by its name alone."""
    found = call.world.registry_named(call.params["name"])
    if found is None:
        raise call.data_refused(
            404, f"Registry {call.params['name']} was not found.", "NotFound", "RegistryNotFound"
        )
    return JSONResponse(registries.discovery(call, found))


_REGISTRIES = f"providers/{PROVIDER}/registries"

ROUTES = [
    Route("GET", f"{SUBSCRIPTION}/{_REGISTRIES}", in_subscription, "Registries_ListBySubscription"),
    Route("GET", f"{GROUP}/{_REGISTRIES}", in_group, "Registries_List"),
    Route("GET", REGISTRY, get, "Registries_Get"),
    Route("PUT", REGISTRY, put, "Registries_CreateOrUpdate"),
    Route("PATCH", REGISTRY, patch, "Registries_Update"),
    Route("DELETE", REGISTRY, delete, "Registries_Delete"),
    Route("POST", f"{REGISTRY}/removeRegions", remove_regions, "Registries_RemoveRegions"),
    Route(
        "GET",
        "/registrymanagement/v1.0/registries/{name}/discovery",
        discover,
        "RegistryManagementNonWorkspace_RegistryManagementNonWorkspace",
        Plane.DATA,
    ),
]
