"""What a client asks of a compute, read from the body it sends: checked, and without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from amltui.emulator.computes import durations
from amltui.emulator.computes.kinds import ARRAYS, BY_TYPE, FLAGS, NUMBERS, OBJECTS, WORDS, Kind
from amltui.emulator.computes.settling import trigger
from amltui.emulator.http.asked import flag_of, object_of, objects_of, text_of, wrong
from amltui.emulator.triggers.recurrence import FREQUENCIES, WEEKDAYS
from amltui.emulator.triggers.trigger import canonical
from amltui.emulator.vm_sizes import SIZES, Size

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

SHORTEST, LONGEST = 15 * 60.0, 3 * 86_400.0
"""Seconds of idleness after which an instance can be stopped."""
MOST_NODES = 65_000


def kind_of(call: Call, properties: Mapping[str, Any]) -> Kind:
    """The kind that is asked for."""
    asked = text_of(properties, "computeType")
    found = BY_TYPE.get(asked.lower())
    if found is None:
        words = ", ".join(kind.type for kind in BY_TYPE.values())
        message = f"The computeType '{asked}' is not one of {words}."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    return found


def members_of(kind: Kind, inner: Mapping[str, Any]) -> dict[str, Any]:
    """What was put of the members of a kind: nulls are not."""
    found: dict[str, Any] = {}
    for name in kind.members:
        value = inner.get(name)
        if value is None:
            continue
        if name in OBJECTS:
            object_of(inner, name)
        elif name in ARRAYS:
            objects_of(inner, name)
        elif name in FLAGS:
            flag_of(inner, name)
        elif name in NUMBERS:
            number(inner, name)
        else:
            value = _word(name, text_of(inner, name))
        found[name] = value
    return found


def parted(kind: Kind, members: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members without their secrets, and those that have some in full."""
    open_, hidden = dict(members), {}
    for name, parts in kind.secrets.items():
        if name in open_:
            hidden[name] = open_[name]
            open_[name] = {**open_[name], **dict.fromkeys(parts)} if parts else None
    return open_, hidden


def size_of(call: Call, inner: Mapping[str, Any], name: str = "vmSize") -> Size:
    """The VM size that is asked for."""
    asked = text_of(inner, name)
    if not asked:
        raise call.refused(400, f"The field {name} is required.", "BadArgument", "ArgumentNull")
    found = SIZES.get(asked.lower())
    if found is None:
        message = f"The specified VM size '{asked}' is not supported in {call.location}."
        raise call.refused(400, message, "BadArgument", "VmSizeNotSupported")
    return found


def scale_of(call: Call, inner: Mapping[str, Any]) -> tuple[int, int, str | None]:
    """The least and the most nodes, and how long one stays without a job."""
    scale = object_of(inner, "scaleSettings")
    if scale.get("maxNodeCount") is None:
        message = "The field scaleSettings.maxNodeCount is required."
        raise call.refused(400, message, "BadArgument", "ArgumentNull")
    most = number(scale, "maxNodeCount")
    least = number(scale, "minNodeCount") if scale.get("minNodeCount") is not None else 0
    if not 0 <= least <= most <= MOST_NODES:
        message = (
            f"The scale settings are not valid: minNodeCount {least}, maxNodeCount {most}."
            f" They have to be within 0-{MOST_NODES}, the least not above the most."
        )
        raise call.refused(400, message, "BadArgument", "ScaleSettingsInvalid")
    idle = text_of(scale, "nodeIdleTimeBeforeScaleDown") or None
    if idle is not None:
        duration("nodeIdleTimeBeforeScaleDown", idle)
    return least, most, idle


def idle_shutdown_of(call: Call, holder: Mapping[str, Any]) -> str | None:
    """After how long without use an instance is to be stopped; None is never."""
    name = "idleTimeBeforeShutdown"
    asked = text_of(holder, name) or None
    if asked is not None and not SHORTEST <= duration(name, asked) <= LONGEST:
        message = f"The {name} '{asked}' is not within PT15M and P3D."
        raise call.refused(400, message, "BadArgument", "IdleTimeBeforeShutdownInvalid")
    return asked


def schedules_of(call: Call, inner: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """When an instance is to be started and stopped."""
    held = object_of(inner, "schedules")
    return tuple(_schedule(call, each) for each in objects_of(held, "computeStartStop"))


def _schedule(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": text_of(asked, "id") or str(uuid4()),
        "status": canonical(text_of(asked, "status") or "Enabled", ("Enabled", "Disabled")),
        "action": canonical(text_of(asked, "action"), ("Start", "Stop")),
        "triggerType": canonical(text_of(asked, "triggerType"), ("Cron", "Recurrence")),
        "cron": object_of(asked, "cron") or None,
        "recurrence": object_of(asked, "recurrence") or None,
    }
    try:
        trigger(made, call.now)
    except (ValueError, OverflowError) as error:
        raise call.refused(400, str(error), "BadArgument", "ScheduleInvalid") from error
    if made["action"] not in {"Start", "Stop"} or made["status"] not in {"Enabled", "Disabled"}:
        message = "A schedule has the action Start or Stop, and is Enabled or Disabled."
        raise call.refused(400, message, "BadArgument", "ScheduleInvalid")
    if recurrence := made["recurrence"]:
        made["recurrence"] = _spelled(recurrence)
    return made


def _spelled(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """With the words as the service spells them."""
    pattern = recurrence.get("schedule")
    if pattern and pattern.get("weekDays"):
        days = [canonical(day, WEEKDAYS) for day in pattern["weekDays"]]
        pattern = {**pattern, "weekDays": days}
    frequency = canonical(recurrence.get("frequency"), FREQUENCIES)
    return {**recurrence, "frequency": frequency, "schedule": pattern}


def resource_of(call: Call, kind: Kind, properties: Mapping[str, Any]) -> str | None:
    """The id of what is to be attached."""
    asked = text_of(properties, "resourceId")
    if kind.is_managed or (not asked and kind.is_made):
        return None
    if not asked:
        message = f"The field resourceId is required for computes of type {kind.type}."
        raise call.refused(400, message, "BadArgument", "ArgumentNull")
    provider, _, path = asked.rpartition("/providers/")[2].partition("/")
    type_ = "/".join((provider, *path.split("/")[::2])).lower()
    if not asked.startswith("/subscriptions/") or type_ not in map(str.lower, kind.resources):
        message = f"The resourceId '{asked}' is not that of {' or '.join(kind.resources)}."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    return asked


def identity_of(call: Call, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whose rights the compute has."""
    asked = object_of(body, "identity")
    if not asked:
        return None
    kinds = {part.strip().lower() for part in text_of(asked, "type").split(",")}
    if not kinds <= {"systemassigned", "userassigned", "none"}:
        message = f"The identity type '{asked.get('type')}' is not supported."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    named = object_of(asked, "userAssignedIdentities")
    if "userassigned" in kinds and not all(PROVIDERS in each.lower() for each in named):
        message = "User-assigned identities are named by their ids."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    return {"type": asked["type"], "userAssignedIdentities": sorted(named)}


PROVIDERS = "/providers/microsoft.managedidentity/"


def number(holder: Mapping[str, Any], name: str) -> int:
    value = holder.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(name, "a number")
    return value


def duration(name: str, text: str) -> float:
    try:
        return durations.seconds(text)
    except (ValueError, OverflowError) as error:
        raise wrong(name, "a duration such as PT30M") from error


def _word(name: str, text: str) -> str:
    words = WORDS.get(name)
    if words is None:
        return text
    found = canonical(text, words)
    if found not in words:
        raise wrong(name, f"one of {', '.join(words)}")
    return found
