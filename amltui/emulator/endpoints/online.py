"""Online endpoints: what clients may put, and how ARM shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.endpoints import changes, traffic
from amltui.emulator.endpoints.hosts import inference
from amltui.emulator.http.asked import Malformed, mapping, object_of, one_of, text_of, words
from amltui.emulator.places import guid
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

AUTH_MODES = ("Key", "AMLToken", "AADToken")
IDENTITIES = ("SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned", "None")
NOBODY = "00000000-0000-0000-0000-000000000000"
_REACHABLE = ("Enabled", "Disabled")


def properties(
    asked: Mapping[str, Any], held: Mapping[str, Any], deployments: Collection[str]
) -> dict[str, Any]:
    """Of an endpoint that was put, over those it had; Malformed where they make no sense.

    Traffic that is not mentioned stays, for clients PUT an endpoint to change something else.
    """
    if asked.get("authMode") is None:
        raise Malformed("The field authMode is required.")
    split, mirrored = asked.get("traffic"), asked.get("mirrorTraffic")
    return {
        "description": text_of(asked, "description", None),
        "authMode": one_of(asked["authMode"], "authMode", AUTH_MODES),
        "compute": text_of(asked, "compute", None),
        "traffic": held.get("traffic", {}) if split is None else traffic.split(split, deployments),
        "mirrorTraffic": held.get("mirrorTraffic", {})
        if mirrored is None
        else traffic.mirrored(mirrored, deployments),
        "publicNetworkAccess": one_of(
            asked.get("publicNetworkAccess"), "publicNetworkAccess", _REACHABLE, "Enabled"
        ),
        "properties": words(asked.get("properties"), "properties") or {},
    }


def identity(value: Any, id: str, tenant: str) -> dict[str, Any]:  # noqa: A002
    """As it was put, with the ids of the principal that Entra has made for it."""
    asked = mapping(value, "identity")
    kind = one_of(asked.get("type"), "type", IDENTITIES, "SystemAssigned")
    if kind == "None":
        return {"type": kind, "principalId": NOBODY, "tenantId": NOBODY}
    made: dict[str, Any] = {"type": kind}
    if kind.startswith("System"):
        made |= {"principalId": guid(id.lower()), "tenantId": tenant}
    users = object_of(asked, "userAssignedIdentities")
    if kind.endswith("UserAssigned"):
        if not users:
            raise Malformed("The field userAssignedIdentities is required.")
        made["userAssignedIdentities"] = {
            name: {"principalId": guid(name.lower()), "clientId": guid(name.lower(), "client")}
            for name in users
        }
    return made


def kind_of(held: Mapping[str, Any]) -> str:
    """`K8S` where deployments say Kubernetes: so it is recorded."""
    return "K8S" if held.get("compute") else "Managed"


def body(call: Call, endpoint: Resource) -> dict[str, Any]:
    """As ARM shows it: without addresses until it is there, and with lower-case ids inside."""
    state = endpoint.state(call.now)
    there = state not in {"Creating", "Failed"}
    base = inference(call, call.workspace, endpoint.name)
    more: Mapping[str, Any] = endpoint.properties.get("properties") or {}
    return endpoint.body(
        properties={
            **more,
            "azureml.onlineendpointid": endpoint.id.lower(),
            **changes.operation_link(call, endpoint),
        },
        scoringUri=f"{base}/score" if there else None,
        swaggerUri=f"{base}/swagger.json" if there else None,
        provisioningState=state,
    )


def keys(endpoint: Resource) -> dict[str, str]:
    """The same for the same endpoint, until they are regenerated."""
    turns: Mapping[str, Any] = endpoint.kept.get("turns") or {}
    given: Mapping[str, str] = endpoint.kept.get("keys") or {}
    return {
        f"{which}Key": given.get(which)
        or uuid5(NAMESPACE_URL, f"{endpoint.id.lower()}/{which}/{turns.get(which, 0)}").hex
        for which in ("primary", "secondary")
    }


def regenerated(endpoint: Resource, which: str, value: str | None) -> dict[str, Any]:
    """What is kept of an endpoint with one key anew.

    A value that is the key already asks for a fresh one: Microsoft's client sends it on.
    """
    lower = which.lower()
    turns: dict[str, int] = {**(endpoint.kept.get("turns") or {})}
    given: dict[str, str] = {**(endpoint.kept.get("keys") or {})}
    if value and value != keys(endpoint)[f"{lower}Key"]:
        given[lower] = value
    else:
        given.pop(lower, None)
        turns[lower] = turns.get(lower, 0) + 1
    return {**endpoint.kept, "turns": turns, "keys": given}
