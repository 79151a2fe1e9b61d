"""Computes: list, get, nodes, and switching instances as long-running operations."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import errors
from amltui.emulator.arm import compute_body
from amltui.emulator.arm.computes import CLUSTER, INSTANCE, Compute
from amltui.emulator.arm.places import PROVIDER, Workspace
from amltui.emulator.arm.route import Ask, Handler, Route
from amltui.emulator.arm.workspaces import SUB, WORKSPACE

COMPUTE = f"{WORKSPACE}/computes/{{compute}}"


def _body(ask: Ask, place: Workspace, compute: Compute) -> dict[str, Any]:
    return compute_body.body(compute, place, ask.world.occupants(compute), ask.world.now)


def _find(ask: Ask, place: Workspace) -> Compute | None:
    return ask.world.computes[place.id.lower()].get(ask.params["compute"].lower())


def _gone() -> Response:
    """A compute that is not there is a 404 without a body."""
    return Response(b"", 404)


async def listing(ask: Ask) -> Response:
    place = ask.workspace()
    if place is None:
        return ask.no_workspace()
    computes = ask.world.computes[place.id.lower()].values()
    return ask.listing([_body(ask, place, compute) for compute in computes])


async def get(ask: Ask) -> Response:
    place = ask.workspace()
    if place is None:
        return ask.no_workspace()
    compute = _find(ask, place)
    return _gone() if compute is None else JSONResponse(_body(ask, place, compute))


async def nodes(ask: Ask) -> Response:
    """The array is called `nodes`, not `value`."""
    place = ask.workspace()
    if place is None:
        return ask.no_workspace()
    compute = _find(ask, place)
    if compute is None:
        return _gone()
    if compute.type != CLUSTER:
        return errors.provider(400, "UserError", f"{compute.name} is not a cluster.")
    return ask.listing(compute_body.nodes(compute, ask.world.occupants(compute)), array="nodes")


def switch(operation: str) -> Handler:
    """Start, Stop or Restart: 202 without a body, and only `Azure-AsyncOperation` to follow."""

    async def answer(ask: Ask) -> Response:
        place = ask.workspace()
        if place is None:
            return ask.no_workspace()
        compute = _find(ask, place)
        if compute is None:
            return _gone()
        if compute.type != INSTANCE:
            message = f"{operation} is not supported for computes of type {compute.type}."
            return errors.provider(400, "UserError", message)
        changed = compute.changed(operation, ask.world.now)
        if changed is None:
            state = compute.state_at(ask.world.now)
            message = f"{operation} cannot be performed on {compute.name} in state {state}."
            return errors.provider(409, "Conflict", message)
        ask.world.put(changed)
        following = ask.world.begin(changed)
        version = ask.query.get("api-version", "")
        url = (
            f"{ask.base}/subscriptions/{place.subscription.id}/providers/{PROVIDER}/locations"
            f"/{place.location}/computeOperationsStatus/{following.id}"
            f"?api-version={version}&service=new"
        )
        return Response(b"", 202, {"Azure-AsyncOperation": url})

    return answer


async def operation_status(ask: Ask) -> Response:
    found = ask.world.operations.get(ask.params["operation"])
    if found is None:
        return errors.provider(404, "NotFound", "There is no such operation.")
    return JSONResponse(found.body(ask.world.now))


async def job_operation(ask: Ask) -> Response:
    """The result of a job's cancellation."""
    found = ask.world.jobs.cancellation(ask.params["operation"])
    if found is None:
        return errors.provider(404, "NotFound", "There is no such operation.")
    return found


ROUTES = [
    Route("GET", f"{WORKSPACE}/computes", listing, "Computes_List"),
    Route("GET", COMPUTE, get, "Computes_Get"),
    Route("POST", f"{COMPUTE}/listNodes", nodes, "Computes_ListNodes"),
    Route("POST", f"{COMPUTE}/start", switch("Start"), "Computes_Start"),
    Route("POST", f"{COMPUTE}/stop", switch("Stop"), "Computes_Stop"),
    Route("POST", f"{COMPUTE}/restart", switch("Restart"), "Computes_Restart"),
    Route(
        "GET",
        f"{SUB}/locations/{{location}}/computeOperationsStatus/{{operation}}",
        operation_status,
        "Computes_OperationStatus",
    ),
    Route(
        "GET",
        f"{SUB}/locations/{{location}}/mfeOperationResults/{{operation}}",
        job_operation,
        "Jobs_OperationResult",
    ),
]
