"""Tenants, subscriptions and workspaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.change import Change, is_deleted, state_of
from amltui.emulator.jobs.wiretime import iso

PROVIDER = "Microsoft.MachineLearningServices"


def guid(*names: str) -> str:
    """The same for the same names, in every start of the service."""
    return str(uuid5(NAMESPACE_URL, "/".join(names)))


@dataclass(frozen=True)
class Subscription:
    """A subscription that the signed-in user can read."""

    id: str
    name: str
    tenant: str
    state: str = "Enabled"

    def body(self) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{self.id}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "tags": {},
            "subscriptionId": self.id,
            "tenantId": self.tenant,
            "displayName": self.name,
            "state": self.state,
            "subscriptionPolicies": {
                "locationPlacementId": "Internal_2014-09-01",
                "quotaId": "Internal_2014-09-01",
                "spendingLimit": "Off",
            },
        }


@dataclass(frozen=True)
class ResourceGroup:
    """A resource group: those of workspaces are there, others a client makes."""

    subscription: str
    name: str
    location: str
    tags: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{self.subscription}/resourceGroups/{self.name}",
            "name": self.name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": self.location,
            "tags": self.tags,
            "properties": {"provisioningState": "Succeeded"},
        }


@dataclass(frozen=True)
class Workspace:
    """A workspace and what ARM says of it."""

    subscription: Subscription
    group: str
    name: str
    location: str
    created: float
    created_by: str = "kim@contoso.com"
    kind: str | None = "Default"
    tags: dict[str, str] = field(default_factory=dict)
    identity: dict[str, Any] | None = None
    """As a client put it; None is a system-assigned one."""
    properties: dict[str, Any] = field(default_factory=dict)
    """What a client has put in place of what stands there otherwise."""
    change: Change | None = None
    is_deleted: bool = False

    @property
    def group_id(self) -> str:
        return f"/subscriptions/{self.subscription.id}/resourceGroups/{self.group}"

    @property
    def id(self) -> str:
        return self.id_of(self.subscription.id, self.group, self.name)

    @staticmethod
    def id_of(subscription: str, group: str, name: str) -> str:
        return (
            f"/subscriptions/{subscription}/resourceGroups/{group}"
            f"/providers/{PROVIDER}/workspaces/{name}"
        )

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Workspace:
        change = value["change"]
        return cls(
            **{
                **value,
                "subscription": Subscription(**value["subscription"]),
                "change": Change(**change) if change else None,
            }
        )

    @property
    def guid(self) -> str:
        return guid(self.id.lower())

    def is_gone(self, now: float) -> bool:
        return self.is_deleted or is_deleted(self.change, now)

    @property
    def account(self) -> str:
        """Its storage account: three to 24 letters and digits."""
        letters = "".join(glyph for glyph in self.name.lower() if glyph.isalnum())
        return f"{letters[:14]}{self.guid[:8]}"

    def body(self, base: str, now: float) -> dict[str, Any]:
        """As ARM writes it, with every link on the host that was asked."""
        host = base.partition("://")[2]
        group, guid_ = f"{self.group_id}/providers", self.guid
        return {
            "id": self.id,
            "name": self.name,
            "type": f"{PROVIDER}/workspaces",
            "location": self.location,
            "tags": self.tags,
            "etag": None,
            "kind": self.kind,
            "sku": {"name": "Basic", "tier": "Basic"},
            "identity": {
                "type": "SystemAssigned",
                "principalId": guid(self.id, "principal"),
                "tenantId": self.subscription.tenant,
                **(self.identity or {}),
            },
            "properties": {
                "friendlyName": self.name,
                "description": "",
                "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/{self.account}",
                "keyVault": f"{group}/Microsoft.Keyvault/vaults/kv{guid_[:8]}",
                "applicationInsights": f"{group}/Microsoft.insights/components/ai{guid_[:8]}",
                "containerRegistry": None,
                "hbiWorkspace": False,
                "tenantId": self.subscription.tenant,
                "imageBuildCompute": None,
                "provisioningState": state_of(self.change, now),
                "v1LegacyMode": False,
                "softDeleteEnabled": False,
                "creationTime": iso(self.created),
                "notebookInfo": {
                    "resourceId": guid_.replace("-", ""),
                    "fqdn": f"ml-{self.name}-{guid_}.{self.location}.notebooks.azure.net",
                    "isPrivateLinkEnabled": False,
                    "notebookPreparationError": None,
                },
                "storageHnsEnabled": False,
                "workspaceId": guid_,
                "linkedModelInventoryArmId": None,
                "privateLinkCount": 0,
                "publicNetworkAccess": "Enabled",
                "discoveryUrl": f"{base}/discovery/workspaces/{guid_}",
                "mlFlowTrackingUri": f"azureml://{host}/mlflow/v1.0{self.id}",
                "sdkTelemetryAppInsightsKey": guid(self.id, "insights"),
                "sasGetterUri": "",
                "enableDataIsolation": False,
                **self.properties,
            },
            "systemData": {
                "createdAt": iso(self.created),
                "createdBy": self.created_by,
                "createdByType": "User",
                "lastModifiedAt": iso(self.created),
                "lastModifiedBy": self.created_by,
                "lastModifiedByType": "User",
            },
        }


def discovery(base: str) -> dict[str, str]:
    """Where a workspace's services are: here, all of them."""
    names = (
        "api",
        "catalog",
        "experimentation",
        "gallery",
        "history",
        "hyperdrive",
        "labeling",
        "modelmanagement",
        "pipelines",
    )
    return {**dict.fromkeys(names, base), "studio": "https://ml.azure.com"}
