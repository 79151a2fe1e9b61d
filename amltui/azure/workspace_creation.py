"""Making a workspace with what it stands on, by one template deployment as azure-ai-ml does it.

The resources and their properties are those of azure-ai-ml's `workspace_base.json` (1.35).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from amltui.azure.errors import NotFound
from amltui.azure.operation import Operation

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.workspace import Workspace

DEPLOYMENTS_VERSION = "2020-06-01"
GROUPS_VERSION = "2021-04-01"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def names(place: WorkspaceId) -> dict[str, str]:
    """What the things are called that it stands on: the same for the same place, so that a second
    try goes on with what the first has made. At most 24 letters and digits, unique over all Azure.
    """
    stem = re.sub(r"[^a-z0-9]", "", place.name.lower())[:8] or "ws"
    mark = hashlib.sha256(place.key.encode()).hexdigest()[:8]
    return {
        "storage account": f"{stem}stor{mark}",
        "key vault": f"{stem}kv{mark}" if stem[0].isalpha() else f"k{stem}kv{mark}",
        "log analytics": f"{stem}logs{mark}",
        "application insights": f"{stem}insi{mark}",
    }


def deployment(place: WorkspaceId) -> str:
    """The path of the deployment that makes it."""
    group = f"/subscriptions/{place.subscription_id}/resourceGroups/{place.resource_group}"
    name = f"amltui-{place.name}"[:64]
    return f"{group}/providers/Microsoft.Resources/deployments/{name}"


USED = {
    "storage": ("storage account", "Microsoft.Storage/storageAccounts", "storageAccount"),
    "key vault": ("key vault", "Microsoft.KeyVault/vaults", "keyVault"),
    "insights": ("application insights", "Microsoft.Insights/components", "applicationInsights"),
    "registry": ("", "Microsoft.ContainerRegistry/registries", "containerRegistry"),
}
"""What a workspace may stand on that is there already, by what the workspace calls it: the name of
the one that is made otherwise, its type, and the property with its id."""


def made_for(workspace: Workspace) -> dict[str, str]:
    """The names of what is made with it: everything that it does not find there."""
    found = {USED[what][0] for what in workspace.stands_on}
    made = {what: name for what, name in names(workspace.id).items() if what not in found}
    if "application insights" in found:
        made.pop("log analytics", None)
    return made


def template(workspace: Workspace, description: str = "") -> dict[str, Any]:
    """Storage account, key vault, Application Insights with its logs, then the workspace.

    What it stands on already is named by its id, and not made.
    """
    made, region = made_for(workspace), workspace.location
    resources: dict[str, Callable[[str], dict[str, Any]]] = {
        "storage account": _storage,
        "key vault": _vault,
        "log analytics": _logs,
        "application insights": partial(_insights, logs=made.get("log analytics", "")),
    }
    ids = {
        used: workspace.stands_on.get(what) or _id(kind, made[name])
        for what, (name, kind, used) in USED.items()
        if what in workspace.stands_on or name in made
    }
    return {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "resources": [
            *({**resources[what](name), "location": region} for what, name in made.items()),
            {
                "type": "Microsoft.MachineLearningServices/workspaces",
                "apiVersion": "2024-10-01",
                "name": workspace.name,
                "location": region,
                "kind": workspace.kind,
                "identity": {"type": "SystemAssigned"},
                "dependsOn": [
                    _id(kind, made[name]) for name, kind, _ in USED.values() if name in made
                ],
                "properties": {
                    "friendlyName": workspace.friendly_name or workspace.name,
                    "description": description,
                    **ids,
                },
            },
        ],
    }


def _storage(name: str) -> dict[str, Any]:
    return {
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2023-04-01",
        "name": name,
        "sku": {"name": "Standard_LRS"},
        "kind": "StorageV2",
        "properties": {
            "supportsHttpsTrafficOnly": True,
            "allowBlobPublicAccess": False,
            "minimumTlsVersion": "TLS1_2",
        },
    }


def _vault(name: str) -> dict[str, Any]:
    return {
        "type": "Microsoft.KeyVault/vaults",
        "apiVersion": "2023-07-01",
        "name": name,
        "properties": {
            "tenantId": "[subscription().tenantId]",
            "sku": {"name": "standard", "family": "A"},
            "accessPolicies": [],
            "enableRbacAuthorization": True,
        },
    }


def _logs(name: str) -> dict[str, Any]:
    return {
        "type": "Microsoft.OperationalInsights/workspaces",
        "apiVersion": "2020-08-01",
        "name": name,
        "properties": {},
    }


def _insights(name: str, logs: str) -> dict[str, Any]:
    return {
        "type": "Microsoft.Insights/components",
        "apiVersion": "2020-02-02",
        "name": name,
        "kind": "web",
        "dependsOn": [_id("Microsoft.OperationalInsights/workspaces", logs)],
        "properties": {
            "Application_Type": "web",
            "WorkspaceResourceId": _id("Microsoft.OperationalInsights/workspaces", logs),
        },
    }


async def create(place: WorkspaceClient, workspace: Workspace, description: str) -> Operation:
    """Put the deployment; what it makes is made in Azure, one after the other."""
    body = {
        "properties": {"mode": "Incremental", "template": template(workspace, description),
                       "parameters": {}}
    }  # fmt: skip
    answer = await place.client.send(
        "PUT", deployment(place.id), json=body, api_version=DEPLOYMENTS_VERSION
    )
    return Operation.from_answer("create", workspace.name, answer)


async def exists(place: WorkspaceClient) -> bool:
    """Whether there is a workspace of that name."""
    try:
        await place.get("")
    except NotFound:
        return False
    return True


async def has_group(place: WorkspaceClient) -> bool:
    """Whether there is the resource group that it is to lie in."""
    path = f"/subscriptions/{place.id.subscription_id}/resourcegroups/{place.id.resource_group}"
    try:
        await place.client.get(path, api_version=GROUPS_VERSION)
    except NotFound:
        return False
    return True


def _id(kind: str, name: str) -> str:
    return f"[resourceId('{kind}', '{name}')]"
