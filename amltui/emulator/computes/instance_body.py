"""What ARM says of a compute instance."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.kinds import BY_TYPE
from amltui.emulator.computes.record import INSTANCE, Compute
from amltui.emulator.computes.sight import Sight
from amltui.emulator.computes.told_errors import told
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import Workspace, guid

_UNKNOWN = ("osImageMetadata", "connectivityEndpoints", "applications", "versions", "errors")
"""What is null until an instance is created."""


def instance(sight: Sight) -> dict[str, Any]:
    """Its properties. One that is up and has a job says so."""
    compute, now = sight.compute, sight.now
    state = compute.state_at(now)
    shown = {
        "vmSize": (compute.size or "").upper(),
        **BY_TYPE[INSTANCE.lower()].members,
        **compute.asked,
        "sshSettings": _ssh(compute),
        "osImageMetadata": {
            "currentImageVersion": "24.10.2",
            "latestImageVersion": "24.10.2",
            "isLatestOsImageVersion": True,
        },
        "connectivityEndpoints": {
            "publicIpAddress": _address(compute),
            "privateIpAddress": "10.0.0.4",
        },
        "applications": _applications(compute, sight.place),
        "createdBy": _person(compute, sight.place),
        "errors": told(compute.errors),
        "state": "JobRunning" if state == "Running" and sight.has_job else state,
        "lastOperation": _operation(compute, now),
        "schedules": {"computeStartStop": [_schedule(sight, each) for each in compute.schedules]},
        "idleTimeBeforeShutdown": compute.idle_shutdown,
        "containers": [],
        "versions": {"runtime": "3.0.02640.0001"},
    }
    if compute.provisioning_at(now) == "Creating":
        shown |= dict.fromkeys(_UNKNOWN)
    return shown


def _operation(compute: Compute, now: float) -> dict[str, Any] | None:
    operation = compute.operation_at(now)
    if operation is None:
        return None
    name, at, status, trigger = operation
    return {
        "operationName": name,
        "operationTime": iso(at),
        "operationStatus": status,
        "operationTrigger": trigger,
    }


def _schedule(sight: Sight, schedule: Any) -> dict[str, Any]:
    """As it was put; it is in force as soon as the change that brought it is over."""
    state = sight.compute.provisioning_at(sight.now)
    known = {"Succeeded": "Completed", "Failed": "Failed"}
    return {**schedule, "provisioningStatus": known.get(state, "Provisioning")}


def _ssh(compute: Compute) -> dict[str, Any]:
    """The key comes back only where it opens something."""
    asked = compute.asked.get("sshSettings") or {}
    is_open = str(asked.get("sshPublicAccess")).lower() == "enabled"
    return {
        "sshPublicAccess": "Enabled" if is_open else "Disabled",
        "adminUserName": "azureuser",
        "sshPort": 50000 if is_open else 22,
        "adminPublicKey": asked.get("adminPublicKey") if is_open else None,
    }


def _address(compute: Compute) -> str | None:
    if not compute.asked.get("enableNodePublicIp"):
        return None
    return f"203.0.113.{1 + int(guid(compute.key, 'address')[:2], 16) % 254}"


def _applications(compute: Compute, place: Workspace) -> list[dict[str, str]]:
    host = f"{compute.name}.{place.location}.instances.azureml.ms"
    found = [
        {"displayName": "Jupyter", "endpointUri": f"https://{host}/tree/"},
        {"displayName": "Jupyter Lab", "endpointUri": f"https://{host}/lab"},
    ]
    for service in compute.asked.get("customServices") or ():
        for endpoint in service.get("endpoints") or ():
            port = endpoint.get("published") if isinstance(endpoint, dict) else None
            address = f"https://{compute.name}-{port}.{place.location}.instances.azureml.ms"
            found.append({"displayName": str(service.get("name")), "endpointUri": address})
    return found


def _person(compute: Compute, place: Workspace) -> dict[str, str | None]:
    """Who made it: often by ids only."""
    person: dict[str, str | None] = {
        "userOrgId": place.subscription.tenant,
        "userId": guid("person", compute.owner or ""),
    }
    return {**person, "userName": compute.owner} if compute.owner_is_named else person
