"""What registries do with assets besides keeping them: taking them over from workspaces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations, registries
from amltui.emulator.blobs.address import SUFFIX
from amltui.emulator.change import CREATING, Change
from amltui.emulator.datastores import paths
from amltui.emulator.http import errors
from amltui.emulator.http.asked import object_of, text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import FRONT_END, REGISTRY, WORKSPACE, Handler, Plane, Route
from amltui.emulator.operations import Style
from amltui.emulator.resources import Resource

IMPORT = 4.0
"""Seconds that it takes to copy an asset."""


async def take_over(call: Call) -> Response:
    """Copy a version from a workspace: `sourceAssetId` names that by its guid."""
    asked = object_of(await call.body(), "properties")
    source = _source(call, text_of(asked, "sourceAssetId"))
    return _copied(call, call.registry, source, asked)


def publish(kind: str) -> Handler:
    """The same, asked of the workspace: `registryName` is where to."""

    async def answer(call: Call) -> Response:
        asked = await call.body()
        name, version = call.params["name"], call.params["version"]
        identity = f"{call.workspace.id}/{kind}/{name}/versions/{version}"
        source = call.world.resources.get(identity, call.now)
        if source is None:
            message = f"Asset {name} of version {version} was not found."
            raise call.refused(404, message, "NotFound", "AssetNotFound")
        registry = call.world.registry_named(text_of(asked, "registryName"))
        if registry is None:
            message = f"Registry '{asked.get('registryName')}' was not found."
            raise call.refused(404, message, "NotFound", "RegistryNotFound")
        return _copied(call, registry, source, asked)

    return answer


def _copied(call: Call, registry: Resource, source: Resource, asked: dict[str, Any]) -> Response:
    registries.may_write(call, registry)
    kind = source.id.split("/")[9]
    name = text_of(asked, "destinationName") or source.id.split("/")[10]
    version = text_of(asked, "destinationVersion") or source.name
    container = f"{registry.id}/{kind}/{name}"
    if call.world.resources.get(f"{container}/versions/{version}", call.now):
        message = f"Asset {name} of version {version} is in the registry already."
        raise call.refused(409, message, "Conflict", code="Conflict")
    change = Change(CREATING, call.now, IMPORT)
    common: dict[str, Any] = {
        "description": None,
        "tags": {},
        "properties": {},
        "isArchived": False,
    }
    if kind == "data":
        common["dataType"] = source.properties.get("dataType")
    if call.world.resources.get(container, call.now) is None:
        call.world.resources.put(Resource(container, call.now, call.who, common, change=change))
    taken = replace(
        source,
        properties={**source.properties, **_files(call, registry, source)},
        id=f"{container}/versions/{version}",
        created=call.now,
        created_by=call.who,
        modified=None,
        modified_by=None,
        change=change,
    )
    call.world.resources.put(taken)
    begun = operations.begin(call, Style.REGISTRY, IMPORT)
    return Response(b"", 202, operations.following(call, begun, call.location))


def _files(call: Call, registry: Resource, source: Resource) -> dict[str, Any]:
    """The files of an asset are copied, too: it says where they lie then."""
    _, _, subscription, _, group, _, _, _, name, *_ = source.id.split("/")
    home = call.world.workspace(subscription, group, name)
    account, container = registries.account(registry), str(uuid4())
    for member in ("modelUri", "dataUri", "codeUri"):
        found = paths.place(call.world, home, str(source.properties.get(member) or ""))
        if found is None:
            continue
        call.world.storage.containers.put(account, container, call.now)
        path, _ = paths.copy(call.world, found, account, container)
        return {member: f"https://{account}.{SUFFIX}/{container}/{path}"}
    return {}


def _source(call: Call, uri: str) -> Resource:
    """The version of `azureml://locations/{region}/workspaces/{guid}/models/{name}/versions/{v}`."""
    guid, _, rest = uri.partition("/workspaces/")[2].partition("/")
    place = next((each for each in call.world.workspaces.values() if each.guid == guid), None)
    if place is not None:
        call.world.enter(place)
        found = call.world.resources.get(f"{place.id}/{rest}", call.now)
        if found is not None and rest.count("/") == 3:
            return found
    raise call.refused(404, f"Asset {uri} was not found.", "NotFound", "AssetNotFound")


async def followed(call: Call) -> Response:
    """An operation of the front end: 202 until it is over, then its result."""
    found = call.world.operations.get(call.params["operation"])
    if found is None:
        return errors.gateway(404, "NotFound", "There is no such operation.")
    if found.is_over(call.now):
        return found.outcome(call.now)
    told = {"location": str(call.request.url), "operationResult": None}
    return JSONResponse(told, 202, operations.hint(call))


ROUTES = [
    *(
        Route(
            "POST",
            f"{WORKSPACE}/{kind}/{{name}}/versions/{{version}}/publish",
            publish(kind),
            f"{noun}Versions_Publish",
        )
        for kind, noun in (
            ("models", "Model"),
            ("data", "Data"),
            ("environments", "Environment"),
            ("components", "Component"),
            ("codes", "Code"),
        )
    ),
    Route("POST", f"{FRONT_END}{REGISTRY}/import", take_over, "RegistryAssets_Import", Plane.DATA),
    Route(
        "GET",
        "/assetstore/v1.0/operations/{operation}",
        followed,
        "AssetStore_GetOperation",
        Plane.DATA,
    ),
]
