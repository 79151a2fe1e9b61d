"""Schedules: kept as clients put them, changed and deleted as long-running operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import intakes, operations
from amltui.emulator.change import CREATING, DELETING, Change
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.http.views import ENABLED, view
from amltui.emulator.jobs import arm_body
from amltui.emulator.jobs.submissions import checks, submitted
from amltui.emulator.jobs.submissions.intake import Intake
from amltui.emulator.operations import Style
from amltui.emulator.resources import Resource
from amltui.emulator.routes.jobs import again
from amltui.emulator.schedules.jobs import ScheduledJobs
from amltui.emulator.triggers.trigger import trigger_of

PAGE = 20
TAKES = 2.0
"""Seconds until a change is over."""
_ACTIONS = ("CreateJob", "InvokeBatchEndpoint", "CreateMonitor", "ImportData")


async def listing(call: Call) -> Response:
    """Enabled ones unless others are asked for."""
    asked_view = view(call, ENABLED)
    held = call.world.resources.within(f"{call.workspace.id}/schedules", call.now)
    found = [
        each
        for each in held
        if asked_view == "All"
        or bool(each.properties["isEnabled"]) is (asked_view != "DisabledOnly")
    ]
    return paging.listed(call, [_body(call, each) for each in found], PAGE)


async def get(call: Call) -> Response:
    return JSONResponse(_body(call, _asked(call)))


async def put(call: Call) -> Response:
    """A new schedule, or another state of one: what it has created so far stays."""
    asked = (await call.body()).get("properties")
    held = call.world.resources.get(_id(call), call.now)
    properties = _checked(call, asked)
    takes, error = call.fate(TAKES)
    change = Change(CREATING, call.now, takes, error)
    if held is None:
        made = Resource(_id(call), call.now, call.who, properties, change=change)
    else:
        keep_jobs(call, held)
        made = replace(
            held,
            properties=properties,
            kept={**held.kept, "since": call.now},
            modified=call.now,
            modified_by=call.who,
            change=change,
        )
    call.world.resources.put(made)
    # The service says Creating of every change.
    begun = operations.begin(call, Style.FRONT_END, TAKES, kind="s", word=CREATING)
    headers = operations.creating(call, begun, call.workspace.location, made.id)
    return JSONResponse(_body(call, made), 200 if held else 201, headers)


async def delete(call: Call) -> Response:
    """One that is enabled is not deleted, which the operation says later."""
    held = call.world.resources.get(_id(call), call.now)
    if held is None:
        return Response(status_code=204)
    problem = None
    if held.properties["isEnabled"]:
        problem = f"Cannot delete an active trigger {held.name}"
    takes, error = call.fate(TAKES, problem)
    if error is None:
        keep_jobs(call, held)
        call.world.resources.put(replace(held, change=Change(DELETING, call.now, takes)))
    begun = operations.begin(call, Style.FRONT_END, TAKES, kind="s", word=DELETING, error=problem)
    headers = operations.following(call, begun, call.workspace.location)
    return Response(b"null", 202, headers, "application/json; charset=utf-8")


async def trigger(call: Call) -> Response:
    """Its job at once, besides those that it is due for."""
    held = _asked(call)
    action = held.properties["action"]
    if not held.properties["isEnabled"]:
        raise _bad(call, f"Cannot trigger a disabled schedule {held.name}")
    if action["actionType"] != "CreateJob":
        raise _bad(call, f"A schedule that is to {action['actionType']} cannot be triggered.")
    intake = intakes.intake(call.world, call.workspace, call.now, call.who)
    name = f"{held.name}-{round(call.now * 1000)}"
    for job in submitted(intake, name, action["jobDefinition"]):
        call.world.jobs.put(replace(job, schedule=held.name))
    return JSONResponse({"submissionId": name, "scheduleActionType": action["actionType"]})


def keep_jobs(call: Call, schedule: Resource) -> None:
    """Write down what a schedule has created: it is about to become another one."""
    source = ScheduledJobs(call.world, call.workspace.id)
    for record in source.fired(schedule, call.now):
        if not call.history.is_written(record.name):
            call.world.jobs.put(record)


def _checked(call: Call, asked: Any) -> dict[str, Any]:
    """The properties as the service keeps them; a 400 for what is no schedule."""
    if not isinstance(asked, Mapping):
        raise _bad(call, "The request has no properties.")
    for name in ("trigger", "action"):
        if not isinstance(asked.get(name), Mapping):
            raise _bad(call, f"The field {name} is required.")
    if (wrong := checks.misshapen(asked)) is not None:
        raise _bad(call, wrong)
    action = asked["action"]
    if action.get("actionType") not in _ACTIONS:
        raise _bad(call, "The field action.actionType is required: " + ", ".join(_ACTIONS))
    try:
        trigger_of(asked["trigger"], call.now)
    except ValueError as error:
        raise _bad(call, str(error)) from error
    if action["actionType"] == "CreateJob":
        action = {**action, "jobDefinition": _definition(call, action.get("jobDefinition"))}
    enabled = asked.get("isEnabled")
    return {
        "description": asked.get("description"),
        "tags": asked.get("tags") or {},
        "properties": asked.get("properties") or {},
        "displayName": asked.get("displayName"),
        "isEnabled": True if enabled is None else bool(enabled),
        "trigger": dict(asked["trigger"]),
        "action": dict(action),
    }


def _definition(call: Call, asked: Any) -> dict[str, Any]:
    """The job to create, filled up as the service does."""
    if isinstance(asked, Mapping) and asked.get("sourceJobId"):
        asked = again(call, asked)
    if (wrong := checks.complaint(asked)) is not None:
        raise _bad(call, wrong)
    sample = submitted(Intake(call.workspace.id.lower(), call.now, call.who), "sample", asked)[0]
    filled = arm_body.asked_of(sample, call.place)
    return {
        **filled,
        **{name: value for name, value in asked.items() if value is not None},
        "description": asked.get("description"),
        "tags": asked.get("tags") or {},
        "properties": asked.get("properties") or {},
        "displayName": asked.get("displayName"),
        "status": "NotStarted",
        "experimentName": asked.get("experimentName") or "Default",
        "services": None,
        "isArchived": False,
        "identity": asked.get("identity"),
        "componentId": asked.get("componentId"),
        "notificationSetting": asked.get("notificationSetting"),
    }


def _id(call: Call) -> str:
    return f"{call.workspace.id}/schedules/{call.params['schedule']}"


def _asked(call: Call) -> Resource:
    found = call.world.resources.get(_id(call), call.now)
    if found is None:
        message = f"Resource Trigger {call.params['schedule']} not found"
        raise call.refused(404, message, "NotFound")
    return found


def _body(call: Call, schedule: Resource) -> dict[str, Any]:
    return schedule.body(provisioningState=schedule.state(call.now))


def _bad(call: Call, message: str) -> Refusal:
    return call.refused(400, message, "BadArgument", "ArgumentInvalid")


SCHEDULES = f"{WORKSPACE}/schedules"
SCHEDULE = f"{SCHEDULES}/{{schedule}}"
ROUTES = [
    Route("GET", SCHEDULES, listing, "Schedules_List"),
    Route("GET", SCHEDULE, get, "Schedules_Get"),
    Route("PUT", SCHEDULE, put, "Schedules_CreateOrUpdate"),
    Route("DELETE", SCHEDULE, delete, "Schedules_Delete"),
    Route("POST", f"{SCHEDULE}/trigger", trigger, "Schedules_Trigger"),
]
