"""What a batch endpoint's jobs run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from amltui.emulator.change import UPDATING
from amltui.emulator.endpoints import assets, batch, changes
from amltui.emulator.endpoints.kind import Kind, tagged
from amltui.emulator.http.asked import object_of, tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Route
from amltui.emulator.resources import Resource
from amltui.emulator.routes import batch_endpoints
from amltui.emulator.routes.batch_endpoints import ENDPOINT

DEPLOYMENTS = f"{ENDPOINT}/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
KIND = Kind(
    "deployments",
    "deployment",
    "bd",
    batch.deployment_body,
    create=8.0,
    update=5.0,
    end=4.0,
    within=batch_endpoints.KIND,
)
COMPONENT_MARK = "bdbes"


async def put(call: Call) -> Response:
    endpoint, wanted = batch_endpoints.KIND.asked(call), await call.body()
    changes.settled(call, endpoint)
    held = KIND.before(call)
    made = _made(call, wanted, held)
    _check(call, made)
    if batch.COMPONENT in made.properties["properties"]:
        return KIND.put(call, held, made, mark=COMPONENT_MARK)
    # The answer says Updating of new ones too, unless they run a component: so it is recorded.
    return KIND.put(call, held, made, shown=UPDATING)


async def patch(call: Call) -> Response:
    """Tags and description."""
    held, wanted = await KIND.patching(call)
    members, properties = tagged(held, wanted), dict(held.properties)
    more = object_of(wanted, "properties")
    if "description" in more:
        properties["description"] = text_of(more, "description", None)
    return KIND.patch(call, replace(held, members=members, properties=properties))


async def delete(call: Call) -> Response:
    """An endpoint whose default it was has none from then on."""
    answer = await KIND.delete(call)
    endpoint, name = batch_endpoints.KIND.asked(call), call.params["deployment"].lower()
    default = (endpoint.properties.get("defaults") or {}).get("deploymentName") or ""
    if answer.status_code == 202 and default.lower() == name:
        without = {**endpoint.properties, "defaults": {"deploymentName": None}}
        call.world.resources.put(replace(endpoint, properties=without))
    return answer


def _made(call: Call, wanted: dict[str, Any], held: Resource | None) -> Resource:
    properties = batch.deployment(object_of(wanted, "properties"))
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
    }
    return KIND.made(call, held, properties, members)


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
    Route("GET", DEPLOYMENTS, KIND.listing, "BatchDeployments_List"),
    Route("GET", DEPLOYMENT, KIND.get, "BatchDeployments_Get"),
    Route("PUT", DEPLOYMENT, put, "BatchDeployments_CreateOrUpdate"),
    Route("PATCH", DEPLOYMENT, patch, "BatchDeployments_Update"),
    Route("DELETE", DEPLOYMENT, delete, "BatchDeployments_Delete"),
]
