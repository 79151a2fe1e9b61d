"""The activity log: what clients changed, and only that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from amltui.emulator.activity import ActivityLog, Event
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

LOG = "/subscriptions/s1/providers/Microsoft.Insights/eventtypes/management/values"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/calm-ws-ep"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def since(seconds: float = -60) -> str:
    return f"eventTimestamp ge '{datetime.fromtimestamp(NOON + seconds, UTC).isoformat()}'"


async def events(lab: Lab, more: str = "", **query: str) -> list[dict[str, Any]]:
    answer = await lab.get(LOG, **{"api-version": "2015-04-01", "$filter": since() + more, **query})
    return list(answer["value"])


async def test_changes_are_told_newest_first(lab: Lab) -> None:
    """Reads are not; what was refused is, as failed."""
    await lab.get(ENDPOINT)
    await lab.client.patch(ENDPOINT, json={"tags": {}})
    lab.pass_time(60)
    await lab.client.delete(f"{ENDPOINT}/deployments/blue")
    await lab.post(f"{ENDPOINT}/listKeys")
    await lab.post(f"{ENDPOINT}/deployments/blue/getLogs")
    told = await events(lab)
    online = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    assert [(each["operationName"]["value"], each["status"]["value"]) for each in told] == [
        (f"{online}/listKeys/action", "Succeeded"),
        (f"{online}/deployments/delete", "Failed"),
        (f"{online}/write", "Accepted"),
    ]
    newest = told[0]
    assert newest["resourceId"] == ENDPOINT
    assert newest["resourceGroupName"] == "rg1"
    assert newest["caller"] == "kim@contoso.com"
    assert newest["resourceType"]["value"].endswith("/workspaces/onlineEndpoints")
    assert told[1]["level"] == "Error"
    assert told[1]["subStatus"]["localizedValue"] == "Bad Request (HTTP Status Code: 400)"


async def test_the_log_can_be_narrowed(lab: Lab) -> None:
    await lab.client.patch(ENDPOINT, json={"tags": {}})
    lab.pass_time(600)
    asked = {"jobType": "Command", "command": "x", "environmentId": "azureml:AzureML-any:1"}
    await lab.client.put(f"{WORKSPACE}/jobs/mine", json={"properties": asked})
    assert len(await events(lab)) == 2
    assert len(await events(lab, f" and resourceUri eq '{ENDPOINT.upper()}'")) == 1
    assert len(await events(lab, f" and resourceUri eq '{WORKSPACE}'")) == 2
    assert len(await events(lab, " and resourceGroupName eq 'other'")) == 0
    end = datetime.fromtimestamp(NOON + 300, UTC).isoformat()
    assert len(await events(lab, f" and eventTimestamp le '{end}'")) == 1
    (one, _) = await events(lab, **{"$select": "eventName,operationName"})
    assert sorted(one) == ["eventName", "operationName"]
    found = await events(lab, f" and correlationId eq '{(await events(lab))[0]['correlationId']}'")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not understood"),
        ("caller eq 'kim'", "start time"),
        (f"{since()} and colour eq 'red'", "colour"),
        ("eventTimestamp ge 'soon'", "soon"),
        (f"{since()} and resourceUri eq 'a' and resourceGroupName eq 'b'", "Only one"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(lab: Lab, text: str, said: str) -> None:
    response = await lab.client.get(LOG, params={"$filter": text})
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


def test_events_come_back() -> None:
    kept: list[dict[str, Any]] = []
    first = ActivityLog(save=lambda table, key, value: kept.append(value))
    event = Event(NOON, "kim", "PUT", "/subscriptions/s1/resourceGroups/g", 201, "c")
    first.note(event)
    second = ActivityLog()
    second.restore(kept[0])
    assert second.events == [event]
    assert event.operation == "Microsoft.Resources/subscriptions/resourceGroups/write"
