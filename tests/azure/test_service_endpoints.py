"""Online deployments as the service tells them, and taking one away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from amltui.azure import endpoints
from amltui.azure.client import AzureClient, WorkspaceClient
from amltui.azure.errors import BadRequest, NotFound
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.endpoint import Deployment
from tests.stage import START, Stage

T = TypeVar("T")
pytestmark = pytest.mark.scenario("busy_night")


@pytest.fixture
def risk(stage: Stage, azure: AzureClient) -> WorkspaceClient:
    """The workspace with a busy endpoint, a broken deployment and one that nobody asks."""
    found = next(p for p in stage.world.workspaces.values() if p.name == "risk-prod")
    return azure.workspace(WorkspaceId.parse(found.id))


async def told(place: WorkspaceClient) -> dict[str, Deployment]:
    return {each.title: each for each in (await endpoints.deployments(place, START)).items}


async def test_deployments_are_told_with_machines_prices_traffic_and_requests(
    risk: WorkspaceClient,
):
    """Everything that the burn rate and the list of waste need."""
    found = await told(risk)
    assert set(found) == {"credit-ep/blue", "credit-ep/green", "asr-ep/main"}
    blue, green, main = (found[t] for t in ("credit-ep/blue", "credit-ep/green", "asr-ep/main"))
    assert (blue.size, blue.instances, blue.traffic) == ("Standard_F4s_v2", 2, 90)
    assert blue.burn_per_hour == pytest.approx(2 * 0.169)
    assert blue.quiet_for is None
    assert green.has_failed
    assert main.traffic == 100
    assert main.quiet_for == endpoints.QUIET
    assert main.burn_per_hour == pytest.approx(0.526)


async def test_requests_of_a_day_are_what_the_monitor_has_counted(risk: WorkspaceClient):
    """For a deployment that is asked, one that is not, and one of which there are no numbers."""
    found = await told(risk)
    blue, main, day = found["credit-ep/blue"], found["asr-ep/main"], timedelta(days=1)
    assert blue.counted_until == START
    assert main.requests_a_day == 0
    body = await risk.client.get(
        f"{risk.path}/onlineEndpoints/credit-ep/providers/Microsoft.Insights/metrics",
        params={
            "metricnames": "RequestsPerMinute",
            "timespan": "/".join(f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in (START - day, START)),
            "interval": "PT1M",
            "aggregation": "average",
            "$filter": "deployment eq 'blue'",
        },
        api_version=endpoints.MONITOR_VERSION,
    )
    (series,) = body["value"][0]["timeseries"]
    by_minute = sum(point.get("average") or 0.0 for point in series["data"])
    assert by_minute > 100
    assert blue.requests_a_day == pytest.approx(by_minute, rel=0.05)


async def test_without_the_right_to_read_metrics_nothing_is_called_quiet(
    stage: Stage, risk: WorkspaceClient
):
    """A refusal of Azure Monitor costs what it would have told, not the deployments."""
    stage.world.faults.plan({"operation": "Metrics_List", "kind": "403", "times": None})
    found = (await told(risk)).values()
    assert {(each.quiet_for, each.requests_a_day) for each in found} == {(None, None)}


async def test_unknown_prices_are_noted(stage: Stage, risk: WorkspaceClient):
    """The deployments are told nevertheless."""
    stage.world.faults.plan({"operation": "VirtualMachineSizes_List", "kind": "404", "times": None})
    listing = await endpoints.deployments(risk, START)
    assert {each.price_per_hour for each in listing.items} == {None}
    assert "prices are missing" in listing.notes[0]


async def test_a_deployment_with_traffic_gives_it_away_before_it_goes(
    stage: Stage, azure: AzureClient, risk: WorkspaceClient
):
    """The endpoint is put with all of the traffic on the other one; then it can be deleted."""
    green = (await told(risk))["credit-ep/green"]
    await stage.advance(3600)
    deleting = await _meanwhile(stage, endpoints.delete(risk, green))
    await _meanwhile(stage, azure.wait_for(deleting))
    found = await told(risk)
    assert "credit-ep/green" not in found
    assert found["credit-ep/blue"].traffic == 100
    assert len(stage.sent("PUT", "/onlineEndpoints/credit-ep")) == 1


async def test_what_the_endpoint_was_stays_when_its_traffic_moves(
    stage: Stage, azure: AzureClient, risk: WorkspaceClient
):
    """Authentication, tags and identity are put back as they were."""
    before = await risk.get("/onlineEndpoints/credit-ep")
    green = (await told(risk))["credit-ep/green"]
    await stage.advance(3600)
    await _meanwhile(stage, endpoints.delete(risk, green))
    after = await risk.get("/onlineEndpoints/credit-ep")
    for name in ("tags", "location", "kind", "identity"):
        assert after[name] == before[name]
    assert after["properties"]["authMode"] == before["properties"]["authMode"]


async def test_one_that_has_gone_is_not_found(stage: Stage, risk: WorkspaceClient):
    """Nothing is sent to delete it."""
    ghost = Deployment(risk.id, "no-such-ep", "blue", "Succeeded")
    with pytest.raises(NotFound):
        await endpoints.delete(risk, ghost)
    assert not stage.sent("DELETE", "/blue")


@pytest.mark.parametrize(
    ("split", "gone", "rest"),
    [
        ({"blue": 90, "green": 10}, "green", {"blue": 100}),
        ({"a": 40, "b": 40, "c": 20}, "c", {"a": 50, "b": 50}),
        ({"a": 10, "b": 20, "c": 70}, "c", {"a": 33, "b": 67}),
        ({"main": 100}, "main", {}),
        ({"main": 100, "next": 0}, "main", {}),
    ],
)
def test_a_share_goes_to_the_others_as_they_share_the_rest(
    split: dict[str, int], gone: str, rest: dict[str, int]
):
    """The percents add up to 100 again, or there are none."""
    assert endpoints.without(split, gone) == rest


async def _meanwhile(stage: Stage, asking: Coroutine[Any, Any, T]) -> T:
    """The answer, letting time pass as it takes."""
    task = asyncio.ensure_future(asking)
    await stage.until(task.done)
    return task.result()


@pytest.mark.parametrize(
    ("split", "share", "then"),
    [
        ({"blue": 90, "green": 10}, 70, {"blue": 70, "green": 30}),
        ({"blue": 90, "green": 10}, 0, {"blue": 0, "green": 100}),
        ({"blue": 50, "green": 25, "red": 25}, 33, {"blue": 33, "green": 34, "red": 33}),
        ({"blue": 100}, 0, {"blue": 0}),
        ({}, 100, {"blue": 100}),
        ({"blue": 90, "green": 10}, 100, {"blue": 100, "green": 0}),
    ],
)
def test_what_one_does_not_get_the_others_share(
    split: dict[str, Any], share: int, then: dict[str, int]
):
    """In the proportions they have now; the sum is 100, or 0 where nobody is asked."""
    assert endpoints.shared(split, "blue", share) == then


def test_what_nobody_would_get_is_refused():
    """A sum below 100 would be refused by the service without a hint."""
    with pytest.raises(BadRequest, match="40 % would go to nobody"):
        endpoints.shared({"blue": 100, "green": 0}, "blue", 60)
