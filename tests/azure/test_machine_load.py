"""What Azure Monitor tells of a job's machines, and what it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amltui.azure import jobs, machine_load
from amltui.azure.client import AzureClient
from amltui.azure.errors import NotAllowed
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job
from amltui.domain.machine_load import GAUGES, GPU, MachineLoad
from tests.stage import START, Stage

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def known(stage: Stage, azure: AzureClient, title: str) -> Job:
    for workspace in stage.world.workspaces.values():
        stage.world.enter(workspace)
        history = stage.world.jobs.of(workspace.id)
        for each in history.newest_first(stage.world.now):
            if each.display_name == title:
                return await jobs.get(azure.workspace(WorkspaceId.parse(workspace.id)), each.name)
    raise AssertionError(title)


async def load_of(azure: AzureClient, job: Job) -> MachineLoad:
    assert job.started is not None
    return await machine_load.get(azure.workspace(job.workspace), job.name, job.started, START)


@pytest.mark.scenario("busy_night")
async def test_every_gpu_of_a_job_has_a_trace_of_each_gauge(stage: Stage, azure: AzureClient):
    """Two questions tell all; the steps are as fine as the job's time allows."""
    job = await known(stage, azure, "resnet50-aug-lr1e3")
    load = await load_of(azure, job)
    gpus = [trace.device for trace in load.traces if trace.gauge == GPU]
    assert gpus == ["0", "1"]
    assert [gauge for gauge in GAUGES if any(t.gauge == gauge for t in load.traces)] == list(GAUGES)
    assert load.step == 60.0
    assert all(0 <= value <= 100 for trace in load.traces[:2] for value in trace.samples)
    asked = stage.sent("GET", "/providers/Microsoft.Insights/metrics")
    assert len(asked) == 2
    assert all(f"RunId eq '{job.name}'" in each.url.params["$filter"] for each in asked)
    assert load.newest is not None
    assert timedelta(0) < START - load.newest < timedelta(minutes=5)


@pytest.mark.scenario("busy_night")
async def test_what_is_held_is_not_asked_for_again(stage: Stage, azure: AzureClient):
    """Later only the last minutes are, and all together is what asking for everything tells."""
    job = await known(stage, azure, "resnet50-aug-lr1e3")
    assert job.started is not None
    place = azure.workspace(job.workspace)

    async def ask(until: datetime, held: MachineLoad | None = None) -> MachineLoad:
        assert job.started is not None
        return await machine_load.get(place, job.name, job.started, until, held)

    held = await ask(START - timedelta(minutes=9))
    load = await ask(START, held)
    spans = [
        request.url.params["timespan"].split("/")
        for request in stage.sent("GET", "/providers/Microsoft.Insights/metrics")
    ]
    minutes = [
        (datetime.fromisoformat(end) - datetime.fromisoformat(begin)) / timedelta(minutes=1)
        for begin, end in spans
    ]
    assert min(minutes[:2]) > 60
    assert max(minutes[2:]) <= 30
    assert load == await ask(START)
    shorter = await machine_load.get(place, job.name, START - timedelta(minutes=30), START, load)
    assert shorter.start == START - timedelta(minutes=30)
    assert len(shorter.traces) == len(load.traces)
    assert {len(trace.values) for trace in shorter.traces} == {30}


async def test_a_missing_right_is_named(stage: Stage, azure: AzureClient):
    """Reading metrics takes a role of its own, which is said in place of the bare refusal."""
    job = await known(stage, azure, "train-baseline")
    stage.world.faults.add("Metrics_List", "403", times=10)
    with pytest.raises(NotAllowed, match="Monitoring Reader"):
        await load_of(azure, job)


def answer(metric: str, labels: dict[str, str], data: list[dict[str, object]]) -> dict[str, object]:
    told = [{"name": {"value": name}, "value": value} for name, value in labels.items()]
    return {
        "value": [
            {"name": {"value": metric}, "timeseries": [{"metadatavalues": told, "data": data}]}
        ]
    }


def test_samples_stand_where_their_time_is_and_gaps_stay_gaps():
    """Monitor leaves the value out of a minute without one; names come in any case."""
    body = answer(
        "gpuutilizationpercentage",
        {"INSTANCEID": "tvm-1", "deviceid": "3"},
        [
            {"timeStamp": "2026-01-01T12:00:00Z", "average": 10.0},
            {"timeStamp": "2026-01-01T12:01:00Z"},
            {"timeStamp": "2026-01-01T12:02:00Z", "average": 30.0},
            {"timeStamp": "2026-01-01T11:00:00Z", "average": 99.0},
            {"timeStamp": "never", "average": 99.0},
        ],
    )
    (trace,) = machine_load.parse(body, GAUGES, NOON, 60, 3)
    assert (trace.node, trace.device, trace.values) == ("tvm-1", "3", (10.0, None, 30.0))


def test_energy_is_told_as_power():
    """Joules of a minute are watts times sixty."""
    data: list[dict[str, object]] = [{"timeStamp": "2026-01-01T12:00:00Z", "average": 6000.0}]
    body = answer("GpuEnergyJoules", {"instanceid": "a", "deviceid": "0"}, data)
    (trace,) = machine_load.parse(body, GAUGES, NOON, 60, 1)
    assert trace.last == 100.0


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"value": None},
        {"value": [{"name": None, "timeseries": [None]}]},
        answer("GpuUtilizationPercentage", {}, []),
        answer("GpuUtilizationPercentage", {}, [{"timeStamp": 3, "average": "x"}]),
        answer("Unheard Of", {}, [{"timeStamp": "2026-01-01T12:00:00Z", "average": 1.0}]),
    ],
)
def test_what_is_no_sample_makes_no_trace(body: object):
    """Whatever an answer holds, it neither ends the program nor invents a machine."""
    assert machine_load.parse(body, GAUGES, NOON, 60, 3) == []


async def test_a_long_job_is_asked_about_in_coarser_steps(stage: Stage, azure: AzureClient):
    """A week in minutes would be ten thousand points; what is kept no more is not asked for."""
    place = azure.workspace(stage.place)
    week = await machine_load.get(place, "nobody", START - timedelta(days=7), START)
    assert week.step == 3600.0
    year = await machine_load.get(place, "nobody", START - timedelta(days=365), START)
    assert START - year.start <= timedelta(days=94)
    assert year.traces == ()
