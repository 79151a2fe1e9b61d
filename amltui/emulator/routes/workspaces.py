"""Workspaces: listed, made, changed, deleted and recovered; and their discovery documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import dependents, operations, workspaces
from amltui.emulator.change import CREATING, DELETING, UPDATING, Change
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, SUBSCRIPTION, WORKSPACE, Plane, Route
from amltui.emulator.operations import Style
from amltui.emulator.places import PROVIDER, Workspace, discovery


async def in_subscription(call: Call) -> Response:
    return _listed(call, call.world.workspaces_of(call.subscription.id))


async def in_group(call: Call) -> Response:
    return _listed(call, call.world.workspaces_of(call.subscription.id, call.params["rg"]))


def _listed(call: Call, places: Iterable[Workspace]) -> Response:
    kinds = {each.strip() for each in call.query.get("kind", "").lower().split(",")} - {""}
    found = [each for each in places if not kinds or (each.kind or "Default").lower() in kinds]
    size = call.world.page_size
    page, following = paging.page(found, paging.index(paging.asked_token(call)), size)
    bodies = [workspaces.body(call, each) for each in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get(call: Call) -> Response:
    return JSONResponse(workspaces.body(call, call.workspace))


async def put(call: Call) -> Response:
    """A new workspace, one in place of another, or a deleted one back with all that was in it."""
    asked, group = await call.body(), call.params["rg"]
    known = call.world.once_workspace(call.subscription.id, group, call.params["ws"])
    if known is not None and not known.is_gone(call.now):
        return _followed(call, _changed(call, known, asked, replaces=True), workspaces.UPDATE)
    name = workspaces.checked_name(call, call.params["ws"])
    held = call.world.groups_of(call.subscription.id).get(group.lower())
    if held is None:
        raise workspaces.no_group(group)
    location = text_of(asked, "location") or held.location
    change = Change(CREATING, call.now, *call.fate(workspaces.CREATION))
    if known is not None and not known.is_purged:
        back = replace(known, change=change, is_deleted=False)
        return _followed(call, call.world.put_workspace(back), workspaces.CREATION)
    properties, kind = object_of(asked, "properties"), workspaces.kind_of(call, asked)
    workspaces.checked_hub(call, properties, kind)
    made = Workspace(
        call.subscription,
        held.name,
        name,
        location.replace(" ", "").lower(),
        call.now,
        call.who,
        kind,
        tags_of(asked),
        workspaces.identity_of(asked),
        workspaces.properties_of(properties),
        change,
        is_made=True,
    )
    call.world.make_workspace(made)
    return _followed(call, made, workspaces.CREATION)


async def patch(call: Call) -> Response:
    """202 without a body: what is changed is seen by a GET."""
    changed = _changed(call, call.workspace, await call.body(), replaces=False)
    return _followed(call, changed, workspaces.UPDATE)


def _changed(call: Call, place: Workspace, asked: dict[str, Any], *, replaces: bool) -> Workspace:
    """Keep what a client changes. Tags replace those that were there."""
    if place.change and place.change.word == DELETING and not place.change.is_over(call.now):
        raise call.refused(409, f"{place.name} is being deleted.", "Conflict", code="Conflict")
    properties = object_of(asked, "properties")
    if replaces and workspaces.kind_of(call, asked) != (place.kind or "Default"):
        raise call.refused(400, "The kind of a workspace cannot be changed.", "BadArgument")
    place = replace(
        place,
        tags=tags_of(asked) if asked.get("tags") is not None else place.tags,
        identity=workspaces.identity_of(asked) or place.identity,
        properties=workspaces.properties_of(properties, place.properties),
        change=Change(UPDATING, call.now, *call.fate(workspaces.UPDATE)),
        modified=call.now,
        modified_by=call.who,
    )
    call.world.founded.discard(place.id.lower())
    return call.world.put_workspace(place)


async def delete(call: Call) -> Response:
    """What it stood on stays. Unless it is purged it can be put back."""
    sub, group, name = (call.params[part] for part in ("sub", "rg", "ws"))
    held = call.world.workspace(sub, group, name)
    if held is None:
        return Response(status_code=204)
    if (held.kind or "") == "Hub" and workspaces.body(call, held)["properties"][
        "associatedWorkspaces"
    ]:
        message = f"The hub {held.name} has projects: delete them first."
        raise call.refused(409, message, "Conflict", code="Conflict")
    dependents.found(call.world, sub)
    gone = replace(
        held,
        change=Change(DELETING, call.now, *call.fate(workspaces.DELETION)),
        is_purged=call.query.get("forcetopurge", "").lower() == "true",
        modified=call.now,
        modified_by=call.who,
    )
    return _followed(call, call.world.put_workspace(gone), workspaces.DELETION)


def _followed(call: Call, place: Workspace, takes: float) -> Response:
    begun = operations.begin(call, Style.WORKSPACE, takes)
    return Response(b"", 202, operations.following(call, begun, place.location))


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
    Route("PUT", WORKSPACE, put, "Workspaces_CreateOrUpdate"),
    Route("PATCH", WORKSPACE, patch, "Workspaces_Update"),
    Route("DELETE", WORKSPACE, delete, "Workspaces_Delete"),
    Route("GET", "/discovery", discover, "Discovery_Get", Plane.OPEN),
    Route("GET", "/discovery/workspaces/{id}", discover, "Discovery_GetWorkspace", Plane.OPEN),
]
