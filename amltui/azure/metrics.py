"""Metrics of a run: last values through MLflow, series through the metric service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.azure.errors import BadRequest, Conflict, NotAllowed, NotFound
from amltui.azure.shape import Shape
from amltui.azure.times import from_timestamp
from amltui.domain.metric import LastValue, MetricSeries
from amltui.domain.points import MetricPoint, Points

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

POINTS = Shape(
    {
        "value": [{"step": ..., "createdUtc": ..., "data": ...}],
        "numValuesLogged": ...,
        "continuationToken": ...,
    }
)
HISTORY = Shape(
    {"metrics": [{"value": ..., "timestamp": ..., "step": ...}], "next_page_token": ...}
)

REFUSED = (BadRequest, Conflict, NotAllowed, NotFound)
MOST_PAGES = 20_000
"""Of one series: its pages' size is the service's to choose."""


async def last_values(place: WorkspaceClient, run_id: str) -> dict[str, LastValue]:
    """The newest value of every metric, in one small question."""
    body = await place.mlflow("GET", "/runs/get", params={"run_id": run_id})
    return parse_last_values(loose.obj(body, "run"))


def parse_last_values(run: Any) -> dict[str, LastValue]:
    """Of a run as MLflow writes it."""
    found: dict[str, LastValue] = {}
    for item in loose.objects(run, "data", "metrics"):
        name, value = loose.text(item, "key"), loose.number(item, "value")
        if name is not None and value is not None:
            time = _from_milliseconds(loose.number(item, "timestamp"))
            found[name] = LastValue(name, value, loose.whole(item, "step") or 0, time)
    return found


async def points(
    place: WorkspaceClient, run_id: str, name: str, since: datetime | None = None
) -> MetricSeries:
    """The series, or what was logged at or after `since`."""
    held = Points()
    async for page in pages(place, run_id, name, since):
        held = held.plus(page)
    return MetricSeries(name, held)


async def sample(place: WorkspaceClient, run_id: str, name: str) -> MetricSeries:
    """A series thinned out by the service, with the number of values it holds."""
    path = f"/runs/{address.segment(run_id)}/sample"
    body = await place.metric("POST", path, {"metricName": name}, shape=POINTS)
    found = parse_points(name, body, 0)
    return MetricSeries(name, Points(found), loose.whole(body, "numValuesLogged"))


async def outline(place: WorkspaceClient, run_id: str, name: str) -> MetricSeries:
    """What a chart needs: a sample of a long series, and all of one that a sample has room for."""
    try:
        thin = await sample(place, run_id, name)
    except REFUSED:
        return await points(place, run_id, name)
    return await points(place, run_id, name) if thin.logged is None else thin


async def pages(
    place: WorkspaceClient, run_id: str, name: str, since: datetime | None = None
) -> AsyncIterator[list[MetricPoint]]:
    """The points of a series, or those logged at or after `since`, as the service hands them out.

    Where the metric service refuses its first page, MLflow tells the same series; it tells nothing
    where the run has no such metric.
    """
    question: dict[str, Any] = {"metricName": name}
    if since is not None:
        question["startTime"] = since.astimezone(UTC).isoformat().replace("+00:00", "Z")
    path = f"/runs/{address.segment(run_id)}/full"
    count = 0
    for _ in range(MOST_PAGES):
        try:
            body = await place.metric("POST", path, dict(question), shape=POINTS)
        except REFUSED:
            if "continuationToken" in question:
                raise
            async for page in _mlflow_pages(place, run_id, name, since):
                yield page
            return
        found = parse_points(name, body, count)
        count += len(found)
        yield found
        token = loose.text(body, "continuationToken")
        if token is None or token == question.get("continuationToken"):
            return
        question["continuationToken"] = token


async def _mlflow_pages(
    place: WorkspaceClient, run_id: str, name: str, since: datetime | None
) -> AsyncIterator[list[MetricPoint]]:
    params = {"run_id": run_id, "metric_key": name}
    for _ in range(MOST_PAGES):
        try:
            body = await place.mlflow("GET", "/metrics/get-history", params=params, shape=HISTORY)
        except NotFound:
            return
        found: list[MetricPoint] = []
        for item in loose.objects(body, "metrics"):
            value = loose.number(item, "value")
            time = _from_milliseconds(loose.number(item, "timestamp"))
            if value is not None and (since is None or time is None or time >= since):
                found.append(MetricPoint(loose.whole(item, "step") or 0, value, time))
        yield found
        token = loose.text(body, "next_page_token")
        if token is None or token == params.get("page_token"):
            return
        params["page_token"] = token


def parse_points(name: str, body: Any, before: int) -> list[MetricPoint]:
    """The numbers of an answer. `before` numbers the points that carry no step."""
    found: list[MetricPoint] = []
    for item in loose.objects(body, "value"):
        value = _value(name, loose.mapping(item, "data"))
        if value is None:
            continue
        step = loose.whole(item, "step")
        step = before + len(found) if step is None else step
        found.append(MetricPoint(step, value, loose.moment(item, "createdUtc")))
    return found


def _value(name: str, columns: dict[str, Any]) -> float | None:
    """A scalar's only column is named like the metric; of a table the first number will do."""
    if (own := loose.number(columns, name)) is not None:
        return own
    numbers = (loose.number(columns, column) for column in columns if column != name)
    return next((each for each in numbers if each is not None), None)


def _from_milliseconds(milliseconds: float | None) -> datetime | None:
    return from_timestamp(milliseconds / 1000 if milliseconds is not None else None)
