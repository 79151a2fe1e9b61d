"""A compute that is not there yet: from the lines of a form, or from a file that `az ml` reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind, Nodes
from amltui.kinds.compute_words import span, whole
from amltui.kinds.idling import OFF, SHORTEST
from amltui.kinds.kind import Unusable
from amltui.kinds.resizing import full_name

NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{1,22})[A-Za-z0-9]")
IDLE = timedelta(minutes=2)
TIERS = {"dedicated": False, "low_priority": True, "lowpriority": True, "low-priority": True}
_KINDS = {
    "amlcompute": ComputeKind.CLUSTER,
    "cluster": ComputeKind.CLUSTER,
    "computeinstance": ComputeKind.INSTANCE,
    "instance": ComputeKind.INSTANCE,
}
_TYPES = {ComputeKind.CLUSTER: "AmlCompute", ComputeKind.INSTANCE: "ComputeInstance"}
_KEYS = frozenset(
    [
        "$schema",
        "name",
        "type",
        "size",
        "tier",
        "location",
        "description",
        "tags",
        "min_instances",
        "max_instances",
        "idle_time_before_scale_down",
        "idle_time_before_shutdown",
        "idle_time_before_shutdown_minutes",
        "schedules",
        "ssh_public_access_enabled",
        "ssh_settings",
        "network_settings",
        "enable_node_public_ip",
        "create_on_behalf_of",
    ]
)


class Draft(Struct, frozen=True):
    """What is to be made."""

    compute: Compute
    inner: Mapping[str, Any] = field(default_factory=dict)
    """Properties of its kind besides those that every such compute has."""
    description: str | None = None

    def body(self, location: str) -> dict[str, Any]:
        """The whole of it, as Resource Manager is sent it."""
        compute = self.compute
        inner: dict[str, Any] = {"vmSize": compute.size, **self.inner}
        if compute.nodes is not None:
            idle = compute.scale_down or IDLE
            inner["vmPriority"] = "LowPriority" if compute.low_priority else "Dedicated"
            inner["scaleSettings"] = {
                "minNodeCount": compute.nodes.minimum,
                "maxNodeCount": compute.nodes.maximum or 0,
                "nodeIdleTimeBeforeScaleDown": f"PT{int(idle.total_seconds())}S",
            }
        elif compute.idle_shutdown is not None:
            minutes = int(compute.idle_shutdown.total_seconds() // 60)
            inner["idleTimeBeforeShutdown"] = f"PT{minutes}M"
        properties: dict[str, Any] = {"computeType": compute.type, "properties": inner}
        if self.description:
            properties["description"] = self.description
        body: dict[str, Any] = {"location": compute.location or location, "properties": properties}
        return body | ({"tags": dict(compute.tags)} if compute.tags else {})


def of(
    place: WorkspaceId,
    kind: str,
    name: str,
    size: str,
    *,
    tier: str = "dedicated",
    least: str = "0",
    most: str = "4",
    idle: str = "",
) -> Compute:
    """From words; Unusable with what is wrong with the first that makes no sense."""
    found = _KINDS.get(kind.strip().lower())
    if found is None:
        raise Unusable(f"{kind.strip() or 'nothing'} is no kind: write instance or cluster")
    if not NAME.fullmatch(name.strip()):
        raise Unusable(
            "A name has 3 to 24 letters, digits and hyphens; it begins with a letter and does not"
            " end in a hyphen"
        )
    vm = full_name(size)
    if tier.strip().lower() not in TIERS:
        raise Unusable(f"{tier.strip() or 'nothing'} is no tier: write dedicated or low_priority")
    base = Compute(place, name.strip(), found, _TYPES[found], None, None, size=vm)
    if found is ComputeKind.INSTANCE:
        return _instance(base, tier, idle)
    lowest, highest = whole(least), whole(most)
    if lowest > highest:
        raise Unusable(f"at least {lowest} and at most {highest} nodes: that is no range")
    stays = IDLE if not idle.strip() else span(f"{idle}s" if idle.strip().isdecimal() else idle)
    return _with(
        base, nodes=Nodes(minimum=lowest, maximum=highest), scale_down=stays,
        low_priority=TIERS[tier.strip().lower()],
    )  # fmt: skip


def _instance(base: Compute, tier: str, idle: str) -> Compute:
    if TIERS[tier.strip().lower()]:
        raise Unusable("Instances are dedicated: only clusters are preemptible")
    if not idle.strip() or idle.strip().lower() in OFF:
        return base
    after = span(f"{idle}m" if idle.strip().isdecimal() else idle)
    if after < SHORTEST or after > timedelta(days=3):
        raise Unusable(f"{idle.strip()} is not within 15m and 3d, which the service accepts")
    return _with(base, idle_shutdown=after)


def _with(compute: Compute, **members: Any) -> Compute:
    from msgspec.structs import replace

    return replace(compute, **members)


def _document(text: str) -> Any:
    """The YAML document of a text; Unusable with its line where it is none."""
    import yaml  # only files need it

    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark is not None else ""
        raise Unusable(f"{line}{error.problem or 'this is no YAML'}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unusable(f"this is no YAML: {str(error).splitlines()[0]}") from error


def read(place: WorkspaceId, text: str) -> Draft:
    """A file for `az ml compute create -f`; Unusable where it is none, or asks for more."""
    told = _document(text)
    if not isinstance(told, dict):
        raise Unusable("A compute is written as `name: value`, line by line")
    if strange := sorted(set(map(str, told)) - _KEYS):
        raise Unusable(f"{', '.join(strange[:3])} cannot be made from a file here")

    def word(name: str, other: str = "") -> str:
        value = told.get(name)
        if isinstance(value, dict | list):
            raise Unusable(f"{name} is one value, not several")
        return other if value is None else str(value)

    is_instance = word("type").lower() == "computeinstance"
    if word("type").lower() not in {"amlcompute", "computeinstance"}:
        raise Unusable("type is amlcompute or computeinstance: other kinds are attached in Azure")
    idle = word("idle_time_before_scale_down")
    if is_instance:
        minutes = word("idle_time_before_shutdown_minutes")
        idle = _iso(word("idle_time_before_shutdown")) or (f"{minutes}m" if minutes else "")
    compute = of(
        place, word("type"), word("name"), word("size", "Standard_DS3_v2"),
        tier=word("tier", "dedicated"), least=word("min_instances", "0"),
        most=word("max_instances", "4"), idle=idle,
    )  # fmt: skip
    tags = {str(k): str(v) for k, v in _mapping(told, "tags").items()}
    location = word("location").replace(" ", "").lower() or None
    compute = _with(compute, tags=tags, location=location)
    return Draft(compute, _inner(told, is_instance=is_instance), word("description") or None)


def _iso(text: str) -> str:
    """`PT60M` as it is read from people."""
    found = re.fullmatch(r"PT(\d+)([MH])", text)
    if text and found is None:
        raise Unusable(f"idle_time_before_shutdown is written like PT60M, not {text}")
    return f"{found[1]}{found[2].lower()}" if found else ""


def _inner(told: Mapping[str, Any], *, is_instance: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    network = _mapping(told, "network_settings")
    if subnet := network.get("subnet"):
        found["subnet"] = {"id": subnet}
    if (public := told.get("enable_node_public_ip")) is not None:
        found["enableNodePublicIp"] = bool(public)
    access, ssh = told.get("ssh_public_access_enabled"), _mapping(told, "ssh_settings")
    if is_instance:
        if access is not None or ssh:
            key = ssh.get("ssh_key_value")
            is_open = bool(access) if access is not None else bool(key)
            settings = {"sshPublicAccess": "Enabled" if is_open else "Disabled"}
            found["sshSettings"] = settings | ({"adminPublicKey": key} if key else {})
        if schedules := _schedules(told):
            found["schedules"] = {"computeStartStop": schedules}
        if user := _mapping(told, "create_on_behalf_of"):
            assigned = {
                "objectId": user.get("user_object_id"),
                "tenantId": user.get("user_tenant_id"),
            }
            found["personalComputeInstanceSettings"] = {"assignedUser": assigned}
    elif ssh.get("admin_username"):
        found["userAccountCredentials"] = {
            "adminUserName": ssh["admin_username"],
            "adminUserSshPublicKey": ssh.get("ssh_key_value"),
            "adminUserPassword": ssh.get("admin_password"),
        }
        found["remoteLoginPortPublicAccess"] = "Enabled" if access else "Disabled"
    return found


def _schedules(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = _mapping(told, "schedules").get("compute_start_stop") or []
    if not isinstance(listed, list):
        raise Unusable("schedules.compute_start_stop is a list")
    return [_start_stop(each) for each in listed]


def _start_stop(told: Any) -> dict[str, Any]:
    trigger = told.get("trigger") if isinstance(told, dict) else None
    kind = str(trigger.get("type")).lower() if isinstance(trigger, dict) else ""
    if not isinstance(trigger, dict) or kind not in {"cron", "recurrence"}:
        raise Unusable("A schedule has a trigger of type cron or recurrence")
    state = "Disabled" if str(told.get("state")).lower() == "disabled" else "Enabled"
    found = {"action": str(told.get("action")).capitalize(), "status": state}
    when = {
        "timeZone": str(trigger.get("time_zone") or "UTC"),
        "startTime": str(trigger.get("start_time") or "2022-01-01T00:00:00"),
    }
    if kind == "cron":
        cron = {"expression": str(trigger.get("expression")), **when}
        return {**found, "triggerType": "Cron", "cron": cron}
    return {**found, "triggerType": "Recurrence", "recurrence": {**_recurrence(trigger), **when}}


FREQUENCIES = ("minute", "hour", "day", "week", "month")


def _recurrence(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """How often, as az ml writes it; the pattern of days and hours is the service's to check."""
    frequency, interval = str(trigger.get("frequency")).lower(), trigger.get("interval")
    if frequency not in FREQUENCIES:
        raise Unusable(f"A recurrence has a frequency: {', '.join(FREQUENCIES)}")
    if not isinstance(interval, int) or interval < 1:
        raise Unusable("A recurrence has an interval, which is a number from 1 on")
    found: dict[str, Any] = {"frequency": frequency.capitalize(), "interval": interval}
    pattern = _mapping(trigger, "schedule")
    if pattern:
        days = _several(pattern.get("week_days"))
        found["schedule"] = {
            "hours": _several(pattern.get("hours")),
            "minutes": _several(pattern.get("minutes")),
            "weekDays": [str(day).capitalize() for day in days] or None,
            "monthDays": _several(pattern.get("month_days")) or None,
        }
    return found


def _several(value: Any) -> list[Any]:
    """A list, or one value that stands for one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _mapping(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unusable(f"{name} has members of its own, line by line below it")
    return value
