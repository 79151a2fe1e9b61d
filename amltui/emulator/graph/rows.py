"""The rows of Resource Graph: types and resource groups are in lower case there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from amltui.emulator import inventory
from amltui.emulator.http.unhurried import unhurried

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

GROUPS = "microsoft.resources/subscriptions/resourcegroups"
SUBSCRIPTIONS = "microsoft.resources/subscriptions"
COLUMNS = {
    "id": "",
    "name": "",
    "type": "",
    "tenantId": "",
    "kind": "",
    "location": "",
    "resourceGroup": "",
    "subscriptionId": "",
    "managedBy": "",
    "sku": None,
    "plan": None,
    "properties": None,
    "tags": None,
    "identity": None,
    "zones": None,
    "extendedLocation": None,
    "systemData": None,
}
"""What every row has; texts are empty where there is nothing."""
_KEPT = ("id", "name", "sku", "plan", "properties", "tags", "identity", "zones", "systemData")


async def resources(
    call: Call, subscriptions: set[str], may_be: Callable[[str], bool]
) -> list[dict[str, Any]]:
    """Rows of resources, by id, made while other requests are answered."""
    bodies = unhurried(inventory.bodies(call, subscriptions, may_be))
    rows = [_row(call, body) async for body in bodies]
    return sorted(rows, key=lambda each: str(each["id"]).lower())


def _row(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    identity = str(body["id"])
    return {
        **COLUMNS,
        **{name: body[name] for name in _KEPT if name in body},
        "type": str(body["type"]).lower(),
        "tenantId": call.world.tenant,
        "kind": body.get("kind") or "",
        "location": body.get("location") or "",
        "managedBy": body.get("managedBy") or "",
        "resourceGroup": inventory.group_of(identity).lower(),
        "subscriptionId": identity.split("/")[2],
    }


def containers(
    call: Call, subscriptions: set[str], may_be: Callable[[str], bool]
) -> list[dict[str, Any]]:
    """Rows of subscriptions and resource groups, by id."""
    rows: list[dict[str, Any]] = []
    for held in call.world.subscriptions:
        if held.id.lower() not in subscriptions:
            continue
        common = {**COLUMNS, "tenantId": held.tenant, "subscriptionId": held.id}
        if may_be(SUBSCRIPTIONS):
            body = held.body()
            about = {
                "state": held.state,
                "subscriptionPolicies": body["subscriptionPolicies"],
                "managementGroupAncestorsChain": [
                    {"displayName": "Tenant Root Group", "name": held.tenant}
                ],
            }
            named = {"id": body["id"], "name": held.name, "type": SUBSCRIPTIONS}
            rows.append({**common, **named, "properties": about, "tags": body["tags"]})
        if may_be(GROUPS):
            for group in call.world.groups_of(held.id).values():
                told = group.body(call.now)
                named = {name: told[name] for name in ("id", "name", "location", "tags")}
                more = {"type": GROUPS, "resourceGroup": group.name.lower()}
                rows.append({**common, **named, **more, "properties": told["properties"]})
    return sorted(rows, key=lambda each: str(each["id"]).lower())
