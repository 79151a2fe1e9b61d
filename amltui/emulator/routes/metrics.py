"""metric/v2.0: which metrics a run has, all their points, a sample of them, and new ones."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.mlflow_body import number
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.wiretime import iso, parse
from amltui.emulator.routes.run_history import asked_run

PAGE = 1000
SAMPLE = 2000


async def list_metrics(call: Call) -> Response:
    record = asked_run(call)
    listed = [
        {
            "metricKey": {"namespace": "", "name": name, "labels": [], "columnNames": [name]},
            "columns": {name: "Double"},
            "properties": {"uxMetricType": "azureml.v1.scalar"},
        }
        for name in call.metrics(record).names()
    ]
    return JSONResponse({"value": listed, "continuationToken": None, "nextLink": None})


async def full(call: Call) -> Response:
    """All points in pages, or those of a stretch of time."""
    record, asked = asked_run(call), await call.body()
    metrics, name = call.metrics(record), str(asked.get("metricName"))
    if name not in metrics.names():
        raise _no_metric(call, name)
    try:
        start, stop = _stretch(metrics, name, asked)
    except ValueError as error:
        raise call.data_refused(400, "startTime and endTime must be times.") from error
    start = max(start, paging.index(asked.get("continuationToken")))
    end = min(start + PAGE, stop)
    body = _metric(record, name, metrics.points(name, start, end))
    body["continuationToken"] = paging.token(end) if end < stop else None
    body["nextLink"] = None
    return JSONResponse(body)


async def sample(call: Call) -> Response:
    """At most some thousand points: what a chart needs."""
    record, asked = asked_run(call), await call.body()
    metrics, name = call.metrics(record), str(asked.get("metricName"))
    if name not in metrics.names():
        raise _no_metric(call, name)
    length = metrics.count(name)
    body = _metric(record, name, metrics.sample(name, SAMPLE))
    body |= {
        "derivedLabelValues": None,
        "isPartialResult": length > SAMPLE,
        "numValuesLogged": length,
        "continuationToken": None,
        "nextLink": None,
    }
    return JSONResponse(body)


async def batch(call: Call) -> Response:
    record, asked = asked_run(call), await call.body()
    points = [
        (
            str(column),
            Point(
                int(row.get("step") or 0),
                float(value),
                parse(row["createdUtc"]) if row.get("createdUtc") else call.now,
            ),
        )
        for metric in asked.get("values") or []
        for row in metric.get("value") or []
        for column, value in (row.get("data") or {}).items()
    ]
    call.world.jobs.log(record, points)
    return JSONResponse({"errors": []})


def _stretch(metrics: RunMetrics, name: str, asked: dict[str, Any]) -> tuple[int, int]:
    start, stop = 0, metrics.count(name)
    if asked.get("startTime"):
        start = metrics.index_after(name, parse(asked["startTime"]) - 1e-6)
    if asked.get("endTime"):
        stop = metrics.index_after(name, parse(asked["endTime"]))
    return start, stop


def _metric(record: JobRecord, name: str, points: list[Point]) -> dict[str, Any]:
    metric_id = uuid5(NAMESPACE_URL, f"{record.workspace}/{record.name}/{name}")
    return {
        "dataContainerId": f"dcid.{record.name}",
        "name": name,
        "columns": {name: "Double"},
        "properties": {"uxMetricType": "azureml.v1.scalar"},
        "namespace": None,
        "standardSchemaId": None,
        "value": [
            {
                "metricId": str(metric_id),
                "createdUtc": iso(point.time),
                "step": point.step,
                "data": {name: number(point.value)},
            }
            for point in points
        ],
    }


def _no_metric(call: Call, name: str) -> Refusal:
    message = f"The metric '{name}' of run {call.params['run']} was not found."
    return call.data_refused(404, message, "NotFoundError")


RUN = f"/metric/v2.0{WORKSPACE}/runs/{{run}}"
ROUTES = [
    Route("POST", f"{RUN}/list", list_metrics, "Metrics_List", Plane.DATA),
    Route("POST", f"{RUN}/full", full, "Metrics_GetFull", Plane.DATA),
    Route("POST", f"{RUN}/sample", sample, "Metrics_GetSample", Plane.DATA),
    Route("POST", f"{RUN}/batch", batch, "Metrics_PostBatch", Plane.DATA),
]
