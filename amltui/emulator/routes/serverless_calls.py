"""Serverless endpoints as their users call them: chat completions."""

from __future__ import annotations

import hmac

from starlette.responses import JSONResponse, Response

from amltui.emulator.endpoints import hosts, online, predictions
from amltui.emulator.endpoints.changes import bad, understood
from amltui.emulator.http import errors
from amltui.emulator.http.asked import mapping
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import Plane, Route
from amltui.emulator.jobs import noise
from amltui.emulator.resources import Resource
from amltui.emulator.routes import scoring, serverless_endpoints
from amltui.emulator.routes.scoring import HOST
from amltui.emulator.tokens import Refused


async def chat(call: Call) -> Response:
    inside, endpoint = _asked(call)
    with understood(inside):
        wanted = mapping(await inside.json(), "body")
    if not isinstance(wanted.get("messages"), list):
        raise bad(inside, "The field messages must be a list.")
    named = {"model": _model(endpoint), **wanted}
    return JSONResponse(predictions.chat(named, noise.seeded(0, endpoint.id.lower())))


async def info(call: Call) -> Response:
    _, endpoint = _asked(call)
    name = _model(endpoint)
    return JSONResponse(
        {"model_name": name, "model_type": "chat-completion", "model_provider_name": "azureml"}
    )


def _asked(call: Call) -> tuple[Call, Resource]:
    name = hosts.endpoint_of(call.params["host"])
    place = scoring.workspace_of(call)
    inside = scoring.with_params(scoring.at(call, place), endpoint=name)
    endpoint = serverless_endpoints.KIND.asked(inside)
    if not _opens(inside, endpoint):
        message = "Access denied due to invalid key or token."
        raise Refusal(errors.gateway(401, "Unauthorized", message))
    return inside, endpoint


def _opens(call: Call, endpoint: Resource) -> bool:
    """A key, as a bearer or in `api-key`, or an Entra token where the endpoint takes them."""
    header = call.request.headers.get("authorization", "")
    shown = call.request.headers.get("api-key") or header.partition(" ")[2].strip()
    mode = endpoint.properties["authMode"]
    keys = online.keys(endpoint).values() if mode != "AAD" else ()
    if any(hmac.compare_digest(shown.encode(), key.encode()) for key in keys):
        return True
    if mode == "Key":
        return False
    try:
        call.world.mint.check(header, call.base)
    except Refused:
        return False
    return True


def _model(endpoint: Resource) -> str:
    return str(endpoint.properties["modelSettings"]["modelId"]).rpartition("/")[2]


ROUTES = [
    Route("POST", f"{HOST}/chat/completions", chat, "ModelInference_Chat", Plane.OPEN),
    Route("POST", f"{HOST}/v1/chat/completions", chat, "ModelInference_ChatV1", Plane.OPEN),
    Route("GET", f"{HOST}/info", info, "ModelInference_Info", Plane.OPEN),
]
