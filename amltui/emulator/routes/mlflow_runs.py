"""MLflow's runs are jobs, and jobs are runs: began, changed, ended, found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body, mlflow_clauses, mlflow_filter, run_query
from amltui.emulator.jobs.mlflow_filter import Reader
from amltui.emulator.jobs.names import job_name
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.run_changes import moved
from amltui.emulator.jobs.run_query import Question
from amltui.emulator.routes.mlflow import BAD, DOES_NOT_EXIST, Asked, asked_of, nothing, refused
from amltui.emulator.routes.mlflow_experiments import experiment_of

_STATUS = {
    "RUNNING": "Running",
    "FINISHED": "Completed",
    "FAILED": "Failed",
    "KILLED": "Canceled",
    "SCHEDULED": "Queued",
}
_APART = {"mlflow.parentRunId", "mlflow.runName", "mlflow.note.content", "mlflow.rootRunId"}
"""Tags that a run has members for."""


async def get(call: Call, record: JobRecord, asked: Asked) -> Response:
    del asked
    return JSONResponse({"run": body(call, record)})


async def create(call: Call) -> Response:
    asked = await asked_of(call)
    experiment = experiment_of(call, asked.maybe("experiment_id") or "0")
    if experiment.archived is not None:
        message = f"The experiment {experiment.id} must be in the 'active' state."
        raise refused(400, BAD, message)
    tags = asked.pairs("tags")
    started = asked.whole("start_time", 0)
    parent = _parent(call, tags.get("mlflow.parentRunId"))
    record = JobRecord(
        name=str(uuid4()),
        workspace=call.workspace.id.lower(),
        created=call.now,
        display_name=asked.maybe("run_name")
        or tags.get("mlflow.runName")
        or job_name(uuid4().int % (1 << 32), 0),
        experiment=experiment.name,
        created_by=call.who,
        description=tags.get("mlflow.note.content"),
        tags={key: value for key, value in tags.items() if key not in _APART},
        parent=parent.name if parent else None,
        root=(parent.root or parent.parent) if parent else None,
        timeline=(("Running", 0.0),),
        is_tracked=True,
        started=started / 1000 if started else None,
    )
    return JSONResponse({"run": body(call, call.world.jobs.put(record))})


async def update(call: Call, record: JobRecord, asked: Asked) -> Response:
    status = asked.maybe("status")
    if status is not None and status not in _STATUS:
        raise refused(400, BAD, f"Invalid value '{status}' for parameter 'status' supplied.")
    ended = asked.whole("end_time", 0)
    if name := asked.maybe("run_name"):
        record = replace(record, display_name=name)
    if status is not None:
        at = ended / 1000 if ended else call.now
        record = moved(record, _STATUS[status], at, call.now)
    if ended:
        record = replace(record, ended=ended / 1000)
    call.world.jobs.put(record)
    return JSONResponse({"run_info": mlflow_body.info(record, call.now, call.place)})


async def delete(call: Call, record: JobRecord, asked: Asked) -> Response:
    """Out of sight; over ARM it is archived."""
    del asked
    call.world.jobs.put(replace(record, is_archived=True))
    return nothing()


async def restore(call: Call, record: JobRecord, asked: Asked) -> Response:
    del asked
    call.world.jobs.put(replace(record, is_archived=False))
    return nothing()


async def log_parameter(call: Call, record: JobRecord, asked: Asked) -> Response:
    params = {asked.text("key"): asked.maybe("value") or ""}
    call.world.jobs.put(with_params(record, params))
    return nothing()


async def set_tag(call: Call, record: JobRecord, asked: Asked) -> Response:
    call.world.jobs.put(with_tags(record, {asked.text("key"): asked.maybe("value") or ""}))
    return nothing()


async def delete_tag(call: Call, record: JobRecord, asked: Asked) -> Response:
    key = asked.text("key")
    if key not in (record.tags or {}):
        raise refused(404, DOES_NOT_EXIST, f"No tag with name: {key} in run with id {record.name}")
    tags = {name: value for name, value in (record.tags or {}).items() if name != key}
    call.world.jobs.put(replace(record, tags=tags))
    return nothing()


async def log_model(call: Call, record: JobRecord, asked: Asked) -> Response:
    """The model's description joins the run's history of models."""
    try:
        told = json.loads(asked.text("model_json"))
    except ValueError as error:
        raise refused(400, BAD, "Malformed model info. model_json is no JSON.") from error
    held = [*(record.models.get("history") or []), told]
    call.world.jobs.put(replace(record, models={**record.models, "history": held}))
    return nothing()


async def log_inputs(call: Call, record: JobRecord, asked: Asked) -> Response:
    """Data sets and models that the run reads; the same one is kept once."""
    datasets = [*record.datasets]
    datasets += [each for each in asked.items("datasets") if each not in datasets]
    models = [*(record.models.get("inputs") or [])]
    models += [each for each in asked.items("models") if each not in models]
    changed = replace(record, datasets=datasets, models={**record.models, "inputs": models})
    call.world.jobs.put(changed)
    return nothing()


async def log_outputs(call: Call, record: JobRecord, asked: Asked) -> Response:
    held = [*(record.models.get("outputs") or []), *asked.items("models")]
    call.world.jobs.put(replace(record, models={**record.models, "outputs": held}))
    return nothing()


async def search(call: Call) -> Response:
    """One page. A question in the natural order costs its page; others are put in order once."""
    asked = await asked_of(call)
    place, now, wanted = call.place, call.now, set(asked.texts("experiment_ids"))
    begun = call.world.jobs.experiments_of(call.workspace.id, now)
    clauses = mlflow_clauses.parse(asked.raw("filter"))
    has_attributes = call.world.mlflow_attribute_filters
    mlflow_filter.check(clauses, has_attributes=has_attributes)
    reader = Reader(call.metrics, now, has_attributes)
    view = (asked.maybe("run_view_type") or "ACTIVE_ONLY").upper()
    orders = mlflow_clauses.orders(asked.raw("order_by"))
    newest_first = mlflow_filter.natural(orders)

    def passes(record: JobRecord) -> bool:
        seen = view == "ALL" or record.is_archived is (view == "DELETED_ONLY")
        return seen and reader.passes(clauses, record)

    def order(record: JobRecord) -> tuple[Any, ...]:
        return mlflow_clauses.place(orders, lambda kind, name: reader.value(record, kind, name))

    experiments = frozenset(each.name for each in begun if place.experiment_id(each.name) in wanted)
    question = Question(
        passes,
        mlflow_filter.narrowing(clauses),
        experiments,
        order if newest_first is None else None,
        ("mlflow", str(asked.raw("filter")), view, tuple(orders), experiments),
        oldest_first=newest_first is False,
    )
    token = paging.position(asked.maybe("page_token"))
    found, following = await run_query.page(question, call.history, now, token, asked.results())
    answer: dict[str, Any] = {"runs": [body(call, each) for each in found]}
    if following is not None:
        answer["next_page_token"] = paging.token(following)
    return JSONResponse(answer)


def body(call: Call, record: JobRecord) -> dict[str, Any]:
    return mlflow_body.run(record, call.now, call.place, call.metrics(record))


def with_params(record: JobRecord, params: dict[str, str]) -> JobRecord:
    """A parameter says the same for ever."""
    for key, value in params.items():
        known = record.parameters.get(key, value)
        if known != value:
            message = (
                f"Changing param values is not allowed. Param with key='{key}' was already logged"
                f" with value='{known}' for run ID='{record.name}'. Attempted logging new value"
                f" '{value}'."
            )
            raise refused(400, BAD, message)
    return replace(record, parameters={**record.parameters, **params})


def with_tags(record: JobRecord, tags: dict[str, str]) -> JobRecord:
    """Two of MLflow's own tags are the run's name and description."""
    return replace(
        record,
        tags={**(record.tags or {}), **{k: v for k, v in tags.items() if k not in _APART}},
        display_name=tags.get("mlflow.runName") or record.display_name,
        description=tags.get("mlflow.note.content", record.description),
    )


def _parent(call: Call, name: str | None) -> JobRecord | None:
    return call.history.get(name, call.now) if name else None
