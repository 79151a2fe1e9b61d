"""Tenants, subscriptions, resource groups and their resources."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import errors
from amltui.emulator.arm.places import PROVIDER
from amltui.emulator.arm.route import Ask, Route

_TYPE = re.compile(r"resourceType\s+eq\s+'([^']*)'", re.IGNORECASE)


async def tenants(ask: Ask) -> Response:
    tenant = ask.world.tenant
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"/tenants/{tenant}",
                    "tenantId": tenant,
                    "tenantCategory": "Home",
                    "displayName": "Contoso",
                    "defaultDomain": "contoso.com",
                    "domains": ["contoso.com"],
                    "countryCode": "US",
                    "tenantType": "AAD",
                }
            ]
        }
    )


async def subscriptions(ask: Ask) -> Response:
    bodies = [each.body() for each in ask.world.subscriptions]
    count = {"type": "Total", "value": len(bodies)}
    return JSONResponse({"value": bodies, "count": count})


async def subscription(ask: Ask) -> Response:
    found = ask.subscription()
    return _no_subscription(ask) if found is None else JSONResponse(found.body())


async def locations(ask: Ask) -> Response:
    if ask.subscription() is None:
        return _no_subscription(ask)
    names = sorted({place.location for place in ask.world.workspaces.values()})
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"/subscriptions/{ask.params['sub']}/locations/{name}",
                    "name": name,
                    "type": "Region",
                    "displayName": name,
                    "regionalDisplayName": name,
                    "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
                }
                for name in names
            ]
        }
    )


async def groups(ask: Ask) -> Response:
    found = ask.subscription()
    if found is None:
        return _no_subscription(ask)
    return ask.listing(list(_groups(ask, found.id).values()))


async def group(ask: Ask) -> Response:
    found = _groups(ask, ask.params["sub"]).get(ask.params["rg"].lower())
    if found is None:
        message = f"Resource group '{ask.params['rg']}' could not be found."
        return errors.gateway(404, "ResourceGroupNotFound", message)
    return JSONResponse(found)


def _groups(ask: Ask, sub: str) -> dict[str, dict[str, Any]]:
    return {
        place.group.lower(): {
            "id": place.group_id,
            "name": place.group,
            "type": "Microsoft.Resources/resourceGroups",
            "location": place.location,
            "tags": {},
            "properties": {"provisioningState": "Succeeded"},
        }
        for place in ask.world.workspaces.values()
        if place.subscription.id.lower() == sub.lower()
    }


async def resources(ask: Ask) -> Response:
    """Workspaces are the resources there are; the filter by type is honoured."""
    wanted = _TYPE.search(ask.query.get("$filter", ""))
    kind = f"{PROVIDER}/workspaces"
    if wanted and wanted[1].lower() != kind.lower():
        return JSONResponse({"value": []})
    return ask.listing(
        [
            {"id": p.id, "name": p.name, "type": kind, "location": p.location, "tags": p.tags}
            for p in ask.world.workspaces.values()
            if p.subscription.id.lower() == ask.params["sub"].lower()
        ]
    )


def _no_subscription(ask: Ask) -> Response:
    message = f"The subscription '{ask.params['sub']}' could not be found."
    return errors.gateway(404, "SubscriptionNotFound", message)


ROUTES = [
    Route("GET", "/tenants", tenants, "Tenants_List"),
    Route("GET", "/subscriptions", subscriptions, "Subscriptions_List"),
    Route("GET", "/subscriptions/{sub}", subscription, "Subscriptions_Get"),
    Route("GET", "/subscriptions/{sub}/locations", locations, "Subscriptions_ListLocations"),
    Route("GET", "/subscriptions/{sub}/resourceGroups", groups, "ResourceGroups_List"),
    Route("GET", "/subscriptions/{sub}/resourceGroups/{rg}", group, "ResourceGroups_Get"),
    Route("GET", "/subscriptions/{sub}/resources", resources, "Resources_List"),
]
