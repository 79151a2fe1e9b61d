"""MLflow's REST interface: runs are jobs, and jobs are runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors, paging
from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body, mlflow_filter, timeline
from amltui.emulator.jobs.mlflow_filter import BadSearch
from amltui.emulator.jobs.names import job_name
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point

DOES_NOT_EXIST = "RESOURCE_DOES_NOT_EXIST"
_STATUS = {
    "RUNNING": "Running",
    "FINISHED": "Completed",
    "FAILED": "Failed",
    "KILLED": "Canceled",
    "SCHEDULED": "Queued",
}

RunHandler = Callable[[Call, JobRecord, dict[str, Any]], Awaitable[Response]]


async def asked_of(call: Call) -> dict[str, Any]:
    """The parameters, from the query of a GET or the body of a POST."""
    if call.request.method == "GET":
        return dict(call.request.query_params)
    return await call.body()


def of_run(handler: RunHandler) -> Callable[[Call], Awaitable[Response]]:
    """A route that works on the run that the parameters name."""

    async def route(call: Call) -> Response:
        asked = await asked_of(call)
        name = str(asked.get("run_id") or asked.get("run_uuid") or "")
        record = call.history.get(name, call.now)
        if record is None:
            return errors.mlflow(404, DOES_NOT_EXIST, f"Run with id={name} not found")
        return await handler(call, record, asked)

    return route


async def get_run(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    del asked
    return JSONResponse({"run": _run(call, record)})


async def create_run(call: Call) -> Response:
    asked = await asked_of(call)
    name = _experiment_name(call, str(asked.get("experiment_id", "")))
    if name is None:
        return _no_experiment(str(asked.get("experiment_id")))
    tags = {str(each["key"]): str(each.get("value", "")) for each in asked.get("tags") or []}
    seed = uuid4().int % (1 << 32)
    title = asked.get("run_name") or tags.get("mlflow.runName")
    record = JobRecord(
        name=str(uuid4()),
        workspace=call.workspace.id.lower(),
        created=call.now,
        display_name=title or job_name(seed, 0),
        experiment=name,
        created_by=call.who,
        tags={key: value for key, value in tags.items() if key != "mlflow.parentRunId"},
        parent=tags.get("mlflow.parentRunId"),
        timeline=(("Running", 0.0),),
        is_tracked=True,
        seed=seed,
    )
    return JSONResponse({"run": _run(call, call.world.jobs.put(record))})


async def update_run(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    status = _STATUS.get(str(asked.get("status") or ""))
    if asked.get("run_name"):
        record = replace(record, display_name=str(asked["run_name"]))
    if status is not None and status != timeline.status_at(record, call.now):
        done = [mark for mark in record.timeline if record.created + mark[1] <= call.now]
        record = replace(record, timeline=(*done, (status, call.now - record.created)))
    call.world.jobs.put(record)
    return JSONResponse({"run_info": mlflow_body.info(record, call.now, call.place)})


async def log_metric(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    call.world.jobs.log(record, [_point(call, asked)])
    return JSONResponse({})


async def log_batch(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    params = {str(each["key"]): str(each["value"]) for each in asked.get("params") or []}
    tags = {str(each["key"]): str(each["value"]) for each in asked.get("tags") or []}
    clash = _clash(record, params)
    if clash is not None:
        return clash
    if params or tags:
        changed = replace(
            record,
            parameters={**record.parameters, **params},
            tags={**(record.tags or {}), **tags},
        )
        call.world.jobs.put(changed)
    call.world.jobs.log(record, [_point(call, each) for each in asked.get("metrics") or []])
    return JSONResponse({})


async def log_parameter(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    params = {str(asked.get("key")): str(asked.get("value"))}
    clash = _clash(record, params)
    if clash is not None:
        return clash
    call.world.jobs.put(replace(record, parameters={**record.parameters, **params}))
    return JSONResponse({})


async def set_tag(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    key, value = str(asked.get("key")), str(asked.get("value", ""))
    title = value if key == "mlflow.runName" else record.display_name
    tags = {**(record.tags or {}), key: value}
    call.world.jobs.put(replace(record, tags=tags, display_name=title))
    return JSONResponse({})


async def delete_tag(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    key = str(asked.get("key"))
    if key not in (record.tags or {}):
        return errors.mlflow(404, DOES_NOT_EXIST, f"No tag with name: {key}")
    tags = {name: value for name, value in (record.tags or {}).items() if name != key}
    call.world.jobs.put(replace(record, tags=tags))
    return JSONResponse({})


async def delete_run(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    del asked
    call.world.jobs.put(replace(record, is_archived=True))
    return JSONResponse({})


async def restore_run(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    del asked
    call.world.jobs.put(replace(record, is_archived=False))
    return JSONResponse({})


async def metric_history(call: Call, record: JobRecord, asked: dict[str, Any]) -> Response:
    """Points in the order they were logged."""
    metrics, name = call.metrics(record), str(asked.get("metric_key"))
    length = metrics.count(name) if name in metrics.names() else 0
    start = paging.index(asked.get("page_token"))
    most = int(asked.get("max_results") or 25_000)
    end = min(length, start + max(1, most))
    body: dict[str, Any] = {
        "metrics": [mlflow_body.metric(name, each) for each in metrics.points(name, start, end)]
    }
    if end < length:
        body["next_page_token"] = paging.token(end)
    return JSONResponse(body)


async def search_runs(call: Call) -> Response:
    asked = await asked_of(call)
    wanted = {str(each) for each in asked.get("experiment_ids") or []}
    view = str(asked.get("run_view_type") or "ACTIVE_ONLY").upper()
    try:
        test = mlflow_filter.parse(asked.get("filter"))
        runs = [
            record
            for record in call.history.everything(call.now)
            if call.place.experiment_id(record.experiment) in wanted
            and (view == "ALL" or record.is_archived is (view == "DELETED_ONLY"))
            and test(record, call.metrics(record), call.now)
        ]
        runs.sort(key=lambda each: each.created, reverse=True)
        for clause in reversed(asked.get("order_by") or []):
            key, descending = mlflow_filter.order_key(clause, call.metrics, call.now)
            runs.sort(key=key, reverse=descending)
    except BadSearch as error:
        return errors.mlflow(400, "INVALID_PARAMETER_VALUE", str(error))
    start = paging.index(asked.get("page_token"))
    page, following = paging.page(runs, start, int(asked.get("max_results") or 1000))
    body: dict[str, Any] = {"runs": [_run(call, each) for each in page]}
    if following is not None:
        body["next_page_token"] = paging.token(following)
    return JSONResponse(body)


async def search_experiments(call: Call) -> Response:
    asked = await asked_of(call)
    begun = list(call.world.jobs.experiments_of(call.workspace.id, call.now).items())
    start = paging.index(asked.get("page_token"))
    page, following = paging.page(begun, start, int(asked.get("max_results") or 1000))
    body: dict[str, Any] = {
        "experiments": [mlflow_body.experiment(name, at, call.place) for name, at in page]
    }
    if following is not None:
        body["next_page_token"] = paging.token(following)
    return JSONResponse(body)


async def get_experiment(call: Call) -> Response:
    asked = await asked_of(call)
    return _experiment(call, _experiment_name(call, str(asked.get("experiment_id", ""))))


async def get_experiment_by_name(call: Call) -> Response:
    asked = await asked_of(call)
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    name = str(asked.get("experiment_name", ""))
    return _experiment(call, name if name in begun else None)


async def create_experiment(call: Call) -> Response:
    name = str((await asked_of(call)).get("name") or "")
    if not name:
        return errors.mlflow(400, "INVALID_PARAMETER_VALUE", "Missing the experiment's name.")
    if name in call.world.jobs.experiments_of(call.workspace.id, call.now):
        message = f"Experiment(name={name}) already exists."
        return errors.mlflow(400, "RESOURCE_ALREADY_EXISTS", message)
    call.world.jobs.begin_experiment(call.workspace.id, name, call.now)
    return JSONResponse({"experiment_id": call.place.experiment_id(name)})


async def logged_models(call: Call) -> Response:
    del call
    return JSONResponse({"models": []})


def _run(call: Call, record: JobRecord) -> dict[str, Any]:
    return mlflow_body.run(record, call.now, call.place, call.metrics(record))


def _experiment(call: Call, name: str | None) -> Response:
    if name is None:
        return _no_experiment("")
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)[name]
    return JSONResponse({"experiment": mlflow_body.experiment(name, begun, call.place)})


def _experiment_name(call: Call, identity: str) -> str | None:
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    return next((name for name in begun if call.place.experiment_id(name) == identity), None)


def _no_experiment(identity: str) -> Response:
    message = f"Could not find experiment {identity}".strip()
    return errors.mlflow(404, DOES_NOT_EXIST, message)


def _point(call: Call, asked: dict[str, Any]) -> tuple[str, Point]:
    stamp = asked.get("timestamp")
    at = call.now if stamp is None else float(stamp) / 1000
    return str(asked["key"]), Point(int(asked.get("step") or 0), float(asked["value"]), at)


def _clash(record: JobRecord, params: dict[str, str]) -> Response | None:
    for key, value in params.items():
        if record.parameters.get(key, value) != value:
            message = f"Changing param values is not allowed. Param with key='{key}' was logged."
            return errors.mlflow(400, "INVALID_PARAMETER_VALUE", message)
    return None
