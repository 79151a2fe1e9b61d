"""MLflow 3's logged models: they come before any registration, and belong to a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body, mlflow_clauses
from amltui.emulator.jobs.mlflow_body import milliseconds
from amltui.emulator.jobs.mlflow_clauses import BadSearch
from amltui.emulator.resources import Resource
from amltui.emulator.routes.mlflow import DOES_NOT_EXIST, asked_of, nothing, page, refused
from amltui.emulator.routes.mlflow_experiments import experiment_of

_STATUSES = {1: "LOGGED_MODEL_PENDING", 2: "LOGGED_MODEL_READY", 3: "LOGGED_MODEL_UPLOAD_FAILED"}


async def create(call: Call) -> Response:
    asked = await asked_of(call)
    experiment = experiment_of(call, asked.text("experiment_id"))
    run = call.history.get(asked.maybe("source_run_id") or "", call.now)
    identity = f"m-{uuid4().hex}"
    name = asked.maybe("name") or identity
    if run is not None:
        uri = f"{mlflow_body.artifact_uri(run, call.place)}/models/{identity}"
    else:
        uri = f"{call.place.tracking.rstrip('?')}/models/{identity}/artifacts"
    properties = {
        "name": name,
        "experiment_id": experiment.id,
        "artifact_uri": uri,
        "status": _STATUSES[1],
        "model_type": asked.maybe("model_type") or "",
        "source_run_id": run.name if run is not None else "",
        "tags": asked.pairs("tags"),
        "params": asked.pairs("params"),
    }
    made = Resource(_id(call, identity), call.now, call.who, properties)
    return _answer(call.world.resources.put(made))


async def get(call: Call) -> Response:
    return _answer(_asked(call))


async def finalize(call: Call) -> Response:
    asked = await asked_of(call)
    told = asked.raw("status")
    status = _STATUSES.get(told, str(told)) if isinstance(told, int) else str(told)
    if status not in _STATUSES.values():
        status = _STATUSES[2]
    return _answer(_changed(call, _asked(call), status=status))


async def delete(call: Call) -> Response:
    call.world.resources.drop(_asked(call))
    return nothing()


async def set_tags(call: Call) -> Response:
    held, asked = _asked(call), await asked_of(call)
    return _answer(_changed(call, held, tags={**held.properties["tags"], **asked.pairs("tags")}))


async def delete_tag(call: Call) -> Response:
    held, key = _asked(call), call.params["key"]
    _changed(call, held, tags={k: v for k, v in held.properties["tags"].items() if k != key})
    return nothing()


async def log_params(call: Call) -> Response:
    held, asked = _asked(call), await asked_of(call)
    _changed(call, held, params={**held.properties["params"], **asked.pairs("params")})
    return nothing()


async def search(call: Call) -> Response:
    """Newest first, of the experiments that are named."""
    asked = await asked_of(call)
    experiments = set(asked.texts("experiment_ids"))
    clauses = mlflow_clauses.parse(asked.raw("filter"))
    orders = [
        (kind, name, each.get("ascending") is False)
        for each in asked.items("order_by")
        for kind, name, _ in mlflow_clauses.orders([str(each.get("field_name") or "")])
    ]
    found = [
        each
        for each in call.world.resources.within(_id(call, "").rstrip("/"), call.now)
        if (not experiments or each.properties["experiment_id"] in experiments)
        and all(c.holds(_value(each, c.kind, c.name)) for c in clauses)
    ]
    ordered = mlflow_clauses.sort(found, orders, _value)
    return page("models", ordered, asked, _body, asked.results(50))


async def directories(call: Call) -> Response:
    """Its files lie with those of its run."""
    held = _asked(call)
    return JSONResponse({"root_uri": held.properties["artifact_uri"], "files": []})


def logged_model(call: Call, identity: str) -> Resource | None:
    return call.world.resources.get(_id(call, identity), call.now)


def _asked(call: Call) -> Resource:
    identity = call.params["model"]
    found = logged_model(call, identity)
    if found is None:
        raise refused(404, DOES_NOT_EXIST, f"Logged model with ID '{identity}' not found.")
    return found


def _changed(call: Call, held: Resource, **properties: Any) -> Resource:
    changed = {**held.properties, **properties}
    return call.world.resources.put(replace(held, properties=changed, modified=call.now))


def _id(call: Call, identity: str) -> str:
    return f"{call.workspace.id}/loggedModels/{identity}"


def _value(held: Resource, kind: str, name: str) -> Any:
    told = held.properties
    match kind, name.lower():
        case "tag", _:
            return told["tags"].get(name)
        case "param", _:
            return told["params"].get(name)
        case "metric", _:
            return None
        case "attribute", "model_id":
            return held.name
        case "attribute", "creation_timestamp" | "creation_time":
            return milliseconds(held.created)
        case "attribute", "last_updated_timestamp" | "last_updated_time":
            return milliseconds(held.modified or held.created)
        case "attribute", "name" | "status" | "model_type" | "source_run_id" | "experiment_id":
            return told[name.lower()]
    raise BadSearch(f"Invalid attribute key '{name}' specified.")


def _answer(held: Resource) -> Response:
    return JSONResponse({"model": _body(held)})


def _body(held: Resource) -> dict[str, Any]:
    told = held.properties
    return {
        "info": {
            "model_id": held.name,
            "experiment_id": told["experiment_id"],
            "name": told["name"],
            "creation_timestamp_ms": milliseconds(held.created),
            "last_updated_timestamp_ms": milliseconds(held.modified or held.created),
            "artifact_uri": told["artifact_uri"],
            "status": told["status"],
            "model_type": told["model_type"],
            "source_run_id": told["source_run_id"],
            "tags": mlflow_body.pairs(told["tags"]),
            "registrations": [],
        },
        "data": {"params": mlflow_body.pairs(told["params"]), "metrics": []},
    }
