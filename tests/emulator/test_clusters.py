"""A cluster's machines come, work, wait and leave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.computes.record import CLUSTER, Compute
from amltui.emulator.jobs.wiretime import parse
from tests.emulator.computes import (
    COMPUTES,
    FAMILY,
    SIZE,
    cluster,
    get,
    inner,
    job,
    made,
    outcome,
    post,
    put,
)
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

REGION = "/subscriptions/s1/providers/Microsoft.MachineLearningServices/locations/eastus"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def counts(lab: Lab, name: str = "mine") -> dict[str, int]:
    """How many machines are in which state, without those of which there are none."""
    found = await inner(lab, name)
    states = {
        state.removesuffix("NodeCount"): count
        for state, count in found["nodeStateCounts"].items()
        if count
    }
    present = sum(count for state, count in states.items() if state != "preempted")
    assert found["currentNodeCount"] == present
    assert found["targetNodeCount"] == present - states.get("leaving", 0)
    moving = {"preparing", "leaving"} & states.keys()
    assert found["allocationState"] == ("Resizing" if moving else "Steady")
    return states


async def machines(lab: Lab, name: str = "mine") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url: str | None = f"{COMPUTES}/{name}/listNodes"
    method = "POST"
    while url is not None:
        answer = await lab.client.request(method, url)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert "value" not in page
        found += page["nodes"]
        url, method = page.get("nextLink"), "GET"
    return found


async def since(lab: Lab, name: str = "mine") -> float:
    """Seconds since it last began or ceased to change its size."""
    text = (await inner(lab, name))["allocationStateTransitionTime"]
    return round(lab.world.now - parse(text), 1)


async def used(lab: Lab) -> int:
    rows = (await lab.get(f"{REGION}/usages"))["value"]
    kind = "Microsoft.MachineLearningServices/vmFamily/usages"
    found = (r for r in rows if r["type"] == kind and r["name"]["value"] == FAMILY)
    return int(next(found)["currentValue"])


async def test_the_nodes_it_keeps_come_up_one_by_one(lab: Lab) -> None:
    before = await used(lab)
    answer = await put(lab, "mine", cluster(3))
    assert await outcome(lab, answer, 6.5) == "Succeeded"
    assert await counts(lab) == {"preparing": 3}
    assert await used(lab) == before + 12
    lab.pass_time(12)
    assert await counts(lab) == {"preparing": 2, "idle": 1}
    lab.pass_time(4)
    assert await counts(lab) == {"idle": 3}
    lab.pass_time(100)
    assert await since(lab) == pytest.approx(100.5)
    lab.pass_time(86_400)
    assert await counts(lab) == {"idle": 3}


async def test_a_job_brings_nodes_that_wait_for_the_next_and_leave(lab: Lab) -> None:
    """Preparing, running, idle for as long as the cluster says, leaving, gone."""
    await made(lab, "mine", cluster())
    job(lab, "first", "mine", ran=60.0, nodes=2)
    lab.pass_time(6)
    assert await counts(lab) == {"preparing": 2}
    assert {each["nodeState"] for each in await machines(lab)} == {"preparing"}
    lab.pass_time(5)
    assert await counts(lab) == {"running": 2}
    assert await since(lab) == 1.0
    nodes = await machines(lab)
    assert [each["runId"] for each in nodes] == ["first", "first"]
    lab.pass_time(60)
    assert await counts(lab) == {"idle": 2}
    assert {each["nodeId"] for each in await machines(lab)} == {each["nodeId"] for each in nodes}
    assert {each["runId"] for each in await machines(lab)} == {None}
    job(lab, "second", "mine", ran=10.0, nodes=1)
    lab.pass_time(6)
    assert await counts(lab) == {"running": 1, "idle": 1}  # on a node that was there
    lab.pass_time(15)
    assert await counts(lab) == {"idle": 2}
    lab.pass_time(100)
    assert await counts(lab) == {"idle": 1, "leaving": 1}
    lab.pass_time(15)
    assert await counts(lab) == {"idle": 1}
    lab.pass_time(5)
    assert await counts(lab) == {"leaving": 1}
    lab.pass_time(20)
    assert await counts(lab) == {}
    settled = await since(lab)
    assert 5 < settled < 20
    lab.pass_time(600)
    assert await since(lab) == settled + 600
    assert await machines(lab) == []


async def test_idle_nodes_stay_as_long_as_the_cluster_says(lab: Lab) -> None:
    wanted = cluster()
    wanted["properties"]["properties"]["scaleSettings"]["nodeIdleTimeBeforeScaleDown"] = "PT1H"
    await made(lab, "mine", wanted)
    job(lab, "first", "mine", ran=60.0)
    lab.pass_time(70 + 3500)
    assert await counts(lab) == {"idle": 1}
    lab.pass_time(105)
    assert await counts(lab) == {"leaving": 1}


async def test_it_is_scaled(lab: Lab) -> None:
    """200 with Updating; then nodes come, and go when fewer are to be kept."""
    await made(lab, "mine", cluster())
    answer = await lab.client.patch(f"{COMPUTES}/mine", json=scale(2, 6, "PT5M"))
    assert answer.status_code == 200
    assert answer.json()["properties"]["provisioningState"] == "Updating"
    assert await outcome(lab, answer, 4) == "Succeeded"
    shown = await inner(lab, "mine")
    assert (
        shown["scaleSettings"] == scale(2, 6, "PT5M")["properties"]["properties"]["scaleSettings"]
    )
    assert await counts(lab) == {"preparing": 2}
    lab.pass_time(60)
    assert await counts(lab) == {"idle": 2}
    answer = await lab.client.patch(f"{COMPUTES}/mine", json=scale(0, 6))
    assert await outcome(lab, answer, 4) == "Succeeded"
    assert await counts(lab) == {"leaving": 2}
    lab.pass_time(20)
    assert await counts(lab) == {}
    assert await since(lab) == pytest.approx(11.0)


def scale(least: int, most: int, idle: str | None = None) -> dict[str, Any]:
    settings = {
        "minNodeCount": least,
        "maxNodeCount": most,
        "nodeIdleTimeBeforeScaleDown": idle,
    }
    return {"properties": {"properties": {"scaleSettings": settings}}}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"properties": {"properties": {}}},
        scale(3, 2),
        scale(-1, 2),
        scale(0, 100_000),
        scale(0, 1, "a while"),
        {"properties": {"properties": {"scaleSettings": {"minNodeCount": 1}}}},
    ],
)
async def test_scale_settings_that_make_no_sense_are_refused(lab: Lab, wanted: Any) -> None:
    before = await get(lab, "cpu-cluster")
    refused = await lab.client.patch(f"{COMPUTES}/cpu-cluster", json=wanted)
    assert refused.status_code == 400
    assert await get(lab, "cpu-cluster") == before
    assert (await lab.client.patch(f"{COMPUTES}/none", json=scale(0, 1))).status_code == 404


async def test_only_a_cluster_has_scale_and_nodes(lab: Lab) -> None:
    from tests.emulator.computes import instance

    await made(lab, "mine", instance())
    assert (await lab.client.patch(f"{COMPUTES}/mine", json=scale(0, 1))).status_code == 400
    assert (await post(lab, "mine", "listNodes")).status_code == 400
    assert (await post(lab, "nothing", "listNodes")).status_code == 404


async def test_one_that_keeps_more_than_the_quota_is_not_created(lab: Lab) -> None:
    answer = await put(lab, "mine", cluster(26, 30))
    assert await outcome(lab, answer) == "Failed"
    found = (await get(lab, "mine"))["properties"]
    assert found["provisioningState"] == "Failed"
    (why,) = found["provisioningErrors"]
    assert why["error"]["code"] == "ClusterMinNodesExceedCoreQuota"
    assert FAMILY in why["error"]["message"]
    assert found["properties"]["nodeStateCounts"] is None
    assert found["properties"]["errors"] is None
    assert await machines(lab) == []
    await made(lab, "mine", cluster(1, 30))
    assert (await get(lab, "mine"))["properties"]["provisioningErrors"] is None


async def test_one_that_is_scaled_beyond_the_quota_gets_what_is_left(lab: Lab) -> None:
    """Succeeded, with the error beside it, and only as many nodes as there can be."""
    await made(lab, "mine", cluster(2, 40))
    left = (100 - await used(lab)) // 4
    answer = await lab.client.patch(f"{COMPUTES}/mine", json=scale(40, 40))
    assert await outcome(lab, answer, 600) == "Succeeded"
    found = (await get(lab, "mine"))["properties"]
    assert found["provisioningState"] == "Succeeded"
    assert found["provisioningErrors"] is None
    assert [e["error"]["code"] for e in found["properties"]["errors"]] == [
        "ClusterCoreQuotaReached"
    ]
    assert await counts(lab) == {"idle": 2 + left}
    answer = await lab.client.patch(f"{COMPUTES}/mine", json=scale(1, 40))
    await outcome(lab, answer, 600)
    assert await counts(lab) == {"idle": 1}
    assert (await inner(lab, "mine"))["errors"] is None


async def test_preemptible_nodes_are_not_counted_by_family(lab: Lab) -> None:
    await made(lab, "mine", cluster(30, 30, vmPriority="LowPriority"))
    lab.pass_time(600)
    assert await counts(lab) == {"idle": 30}
    assert await used(lab) < 30 * 4


async def test_a_record_can_have_broken_and_preempted_nodes(lab: Lab) -> None:
    """And errors of single nodes, while it is Succeeded."""
    lab.world.stock(
        Compute(
            WORKSPACE,
            "sick",
            CLUSTER,
            NOON - 1e6,
            SIZE,
            unusable=2,
            preempted=1,
            errors=(("DiskFull", "There is not enough disk space on the node tvmps_1."),),
        )
    )
    assert await counts(lab, "sick") == {"unusable": 2, "preempted": 1}
    found = (await get(lab, "sick"))["properties"]
    assert found["provisioningState"] == "Succeeded"
    assert found["properties"]["errors"][0]["error"]["code"] == "DiskFull"
    states = sorted(each["nodeState"] for each in await machines(lab, "sick"))
    assert states == ["preempted", "unusable", "unusable"]


async def test_many_nodes_come_on_pages(lab: Lab) -> None:
    """Each once, with an id that stays, and the run that is on it."""
    await made(lab, "mine", cluster(0, 300))
    for number in range(25):
        job(lab, f"job-{number}", "mine", ran=600.0, nodes=10)
    lab.pass_time(30)
    first = await machines(lab)
    assert len({each["nodeId"] for each in first}) == 250
    assert {each["runId"] for each in first} == {f"job-{number}" for number in range(25)}
    assert {each["nodeState"] for each in first} == {"running"}
    lab.pass_time(300)
    assert await machines(lab) == first


async def test_a_new_cluster_knows_nothing_of_its_namesake(lab: Lab) -> None:
    await made(lab, "mine", cluster())
    job(lab, "first", "mine", ran=600.0)
    lab.pass_time(60)
    assert await counts(lab) == {"running": 1}
    query = {"underlyingResourceAction": "Delete"}
    gone = await lab.client.delete(f"{COMPUTES}/mine", params=query)
    await outcome(lab, gone)
    await made(lab, "mine", cluster())
    assert await counts(lab) == {}
