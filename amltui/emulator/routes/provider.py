"""The resource provider itself: what it can do, and that the subscription may use it."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.http.route import SUBSCRIPTION, Route
from amltui.emulator.places import PROVIDER
from amltui.emulator.routes.subscriptions import REGIONS

VERSIONS = ("2025-12-01", "2025-09-01", "2025-06-01", "2024-10-01", "2024-04-01", "2023-10-01")
_TYPES = {
    "workspaces": ("diagnose", "listKeys", "resyncKeys", "provisionManagedNetwork"),
    "workspaces/computes": ("start", "stop", "restart", "listNodes", "listKeys"),
    "workspaces/jobs": ("cancel",),
    "workspaces/connections": ("listSecrets",),
    "workspaces/datastores": ("listSecrets",),
    "workspaces/models": (),
    "workspaces/data": (),
    "workspaces/environments": (),
    "workspaces/components": (),
    "workspaces/schedules": (),
    "workspaces/outboundRules": (),
    "workspaces/privateEndpointConnections": (),
    "workspaces/onlineEndpoints": ("listKeys", "regenerateKeys", "token", "score"),
    "workspaces/onlineEndpoints/deployments": ("getLogs",),
    "workspaces/batchEndpoints": ("listKeys",),
    "workspaces/batchEndpoints/deployments": (),
    "registries": ("removeRegions",),
}
"""Types of resources, and their actions."""


async def operations(call: Call) -> Response:
    """What a role may be allowed to do, by the names that roles know."""
    del call
    told = [
        each
        for kind, actions in _TYPES.items()
        for verb in ("read", "write", "delete", *(f"{action}/action" for action in actions))
        for each in [_operation(kind, verb)]
    ]
    return JSONResponse({"value": told})


def _operation(kind: str, verb: str) -> dict[str, Any]:
    return {
        "name": f"{PROVIDER}/{kind}/{verb}",
        "isDataAction": False,
        "origin": "user,system",
        "display": {
            "provider": "Microsoft Machine Learning Services",
            "resource": kind,
            "operation": verb,
            "description": f"{verb.partition('/')[0].capitalize()} {kind}",
        },
    }


async def registration(call: Call) -> Response:
    """Registered with every subscription, as if it had always been."""
    held = call.subscription
    regions = [name for name, _, _ in REGIONS.values()]
    return JSONResponse(
        {
            "id": f"/subscriptions/{held.id}/providers/{PROVIDER}",
            "namespace": PROVIDER,
            "registrationPolicy": "RegistrationRequired",
            "registrationState": "Registered",
            "authorizations": [],
            "resourceTypes": [
                {
                    "resourceType": kind,
                    "locations": regions,
                    "apiVersions": list(VERSIONS),
                    "defaultApiVersion": VERSIONS[0],
                    "capabilities": "SupportsTags, SupportsLocation",
                }
                for kind in _TYPES
            ],
        }
    )


ROUTES = [
    Route("GET", f"/providers/{PROVIDER}/operations", operations, "Operations_List"),
    Route("GET", f"{SUBSCRIPTION}/providers/{PROVIDER}", registration, "Providers_Get"),
    Route("POST", f"{SUBSCRIPTION}/providers/{PROVIDER}/register", registration,
          "Providers_Register"),
]  # fmt: skip
