"""A deployment as it is kept, and as it is shown: its state follows from that of its steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import guid
from amltui.emulator.resources import Resource

_SECRET = {"securestring", "secureobject"}


@dataclass(frozen=True)
class Step:
    """One resource that a deployment has put."""

    id: str
    type: str
    name: str
    status: int
    """What the PUT answered."""
    began: float
    takes: float
    error: Mapping[str, Any] | None = None
    """Why the resource is not there, as its provider said."""

    def state(self, now: float) -> str:
        if now < self.began + self.takes:
            return "Running"
        return "Failed" if self.error else "Succeeded"


def steps(deployment: Resource) -> list[Step]:
    return [Step(**each) for each in deployment.kept.get("steps") or ()]


def kept(
    planned: Sequence[Step], template: Mapping[str, Any], outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """What the service knows of a deployment and shows elsewhere."""
    return {
        "steps": [asdict(each) for each in planned],
        "template": dict(template),
        "outputs": dict(outputs),
    }


def ends(deployment: Resource) -> float:
    """When its last step is over."""
    told = steps(deployment)
    return max((each.began + each.takes for each in told), default=deployment.created)


def state(deployment: Resource, now: float) -> str:
    """Running until all is there; Failed as soon as that is known."""
    if "canceled" in deployment.kept:
        return "Canceled"
    states = {each.state(now) for each in steps(deployment)}
    if "Running" in states:
        return "Running"
    return "Failed" if "Failed" in states else "Succeeded"


def body(deployment: Resource, now: float) -> dict[str, Any]:
    """As Resource Manager shows it; what it made is told once it is over."""
    told, how = steps(deployment), state(deployment, now)
    is_over = how in {"Succeeded", "Failed", "Canceled"}
    until = deployment.kept.get("canceled") or min(now, ends(deployment))
    properties: dict[str, Any] = {
        **deployment.properties,
        "provisioningState": how,
        "timestamp": iso(until),
        "duration": f"PT{until - deployment.created:.7g}S",
        "correlationId": guid(deployment.id.lower(), str(deployment.created)),
        "providers": _providers(told),
        "dependencies": [],
    }
    if is_over:
        properties["outputs"] = deployment.kept.get("outputs") or {}
        properties["outputResources"] = [{"id": each.id} for each in told if not each.error]
        properties["validatedResources"] = []
    if how == "Failed":
        properties["error"] = error(told)
    return {
        "id": deployment.id,
        "name": deployment.name,
        "type": "Microsoft.Resources/deployments",
        "tags": deployment.members.get("tags") or {},
        "properties": properties,
    }


def error(told: Sequence[Step]) -> dict[str, Any]:
    """Why a deployment has failed: what was said of each resource is in the details."""
    return {
        "code": "DeploymentFailed",
        "message": "At least one resource deployment operation failed. Please list deployment"
        " operations for details. Please see https://aka.ms/arm-deployment-operations for usage"
        " details.",
        "details": [
            {"code": "ResourceDeploymentFailure", "target": each.id, **each.error}
            for each in told
            if each.error
        ],
    }


def operation(deployment: Resource, step: Step, now: float) -> dict[str, Any]:
    """One step, as the list of operations shows it."""
    known = guid(step.id.lower(), str(step.began)).replace("-", "").upper()[:16]
    how = step.state(now)
    until = min(now, step.began + step.takes)
    properties: dict[str, Any] = {
        "provisioningOperation": "Create",
        "provisioningState": how,
        "timestamp": iso(until),
        "duration": f"PT{until - step.began:.7g}S",
        "trackingId": guid(known, "tracking"),
        "serviceRequestId": guid(known, "request"),
        "statusCode": {200: "OK", 201: "Created", 202: "Accepted"}.get(step.status, "BadRequest"),
        "targetResource": {
            "id": step.id,
            "resourceType": step.type,
            "resourceName": step.name,
        },
    }
    if how == "Failed" and step.error:
        properties["statusMessage"] = {"status": "Failed", "error": dict(step.error)}
    elif how == "Succeeded":
        properties["statusCode"] = "Created" if step.status != 200 else "OK"
    return {"id": f"{deployment.id}/operations/{known}", "operationId": known,
            "properties": properties}  # fmt: skip


def parameters(declared: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Every parameter with its value, but for secrets. `value` gives that of a name."""
    shown: dict[str, Any] = {}
    for name, told in declared.items():
        kind = str(told.get("type") or "")
        shown[name] = {"type": kind[:1].upper() + kind[1:]}
        if kind.lower() not in _SECRET:
            shown[name]["value"] = value(name)
    return shown


def hash_of(template: Mapping[str, Any]) -> str:
    """Resource Manager's name for a template: a number of some 20 digits."""
    text = json.dumps(template, sort_keys=True)
    return str(int.from_bytes(sha256(text.encode()).digest()[:8]))


def _providers(told: Sequence[Step]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, None]] = {}
    for each in told:
        namespace, _, kind = each.type.partition("/")
        found.setdefault(namespace, {})[kind] = None
    return [
        {
            "namespace": namespace,
            "resourceTypes": [{"resourceType": kind, "locations": [None]} for kind in kinds],
        }
        for namespace, kinds in found.items()
    ]
