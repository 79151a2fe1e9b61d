"""What answers behind an online endpoint: created, scaled and deleted; its log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import changes, checks, deployments, log, naming
from amltui.emulator.http import paging
from amltui.emulator.http.asked import Malformed, object_of, one_of, tags_of, whole, words
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Route
from amltui.emulator.resources import Resource
from amltui.emulator.routes import online_endpoints
from amltui.emulator.routes.online_endpoints import ENDPOINT, PAGE

DEPLOYMENTS = f"{ENDPOINT}/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
KIND = "od"
SCALING = "Scaling"
CREATE, UPDATE, SCALE, DELETE = 20.0, 14.0, 10.0, 8.0
"""Seconds that it takes."""
ROLLOUT = 0.9
"""The part of that time after which the container answers."""
USUAL_TAIL = 500
_CONTAINERS = ("InferenceServer", "StorageInitializer", "ModelDataCollector")


async def listing(call: Call) -> Response:
    """Newest first, or by `$orderBy=createdtime asc`."""
    endpoint = online_endpoints.asked(call)
    held = call.world.resources.within(f"{endpoint.id}/deployments", call.now)
    if call.query.get("$orderby", "").lower().endswith("asc"):
        held.reverse()
    size = paging.count(call.query.get("$top"), PAGE)
    return paging.listed(call, [deployments.body(call, each) for each in held], size)


async def get(call: Call) -> Response:
    return JSONResponse(deployments.body(call, asked(call)))


async def put(call: Call) -> Response:
    """A new deployment, or another one in its place: both begin with a new container."""
    endpoint, wanted = online_endpoints.asked(call), await call.body()
    changes.settled(call, endpoint)
    identity = _id(call, endpoint)
    held = call.world.resources.get(identity, call.now)
    if held is None and (complaint := naming.complaint(call.params["deployment"], "a deployment")):
        raise changes.bad(call, complaint)
    if held is not None:
        changes.settled(call, held)
    made = _made(call, endpoint, wanted, held, identity)
    checks.check(call, made, held)
    failure = checks.failure(call, made)
    word, takes = (CREATING, CREATE) if held is None else (UPDATING, UPDATE)
    made = replace(
        made,
        kept={
            **made.kept,
            "started": call.now,
            "rollout": takes * ROLLOUT,
            "failure": failure,
        },
    )
    error = failure["error"] if failure else None
    changing, begun = changes.begin(call, made, KIND, word, takes, error)
    headers = operations.creating(call, begun, call.workspace.location, changing.id)
    # The answer says Updating of new ones too: so it is recorded.
    shown = deployments.body(call, changing, UPDATING)
    return JSONResponse(shown, 200 if held else 201, headers)


async def patch(call: Call) -> Response:
    """Another number of instances, or other tags."""
    held, wanted = asked(call), await call.body()
    changes.settled(call, held)
    members = dict(held.members)
    if "tags" in wanted:
        members["tags"] = words(wanted["tags"], "tags")
    if wanted.get("sku") is not None:
        members["sku"] = deployments.sku(wanted["sku"], held.members.get("sku"))
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    if deployments.instances(made) == deployments.instances(held):
        return JSONResponse(deployments.body(call, call.world.resources.put(made)))
    if made.properties.get("endpointComputeType") == "Managed":
        checks.quota(call, made, held)
    broken = held.change.error if held.change is not None else None
    return changes.accepted(call, changes.begin(call, made, KIND, SCALING, SCALE, broken)[1])


async def delete(call: Call) -> Response:
    """Refused while the endpoint sends it traffic."""
    endpoint = online_endpoints.asked(call)
    held = call.world.resources.get(_id(call, endpoint), call.now)
    if held is None:
        return Response(status_code=204)
    changes.settled(call, held)
    for kind in ("traffic", "mirrorTraffic"):
        share = (endpoint.properties.get(kind) or {}).get(held.name)
        if share:
            message = (
                f"Deployment {held.name} cannot be deleted: {share} percent of the"
                f" endpoint's {kind} go to it. Set its {kind} to 0 first."
            )
            raise changes.bad(call, message, "DeploymentHasTraffic")
    return changes.delete(call, held, KIND, DELETE)


async def get_logs(call: Call) -> Response:
    """The last lines: there is no offset, and no way to follow."""
    endpoint, deployment = online_endpoints.asked(call), asked(call)
    wanted = await call.body()
    tail = whole(USUAL_TAIL if wanted.get("tail") is None else wanted["tail"], "tail")
    kind = one_of(wanted.get("containerType"), "containerType", _CONTAINERS, _CONTAINERS[0])
    if kind == "InferenceServer":
        lines = log.serving(endpoint, deployment, call.world.requests, call.now, tail)
    elif kind == "StorageInitializer":
        lines = log.fetching(deployment, call.now, tail)
    else:
        lines = []
    return JSONResponse({"content": "".join(f"{line}\n" for line in lines)})


async def skus(call: Call) -> Response:
    """How many instances it may have."""
    deployment = asked(call)
    resource = {
        "resourceType": deployment.type,
        "sku": {"name": "Default", "tier": "Standard"},
        "capacity": {
            "default": 1,
            "minimum": 1,
            "maximum": deployments.MOST_INSTANCES,
            "scaleType": "Manual",
        },
    }
    return paging.listed(call, [resource], paging.count(call.query.get("count"), PAGE))


def asked(call: Call) -> Resource:
    """The deployment of the path."""
    endpoint = online_endpoints.asked(call)
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


def _made(
    call: Call, endpoint: Resource, wanted: dict[str, Any], held: Resource | None, identity: str
) -> Resource:
    properties = deployments.properties(object_of(wanted, "properties"))
    managed = properties["endpointComputeType"] != "Kubernetes"
    if managed is (endpoint.members.get("kind") == "K8S"):
        raise Malformed(
            f"A deployment of type {properties['endpointComputeType']} cannot be behind an"
            f" endpoint of kind {endpoint.members.get('kind')}."
        )
    members = {
        "tags": tags_of(wanted),
        "location": call.workspace.location,
        "kind": "Managed" if managed else "K8S",
        "sku": deployments.sku(wanted.get("sku")),
    }
    if held is None:
        return Resource(identity, call.now, call.who, properties, members)
    return replace(
        held, properties=properties, members=members, modified=call.now, modified_by=call.who
    )


ROUTES = [
    Route("GET", DEPLOYMENTS, listing, "OnlineDeployments_List"),
    Route("GET", DEPLOYMENT, get, "OnlineDeployments_Get"),
    Route("PUT", DEPLOYMENT, put, "OnlineDeployments_CreateOrUpdate"),
    Route("PATCH", DEPLOYMENT, patch, "OnlineDeployments_Update"),
    Route("DELETE", DEPLOYMENT, delete, "OnlineDeployments_Delete"),
    Route("POST", f"{DEPLOYMENT}/getLogs", get_logs, "OnlineDeployments_GetLogs"),
    Route("GET", f"{DEPLOYMENT}/skus", skus, "OnlineDeployments_ListSkus"),
]
