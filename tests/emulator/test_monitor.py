"""Azure Monitor's metrics: what is asked, what is told, and that it follows from the world."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from amltui.emulator.computes.record import CLUSTER, Compute
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

INSIGHTS = "providers/Microsoft.Insights"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/calm-ws-ep"
JOB: dict[str, Any] = {
    "properties": {
        "jobType": "Command",
        "command": "sleep 1800",
        "environmentId": "azureml:AzureML-sklearn-1.5:1",
        "computeId": f"{WORKSPACE}/computes/cpu-cluster",
        "resources": {"instanceCount": 2},
    }
}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def span(start: float, end: float) -> str:
    """Seconds from noon to seconds from noon."""
    return "/".join(
        f"{datetime.fromtimestamp(NOON + each, UTC):%Y-%m-%dT%H:%M:%SZ}" for each in (start, end)
    )


async def ask(lab: Lab, resource: str = WORKSPACE, **query: str) -> dict[str, Any]:
    asked = {
        {"filter": "$filter"}.get(name, name): value
        for name, value in {"api-version": "2023-10-01", **query}.items()
    }
    return dict(await lab.get(f"{resource}/{INSIGHTS}/metrics", **asked))


async def series(lab: Lab, resource: str = WORKSPACE, **query: str) -> list[dict[str, Any]]:
    answer = await ask(lab, resource, **query)
    assert len(answer["value"]) == 1
    return list(answer["value"][0]["timeseries"])


def labels(one: dict[str, Any]) -> dict[str, str]:
    return {each["name"]["value"]: each["value"] for each in one["metadatavalues"]}


def values(one: dict[str, Any], name: str = "average") -> list[float]:
    return [point[name] for point in one["data"] if name in point]


async def run(lab: Lab, name: str = "mine") -> None:
    assert (await lab.client.put(f"{WORKSPACE}/jobs/{name}", json=JOB)).status_code == 201


async def test_the_answer_has_the_official_shape(lab: Lab) -> None:
    answer = await ask(
        lab,
        metricnames="CpuUtilizationPercentage,Total Nodes",
        timespan=span(-600, 0),
        aggregation="average,maximum",
    )
    assert answer["timespan"] == span(-620, 40)
    assert answer["cost"] == 2 * (len(answer["value"][0]["timeseries"][0]["data"]) - 1)
    assert answer["namespace"] == "Microsoft.MachineLearningServices/workspaces"
    assert (answer["interval"], answer["resourceregion"]) == ("PT1M", "eastus")
    metric = answer["value"][1]
    assert metric["id"] == f"{WORKSPACE}/{INSIGHTS}/metrics/Total Nodes"
    assert (metric["type"], metric["errorCode"]) == ("Microsoft.Insights/metrics", "Success")
    assert set(metric["timeseries"][0]["data"][0]) == {"timeStamp", "average", "maximum"}


async def test_a_running_job_shows_on_its_nodes_and_only_while_it_runs(lab: Lab) -> None:
    """Samples are missing, not zero, before it has nodes and after it left them."""
    lab.pass_time(600)
    await run(lab)
    lab.pass_time(3600)
    found = await series(
        lab,
        metricnames="CpuUtilizationPercentage",
        timespan=span(0, 4200),
        filter="RunId eq 'mine' and InstanceId eq '*'",
    )
    assert len(found) == 2
    assert len({labels(each)["instanceid"] for each in found}) == 2
    for each in found:
        assert labels(each)["runid"] == "mine"
        told = ["average" in point for point in each["data"]]
        assert (told[0], told[20], told[-1]) == (False, True, False)
        assert 28 <= told.count(True) <= 33
        assert all(0 <= value <= 100 for value in values(each))


async def test_nodes_are_called_as_their_cluster_calls_them(lab: Lab) -> None:
    await run(lab)
    lab.pass_time(900)
    nodes = (await lab.post(f"{WORKSPACE}/computes/cpu-cluster/listNodes"))["nodes"]
    mine = {each["nodeId"] for each in nodes if each["runId"] == "mine"}
    query = {"filter": "RunId eq 'mine' and InstanceId eq '*'", "timespan": span(0, 900)}
    found = await series(lab, metricnames="CpuUtilizationPercentage", **query)
    assert {labels(each)["instanceid"] for each in found} == mine
    assert len(mine) == 2


async def test_gpus_are_told_one_by_one(lab: Lab) -> None:
    """Names in a filter may be spelled in any case."""
    lab.world.stock(Compute(WORKSPACE, "gpu-a100", CLUSTER, NOON - 1e6, "Standard_NC48ads_A100_v4"))
    properties = {**JOB["properties"], "computeId": f"{WORKSPACE}/computes/gpu-a100"}
    await lab.client.put(f"{WORKSPACE}/jobs/mine", json={"properties": properties})
    lab.pass_time(900)
    query = {"timespan": span(0, 900), "top": "100"}
    found = await series(
        lab,
        metricnames="GpuUtilizationPercentage",
        filter="ComputeName eq 'gpu-a100' and RunId eq '*' and DeviceId eq '*'",
        **query,
    )
    assert {labels(each)["deviceid"] for each in found} == {"0", "1"}
    assert {labels(each)["computename"] for each in found} == {"gpu-a100"}
    assert all(values(each) for each in found)
    again = await series(
        lab,
        metricnames="gpuutilizationpercentage",
        filter="computename eq 'GPU-A100' and runid eq '*' and deviceid eq '*'",
        **query,
    )
    assert again == found


async def test_without_a_split_there_is_one_series_of_all(lab: Lab) -> None:
    await run(lab)
    lab.pass_time(900)
    query = {"metricnames": "CpuUtilizationPercentage", "timespan": span(300, 600)}
    (whole,) = await series(lab, **query, aggregation="average,count")
    parts = await series(lab, **query, filter="InstanceId eq '*'", aggregation="average,count")
    assert whole["metadatavalues"] == []
    counts = [sum(each["data"][2]["count"] for each in parts)]
    assert counts == [whole["data"][2]["count"]]
    means = [each["data"][2]["average"] * each["data"][2]["count"] for each in parts]
    assert sum(means) / counts[0] == pytest.approx(whole["data"][2]["average"], abs=1e-4)


async def test_longer_intervals_sum_up_shorter_ones(lab: Lab) -> None:
    query = {"metricnames": "RequestsPerMinute", "timespan": span(-3620, -20)}
    by_minute = await series(lab, ENDPOINT, **query, aggregation="total")
    by_hour = await series(lab, ENDPOINT, **query, aggregation="total", interval="PT1H")
    whole = await series(lab, ENDPOINT, **query, aggregation="total", interval="FULL")
    total = sum(values(by_minute[0], "total"))
    assert total > 0
    assert sum(values(by_hour[0], "total")) == pytest.approx(total)
    assert values(whole[0], "total") == [pytest.approx(total)]


async def test_a_day_hides_nothing(lab: Lab) -> None:
    """Not one run in it, and not what its machines used."""
    lab.world.stock(Compute(WORKSPACE, "gpu", CLUSTER, NOON - 1e6, "Standard_NC6s_v3"))
    asked = {
        **JOB["properties"],
        "computeId": f"{WORKSPACE}/computes/gpu",
        "command": "sleep 40000",
    }
    await lab.client.put(f"{WORKSPACE}/jobs/mine", json={"properties": asked})
    lab.pass_time(86_400)
    day = {"timespan": span(0, 80_000), "aggregation": "total"}
    energy = {"metricnames": "GpuEnergyJoules", "filter": "RunId eq 'mine'"}
    by_hour = await series(lab, interval="PT1H", **energy, **day)
    whole = await series(lab, interval="FULL", **energy, **day)
    total = sum(values(by_hour[0], "total"))
    assert values(whole[0], "total") == [pytest.approx(total, rel=0.05)]
    runs = {"metricnames": "Started Runs", "filter": "ExperimentName eq 'Default'"}
    (started,) = await series(lab, interval="FULL", **runs, **day)
    assert values(started, "total") == [1]


async def test_the_past_keeps_the_split_it_had(lab: Lab) -> None:
    query = {"metricnames": "RequestsPerMinute", "aggregation": "total", "interval": "FULL",
             "timespan": span(-7200, -600), "filter": "deployment eq 'green'"}  # fmt: skip
    before = await series(lab, ENDPOINT, **query)
    body = {"properties": {"authMode": "Key", "traffic": {"blue": 10, "green": 90}}}
    assert (await lab.client.put(ENDPOINT, json=body)).status_code == 200
    assert await series(lab, ENDPOINT, **query) == before
    lab.pass_time(7200)
    (after,) = await series(lab, ENDPOINT, **{**query, "timespan": span(300, 6900)})
    assert values(after, "total")[0] > 4 * values(before[0], "total")[0]


async def test_requests_are_told_by_deployment_and_status(lab: Lab) -> None:
    found = await series(
        lab,
        ENDPOINT,
        metricnames="RequestsPerMinute",
        timespan=span(-3600, 0),
        filter="deployment eq '*' and statusCodeClass eq '2xx'",
        aggregation="total",
    )
    totals = {labels(each)["deployment"]: sum(values(each, "total")) for each in found}
    assert sorted(totals) == ["blue", "green"]
    assert totals["blue"] > 4 * totals["green"]


async def test_calls_of_clients_are_counted(lab: Lab) -> None:
    deployment = f"{ENDPOINT}/deployments/blue"
    query = {"metricnames": "RequestsPerMinute", "timespan": span(0, 120), "aggregation": "total"}
    lab.pass_time(600)
    (before,) = await series(lab, deployment, **query)
    lab.pass_time(-560)
    url = (await lab.get(ENDPOINT))["properties"]["scoringUri"]
    key = (await lab.post(f"{ENDPOINT}/listKeys"))["primaryKey"]
    header = {"Authorization": f"Bearer {key}", "azureml-model-deployment": "blue"}
    for _ in range(5):
        assert (await lab.client.post(url, json=[1], headers=header, auth=None)).is_success
    lab.pass_time(560)
    (after,) = await series(lab, deployment, **query)
    assert sum(values(after, "total")) - sum(values(before, "total")) == 5


async def test_percentiles_are_in_order(lab: Lab) -> None:
    answer = await ask(
        lab,
        f"{ENDPOINT}/deployments/blue",
        metricnames="RequestLatency_P50,RequestLatency_P90,RequestLatency_P95,RequestLatency_P99",
        timespan=span(-3600, -300),
        interval="FULL",
    )
    middle = [each["timeseries"][0]["data"][0]["average"] for each in answer["value"]]
    assert middle == sorted(middle)
    assert middle[0] > 0
    assert answer["value"][0]["unit"] == "Milliseconds"


async def test_capacity_is_told_by_instance_and_state(lab: Lab) -> None:
    deployment = f"{ENDPOINT}/deployments/blue"
    await lab.client.patch(deployment, json={"sku": {"capacity": 2}})
    lab.pass_time(60)
    found = await series(
        lab,
        deployment,
        metricnames="DeploymentCapacity",
        timespan=span(-600, -300),
        filter="instanceId eq '*' and State eq 'Ready'",
    )
    assert len(found) == 2
    assert all(values(each, "minimum") for each in found)


async def test_nodes_of_clusters_follow_the_jobs(lab: Lab) -> None:
    query = {"metricnames": "Active Nodes", "filter": "ClusterName eq 'cpu-cluster'"}
    lab.pass_time(600)
    await run(lab)
    lab.pass_time(1200)
    (found,) = await series(lab, **query, timespan=span(0, 1600), aggregation="maximum")
    told = values(found, "maximum")
    assert max(told[15:]) - min(told[:9]) >= 2
    (cores,) = await series(
        lab, metricnames="Active Cores", timespan=span(0, 1600), aggregation="maximum"
    )
    assert values(cores, "maximum") == [4 * nodes for nodes in told]


async def test_runs_are_counted_when_they_change(lab: Lab) -> None:
    lab.pass_time(60)
    await run(lab)
    lab.pass_time(3000)
    for name in ("Queued Runs", "Started Runs", "Completed Runs"):
        found = await series(
            lab,
            metricnames=name,
            timespan=span(0, 3000),
            interval="FULL",
            filter="ExperimentName eq 'Default'",
        )
        assert values(found[0], "total") == [1]


async def test_what_is_late_is_not_told_yet(lab: Lab) -> None:
    (found,) = await series(
        lab, ENDPOINT, metricnames="RequestsPerMinute", timespan=span(-600, 600)
    )
    told = ["average" in point for point in found["data"]]
    assert told[0] is True
    assert told[10:] == [False] * len(told[10:])


async def test_metadata_has_series_without_samples(lab: Lab) -> None:
    found = await series(
        lab,
        ENDPOINT,
        metricnames="RequestsPerMinute",
        filter="deployment eq '*'",
        resultType="Metadata",
    )
    assert {labels(each)["deployment"] for each in found} == {"blue", "green"}
    assert all("data" not in each for each in found)


async def test_top_and_order_cut_the_series(lab: Lab) -> None:
    query = {
        "metricnames": "RequestsPerMinute",
        "filter": "deployment eq '*'",
        "aggregation": "average",
        "top": "1",
    }
    (most,) = await series(lab, ENDPOINT, **query, orderby="average desc")
    (least,) = await series(lab, ENDPOINT, **query, orderby="average asc")
    assert (labels(most)["deployment"], labels(least)["deployment"]) == ("blue", "green")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"metricnames": "Nope"}, "Failed to find metric configuration"),
        ({"interval": "PT2M"}, "Detect invalid time grain input: PT2M"),
        ({"aggregation": "median"}, "Invalid aggregation type: median"),
        ({"timespan": "yesterday"}, "Invalid timespan"),
        ({"timespan": span(0, -60)}, "end must be after"),
        ({"$filter": "Colour eq '*'"}, "does not support requested dimension combination: colour"),
        ({"$filter": "RunId like 'x'"}, "Invalid filter syntax"),
        ({"$filter": "'"}, "Invalid filter syntax"),
        ({"top": "none"}, "top"),
        ({"orderby": "colour"}, "orderby"),
        ({"resultType": "Poem"}, "result type"),
        ({"metricnamespace": "Microsoft.Web/sites"}, "Cannot find metric namespace"),
        ({"timespan": "2000-01-01T00:00:00Z/2026-01-01T00:00:00Z"}, "too many points"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    lab: Lab, query: dict[str, str], said: str
) -> None:
    url = f"{WORKSPACE}/{INSIGHTS}/metrics"
    response: httpx.Response = await lab.client.get(url, params=query)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "BadRequest"
    assert said in error["message"]


async def test_an_odd_interval_is_adjusted_where_that_is_allowed(lab: Lab) -> None:
    answer = await ask(lab, interval="PT2M", AutoAdjustTimegrain="true")
    assert answer["interval"] == "PT5M"


@pytest.mark.parametrize(
    ("resource", "name", "dimensions"),
    [
        (WORKSPACE, "GpuUtilizationPercentage",
         ["RunId", "InstanceId", "DeviceId", "ComputeName"]),
        (ENDPOINT, "RequestLatency_P99", ["deployment"]),
        (f"{ENDPOINT}/deployments/blue", "DeploymentCapacity", ["instanceId", "State"]),
    ],
)  # fmt: skip
async def test_definitions_tell_what_can_be_asked(
    lab: Lab, resource: str, name: str, dimensions: list[str]
) -> None:
    """And every metric of them can be asked for, split by all its dimensions."""
    url = f"{resource}/{INSIGHTS}/metricDefinitions"
    told = (await lab.get(url, **{"api-version": "2023-10-01"}))["value"]
    held = next(each for each in told if each["name"]["value"] == name)
    assert [each["value"] for each in held["dimensions"]] == dimensions
    assert held["metricAvailabilities"][0] == {"timeGrain": "PT1M", "retention": "P93D"}
    await run(lab)
    lab.pass_time(600)
    for each in told:
        clauses = [f"{one['value']} eq '*'" for one in each["dimensions"]]
        query = {"filter": " and ".join(clauses)} if clauses else {}
        await series(lab, resource, metricnames=each["name"]["value"], **query)


async def test_what_is_not_there_has_no_metrics(lab: Lab) -> None:
    url = f"{WORKSPACE}/onlineEndpoints/none/{INSIGHTS}/metrics"
    assert (await lab.client.get(url)).status_code == 404
