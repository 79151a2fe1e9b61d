"""MLflow 3's traces: begun, told, tagged, found, deleted. Their spans are artifacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body
from amltui.emulator.resources import Resource
from amltui.emulator.routes.mlflow import DOES_NOT_EXIST, asked_of, nothing, page, refused


async def start(call: Call) -> Response:
    """A trace as its client tells it, kept as it came."""
    asked = await call.body()
    trace = asked.get("trace")
    told = trace.get("trace_info") if isinstance(trace, dict) else asked
    info: dict[str, Any] = dict(told) if isinstance(told, dict) else {}
    identity = str(info.get("trace_id") or info.get("request_id") or f"tr-{uuid4().hex}")
    info = {"state": "OK", **info, "trace_id": identity, "request_id": identity}
    info["tags"] = {**_tags_of(info), "mlflow.artifactLocation": _spans_of(call, info, identity)}
    call.world.resources.put(
        Resource(_id(call, identity.replace("/", "_")), call.now, call.who, info)
    )
    return JSONResponse({"trace": {"trace_info": info}, "trace_info": info})


async def end(call: Call) -> Response:
    held = _asked(call)
    changed = {**held.properties, **(await call.body())}
    call.world.resources.put(replace(held, properties=changed, modified=call.now))
    return JSONResponse({"trace_info": changed})


async def get(call: Call) -> Response:
    info = dict(_asked(call).properties)
    return JSONResponse({"trace": {"trace_info": info, "spans": []}, "trace_info": info})


async def search(call: Call) -> Response:
    """Newest first, of the experiments that are named."""
    asked = await asked_of(call)
    wanted = set(asked.texts("experiment_ids")) | set(_experiments(asked.items("locations")))
    held = call.world.resources.within(_id(call, "").rstrip("/"), call.now)
    found = [each for each in held if not wanted or wanted & set(_experiments([_place(each)]))]
    return page("traces", found, asked, lambda each: dict(each.properties), asked.results(100))


async def set_tag(call: Call) -> Response:
    held, asked = _asked(call), await asked_of(call)
    tags = {**_tags(held), asked.text("key"): asked.maybe("value") or ""}
    call.world.resources.put(replace(held, properties={**held.properties, "tags": tags}))
    return nothing()


async def delete_tag(call: Call) -> Response:
    held, key = _asked(call), (await call.body()).get("key") or call.query.get("key")
    tags = {name: value for name, value in _tags(held).items() if name != key}
    call.world.resources.put(replace(held, properties={**held.properties, "tags": tags}))
    return nothing()


async def delete(call: Call) -> Response:
    """By their ids, or all up to a moment."""
    asked = await asked_of(call)
    named = set(asked.texts("request_ids")) | set(asked.texts("trace_ids"))
    until = asked.whole("max_timestamp_millis", 0)
    gone = [
        each
        for each in call.world.resources.within(_id(call, "").rstrip("/"), call.now)
        if each.name in named or (until and each.created * 1000 <= until)
    ]
    for each in gone:
        call.world.resources.drop(each)
    return JSONResponse({"traces_deleted": len(gone)})


def _asked(call: Call) -> Resource:
    found = call.world.resources.get(_id(call, call.params["trace"]), call.now)
    if found is None:
        raise refused(404, DOES_NOT_EXIST, f"Trace with ID '{call.params['trace']}' not found.")
    return found


def _id(call: Call, identity: str) -> str:
    return f"{call.workspace.id}/traces/{identity}"


def _spans_of(call: Call, info: dict[str, Any], identity: str) -> str:
    """The spans of a trace are its only file, as if it were a run of its experiment.

    azureml-mlflow writes below a folder of a run, but does not look there for what it reads.
    """
    told = info.get("trace_metadata")
    name = told.get("mlflow.sourceRun") if isinstance(told, dict) else None
    run = call.history.get(str(name), call.now) if name else None
    experiment = "Default" if run is None else call.place.experiment(run.experiment)
    return mlflow_body.files_of(identity.replace("/", "_"), experiment, call.place)


def _tags(held: Resource) -> dict[str, Any]:
    return _tags_of(held.properties)


def _tags_of(info: Mapping[str, Any]) -> dict[str, Any]:
    """Older clients send a list of pairs."""
    tags = info.get("tags") or {}
    if isinstance(tags, list):
        return {str(each.get("key")): each.get("value") for each in tags if isinstance(each, dict)}
    return dict(tags) if isinstance(tags, dict) else {}


def _place(held: Resource) -> dict[str, Any]:
    place = held.properties.get("trace_location")
    own = {"mlflow_experiment": {"experiment_id": held.properties.get("experiment_id")}}
    return place if isinstance(place, dict) else own


def _experiments(places: Iterable[dict[str, Any]]) -> list[str]:
    told = (each.get("mlflow_experiment") for each in places)
    return [str(each.get("experiment_id")) for each in told if isinstance(each, dict)]
