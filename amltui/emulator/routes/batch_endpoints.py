"""Batch endpoints: created, changed and deleted as long-running operations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import batch, changes, naming, online
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, tags_of, words
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

ENDPOINTS = f"{WORKSPACE}/batchEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
PAGE = 20
KIND = "be"
CREATE, UPDATE, DELETE = 6.0, 3.0, 5.0
"""Seconds that it takes."""


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/batchEndpoints", call.now)
    size = paging.count(call.query.get("count"), PAGE)
    return paging.listed(call, [batch.endpoint_body(call, each) for each in held], size)


async def get(call: Call) -> Response:
    return JSONResponse(batch.endpoint_body(call, asked(call)))


async def put(call: Call) -> Response:
    identity, wanted = _id(call), await call.body()
    held = call.world.resources.get(identity, call.now)
    if held is None and (complaint := naming.complaint(call.params["endpoint"], "an endpoint")):
        raise changes.bad(call, complaint)
    if held is not None:
        changes.settled(call, held)
    made = _made(call, wanted, held, identity)
    word, takes = (CREATING, CREATE) if held is None else (UPDATING, UPDATE)
    changing, begun = changes.begin(call, made, KIND, word, takes)
    headers = operations.creating(call, begun, call.workspace.location, changing.id)
    return JSONResponse(batch.endpoint_body(call, changing), 200 if held else 201, headers)


async def patch(call: Call) -> Response:
    """Identity and tags."""
    held, wanted = asked(call), await call.body()
    changes.settled(call, held)
    members = dict(held.members)
    if "tags" in wanted:
        members["tags"] = words(wanted["tags"], "tags")
    if wanted.get("identity") is not None:
        members["identity"] = _identity(call, wanted["identity"], held.id)
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    return changes.accepted(call, changes.begin(call, made, KIND, UPDATING, UPDATE)[1])


async def delete(call: Call) -> Response:
    held = call.world.resources.get(_id(call), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    return changes.delete(call, held, KIND, DELETE)


async def list_keys(call: Call) -> Response:
    endpoint = asked(call)
    if endpoint.properties.get("authMode") != "Key":
        raise changes.bad(call, f"Endpoint {endpoint.name} does not use keys.")
    return JSONResponse(online.keys(endpoint))


def asked(call: Call) -> Resource:
    """The endpoint of the path."""
    found = call.world.resources.get(_id(call), call.now)
    if found is None:
        name, place = call.params["endpoint"], call.workspace.name
        message = f"There is no endpoint with name: {name} in {place}"
        details = (("NoSuchEndpoint", message),)
        raise call.refused(
            404, "The specified resource was not found.", code="NotFound", details=details
        )
    return found


def _id(call: Call) -> str:
    return f"{call.workspace.id}/batchEndpoints/{call.params['endpoint']}"


def _identity(call: Call, value: Any, id: str) -> dict[str, Any]:  # noqa: A002
    return online.identity(value or {"type": "None"}, id, call.workspace.subscription.tenant)


def _made(call: Call, wanted: dict[str, Any], held: Resource | None, identity: str) -> Resource:
    below = call.world.resources.within(f"{identity}/deployments", call.now)
    properties = batch.endpoint(
        object_of(wanted, "properties"),
        held.properties if held else {},
        [each.name for each in below],
    )
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "identity": _identity(call, wanted.get("identity"), identity),
    }
    if held is None:
        kept = {"version": call.version}
        return Resource(identity, call.now, call.who, properties, members, kept)
    return replace(
        held, properties=properties, members=members, modified=call.now, modified_by=call.who
    )


ROUTES = [
    Route("GET", ENDPOINTS, listing, "BatchEndpoints_List"),
    Route("GET", ENDPOINT, get, "BatchEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "BatchEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "BatchEndpoints_Update"),
    Route("DELETE", ENDPOINT, delete, "BatchEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listkeys", list_keys, "BatchEndpoints_ListKeys"),
]
