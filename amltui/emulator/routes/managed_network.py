"""The network that the service manages for a workspace, and what may leave it.

Rules are there beside the workspace and among its properties alike. They are active once the
network is provisioned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.http import paging
from amltui.emulator.http.asked import object_of, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style
from amltui.emulator.places import PROVIDER, Workspace, guid

RULES = f"{WORKSPACE}/outboundRules"
RULE = f"{RULES}/{{rule}}"
CHANGE, PROVISION = 4.0, 20.0
"""Seconds that they take."""
_TYPES = {"fqdn": "FQDN", "privateendpoint": "PrivateEndpoint", "servicetag": "ServiceTag"}


async def rules(call: Call) -> Response:
    held = _rules(call.workspace)
    return paging.listed(call, [_body(call, name) for name in held])


async def rule(call: Call) -> Response:
    name = _named(call)
    if name is None:
        raise call.refused(
            404, f"There is no rule {call.params['rule']}.", "NotFound", code="NotFound"
        )
    return JSONResponse(_body(call, name))


async def put_rule(call: Call) -> Response:
    """The network has to be isolated before anything can be let out of it."""
    asked = object_of(await call.body(), "properties")
    kind = _TYPES.get(text_of(asked, "type").lower())
    if kind is None:
        message = f"The type of a rule is one of {', '.join(_TYPES.values())}."
        raise call.refused(400, message, "BadArgument")
    place = call.workspace
    if _network(place).get("isolationMode", "Disabled") == "Disabled":
        message = "Outbound rules need a managed network: its isolation mode is Disabled."
        raise call.refused(400, message, "BadArgument", "ManagedNetworkDisabled")
    destination = asked.get("destination")
    if not isinstance(destination, str if kind == "FQDN" else dict) or not destination:
        raise wrong("destination", "a string" if kind == "FQDN" else "an object")
    made = {
        **asked,
        "type": kind,
        "category": text_of(asked, "category") or "UserDefined",
        "status": "Active" if _is_provisioned(place) else "Inactive",
    }
    name = _named(call) or call.params["rule"]
    return _kept(call, place, {**_rules(place), name: made})


async def delete_rule(call: Call) -> Response:
    name = _named(call)
    if name is None:
        return Response(status_code=204)
    place = call.workspace
    held = {other: value for other, value in _rules(place).items() if other != name}
    return _kept(call, place, held)


async def provision(call: Call) -> Response:
    """The network becomes active, and with it all of its rules."""
    asked, place = await call.body(), call.workspace
    network = _network(place)
    if network.get("isolationMode", "Disabled") == "Disabled":
        message = "There is no managed network to provision: its isolation mode is Disabled."
        raise call.refused(400, message, "BadArgument", "ManagedNetworkDisabled")
    status = {"status": "Active", "sparkReady": asked.get("includeSpark") is True}
    active = {name: {**each, "status": "Active"} for name, each in _rules(place).items()}
    _keep(call, place, {"status": status, "networkId": guid(place.id.lower(), "network"),
                        "outboundRules": active})  # fmt: skip
    begun = operations.begin(call, Style.WORKSPACE, PROVISION, result=status)
    return Response(b"", 202, operations.following(call, begun, place.location))


def _kept(call: Call, place: Workspace, held: dict[str, Any]) -> Response:
    _keep(call, place, {"outboundRules": held})
    begun = operations.begin(call, Style.WORKSPACE, CHANGE)
    return Response(b"", 202, operations.following(call, begun, place.location))


def _keep(call: Call, place: Workspace, changes: dict[str, Any]) -> None:
    network = {**_network(place), **changes}
    properties = {**place.properties, "managedNetwork": network}
    call.world.put_workspace(
        replace(place, properties=properties, modified=call.now, modified_by=call.who)
    )


def _network(place: Workspace) -> dict[str, Any]:
    network = place.properties.get("managedNetwork")
    return network if isinstance(network, dict) else {}


def _rules(place: Workspace) -> dict[str, Any]:
    held = _network(place).get("outboundRules")
    rules = held if isinstance(held, dict) else {}
    return {name: each for name, each in rules.items() if isinstance(each, dict)}


def _is_provisioned(place: Workspace) -> bool:
    status = _network(place).get("status")
    return isinstance(status, dict) and status.get("status") == "Active"


def _named(call: Call) -> str | None:
    """The rule of the path, as it is spelled; None where there is none."""
    wanted = call.params["rule"].lower()
    return next((each for each in _rules(call.workspace) if each.lower() == wanted), None)


def _body(call: Call, name: str) -> dict[str, Any]:
    place = call.workspace
    shown = {"category": "UserDefined", "status": "Inactive", **_rules(place)[name]}
    return {
        "id": f"{place.id}/outboundRules/{name}",
        "name": name,
        "type": f"{PROVIDER}/workspaces/outboundRules",
        "properties": shown,
        "systemData": None,
    }


ROUTES = [
    Route("GET", RULES, rules, "ManagedNetworkSettingsRule_List"),
    Route("GET", RULE, rule, "ManagedNetworkSettingsRule_Get"),
    Route("PUT", RULE, put_rule, "ManagedNetworkSettingsRule_CreateOrUpdate"),
    Route("DELETE", RULE, delete_rule, "ManagedNetworkSettingsRule_Delete"),
    Route(
        "POST",
        f"{WORKSPACE}/provisionManagedNetwork",
        provision,
        "ManagedNetworkProvisions_ProvisionManagedNetwork",
    ),
]
