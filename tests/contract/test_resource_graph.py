"""azure-mgmt-resourcegraph, and the lists of azure-mgmt-resource and azure-mgmt-subscription."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amltui.emulator.process import Service

AML = "microsoft.machinelearningservices/workspaces"


@pytest.fixture
def graph(management: Callable[..., Any]) -> Any:
    from azure.mgmt.resourcegraph import ResourceGraphClient

    return management(ResourceGraphClient)


def ask(graph: Any, query: str, service: Service, **options: Any) -> Any:
    from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

    return graph.resources(
        QueryRequest(
            subscriptions=[service.subscription_id],
            query=query,
            options=QueryRequestOptions(**options),
        )
    )


def test_workspaces_are_found(graph: Any, service: Service) -> None:
    query = (
        f"Resources | where type =~ '{AML.upper()}' and name == '{service.workspace}'"
        " | project id, name, location, state = properties.provisioningState"
    )
    told = ask(graph, query, service)
    assert (told.total_records, told.count, told.result_truncated) == (1, 1, "false")
    assert told.data == [
        {
            "id": service.workspace_id,
            "name": service.workspace,
            "location": "eastus2",
            "state": "Succeeded",
        }
    ]
    assert told.facets == []


def test_resources_are_counted_and_paged(graph: Any, service: Service) -> None:
    counted = ask(graph, "Resources | summarize count() by type | order by type asc", service)
    assert sum(each["count_"] for each in counted.data) >= 4
    first = ask(graph, "Resources | project id | order by id asc", service, top=2)
    assert first.skip_token
    second = ask(
        graph, "Resources | project id | order by id asc", service, top=2,
        skip_token=first.skip_token,
    )  # fmt: skip
    assert not {each["id"] for each in first.data} & {each["id"] for each in second.data}
    assert first.total_records == sum(each["count_"] for each in counted.data)


def test_groups_and_subscriptions_are_containers(graph: Any, service: Service) -> None:
    told = ask(graph, "ResourceContainers | project name, type", service, result_format="table")
    names = [row[0] for row in told.data["rows"]]
    assert service.resource_group in names


def test_a_query_that_is_not_understood_is_refused(graph: Any, service: Service) -> None:
    from azure.core.exceptions import HttpResponseError

    with pytest.raises(HttpResponseError, match="InvalidQuery"):
        ask(graph, "Resources | join (Resources) on id", service)


def test_resources_are_listed_by_type(management: Callable[..., Any], service: Service) -> None:
    from azure.mgmt.resource.resources import ResourceManagementClient

    client = management(ResourceManagementClient, service.subscription_id)
    listed = client.resources.list(filter=f"resourceType eq '{AML}'")
    assert service.workspace in [each.name for each in listed]
    assert not list(client.resources.list(filter="resourceType eq 'Microsoft.Nothing/x'"))
    everything = [each.type for each in client.resources.list()]
    assert "Microsoft.Storage/storageAccounts" in everything


def test_tenants_and_regions(management: Callable[..., Any], service: Service) -> None:
    from azure.mgmt.subscription import SubscriptionClient

    client = management(SubscriptionClient)
    assert [each.tenant_id for each in client.tenants.list()] == [service.tenant_id]
    regions = {each.name for each in client.subscriptions.list_locations(service.subscription_id)}
    assert {"eastus2", "westeurope"} <= regions
    assert client.subscriptions.get(service.subscription_id).state == "Enabled"
