"""Connections and quotas with azure-ai-ml and azure-mgmt-machinelearningservices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amltui.emulator.process import Service


def test_a_connection_with_a_key(ml: Any) -> None:
    from azure.ai.ml.entities import AzureOpenAIConnection
    from azure.core.exceptions import ResourceNotFoundError

    asked = AzureOpenAIConnection(
        name="gpt", azure_endpoint="https://x.openai.azure.com", api_key="hidden",
        open_ai_resource_id="/subscriptions/x",
    )  # fmt: skip
    made = ml.connections.create_or_update(asked)
    assert made.type == "azure_open_ai"
    assert ml.connections.get("gpt").azure_endpoint == "https://x.openai.azure.com"
    assert ml.connections.get("gpt", populate_secrets=True).api_key == "hidden"
    assert "gpt" in [each.name for each in ml.connections.list()]
    assert "gpt" in [each.name for each in ml.connections.list(connection_type="azure_open_ai")]
    ml.connections.delete("gpt")
    with pytest.raises(ResourceNotFoundError):
        ml.connections.get("gpt")


def test_connections_of_other_kinds(ml: Any) -> None:
    from azure.ai.ml.entities import (
        PatTokenConfiguration,
        ServicePrincipalConfiguration,
        UsernamePasswordConfiguration,
        WorkspaceConnection,
    )

    for name, kind, credentials in (
        ("feed", "python_feed", PatTokenConfiguration(pat="x")),
        ("repo", "git", PatTokenConfiguration(pat="x")),
        ("snow", "snowflake", UsernamePasswordConfiguration(username="u", password="p")),
        ("db", "azure_sql_db", ServicePrincipalConfiguration(
            tenant_id="t", client_id="c", client_secret="s")),
    ):  # fmt: skip
        asked = WorkspaceConnection(
            name=name, type=kind, target="https://target", credentials=credentials
        )
        assert ml.connections.create_or_update(asked).type == kind
        assert ml.connections.get(name).target == "https://target"


def test_usages_and_sizes(ml: Any) -> None:
    usage = list(ml.compute.list_usage(location="eastus2"))
    assert all(each.limit is not None for each in usage)
    assert any(each.gpus for each in ml.compute.list_sizes(location="eastus2"))


def test_quotas_and_usages(management: Callable[..., Any], service: Service) -> None:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient

    client = management(MachineLearningServicesMgmtClient, service.subscription_id)
    assert any(each.current_value for each in client.usages.list("eastus2"))
    found = list(client.quotas.list("eastus2"))
    wanted = next(each for each in found if each.type.endswith("/workspaces/quotas"))
    asked = {"value": [{"id": wanted.id, "type": wanted.type, "limit": 50, "unit": "Count"}]}
    told = client.quotas.update("eastus2", asked)
    assert [each.status for each in told.value] == ["Success"]
    after = next(each for each in client.quotas.list("eastus2") if each.id == wanted.id)
    assert after.limit == 50
