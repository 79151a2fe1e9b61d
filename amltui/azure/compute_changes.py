"""What changes a compute besides switching it: idle shutdown, schedules, size, its end, a new one.

Resource Manager's PUT replaces a compute, so what is changed of one is read first and sent whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.azure.errors import BadRequest, NotFound
from amltui.azure.operation import Operation
from amltui.domain.compute import StartStop

if TYPE_CHECKING:
    from amltui.azure.answer import Answer
    from amltui.azure.workspace_client import WorkspaceClient

PREVIEW = "2024-10-01-preview"
"""The version to ask where the usual one has no such operation: it is in previews first."""
_TOLD = (
    "state", "lastOperation", "connectivityEndpoints", "applications", "createdBy", "errors",
    "osImageMetadata", "containers", "versions", "dataDisks", "idleTimeBeforeShutdown",
)  # fmt: skip
"""Members of an instance that the service writes itself, or that a change does not concern."""
ALWAYS = "2022-01-01T00:00:00"
"""When a schedule begins to count: long ago, and so at once."""


async def set_idle_shutdown(
    place: WorkspaceClient, name: str, after: timedelta | None
) -> Operation:
    """After how long without use an instance is stopped; None is never. Done when answered."""
    body = {"idleTimeBeforeShutdown": None if after is None else minutes(after)}
    answer = await _previewed(place, name, "updateIdleShutdownSetting", body)
    return Operation.from_answer("idle shutdown", name, answer)


def minutes(span: timedelta) -> str:
    """`PT120M`, as Microsoft's client writes such times."""
    return f"PT{int(span.total_seconds() // 60)}M"


async def resize(place: WorkspaceClient, name: str, size: str) -> Operation:
    """Another machine for an instance."""
    answer = await _previewed(place, name, "resize", {"targetVMSize": size})
    return Operation.from_answer("resize", name, answer)


async def sizes_for(place: WorkspaceClient, name: str) -> tuple[str, ...]:
    """The sizes that an instance can have instead of its own."""
    answer = await _previewed(place, name, "getAllowedVmSizesForResize", None, reads=True)
    listed = loose.objects(answer.body, "value")
    return tuple(size for each in listed if (size := loose.text(each, "name")))


async def delete(place: WorkspaceClient, name: str, *, detach: bool) -> Operation:
    """Its end; what is only attached goes on where it is."""
    params = {"underlyingResourceAction": "Detach" if detach else "Delete"}
    answer = await place.send("DELETE", _path(name), params=params)
    return Operation.from_answer("detach" if detach else "delete", name, answer)


async def create(place: WorkspaceClient, name: str, body: Mapping[str, Any]) -> Operation:
    """A new compute, or other settings for one that is there."""
    return Operation.from_answer("create", name, await place.send("PUT", _path(name), json=body))


async def location(place: WorkspaceClient) -> str:
    """The region of the workspace, asked for once: computes are made there."""

    async def ask() -> str:
        told = loose.text(await place.get(""), "location")
        return (told or "").replace(" ", "").lower()

    return await place.client.kept.get(("location", place.id.key), ask, float("inf"))


async def exists(place: WorkspaceClient, name: str) -> bool:
    """Whether there is a compute of that name."""
    try:
        await place.get(_path(name))
    except NotFound:
        return False
    return True


async def change_schedules(
    place: WorkspaceClient, name: str, change: Callable[[list[dict[str, Any]]], None]
) -> Operation:
    """Change the list of an instance's schedules; whatever else was set stays."""
    told = await place.get(_path(name))
    body = {key: told[key] for key in ("location", "tags", "identity") if told.get(key)}
    properties = deepcopy(loose.obj(told, "properties"))
    inner = {k: v for k, v in loose.obj(properties, "properties").items() if k not in _TOLD}
    held = loose.objects(inner, "schedules", "computeStartStop")
    change(held)
    for each in held:
        each.pop("provisioningStatus", None)
    idle = loose.text(properties, "properties", "idleTimeBeforeShutdown")
    inner["schedules"] = {"computeStartStop": held}
    if idle is not None:
        inner["idleTimeBeforeShutdown"] = idle
    body["properties"] = {
        key: properties[key]
        for key in ("computeType", "computeLocation", "description", "disableLocalAuth")
        if properties.get(key) is not None
    } | {"properties": inner}
    return Operation.from_answer("schedule", name, await place.send("PUT", _path(name), json=body))


def schedule_body(wanted: StartStop) -> dict[str, Any]:
    """A schedule with a cron expression, as it is put."""
    cron = {"startTime": ALWAYS, "timeZone": wanted.zone or "UTC", "expression": wanted.when}
    return {
        "status": "Enabled" if wanted.is_enabled else "Disabled",
        "action": wanted.action,
        "triggerType": "Cron",
        "cron": cron,
    }


async def _previewed(
    place: WorkspaceClient, name: str, verb: str, body: Any, *, reads: bool = False
) -> Answer:
    """The usual version first: that there is no such compute and no such operation are alike."""
    path = f"{_path(name)}/{verb}"
    try:
        return await place.send("POST", path, json=body, reads=reads)
    except (NotFound, BadRequest) as error:
        if error.status not in {404, 405}:
            raise
    return await place.send("POST", path, json=body, reads=reads, api_version=PREVIEW)


def _path(name: str) -> str:
    return f"/computes/{address.segment(name)}"
