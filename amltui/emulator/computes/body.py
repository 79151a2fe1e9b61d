"""Computes as ARM writes them: doubly nested properties, sizes in capitals, explicit nulls."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.attached_body import attached
from amltui.emulator.computes.cluster_body import cluster
from amltui.emulator.computes.instance_body import instance
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.computes.sight import Sight
from amltui.emulator.computes.told_errors import told
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import PROVIDER, Workspace, guid


def body(sight: Sight) -> dict[str, Any]:
    """The resource at this moment, with the jobs that hold its nodes."""
    compute, place = sight.compute, sight.place
    location = compute.location or place.location
    state = compute.provisioning_at(sight.now)
    if compute.type == INSTANCE:
        inner = instance(sight)
    elif compute.type == CLUSTER:
        inner = cluster(sight)
    else:
        inner = attached(compute)
    return {
        "id": f"{place.id}/computes/{compute.name}",
        "name": compute.name,
        "type": f"{PROVIDER}/workspaces/computes",
        "location": location,
        "tags": compute.tags,
        "identity": _identity(compute, place),
        "sku": None,
        "properties": {
            "createdOn": iso(compute.created),
            "modifiedOn": iso(_modified(compute)),
            "disableLocalAuth": compute.members.get("disableLocalAuth", compute.type == INSTANCE),
            "description": compute.members.get("description"),
            "resourceId": compute.resource,
            "computeType": compute.type,
            "computeLocation": location,
            "provisioningState": state,
            "provisioningErrors": _failures(compute) if state == "Failed" else None,
            "isAttachedCompute": compute.resource is not None,
            "properties": inner,
        },
        "systemData": _system_data(compute),
    }


def _modified(compute: Compute) -> float:
    return compute.created + 4.38 if compute.modified is None else compute.modified


def _failures(compute: Compute) -> list[dict[str, Any]]:
    """Why it failed."""
    change = compute.change
    if not compute.errors and change is not None and change.error is not None:
        return told([("OperationFailed", change.error)])
    return told(compute.errors)


def _identity(compute: Compute, place: Workspace) -> dict[str, Any] | None:
    """With the principals that the service made for it."""
    asked = compute.members.get("identity")
    if asked is None:
        return None
    identity: dict[str, Any] = {"type": asked["type"]}
    if "systemassigned" in asked["type"].lower():
        identity["principalId"] = guid(compute.key, "principal")
        identity["tenantId"] = place.subscription.tenant
    if asked["userAssignedIdentities"]:
        identity["userAssignedIdentities"] = {
            each: {"principalId": guid(each, "principal"), "clientId": guid(each, "client")}
            for each in asked["userAssignedIdentities"]
        }
    return identity


def _system_data(compute: Compute) -> dict[str, Any] | None:
    """Without who changed it last, as often."""
    if not compute.owner:
        return None
    return {
        "createdAt": iso(compute.created),
        "createdBy": compute.owner,
        "createdByType": "User",
        "lastModifiedAt": iso(compute.modified or compute.created),
    }
