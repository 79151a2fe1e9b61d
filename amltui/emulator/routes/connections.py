"""Connections of a workspace to other services. Their secrets are told only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.resources import Resource

CONNECTIONS = f"{WORKSPACE}/connections"
CONNECTION = f"{CONNECTIONS}/{{connection}}"
AUTH_TYPES = {
    each.lower(): each
    for each in (
        "PAT",
        "ManagedIdentity",
        "UsernamePassword",
        "None",
        "SAS",
        "AccountKey",
        "ServicePrincipal",
        "AccessKey",
        "ApiKey",
        "CustomKeys",
        "OAuth2",
        "AAD",
        "DelegatedSAS",
        "ProjectManagedIdentity",
        "AccountManagedIdentity",
        "UserEntraToken",
    )
}
_CATEGORIES = {"azuredatalakegen2": "ADLSGen2"}
"""Categories that have another name by now."""
_DATA = {"azureblob", "adlsgen2", "azureonelake", "azurestorageaccount"}
"""Categories of data, which are listed only by `includeAll`."""
_GROUPS = {
    "azureopenai": "AzureAI",
    "aiservices": "AzureAI",
    "cognitivesearch": "AzureAI",
    "cognitiveservice": "AzureAI",
    "azuresqldb": "Database",
    "snowflake": "Database",
    "redis": "NoSQL",
    "cosmosdb": "NoSQL",
    "s3": "File",
    "git": "GenericProtocol",
    "pythonfeed": "GenericProtocol",
}
_SECRET_LESS = {"None", "AAD", "ProjectManagedIdentity", "AccountManagedIdentity", "UserEntraToken"}


async def listing(call: Call) -> Response:
    """Its own connections, and those of its hub that are shared with all."""
    category = call.query.get("category", "").lower()
    target = call.query.get("target", "").lower()
    include_all = call.query.get("includeall", "").lower() == "true"
    found = [
        each
        for each in [*_within(call, call.workspace.id), *_shared(call)]
        if (not category or str(each.properties["category"]).lower() == category)
        and (not target or str(each.properties.get("target")).lower() == target)
        and (include_all or category or str(each.properties["category"]).lower() not in _DATA)
    ]
    return paging.listed(call, [_body(each) for each in found])


async def get(call: Call) -> Response:
    return JSONResponse(_body(_asked(call)))


async def put(call: Call) -> Response:
    """A new connection, or one in place of another: 200 either way."""
    asked, held = object_of(await call.body(), "properties"), _held(call)
    return JSONResponse(_body(_kept(call, held, asked, {}, {})))


async def patch(call: Call) -> Response:
    """Other properties over those that are there; other credentials if any are named."""
    held, asked = _asked(call), object_of(await call.body(), "properties")
    secrets = held.kept.get("credentials") or {}
    return JSONResponse(_body(_kept(call, held, asked, held.properties, secrets)))


async def delete(call: Call) -> Response:
    return call.dropped(_held(call))


async def secrets(call: Call) -> Response:
    held = _asked(call)
    shown = _body(held)
    if held.properties["authType"] not in _SECRET_LESS:
        shown["properties"]["credentials"] = held.kept.get("credentials") or {}
    return JSONResponse(shown)


def _kept(
    call: Call,
    held: Resource | None,
    asked: Mapping[str, Any],
    before: Mapping[str, Any],
    known: Mapping[str, Any],
) -> Resource:
    told = {**before, **{name: each for name, each in asked.items() if name != "credentials"}}
    told["category"] = _CATEGORIES.get(text_of(told, "category").lower(), told.get("category"))
    auth = AUTH_TYPES.get(text_of(told, "authType").lower())
    if auth is None:
        message = f"The authType '{told.get('authType')}' is invalid."
        raise call.refused(400, message, "BadArgument", "InvalidAuthType")
    if not text_of(told, "category"):
        raise call.refused(400, "The field category is required.", "BadArgument")
    metadata = {
        name: None if each is None else str(each)
        for name, each in object_of(told, "metadata").items()
    }
    for name in ("target", "value", "expiryTime"):
        text_of(told, name)
    if not isinstance(told.get("sharedUserList") or [], list):
        raise wrong("sharedUserList", "an array")
    credentials = object_of(asked, "credentials")
    for name, value in credentials.items():
        if name == "keys":
            object_of(credentials, name)
        elif value is not None:
            text_of(credentials, name)
    group = _GROUPS.get(str(told["category"]).lower(), "Azure")
    properties = {
        "isSharedToAll": True,
        "sharedUserList": [],
        "group": group,
        "createdByWorkspaceArmId": call.workspace.id,
        "useWorkspaceManagedIdentity": False,
        **told,
        "authType": auth,
        "metadata": metadata,
    }
    made = held or Resource(_id(call), call.now, call.who)
    return call.world.resources.put(
        replace(
            made,
            properties=properties,
            kept={"credentials": credentials or dict(known)},
            modified=call.now if held else None,
            modified_by=call.who if held else None,
        )
    )


def _body(connection: Resource) -> dict[str, Any]:
    """Without secrets: their place is null."""
    return connection.body(credentials=None)


def _shared(call: Call) -> list[Resource]:
    """What a project has of its hub."""
    hub = str(call.workspace.properties.get("hubResourceId") or "")
    if not hub:
        return []
    return [each for each in _within(call, hub) if each.properties.get("isSharedToAll")]


def _within(call: Call, workspace: str) -> list[Resource]:
    return call.world.resources.within(f"{workspace}/connections", call.now)


def _id(call: Call) -> str:
    return f"{call.workspace.id}/connections/{call.params['connection']}"


def _held(call: Call) -> Resource | None:
    return call.world.resources.get(_id(call), call.now)


def _asked(call: Call) -> Resource:
    name = call.params["connection"]
    shared = (each for each in _shared(call) if each.name.lower() == name.lower())
    found = _held(call) or next(shared, None)
    if found is None:
        message = f"Connection {name} can't be found in this workspace."
        raise call.refused(404, message, "NotFound", "ConnectionNotFound", code="NotFound")
    return found


ROUTES = [
    Route("GET", CONNECTIONS, listing, "WorkspaceConnections_List"),
    Route("GET", CONNECTION, get, "WorkspaceConnections_Get"),
    Route("PUT", CONNECTION, put, "WorkspaceConnections_Create"),
    Route("PATCH", CONNECTION, patch, "WorkspaceConnections_Update"),
    Route("DELETE", CONNECTION, delete, "WorkspaceConnections_Delete"),
    Route("POST", f"{CONNECTION}/listsecrets", secrets, "WorkspaceConnections_ListSecrets"),
]
