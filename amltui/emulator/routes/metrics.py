"""metric/v2.0: which metrics a run has, all their points, a sample of them, and new ones."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs import metric_body
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.wiretime import parse
from amltui.emulator.routes.run_history import asked_run

PAGE = 1000
SAMPLE = 2000


async def list_metrics(call: Call) -> Response:
    """Names and columns, in pages."""
    metrics, asked = call.metrics(asked_run(call)), await call.body()
    found = [
        metric_body.definition(name, {name: "Double"}, metric_body.SCALAR)
        for name in metrics.names()
    ]
    found += [
        metric_body.definition(name, held.columns, held.kind)
        for name, held in metrics.tables.items()
    ]
    page, following = paging.page(found, paging.index(_token(asked)), PAGE)
    return JSONResponse({"value": list(page), **_next(following)})


async def full(call: Call) -> Response:
    """All points in pages, or those of a stretch of time."""
    record, asked = asked_run(call), await call.body()
    metrics, name = call.metrics(record), str(asked.get("metricName"))
    begin = paging.index(_token(asked))
    if (held := metrics.tables.get(name)) is not None:
        end = min(begin + PAGE, len(held.rows))
        body = metric_body.table(record, name, held, begin, end)
        return JSONResponse({**body, **_next(end if end < len(held.rows) else None)})
    if not metrics.has(name):
        raise _no_metric(call, name)
    try:
        start, stop = _stretch(metrics, name, asked)
    except (ValueError, AttributeError) as error:
        raise call.data_refused(400, "startTime and endTime must be times.") from error
    start = max(start, begin)
    end = min(start + PAGE, stop)
    body = metric_body.series(record, name, metrics.points(name, start, end))
    return JSONResponse({**body, **_next(end if end < stop else None)})


async def sample(call: Call) -> Response:
    """At most some thousand points: what a chart needs."""
    record, asked = asked_run(call), await call.body()
    metrics, name = call.metrics(record), str(asked.get("metricName"))
    if (held := metrics.tables.get(name)) is not None:
        length = len(held.rows)
        body = metric_body.table(record, name, held, max(0, length - SAMPLE), length)
    elif metrics.has(name):
        length = metrics.count(name)
        body = metric_body.series(record, name, metrics.sample(name, SAMPLE))
    else:
        raise _no_metric(call, name)
    body |= {
        "derivedLabelValues": None,
        "isPartialResult": length > SAMPLE,
        "numValuesLogged": length,
    }
    return JSONResponse({**body, **_next(None)})


def _token(asked: dict[str, Any]) -> str | None:
    token = asked.get("continuationToken")
    return token if isinstance(token, str) else None


def _next(following: int | None) -> dict[str, Any]:
    mark = None if following is None else paging.token(following)
    return {"continuationToken": mark, "nextLink": None}


def _stretch(metrics: RunMetrics, name: str, asked: dict[str, Any]) -> tuple[int, int]:
    start, stop = 0, metrics.count(name)
    if asked.get("startTime"):
        start = metrics.index_after(name, parse(asked["startTime"]) - 1e-6)
    if asked.get("endTime"):
        stop = metrics.index_after(name, parse(asked["endTime"]))
    return start, stop


def _no_metric(call: Call, name: str) -> Refusal:
    message = f"The metric '{name}' of run {call.params['run']} was not found."
    return call.data_refused(404, message, "NotFoundError")


RUN = f"/metric/v2.0{WORKSPACE}/runs/{{run}}"
ROUTES = [
    Route("POST", f"{RUN}/list", list_metrics, "Metrics_List", Plane.DATA),
    Route("POST", f"{RUN}/full", full, "Metrics_GetFull", Plane.DATA),
    Route("POST", f"{RUN}/sample", sample, "Metrics_GetSample", Plane.DATA),
]
