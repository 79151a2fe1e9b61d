"""Batch endpoints: created, changed and deleted as long-running operations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.endpoints import batch, changes, online
from amltui.emulator.endpoints.kind import Kind, tagged
from amltui.emulator.http.asked import object_of, tags_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

ENDPOINTS = f"{WORKSPACE}/batchEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
KIND = Kind(
    "batchEndpoints", "endpoint", "be", batch.endpoint_body, create=6.0, update=3.0, end=5.0
)


async def put(call: Call) -> Response:
    wanted, held = await call.body(), KIND.before(call)
    return KIND.put(call, held, _made(call, wanted, held))


async def patch(call: Call) -> Response:
    """Identity and tags."""
    held, wanted = await KIND.patching(call)
    members = tagged(held, wanted)
    if wanted.get("identity") is not None:
        members["identity"] = _identity(call, wanted["identity"], held.id)
    return KIND.patch(call, replace(held, members=members))


async def list_keys(call: Call) -> Response:
    endpoint = KIND.asked(call)
    if endpoint.properties.get("authMode") != "Key":
        raise changes.bad(call, f"Endpoint {endpoint.name} does not use keys.")
    return JSONResponse(online.keys(endpoint))


def _identity(call: Call, value: Any, id: str) -> dict[str, Any]:  # noqa: A002
    return online.identity(value or {"type": "None"}, id, call.workspace.subscription.tenant)


def _made(call: Call, wanted: dict[str, Any], held: Resource | None) -> Resource:
    below = call.world.resources.within(f"{KIND.id(call)}/deployments", call.now)
    properties = batch.endpoint(
        object_of(wanted, "properties"),
        held.properties if held else {},
        [each.name for each in below],
    )
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "identity": _identity(call, wanted.get("identity"), KIND.id(call)),
    }
    version = {"version": call.version} if held is None else {}
    return KIND.made(call, held, properties, members, **version)


ROUTES = [
    Route("GET", ENDPOINTS, KIND.listing, "BatchEndpoints_List"),
    Route("GET", ENDPOINT, KIND.get, "BatchEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "BatchEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "BatchEndpoints_Update"),
    Route("DELETE", ENDPOINT, KIND.delete, "BatchEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listkeys", list_keys, "BatchEndpoints_ListKeys"),
]
