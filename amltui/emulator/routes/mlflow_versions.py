"""MLflow's model versions: those of `{workspace}/models/{name}/versions`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.assets.record import next_version
from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_clauses, mlflow_models
from amltui.emulator.resources import Resource
from amltui.emulator.routes.mlflow import BAD, Asked, asked_of, nothing, page, refused
from amltui.emulator.routes.mlflow_logged_models import logged_model
from amltui.emulator.routes.mlflow_models import (
    NEW,
    changed_properties,
    changed_tags,
    find,
    held,
    held_version,
    named,
    versions,
    without_tag,
)


async def create(call: Call) -> Response:
    """One more version; of a model that is not there yet, the first."""
    asked = await asked_of(call)
    name, source = named(asked.text("name")), asked.text("source")
    model = find(call, name) or call.world.resources.put(
        Resource(f"{call.workspace.id}/models/{name}", call.now, call.who, NEW)
    )
    number = next_version(versions(call, model))
    properties: dict[str, Any] = {
        **NEW,
        "description": asked.maybe("description"),
        "tags": asked.pairs("tags"),
        "isAnonymous": False,
        "flavors": {},
        "modelType": "mlflow_model",
        "modelUri": mlflow_models.model_uri(call.place, _place_of(call, source)),
        "jobName": asked.maybe("run_id") or None,
        "stage": None,
        "provisioningState": "Succeeded",
        "datasets": [],
    }
    kept = {"source": source, "model_id": asked.maybe("model_id") or _model_id(source)}
    made = Resource(f"{model.id}/versions/{number}", call.now, call.who, properties, kept=kept)
    return _answer(call, call.world.resources.put(made))


async def get(call: Call) -> Response:
    return _answer(call, held_version(call, await asked_of(call)))


async def update(call: Call) -> Response:
    asked = await asked_of(call)
    found = held_version(call, asked)
    return _answer(call, changed_properties(call, found, description=asked.maybe("description")))


async def delete(call: Call) -> Response:
    """The version, and the aliases that lead to it."""
    asked = await asked_of(call)
    model, found = held(call, asked), held_version(call, asked)
    call.world.resources.drop(found)
    kept = {k: v for k, v in mlflow_models.aliases(model).items() if v != found.name}
    call.world.resources.put(replace(model, kept={**model.kept, "aliases": kept}))
    return nothing()


async def search(call: Call) -> Response:
    """Of all models, the last changed first unless an order is asked for."""
    asked = await asked_of(call)
    clauses = mlflow_clauses.parse(asked.raw("filter"))
    orders = mlflow_clauses.orders(asked.texts("order_by"))
    usual = ("attribute", "last_updated_timestamp", True)
    models = call.world.resources.within(f"{call.workspace.id}/models", call.now)
    wanted = next((c.wanted for c in clauses if c.name == "name" and c.word == "="), None)
    if wanted is not None:
        models = [each for each in models if each.name == wanted]
    found = [
        each
        for model in models
        for each in versions(call, model)
        if not each.properties.get("isArchived")
        and all(c.holds(mlflow_models.value(each, c.kind, c.name)) for c in clauses)
    ]
    ordered = mlflow_clauses.sort(found, orders or [usual], mlflow_models.value)
    most = asked.results(10_000, 200_000)
    return page("model_versions", ordered, asked, lambda each: _body(call, each), most)


async def transition_stage(call: Call) -> Response:
    """To another stage; those that are there may be archived by it."""
    asked = await asked_of(call)
    found, stage = held_version(call, asked), asked.text("stage").title()
    if stage not in mlflow_models.STAGES:
        message = f"Invalid Model Version stage: {stage}. Value must be one of "
        raise refused(400, BAD, message + ", ".join(mlflow_models.STAGES))
    if str(asked.raw("archive_existing_versions")).lower() == "true":
        _archive_others(call, asked, found, stage)
    return _answer(call, changed_properties(call, found, stage=None if stage == "None" else stage))


async def download_uri(call: Call) -> Response:
    found = held_version(call, await asked_of(call))
    return JSONResponse({"artifact_uri": _place_of(call, mlflow_models.source(found))})


async def set_tag(call: Call) -> Response:
    asked = await asked_of(call)
    changed_tags(call, held_version(call, asked), {asked.text("key"): asked.maybe("value") or ""})
    return nothing()


async def delete_tag(call: Call) -> Response:
    asked = await asked_of(call)
    without_tag(call, held_version(call, asked), asked.text("key"))
    return nothing()


def _archive_others(call: Call, asked: Asked, found: Resource, stage: str) -> None:
    for each in versions(call, held(call, asked)):
        if each.name != found.name and mlflow_models.stage(each) == stage:
            changed_properties(call, each, stage="Archived")


def _place_of(call: Call, source: str) -> str:
    """Where the files are: `models:/m-…` is a model that was logged."""
    identity = _model_id(source)
    model = logged_model(call, identity) if identity is not None else None
    return source if model is None else str(model.properties["artifact_uri"])


def _model_id(source: str) -> str | None:
    told = source.removeprefix("models:/")
    return told if told != source and told.startswith("m-") else None


def _body(call: Call, version: Resource) -> dict[str, Any]:
    name = version.id.split("/")[-3]
    return mlflow_models.version(version, find(call, name), call.place)


def _answer(call: Call, version: Resource) -> Response:
    return JSONResponse({"model_version": _body(call, version)})
