"""What answers behind an online endpoint."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Route
from amltui.emulator.resources import Resource
from amltui.emulator.routes import online_endpoints
from amltui.emulator.routes.online_endpoints import ENDPOINT, PAGE

DEPLOYMENTS = f"{ENDPOINT}/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
_FETCHING = ("Downloading model...", "Model download finished.")


async def listing(call: Call) -> Response:
    endpoint = online_endpoints.asked(call)
    held = call.world.resources.within(f"{endpoint.id}/deployments", call.now)
    return paging.listed(call, [body(call, each) for each in held], PAGE)


async def get(call: Call) -> Response:
    return JSONResponse(body(call, asked(call)))


async def get_logs(call: Call) -> Response:
    """The last lines: there is no offset, and no way to follow."""
    deployment, wanted = asked(call), await call.body()
    lines = deployment.kept.get("log") or ()
    if wanted.get("containerType") == "StorageInitializer":
        lines = _FETCHING
    tail = int(wanted.get("tail") or 500)
    return JSONResponse({"content": "".join(f"{line}\n" for line in lines[-tail:])})


def asked(call: Call) -> Resource:
    """The deployment of the path."""
    endpoint = online_endpoints.asked(call)
    identity = f"{endpoint.id}/deployments/{call.params['deployment']}"
    found = call.world.resources.get(identity, call.now)
    if found is None:
        message = "The specified resource was not found."
        raise call.refused(404, message, "NotFound", "NoSuchDeployment", code="NotFound")
    return found


def body(call: Call, deployment: Resource) -> dict[str, Any]:
    """As ARM shows it."""
    state = deployment.kept.get("state") or deployment.state(call.now)
    return deployment.body(provisioningState=state)


ROUTES = [
    Route("GET", DEPLOYMENTS, listing, "OnlineDeployments_List"),
    Route("GET", DEPLOYMENT, get, "OnlineDeployments_Get"),
    Route("POST", f"{DEPLOYMENT}/getLogs", get_logs, "OnlineDeployments_GetLogs"),
]
