"""Online endpoints as their users call them: a key or token, a split of traffic, predictions."""

from __future__ import annotations

import asyncio
import hmac
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, PlainTextResponse, Response

from amltui.emulator.endpoints import (
    deployments,
    hosts,
    load,
    online,
    predictions,
    swagger,
    traffic,
)
from amltui.emulator.endpoints.ledger import Served
from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import Plane, Route
from amltui.emulator.jobs import noise
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource
from amltui.emulator.tokens import Refused

HOST = "/scoring/{guid}/{host}"
HEADER = "azureml-model-deployment"
QUEUE = 2
"""Requests that may wait, or be worked on, for each one that may be worked on at a time."""


async def score(call: Call) -> Response:
    """Ask the deployment that the header names, or one by the traffic rules."""
    inside, endpoint = _asked(call)
    _let_in(inside, endpoint)
    deployment = _chosen(inside, endpoint)
    answer = await _answer(inside, deployment)
    _mirror(inside, endpoint, deployment, answer)
    answer.headers[HEADER] = deployment.name
    request = call.request.headers.get("x-ms-client-request-id")
    answer.headers["x-ms-request-id"] = str(uuid4())
    if request:
        answer.headers["x-ms-client-request-id"] = request
    return answer


async def describe(call: Call) -> Response:
    inside, endpoint = _asked(call)
    _let_in(inside, endpoint)
    address = hosts.inference(inside, inside.workspace, endpoint.name)
    return JSONResponse(swagger.document(endpoint.name, address.partition("://")[2]))


async def health(call: Call) -> Response:
    """The root, which probes ask."""
    inside, endpoint = _asked(call)
    _let_in(inside, endpoint)
    return PlainTextResponse("Healthy")


def at(call: Call, place: Workspace) -> Call:
    """The same request as one within a workspace."""
    return with_params(call, sub=place.subscription.id, rg=place.group, ws=place.name)


def with_params(call: Call, **params: str) -> Call:
    """The same request, as if its path had said these too."""
    return replace(call, params={**call.params, **params})


def workspace_of(call: Call) -> Workspace:
    """The workspace of the path; a 404 where there is none."""
    wanted = call.params["guid"].lower()
    found = next((each for each in call.world.workspaces.values() if each.guid == wanted), None)
    if found is None:
        raise Refusal(PlainTextResponse("Not Found", 404))
    call.world.enter(found)
    return found


def _asked(call: Call) -> tuple[Call, Resource]:
    place = workspace_of(call)
    name = hosts.endpoint_of(call.params["host"])
    found = call.world.resources.get(f"{place.id}/onlineEndpoints/{name}", call.now)
    if found is None or found.state(call.now) == "Creating":
        raise Refusal(PlainTextResponse("Not Found", 404))
    return at(call, place), found


def _let_in(call: Call, endpoint: Resource) -> None:
    """401 with the word of the gate that the caller did not pass."""
    mode = endpoint.properties.get("authMode")
    header = call.request.headers.get("authorization", "")
    scheme, _, shown = header.partition(" ")
    gate = {"Key": "key", "AMLToken": "aml", "AADToken": "aad"}.get(str(mode), "key")
    if scheme.lower() != "bearer" or not shown.strip():
        raise Refusal(PlainTextResponse(f"{gate}_auth_bad_header_forbidden", 401))
    if mode == "Key":
        shown_key = shown.strip().encode()
        keys = online.keys(endpoint).values()
        good = [hmac.compare_digest(shown_key, key.encode()) for key in keys]
        passed = any(good)
    else:
        passed = _is_token_for(call, endpoint, header, str(mode))
    if not passed:
        raise Refusal(PlainTextResponse(f"{gate}_auth_access_denied", 401))


def _is_token_for(call: Call, endpoint: Resource, header: str, mode: str) -> bool:
    """Whether a token is this endpoint's own, or Entra's for Azure ML."""
    own = hosts.inference(call, call.workspace, endpoint.name)
    try:
        claims = call.world.mint.check(header, own)
    except Refused:
        return False
    wanted = own if mode == "AMLToken" else "https://ml.azure.com"
    return str(claims.get("aud", "")).rstrip("/") == wanted


def _chosen(call: Call, endpoint: Resource) -> Resource:
    named = call.request.headers.get(HEADER)
    shares: dict[str, int] = endpoint.properties.get("traffic") or {}
    count = call.world.requests.count(endpoint.id)
    chance = noise.uniform(noise.seeded(call.world.seed, endpoint.id.lower()), count)
    name = named or traffic.chosen(shares, chance)
    if name is None:
        message = "The endpoint has no deployment that receives traffic."
        raise _refused(404, "NoDeployment", message)
    found = call.world.resources.get(f"{endpoint.id}/deployments/{name}", call.now)
    if found is None:
        message = f"The endpoint has no deployment named {name}."
        raise _refused(404, "DeploymentNotFound", message)
    return found


async def _answer(call: Call, deployment: Resource) -> Response:
    """What the deployment says, and what its log is going to tell of it."""
    ledger, key = call.world.requests, deployment.id.lower()
    if load.ready_at(deployment) > call.now:
        ledger.add(key, Served(call.now, load.UNHEALTHY, 0.0))
        return PlainTextResponse("no healthy upstream", load.UNHEALTHY)
    settings = deployment.properties.get("requestSettings") or {}
    at_once = int(settings.get("maxConcurrentRequestsPerInstance") or 1)
    if ledger.in_flight[key] >= QUEUE * at_once * deployments.instances(deployment):
        ledger.add(key, Served(call.now, 429, 0.0))
        message = "The deployment gets more requests than it can handle. Retry later."
        return _refused(429, "TooManyRequests", message, {"Retry-After": "1"}).response
    ledger.in_flight[key] += 1
    try:
        milliseconds = _latency(call, deployment)
        await asyncio.sleep(milliseconds / 1000)
        data = await call.request.body()
    finally:
        ledger.in_flight[key] -= 1
    answer = _predicted(data, noise.seeded(0, deployment.id.lower()))
    status = answer.status_code
    ledger.add(key, Served(call.now, status, milliseconds, len(bytes(answer.body))))
    return answer


def _latency(call: Call, deployment: Resource) -> float:
    middle = load.latency(deployment, int(call.now // load.MINUTE), 0.5)
    count = call.world.requests.count(deployment.id)
    return round(middle * noise.between(noise.seeded(1, deployment.id.lower()), 0.8, 1.6, count), 3)


def _predicted(data: bytes, seed: int) -> Response:
    """The model's answer; what its script cannot read fails it: 424, with the reason in headers."""
    try:
        asked: Any = json.loads(data)
        return JSONResponse(predictions.predict(asked, seed))
    except (ValueError, predictions.Unreadable, RecursionError):
        message = "An unexpected error occurred in scoring script. Check the logs for more info."
        headers = {
            "ms-azureml-model-error-reason": "model_error",
            "ms-azureml-model-error-statuscode": "500",
        }
        return _refused(424, "ModelError", message, headers).response


def _mirror(call: Call, endpoint: Resource, served: Resource, answer: Response) -> None:
    """A copy for the deployment that traffic is mirrored to; nobody waits for what it says."""
    ledger = call.world.requests
    count = ledger.count(endpoint.id)
    ledger.add(endpoint.id, Served(call.now, answer.status_code, 0.0))
    for name, share in (endpoint.properties.get("mirrorTraffic") or {}).items():
        lot = noise.uniform(noise.seeded(2, endpoint.id.lower()), count)
        if name == served.name or lot >= share / 100:
            continue
        other = call.world.resources.get(f"{endpoint.id}/deployments/{name}", call.now)
        if other is not None and load.ready_at(other) <= call.now:
            ledger.add(other.id, Served(call.now, 200, _latency(call, other)))


def _refused(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Refusal:
    return Refusal(errors.gateway(status, code, message, headers))


ROUTES = [
    Route("POST", f"{HOST}/score", score, "Scoring_Invoke", Plane.OPEN),
    Route("GET", f"{HOST}/swagger.json", describe, "Scoring_Swagger", Plane.OPEN),
    Route("GET", HOST, health, "Scoring_Health", Plane.OPEN),
]
