"""Batch endpoints and deployments: what clients may put, and how ARM shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator.endpoints import changes, hosts
from amltui.emulator.endpoints.online import AUTH_MODES
from amltui.emulator.http.asked import Malformed, mapping, object_of, one_of, text_of, whole, words
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

COMPONENT = "ComponentDeployment.ComponentId"
"""The property of a deployment that runs a pipeline component."""
_LEVELS = ("Info", "Warning", "Debug")
_ACTIONS = ("SummaryOnly", "AppendRow")
_REFERENCES = ("Id", "DataPath", "OutputPath")


def endpoint(
    asked: Mapping[str, Any], held: Mapping[str, Any], deployments: Collection[str]
) -> dict[str, Any]:
    """Of an endpoint that was put; Malformed where it makes no sense."""
    defaults = object_of(asked, "defaults")
    default = text_of(defaults, "deploymentName", None)
    if default and default.lower() not in {each.lower() for each in deployments}:
        raise Malformed(f"The deployment {default} in defaults does not exist.")
    if asked.get("defaults") is None:
        default = (held.get("defaults") or {}).get("deploymentName")
    return {
        "description": text_of(asked, "description", None),
        "properties": words(asked.get("properties"), "properties") or {},
        "authMode": one_of(asked.get("authMode"), "authMode", AUTH_MODES, "AADToken"),
        "defaults": {"deploymentName": default or None},
    }


def endpoint_body(call: Call, resource: Resource) -> dict[str, Any]:
    """As ARM shows it; also batch endpoints call their id that of an online endpoint."""
    state = resource.state(call.now)
    address = hosts.inference(call, call.workspace, resource.name)
    more: Mapping[str, Any] = resource.properties.get("properties") or {}
    return resource.body(
        properties={
            "BatchEndpointCreationApiVersion": resource.kept.get("version", "2023-10-01"),
            **more,
            "azureml.onlineendpointid": _online(resource.id),
            **changes.operation_link(call, resource),
        },
        scoringUri=None if state in {"Creating", "Failed"} else f"{address}/jobs",
        swaggerUri=None,
        provisioningState=state,
    )


def deployment(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Of a deployment that was put, with what is usual; Malformed where it makes no sense."""
    retry = object_of(asked, "retrySettings")
    resources = object_of(asked, "resources")
    more = words(asked.get("properties"), "properties") or {}
    is_component = COMPONENT in more or asked.get("deploymentConfiguration") is not None
    model = _model(asked.get("model"))
    compute = text_of(asked, "compute", None)
    if not compute and not is_component:
        raise Malformed("The field compute is required.")
    if model is None and not is_component and not asked.get("environmentId"):
        raise Malformed("The field model is required.")
    return {
        "description": text_of(asked, "description", None),
        "properties": more,
        "codeConfiguration": object_of(asked, "codeConfiguration") or None,
        "environmentId": text_of(asked, "environmentId", None),
        "environmentVariables": words(asked.get("environmentVariables"), "environmentVariables"),
        "compute": compute,
        "errorThreshold": _number(asked, "errorThreshold", -1, least=-1),
        "retrySettings": {
            "maxRetries": _number(retry, "maxRetries", 3),
            "timeout": text_of(retry, "timeout") or "PT30S",
        },
        "miniBatchSize": _number(asked, "miniBatchSize", 10),
        "loggingLevel": one_of(asked.get("loggingLevel"), "loggingLevel", _LEVELS, "Info"),
        "model": model,
        "maxConcurrencyPerInstance": _number(asked, "maxConcurrencyPerInstance", 1),
        "outputAction": one_of(asked.get("outputAction"), "outputAction", _ACTIONS, "AppendRow"),
        "outputFileName": text_of(asked, "outputFileName") or "predictions.csv",
        "resources": {
            "instanceCount": _number(resources, "instanceCount", 1, least=1),
            "instanceType": text_of(resources, "instanceType", None),
            "properties": object_of(resources, "properties") or None,
        },
        **(
            {"deploymentConfiguration": mapping(asked["deploymentConfiguration"], "configuration")}
            if asked.get("deploymentConfiguration") is not None
            else {}
        ),
    }


def deployment_body(call: Call, resource: Resource, state: str | None = None) -> dict[str, Any]:
    more: Mapping[str, Any] = resource.properties.get("properties") or {}
    return resource.body(
        properties={
            **more,
            "azureml.onlineendpointid": _online(resource.id.rpartition("/deployments/")[0]),
            **changes.operation_link(call, resource),
        },
        provisioningState=state or resource.state(call.now),
    )


def _online(id: str) -> str:  # noqa: A002
    return id.lower().replace("/batchendpoints/", "/onlineendpoints/")


def _number(asked: Mapping[str, Any], name: str, usual: int, least: int = 0) -> int:
    value = asked.get(name)
    return usual if value is None else whole(value, name, least)


def _model(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    asked = mapping(value, "model")
    kind = one_of(asked.get("referenceType"), "referenceType", _REFERENCES, "Id")
    if kind == "Id" and not text_of(asked, "assetId"):
        raise Malformed("The field assetId is required.")
    return {**asked, "referenceType": kind}
