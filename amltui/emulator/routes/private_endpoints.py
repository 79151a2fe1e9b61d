"""Private endpoint connections of a workspace: kept as clients put them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import workspaces
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, tags_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

CONNECTIONS = f"{WORKSPACE}/privateEndpointConnections"
CONNECTION = f"{CONNECTIONS}/{{connection}}"
_STATE = {"status": "Pending", "description": "", "actionsRequired": "None"}


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/privateEndpointConnections", call.now)
    return paging.listed(call, [each.body() for each in held])


async def get(call: Call) -> Response:
    held = _held(call)
    if held is None:
        name = call.params["connection"]
        raise call.refused(404, f"There is no connection {name}.", "NotFound", code="NotFound")
    return JSONResponse(held.body())


async def put(call: Call) -> Response:
    """A new connection, or another word on one: approved, or rejected."""
    asked, held = await call.body(), _held(call)
    properties = object_of(asked, "properties")
    state = object_of(properties, "privateLinkServiceConnectionState")
    endpoint = object_of(properties, "privateEndpoint")
    known: dict[str, Any] = dict(held.properties) if held else {}
    made = held or Resource(_id(call), call.now, call.who)
    made = replace(
        made,
        properties={
            "provisioningState": "Succeeded",
            "privateEndpoint": endpoint or known.get("privateEndpoint"),
            "privateLinkServiceConnectionState": {
                **(known.get("privateLinkServiceConnectionState") or _STATE),
                **state,
            },
        },
        members={
            "location": call.workspace.location,
            "tags": tags_of(asked),
            "identity": workspaces.identity_of(asked),
        },
        modified=call.now if held else None,
        modified_by=call.who if held else None,
    )
    return JSONResponse(call.world.resources.put(made).body())


async def delete(call: Call) -> Response:
    return call.dropped(_held(call))


def _id(call: Call) -> str:
    return f"{call.workspace.id}/privateEndpointConnections/{call.params['connection']}"


def _held(call: Call) -> Resource | None:
    return call.world.resources.get(_id(call), call.now)


ROUTES = [
    Route("GET", CONNECTIONS, listing, "PrivateEndpointConnections_List"),
    Route("GET", CONNECTION, get, "PrivateEndpointConnections_Get"),
    Route("PUT", CONNECTION, put, "PrivateEndpointConnections_CreateOrUpdate"),
    Route("DELETE", CONNECTION, delete, "PrivateEndpointConnections_Delete"),
]
