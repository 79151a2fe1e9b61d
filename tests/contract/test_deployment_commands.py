"""What amltui changes of online deployments, seen with Microsoft's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

PATIENCE = 60
ENDPOINT = "by-amltui"


@pytest.fixture
def deployments(ml: Any) -> Iterator[tuple[str, str]]:
    """One that gets all requests and one that gets none, made by azure-ai-ml."""
    from azure.ai.ml.entities import ManagedOnlineDeployment, ManagedOnlineEndpoint

    endpoint = ManagedOnlineEndpoint(name=ENDPOINT, tags={"kept": "yes"})
    ml.online_endpoints.begin_create_or_update(endpoint).result(PATIENCE)
    for name in ("first", "second"):
        made = ManagedOnlineDeployment(
            name=name,
            endpoint_name=ENDPOINT,
            model="azureml:churn-xgb:3",
            environment="azureml://registries/azureml/environments/sklearn-1.5/versions/33",
            instance_type="Standard_DS3_v2",
            instance_count=1,
        )
        ml.online_deployments.begin_create_or_update(made).result(PATIENCE)
    endpoint = ml.online_endpoints.get(ENDPOINT)
    endpoint.traffic = {"first": 100, "second": 0}
    ml.online_endpoints.begin_create_or_update(endpoint).result(PATIENCE)
    yield "first", "second"
    ml.online_endpoints.begin_delete(ENDPOINT).result(PATIENCE)


def test_traffic_machines_and_deletion(
    ml: Any, amltui: Callable[..., Any], deployments: tuple[str, str]
):
    """azure-ai-ml tells what was asked for, and the rest of the endpoint as it was."""
    from azure.core.exceptions import ResourceNotFoundError

    first, second = deployments
    amltui("traffic", second, "--to", "30", "--wait")
    endpoint = ml.online_endpoints.get(ENDPOINT)
    assert endpoint.traffic == {first: 70, second: 30}
    assert endpoint.tags["kept"] == "yes"
    before = ml.online_deployments.get(first, ENDPOINT)
    amltui("scale-deployment", first, "--to", "3", "--wait")
    now = ml.online_deployments.get(first, ENDPOINT)
    assert now.instance_count == 3
    assert (now.model, now.instance_type) == (before.model, before.instance_type)
    amltui("delete-deployment", second, "--yes", "--wait")
    assert ml.online_endpoints.get(ENDPOINT).traffic == {first: 100}
    with pytest.raises(ResourceNotFoundError):
        ml.online_deployments.get(second, ENDPOINT)
