"""Metrics of a run: last values in one question, histories read once and then read on."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

import pytest

from amltui.azure import jobs
from amltui.azure.errors import AzureError
from amltui.domain.metric import MetricSeries
from amltui.emulator.jobs.series import Point
from amltui.feeds.run_metrics import RunMetrics
from tests.stage import Stage


@pytest.fixture
async def running(place: Any) -> str:
    """The name of a job that runs."""
    listed = (await jobs.newest(place, 20)).items
    return next(job.name for job in listed if job.is_running)


def asked(stage: Stage) -> list[dict[str, Any]]:
    """The questions for histories."""
    sent = [*stage.sent("POST", "/sample"), *stage.sent("POST", "/full")]
    return [json.loads(request.content) for request in sent]


def by_name(series: tuple[MetricSeries, ...]) -> dict[str, MetricSeries]:
    return {each.name: each for each in series}


async def test_every_metric_comes_with_its_history_by_name(stage: Stage, place: Any, running: str):
    """In the order of their names."""
    listing = await RunMetrics(place, running).fetch()
    names = [series.name for series in listing.items]
    assert names == sorted(names)
    assert names
    assert all(series.points for series in listing.items)


async def test_nothing_is_read_again_as_long_as_nothing_moves(
    stage: Stage, place: Any, running: str
):
    """The second question is one, and small."""
    metrics = RunMetrics(place, running)
    first = await metrics.fetch()
    histories, requests = len(asked(stage)), len(stage.requests)
    assert await metrics.fetch() == first
    assert len(asked(stage)) == histories
    assert len(stage.requests) == requests + 1


async def test_only_what_was_logged_since_is_asked_for(stage: Stage, place: Any, running: str):
    """And joined without a gap, a repetition or another order."""
    metrics = RunMetrics(place, running)
    before = by_name((await metrics.fetch()).items)
    count = len(asked(stage))
    await stage.advance(90)
    after = by_name((await metrics.fetch()).items)
    questions = asked(stage)[count:]
    assert questions
    assert all("startTime" in question for question in questions)
    moved = {question["metricName"] for question in questions}
    fresh = by_name((await RunMetrics(place, running).fetch()).items)
    for name in moved:
        assert len(after[name].points) > len(before[name].points)
        assert after[name].points == fresh[name].points


async def test_a_metric_that_appears_later_is_read_in_full(stage: Stage, place: Any, running: str):
    """A run may begin to log something new at any time."""
    metrics = RunMetrics(place, running)
    await metrics.fetch()
    metrics._read.popitem()
    samples, histories = len(stage.sent("POST", "/sample")), len(stage.sent("POST", "/full"))
    listing = await metrics.fetch()
    assert len(stage.sent("POST", "/sample")) == samples + 1
    assert len(stage.sent("POST", "/full")) == histories
    assert len(listing.items) > 0


@pytest.mark.parametrize("history", [None, "404", "500"])
async def test_a_failure_in_the_middle_loses_nothing_and_repeats_nothing(
    stage: Stage, place: Any, running: str, history: str | None
):
    """What could not be read is asked for again, also where MLflow stood in meanwhile."""
    metrics = RunMetrics(place, running)
    await metrics.fetch()
    await stage.advance(90)
    stage.world.faults.add("Metrics_GetSample", "404", times=100)
    stage.world.faults.add("Metrics_GetFull", "404", times=100)
    if history is not None:
        stage.world.faults.add("Mlflow_MetricsGetHistory", history, times=100)
    failing = asyncio.ensure_future(metrics.fetch())
    await stage.until(failing.done)
    assert failing.exception() is None or isinstance(failing.exception(), AzureError)
    stage.world.faults.faults.clear()
    await stage.advance(30)
    after = by_name((await metrics.fetch()).items)
    fresh = by_name((await RunMetrics(place, running).fetch()).items)
    assert {name: len(series.points) for name, series in after.items()} == {
        name: len(series.points) for name, series in fresh.items()
    }


@pytest.mark.scenario("busy_night")
async def test_a_metric_that_stays_nan_does_not_move(stage: Stage, azure: Any):
    """NaN is not equal to itself, and must not be read again and again for that."""
    place = azure.workspace(
        next(p for p in map(_id, stage.world.workspaces.values()) if p.name == "vision-prod")
    )
    listed = (await jobs.newest(place, 100)).items
    job = next(job for job in listed if job.title == "resnet50-fp16")
    metrics = RunMetrics(place, job.name)
    first = by_name((await metrics.fetch()).items)
    assert any(series.first_bad for series in first.values())
    count = len(asked(stage))
    await metrics.fetch()
    assert len(asked(stage)) == count


def log(stage: Stage, run: str, count: int, first: int = 0) -> None:
    """Points of a metric called long, a millisecond from one to the next, up to now."""
    record = stage.world.jobs.of(next(iter(stage.world.workspaces.values())).id).get(
        run, stage.world.now
    )
    assert record is not None
    begin = stage.world.now - count / 1000
    steps = range(first, first + count)
    points = [Point(step, math.sin(step), begin + (step - first) / 1000) for step in steps]
    stage.world.jobs.log(record, [("long", point) for point in points])


async def test_a_long_metric_is_sampled_and_read_on_from_there(
    stage: Stage, place: Any, running: str
):
    """Five thousand points are not asked for to draw a chart; what comes later is, once."""
    log(stage, running, 5000)
    metrics = RunMetrics(place, running)
    sampled = by_name((await metrics.fetch()).items)["long"]
    assert stage.sent("POST", "/full") == []
    assert sampled.logged == 5000
    assert sampled.sampled
    assert len(sampled.points) == 2000
    await stage.advance(60)
    log(stage, running, 30, 5000)
    later = by_name((await metrics.fetch()).items)["long"]
    assert later.logged == 5030
    assert [point.step for point in later.points[2000:]] == list(range(5000, 5030))
    (question,) = [each for each in asked(stage) if each["metricName"] == "long"][1:]
    assert "startTime" in question


async def test_every_point_is_read_on_request_and_only_then_on_from_there(
    stage: Stage, place: Any, running: str
):
    """Page by page, also while the run goes on, and nothing is read a second time."""
    log(stage, running, 5000)
    metrics = RunMetrics(place, running)
    await metrics.fetch()
    told = []
    async for count in metrics.read_all("long"):
        told.append(count)
        if count == 3000:
            await stage.advance(60)
            log(stage, running, 20, 5000)
            await metrics.fetch()
    assert told == [1000, 2000, 3000, 4000, 5000, 5020]
    count = len(asked(stage))
    whole = by_name((await metrics.fetch()).items)["long"]
    assert [point.step for point in whole.points] == list(range(5020))
    assert not whole.sampled
    later = [each for each in asked(stage)[count:] if each["metricName"] == "long"]
    assert all("startTime" in question for question in later)


async def test_reading_every_point_that_is_left_half_way_changes_nothing(
    stage: Stage, place: Any, running: str
):
    """The sample is still there, and still known to be one."""
    log(stage, running, 5000)
    metrics = RunMetrics(place, running)
    before = by_name((await metrics.fetch()).items)["long"]
    reading = metrics.read_all("long")
    assert await anext(reading) == 1000
    await reading.aclose()
    assert by_name((await metrics.fetch()).items)["long"] == before


def _id(workspace: Any) -> Any:
    from amltui.domain.arm_id import WorkspaceId

    return WorkspaceId.parse(workspace.id)
