"""All workspaces at once: together they are asked seldom, and one that fails hides no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from amltui.azure.client import AzureClient
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.overview import Overview
from amltui.feeds import overview as overviews
from amltui.feeds.overview import OverviewFeed
from tests.stage import Stage
from tests.waiting import wait_until

pytestmark = pytest.mark.scenario("busy_night")


def places(stage: Stage) -> list[WorkspaceId]:
    return [WorkspaceId.parse(place.id) for place in stage.world.workspaces.values()]


@asynccontextmanager
async def reading(stage: Stage, azure: AzureClient) -> AsyncIterator[OverviewFeed]:
    """The feed with somebody who reads it."""
    feed = OverviewFeed(azure, stage.clock, places(stage))

    async def read() -> None:
        async for _ in feed.overviews():
            pass

    reader = asyncio.create_task(read())
    yield feed
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)


async def test_the_burn_rate_is_what_the_service_has_running(stage: Stage, azure: AzureClient):
    """Checked against the world's own machines and prices, workspace by workspace."""
    from amltui.emulator import vm_sizes
    from amltui.emulator.computes.sight import seen
    from amltui.emulator.costs.charges import serverless_size
    from amltui.emulator.endpoints import deployments
    from amltui.emulator.jobs import timeline

    async with reading(stage, azure) as feed:
        await wait_until(lambda: feed.is_settled)
        told = feed.latest
    expected = 0.0
    for place in stage.world.workspaces.values():
        stage.world.enter(place)
        for sight in seen(stage.world, place, stage.world.computes(place).values()):
            if size := vm_sizes.SIZES.get((sight.compute.size or "").lower()):
                price = size.spot if sight.compute.low_priority else size.price
                expected += sight.machines * price
        for endpoint in stage.world.resources.within(f"{place.id}/onlineEndpoints", 4e9):
            for each in stage.world.resources.within(f"{endpoint.id}/deployments", 4e9):
                size = vm_sizes.SIZES[each.properties["instanceType"].lower()]
                expected += deployments.instances(each) * size.price
        now = stage.world.now
        for job in stage.world.jobs.of(place.id).during(now, now):
            if job.compute is None and job.type == "Command" and not job.is_tracked:
                holds = timeline.status_at(job, now) in timeline.ON_NODES
                expected += holds * job.nodes * serverless_size(job).price
    assert told.rate.is_exact
    assert told.rate.known == pytest.approx(expected)
    parts = [told.of(place).rate.known for place in feed.places]
    assert sum(parts) == pytest.approx(expected)


async def test_the_waste_of_the_night_is_found(stage: Stage, azure: AzureClient):
    """What the story has left on, idle, broken and gone wrong."""
    async with reading(stage, azure) as feed:
        await wait_until(lambda: feed.is_settled)
        found = {getattr(w.resource, "title", w.resource.name): w for w in feed.latest.wastes}
    assert {"kim-a10", "intern-1", "credit-ep/green", "asr-ep/main", "resnet50-fp16"} <= set(found)
    assert found["kim-a10"].per_hour == pytest.approx(3.2)
    assert found["resnet50-fp16"].per_hour == pytest.approx(7.346)
    assert "kim-dev" not in found
    assert "kim-old" not in found


async def test_a_workspace_that_refuses_is_an_unknown_part_of_the_sum(
    stage: Stage, azure: AzureClient
):
    """The rest is told, and the sum says that it is more."""
    stage.world.faults.plan(
        {"operation": "*", "kind": "403", "path": "/workspaces/vision-prod/", "times": None}
    )
    async with reading(stage, azure) as feed:
        await wait_until(lambda: feed.is_settled)
        told = feed.latest
    assert {key.rpartition("/")[2] for key in told.silent} == {"vision-prod"}
    assert told.rate.unknown == 1
    assert told.rate.known > 0


async def test_a_subscription_that_never_answers_holds_up_nobody_else(
    stage: Stage, azure: AzureClient, monkeypatch: pytest.MonkeyPatch
):
    """Its questions wait; those to the others have been answered meanwhile."""
    from amltui.azure import computes

    usual, hanging = computes.list_all, places(stage)[0].subscription_id

    async def list_all(place: object) -> object:
        if place.id.subscription_id == hanging:  # type: ignore[attr-defined]
            await asyncio.Event().wait()
        return await usual(place)  # type: ignore[arg-type]

    monkeypatch.setattr(computes, "list_all", list_all)
    async with reading(stage, azure) as feed:
        others = [each for each in feed.places if each.subscription_id != hanging]

        def answered() -> bool:
            parts = feed.view("computes").parts
            return all(parts[place.key].loaded for place in others)

        await wait_until(answered)
        assert feed.latest.rate.unknown


async def test_many_workspaces_are_asked_as_often_together_as_few(stage: Stage, azure: AzureClient):
    """A thousand are twenty times slower than fifty: no limit is reached."""
    few = OverviewFeed(azure, stage.clock, places(stage)[:1] * 50)
    many = OverviewFeed(azure, stage.clock, places(stage)[:1] * 1000)
    assert few.pace == max(overviews.PACES.values())
    assert many.pace == 20 * few.pace


async def test_one_workspace_can_be_asked_again_at_once(stage: Stage, azure: AzureClient):
    """After a change there, and nowhere else."""
    async with reading(stage, azure) as feed:
        await wait_until(lambda: feed.is_settled)
        before = len(stage.requests)
        feed.refresh(feed.places[0])
        name = feed.places[0].name
        await wait_until(lambda: len(stage.requests) > before + 2)
        asked = [r.url.path for r in stage.requests[before:] if "/workspaces/" in r.url.path]
        assert asked
        assert all(f"/workspaces/{name}" in path for path in asked)


def test_before_any_answer_nothing_is_claimed():
    """An empty overview has no age, and no exact sum if a workspace is silent."""
    empty = Overview(now=None, silent=frozenset({"a"}))  # type: ignore[arg-type]
    assert empty.rate.least is None
    assert empty.oldest is None
