"""Tenants, subscriptions and their regions."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.http.route import SUBSCRIPTION, Route

REGIONS = {
    "eastus": ("East US", "United States", "US"),
    "eastus2": ("East US 2", "United States", "US"),
    "centralus": ("Central US", "United States", "US"),
    "southcentralus": ("South Central US", "United States", "US"),
    "westus2": ("West US 2", "United States", "US"),
    "westus3": ("West US 3", "United States", "US"),
    "canadacentral": ("Canada Central", "Canada", "Canada"),
    "brazilsouth": ("Brazil South", "Brazil", "South America"),
    "northeurope": ("North Europe", "Europe", "Europe"),
    "westeurope": ("West Europe", "Europe", "Europe"),
    "uksouth": ("UK South", "United Kingdom", "Europe"),
    "swedencentral": ("Sweden Central", "Sweden", "Europe"),
    "japaneast": ("Japan East", "Japan", "Asia Pacific"),
    "southeastasia": ("Southeast Asia", "Asia Pacific", "Asia Pacific"),
    "australiaeast": ("Australia East", "Australia", "Asia Pacific"),
}
"""Display name, geography and geography group."""


async def tenants(call: Call) -> Response:
    tenant = call.world.tenant
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


async def subscriptions(call: Call) -> Response:
    """All on one page, however many: so it is recorded."""
    bodies = [each.body() for each in call.world.subscriptions]
    count = {"type": "Total", "value": len(bodies)}
    return JSONResponse({"value": bodies, "count": count})


async def subscription(call: Call) -> Response:
    return JSONResponse(call.subscription.body())


async def locations(call: Call) -> Response:
    """One page: this list has no nextLink."""
    held = call.subscription
    named = {place.location for place in call.world.workspaces.values()}
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"/subscriptions/{held.id}/locations/{name}",
                    "name": name,
                    "type": "Region",
                    "displayName": display,
                    "regionalDisplayName": f"({group}) {display}",
                    "metadata": {
                        "regionType": "Physical",
                        "regionCategory": "Recommended",
                        "geography": geography,
                        "geographyGroup": group,
                    },
                }
                for name in sorted(named | REGIONS.keys())
                for display, geography, group in [REGIONS.get(name, (name, name, "Other"))]
            ]
        }
    )


ROUTES = [
    Route("GET", "/tenants", tenants, "Tenants_List"),
    Route("GET", "/subscriptions", subscriptions, "Subscriptions_List"),
    Route("GET", SUBSCRIPTION, subscription, "Subscriptions_Get"),
    Route("GET", f"{SUBSCRIPTION}/locations", locations, "Subscriptions_ListLocations"),
]
