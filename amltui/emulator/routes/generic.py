"""Resources of any provider by their ids: read, put, tagged and deleted, with nothing behind them.

The last routes of all: what Azure ML provides has routes of its own.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from amltui.emulator import dependents, workspaces
from amltui.emulator.http import errors, paging
from amltui.emulator.http.asked import object_of, tags_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, Route
from amltui.emulator.places import PROVIDER
from amltui.emulator.resources import Resource

RESOURCE = f"{GROUP}/providers/{{namespace}}/{{rest*}}"


async def get(call: Call) -> Response:
    """A resource, or the list that an id without its last name stands for."""
    _of_others(call)
    if _is_list(call):
        held = call.world.resources.within(_id(call), call.now)
        return paging.listed(call, [each.body() for each in held])
    return JSONResponse(_asked(call).body())


async def exists(call: Call) -> Response:
    return Response(status_code=204 if _held(call) else 404)


async def put(call: Call) -> Response:
    """A new resource, or another in its place."""
    _of_others(call)
    if _is_list(call):
        raise errors.Refusal(errors.no_such_route(call.request.url.path))
    group = call.world.groups_of(call.subscription.id).get(call.params["rg"].lower())
    if group is None:
        raise workspaces.no_group(call.params["rg"])
    asked, held = await call.body(), _held(call)
    location = text_of(asked, "location") or (group.location if _is_tracked(call) else None)
    properties = object_of(asked, "properties")
    tags_of(asked)
    made = dependents.made(call.world, _id(call), call.now, call.who, location, asked, properties)
    if held is not None:
        made = replace(made, created=held.created, created_by=held.created_by,
                       modified=call.now, modified_by=call.who)  # fmt: skip
    call.world.resources.put(made)
    return JSONResponse(made.body(), 200 if held else 201)


async def patch(call: Call) -> Response:
    """Other tags, or other properties over those that are there."""
    held, asked = _asked(call), await call.body()
    members = dict(held.members)
    if asked.get("tags") is not None:
        members["tags"] = tags_of(asked)
    properties = {**held.properties, **object_of(asked, "properties")}
    made = replace(
        held, members=members, properties=properties, modified=call.now, modified_by=call.who
    )
    return JSONResponse(call.world.resources.put(made).body())


async def delete(call: Call) -> Response:
    _of_others(call)
    return call.dropped(_held(call))


async def account_keys(call: Call) -> Response:
    """The two keys of a storage account."""
    identity = (
        f"{_group(call)}/providers/Microsoft.Storage/storageAccounts/{call.params['account']}"
    )
    dependents.found(call.world, call.params["sub"])
    if call.world.resources.get(identity, call.now) is None:
        raise _none("Microsoft.Storage/storageAccounts", call.params["account"], call)
    keys = dependents.account_keys(call.world, call.params["account"])
    return JSONResponse(
        {
            "keys": [
                {"keyName": f"key{turn}", "value": key, "permissions": "FULL"}
                for turn, key in enumerate(keys, 1)
            ]
        }
    )


def _group(call: Call) -> str:
    return f"/subscriptions/{call.subscription.id}/resourceGroups/{call.params['rg']}"


def _id(call: Call) -> str:
    rest = call.params["rest"].rstrip("/")
    return f"{_group(call)}/providers/{call.params['namespace']}/{rest}"


def _parts(call: Call) -> list[str]:
    """What follows the last provider of the path: type, name, type, name …"""
    return _id(call).rpartition("/providers/")[2].split("/")[1:]


def _is_list(call: Call) -> bool:
    return len(_parts(call)) % 2 == 1


def _is_tracked(call: Call) -> bool:
    return len(_parts(call)) == 2


def _of_others(call: Call) -> None:
    """A 404 for what Azure ML or Resource Manager itself would provide, and does not."""
    namespace = _id(call).rpartition("/providers/")[2].partition("/")[0].lower()
    if namespace in {PROVIDER.lower(), "microsoft.resources"}:
        raise errors.Refusal(errors.no_such_route(call.request.url.path))


def _held(call: Call) -> Resource | None:
    dependents.found(call.world, call.params["sub"])
    return call.world.resources.get(_id(call), call.now)


def _asked(call: Call) -> Resource:
    _of_others(call)
    found = _held(call)
    if found is None:
        parts = _parts(call)
        kind = "/".join([call.params["namespace"], *parts[::2]])
        raise _none(kind, "/".join(parts[1::2]), call)
    return found


def _none(kind: str, name: str, call: Call) -> errors.Refusal:
    message = (
        f"The Resource '{kind}/{name}' under resource group '{call.params['rg']}' was not found."
    )
    return errors.Refusal(errors.gateway(404, "ResourceNotFound", message))


ROUTES = [
    Route(
        "POST",
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{{account}}/listKeys",
        account_keys,
        "StorageAccounts_ListKeys",
    ),
    Route("GET", RESOURCE, get, "Resources_GetById"),
    Route("HEAD", RESOURCE, exists, "Resources_CheckExistenceById"),
    Route("PUT", RESOURCE, put, "Resources_CreateOrUpdateById"),
    Route("PATCH", RESOURCE, patch, "Resources_UpdateById"),
    Route("DELETE", RESOURCE, delete, "Resources_DeleteById"),
]
