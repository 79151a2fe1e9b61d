"""Serverless endpoints: a model of the catalogue behind an address, paid by the token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, DELETING, UPDATING
from amltui.emulator.endpoints import changes, hosts, naming, online
from amltui.emulator.http import paging
from amltui.emulator.http.asked import Malformed, object_of, one_of, tags_of, text_of, words
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style
from amltui.emulator.resources import Resource
from amltui.emulator.routes import marketplace_subscriptions

ENDPOINTS = f"{WORKSPACE}/serverlessEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
PAGE = 20
KIND = "se"
CREATE, UPDATE, DELETE = 8.0, 4.0, 5.0
"""Seconds that it takes."""
AUTH_MODES = ("Key", "AAD", "KeyAndAAD")
_SAFETY = ("Enabled", "Disabled")


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/serverlessEndpoints", call.now)
    return paging.listed(call, [_body(call, each) for each in held], PAGE)


async def get(call: Call) -> Response:
    return JSONResponse(_body(call, asked(call)))


async def put(call: Call) -> Response:
    """A new endpoint of a model; of an old one all but the model can be changed."""
    identity, wanted = _id(call), await call.body()
    held = call.world.resources.get(identity, call.now)
    if held is None and (complaint := naming.complaint(call.params["endpoint"], "an endpoint")):
        raise changes.bad(call, complaint)
    if held is not None:
        changes.settled(call, held)
    properties = _properties(object_of(wanted, "properties"))
    if held and held.properties["modelSettings"] != properties["modelSettings"]:
        raise Malformed("The model of a serverless endpoint cannot be changed.")
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "sku": {"name": "Consumption"},
    }
    if held is None:
        made = Resource(identity, call.now, call.who, properties, members)
    else:
        made = replace(
            held, properties=properties, members=members, modified=call.now, modified_by=call.who
        )
    word, takes = (CREATING, CREATE) if held is None else (UPDATING, UPDATE)
    changing, begun = changes.begin(call, made, KIND, word, takes)
    headers = operations.creating(call, begun, call.workspace.location, changing.id)
    return JSONResponse(_body(call, changing), 200 if held else 201, headers)


async def patch(call: Call) -> Response:
    """Tags."""
    held, wanted = asked(call), await call.body()
    changes.settled(call, held)
    tags = words(wanted.get("tags"), "tags")
    members = dict(held.members) if tags is None else {**held.members, "tags": tags}
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    return JSONResponse(_body(call, call.world.resources.put(made)))


async def delete(call: Call) -> Response:
    held = call.world.resources.get(_id(call), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    return changes.delete(call, held, KIND, DELETE)


async def list_keys(call: Call) -> Response:
    return JSONResponse(online.keys(_with_keys(call)))


async def regenerate_keys(call: Call) -> Response:
    """The operation's result are the keys."""
    endpoint, wanted = _with_keys(call), await call.body()
    changes.settled(call, endpoint)
    which = one_of(wanted.get("keyType"), "keyType", ("Primary", "Secondary"))
    kept = online.regenerated(endpoint, which, text_of(wanted, "keyValue", None))
    made = call.world.resources.put(replace(endpoint, kept=kept, modified=call.now))
    begun = operations.begin(
        call, Style.FRONT_END, 1.0, kind=KIND, word=changes.WORD, result=online.keys(made)
    )
    return changes.accepted(call, begun)


def asked(call: Call) -> Resource:
    """The endpoint of the path."""
    found = call.world.resources.get(_id(call), call.now)
    if found is None:
        message = f"There is no serverless endpoint with name: {call.params['endpoint']}"
        raise call.refused(404, message, "NotFound", "NoSuchEndpoint", code="NotFound")
    return found


def _id(call: Call) -> str:
    return f"{call.workspace.id}/serverlessEndpoints/{call.params['endpoint']}"


def _with_keys(call: Call) -> Resource:
    endpoint = asked(call)
    if endpoint.properties["authMode"] == "AAD":
        raise changes.bad(call, f"Endpoint {endpoint.name} does not use keys.")
    return endpoint


def _properties(wanted: dict[str, Any]) -> dict[str, Any]:
    model = text_of(object_of(wanted, "modelSettings"), "modelId", None)
    if not model:
        raise Malformed("The field modelId is required.")
    safety = object_of(wanted, "contentSafety").get("contentSafetyStatus")
    return {
        "authMode": one_of(wanted.get("authMode"), "authMode", AUTH_MODES, "Key"),
        "contentSafety": {
            "contentSafetyStatus": one_of(safety, "contentSafetyStatus", _SAFETY, "Enabled")
        },
        "modelSettings": {"modelId": model},
    }


def _body(call: Call, endpoint: Resource) -> dict[str, Any]:
    state = endpoint.state(call.now)
    subscription = marketplace_subscriptions.to(
        call, endpoint.properties["modelSettings"]["modelId"]
    )
    return endpoint.body(
        endpointState=state if state in {CREATING, DELETING} else "Online",
        inferenceEndpoint=None
        if state == CREATING
        else {"uri": hosts.models(call, call.workspace, endpoint.name), "headers": {}},
        marketplaceSubscriptionId=subscription.id if subscription else None,
        provisioningState=state,
    )


ROUTES = [
    Route("GET", ENDPOINTS, listing, "ServerlessEndpoints_List"),
    Route("GET", ENDPOINT, get, "ServerlessEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "ServerlessEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "ServerlessEndpoints_Update"),
    Route("DELETE", ENDPOINT, delete, "ServerlessEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listKeys", list_keys, "ServerlessEndpoints_ListKeys"),
    Route(
        "POST",
        f"{ENDPOINT}/regenerateKeys",
        regenerate_keys,
        "ServerlessEndpoints_RegenerateKeys",
    ),
]
