"""Azure Monitor, the activity log and Cost Management, with the tokens of Microsoft's client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from amltui.emulator.process import Service


@pytest.fixture(scope="module")
def arm(service: Service, credential: Any) -> Iterator[httpx.Client]:
    token = credential.get_token("https://management.azure.com/.default").token
    with httpx.Client(
        base_url=service.arm,
        headers={"Authorization": f"Bearer {token}"},
        verify=service.ca_file,
    ) as client:
        yield client


def insights(service: Service, below: str = "") -> str:
    return f"{service.workspace_id}{below}/providers/Microsoft.Insights"


@pytest.mark.parametrize(
    ("below", "metric"),
    [
        ("", "Total Nodes"),
        ("/onlineEndpoints/calm-ws-ep", "RequestsPerMinute"),
        ("/onlineEndpoints/calm-ws-ep/deployments/blue", "CpuUtilizationPercentage"),
    ],
)
def test_metrics_are_defined_and_told(
    arm: httpx.Client, service: Service, below: str, metric: str
) -> None:
    """For the last hour, minute by minute, but for the last minutes."""
    where = insights(service, below)
    version = {"api-version": "2023-10-01"}
    told = arm.get(f"{where}/metricDefinitions", params=version).json()["value"]
    assert metric in [each["name"]["value"] for each in told]
    response = arm.get(f"{where}/metrics", params={**version, "metricnames": metric})
    (answer,) = response.raise_for_status().json()["value"]
    (series,) = answer["timeseries"]
    assert 60 <= len(series["data"]) <= 61
    assert "average" in series["data"][0]
    assert "average" not in series["data"][-1]


def test_a_change_is_in_the_activity_log(ml: Any, arm: httpx.Client, service: Service) -> None:
    from azure.ai.ml.entities import BatchEndpoint

    name = "logged-batch"
    since = datetime.now(UTC) - timedelta(hours=1)
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name=name)).result(60)
    resource = f"{service.workspace_id}/batchEndpoints/{name}"
    clauses = f"eventTimestamp ge '{since.isoformat()}' and resourceUri eq '{resource}'"
    answer = arm.get(
        f"/subscriptions/{service.subscription_id}"
        "/providers/Microsoft.Insights/eventtypes/management/values",
        params={"api-version": "2015-04-01", "$filter": clauses},
    )
    (event,) = answer.raise_for_status().json()["value"]
    assert event["operationName"]["value"].endswith("/batchEndpoints/write")
    ml.batch_endpoints.begin_delete(name).result(60)


def test_yesterday_has_a_price(arm: httpx.Client, service: Service) -> None:
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT00:00:00Z}"
    answer = arm.post(
        f"/subscriptions/{service.subscription_id}/providers/Microsoft.CostManagement/query",
        params={"api-version": "2023-11-01"},
        json={
            "type": "ActualCost",
            "timeframe": "Custom",
            "timePeriod": {"from": yesterday, "to": yesterday},
            "dataset": {
                "granularity": "Daily",
                "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
                "grouping": [{"type": "Dimension", "name": "ResourceType"}],
            },
        },
    ).raise_for_status()
    told = answer.json()["properties"]
    names = [each["name"] for each in told["columns"]]
    assert names == ["Cost", "ResourceType", "UsageDate", "Currency"]
    assert all(row[0] > 0 for row in told["rows"])
