"""Workspaces and their discovery documents."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, SUBSCRIPTION, WORKSPACE, Plane, Route
from amltui.emulator.places import PROVIDER, Workspace, discovery


async def in_subscription(call: Call) -> Response:
    return _listed(call, call.world.workspaces_of(call.subscription.id))


async def in_group(call: Call) -> Response:
    return _listed(call, call.world.workspaces_of(call.subscription.id, call.params["rg"]))


def _listed(call: Call, places: Iterable[Workspace]) -> Response:
    wanted = call.query.get("kind", "").lower()
    found = [each for each in places if not wanted or (each.kind or "Default").lower() == wanted]
    size = call.world.page_size
    page, following = paging.page(found, paging.index(paging.asked_token(call)), size)
    bodies = [each.body(call.base, call.now) for each in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get(call: Call) -> Response:
    return JSONResponse(call.workspace.body(call.base, call.now))


async def discover(call: Call) -> Response:
    return JSONResponse(discovery(call.base))


ROUTES = [
    Route(
        "GET",
        f"{SUBSCRIPTION}/providers/{PROVIDER}/workspaces",
        in_subscription,
        "Workspaces_ListBySubscription",
    ),
    Route(
        "GET",
        f"{GROUP}/providers/{PROVIDER}/workspaces",
        in_group,
        "Workspaces_ListByResourceGroup",
    ),
    Route("GET", WORKSPACE, get, "Workspaces_Get"),
    Route("GET", "/discovery", discover, "Discovery_Get", Plane.OPEN),
    Route("GET", "/discovery/workspaces/{id}", discover, "Discovery_GetWorkspace", Plane.OPEN),
]
