"""Azure Monitor: metrics and their definitions, of workspaces, endpoints and deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Handler, Route
from amltui.emulator.monitor import catalogue, clusters, counts, nodes, question, served
from amltui.emulator.monitor import series as sampling
from amltui.emulator.monitor.catalogue import Metric
from amltui.emulator.monitor.question import FULL, Question, stamp
from amltui.emulator.monitor.series import Series
from amltui.emulator.routes import online_deployments, online_endpoints

PROVIDER = "providers/Microsoft.Insights"
RETENTION = "P93D"

Find = Callable[[Call], tuple[str, Callable[[Question, Metric], Iterable[Series]]]]
"""The id of the resource of the path, and where its series come from."""


def metrics(namespace: str, find: Find) -> Handler:
    async def answer(call: Call) -> Response:
        resource, source = find(call)
        asked = _read(call, namespace)
        return JSONResponse(
            {
                "cost": max(0, len(asked.metrics) * (asked.end - asked.start - 1)),
                "timespan": f"{stamp(asked.start)}/{stamp(asked.end)}",
                "interval": _interval(asked),
                "value": [
                    {
                        "id": f"{resource}/{PROVIDER}/metrics/{metric.name}",
                        "type": "Microsoft.Insights/metrics",
                        "name": {"value": metric.name, "localizedValue": metric.name},
                        "displayDescription": metric.description,
                        "unit": metric.unit,
                        "timeseries": sampling.answer(
                            asked, metric, source(asked, metric), call.now
                        ),
                        "errorCode": "Success",
                    }
                    for metric in asked.metrics
                ],
                "namespace": namespace,
                "resourceregion": call.workspace.location,
            }
        )

    return answer


def definitions(namespace: str, find: Find) -> Handler:
    async def answer(call: Call) -> Response:
        resource, _ = find(call)
        known = catalogue.NAMESPACES[namespace]
        return JSONResponse({"value": [_definition(resource, namespace, each) for each in known]})

    return answer


def _read(call: Call, namespace: str) -> Question:
    try:
        return question.read(call.query, namespace, call.now)
    except question.Wrong as wrong:
        raise Refusal(errors.gateway(400, "BadRequest", str(wrong))) from wrong


def _interval(asked: Question) -> str:
    if asked.interval != FULL:
        return asked.interval
    minutes = asked.end - asked.start
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def _definition(resource: str, namespace: str, metric: Metric) -> dict[str, Any]:
    return {
        "id": f"{resource}/{PROVIDER.lower()}/metricdefinitions/{metric.name}",
        "resourceId": resource,
        "namespace": namespace,
        "category": metric.category,
        "name": {"value": metric.name, "localizedValue": metric.name},
        "displayDescription": metric.description,
        "isDimensionRequired": False,
        "unit": metric.unit,
        "primaryAggregationType": metric.primary,
        "supportedAggregationTypes": list(catalogue.AGGREGATIONS),
        "metricAvailabilities": [
            {"timeGrain": grain, "retention": RETENTION} for grain in catalogue.GRAINS
        ],
        "dimensions": [{"value": each, "localizedValue": each} for each in metric.dimensions],
    }


def _workspace(call: Call) -> tuple[str, Callable[[Question, Metric], Iterable[Series]]]:
    def source(asked: Question, metric: Metric) -> Iterator[Series]:
        if clusters.is_of_clusters(metric):
            return clusters.series(call, metric)
        if metric.name in counts.RUNS:
            return counts.runs(call, asked, metric)
        if metric.name.startswith("Model "):
            return counts.models(call, metric)
        return nodes.series(call, asked, metric)

    return call.workspace.id, source


def _endpoint(call: Call) -> tuple[str, Callable[[Question, Metric], Iterable[Series]]]:
    found = online_endpoints.KIND.asked(call)
    return found.id, lambda asked, metric: served.of_endpoint(call, found, asked, metric)


def _deployment(call: Call) -> tuple[str, Callable[[Question, Metric], Iterable[Series]]]:
    endpoint, found = online_endpoints.KIND.asked(call), online_deployments.KIND.asked(call)
    return found.id, lambda asked, metric: served.of_deployment(
        call, endpoint, found, asked, metric
    )


ROUTES = [
    Route("GET", f"{path}/{PROVIDER}/{segment}", make(namespace, find), f"{noun}_List")
    for path, namespace, find in (
        (WORKSPACE, catalogue.WORKSPACES, _workspace),
        (online_endpoints.ENDPOINT, catalogue.ONLINE_ENDPOINTS, _endpoint),
        (online_deployments.DEPLOYMENT, catalogue.DEPLOYMENTS, _deployment),
    )
    for segment, make, noun in (
        ("metrics", metrics, "Metrics"),
        ("metricDefinitions", definitions, "MetricDefinitions"),
    )
]
