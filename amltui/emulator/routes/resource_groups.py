"""Resource groups: those that workspaces are in, and those that clients make."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from amltui.emulator import dependents, inventory, operations, workspaces
from amltui.emulator.change import DELETING, Change
from amltui.emulator.http import errors, odata, paging
from amltui.emulator.http.asked import tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, SUBSCRIPTION, Route
from amltui.emulator.operations import Style
from amltui.emulator.places import ResourceGroup

DELETION = 15.0
"""Seconds that it takes."""


async def listing(call: Call) -> Response:
    bodies = [each.body(call.now) for each in call.world.groups_of(call.subscription.id).values()]
    found = odata.filtered(call, bodies)
    return paging.listed(call, found, paging.count(call.query.get("$top"), 1000))


async def get(call: Call) -> Response:
    return JSONResponse(asked(call).body(call.now))


async def exists(call: Call) -> Response:
    known = call.params["rg"].lower() in call.world.groups_of(call.subscription.id)
    return Response(status_code=204 if known else 404)


async def put(call: Call) -> Response:
    """A new resource group, or other tags for one that is there."""
    told, name = await call.body(), call.params["rg"]
    known = call.world.groups_of(call.subscription.id).get(name.lower())
    location = known.location if known else text_of(told, "location").replace(" ", "").lower()
    if not location:
        return errors.gateway(400, "LocationRequired", "The location property is required.")
    made = ResourceGroup(
        call.subscription.id,
        known.name if known else name,
        location,
        tags_of(told),
    )
    call.world.put_group(made)
    return JSONResponse(made.body(call.now), 200 if known else 201)


async def patch(call: Call) -> Response:
    """Other tags: nothing else can be changed."""
    told, held = await call.body(), asked(call)
    if told.get("tags") is not None:
        held = call.world.put_group(replace(held, tags=tags_of(told)))
    return JSONResponse(held.body(call.now))


async def delete(call: Call) -> Response:
    """The group, and all that is in it."""
    held = asked(call)
    change = Change(DELETING, call.now, *call.fate(DELETION))
    dependents.found(call.world, held.subscription)
    for place in list(call.world.workspaces_of(held.subscription, held.name)):
        call.world.put_workspace(replace(place, change=change, is_purged=True))
    call.world.resources.drop_below(held.id, change)
    call.world.put_group(replace(held, change=change))
    begun = operations.begin(call, Style.RESOURCES, DELETION)
    return Response(b"", 202, operations.result_only(call, begun))


async def resources(call: Call) -> Response:
    """What is in a group; the filter is honoured."""
    group = asked(call).name.lower()
    return listed_resources(call, group)


async def all_resources(call: Call) -> Response:
    """What is in a subscription; the filter is honoured."""
    return listed_resources(call, None)


def listed_resources(call: Call, group: str | None) -> Response:
    condition = odata.Condition.of(call)
    bodies = [
        {name: body[name] for name in _LISTED if body.get(name) is not None}
        for body in inventory.bodies(call, {call.subscription.id.lower()}, condition.may_be)
        if group is None or inventory.group_of(body["id"]).lower() == group
    ]
    found = [each for each in bodies if condition.holds(each)]
    return paging.listed(call, found, paging.count(call.query.get("$top"), 1000))


_LISTED = ("id", "name", "type", "kind", "location", "tags", "sku", "identity", "managedBy")


def asked(call: Call) -> ResourceGroup:
    """The group of the path; a 404 where there is none."""
    found = call.world.groups_of(call.subscription.id).get(call.params["rg"].lower())
    if found is None:
        raise workspaces.no_group(call.params["rg"])
    return found


ROUTES = [
    Route("GET", f"{SUBSCRIPTION}/resourceGroups", listing, "ResourceGroups_List"),
    Route("GET", GROUP, get, "ResourceGroups_Get"),
    Route("HEAD", GROUP, exists, "ResourceGroups_CheckExistence"),
    Route("PUT", GROUP, put, "ResourceGroups_CreateOrUpdate"),
    Route("PATCH", GROUP, patch, "ResourceGroups_Update"),
    Route("DELETE", GROUP, delete, "ResourceGroups_Delete"),
    Route("GET", f"{SUBSCRIPTION}/resources", all_resources, "Resources_List"),
    Route("GET", f"{GROUP}/resources", resources, "Resources_ListByResourceGroup"),
]
