"""Online endpoints and their deployments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.jobs.place import Place
from amltui.emulator.jobs.wiretime import iso

TYPE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"


@dataclass(frozen=True)
class Deployment:
    """One deployment behind an endpoint."""

    name: str
    created: float
    size: str
    instances: int
    model: str
    """Name and version: `credit-gbm/7`."""
    state: str = "Succeeded"
    log: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnlineEndpoint:
    """An address that scores, and how its requests are spread."""

    workspace: str
    name: str
    created: float
    auth: str = "Key"
    traffic: dict[str, int] = field(default_factory=dict)
    mirror: dict[str, int] = field(default_factory=dict)
    state: str = "Succeeded"
    description: str | None = None
    tags: dict[str, str | None] | None = field(default_factory=dict)
    deployments: tuple[Deployment, ...] = ()


@dataclass
class EndpointBook:
    """The online endpoints of every workspace."""

    _endpoints: dict[str, dict[str, OnlineEndpoint]] = field(default_factory=dict)

    def of(self, workspace: str) -> list[OnlineEndpoint]:
        """Newest first."""
        known = self._endpoints.get(workspace.lower(), {}).values()
        return sorted(known, key=lambda each: each.created, reverse=True)

    def get(self, workspace: str, name: str) -> OnlineEndpoint | None:
        return self._endpoints.get(workspace.lower(), {}).get(name.lower())

    def stock(self, endpoints: list[OnlineEndpoint]) -> None:
        """What a scenario begins with."""
        for each in endpoints:
            self._endpoints.setdefault(each.workspace.lower(), {})[each.name.lower()] = each


def deployment_of(endpoint: OnlineEndpoint, name: str) -> Deployment | None:
    found = (each for each in endpoint.deployments if each.name.lower() == name.lower())
    return next(found, None)


def endpoint_body(endpoint: OnlineEndpoint, place: Place) -> dict[str, Any]:
    """An endpoint as ARM shows it."""
    identity = f"{place.workspace}/onlineEndpoints/{endpoint.name}"
    scoring = f"https://{endpoint.name}.{place.location}.inference.ml.azure.com"
    return {
        "id": identity,
        "name": endpoint.name,
        "type": TYPE,
        "properties": {
            "description": endpoint.description,
            "properties": {"azureml.onlineendpointid": identity.lower()},
            "scoringUri": f"{scoring}/score",
            "swaggerUri": f"{scoring}/swagger.json",
            "authMode": endpoint.auth,
            "provisioningState": endpoint.state,
            "compute": None,
            "traffic": endpoint.traffic,
            "mirrorTraffic": endpoint.mirror,
            "publicNetworkAccess": "Enabled",
        },
        "systemData": _system(endpoint.created),
        "tags": endpoint.tags,
        "location": place.location,
        "kind": "Managed",
        "identity": {
            "type": "SystemAssigned",
            "principalId": str(uuid5(NAMESPACE_URL, identity)),
            "tenantId": place.tenant,
        },
    }


def deployment_body(
    endpoint: OnlineEndpoint, deployment: Deployment, place: Place
) -> dict[str, Any]:
    """A deployment as ARM shows it."""
    model, _, version = deployment.model.partition("/")
    probe = {
        "failureThreshold": 30,
        "successThreshold": 1,
        "timeout": "PT2S",
        "period": "PT10S",
        "initialDelay": "PT10S",
    }
    return {
        "id": f"{place.workspace}/onlineEndpoints/{endpoint.name}/deployments/{deployment.name}",
        "name": deployment.name,
        "type": f"{TYPE}/deployments",
        "properties": {
            "description": None,
            "properties": {},
            "codeConfiguration": {"codeId": None, "scoringScript": "score.py"},
            "environmentId": f"{place.workspace}/environments/sklearn-1.5/versions/33",
            "environmentVariables": {},
            "scaleSettings": {"scaleType": "Default"},
            "requestSettings": {
                "maxQueueWait": "PT0S",
                "requestTimeout": "PT5S",
                "maxConcurrentRequestsPerInstance": 1,
            },
            "modelMountPath": None,
            "appInsightsEnabled": False,
            "livenessProbe": probe,
            "readinessProbe": probe,
            "provisioningState": deployment.state,
            "instanceType": deployment.size,
            "model": f"{place.workspace}/models/{model}/versions/{version}",
            "egressPublicNetworkAccess": "Enabled",
            "dataCollector": None,
            "endpointComputeType": "Managed",
        },
        "systemData": _system(deployment.created),
        "tags": {},
        "location": place.location,
        "kind": "Managed",
        "sku": {"name": "Default", "tier": "Standard", "capacity": deployment.instances},
    }


def keys(endpoint: OnlineEndpoint, place: Place) -> dict[str, str]:
    identity = f"{place.workspace.lower()}/{endpoint.name}"
    return {
        "primaryKey": uuid5(NAMESPACE_URL, f"{identity}/primary").hex,
        "secondaryKey": uuid5(NAMESPACE_URL, f"{identity}/secondary").hex,
    }


def _system(created: float) -> dict[str, Any]:
    return {"createdAt": iso(created), "createdBy": "Paul Weber", "lastModifiedAt": iso(created)}
