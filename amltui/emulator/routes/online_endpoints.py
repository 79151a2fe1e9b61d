"""Online endpoints: created, changed and deleted as long-running operations; keys and tokens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.endpoints import changes, hosts, load, online
from amltui.emulator.endpoints.kind import Kind, tagged
from amltui.emulator.http.asked import object_of, one_of, tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.pairs import has
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

ENDPOINTS = f"{WORKSPACE}/onlineEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
KIND = Kind("onlineEndpoints", "endpoint", "oe", online.body, create=8.0, update=4.0, end=6.0)
TOKEN_LIFETIME, TOKEN_REFRESH = 8 * 3600, 6 * 3600

_ORDERS: dict[str, tuple[Callable[[Resource], float], bool]] = {
    "createdatdesc": (lambda each: each.created, True),
    "createdatasc": (lambda each: each.created, False),
    "updatedatdesc": (lambda each: each.modified or each.created, True),
    "updatedatasc": (lambda each: each.modified or each.created, False),
}


async def listing(call: Call) -> Response:
    held = call.world.resources.within(KIND.collection(call), call.now)
    found = [each for each in held if _wanted(call, each)]
    key, backwards = _ORDERS.get(call.query.get("orderby", "").lower(), _ORDERS["createdatdesc"])
    found.sort(key=key, reverse=backwards)
    return KIND.page(call, found)


async def put(call: Call) -> Response:
    """A new endpoint, or the whole of an old one, its traffic with it."""
    wanted, held = await call.body(), KIND.before(call)
    return KIND.put(call, held, _made(call, wanted, held))


async def patch(call: Call) -> Response:
    """Identity and tags; traffic takes a PUT."""
    held, wanted = await KIND.patching(call)
    members = tagged(held, wanted)
    if wanted.get("identity") is not None:
        tenant = call.workspace.subscription.tenant
        members["identity"] = online.identity(wanted["identity"], held.id, tenant)
    return KIND.patch(call, replace(held, members=members))


async def list_keys(call: Call) -> Response:
    return JSONResponse(online.keys(_with(call, "Key", "keys")))


async def regenerate_keys(call: Call) -> Response:
    """One of the two, to a value that is given or to a new one."""
    endpoint, wanted = _with(call, "Key", "keys"), await call.body()
    changes.settled(call, endpoint)
    which = one_of(wanted.get("keyType"), "keyType", ("Primary", "Secondary"))
    kept = online.regenerated(endpoint, which, text_of(wanted, "keyValue", None))
    return KIND.patch(call, replace(endpoint, kept=kept), takes=1.0)


async def token(call: Call) -> Response:
    """An Azure ML token, good for this endpoint only."""
    endpoint = _with(call, "AMLToken", "Azure ML tokens")
    resource = hosts.inference(call, call.workspace, endpoint.name)
    issued, expires = call.world.mint.issue(resource, TOKEN_LIFETIME)
    return JSONResponse(
        {
            "accessToken": issued,
            "tokenType": "Bearer",
            "expiryTimeUtc": expires,
            "refreshAfterTimeUtc": int(time.time()) + TOKEN_REFRESH,
        }
    )


def _made(call: Call, wanted: dict[str, Any], held: Resource | None) -> Resource:
    identity = KIND.id(call)
    below = call.world.resources.within(f"{identity}/deployments", call.now)
    before = held.properties if held else {}
    properties = online.properties(
        object_of(wanted, "properties"), before, [each.name for each in below]
    )
    compute = properties["compute"]
    if compute and call.world.compute(call.workspace, compute.rpartition("/")[2]) is None:
        raise changes.bad(call, f"The compute {compute} was not found.", "ComputeNotFound")
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "kind": online.kind_of(properties),
        "identity": online.identity(
            wanted.get("identity"), identity, call.workspace.subscription.tenant
        ),
    }
    splits = {"splits": load.resplit(held, properties["traffic"], call.now)} if held else {}
    return KIND.made(call, held, properties, members, **splits)


def _with(call: Call, mode: str, what: str) -> Resource:
    """The endpoint of the path, which must be one that is called with `what`."""
    endpoint = KIND.asked(call)
    if endpoint.properties.get("authMode") != mode:
        message = (
            f"Endpoint {endpoint.name} does not use {what}:"
            f" its authentication mode is {endpoint.properties.get('authMode')}."
        )
        raise changes.bad(call, message)
    return endpoint


_COMPUTES = {"managed": "Managed", "kubernetes": "K8S"}


def _wanted(call: Call, endpoint: Resource) -> bool:
    """Whether it has the name, compute, tags and properties that are asked for."""
    name = call.query.get("name")
    if name and endpoint.name.lower() != name.lower():
        return False
    compute = call.query.get("computetype")
    if compute and endpoint.members.get("kind") != _COMPUTES.get(compute.lower()):
        return False
    return has(endpoint.members.get("tags"), call.query.get("tags")) and has(
        endpoint.properties.get("properties"), call.query.get("properties")
    )


ROUTES = [
    Route("GET", ENDPOINTS, listing, "OnlineEndpoints_List"),
    Route("GET", ENDPOINT, KIND.get, "OnlineEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "OnlineEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "OnlineEndpoints_Update"),
    Route("DELETE", ENDPOINT, KIND.delete, "OnlineEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listKeys", list_keys, "OnlineEndpoints_ListKeys"),
    Route("POST", f"{ENDPOINT}/regenerateKeys", regenerate_keys, "OnlineEndpoints_RegenerateKeys"),
    Route("POST", f"{ENDPOINT}/token", token, "OnlineEndpoints_GetToken"),
]
