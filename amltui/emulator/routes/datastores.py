"""Datastores: kept as clients put them, with what opens them kept apart."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.containers import is_name
from amltui.emulator.datastores import asked as asking
from amltui.emulator.datastores import record, secrets
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.resources import Resource

PAGE = 30
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,255}")
_ORDERS = {"createdtime": "created", "modifiedtime": "modified", "name": "name"}


async def listing(call: Call) -> Response:
    held = [each for each in record.listed(call.world, call.workspace) if _wanted(call, each)]
    order = _ORDERS.get(call.query.get("orderby", "").lower())
    is_ascending = call.query.get("orderbyasc", "").lower() == "true"
    if order is not None:
        held.sort(key=lambda each: _value(each, order), reverse=not is_ascending)
    elif is_ascending:
        held.reverse()
    size = paging.count(call.query.get("count"), PAGE)
    return paging.listed(call, [body(call, each) for each in held], size)


async def get(call: Call) -> Response:
    return JSONResponse(body(call, asked(call)))


async def put(call: Call) -> Response:
    """`skipValidation=true` takes what cannot be reached."""
    name = call.params["datastore"]
    if not _NAME.fullmatch(name):
        message = f"The datastore name '{name}' has characters other than letters, digits and _."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    given = object_of(await call.body(), "properties")
    before = record.get(call.world, call.workspace, name)
    identity = f"{record.collection(call.workspace)}/{name}"
    made = call.world.resources.put(asking.resource(call, identity, before, given))
    if given.get("isDefault") is True:
        made = record.make_default(call.world, call.workspace, made)
    _admit(call, made)
    location = f"{call.base}{made.id}?api-version={call.version}"
    return JSONResponse(body(call, made), 200 if before else 201, {"Location": location})


async def delete(call: Call) -> Response:
    held = record.get(call.world, call.workspace, call.params["datastore"])
    if held is None:
        return Response(status_code=204)
    if held.name == record.default(call.world, call.workspace):
        message = f"Datastore {held.name} is the default of the workspace: it cannot be deleted."
        raise call.refused(400, message, "BadArgument", "CannotDeleteDefaultDatastore")
    record.drop(call.world, held)
    return Response(status_code=200)


async def list_secrets(call: Call) -> Response:
    return JSONResponse(await secrets.told(call, asked(call)))


async def get_default(call: Call) -> Response:
    """The service behind the front end, as the older SDK asks it."""
    name = record.default(call.world, call.workspace)
    held = record.get(call.world, call.workspace, name)
    if held is None:
        raise call.data_refused(404, "The workspace has no default datastore.", "NotFound")
    return JSONResponse(body(call, held))


async def set_default(call: Call) -> Response:
    record.make_default(call.world, call.workspace, asked(call))
    return Response(status_code=200)


def asked(call: Call) -> Resource:
    """The datastore of the path."""
    name = call.params["datastore"]
    found = record.get(call.world, call.workspace, name)
    if found is None:
        message = f"Could not find datastore with name '{name}'."
        raise call.refused(404, message, "NotFound", "DatastoreNotFound")
    return found


def body(call: Call, held: Resource) -> dict[str, Any]:
    """As ARM shows it."""
    return held.body(isDefault=held.name == record.default(call.world, call.workspace))


def _admit(call: Call, made: Resource) -> None:
    """The account and the container that a datastore names are there: it says so."""
    account = str(made.properties.get("accountName") or "").lower()
    container = str(made.properties.get("containerName") or "")
    if made.properties["datastoreType"] != "AzureBlob" or not is_name(container):
        return
    held = call.world.storage.containers
    key = str((made.kept.get("secrets") or {}).get("key") or "")
    held.admit(account, key if key.isascii() else "")
    if Account(call.world, account).container(container) is None:
        held.put(account, container, call.now)


def _wanted(call: Call, held: Resource) -> bool:
    is_default = call.query.get("isdefault", "").lower()
    if is_default and (is_default == "true") is not (
        held.name == record.default(call.world, call.workspace)
    ):
        return False
    names = [each for each in call.query.get("names", "").split(",") if each]
    if names and held.name.lower() not in {each.strip().lower() for each in names}:
        return False
    return call.query.get("searchtext", "").lower() in held.name.lower()


def _value(held: Resource, order: str) -> Any:
    if order == "name":
        return held.name.lower()
    return held.created if order == "created" or held.modified is None else held.modified


DATASTORES = f"{WORKSPACE}/datastores"
DATASTORE = f"{DATASTORES}/{{datastore}}"
SERVICE = f"/datastore/v1.0{WORKSPACE}/default"
ROUTES = [
    Route("GET", DATASTORES, listing, "Datastores_List"),
    Route("GET", DATASTORE, get, "Datastores_Get"),
    Route("PUT", DATASTORE, put, "Datastores_CreateOrUpdate"),
    Route("DELETE", DATASTORE, delete, "Datastores_Delete"),
    Route("POST", f"{DATASTORE}/listSecrets", list_secrets, "Datastores_ListSecrets"),
    Route("GET", SERVICE, get_default, "DataStores_GetDefault", Plane.DATA),
    Route("PUT", f"{SERVICE}/{{datastore}}", set_default, "DataStores_SetDefault", Plane.DATA),
]
