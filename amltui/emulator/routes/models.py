"""Models and their versions through ARM."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.assets.models import ModelVersion, container_body, version_body
from amltui.emulator.routes import paging, refusals
from amltui.emulator.routes.call import Call, WorkspaceRoute

PAGE = 20


async def list_models(call: Call) -> Response:
    names = [
        name
        for name in call.models.names(call.place.workspace, call.now)
        if _in_view(call, is_archived=_container_is_archived(call, name))
    ]
    page, following = paging.page(names, int(paging.start_of(call) or 0), _count(call, "count"))
    bodies = [_container(call, name) for name in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get_model(call: Call) -> Response:
    name = call.params["model"]
    if not call.models.versions(call.place.workspace, name, call.now):
        return _no_model(call)
    return JSONResponse(_container(call, name))


async def put_model(call: Call) -> Response:
    name, asked = call.params["model"], (await call.body()).get("properties") or {}
    if not call.models.versions(call.place.workspace, name, call.now):
        return _no_model(call)
    held = call.models.container(call.place.workspace, name)
    call.models.put_container(
        replace(
            held,
            description=asked.get("description", held.description),
            tags=asked.get("tags", held.tags),
            is_archived=bool(asked.get("isArchived", held.is_archived)),
        )
    )
    return JSONResponse(_container(call, name))


async def list_versions(call: Call) -> Response:
    name = call.params["model"]
    versions = call.models.versions(call.place.workspace, name, call.now)
    if not versions:
        return _no_model(call)
    versions = [each for each in versions if _in_view(call, is_archived=each.is_archived)]
    if call.query.get("$orderBy", "createdtime desc").lower().endswith("asc"):
        versions.reverse()
    start = int(paging.start_of(call) or 0)
    page, following = paging.page(versions, start, _count(call, "$top"))
    bodies = [version_body(each, call.place.workspace) for each in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get_version(call: Call) -> Response:
    version = _version(call)
    if version is None:
        return _no_model(call)
    return JSONResponse(version_body(version, call.place.workspace))


async def put_version(call: Call) -> Response:
    """A new version, or what can be edited of an old one: its address cannot."""
    asked: dict[str, Any] = (await call.body()).get("properties") or {}
    held = _version(call)
    version = held or ModelVersion(
        workspace=call.place.workspace.lower(),
        name=call.params["model"],
        version=call.params["version"],
        created=call.now,
        created_by=call.who,
        type=asked.get("modelType") or "custom_model",
        uri=asked.get("modelUri"),
        job=asked.get("jobName"),
        properties=asked.get("properties") or {},
        flavors=asked.get("flavors") or {},
    )
    changed = replace(
        version,
        description=asked.get("description", version.description),
        tags=asked.get("tags", version.tags),
        stage=asked.get("stage", version.stage),
        is_archived=bool(asked.get("isArchived", version.is_archived)),
    )
    call.models.put(changed)
    return JSONResponse(version_body(changed, call.place.workspace), 200 if held else 201)


def _version(call: Call) -> ModelVersion | None:
    name, version = call.params["model"], call.params["version"]
    return call.models.version(call.place.workspace, name, version, call.now)


def _container(call: Call, name: str) -> dict[str, Any]:
    return container_body(call.models, call.place.workspace, name, call.now)


def _container_is_archived(call: Call, name: str) -> bool:
    return call.models.container(call.place.workspace, name).is_archived


def _in_view(call: Call, *, is_archived: bool) -> bool:
    view = call.query.get("listViewType", "ActiveOnly").lower()
    return view == "all" or is_archived is (view == "archivedonly")


def _count(call: Call, name: str) -> int:
    asked = call.query.get(name, "")
    return max(1, int(asked)) if asked.isdigit() else PAGE


def _no_model(call: Call) -> Response:
    name = call.params["model"]
    return refusals.arm(
        call,
        404,
        "UserError",
        "The specified resource was not found.",
        ("NotFound", "ModelNotFound"),
        (("ModelNotFound", f"Model container with name: {name} not found."),),
    )


ROUTES = [
    WorkspaceRoute("GET", "/models", list_models),
    WorkspaceRoute("GET", "/models/{model}", get_model),
    WorkspaceRoute("PUT", "/models/{model}", put_model),
    WorkspaceRoute("GET", "/models/{model}/versions", list_versions),
    WorkspaceRoute("GET", "/models/{model}/versions/{version}", get_version),
    WorkspaceRoute("PUT", "/models/{model}/versions/{version}", put_version),
]
