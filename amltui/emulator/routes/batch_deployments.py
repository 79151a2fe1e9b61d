"""What a batch endpoint's jobs run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import assets, batch, changes, naming
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, tags_of, text_of, words
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Route
from amltui.emulator.resources import Resource
from amltui.emulator.routes import batch_endpoints
from amltui.emulator.routes.batch_endpoints import ENDPOINT, PAGE

DEPLOYMENTS = f"{ENDPOINT}/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
KIND, COMPONENT_KIND = "bd", "bdbes"
CREATE, UPDATE, DELETE = 8.0, 5.0, 4.0
"""Seconds that it takes."""


async def listing(call: Call) -> Response:
    """Newest first, or by `$orderBy=createdtime asc`."""
    endpoint = batch_endpoints.asked(call)
    held = call.world.resources.within(f"{endpoint.id}/deployments", call.now)
    if call.query.get("$orderby", "").lower().endswith("asc"):
        held.reverse()
    size = paging.count(call.query.get("$top"), PAGE)
    return paging.listed(call, [batch.deployment_body(call, each) for each in held], size)


async def get(call: Call) -> Response:
    return JSONResponse(batch.deployment_body(call, asked(call)))


async def put(call: Call) -> Response:
    endpoint, wanted = batch_endpoints.asked(call), await call.body()
    changes.settled(call, endpoint)
    identity = _id(call, endpoint)
    held = call.world.resources.get(identity, call.now)
    if held is None and (complaint := naming.complaint(call.params["deployment"], "a deployment")):
        raise changes.bad(call, complaint)
    if held is not None:
        changes.settled(call, held)
    made = _made(call, wanted, held, identity)
    _check(call, made)
    is_component = batch.COMPONENT in made.properties["properties"]
    word, takes = (CREATING, CREATE) if held is None else (UPDATING, UPDATE)
    kind = COMPONENT_KIND if is_component else KIND
    changing, begun = changes.begin(call, made, kind, word, takes)
    headers = operations.creating(call, begun, call.workspace.location, changing.id)
    # The answer says Updating of new ones too, unless they run a component: so it is recorded.
    shown = batch.deployment_body(call, changing, None if is_component else UPDATING)
    return JSONResponse(shown, 200 if held else 201, headers)


async def patch(call: Call) -> Response:
    """Tags and description."""
    held, wanted = asked(call), await call.body()
    changes.settled(call, held)
    members, properties = dict(held.members), dict(held.properties)
    if "tags" in wanted:
        members["tags"] = words(wanted["tags"], "tags")
    more = object_of(wanted, "properties")
    if "description" in more:
        properties["description"] = text_of(more, "description", None)
    made = replace(
        held, members=members, properties=properties, modified=call.now, modified_by=call.who
    )
    return changes.accepted(call, changes.begin(call, made, KIND, UPDATING, UPDATE)[1])


async def delete(call: Call) -> Response:
    """An endpoint whose default it was has none from then on."""
    endpoint = batch_endpoints.asked(call)
    held = call.world.resources.get(_id(call, endpoint), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    if (endpoint.properties.get("defaults") or {}).get("deploymentName") == held.name:
        without = {**endpoint.properties, "defaults": {"deploymentName": None}}
        call.world.resources.put(replace(endpoint, properties=without))
    return changes.delete(call, held, KIND, DELETE)


def asked(call: Call) -> Resource:
    """The deployment of the path."""
    endpoint = batch_endpoints.asked(call)
    found = call.world.resources.get(_id(call, endpoint), call.now)
    if found is None:
        name = call.params["deployment"]
        message = f"There is no deployment with name: {name} in {endpoint.name}"
        details = (("NoSuchDeployment", message),)
        raise call.refused(
            404, "The specified resource was not found.", code="NotFound", details=details
        )
    return found


def _id(call: Call, endpoint: Resource) -> str:
    return f"{endpoint.id}/deployments/{call.params['deployment']}"


def _made(call: Call, wanted: dict[str, Any], held: Resource | None, identity: str) -> Resource:
    properties = batch.deployment(object_of(wanted, "properties"))
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
    }
    if held is None:
        return Resource(identity, call.now, call.who, properties, members)
    return replace(
        held, properties=properties, members=members, modified=call.now, modified_by=call.who
    )


def _check(call: Call, made: Resource) -> None:
    """Refuse a compute, model, environment or code that is not there."""
    asked_for = made.properties
    compute = (asked_for["compute"] or "").rpartition("/")[2].removeprefix("azureml:")
    if compute and call.world.compute(call.workspace, compute) is None:
        message = f"The compute {asked_for['compute']} was not found in the workspace."
        raise changes.bad(call, message, "ComputeNotFound")
    for segment, noun, reference in (
        ("models", "model", (asked_for["model"] or {}).get("assetId")),
        ("environments", "environment", asked_for["environmentId"]),
        ("codes", "code", (asked_for["codeConfiguration"] or {}).get("codeId")),
        ("components", "component", asked_for["properties"].get(batch.COMPONENT)),
    ):
        assets.need(call, segment, noun, reference)


ROUTES = [
    Route("GET", DEPLOYMENTS, listing, "BatchDeployments_List"),
    Route("GET", DEPLOYMENT, get, "BatchDeployments_Get"),
    Route("PUT", DEPLOYMENT, put, "BatchDeployments_CreateOrUpdate"),
    Route("PATCH", DEPLOYMENT, patch, "BatchDeployments_Update"),
    Route("DELETE", DEPLOYMENT, delete, "BatchDeployments_Delete"),
]
