"""Computes: list, get, nodes, and switching instances as long-running operations."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.computes import body
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Handler, Route
from amltui.emulator.operations import Style

COMPUTES = f"{WORKSPACE}/computes"
COMPUTE = f"{COMPUTES}/{{compute}}"


async def listing(call: Call) -> Response:
    held = call.world.computes(call.workspace).values()
    return paging.listed(call, [_body(call, each) for each in held if not each.is_gone(call.now)])


async def get(call: Call) -> Response:
    return JSONResponse(_body(call, _asked(call)))


async def nodes(call: Call) -> Response:
    """The array is called `nodes`, not `value`."""
    compute = _asked(call)
    if compute.type != CLUSTER:
        raise call.refused(400, f"{compute.name} is not a cluster.", "BadArgument")
    machines = body.nodes(compute, call.world.occupants(compute))
    return paging.listed(call, machines, array="nodes")


def switch(operation: str) -> Handler:
    """Start, Stop or Restart: 202 without a body."""

    async def answer(call: Call) -> Response:
        compute = _asked(call)
        if compute.type != INSTANCE:
            message = f"{operation} is not supported for computes of type {compute.type}."
            raise call.refused(400, message, "BadArgument")
        changed = compute.changed(operation, call.now, call.fate)
        if changed is None or changed.change is None:
            state = compute.state_at(call.now)
            message = f"{operation} cannot be performed on {compute.name} in state {state}."
            raise call.refused(409, message, code="Conflict")
        call.world.put(changed)
        change = changed.change
        begun = operations.begin(call, Style.COMPUTE, change.takes, error=change.error)
        headers = operations.following(call, begun, call.workspace.location)
        return Response(b"", 202, headers)

    return answer


def _body(call: Call, compute: Compute) -> dict[str, Any]:
    return body.body(compute, call.workspace, call.world.occupants(compute), call.now)


def _asked(call: Call) -> Compute:
    """The compute of the path; one that is not there is a 404 without a body."""
    found = call.world.compute(call.workspace, call.params["compute"])
    if found is None:
        raise Refusal(Response(b"", 404))
    return found


ROUTES = [
    Route("GET", COMPUTES, listing, "Compute_List"),
    Route("GET", COMPUTE, get, "Compute_Get"),
    Route("POST", f"{COMPUTE}/listNodes", nodes, "Compute_ListNodes"),
    Route("POST", f"{COMPUTE}/start", switch("Start"), "Compute_Start"),
    Route("POST", f"{COMPUTE}/stop", switch("Stop"), "Compute_Stop"),
    Route("POST", f"{COMPUTE}/restart", switch("Restart"), "Compute_Restart"),
]
