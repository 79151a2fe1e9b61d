"""Subscriptions to the models of other publishers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import changes
from amltui.emulator.http import paging
from amltui.emulator.http.asked import Malformed, object_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

SUBSCRIPTIONS = f"{WORKSPACE}/marketplaceSubscriptions"
SUBSCRIPTION = f"{SUBSCRIPTIONS}/{{name}}"
PAGE = 20
KIND = "ms"
TAKES = 4.0
"""Seconds of any change."""


async def listing(call: Call) -> Response:
    held = call.world.resources.within(f"{call.workspace.id}/marketplaceSubscriptions", call.now)
    return paging.listed(call, [_body(call, each) for each in held], PAGE)


async def get(call: Call) -> Response:
    found = call.world.resources.get(_id(call), call.now)
    if found is None:
        message = f"There is no marketplace subscription with name: {call.params['name']}"
        raise call.refused(404, message, "NotFound", "NoSuchSubscription", code="NotFound")
    return JSONResponse(_body(call, found))


async def put(call: Call) -> Response:
    """To one model, which stays the same."""
    identity, wanted = _id(call), await call.body()
    held = call.world.resources.get(identity, call.now)
    if held is not None:
        changes.settled(call, held)
    model = text_of(object_of(wanted, "properties"), "modelId", None)
    if not model:
        raise Malformed("The field modelId is required.")
    if held is not None and held.properties["modelId"] != model:
        raise Malformed("The modelId of a marketplace subscription cannot be changed.")
    made = held or Resource(identity, call.now, call.who, {"modelId": model})
    word = CREATING if held is None else UPDATING
    changing, begun = changes.begin(call, made, KIND, word, TAKES)
    headers = operations.creating(call, begun, call.workspace.location, changing.id)
    return JSONResponse(_body(call, changing), 200 if held else 201, headers)


async def delete(call: Call) -> Response:
    held = call.world.resources.get(_id(call), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    return changes.delete(call, replace(held, modified=call.now), KIND, TAKES)


def to(call: Call, model: str | None) -> Resource | None:
    """The subscription to a model; None where there is none."""
    collection = f"{call.workspace.id}/marketplaceSubscriptions"
    held = call.world.resources.within(collection, call.now)
    return next((each for each in held if each.properties["modelId"] == model), None)


def _id(call: Call) -> str:
    return f"{call.workspace.id}/marketplaceSubscriptions/{call.params['name']}"


def _body(call: Call, resource: Resource) -> dict[str, Any]:
    """The plan follows from the model: its registry is its publisher's."""
    pieces = str(resource.properties["modelId"]).rstrip("/").split("/")
    publisher = pieces[pieces.index("registries") + 1] if "registries" in pieces[:-1] else "azureml"
    state = resource.state(call.now)
    return resource.body(
        marketplacePlan={
            "publisherId": publisher.removeprefix("azureml-"),
            "offerId": f"{pieces[-1].lower()}-offer",
            "planId": f"{pieces[-1].lower()}-plan",
        },
        marketplaceSubscriptionStatus="Subscribed" if state == "Succeeded" else "Unsubscribed",
        provisioningState=state,
    )


ROUTES = [
    Route("GET", SUBSCRIPTIONS, listing, "MarketplaceSubscriptions_List"),
    Route("GET", SUBSCRIPTION, get, "MarketplaceSubscriptions_Get"),
    Route("PUT", SUBSCRIPTION, put, "MarketplaceSubscriptions_CreateOrUpdate"),
    Route("DELETE", SUBSCRIPTION, delete, "MarketplaceSubscriptions_Delete"),
]
