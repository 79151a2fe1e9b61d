"""The activity log of a subscription."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from amltui.emulator.activity import Event
from amltui.emulator.http import errors, paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import SUBSCRIPTION, Route

PAGE = 200
RETENTION = 90 * 86_400.0
_CLAUSE = re.compile(r"(\w+)\s+(eq|ge|le|gt|lt)\s+'([^']*)'", re.IGNORECASE)
_ONE_OF = ("resourcegroupname", "resourceuri", "resourceprovider")


async def listing(call: Call) -> Response:
    """Newest first; the filter must say from when on."""
    wanted = _filter(call)
    start, end = wanted.pop("start"), wanted.pop("end")
    subscription = f"/subscriptions/{call.subscription.id}/".lower()
    found = [
        _selected(call, event.body(number, call.world.tenant))
        for number, event in call.world.activity.between(max(start, call.now - RETENTION), end)
        if event.path.lower().startswith(subscription)
        and all(_holds(event, name, value) for name, value in wanted.items())
    ]
    return paging.listed(call, found, PAGE)


def _filter(call: Call) -> dict[str, Any]:
    asked: dict[str, Any] = {"end": call.now}
    for clause in re.split(r"\s+and\s+", call.query.get("$filter", "").strip(), flags=re.I):
        found = _CLAUSE.fullmatch(clause.strip())
        if found is None:
            raise _bad(f"The filter is not understood near '{clause}'.")
        name, how, value = found[1].lower(), found[2].lower(), found[3]
        if name == "eventtimestamp":
            asked["start" if how in {"ge", "gt"} else "end"] = _moment(value)
        elif how != "eq" or name not in {
            *_ONE_OF,
            "correlationid",
            "caller",
            "status",
            "resourceid",
        }:
            raise _bad(f"The filter cannot have {found[1]} {how}.")
        else:
            asked[name] = value
    if "start" not in asked:
        raise _bad("The start time of the filter (eventTimestamp ge) is required.")
    if len(asked.keys() & set(_ONE_OF)) > 1:
        raise _bad("Only one of resourceGroupName, resourceUri and resourceProvider can be given.")
    return asked


def _moment(text: str) -> float:
    try:
        told = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise _bad(f"The time {text} is not understood.") from error
    return told.replace(tzinfo=told.tzinfo or UTC).timestamp()


def _holds(event: Event, name: str, value: str) -> bool:
    lower = value.lower().rstrip("/")
    if name in {"resourceuri", "resourceid"}:
        resource = event.resource.lower()
        # A resource's log has that of what lies below it.
        return resource == lower or (name == "resourceuri" and resource.startswith(f"{lower}/"))
    held = {
        "resourcegroupname": event.group,
        "resourceprovider": event.provider,
        "correlationid": event.correlation,
        "caller": event.caller,
        "status": event.outcome,
    }[name]
    return held.lower() == lower


def _selected(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Only what `$select` names, where it names something."""
    names = {name.strip().lower() for name in call.query.get("$select", "").split(",") if name}
    if not names:
        return body
    return {name: each for name, each in body.items() if name.lower() in names}


def _bad(message: str) -> Refusal:
    return Refusal(errors.gateway(400, "BadRequest", message))


ROUTES = [
    Route(
        "GET",
        f"{SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values",
        listing,
        "ActivityLogs_List",
    )
]
