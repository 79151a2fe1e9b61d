"""Assets as they are kept, dropped and shown: by workspaces at once, by registries in a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import registries
from amltui.emulator.assets.kinds import Kind
from amltui.emulator.change import CREATING, DELETING, Change
from amltui.emulator.http.errors import Refusal
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call


def put(
    call: Call,
    held: Resource | None,
    identity: str,
    usual: Mapping[str, Any],
    asked: Mapping[str, Any],
) -> Resource:
    """Keep what was put, over what was there or what is usual."""
    before = usual if held is None else held.properties
    properties = {**before, **{name: value for name, value in asked.items() if value is not None}}
    if held is None:
        change = (
            Change(CREATING, call.now, *call.fate(registries.TAKES))
            if "reg" in call.params
            else None
        )
        made = Resource(identity, call.now, call.who, properties, change=change)
    else:
        made = replace(held, properties=properties, modified=call.now, modified_by=call.who)
    return call.world.resources.put(made)


def shown(call: Call, held: Resource, **properties: Any) -> dict[str, Any]:
    body = held.body(**properties)
    return registries.shown(call, held, body) if "reg" in call.params else body


def latest(call: Call, versions: str) -> Resource | None:
    """The newest below this id that is not archived."""
    held = call.world.resources.within(versions, call.now)
    return next((each for each in held if not each.properties.get("isArchived")), None)


def next_version(versions: Sequence[Resource]) -> str:
    """One more than the highest version that is a number."""
    return str(max((int(each.name) for each in versions if each.name.isdigit()), default=0) + 1)


def answer(call: Call, held: Resource | None, made: Resource, body: dict[str, Any]) -> Response:
    """What is said to a PUT, after which `made` is there and before which `held` was."""
    if "reg" in call.params:
        return registries.kept(call, body)
    location = f"{call.base}{made.id}?api-version={call.version}"
    return JSONResponse(body, 200 if held else 201, {"Location": location})


def drop(call: Call, held: Resource | None) -> Response:
    """What is said to a DELETE, and done for it."""
    if "reg" not in call.params:
        return call.dropped(held)
    registries.may_write(call, call.registry)
    if held is None:
        return Response(status_code=204)
    call.world.resources.drop(held, Change(DELETING, call.now, *call.fate(registries.TAKES)))
    return registries.dropped(call)


def none(call: Call, kind: Kind, what: str) -> Refusal:
    """To be raised: the container or version of the path is not there."""
    code = f"{kind.noun}NotFound"
    message = f"{kind.noun} {what} with name: {call.params['name']} not found."
    details = ((code, message),)
    return call.refused(
        404, "The specified resource was not found.", "NotFound", code, details=details
    )
