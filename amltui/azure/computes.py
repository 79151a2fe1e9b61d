"""Computes: listed with their prices, and switched on and off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.azure import address, loose, prices
from amltui.azure.errors import AzureError, NotSignedIn, ServiceBroken
from amltui.azure.operation import Operation
from amltui.azure.times import parse_iso_duration
from amltui.domain.compute import (
    Application,
    Compute,
    ComputeKind,
    LastOperation,
    Node,
    Nodes,
    Shell,
    StartStop,
)
from amltui.domain.listing import Listing, unique
from amltui.domain.price import VmSize

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId

_KINDS = {
    "computeinstance": ComputeKind.INSTANCE,
    "amlcompute": ComputeKind.CLUSTER,
    "kubernetes": ComputeKind.KUBERNETES,
    "aks": ComputeKind.KUBERNETES,
}


async def list_all(place: WorkspaceClient) -> Listing[Compute]:
    """Every compute of the workspace. Where prices cannot be had, a note says so."""
    found: list[Compute] = []
    async for page in place.pages("/computes"):
        found += [each for item in page.items if (each := parse(place.id, item))]
    priced, note = await _with_prices(place, unique(found))
    return Listing(tuple(priced), notes=(note,) if note else ())


async def get(place: WorkspaceClient, name: str) -> Compute:
    """One compute as it is now."""
    compute = parse(place.id, await place.get(_path(name)))
    if compute is None:
        raise ServiceBroken(f"the answer for compute {name} is not a compute")
    return (await _with_prices(place, [compute]))[0][0]


async def nodes(place: WorkspaceClient, name: str) -> tuple[Node, ...]:
    """The machines of a cluster. The array is called `nodes` here, not `value`."""
    found: list[Node] = []
    async for page in place.pages(f"{_path(name)}/listNodes", method="POST", array="nodes"):
        found += [parse_node(item) for item in page.items]
    return tuple(found)


async def start(place: WorkspaceClient, name: str) -> Operation:
    return await _switch(place, name, "start")


async def stop(place: WorkspaceClient, name: str) -> Operation:
    return await _switch(place, name, "stop")


async def restart(place: WorkspaceClient, name: str) -> Operation:
    return await _switch(place, name, "restart")


async def scale(
    place: WorkspaceClient, name: str, least: int, most: int, idle: timedelta
) -> Operation:
    """Set how many nodes a cluster keeps and may have, and how long one stays without a job."""
    settings = {
        "minNodeCount": least,
        "maxNodeCount": most,
        "nodeIdleTimeBeforeScaleDown": f"PT{int(idle.total_seconds())}S",
    }
    body = {"properties": {"properties": {"scaleSettings": settings}}}
    return Operation.from_answer("scale", name, await place.send("PATCH", _path(name), json=body))


async def _switch(place: WorkspaceClient, name: str, verb: str) -> Operation:
    answer = await place.send("POST", f"{_path(name)}/{verb}")
    return Operation.from_answer(verb, name, answer)


def _path(name: str) -> str:
    return f"/computes/{address.segment(name)}"


async def _with_prices(
    place: WorkspaceClient, computes: list[Compute]
) -> tuple[list[Compute], str | None]:
    """The computes with what a machine costs, and what is to be said if that is unknown."""
    known: dict[str, dict[str, VmSize]] = {}
    note: str | None = None
    for location in {each.location for each in computes if each.location and each.size}:
        try:
            known[location] = await prices.sizes(place, location)
        except NotSignedIn:
            raise
        except AzureError as error:
            note = f"prices are missing: {error}"
    priced = []
    for each in computes:
        size = known.get(each.location or "", {}).get((each.size or "").lower())
        price = size.price(low_priority=each.low_priority) if size else None
        priced.append(replace(each, price_per_hour=price))
    return priced, note


def parse(place: WorkspaceId, item: Any) -> Compute | None:
    """A compute; None for what has no name."""
    name = loose.text(item, "name")
    if name is None:
        return None
    outer = loose.obj(item, "properties")
    inner = loose.obj(outer, "properties")
    type_ = loose.text(outer, "computeType") or "Unknown"
    kind = _KINDS.get(type_.lower(), ComputeKind.ATTACHED)
    provisioning = loose.text(outer, "provisioningState")
    idle = loose.text(inner, "idleTimeBeforeShutdown")
    return Compute(
        workspace=place,
        name=name,
        kind=kind,
        type=type_,
        state=_state(kind, inner) or provisioning,
        provisioning_state=provisioning,
        size=_size(inner),
        low_priority=(loose.text(inner, "vmPriority") or "").lower() == "lowpriority",
        location=loose.text(outer, "computeLocation") or loose.text(item, "location"),
        nodes=_nodes(inner) if kind is ComputeKind.CLUSTER else None,
        owner=loose.text(inner, "createdBy", "userName")
        or loose.text(item, "systemData", "createdBy"),
        created=loose.moment(outer, "createdOn") or loose.moment(item, "systemData", "createdAt"),
        last_operation=_last_operation(loose.obj(inner, "lastOperation")),
        idle_shutdown=_duration(idle),
        scale_down=_duration(loose.text(inner, "scaleSettings", "nodeIdleTimeBeforeScaleDown")),
        steady_since=loose.moment(inner, "allocationStateTransitionTime"),
        errors=tuple(_errors(outer, "provisioningErrors") + _errors(inner, "errors")),
        tags=loose.tags(item, "tags"),
        schedules=tuple(
            _schedule(e) for e in loose.objects(inner, "schedules", "computeStartStop")
        ),
        applications=tuple(_applications(inner)),
        shell=_shell(inner) if kind is ComputeKind.INSTANCE else None,
        attached=loose.text(outer, "resourceId"),
        assigned=loose.text(inner, "personalComputeInstanceSettings", "assignedUser", "objectId"),
    )


def _schedule(told: dict[str, Any]) -> StartStop:
    cron, recurrence = loose.obj(told, "cron"), loose.obj(told, "recurrence")
    held = cron or recurrence
    state = loose.text(told, "provisioningStatus")
    return StartStop(
        action=loose.text(told, "action") or "?",
        when=loose.text(cron, "expression") or recurring(recurrence),
        zone=loose.text(held, "timeZone"),
        is_enabled=(loose.text(told, "status") or "").lower() == "enabled",
        is_cron=bool(cron),
        problem=None if (state or "completed").lower() == "completed" else state,
    )


def recurring(told: dict[str, Any]) -> str:
    """`every week on Monday Friday at 19:00`, as far as it is told."""
    every, unit = loose.count(told, "interval") or 1, (loose.text(told, "frequency") or "?").lower()
    words = [f"every {unit}" if every == 1 else f"every {every} {unit}s"]
    pattern = loose.obj(told, "schedule")
    if days := pattern.get("weekDays"):
        words.append("on " + " ".join(str(day) for day in days))
    hours, minutes = pattern.get("hours") or [], pattern.get("minutes") or [0]
    if isinstance(hours, list) and isinstance(minutes, list) and hours:
        words.append(
            "at " + " ".join(f"{hour}:{minute:0>2}" for hour in hours for minute in minutes)
        )
    return " ".join(words)


def _applications(inner: dict[str, Any]) -> Iterator[Application]:
    for each in loose.objects(inner, "applications"):
        if address := loose.text(each, "endpointUri"):
            yield Application(loose.text(each, "displayName") or "?", address)


def _shell(inner: dict[str, Any]) -> Shell | None:
    """Of an instance whose port is open; a private address where it has no public one."""
    told = loose.obj(inner, "sshSettings")
    ends = loose.obj(inner, "connectivityEndpoints")
    host = loose.text(ends, "publicIpAddress") or loose.text(ends, "privateIpAddress")
    port = loose.count(told, "sshPort")
    if (loose.text(told, "sshPublicAccess") or "").lower() != "enabled" or not host or not port:
        return None
    return Shell(loose.text(told, "adminUserName") or "azureuser", host, port)


def parse_node(item: dict[str, Any]) -> Node:
    """A machine of a cluster."""
    return Node(
        id=loose.text(item, "nodeId") or "?",
        state=loose.text(item, "nodeState"),
        run_id=loose.text(item, "runId"),
        private_ip=loose.text(item, "privateIpAddress"),
        public_ip=loose.text(item, "publicIpAddress"),
        port=loose.count(item, "port"),
    )


def _state(kind: ComputeKind, inner: dict[str, Any]) -> str | None:
    """Provisioning stays Succeeded while an instance starts and stops, so that is not it."""
    if kind is ComputeKind.INSTANCE:
        return loose.text(inner, "state")
    return loose.text(inner, "allocationState") if kind is ComputeKind.CLUSTER else None


def _size(inner: dict[str, Any]) -> str | None:
    names = ("vmSize", "agentVmSize", "virtualMachineSize", "nodeSize")
    return next((size for name in names if (size := loose.text(inner, name))), None)


def _nodes(inner: dict[str, Any]) -> Nodes:
    """The counts; null while a cluster is being created, and where that failed."""
    counts = loose.obj(inner, "nodeStateCounts")
    scale = loose.obj(inner, "scaleSettings")
    return Nodes(
        running=loose.count(counts, "runningNodeCount") or 0,
        idle=loose.count(counts, "idleNodeCount") or 0,
        preparing=loose.count(counts, "preparingNodeCount") or 0,
        leaving=loose.count(counts, "leavingNodeCount") or 0,
        preempted=loose.count(counts, "preemptedNodeCount") or 0,
        unusable=loose.count(counts, "unusableNodeCount") or 0,
        current=loose.count(inner, "currentNodeCount"),
        target=loose.count(inner, "targetNodeCount"),
        minimum=loose.count(scale, "minNodeCount") or 0,
        maximum=loose.count(scale, "maxNodeCount"),
    )


def _last_operation(told: dict[str, Any]) -> LastOperation | None:
    name = loose.text(told, "operationName")
    if name is None:
        return None
    return LastOperation(
        name,
        loose.text(told, "operationStatus"),
        loose.moment(told, "operationTime"),
        loose.text(told, "operationTrigger"),
    )


def _duration(written: str | None) -> timedelta | None:
    return parse_iso_duration(written) if written else None


def _errors(properties: dict[str, Any], name: str) -> list[str]:
    """Each error's message, or its code; some lists hold the error itself, some wrap it."""
    found = []
    for each in loose.objects(properties, name):
        error = loose.obj(each, "error") or each
        if said := loose.text(error, "message") or loose.text(error, "code"):
            found.append(said.strip())
    return found
