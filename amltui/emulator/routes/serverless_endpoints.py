"""Serverless endpoints: a model of the catalogue behind an address, paid by the token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, DELETING
from amltui.emulator.endpoints import changes, hosts, online
from amltui.emulator.endpoints.kind import Kind, tagged
from amltui.emulator.http.asked import Malformed, object_of, one_of, tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style
from amltui.emulator.resources import Resource
from amltui.emulator.routes import marketplace_subscriptions

ENDPOINTS = f"{WORKSPACE}/serverlessEndpoints"
ENDPOINT = f"{ENDPOINTS}/{{endpoint}}"
AUTH_MODES = ("Key", "AAD", "KeyAndAAD")
_SAFETY = ("Enabled", "Disabled")


async def put(call: Call) -> Response:
    """A new endpoint of a model; of an old one all but the model can be changed."""
    wanted, held = await call.body(), KIND.before(call)
    properties = _properties(object_of(wanted, "properties"))
    if held and held.properties["modelSettings"] != properties["modelSettings"]:
        raise Malformed("The model of a serverless endpoint cannot be changed.")
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "sku": {"name": "Consumption"},
    }
    return KIND.put(call, held, KIND.made(call, held, properties, members))


async def patch(call: Call) -> Response:
    """Tags, at once."""
    held, wanted = await KIND.patching(call)
    if wanted.get("tags") is not None:
        held = replace(held, members=tagged(held, wanted))
    made = replace(held, modified=call.now, modified_by=call.who)
    return JSONResponse(_body(call, call.world.resources.put(made)))


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
        call, Style.FRONT_END, 1.0, kind=KIND.mark, word=changes.WORD, result=online.keys(made)
    )
    return changes.accepted(call, begun)


def _with_keys(call: Call) -> Resource:
    endpoint = KIND.asked(call)
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


KIND = Kind("serverlessEndpoints", "endpoint", "se", _body, create=8.0, update=4.0, end=5.0)

ROUTES = [
    Route("GET", ENDPOINTS, KIND.listing, "ServerlessEndpoints_List"),
    Route("GET", ENDPOINT, KIND.get, "ServerlessEndpoints_Get"),
    Route("PUT", ENDPOINT, put, "ServerlessEndpoints_CreateOrUpdate"),
    Route("PATCH", ENDPOINT, patch, "ServerlessEndpoints_Update"),
    Route("DELETE", ENDPOINT, KIND.delete, "ServerlessEndpoints_Delete"),
    Route("POST", f"{ENDPOINT}/listKeys", list_keys, "ServerlessEndpoints_ListKeys"),
    Route(
        "POST",
        f"{ENDPOINT}/regenerateKeys",
        regenerate_keys,
        "ServerlessEndpoints_RegenerateKeys",
    ),
]
