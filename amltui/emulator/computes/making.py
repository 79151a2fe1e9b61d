"""The record of a compute that a client puts: a new one, or one that is there and changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amltui.emulator import quotas
from amltui.emulator.change import CREATING, UPDATING, Change
from amltui.emulator.computes import asked as asks
from amltui.emulator.computes.kinds import Kind
from amltui.emulator.computes.nodes import kept
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute, Switch
from amltui.emulator.http.asked import flag_of, object_of, tags_of, text_of, wrong
from amltui.emulator.vm_sizes import SIZES, Size

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

NAME = re.compile(r"[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9\-]{2,23}")
UPDATE = 3.0
"""Seconds that an update takes."""
SHORT_OF_QUOTA = "ClusterCoreQuotaReached"


def made(call: Call, name: str, body: Mapping[str, Any]) -> Compute:
    """A new compute, which is being created from now on."""
    properties = object_of(body, "properties")
    kind, inner = asks.kind_of(call, properties), object_of(properties, "properties")
    if not NAME.fullmatch(name):
        message = (
            f"The compute name '{name}' is not valid: it has 3 to 24 letters, digits and"
            " hyphens, begins with a letter, and does not end in a hyphen and digits."
        )
        raise call.refused(400, message, "BadArgument", "ComputeNameInvalid")
    open_, hidden = asks.parted(kind, asks.members_of(kind, inner))
    takes, error = call.fate(kind.takes)
    compute = Compute(
        workspace=call.workspace.id,
        name=name,
        type=kind.type,
        created=call.now,
        owner=call.who,
        location=_location(call, kind, body, properties, call.workspace.location),
        tags=tags_of(body),
        resource=asks.resource_of(call, kind, properties),
        members=_members(call, kind, body, properties),
        asked=open_,
        secrets=hidden,
        modified=call.now,
        change=Change(CREATING, call.now, takes, error),
        errors=() if error is None else (("OperationFailed", error),),
    )
    if kind.type == INSTANCE:
        return _instance(call, compute, inner)
    return _cluster(call, compute, inner) if kind.type == CLUSTER else compute


def updated(call: Call, held: Compute, body: Mapping[str, Any]) -> Compute:
    """What is there, with all that can be changed of it; a 400 for what cannot."""
    properties = object_of(body, "properties")
    kind, inner = asks.kind_of(call, properties), object_of(properties, "properties")
    if kind.type != held.type:
        raise fixed(call, held, "computeType")
    put = asks.members_of(kind, inner)
    _check_fixed(call, held, kind, {**put, **_size_and_tier(inner)})
    resource = properties.get("resourceId")
    if resource and str(resource).lower() != (held.resource or "").lower() and held.resource:
        raise fixed(call, held, "resourceId")
    place = _location(call, kind, body, properties, place_of(call, held))
    if place != place_of(call, held):
        raise fixed(call, held, "location")
    open_, hidden = asks.parted(kind, put)
    changed = replace(
        held,
        tags=tags_of(body),
        members={**held.members, **_members(call, kind, body, properties)},
        asked={**held.asked, **open_},
        secrets={**held.secrets, **hidden},
        modified=call.now,
    )
    if kind.type == CLUSTER:
        # A cluster that is put again says Creating, as in recordings.
        return scaled(call, changed, *asks.scale_of(call, inner), word=CREATING)
    if kind.type == INSTANCE:
        changed = _with_clocks(call, changed, inner)
    return replace(changed, change=Change(UPDATING, call.now, *call.fate(UPDATE)), errors=())


def scaled(
    call: Call, held: Compute, least: int, most: int, idle: str | None, word: str = UPDATING
) -> Compute:
    """A cluster on its way to other scale settings, as far as the quota goes."""
    takes, error = call.fate(UPDATE)
    up = kept(held, call.now) if held.provisioning_at(call.now) != "Failed" else 0
    granted: int | None = None
    errors: tuple[tuple[str, str], ...] = ()
    size = SIZES[(held.size or "").lower()]
    sight = call.world.sight(call.workspace, held.name)
    there = max(up, sight.machines if sight else 0)
    if least > there and (more := _room(call, held, size)) < least - there:
        granted = there + max(0, more)
        errors = ((SHORT_OF_QUOTA, _shortage(call, size, least)),)
    return replace(
        held,
        min_nodes=least,
        max_nodes=most,
        idle_time=idle,
        scaled=call.now + takes,
        min_before=up,
        granted=granted,
        modified=call.now,
        change=Change(word, call.now, takes, error),
        errors=errors,
    )


def fixed(call: Call, held: Compute, name: str) -> Exception:
    """To be raised for a change that no compute goes through."""
    message = f"The {name} of the compute {held.name} cannot be changed once it is created."
    return call.refused(400, message, "BadArgument", "ImmutableProperty")


def place_of(call: Call, held: Compute) -> str:
    return (held.location or call.workspace.location).lower()


def short_for(call: Call, held: Compute, size: Size) -> str | None:
    """Why an instance cannot have its machine; None if it can."""
    if quotas.left(call.world, call.workspace, size.family) >= size.vcpus:
        return None
    return _shortage(call, size, 1)


def _instance(call: Call, compute: Compute, inner: Mapping[str, Any]) -> Compute:
    size = asks.size_of(call, inner)
    compute = _with_clocks(call, replace(compute, size=size.name), inner)
    change = compute.change or Change(CREATING, call.now, 0.0)
    errors = compute.errors
    if change.error is None and (short := short_for(call, compute, size)) is not None:
        change, errors = replace(change, error=short), ((SHORT_OF_QUOTA, short),)
    switch = Switch("Create", "Creating", "Running", call.now, change.takes, change.error)
    return replace(
        compute,
        state="CreateFailed",
        switch=switch,
        change=change,
        errors=errors,
        idle_since=switch.ends,
        settled=call.now,
    )


def _with_clocks(call: Call, compute: Compute, inner: Mapping[str, Any]) -> Compute:
    """With the schedules and the idle time that were put: null takes them away."""
    if "schedules" in inner:
        compute = replace(compute, schedules=asks.schedules_of(call, inner), settled=call.now)
    if "idleTimeBeforeShutdown" in inner:
        compute = idling(call, compute, asks.idle_shutdown_of(call, inner))
    return compute


def idling(call: Call, compute: Compute, patience: str | None) -> Compute:
    """With another time after which it is stopped, which begins to count now."""
    since = compute.idle_since
    since = None if since is None else max(since, call.now)
    return replace(compute, idle_shutdown=patience, idle_since=since, settled=call.now)


def _cluster(call: Call, compute: Compute, inner: Mapping[str, Any]) -> Compute:
    size = asks.size_of(call, inner)
    least, most, idle = asks.scale_of(call, inner)
    change = compute.change or Change(CREATING, call.now, 0.0)
    compute = replace(
        compute,
        size=size.name,
        low_priority=_tier(inner) == "LowPriority",
        min_nodes=least,
        max_nodes=most,
        idle_time=idle,
        scaled=call.now + change.takes,
    )
    if change.error is None and _room(call, compute, size) < least:
        short = _shortage(call, size, least)
        change = replace(change, error=short)
        compute = replace(compute, errors=(("ClusterMinNodesExceedCoreQuota", short),))
    return replace(compute, change=change, granted=0 if change.error else None)


def _room(call: Call, compute: Compute, size: Size) -> int:
    """How many machines more the quota allows; preemptible ones are not counted by family."""
    if compute.low_priority:
        return asks.MOST_NODES
    return quotas.left(call.world, call.workspace, size.family) // size.vcpus


def _shortage(call: Call, size: Size, nodes: int) -> str:
    left = max(0, quotas.left(call.world, call.workspace, size.family))
    return (
        f"The specified subscription has a {size.family} vCPU quota of {quotas.limit(size.family)},"
        f" of which {left} are left, and cannot accommodate for at least {nodes} requested managed"
        f" compute nodes which maps to {nodes * size.vcpus} vCPUs. Talk to your Subscription Admin"
        " or refer to https://docs.microsoft.com/azure/machine-learning/how-to-manage-quotas"
        "#request-quota-increases to increase the family quota"
    )


def _tier(inner: Mapping[str, Any]) -> str:
    asked = text_of(inner, "vmPriority") or "Dedicated"
    found = {"dedicated": "Dedicated", "lowpriority": "LowPriority"}.get(asked.lower())
    if found is None:
        raise wrong("vmPriority", "Dedicated or LowPriority")
    return found


def _size_and_tier(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {name: inner[name] for name in ("vmSize", "vmPriority") if inner.get(name) is not None}


def _check_fixed(call: Call, held: Compute, kind: Kind, put: Mapping[str, Any]) -> None:
    """Refuse what was put in place of something that stays as it is."""
    now = {**kind.members, **held.asked, "vmSize": held.size}
    now["vmPriority"] = "LowPriority" if held.low_priority else "Dedicated"
    for name in sorted(kind.fixed & put.keys()):
        if _folded(put[name]) != _folded(now[name]):
            raise fixed(call, held, name)


def _folded(value: Any) -> Any:
    """Ids, sizes and words are the same in any case."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, Mapping):
        return {name: _folded(each) for name, each in value.items() if each is not None}
    return value


def _location(
    call: Call, kind: Kind, body: Mapping[str, Any], properties: Mapping[str, Any], usual: str
) -> str:
    """Clusters can stand in another region than their workspace; instances cannot."""
    home = call.workspace.location
    asked = text_of(body, "location") or text_of(properties, "computeLocation") or usual
    plain = asked.replace(" ", "").lower()
    if kind.type == INSTANCE and plain != home.lower():
        message = f"A compute instance has to be in the region of its workspace: {home}."
        raise call.refused(400, message, "BadArgument", "LocationMismatch")
    return plain


def _members(
    call: Call, kind: Kind, body: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any]:
    """What stands beside the properties of the kind, as far as it was put."""
    found: dict[str, Any] = {}
    if text_of(properties, "description"):
        found["description"] = properties["description"]
    if properties.get("disableLocalAuth") is not None:
        found["disableLocalAuth"] = flag_of(properties, "disableLocalAuth")
    if (identity := asks.identity_of(call, body)) is not None:
        found["identity"] = identity
    return found
