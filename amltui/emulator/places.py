"""Tenants, subscriptions and workspaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.change import Change, is_deleted, state_of
from amltui.emulator.jobs.wiretime import iso

PROVIDER = "Microsoft.MachineLearningServices"


@lru_cache(maxsize=50_000)
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
    change: Change | None = None

    @property
    def id(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"

    @property
    def key(self) -> str:
        return f"{self.subscription}/{self.name}".lower()

    def is_gone(self, now: float) -> bool:
        return is_deleted(self.change, now)

    def body(self, now: float) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": self.location,
            "tags": self.tags,
            "properties": {"provisioningState": state_of(self.change, now)},
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> ResourceGroup:
        change = value.get("change")
        return cls(**{**value, "change": Change(**change) if change else None})


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
    is_purged: bool = False
    """Whether its deletion, if there was one, left nothing to recover."""
    is_made: bool = False
    """Whether a client made it: it is filled with what any workspace has, by no scenario."""
    modified: float | None = None
    modified_by: str | None = None

    @cached_property
    def group_id(self) -> str:
        return f"/subscriptions/{self.subscription.id}/resourceGroups/{self.group}"

    @cached_property
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

    @cached_property
    def guid(self) -> str:
        return guid(self.id.lower())

    def is_gone(self, now: float) -> bool:
        return self.is_deleted or is_deleted(self.change, now)

    @cached_property
    def account(self) -> str:
        """Its storage account: three to 24 letters and digits."""
        given = self.properties.get("storageAccount")
        if given:
            return str(given).rpartition("/")[2].lower()
        letters = "".join(glyph for glyph in self.name.lower() if glyph.isalnum())
        return f"{letters[:14]}{self.guid[:8]}"

    @property
    def stands_on(self) -> dict[str, str | None]:
        """The resources that it needs, by their names among its properties."""
        group, guid_ = f"{self.group_id}/providers", self.guid
        usual = {
            "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/{self.account}",
            "keyVault": f"{group}/Microsoft.Keyvault/vaults/kv{guid_[:8]}",
            "applicationInsights": f"{group}/Microsoft.insights/components/ai{guid_[:8]}",
            "containerRegistry": None,
        }
        return {name: self.properties.get(name, known) for name, known in usual.items()}

    @cached_property
    def _told(self) -> dict[str, dict[str, Any]]:
        """By the host that was asked, what is told of it as long as nothing is being done to it."""
        return {}

    def body(self, base: str, now: float) -> dict[str, Any]:
        """As ARM writes it, with every link on the host that was asked."""
        if self.change is not None:
            return self._body(base, now)
        known = self._told.get(base)
        if known is None:
            known = self._told[base] = self._body(base, now)
        return {**known, "properties": {**known["properties"]}}

    def _body(self, base: str, now: float) -> dict[str, Any]:
        host = base.partition("://")[2]
        guid_ = self.guid
        return {
            "id": self.id,
            "name": self.name,
            "type": f"{PROVIDER}/workspaces",
            "location": self.location,
            "tags": self.tags,
            "etag": None,
            "kind": self.kind,
            "sku": {"name": "Basic", "tier": "Basic"},
            "identity": identity_body(self.identity, self.id, self.subscription.tenant),
            "properties": {
                "friendlyName": self.name,
                "description": "",
                **self.stands_on,
                "hbiWorkspace": False,
                "tenantId": self.subscription.tenant,
                "imageBuildCompute": None,
                "provisioningState": state_of(self.change, now),
                "managedNetwork": {"isolationMode": "Disabled"},
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
                "lastModifiedAt": iso(self.created if self.modified is None else self.modified),
                "lastModifiedBy": self.modified_by or self.created_by,
                "lastModifiedByType": "User",
            },
        }


def identity_body(asked: dict[str, Any] | None, id: str, tenant: str) -> dict[str, Any]:  # noqa: A002
    """A managed identity as ARM shows it, with the ids that the directory gave it."""
    kinds = str((asked or {}).get("type") or "SystemAssigned").replace(" ", "")
    known = {each.lower(): each for each in ("SystemAssigned", "UserAssigned", "None")}
    names = [known.get(each.lower(), each) for each in kinds.split(",")]
    shown: dict[str, Any] = {"type": ",".join(names)}
    if "SystemAssigned" in names:
        shown |= {"principalId": guid(id, "principal"), "tenantId": tenant}
    if "UserAssigned" in names:
        given = (asked or {}).get("userAssignedIdentities") or {}
        shown["userAssignedIdentities"] = {
            each: {"principalId": guid(each, "principal"), "clientId": guid(each, "client")}
            for each, kept in given.items()
            if kept is not None
        }
    return shown


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
