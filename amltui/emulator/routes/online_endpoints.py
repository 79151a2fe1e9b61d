"""Online endpoints: created, changed and deleted as long-running operations; keys and tokens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import changes, hosts, load, naming, online
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, one_of, tags_of, text_of, words
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

ENDPOINTS = f"{WORKSPACE}/onlineEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
PAGE = 20
KIND = "oe"
CREATE, UPDATE, DELETE = 8.0, 4.0, 6.0
"""Seconds that it takes."""
TOKEN_LIFETIME, TOKEN_REFRESH = 8 * 3600, 6 * 3600

_ORDERS: dict[str, tuple[Callable[[Resource], float], bool]] = {
    "createdatdesc": (lambda each: each.created, True),
    "createdatasc": (lambda each: each.created, False),
    "updatedatdesc": (lambda each: each.modified or each.created, True),
    "updatedatasc": (lambda each: each.modified or each.created, False),
}


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/onlineEndpoints", call.now)
    found = [each for each in held if _wanted(call, each)]
    key, backwards = _ORDERS.get(call.query.get("orderby", "").lower(), _ORDERS["createdatdesc"])
    found.sort(key=key, reverse=backwards)
    size = paging.count(call.query.get("count"), PAGE)
    return paging.listed(call, [online.body(call, each) for each in found], size)


async def get(call: Call) -> Response:
    return JSONResponse(online.body(call, asked(call)))


async def put(call: Call) -> Response:
    """A new endpoint, or the whole of an old one, its traffic with it."""
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
    return JSONResponse(online.body(call, changing), 200 if held else 201, headers)


async def patch(call: Call) -> Response:
    """Identity and tags; traffic takes a PUT."""
    held, wanted = asked(call), await call.body()
    changes.settled(call, held)
    members = dict(held.members)
    if "tags" in wanted:
        members["tags"] = words(wanted["tags"], "tags")
    if wanted.get("identity") is not None:
        tenant = call.workspace.subscription.tenant
        members["identity"] = online.identity(wanted["identity"], held.id, tenant)
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    return changes.accepted(call, changes.begin(call, made, KIND, UPDATING, UPDATE)[1])


async def delete(call: Call) -> Response:
    held = call.world.resources.get(_id(call), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    return changes.delete(call, held, KIND, DELETE)


async def list_keys(call: Call) -> Response:
    return JSONResponse(online.keys(_with(call, "Key", "keys")))


async def regenerate_keys(call: Call) -> Response:
    """One of the two, to a value that is given or to a new one."""
    endpoint, wanted = _with(call, "Key", "keys"), await call.body()
    changes.settled(call, endpoint)
    which = one_of(wanted.get("keyType"), "keyType", ("Primary", "Secondary"))
    kept = online.regenerated(endpoint, which, text_of(wanted, "keyValue", None))
    made = replace(endpoint, kept=kept, modified=call.now, modified_by=call.who)
    return changes.accepted(call, changes.begin(call, made, KIND, UPDATING, 1.0)[1])


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
    return f"{call.workspace.id}/onlineEndpoints/{call.params['endpoint']}"


def _made(call: Call, wanted: dict[str, Any], held: Resource | None, identity: str) -> Resource:
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
    if held is None:
        return Resource(identity, call.now, call.who, properties, members)
    return replace(
        held,
        properties=properties,
        members=members,
        kept={**held.kept, "splits": load.resplit(held, properties["traffic"], call.now)},
        modified=call.now,
        modified_by=call.who,
    )


def _with(call: Call, mode: str, what: str) -> Resource:
    """The endpoint of the path, which must be one that is called with `what`."""
    endpoint = asked(call)
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
    return _has(call.query.get("tags"), endpoint.members.get("tags")) and _has(
        call.query.get("properties"), endpoint.properties.get("properties")
    )


def _has(asked_for: str | None, held: dict[str, Any] | None) -> bool:
    """`a=b,c`: a is b, and c is there."""
    for pair in (asked_for or "").split(","):
        key, equals, value = pair.partition("=")
        if key and (key not in (held or {}) or (equals and (held or {})[key] != value)):
            return False
    return True


ROUTES = [
    Route("GET", ENDPOINTS, listing, "OnlineEndpoints_List"),
    Route("GET", ENDPOINT, get, "OnlineEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "OnlineEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "OnlineEndpoints_Update"),
    Route("DELETE", ENDPOINT, delete, "OnlineEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listKeys", list_keys, "OnlineEndpoints_ListKeys"),
    Route("POST", f"{ENDPOINT}/regenerateKeys", regenerate_keys, "OnlineEndpoints_RegenerateKeys"),
    Route("POST", f"{ENDPOINT}/token", token, "OnlineEndpoints_GetToken"),
]
