"""MLflow's registered models: the containers of `{workspace}/models`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_clauses, mlflow_models
from amltui.emulator.resources import Resource
from amltui.emulator.routes.mlflow import (
    BAD,
    DOES_NOT_EXIST,
    EXISTS,
    Asked,
    asked_of,
    nothing,
    page,
    refused,
)

NEW: dict[str, Any] = {"description": None, "tags": {}, "properties": {}, "isArchived": False}


async def create(call: Call) -> Response:
    asked = await asked_of(call)
    name = named(asked.text("name"))
    if find(call, name) is not None:
        raise refused(400, EXISTS, f"Registered Model (name={name}) already exists.")
    properties = {**NEW, "description": asked.maybe("description"), "tags": asked.pairs("tags")}
    made = call.world.resources.put(Resource(_id(call, name), call.now, call.who, properties))
    return _answer(call, made)


async def get(call: Call) -> Response:
    return _answer(call, held(call, await asked_of(call)))


async def search(call: Call) -> Response:
    """By name, unless an order is asked for."""
    asked = await asked_of(call)
    clauses = mlflow_clauses.parse(asked.raw("filter"))
    orders = mlflow_clauses.orders(asked.texts("order_by")) or [("attribute", "name", False)]
    found = [
        each
        for each in call.world.resources.within(f"{call.workspace.id}/models", call.now)
        if not each.properties.get("isArchived")
        and all(c.holds(mlflow_models.value(each, c.kind, c.name)) for c in clauses)
    ]
    ordered = mlflow_clauses.sort(found, orders, mlflow_models.value)
    most = asked.results(100)
    return page("registered_models", ordered, asked, lambda each: _body(call, each), most)


async def rename(call: Call) -> Response:
    """The same model under another name, with all its versions."""
    asked = await asked_of(call)
    model, name = held(call, asked), named(asked.text("new_name"))
    if find(call, name) is not None:
        raise refused(400, EXISTS, f"Registered Model (name={name}) already exists.")
    shelf = call.world.resources
    moved = shelf.put(replace(model, id=_id(call, name), modified=call.now))
    for each in reversed(versions(call, model)):
        shelf.put(replace(each, id=f"{moved.id}/versions/{each.name}"))
    shelf.drop(model)
    return _answer(call, moved)


async def update(call: Call) -> Response:
    asked = await asked_of(call)
    changed = changed_properties(call, held(call, asked), description=asked.maybe("description"))
    return _answer(call, changed)


async def delete(call: Call) -> Response:
    call.world.resources.drop(held(call, await asked_of(call)))
    return nothing()


async def latest_versions(call: Call) -> Response:
    """The newest one of each stage that is asked for."""
    asked = await asked_of(call)
    model = held(call, asked)
    found = mlflow_models.latest_versions(versions(call, model), asked.texts("stages"))
    bodies = [mlflow_models.version(each, model, call.place) for each in found]
    return JSONResponse({"model_versions": bodies})


async def set_tag(call: Call) -> Response:
    asked = await asked_of(call)
    changed_tags(call, held(call, asked), {asked.text("key"): asked.maybe("value") or ""})
    return nothing()


async def delete_tag(call: Call) -> Response:
    asked = await asked_of(call)
    without_tag(call, held(call, asked), asked.text("key"))
    return nothing()


async def set_alias(call: Call) -> Response:
    asked = await asked_of(call)
    model, version = held(call, asked), held_version(call, asked)
    _with_aliases(call, model, {**mlflow_models.aliases(model), asked.text("alias"): version.name})
    return nothing()


async def delete_alias(call: Call) -> Response:
    asked = await asked_of(call)
    model, alias = held(call, asked), asked.text("alias")
    kept = {k: v for k, v in mlflow_models.aliases(model).items() if k != alias}
    _with_aliases(call, model, kept)
    return nothing()


async def get_by_alias(call: Call) -> Response:
    asked = await asked_of(call)
    model, alias = held(call, asked), asked.text("alias")
    number = mlflow_models.aliases(model).get(alias)
    if number is None:
        raise refused(404, DOES_NOT_EXIST, f"Registered model alias {alias} not found.")
    found = call.world.resources.get(f"{model.id}/versions/{number}", call.now)
    if found is None:
        raise no_version(model.name, number)
    return JSONResponse({"model_version": mlflow_models.version(found, model, call.place)})


def named(name: str) -> str:
    """A name that can be part of an id."""
    if "/" in name or ":" in name:
        raise refused(400, BAD, f"Registered model name '{name}' must not hold '/' or ':'.")
    return name


def find(call: Call, name: str) -> Resource | None:
    return call.world.resources.get(_id(call, name), call.now)


def held(call: Call, asked: Asked) -> Resource:
    """The model of the parameter `name`."""
    name = asked.text("name")
    found = find(call, name) if "/" not in name else None
    if found is None:
        raise refused(404, DOES_NOT_EXIST, f"Registered Model with name={name} not found")
    return found


def held_version(call: Call, asked: Asked) -> Resource:
    """The version of the parameters `name` and `version`."""
    model, number = held(call, asked), asked.text("version")
    found = call.world.resources.get(f"{model.id}/versions/{number}", call.now)
    if found is None:
        raise no_version(model.name, number)
    return found


def no_version(name: str, number: str) -> Exception:
    return refused(404, DOES_NOT_EXIST, f"Model Version (name={name}, version={number}) not found")


def versions(call: Call, model: Resource) -> list[Resource]:
    """Newest first."""
    return call.world.resources.within(f"{model.id}/versions", call.now)


def changed_properties(call: Call, resource: Resource, **properties: Any) -> Resource:
    changed = {**resource.properties, **properties}
    return call.world.resources.put(
        replace(resource, properties=changed, modified=call.now, modified_by=call.who)
    )


def changed_tags(call: Call, resource: Resource, more: Mapping[str, str]) -> Resource:
    tags = resource.properties.get("tags") or {}
    return changed_properties(call, resource, tags={**tags, **more})


def without_tag(call: Call, resource: Resource, key: str) -> Resource:
    tags = resource.properties.get("tags") or {}
    return changed_properties(call, resource, tags={k: v for k, v in tags.items() if k != key})


def _with_aliases(call: Call, model: Resource, aliases: Mapping[str, str]) -> None:
    kept = {**model.kept, "aliases": dict(aliases)}
    call.world.resources.put(replace(model, kept=kept, modified=call.now))


def _id(call: Call, name: str) -> str:
    return f"{call.workspace.id}/models/{name}"


def _body(call: Call, model: Resource) -> dict[str, Any]:
    return mlflow_models.model(model, versions(call, model), call.place)


def _answer(call: Call, model: Resource) -> Response:
    return JSONResponse({"registered_model": _body(call, model)})
