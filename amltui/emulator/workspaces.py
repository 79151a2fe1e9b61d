"""Workspaces as clients put them: what is kept of a body, and what is shown of the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator.http import errors
from amltui.emulator.http.asked import mapping, object_of, text_of, wrong
from amltui.emulator.places import Workspace

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

CREATION, UPDATE, DELETION = 20.0, 4.0, 10.0
"""Seconds that they take."""
_KINDS = {each.lower(): each for each in ("Default", "Hub", "Project", "FeatureStore")}
_NAME = re.compile(r"[a-zA-Z0-9][\w-]{2,32}")
_READ_ONLY = {
    "workspaceId",
    "provisioningState",
    "tenantId",
    "creationTime",
    "notebookInfo",
    "mlFlowTrackingUri",
    "discoveryUrl",
    "privateLinkCount",
    "privateEndpointConnections",
    "storageHnsEnabled",
    "serviceProvisionedResourceGroup",
    "associatedWorkspaces",
}
_ASKED_ONCE = {"allowRecoverSoftDeletedWorkspace", "provisionNetworkNow"}
"""What a client says when it makes a workspace, and no answer repeats."""
_TRUTHS = {
    "hbiWorkspace",
    "softDeleteEnabled",
    "v1LegacyMode",
    "enableDataIsolation",
    "allowRoleAssignmentOnRG",
    "allowPublicAccessWhenBehindVnet",
}
"""Templates write these as strings."""
_TEXTS = ("storageAccount", "keyVault", "applicationInsights", "containerRegistry", "friendlyName",
          "description", "imageBuildCompute", "publicNetworkAccess", "hubResourceId")  # fmt: skip
_SPELLED = {
    name.lower(): name
    for name in (
        "featureStoreSettings",
        "computeRuntime",
        "sparkRuntimeVersion",
        "offlineStoreConnectionName",
        "onlineStoreConnectionName",
        "searchAccountArmId",
    )
}
_OBJECTS = (
    "encryption",
    "managedNetwork",
    "featureStoreSettings",
    "serverlessComputeSettings",
    "workspaceHubConfig",
)


def body(call: Call, place: Workspace) -> dict[str, Any]:
    """As ARM shows it; a hub with the projects that belong to it."""
    shown = place.body(call.base, call.now)
    linked = call.world.resources.within(f"{place.id}/privateEndpointConnections", call.now)
    if linked:
        shown["properties"]["privateLinkCount"] = len(linked)
        shown["properties"]["privateEndpointConnections"] = [each.body() for each in linked]
    if place.kind == "Hub":
        shown["properties"]["associatedWorkspaces"] = [
            each.id
            for each in call.world.workspaces.values()
            if str(each.properties.get("hubResourceId")).lower() == place.id.lower()
        ]
    return shown


def checked_name(call: Call, name: str) -> str:
    if not _NAME.fullmatch(name):
        message = (
            f"The workspace name '{name}' is invalid: 3 to 33 letters, digits, underscores"
            " and hyphens, of which the first is a letter or a digit."
        )
        raise call.refused(400, message, "BadArgument", "InvalidWorkspaceName")
    return name


def kind_of(call: Call, asked: Mapping[str, Any]) -> str:
    """The kind that a client wants, spelled as the service does."""
    text = text_of(asked, "kind") or "Default"
    kind = _KINDS.get(text.lower())
    if kind is None:
        message = f"The workspace kind '{text}' is invalid: choose {', '.join(_KINDS.values())}."
        raise call.refused(400, message, "BadArgument", "InvalidWorkspaceKind")
    return kind


def properties_of(
    asked: Mapping[str, Any], known: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What is kept of a client's properties, over those that are known."""
    asked = _spelled(asked)
    for name in _TEXTS:
        text_of(asked, name)
    for name in _OBJECTS:
        object_of(asked, name)
    network = object_of(asked, "managedNetwork")
    for rule in object_of(network, "outboundRules").values():
        mapping(rule, "outboundRule")
    object_of(network, "status")
    kept = dict(known or {})
    for name, value in asked.items():
        if name in _READ_ONLY or name in _ASKED_ONCE:
            continue
        if value is None and known is not None:
            continue
        kept[name] = _told(name, value)
    if _is_off(kept.get("encryption")):
        del kept["encryption"]
    for name in ("storageAccount", "keyVault"):
        if not kept.get(name):
            kept.pop(name, None)
    return kept


def _spelled(value: Any) -> Any:
    """With names as the service spells them: templates write some in lower case."""
    if isinstance(value, dict):
        return {_SPELLED.get(name.lower(), name): _spelled(each) for name, each in value.items()}
    return value


def _told(name: str, value: Any) -> Any:
    """As the service keeps it: truths are no strings, and an empty string is nothing."""
    if name in _TRUTHS and isinstance(value, str):
        return value.lower() == "true"
    if value == "" and name not in {"description", "friendlyName", "sasGetterUri"}:
        return None
    return value


def _is_off(encryption: Any) -> bool:
    return isinstance(encryption, dict) and encryption.get("status") != "Enabled"


def identity_of(asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The identity that a client wants; None where it says nothing."""
    if asked.get("identity") is None:
        return None
    identity = object_of(asked, "identity")
    if not text_of(identity, "type"):
        raise wrong("identity.type", "a kind of identity")
    object_of(identity, "userAssignedIdentities")
    return identity


def checked_hub(call: Call, properties: Mapping[str, Any], kind: str) -> None:
    """A project belongs to a hub that is there."""
    if kind != "Project":
        return
    hub = call.world.workspaces.get(str(properties.get("hubResourceId") or "").lower())
    if hub is None or hub.kind != "Hub":
        message = "A workspace of kind Project needs hubResourceId: the id of a hub that exists."
        raise call.refused(400, message, "BadArgument", "InvalidHubResourceId")


def no_group(name: str) -> errors.Refusal:
    message = f"Resource group '{name}' could not be found."
    return errors.Refusal(errors.gateway(404, "ResourceGroupNotFound", message))
