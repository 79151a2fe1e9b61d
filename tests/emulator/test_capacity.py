"""A cluster gives what nodes it has, in the order in which jobs came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.jobs.capacity import FOR_EVER, Hold, earliest
from tests.emulator.lab import HISTORY, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
BUSY = [Hold(0.0, 10.0, 3), Hold(5.0, 20.0, 1), Hold(30.0, FOR_EVER, 4)]
"""Of four nodes one is free, none from 5 on, three from 10 on, four from 20, none from 30."""


@pytest.mark.parametrize(
    ("release", "length", "nodes", "start"),
    [
        (0.0, 4.0, 1, 0.0),
        (0.0, 6.0, 1, 10.0),
        (0.0, 5.0, 3, 10.0),
        (0.0, 5.0, 4, 20.0),
        (12.0, 18.0, 3, 12.0),
        (0.0, 11.0, 4, FOR_EVER),
        (0.0, 1.0, 5, FOR_EVER),
        (7.0, 100.0, 1, FOR_EVER),
    ],
)
def test_a_job_begins_where_its_nodes_are_free_long_enough(
    release: float, length: float, nodes: int, start: float
) -> None:
    assert earliest(release, length, nodes, 4, BUSY) == start


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def submit(lab: Lab, name: str, command: str, nodes: int = 1, **more: Any) -> None:
    properties = {
        "jobType": "Command",
        "command": command,
        "computeId": f"{WORKSPACE}/computes/cpu-cluster",
        "environmentId": ENVIRONMENT,
        "resources": {"instanceCount": nodes},
        **more,
    }
    response = await lab.client.put(f"{JOBS}/{name}", json={"properties": properties})
    assert response.status_code == 201, response.text


async def status(lab: Lab, name: str) -> str:
    return str((await lab.get(f"{JOBS}/{name}"))["properties"]["status"])


async def test_a_full_cluster_lets_jobs_wait(lab: Lab) -> None:
    """Three of four nodes are free: two jobs of two nodes cannot run at once."""
    await submit(lab, "first", "sleep 60", nodes=2)
    await submit(lab, "second", "sleep 60", nodes=2)
    lab.pass_time(20)
    assert (await status(lab, "first"), await status(lab, "second")) == ("Running", "Queued")
    run = await lab.get(f"{HISTORY}/runs/second")
    assert run["queueingInfo"]["code"] == "WaitingForNodes"
    assert "cpu-cluster" in run["queueingInfo"]["message"]
    nodes = await lab.client.post(f"{WORKSPACE}/computes/cpu-cluster/listNodes")
    assert sum(node["runId"] == "first" for node in nodes.json()["nodes"]) == 2
    lab.pass_time(70)
    assert (await status(lab, "first"), await status(lab, "second")) == ("Completed", "Running")
    assert (await lab.get(f"{HISTORY}/runs/second"))["queueingInfo"] is None


async def test_who_waits_moves_up_when_another_gives_up(lab: Lab) -> None:
    await submit(lab, "first", "sleep 3000", nodes=2)
    await submit(lab, "second", "sleep 60", nodes=2)
    lab.pass_time(20)
    assert await status(lab, "second") == "Queued"
    await lab.client.post(f"{JOBS}/first/cancel")
    lab.pass_time(15)
    assert await status(lab, "second") == "Running"
    lab.pass_time(70)
    assert await status(lab, "second") == "Completed"


async def test_more_nodes_than_there_are_fail(lab: Lab) -> None:
    await submit(lab, "too-big", "sleep 5", nodes=9)
    lab.pass_time(30)
    assert await status(lab, "too-big") == "Failed"
    error = (await lab.get(f"{HISTORY}/runs/too-big/details"))["error"]["error"]
    assert error["innerError"]["code"] == "ClusterMaxNodesExceeded"
    assert "at most 4" in error["message"]


async def test_a_quota_can_be_exceeded(lab: Lab) -> None:
    resources = {"instanceType": "Standard_ND96asr_v4", "instanceCount": 2}
    await submit(lab, "greedy", "sleep 5", computeId=None, resources=resources)
    lab.pass_time(4)
    run = await lab.get(f"{HISTORY}/runs/greedy")
    assert (run["status"], run["queueingInfo"]["code"]) == ("Queued", "InsufficientQuota")
    lab.pass_time(30)
    assert await status(lab, "greedy") == "Failed"
    error = (await lab.get(f"{HISTORY}/runs/greedy/details"))["error"]["error"]
    assert error["innerError"]["code"] == "QuotaExceeded"


async def test_without_a_compute_a_job_needs_no_cluster(lab: Lab) -> None:
    await submit(lab, "serverless", "sleep 5", nodes=9, computeId="serverless")
    lab.pass_time(60)
    assert await status(lab, "serverless") == "Completed"
    assert (await lab.get(f"{HISTORY}/runs/serverless"))["target"] == "serverless"
