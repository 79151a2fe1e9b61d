"""Computes: list, get, put, scale, delete, nodes and keys."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, DELETING, UPDATING, Change
from amltui.emulator.computes import asked as asks
from amltui.emulator.computes import making
from amltui.emulator.computes.body import body
from amltui.emulator.computes.keys import keys
from amltui.emulator.computes.kinds import BY_TYPE
from amltui.emulator.computes.nodes import listed
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.computes.sight import Sight, seen
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style

COMPUTES = f"{WORKSPACE}/computes"
COMPUTE = f"{COMPUTES}/{{compute}}"
NODES_PAGE = 100
DELETION = 8.0
"""Seconds that a deletion takes."""


async def listing(call: Call) -> Response:
    """Jobs are looked through for the page that is asked for only."""
    everything = call.world.computes(call.workspace).values()
    held = [each for each in everything if not each.is_gone(call.now)]
    start, size = paging.index(paging.asked_token(call)), call.world.page_size
    page, following = paging.page(held, start, size)
    bodies = [body(sight) for sight in seen(call.world, call.workspace, page)]
    return JSONResponse(paging.listing(call, bodies, following))


async def get(call: Call) -> Response:
    return JSONResponse(body(asked(call)))


async def put(call: Call) -> Response:
    """A new compute, or what can be changed of one that is there."""
    wanted = await call.body()
    known = call.world.compute(call.workspace, call.params["compute"])
    if known is None:
        compute = making.made(call, call.params["compute"], wanted)
    else:
        compute = making.updated(call, unhurried(call, known), wanted)
    return _begun(call, compute, 201)


async def patch(call: Call) -> Response:
    """Other scale settings for a cluster."""
    held = unhurried(call, asked(call).compute)
    properties = object_of(await call.body(), "properties")
    inner = object_of(properties, "properties")
    if held.type != CLUSTER:
        message = f"Computes of type {held.type} cannot be scaled."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    scale = asks.scale_of(call, inner)
    return _begun(call, making.scaled(call, held, *scale), 200)


async def delete(call: Call) -> Response:
    """Nothing but the status of the operation comes back."""
    held = asked(call).compute
    if held.provisioning_at(call.now) == DELETING:
        unhurried(call, held)
    action = call.query.get("underlyingresourceaction", "")
    if action.lower() not in {"delete", "detach"}:
        message = "The query parameter underlyingResourceAction has to be Delete or Detach."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    if action.lower() == "detach" and BY_TYPE[held.type.lower()].is_managed:
        message = f"Computes of type {held.type} cannot be detached: delete {held.name} instead."
        raise call.refused(400, message, "BadArgument", "DetachNotSupported")
    takes, error = call.fate(DELETION)
    gone = replace(held, change=Change(DELETING, call.now, takes, error), modified=call.now)
    if held.type == INSTANCE:
        gone = gone.switched("Delete", call.now, lambda *_: (takes, error)) or gone
    return _accepted(call, gone, takes, error)


async def nodes(call: Call) -> Response:
    """The array is called `nodes`, not `value`."""
    sight = asked(call)
    if sight.compute.type != CLUSTER:
        raise call.refused(400, f"{sight.compute.name} is not a cluster.", "BadArgument")
    machines = listed(sight.compute, sight.stays, call.now)
    return paging.listed(call, machines, NODES_PAGE, "nodes")


async def list_keys(call: Call) -> Response:
    compute = asked(call).compute
    found = keys(compute)
    if found is None:
        message = f"Computes of type {compute.type} have no keys."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    return JSONResponse(found)


def asked(call: Call) -> Sight:
    """The compute of the path; one that is not there is a 404 without a body."""
    found = call.world.sight(call.workspace, call.params["compute"])
    if found is None:
        raise Refusal(Response(b"", 404))
    return found


def unhurried(call: Call, compute: Compute) -> Compute:
    """The compute, if it is not being created, changed or deleted."""
    state = compute.provisioning_at(call.now)
    if state in {CREATING, UPDATING, DELETING}:
        message = f"The compute {compute.name} is {state.lower()}: try again when that is over."
        raise call.refused(409, message, "Conflict", code="Conflict")
    return compute


def _begun(call: Call, compute: Compute, status: int) -> Response:
    """Kept, and told with where to follow its change."""
    call.world.put(compute)
    change = compute.change or Change(UPDATING, call.now, 0.0)
    headers = _following(call, change.takes, change.error)
    return JSONResponse(body(asked(call)), status, headers)


def _accepted(call: Call, compute: Compute, takes: float, error: str | None) -> Response:
    call.world.put(compute)
    return Response(b"", 202, _following(call, takes, error))


def _following(call: Call, takes: float, error: str | None) -> dict[str, str]:
    begun = operations.begin(call, Style.COMPUTE, takes, error=error)
    return operations.following(call, begun, call.workspace.location)


ROUTES = [
    Route("GET", COMPUTES, listing, "Compute_List"),
    Route("GET", COMPUTE, get, "Compute_Get"),
    Route("PUT", COMPUTE, put, "Compute_CreateOrUpdate"),
    Route("PATCH", COMPUTE, patch, "Compute_Update"),
    Route("DELETE", COMPUTE, delete, "Compute_Delete"),
    Route("POST", f"{COMPUTE}/listNodes", nodes, "Compute_ListNodes"),
    # Links to further pages are followed by GET.
    Route("GET", f"{COMPUTE}/listNodes", nodes, "Compute_ListNodes"),
    Route("POST", f"{COMPUTE}/listKeys", list_keys, "Compute_ListKeys"),
]
