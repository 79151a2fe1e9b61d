"""Online deployments: what clients may put, what is usual, and how ARM shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator.endpoints import changes
from amltui.emulator.http.asked import Malformed, mapping, object_of, one_of, text_of, whole, words
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

COMPUTES = ("Managed", "Kubernetes", "AzureMLCompute")
USUAL_SIZE = "Standard_F4s_v2"
PROBE = {
    "failureThreshold": 30,
    "successThreshold": 1,
    "timeout": "PT2S",
    "period": "PT10S",
    "initialDelay": "PT10S",
}
REQUESTS = {
    "maxQueueWait": "PT0S",
    "requestTimeout": "PT5S",
    "maxConcurrentRequestsPerInstance": 1,
}
MOST_INSTANCES = 50
_DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_SWITCH = ("Enabled", "Disabled")


def properties(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Of a deployment that was put, with what is usual for what was not mentioned."""
    if asked.get("endpointComputeType") is None:
        raise Malformed("The field endpointComputeType is required.")
    compute = one_of(asked["endpointComputeType"], "endpointComputeType", COMPUTES)
    managed = compute == "Managed"
    return {
        "description": text_of(asked, "description", None),
        "properties": words(asked.get("properties"), "properties") or {},
        "codeConfiguration": _code(asked.get("codeConfiguration")),
        "environmentId": text_of(asked, "environmentId", None),
        "environmentVariables": words(asked.get("environmentVariables"), "environmentVariables")
        or {},
        "scaleSettings": _scale(asked.get("scaleSettings"), compute),
        "requestSettings": _settings(asked.get("requestSettings"), "requestSettings", REQUESTS),
        "modelMountPath": text_of(asked, "modelMountPath", None),
        "appInsightsEnabled": bool(asked.get("appInsightsEnabled")),
        "livenessProbe": _settings(asked.get("livenessProbe"), "livenessProbe", PROBE),
        "readinessProbe": _settings(asked.get("readinessProbe"), "readinessProbe", PROBE),
        "instanceType": text_of(asked, "instanceType") or (USUAL_SIZE if managed else None),
        "model": text_of(asked, "model", None),
        "egressPublicNetworkAccess": one_of(
            asked.get("egressPublicNetworkAccess"), "egressPublicNetworkAccess", _SWITCH, "Enabled"
        ),
        "dataCollector": object_of(asked, "dataCollector") or None,
        "endpointComputeType": compute,
        **(
            {}
            if managed
            else {
                "containerResourceRequirements": object_of(asked, "containerResourceRequirements")
            }
        ),
    }


def sku(value: Any, held: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Its capacity is the number of instances."""
    asked = mapping(value, "sku")
    before = held or {"name": "Default", "tier": "Standard", "capacity": 1}
    capacity = asked.get("capacity")
    instances = before.get("capacity", 1) if capacity is None else whole(capacity, "capacity", 1)
    if instances > MOST_INSTANCES:
        raise Malformed(f"The field capacity must be at most {MOST_INSTANCES}.")
    return {**before, "name": text_of(asked, "name") or before["name"], "capacity": instances}


def instances(deployment: Resource) -> int:
    return int((deployment.members.get("sku") or {}).get("capacity") or 1)


def body(call: Call, deployment: Resource, state: str | None = None) -> dict[str, Any]:
    """As ARM shows it; `state` is another provisioning state than its own."""
    more: Mapping[str, Any] = deployment.properties.get("properties") or {}
    return deployment.body(
        properties={**more, **changes.operation_link(call, deployment)},
        provisioningState=state or deployment.state(call.now),
    )


def _code(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    asked = mapping(value, "codeConfiguration")
    script = text_of(asked, "scoringScript", None)
    if not script:
        raise Malformed("The field scoringScript is required.")
    return {"codeId": text_of(asked, "codeId", None), "scoringScript": script}


def _scale(value: Any, compute: str) -> dict[str, Any]:
    asked = mapping(value, "scaleSettings")
    usual = "TargetUtilization" if compute == "Kubernetes" else "Default"
    kind = one_of(asked.get("scaleType"), "scaleType", ("Default", "TargetUtilization"), usual)
    if kind == "Default":
        return {"scaleType": kind}
    least = whole(asked.get("minInstances") or 1, "minInstances")
    most = whole(asked.get("maxInstances") or max(least, 1), "maxInstances", 1)
    if least > most:
        raise Malformed("The field minInstances must not be above maxInstances.")
    return {
        "scaleType": kind,
        "minInstances": least,
        "maxInstances": most,
        "pollingInterval": _duration(asked.get("pollingInterval") or "PT1S", "pollingInterval"),
        "targetUtilizationPercentage": whole(
            asked.get("targetUtilizationPercentage") or 70, "targetUtilizationPercentage", 1
        ),
    }


def _settings(value: Any, name: str, usual: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and durations, like the usual ones."""
    asked = mapping(value, name)
    found = dict(usual)
    for key, each in usual.items():
        given = asked.get(key)
        if given is None:
            continue
        found[key] = whole(given, key, 1) if isinstance(each, int) else _duration(given, key)
    return found


def _duration(value: Any, name: str) -> str:
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise Malformed(f"The field {name} must be a duration like PT5S, not {value!r}.")
    return value
