"""The activity log: what clients changed through ARM, and how it went."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import guid
from amltui.emulator.state import Save, save_nothing

TABLE = "activity"
_VERBS = {"PUT": "write", "PATCH": "write", "DELETE": "delete"}
_SILENT = ("microsoft.costmanagement", "microsoft.resourcegraph", "microsoft.insights")
"""Providers whose POSTs are questions."""
_ASKING = ("/listnodes", "/getlogs")
"""POSTs that clients look with again and again."""


@dataclass(frozen=True)
class Event:
    """One change."""

    time: float
    caller: str
    method: str
    path: str
    status: int
    correlation: str

    @property
    def resource(self) -> str:
        """What it was done to: of `…/computes/c/start` the compute."""
        return self.path.rpartition("/")[0] if self.method == "POST" else self.path

    @property
    def provider(self) -> str:
        _, found, rest = self.path.partition("/providers/")
        return rest.partition("/")[0] if found else "Microsoft.Resources"

    @property
    def type(self) -> str:
        """`Microsoft.MachineLearningServices/workspaces/computes`"""
        found = self.resource.partition("/providers/")[2].split("/")
        if found == [""]:
            return "Microsoft.Resources/subscriptions/resourceGroups"
        return "/".join([found[0], *found[1::2]])

    @property
    def group(self) -> str:
        parts = self.path.split("/")
        return parts[4] if len(parts) > 4 and parts[3].lower() == "resourcegroups" else ""

    @property
    def operation(self) -> str:
        if self.method == "POST":
            return f"{self.type}/{self.path.rpartition('/')[2]}/action"
        return f"{self.type}/{_VERBS[self.method]}"

    @property
    def outcome(self) -> str:
        if self.status >= 400:
            return "Failed"
        return "Accepted" if self.status == HTTPStatus.ACCEPTED else "Succeeded"

    def body(self, number: int, tenant: str) -> dict[str, Any]:
        """As the log's API writes it."""
        known = guid(self.correlation, str(number))
        phrase = HTTPStatus(self.status).phrase
        sub = {
            "value": phrase.replace(" ", ""),
            "localizedValue": f"{phrase} (HTTP Status Code: {self.status})",
        }
        ticks = int((self.time + 62_135_596_800) * 10_000_000)
        return {
            "authorization": {"action": self.operation, "scope": self.resource},
            "caller": self.caller,
            "claims": {"name": self.caller, "aud": "https://management.azure.com"},
            "correlationId": self.correlation,
            "description": "",
            "eventDataId": known,
            "eventName": _both("EndRequest", "End request"),
            "category": _both("Administrative"),
            "httpRequest": {"clientRequestId": self.correlation, "method": self.method},
            "id": f"{self.resource}/events/{known}/ticks/{ticks}",
            "level": "Error" if self.status >= 400 else "Informational",
            "resourceGroupName": self.group,
            "resourceProviderName": _both(self.provider),
            "resourceType": _both(self.type),
            "resourceId": self.resource,
            "operationId": self.correlation,
            "operationName": _both(self.operation),
            "properties": {"statusCode": phrase, "entity": self.resource},
            "status": _both(self.outcome),
            "subStatus": sub,
            "eventTimestamp": iso(self.time),
            "submissionTimestamp": iso(self.time + 60),
            "subscriptionId": self.path.split("/")[2],
            "tenantId": tenant,
        }


def _both(value: str, localized: str | None = None) -> dict[str, str]:
    return {"value": value, "localizedValue": localized or value}


def is_noted(method: str, path: str) -> bool:
    """Whether such a request changes something, or asks for what only some may know."""
    lower = path.lower()
    if not lower.startswith("/subscriptions/") or lower.count("/") < 4:
        return False
    if method == "POST":
        asks = lower.endswith(_ASKING) or any(f"/providers/{each}" in lower for each in _SILENT)
        return "/providers/" in lower and not asks
    return method in _VERBS


@dataclass
class ActivityLog:
    """Every event of the world, oldest first."""

    save: Save = save_nothing
    events: list[Event] = field(default_factory=list)

    def note(self, event: Event) -> None:
        self.events.append(event)
        key = f"{event.path.lower()}/{len(self.events):09d}"
        self.save(TABLE, key, asdict(event))

    def between(self, start: float, end: float) -> list[tuple[int, Event]]:
        """Events with their numbers, newest first."""
        first = bisect_left(self.events, start, key=lambda each: each.time)
        found = [
            (first + place, each)
            for place, each in enumerate(self.events[first:])
            if each.time <= end
        ]
        return found[::-1]

    def restore(self, value: Mapping[str, Any]) -> None:
        """Take back what was saved."""
        self.events.append(Event(**value))
