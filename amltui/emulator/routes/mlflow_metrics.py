"""MLflow's metrics: points one by one and in batches, and what was logged before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.routes.mlflow import BAD, DOES_NOT_EXIST, Asked, asked_of, nothing, refused
from amltui.emulator.routes.mlflow_runs import with_params, with_tags

MOST_METRICS, MOST_PARAMS, MOST_TAGS = 1000, 100, 100
"""In one batch."""
HISTORY = 25_000
"""Points in one answer, however many are asked for: MLflow's own server sends no more."""
BULK_RUNS, BULK = 100, 2500
CHUNK = 500


async def log_metric(call: Call, record: JobRecord, asked: Asked) -> Response:
    names = ("key", "value", "timestamp", "step")
    call.world.jobs.log(record, [_point(call, {name: asked.raw(name) for name in names})])
    return nothing()


async def log_batch(call: Call, record: JobRecord, asked: Asked) -> Response:
    _log(call, record, asked)
    return nothing()


async def log_batch_async(call: Call, record: JobRecord, asked: Asked) -> Response:
    """Azure's own: taken now, said to be there when it is asked for."""
    _log(call, record, asked)
    tracking = str(uuid4()) if asked.items("metrics") else ""
    return JSONResponse({"batch_tracking_id": tracking})


async def run_data_status(call: Call, record: JobRecord, asked: Asked) -> Response:
    del call, record
    asked.text("batch_tracking_id")
    return JSONResponse({"is_complete": True})


async def history(call: Call, record: JobRecord, asked: Asked) -> Response:
    """Points in the order they were logged."""
    metrics, name = call.metrics(record), asked.text("metric_key")
    length = metrics.count(name) if metrics.has(name) else 0
    start = paging.index(asked.maybe("page_token"))
    end = min(length, start + min(asked.results(HISTORY, most=10**9), HISTORY))
    body: dict[str, Any] = {
        "metrics": [mlflow_body.metric(name, each) for each in metrics.points(name, start, end)]
    }
    if end < length:
        body["next_page_token"] = paging.token(end)
    return JSONResponse(body)


async def bulk(call: Call) -> Response:
    """One metric of several runs, all points up to a number."""
    asked = await asked_of(call)
    name, most = asked.text("metric_key"), min(asked.results(HISTORY, most=10**9), HISTORY)
    found: list[dict[str, Any]] = []
    for record in _runs(call, asked):
        metrics = call.metrics(record)
        points = metrics.points(name, 0, most - len(found)) if metrics.has(name) else []
        found += [{**mlflow_body.metric(name, each), "run_id": record.name} for each in points]
    return JSONResponse({"metrics": found})


async def bulk_interval(call: Call) -> Response:
    """One metric of several runs between two steps, thinned out."""
    asked = await asked_of(call)
    name, most = asked.text("metric_key"), asked.results(BULK, BULK)
    first, last = asked.whole("start_step", 0), asked.whole("end_step", 1 << 62)
    if first > last:
        raise refused(400, BAD, "end_step must be greater than start_step.")
    records = _runs(call, asked)
    each_most = max(2, most // max(1, len(records)))
    found: list[dict[str, Any]] = []
    for record in records:
        metrics = call.metrics(record)
        if metrics.has(name):
            points = metrics.between(name, first, last, each_most)
            found += [{**mlflow_body.metric(name, p), "run_id": record.name} for p in points]
    return JSONResponse({"metrics": found})


def _runs(call: Call, asked: Asked) -> list[JobRecord]:
    names = asked.texts("run_ids") or asked.texts("run_id")
    if not 0 < len(names) <= BULK_RUNS:
        raise refused(400, BAD, f"run_ids must name between 1 and {BULK_RUNS} runs.")
    found = []
    for name in names:
        record = call.history.get(name, call.now)
        if record is None:
            raise refused(404, DOES_NOT_EXIST, f"Run with id={name} not found")
        found.append(record)
    return found


def _log(call: Call, record: JobRecord, asked: Asked) -> None:
    metrics, params, tags = asked.items("metrics"), asked.items("params"), asked.items("tags")
    for what, given, most in (
        ("metrics", metrics, MOST_METRICS),
        ("params", params, MOST_PARAMS),
        ("tags", tags, MOST_TAGS),
    ):
        if len(given) > most:
            message = (
                f"A batch logging request can contain at most {most} {what}."
                f" Got {len(given)} {what}. Please split up {what} across multiple requests."
            )
            raise refused(400, BAD, message)
    if len(metrics) + len(params) + len(tags) > MOST_METRICS:
        raise refused(400, BAD, f"A batch can contain at most {MOST_METRICS} items in all.")
    points = [_point(call, each) for each in metrics]
    changed = record
    for each in params:  # the same one twice in a batch must say the same
        changed = with_params(changed, {str(each.get("key")): str(each.get("value", ""))})
    if tags:
        changed = with_tags(changed, asked.pairs("tags"))
    if changed is not record and changed != record:
        call.world.jobs.put(replace(changed))
    call.world.jobs.log(record, points)


def _point(call: Call, asked: dict[str, Any]) -> tuple[str, Point]:
    """A point as a client logs it; NaN and infinity travel as texts."""
    key = asked.get("key")
    if not isinstance(key, str) or not key:
        raise refused(400, BAD, "Missing value for required parameter 'key'.")
    try:
        value = float(asked["value"])
        stamp = asked.get("timestamp")
        at = call.now if stamp is None else float(stamp) / 1000
        return key, Point(int(asked.get("step") or 0), value, at)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        given = asked.get("value")
        message = f"Got invalid value {given} for metric '{key}'. Please specify value as a number."
        raise refused(400, BAD, message) from error
