"""What ARM says of computes that Azure ML does not make itself."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.kinds import BY_TYPE
from amltui.emulator.computes.record import Compute
from amltui.emulator.places import guid


def attached(compute: Compute) -> dict[str, Any]:
    """The properties of its kind: what was put, and what the service finds out."""
    told = {**BY_TYPE[compute.type.lower()].members, **compute.asked}
    return {**told, **_found(compute, told)}


def _found(compute: Compute, told: dict[str, Any]) -> dict[str, Any]:
    parts = (compute.resource or "").split("/")
    if compute.type == "Kubernetes":
        return {"extensionPrincipalId": guid(compute.name, "extension")}
    if compute.type == "AKS":
        front = {"systemServiceType": "ScoringFrontEnd", "publicIpAddress": "203.0.113.40"}
        return {
            "clusterFqdn": told["clusterFqdn"] or f"{compute.name}-dns.hcp.azmk8s.io",
            "systemServices": [{**front, "version": "2024-08"}],
        }
    if compute.type in {"VirtualMachine", "HDInsight"}:
        return {"address": told["address"] or "203.0.113.41"}
    if compute.type == "Databricks":
        return {"workspaceUrl": told["workspaceUrl"] or f"adb-{compute.name}.azuredatabricks.net"}
    if compute.type == "SynapseSpark" and len(parts) > 10:
        return {
            "subscriptionId": parts[2],
            "resourceGroup": parts[4],
            "workspaceName": parts[8],
            "poolName": parts[10],
        }
    return {}
