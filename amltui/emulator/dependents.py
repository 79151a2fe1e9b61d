"""Resources of other providers: what workspaces stand on, and whatever a template deploys.

A workspace's storage account, vault and insights are there since it is; they are put among the
resources when somebody first looks for such. They outlive the workspace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import Workspace, guid
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.world import World

TYPES = {
    "microsoft.storage/storageaccounts": "Microsoft.Storage/storageAccounts",
    "microsoft.keyvault/vaults": "Microsoft.KeyVault/vaults",
    "microsoft.insights/components": "Microsoft.Insights/components",
    "microsoft.containerregistry/registries": "Microsoft.ContainerRegistry/registries",
    "microsoft.operationalinsights/workspaces": "Microsoft.OperationalInsights/workspaces",
    "microsoft.managedidentity/userassignedidentities": (
        "Microsoft.ManagedIdentity/userAssignedIdentities"
    ),
}
"""As ARM spells them; workspaces spell them otherwise."""
COLLECTIONS = tuple({each.rpartition("/")[2].lower() for each in TYPES.values()})


def found(world: World, *subscriptions: str) -> None:
    """See to it that what the workspaces of subscriptions stand on is among the resources."""
    if len(world.founded) == len(world.once_workspaces):
        return
    wanted = {each.lower() for each in subscriptions}
    for place in world.once_workspaces:
        key = place.id.lower()
        if key not in world.founded and place.subscription.id.lower() in wanted:
            world.founded.add(key)
            ids = [each for each in place.stands_on.values() if each]
            world.resources.stock(
                _of(world, place, each) for each in ids if world.resources.any(each) is None
            )


def _of(world: World, place: Workspace, id: str) -> Resource:  # noqa: A002
    """What stands behind a workspace that is closed to public networks is closed to them too."""
    closed = place.properties.get("publicNetworkAccess") == "Disabled"
    rules = {"networkAcls": _rules("Deny")} if closed and "storageaccounts" in id.lower() else {}
    return made(world, id, place.created, place.created_by, place.location, {}, rules)


def _rules(usual: str) -> dict[str, Any]:
    """Which networks may reach it; `usual` is for all that no rule is about."""
    return {
        "bypass": "AzureServices",
        "virtualNetworkRules": [],
        "ipRules": [],
        "defaultAction": usual,
    }


def made(
    world: World,
    id: str,  # noqa: A002
    created: float,
    who: str | None,
    location: str | None,
    asked: dict[str, Any],
    properties: dict[str, Any],
) -> Resource:
    """A resource of another provider, with what that provider adds to it."""
    head, _, rest = id.rpartition("/providers/")
    parts = rest.split("/")
    known = TYPES.get("/".join(parts[:2]).lower())
    if known is not None:
        rest = "/".join([known, *parts[2:]])
    usual, more = _usual(world, known or "", parts[-1], created, location)
    members = {
        name: asked.get(name, more.get(name))
        for name in ("sku", "kind", "identity", "plan", "zones", "managedBy")
        if asked.get(name, more.get(name)) is not None
    }
    if location is not None:
        members["location"] = location
    members["tags"] = asked.get("tags") or {}
    shown = {"provisioningState": "Succeeded", **usual, **properties}
    return Resource(f"{head}/providers/{rest}", created, who, shown, members)


def _usual(
    world: World, kind: str, name: str, created: float, location: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The properties, and the members beside them, of the kinds that workspaces stand on."""
    key = guid(kind, name)
    match kind.rpartition("/")[2]:
        case "storageAccounts":
            hosts = {
                each: f"https://{name}.{each}.core.windows.net/"
                for each in ("blob", "dfs", "file", "queue", "table", "web")
            }
            return {
                "creationTime": iso(created),
                "primaryLocation": location,
                "statusOfPrimary": "available",
                "primaryEndpoints": hosts,
                "supportsHttpsTrafficOnly": True,
                "allowBlobPublicAccess": False,
                "minimumTlsVersion": "TLS1_2",
                "accessTier": "Hot",
                "isHnsEnabled": False,
                "publicNetworkAccess": "Enabled",
                "networkAcls": _rules("Allow"),
            }, {"kind": "StorageV2", "sku": {"name": "Standard_LRS", "tier": "Standard"}}
        case "vaults":
            return {
                "tenantId": world.tenant,
                "vaultUri": f"https://{name}.vault.azure.net/",
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [],
                "enableSoftDelete": True,
                "enableRbacAuthorization": False,
                "publicNetworkAccess": "Enabled",
            }, {}
        case "components":
            return {
                "Application_Type": "web",
                "AppId": guid(key, "app"),
                "InstrumentationKey": key,
                "ConnectionString": f"InstrumentationKey={key}",
                "CreationDate": iso(created),
                "TenantId": world.tenant,
                "publicNetworkAccessForIngestion": "Enabled",
                "publicNetworkAccessForQuery": "Enabled",
            }, {"kind": "web"}
        case "registries":
            return {
                "loginServer": f"{name.lower()}.azurecr.io",
                "creationDate": iso(created),
                "adminUserEnabled": True,
                "publicNetworkAccess": "Enabled",
            }, {"sku": {"name": "Standard", "tier": "Standard"}}
        case "workspaces":
            return {"customerId": key, "retentionInDays": 30, "sku": {"name": "pergb2018"}}, {}
        case "userAssignedIdentities":
            return {
                "tenantId": world.tenant,
                "principalId": guid(key, "principal"),
                "clientId": guid(key, "client"),
            }, {}
    return {}, {}


def account_keys(world: World, account: str) -> tuple[str, str]:
    """The two keys of a storage account: the blob service is opened by them."""
    return world.signer.account_keys(account)
