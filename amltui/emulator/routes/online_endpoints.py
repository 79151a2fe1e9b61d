"""Online endpoints: kept as clients put them, created and deleted as long-running operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

ENDPOINTS = f"{WORKSPACE}/onlineEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
PAGE = 20


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/onlineEndpoints", call.now)
    size = paging.count(call.query.get("count"), PAGE)
    return paging.listed(call, [body(call, each) for each in held], size)


async def get(call: Call) -> Response:
    return JSONResponse(body(call, asked(call)))


async def list_keys(call: Call) -> Response:
    endpoint = asked(call)
    if endpoint.properties.get("authMode") != "Key":
        message = f"Endpoint {endpoint.name} does not use keys."
        raise call.refused(400, message, "BadArgument")
    return JSONResponse(keys(endpoint))


def asked(call: Call) -> Resource:
    """The endpoint of the path."""
    identity = f"{call.workspace.id}/onlineEndpoints/{call.params['endpoint']}"
    found = call.world.resources.get(identity, call.now)
    if found is None:
        message = "The specified resource was not found."
        raise call.refused(404, message, "NotFound", "NoSuchEndpoint", code="NotFound")
    return found


def body(call: Call, endpoint: Resource) -> dict[str, Any]:
    """As ARM shows it; ids inside are in lower case."""
    scoring = f"https://{endpoint.name}.{call.workspace.location}.inference.ml.azure.com"
    more: Mapping[str, Any] = endpoint.properties.get("properties") or {}
    return endpoint.body(
        scoringUri=f"{scoring}/score",
        swaggerUri=f"{scoring}/swagger.json",
        provisioningState=endpoint.kept.get("state") or endpoint.state(call.now),
        properties={"azureml.onlineendpointid": endpoint.id.lower(), **more},
    )


def keys(endpoint: Resource) -> dict[str, str]:
    """The same for the same endpoint, until they are regenerated."""
    turns = endpoint.kept.get("turns") or {}
    return {
        f"{which}Key": uuid5(
            NAMESPACE_URL, f"{endpoint.id.lower()}/{which}/{turns.get(which, 0)}"
        ).hex
        for which in ("primary", "secondary")
    }


ROUTES = [
    Route("GET", ENDPOINTS, listing, "OnlineEndpoints_List"),
    Route("GET", ENDPOINT, get, "OnlineEndpoints_Get"),
    Route("POST", f"{ENDPOINT}/listKeys", list_keys, "OnlineEndpoints_ListKeys"),
]
