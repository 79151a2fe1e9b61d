"""Tenants, subscriptions, their regions, resource groups and resources."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors, paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, SUBSCRIPTION, Route
from amltui.emulator.places import PROVIDER, ResourceGroup

_TYPE = re.compile(r"resourceType\s+eq\s+'([^']*)'", re.IGNORECASE)


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
    held = call.subscription
    names = sorted({place.location for place in call.world.workspaces.values()})
    return JSONResponse(
        {
            "value": [
                {
                    "id": f"/subscriptions/{held.id}/locations/{name}",
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


async def groups(call: Call) -> Response:
    bodies = [each.body() for each in _groups(call).values()]
    return paging.listed(call, bodies, paging.count(call.query.get("$top"), 1000))


async def group(call: Call) -> Response:
    found = _groups(call).get(call.params["rg"].lower())
    if found is None:
        message = f"Resource group '{call.params['rg']}' could not be found."
        return errors.gateway(404, "ResourceGroupNotFound", message)
    return JSONResponse(found.body())


async def put_group(call: Call) -> Response:
    """A new resource group, or other tags for one that is there."""
    asked, name = await call.body(), call.params["rg"]
    known = _groups(call).get(name.lower())
    location = known.location if known else str(asked.get("location") or "")
    if not location:
        return errors.gateway(400, "LocationRequired", "The location property is required.")
    made = ResourceGroup(
        call.subscription.id, known.name if known else name, location, asked.get("tags") or {}
    )
    key = f"{made.subscription}/{made.name}".lower()
    call.world.groups[key] = made
    call.world.state.save("groups", key, asdict(made))
    return JSONResponse(made.body(), 200 if known else 201)


def _groups(call: Call) -> dict[str, ResourceGroup]:
    """Those of workspaces, and those that clients made, by lower-case name."""
    held = call.subscription
    of_workspaces = {
        place.group.lower(): ResourceGroup(held.id, place.group, place.location)
        for place in call.world.workspaces_of(held.id)
    }
    made = {
        each.name.lower(): each
        for each in call.world.groups.values()
        if each.subscription.lower() == held.id.lower()
    }
    return of_workspaces | made


async def resources(call: Call) -> Response:
    """Workspaces are the resources there are; the filter by type is honoured."""
    wanted = _TYPE.search(call.query.get("$filter", ""))
    kind = f"{PROVIDER}/workspaces"
    places = call.world.workspaces_of(call.subscription.id, call.params.get("rg"))
    if wanted and wanted[1].lower() != kind.lower():
        places = iter(())
    bodies: list[dict[str, Any]] = [
        {"id": p.id, "name": p.name, "type": kind, "location": p.location, "tags": p.tags}
        for p in places
    ]
    return paging.listed(call, bodies, paging.count(call.query.get("$top"), 1000))


ROUTES = [
    Route("GET", "/tenants", tenants, "Tenants_List"),
    Route("GET", "/subscriptions", subscriptions, "Subscriptions_List"),
    Route("GET", SUBSCRIPTION, subscription, "Subscriptions_Get"),
    Route("GET", f"{SUBSCRIPTION}/locations", locations, "Subscriptions_ListLocations"),
    Route("GET", f"{SUBSCRIPTION}/resourceGroups", groups, "ResourceGroups_List"),
    Route("GET", GROUP, group, "ResourceGroups_Get"),
    Route("PUT", GROUP, put_group, "ResourceGroups_CreateOrUpdate"),
    Route("GET", f"{SUBSCRIPTION}/resources", resources, "Resources_List"),
    Route("GET", f"{GROUP}/resources", resources, "Resources_ListByResourceGroup"),
]
