"""What a workspace says of its health, its network and what it can do."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import dependents, operations
from amltui.emulator.http.asked import object_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style

DIAGNOSIS = 3.0
"""Seconds that it takes."""
_RESULTS = (
    "userDefinedRouteResults",
    "networkSecurityRuleResults",
    "resourceLockResults",
    "dnsResolutionResults",
    "storageAccountResults",
    "keyVaultResults",
    "containerRegistryResults",
    "applicationInsightsResults",
    "otherResults",
)
_FEATURES = (
    ("automatedml_createeditexperimentsui", "Create and edit AutoML experiments"),
    ("notebooks_ui", "Notebooks in the studio"),
    ("managed_network", "Managed virtual network"),
    ("serverless_compute", "Jobs without a compute of one's own"),
)
_OUTBOUND = (
    ("Azure Active Directory", ("login.microsoftonline.com", "graph.windows.net"), (443,)),
    ("Azure portal", ("management.azure.com",), (443,)),
    ("Azure Machine Learning", ("{region}.api.azureml.ms", "ml.azure.com"), (443,)),
    ("Azure Container Registry", ("*.azurecr.io", "mcr.microsoft.com"), (443,)),
    ("Azure Storage", ("{account}.blob.core.windows.net",), (443,)),
    ("Azure Storage", ("{account}.file.core.windows.net",), (443, 445)),
)


async def diagnose(call: Call) -> Response:
    """202 with a Location only, as recorded. What a workspace stands on may have been deleted."""
    object_of(await call.body(), "value")
    begun = operations.begin(call, Style.WORKSPACE, DIAGNOSIS, result={"value": _found(call)})
    headers = operations.following(call, begun, call.workspace.location)
    del headers["Azure-AsyncOperation"]
    return Response(b"", 202, headers)


def _found(call: Call) -> dict[str, list[dict[str, str]]]:
    dependents.found(call.world, call.params["sub"])
    results: dict[str, list[dict[str, str]]] = {name: [] for name in _RESULTS}
    for name, identity in call.workspace.stands_on.items():
        if identity is None or call.world.resources.get(identity, call.now):
            continue
        message = (
            f"Resource {identity} has been removed, which is an essential resource to use Azure"
            f" Machine Learning. Please recover Resource {identity}."
        )
        results[f"{name}Results"].append(
            {"code": "DependencyResourceNotExist", "level": "Error", "message": message}
        )
    return results


async def outbound(call: Call) -> Response:
    """The hosts that a firewall has to let through."""
    place = call.workspace
    categories: list[dict[str, Any]] = [
        {
            "properties": {
                "category": category,
                "endpoints": [
                    {
                        "domainName": host.format(region=place.location, account=place.account),
                        "endpointDetails": [{"port": port} for port in ports],
                    }
                    for host in hosts
                ],
            }
        }
        for category, hosts, ports in _OUTBOUND
    ]
    return JSONResponse({"value": categories})


async def features(call: Call) -> Response:
    _ = call.workspace
    return JSONResponse(
        {
            "value": [
                {"id": each, "displayName": text, "description": text} for each, text in _FEATURES
            ]
        }
    )


async def private_links(call: Call) -> Response:
    place = call.workspace
    zones = ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"{place.id}/privateLinkResources/amlworkspace",
                    "name": "amlworkspace",
                    "type": "Microsoft.MachineLearningServices/workspaces/privateLinkResources",
                    "location": place.location,
                    "tags": None,
                    "sku": None,
                    "identity": None,
                    "properties": {
                        "groupId": "amlworkspace",
                        "requiredMembers": ["default", "notebook"],
                        "requiredZoneNames": zones,
                    },
                }
            ]
        }
    )


ROUTES = [
    Route("POST", f"{WORKSPACE}/diagnose", diagnose, "Workspaces_Diagnose"),
    Route(
        "GET",
        f"{WORKSPACE}/outboundNetworkDependenciesEndpoints",
        outbound,
        "Workspaces_ListOutboundNetworkDependenciesEndpoints",
    ),
    Route("GET", f"{WORKSPACE}/features", features, "WorkspaceFeatures_List"),
    Route("GET", f"{WORKSPACE}/privateLinkResources", private_links, "PrivateLinkResources_List"),
]
