"""What answers behind an online endpoint: created, scaled and deleted; its log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.change import UPDATING
from amltui.emulator.endpoints import changes, checks, deployments, log
from amltui.emulator.endpoints.kind import PAGE, Kind, tagged
from amltui.emulator.http import paging
from amltui.emulator.http.asked import Malformed, object_of, one_of, tags_of, whole
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Route
from amltui.emulator.resources import Resource
from amltui.emulator.routes import online_endpoints
from amltui.emulator.routes.online_endpoints import ENDPOINT

DEPLOYMENTS = f"{ENDPOINT}/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
KIND = Kind(
    "deployments",
    "deployment",
    "od",
    deployments.body,
    create=20.0,
    update=14.0,
    end=8.0,
    within=online_endpoints.KIND,
)
SCALING, SCALE = "Scaling", 10.0
"""The provisioning state meanwhile, and the seconds that it takes."""
ROLLOUT = 0.9
"""The part of the time of making it after which the container answers."""
USUAL_TAIL = 500
_CONTAINERS = ("InferenceServer", "StorageInitializer", "ModelDataCollector")


async def put(call: Call) -> Response:
    """A new deployment, or another one in its place: both begin with a new container."""
    endpoint, wanted = online_endpoints.KIND.asked(call), await call.body()
    changes.settled(call, endpoint)
    held = KIND.before(call)
    if held is None:
        checks.room(call, endpoint)
    made = _made(call, endpoint, wanted, held)
    checks.check(call, made, held)
    failure = checks.failure(call, made)
    takes = KIND.create if held is None else KIND.update
    begun = {"started": call.now, "rollout": takes * ROLLOUT, "failure": failure}
    made = replace(made, kept={**made.kept, **begun})
    error = failure["error"] if failure else None
    # The answer says Updating of new ones too: so it is recorded.
    return KIND.put(call, held, made, error=error, shown=UPDATING)


async def patch(call: Call) -> Response:
    """Another number of instances, or other tags."""
    held, wanted = await KIND.patching(call)
    members = tagged(held, wanted)
    if wanted.get("sku") is not None:
        members["sku"] = deployments.sku(wanted["sku"], held.members.get("sku"))
    made = replace(held, members=members, modified=call.now, modified_by=call.who)
    if deployments.instances(made) == deployments.instances(held):
        return JSONResponse(deployments.body(call, call.world.resources.put(made)))
    if made.properties.get("endpointComputeType") == "Managed":
        checks.quota(call, made, held)
    broken = held.change.error if held.change is not None else None
    return changes.accepted(call, changes.begin(call, made, KIND.mark, SCALING, SCALE, broken)[1])


async def delete(call: Call) -> Response:
    """Refused while the endpoint sends it traffic."""
    endpoint = online_endpoints.KIND.asked(call)
    held = call.world.resources.get(KIND.id(call), call.now)
    if held is not None:
        changes.settled(call, held)
        _check_traffic(call, endpoint, held.name)
    return await KIND.delete(call)


async def get_logs(call: Call) -> Response:
    """The last lines: there is no offset, and no way to follow."""
    endpoint, deployment = online_endpoints.KIND.asked(call), KIND.asked(call)
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
    deployment = KIND.asked(call)
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


def _check_traffic(call: Call, endpoint: Resource, name: str) -> None:
    for kind in ("traffic", "mirrorTraffic"):
        share = (endpoint.properties.get(kind) or {}).get(name)
        if share:
            message = (
                f"Deployment {name} cannot be deleted: {share} percent of the"
                f" endpoint's {kind} go to it. Set its {kind} to 0 first."
            )
            raise changes.bad(call, message, "DeploymentHasTraffic")


def _made(
    call: Call, endpoint: Resource, wanted: dict[str, Any], held: Resource | None
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
    return KIND.made(call, held, properties, members)


ROUTES = [
    Route("GET", DEPLOYMENTS, KIND.listing, "OnlineDeployments_List"),
    Route("GET", DEPLOYMENT, KIND.get, "OnlineDeployments_Get"),
    Route("PUT", DEPLOYMENT, put, "OnlineDeployments_CreateOrUpdate"),
    Route("PATCH", DEPLOYMENT, patch, "OnlineDeployments_Update"),
    Route("DELETE", DEPLOYMENT, delete, "OnlineDeployments_Delete"),
    Route("POST", f"{DEPLOYMENT}/getLogs", get_logs, "OnlineDeployments_GetLogs"),
    Route("GET", f"{DEPLOYMENT}/skus", skus, "OnlineDeployments_ListSkus"),
]
