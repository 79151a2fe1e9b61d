"""metric/v2.0 as clients write it: series of numbers, tables, lists, images; and their deletion."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs import metric_body
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.wiretime import parse
from amltui.emulator.jobs.written import WrittenTable
from amltui.emulator.routes.metrics import RUN
from amltui.emulator.routes.run_history import asked_run, objects

_NUMBERS = {"Double", "Int", "Float"}
_KIND = "azureml.v1.table"


async def batch(call: Call) -> Response:
    """Each metric is taken, or told why it cannot be."""
    record, asked = asked_run(call), await call.body()
    errors = []
    points: list[tuple[str, Point]] = []
    for metric in objects(asked.get("values")):
        try:
            points += _taken(call, record, metric)
        except (TypeError, ValueError, OverflowError) as error:
            response = {"error": {"code": "UserError", "message": str(error)}}
            errors.append({"metric": metric, "errorResponse": response})
    call.world.jobs.log(record, points)
    return JSONResponse({"errors": errors})


async def delete(call: Call) -> Response:
    call.world.jobs.forget_metrics(asked_run(call))
    return Response(status_code=202)


async def delete_of_container(call: Call) -> Response:
    name = call.params["container"].removeprefix("dcid.")
    call.world.jobs.forget_metrics(asked_run(call, name))
    return Response(status_code=202)


async def azure_monitor(call: Call) -> Response:
    """Which metrics nodes tell Azure Monitor of themselves, of the names that are asked for."""
    asked = await call.body()
    names = asked.get("metricNames")
    wanted = {str(each) for each in names} if isinstance(names, list) and names else None
    space = str(asked.get("metricNamespace") or "")
    found = [
        metric_body.definition(name, {name: "Double"}, metric_body.SCALAR, space)
        for name in _ON_NODES
        if wanted is None or name in wanted
    ]
    return JSONResponse({"value": found, "continuationToken": None, "nextLink": None})


_ON_NODES = (
    "CpuUtilizationPercentage",
    "CpuMemoryUtilizationPercentage",
    "GpuUtilizationPercentage",
    "GpuMemoryUtilizationPercentage",
    "DiskUsedMegabytes",
    "NetworkInputMegabytes",
    "NetworkOutputMegabytes",
)


def _taken(call: Call, record: JobRecord, metric: dict[str, Any]) -> list[tuple[str, Point]]:
    """Points of a series; rows of anything else are kept here."""
    name, rows = metric.get("name"), objects(metric.get("value"))
    columns = metric.get("columns")
    columns = columns if isinstance(columns, dict) else {}
    kinds = {str(each) for each in columns.values()}
    told = metric.get("properties")
    kind = told.get("uxMetricType") if isinstance(told, dict) else None
    is_series = kind in {None, metric_body.SCALAR} and kinds <= _NUMBERS
    if is_series:
        return [
            (str(column), Point(int(row.get("step") or 0), _number(value), _moment(call, row)))
            for row in rows
            for column, value in _data(row).items()
        ]
    if not isinstance(name, str):
        raise ValueError("The field name is required.")
    held = [(int(row.get("step") or 0), _moment(call, row), _data(row)) for row in rows]
    spelled = {str(column): str(each) for column, each in columns.items()}
    call.world.jobs.log_rows(record, name, WrittenTable(spelled, str(kind or _KIND), held))
    return []


def _data(row: dict[str, Any]) -> dict[str, Any]:
    data = row.get("data")
    return data if isinstance(data, dict) else {}


def _number(value: Any) -> float:
    if isinstance(value, (int, float, str)):
        return float(value)
    raise ValueError(f"{value!r} is not a number.")


def _moment(call: Call, row: dict[str, Any]) -> float:
    text = row.get("createdUtc")
    return parse(str(text)) if text else call.now


_SERVICE = f"/metric/v2.0{WORKSPACE}"
ROUTES = [
    Route("POST", f"{RUN}/batch", batch, "Metrics_PostBatch", Plane.DATA),
    Route("DELETE", f"{RUN}/deleteMetrics", delete, "Metric_DeleteByRunId", Plane.DATA),
    Route(
        "DELETE",
        f"{_SERVICE}/experiments/{{experiment_id}}/containers/{{container}}/deleteMetrics",
        delete_of_container,
        "Metric_DeleteByDataContainerId",
        Plane.DATA,
    ),
    Route(
        "POST",
        f"{_SERVICE}/azuremonitor/list",
        azure_monitor,
        "Metric_ListGenericResourceMetrics",
        Plane.DATA,
    ),
]
