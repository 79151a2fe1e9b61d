"""What clients do with jobs outlives a restart of the service."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from amltui.emulator.app import emulator, world_of
from amltui.emulator.clock import ManualClock, WallClock
from amltui.emulator.jobs.written import WrittenSeries
from amltui.emulator.state import StateFile
from amltui.emulator.world import left_off
from tests.emulator.lab import NOON, SignedIn

ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


@asynccontextmanager
async def started(file: Path, now: float) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """The service as it starts with a kept world, and its workspace's id."""
    world = world_of("calm", clock=ManualClock(now), state=StateFile(str(file)))
    token, _ = world.mint.issue("https://management.azure.com")
    (place,) = world.workspaces.values()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(emulator(world)),
        base_url="http://lab",
        auth=SignedIn(token),
    ) as client:
        yield client, place.id


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with started(file, NOON) as (client, place):
        mlflow = f"/mlflow/v2.0{place}/api/2.0/mlflow"
        history = f"/history/v1.0{place}"
        job = {
            "jobType": "Sweep",
            "computeId": f"{place}/computes/cpu-cluster",
            "experimentName": "kept",
            "trial": {"command": "python t.py", "environmentId": ENVIRONMENT},
            "objective": {"goal": "Maximize", "primaryMetric": "acc"},
            "searchSpace": {"lr": ["uniform", [0, 1]]},
            "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
            "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 3},
        }
        await client.put(f"{place}/jobs/my-sweep", json={"properties": job})
        made = await client.post(f"{mlflow}/experiments/create", json={"name": "tracked"})
        asked = {"experiment_id": made.json()["experiment_id"], "run_name": "r"}
        begun = await client.post(f"{mlflow}/runs/create", json=asked)
        run = begun.json()["run"]["info"]["run_id"]
        points = [
            {"key": "m", "value": "NaN" if n == 3 else n, "timestamp": n, "step": n}
            for n in range(10)
        ]
        tags = [{"key": "k", "value": "v"}]
        batch = {"run_id": run, "metrics": points, "tags": tags}
        await client.post(f"{mlflow}/runs/log-batch", json=batch)
        table = {
            "name": "confusion",
            "columns": {"a": "String"},
            "properties": {"uxMetricType": "azureml.v1.table"},
            "value": [{"step": 0, "data": {"a": "x"}}],
        }
        await client.post(f"/metric/v2.0{place}/runs/{run}/batch", json={"values": [table]})
        await client.post(f"{mlflow}/registered-models/create", json={"name": "net"})
        source = {"name": "net", "source": "s3://x", "run_id": run}
        await client.post(f"{mlflow}/model-versions/create", json=source)
        alias = {"name": "net", "alias": "champion", "version": "1"}
        await client.post(f"{mlflow}/registered-models/alias", json=alias)
        trigger = {"triggerType": "Recurrence", "frequency": "Hour", "interval": 1}
        command = {"jobType": "Command", "command": "echo x", "environmentId": ENVIRONMENT}
        action = {"actionType": "CreateJob", "jobDefinition": command}
        hourly = {"properties": {"trigger": trigger, "action": action}}
        await client.put(f"{place}/schedules/hourly", json=hourly)
        told = (await client.get(f"{history}/experiments/tracked")).json()
        renamed = f"{history}/experimentids/{told['experimentId']}"
        await client.patch(renamed, json={"name": "followed", "tags": {"a": "b"}})

    async with started(file, NOON + 3 * 3600) as (client, place):
        mlflow = f"/mlflow/v2.0{place}/api/2.0/mlflow"
        history = f"/history/v1.0{place}"
        sweep = (await client.get(f"{place}/jobs/my-sweep")).json()["properties"]
        assert (sweep["status"], sweep["objective"]["primaryMetric"]) == ("Completed", "acc")
        trials = (await client.get(f"{history}/runs/my-sweep/children")).json()["value"]
        assert len(trials) == 3
        back = (await client.get(f"{mlflow}/runs/get", params={"run_id": run})).json()["run"]
        assert back["data"]["metrics"][0]["value"] == 9
        assert {"key": "k", "value": "v"} in back["data"]["tags"]
        query: dict[str, Any] = {"run_id": run, "metric_key": "m"}
        points = (await client.get(f"{mlflow}/metrics/get-history", params=query)).json()["metrics"]
        assert [point["value"] for point in points] == [0, 1, 2, "NaN", 4, 5, 6, 7, 8, 9]
        rows = await client.post(
            f"/metric/v2.0{place}/runs/{run}/full", json={"metricName": "confusion"}
        )
        assert rows.json()["value"][0]["data"] == {"a": "x"}
        query = {"name": "net", "alias": "champion"}
        got = (await client.get(f"{mlflow}/registered-models/alias", params=query)).json()
        assert got["model_version"]["run_id"] == run
        told = (await client.get(f"{history}/experiments/followed")).json()
        assert told["tags"] == {"a": "b"}
        due = (await client.get(f"{place}/jobs", params={"scheduleId": "hourly"})).json()["value"]
        assert len(due) == 3


def test_a_world_that_ran_ahead_goes_on_from_there(tmp_path: Path) -> None:
    """A fast world is ahead of the wall: its jobs must not lie in the future of the next start."""
    file, ahead = tmp_path / "state.db", time.time() + 1e6
    state = StateFile(str(file))
    assert left_off(state) == 0
    clock = ManualClock(ahead)
    world = world_of("calm", clock=clock, state=state)
    clock.advance(60)
    world.jobs.begin_experiment("/ws", "tracked", world.now)
    assert left_off(StateFile(str(file))) == ahead + 60
    clock.advance(60)
    world.keep_time()
    later = WallClock(1.0, left_off(StateFile(str(file)))).now()
    assert ahead + 120 <= later < ahead + 180
    assert WallClock(1.0, 5.0).now() >= time.time() - 60


def test_a_million_points_are_small_and_quick() -> None:
    """24 bytes a point; the last one and a moment are found without a walk."""
    series = WrittenSeries()
    for step in range(100_000):
        series.add(step, 0.5, float(step))
    stored = sum(part.itemsize * len(part) for part in (series.steps, series.values, series.times))
    assert stored == 24 * len(series)
    assert series.last().step == 99_999
    assert series.index_after(49_999.5) == 50_000
    series.add(7, 1.0, 3.5)  # a point from the past
    assert series.last().step == 99_999
    assert series.index_after(99_998.5) == 99_999
