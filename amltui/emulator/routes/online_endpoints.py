"""Online endpoints and deployments through ARM."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from amltui.emulator.assets import endpoints
from amltui.emulator.assets.endpoints import Deployment, OnlineEndpoint
from amltui.emulator.routes import paging, refusals
from amltui.emulator.routes.call import Call, WorkspaceRoute

PAGE = 20


async def list_endpoints(call: Call) -> Response:
    known = call.endpoints.of(call.place.workspace)
    page, following = paging.page(known, int(paging.start_of(call) or 0), PAGE)
    bodies = [endpoints.endpoint_body(each, call.place) for each in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get_endpoint(call: Call) -> Response:
    endpoint = _endpoint(call)
    if endpoint is None:
        return _no_endpoint(call)
    return JSONResponse(endpoints.endpoint_body(endpoint, call.place))


async def list_keys(call: Call) -> Response:
    endpoint = _endpoint(call)
    if endpoint is None:
        return _no_endpoint(call)
    if endpoint.auth != "Key":
        message = f"Endpoint {endpoint.name} does not use keys: its auth mode is {endpoint.auth}."
        return refusals.arm(call, 400, "UserError", message, ("BadArgument",))
    return JSONResponse(endpoints.keys(endpoint, call.place))


async def list_deployments(call: Call) -> Response:
    endpoint = _endpoint(call)
    if endpoint is None:
        return _no_endpoint(call)
    bodies = [
        endpoints.deployment_body(endpoint, each, call.place) for each in endpoint.deployments
    ]
    return JSONResponse({"value": bodies})


async def get_deployment(call: Call) -> Response:
    endpoint, deployment = _deployment(call)
    if endpoint is None or deployment is None:
        return _no_endpoint(call)
    return JSONResponse(endpoints.deployment_body(endpoint, deployment, call.place))


async def get_logs(call: Call) -> Response:
    endpoint, deployment = _deployment(call)
    if endpoint is None or deployment is None:
        return _no_endpoint(call)
    asked = await call.body()
    lines = deployment.log
    if asked.get("containerType") == "StorageInitializer":
        lines = ("Downloading model...", "Model download finished.")
    tail = int(asked.get("tail") or 500)
    return JSONResponse({"content": "".join(f"{line}\n" for line in lines[-tail:])})


def _endpoint(call: Call) -> OnlineEndpoint | None:
    return call.endpoints.get(call.place.workspace, call.params["endpoint"])


def _deployment(call: Call) -> tuple[OnlineEndpoint | None, Deployment | None]:
    endpoint = _endpoint(call)
    if endpoint is None:
        return None, None
    return endpoint, endpoints.deployment_of(endpoint, call.params["deployment"])


def _no_endpoint(call: Call) -> Response:
    message = "The specified resource was not found."
    return refusals.arm(call, 404, "NotFound", message, ("NotFound", "NoSuchEndpoint"))


ROUTES = [
    WorkspaceRoute("GET", "/onlineEndpoints", list_endpoints),
    WorkspaceRoute("GET", "/onlineEndpoints/{endpoint}", get_endpoint),
    WorkspaceRoute("POST", "/onlineEndpoints/{endpoint}/listKeys", list_keys),
    WorkspaceRoute("GET", "/onlineEndpoints/{endpoint}/deployments", list_deployments),
    WorkspaceRoute("GET", "/onlineEndpoints/{endpoint}/deployments/{deployment}", get_deployment),
    WorkspaceRoute(
        "POST", "/onlineEndpoints/{endpoint}/deployments/{deployment}/getLogs", get_logs
    ),
]
