"""Cost Management: days cost what was up on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.costs.charges import hours_on
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

QUERY = "providers/Microsoft.CostManagement/query"
DAY = 86_400


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def question(*groups: str, granularity: str | None = "Daily", **more: Any) -> dict[str, Any]:
    return {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": "2023-11-06T00:00:00Z", "to": "2023-11-12T00:00:00Z"},
        **more,
        "dataset": {
            "granularity": granularity,
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in groups],
            **more.get("dataset", {}),
        },
    }


async def rows(lab: Lab, body: dict[str, Any], scope: str = WORKSPACE) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    told = (await lab.post(f"{scope}/{QUERY}", body))["properties"]
    names = [each["name"] for each in told["columns"]]
    return [dict(zip(names, row, strict=True)) for row in told["rows"]]


async def test_a_week_has_seven_days(lab: Lab) -> None:
    told = await rows(lab, question())
    assert [each["UsageDate"] for each in told] == [20231106 + day for day in range(7)]
    assert all(each["Cost"] > 0 and each["Currency"] == "USD" for each in told)
    assert told == await rows(lab, question())
    (total,) = await rows(lab, question(granularity=None))
    assert total["Cost"] == pytest.approx(sum(each["Cost"] for each in told))


async def test_deployments_cost_from_the_day_they_are_there(lab: Lab) -> None:
    """The stock has two of the size DS3_v2 in that week, for 0.293 an hour."""
    meters = {"dimensions": {"name": "Meter", "operator": "In", "values": ["DS3 v2"]}}
    body = question("Meter", dataset={"filter": meters})
    told = await rows(lab, body)
    assert {each["Meter"] for each in told} == {"DS3 v2"}
    assert told[0]["Cost"] >= 24 * 0.293 - 1e-6
    before = sum(each["Cost"] for each in told)
    await lab.client.patch(
        f"{WORKSPACE}/onlineEndpoints/calm-ws-ep/deployments/blue", json={"sku": {"capacity": 2}}
    )
    after = sum(each["Cost"] for each in await rows(lab, body))
    assert after - before == pytest.approx(7 * 24 * 0.293)


async def test_a_job_costs_its_nodes_while_it_holds_them(lab: Lab) -> None:
    lab.world.stock(Compute(WORKSPACE, "gpu", CLUSTER, NOON - 1e6, "Standard_NC6s_v3", max_nodes=4))
    asked = {
        "jobType": "Command",
        "command": "sleep 3600",
        "computeId": f"{WORKSPACE}/computes/gpu",
        "environmentId": "azureml:AzureML-any:1",
        "resources": {"instanceCount": 2},
    }
    response = await lab.client.put(f"{WORKSPACE}/jobs/mine", json={"properties": asked})
    assert response.status_code == 201
    lab.pass_time(2 * DAY)
    body = question(
        "Meter",
        granularity=None,
        timePeriod={"from": "2023-11-14T00:00:00Z", "to": "2023-11-15T00:00:00Z"},
    )
    told = {each["Meter"]: each["Cost"] for each in await rows(lab, body)}
    assert told["NC6s v3"] == pytest.approx(2 * 3.06, rel=0.02)


async def test_nodes_that_are_kept_cost_without_a_job(lab: Lab) -> None:
    cluster = Compute(WORKSPACE, "kept", CLUSTER, NOON - 1e7, "Standard_NC12s_v3", min_nodes=1)
    lab.world.stock(cluster)
    told = [each for each in await rows(lab, question("Meter")) if each["Meter"] == "NC12s v3"]
    assert [each["Cost"] for each in told] == [pytest.approx(24 * 6.12)] * 7


def test_an_instance_costs_while_it_is_on() -> None:
    """Since its last start all the time, before that in office hours of some working days."""
    instance = Compute(
        "/ws", "ci", INSTANCE, NOON - 100 * DAY, "Standard_DS3_v2",
        last_operation=("Start", NOON - 30 * 3600, "Succeeded", "User"),
    )  # fmt: skip
    assert hours_on(instance, NOON - 6 * 3600, NOON, NOON) == 6
    stopped = Compute(
        "/ws", "ci", INSTANCE, NOON - 100 * DAY, "Standard_DS3_v2", state="Stopped",
        last_operation=("Stop", NOON - 30 * 3600, "Succeeded", "User"),
    )  # fmt: skip
    assert hours_on(stopped, NOON - 6 * 3600, NOON, NOON) == 0
    midnight = NOON - NOON % DAY
    days = [
        hours_on(stopped, midnight - back * DAY, midnight - (back - 1) * DAY, NOON)
        for back in range(3, 45)
    ]
    assert set(days) == {0.0, 9.5}
    assert 10 < days.count(9.5) < 30


async def test_groups_and_filters(lab: Lab) -> None:
    told = await rows(lab, question("ResourceType", "ResourceId"))
    types = {each["ResourceType"] for each in told}
    assert "microsoft.machinelearningservices/workspaces" in types
    assert "microsoft.storage/storageaccounts" in types
    workspaces = {
        "dimensions": {
            "name": "ResourceType",
            "operator": "In",
            "values": ["Microsoft.MachineLearningServices/workspaces"],
        }
    }
    only = await rows(lab, question("ResourceId", dataset={"filter": workspaces}))
    assert {each["ResourceId"] for each in only} == {WORKSPACE.lower()}
    neither = {"not": {"or": [workspaces, {"dimensions": {
        "name": "ServiceName", "operator": "In", "values": ["Storage"]}}]}}  # fmt: skip
    rest = await rows(lab, question("ServiceName", dataset={"filter": neither}))
    assert {each["ServiceName"] for each in rest} == {"Key Vault"}


@pytest.mark.parametrize("scope", ["/subscriptions/s1", "/subscriptions/s1/resourceGroups/rg1"])
async def test_larger_scopes_hold_the_workspace(lab: Lab, scope: str) -> None:
    assert await rows(lab, question("ResourceId"), scope) == await rows(lab, question("ResourceId"))


async def test_tags_are_those_of_workspaces(lab: Lab) -> None:
    grouping = [{"type": "TagKey", "name": "team"}]
    told = await rows(lab, question(dataset={"grouping": grouping}))
    assert {(each["TagKey"], each["TagValue"]) for each in told} == {("team", "")}


async def test_what_is_late_and_what_never_was_is_not_told(lab: Lab) -> None:
    """Today's last hours come later; a time without any charge is a 204."""
    today = question(timePeriod={"from": "2023-11-14T00:00:00Z", "to": "2023-11-14T00:00:00Z"})
    (early,) = await rows(lab, today)
    lab.pass_time(DAY)
    (late,) = await rows(lab, today)
    assert late["Cost"] > early["Cost"]
    never = question(timePeriod={"from": "2001-01-01T00:00:00Z", "to": "2001-01-03T00:00:00Z"})
    assert (await lab.client.post(f"{WORKSPACE}/{QUERY}", json=never)).status_code == 204


@pytest.mark.parametrize(
    "frame", ["MonthToDate", "BillingMonthToDate", "TheLastMonth", "WeekToDate"]
)
async def test_frames_are_understood(lab: Lab, frame: str) -> None:
    told = await rows(lab, question(timeframe=frame))
    months = {each["UsageDate"] // 100 for each in told}
    assert months == ({202310} if frame == "TheLastMonth" else {202311})


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Poem"},
        {"timeframe": "Tomorrow"},
        {"timeframe": None},
        {"timePeriod": {}},
        {"timePeriod": {"from": "2023-11-06", "to": "2021-11-06"}},
        {"timePeriod": []},
        {"dataset": {"granularity": "Hourly"}},
        {"dataset": {"aggregation": {"a": {"name": "Colour", "function": "Sum"}}}},
        {"dataset": {"aggregation": {"a": {"name": "Cost", "function": "Median"}}}},
        {"dataset": {"aggregation": []}},
        {"dataset": {"grouping": "x"}},
        {"dataset": {"grouping": [{"type": "Dimension", "name": "Colour"}]}},
        {"dataset": {"grouping": [3]}},
        {"dataset": {"filter": {"xor": []}}},
        {"dataset": {"filter": {"and": {}}}},
        {"dataset": {"filter": {"dimensions": {"name": "Meter", "operator": "Like"}}}},
        {"dataset": {"filter": {"dimensions": {"name": "Meter", "operator": "In"}}}},
    ],
    ids=repr,
)
async def test_a_question_that_makes_no_sense_is_refused(lab: Lab, change: Any) -> None:
    response = await lab.client.post(f"{WORKSPACE}/{QUERY}", json=question(**change))
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadRequest"


@pytest.mark.parametrize("junk", [None, [], "x", 3, {"dataset": 4, "type": "Usage"}])
async def test_no_body_breaks_the_service(lab: Lab, junk: Any) -> None:
    response = await lab.client.post(f"{WORKSPACE}/{QUERY}", json=junk)
    assert response.status_code == 400
