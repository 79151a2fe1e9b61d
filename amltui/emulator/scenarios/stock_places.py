"""Connections of workspaces, and a company's registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amltui.emulator import registries
from amltui.emulator.places import Subscription, Workspace
from amltui.emulator.resources import Resource

DAY = 86_400.0
_OWNER = "Kim Lang"
_CONNECTIONS: tuple[tuple[str, str, str, str, dict[str, Any], dict[str, str]], ...] = (
    (
        "gpt-west",
        "AzureOpenAI",
        "ApiKey",
        "https://contoso-west.openai.azure.com/",
        {"key": "an-openai-key"},
        {"ApiVersion": "2024-02-01", "ApiType": "Azure"},
    ),
    ("wheels", "PythonFeed", "PAT", "https://pkgs.contoso.com/simple", {"pat": "a-pat"}, {}),
)
_SNOWFLAKE: tuple[str, str, str, str, dict[str, Any], dict[str, str]] = (
    "warehouse",
    "Snowflake",
    "UsernamePassword",
    "jdbc:snowflake://contoso.snowflakecomputing.com/?db=risk",
    {"username": "svc_ml", "password": "a-password"},
    {},
)
_SHARED: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("resnet50-imagenet-lt", ("1", "2"), {"team": "vision"}),
    ("credit-gbm", ("7",), {}),
)


def private_endpoint(place: Workspace, name: str) -> Resource:
    """An approved way into a workspace from a virtual network."""
    endpoint = f"{place.group_id}/providers/Microsoft.Network/privateEndpoints/{name}"
    return Resource(
        f"{place.id}/privateEndpointConnections/{name}.{place.guid}",
        place.created + DAY,
        _OWNER,
        {
            "provisioningState": "Succeeded",
            "privateEndpoint": {"id": endpoint},
            "privateLinkServiceConnectionState": {
                "status": "Approved",
                "description": "Auto-Approved",
                "actionsRequired": "None",
            },
        },
        {"location": place.location, "tags": {}},
    )


def connections(place: Workspace, epoch: float) -> Iterator[Resource]:
    """To a language model and a package feed; of the risk team to its warehouse, too."""
    told = [*_CONNECTIONS, _SNOWFLAKE] if place.name.startswith("risk") else _CONNECTIONS[:1]
    for rank, (name, category, auth, target, credentials, metadata) in enumerate(told):
        yield Resource(
            f"{place.id}/connections/{name}",
            epoch - DAY * (40 + 17 * rank),
            _OWNER,
            {
                "isSharedToAll": True,
                "sharedUserList": [],
                "group": "Azure" if category != "AzureOpenAI" else "AzureAI",
                "createdByWorkspaceArmId": place.id,
                "useWorkspaceManagedIdentity": False,
                "category": category,
                "target": target,
                "authType": auth,
                "metadata": metadata,
            },
            kept={"credentials": credentials},
        )


def registry(holder: Subscription, group: str, epoch: float) -> Iterator[Resource]:
    """`contoso-shared`, with the models that the company gives from team to team."""
    created = epoch - 300 * DAY
    identity = registries.id_of(holder.id, group, "contoso-shared")
    regions: list[dict[str, Any]] = [
        {"location": each, "acrDetails": [], "storageAccountDetails": []}
        for each in ("eastus2", "westeurope")
    ]
    managed = f"/subscriptions/{holder.id}/resourceGroups/azureml-rg-contoso-shared"
    held = Resource(
        identity,
        created,
        _OWNER,
        {
            "intellectualPropertyPublisher": None,
            "publicNetworkAccess": "Enabled",
            "managedResourceGroup": {"resourceId": managed},
            "regionDetails": regions,
            "registryPrivateEndpointConnections": [],
        },
        {"location": "eastus2", "tags": {"team": "platform"}, "kind": None, "sku": None,
         "identity": {"type": "SystemAssigned"}},
    )  # fmt: skip
    yield held
    for name, versions, tags in _SHARED:
        common = {"description": None, "tags": tags, "properties": {}, "isArchived": False}
        yield Resource(f"{identity}/models/{name}", created + 20 * DAY, _OWNER, common)
        for rank, version in enumerate(versions):
            yield Resource(
                f"{identity}/models/{name}/versions/{version}",
                created + (20 + 60 * rank) * DAY,
                _OWNER,
                {
                    **common,
                    "isAnonymous": False,
                    "flavors": {},
                    "modelType": "mlflow_model",
                    "modelUri": f"https://{registries.account(held)}.blob.core.windows.net"
                    f"/{name}-{version}/model",
                    "jobName": None,
                    "stage": None,
                    "provisioningState": "Succeeded",
                    "datasets": [],
                },
            )
