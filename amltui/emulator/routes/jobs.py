"""Jobs through ARM: list, get, create, cancel, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.jobs import arm_body, timeline
from amltui.emulator.jobs.history import NEWEST, key_of
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submitted import compute_name, submitted
from amltui.emulator.places import PROVIDER

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}")
_TYPES = {"automl", "command", "sweep", "pipeline", "spark", "finetuning", "labeling"}


async def list_jobs(call: Call) -> Response:
    """Newest first. A page starts behind the last job of the one before, whatever came since."""
    start = paging.position(paging.asked_token(call))
    before = (float(start[0]), str(start[1])) if isinstance(start, list) else NEWEST
    found = _wanted(call, call.history.newest_first(call.now, before))
    page = [record for _, record in zip(range(call.world.page_size), found, strict=False)]
    more = next(found, None) is not None
    following = key_of(page[-1]) if more else None
    bodies = [arm_body.job(record, call.now, call.place) for record in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get_job(call: Call) -> Response:
    return JSONResponse(arm_body.job(_asked(call), call.now, call.place))


async def put_job(call: Call) -> Response:
    """A new job runs; of an old one only what can be edited is taken."""
    name, body = call.params["job"], await call.body()
    asked = body.get("properties")
    known = call.history.get(name, call.now)
    complaint = _complaint(name, asked, is_new=known is None)
    if complaint is not None or asked is None:
        raise _bad(call, complaint or "The request has no properties.")
    if known is not None:
        return _created(call, call.world.jobs.put(_edited(known, asked)), 200)
    compute = compute_name(asked.get("computeId"))
    if compute is not None and call.world.compute(call.workspace, compute) is None:
        raise _bad(call, f"The compute '{compute}' was not found in the workspace.")
    job, *children = submitted(name, call.place.workspace, body, call.now, call.who)
    call.world.jobs.put(job)
    for child in children:
        call.world.jobs.put(child)
    return _created(call, job, 201)


async def cancel_job(call: Call) -> Response:
    record = _asked(call)
    if timeline.is_terminal(record, call.now):
        if record.type != "Pipeline":
            return _null(200)
        message = f"The pipeline run {record.name} is in terminal status, it can't be canceled."
        inner = ("BadArgument", "ArgumentInvalid", "CancelPipelineRunInTerminalStatus")
        raise call.refused(400, message, *inner)
    cancel(call, record)
    return _null(202, **_operation(call, record))


async def delete_job(call: Call) -> Response:
    record = call.history.get(call.params["job"], call.now)
    if record is None:
        return Response(status_code=204)
    if not timeline.is_terminal(record, call.now):
        raise _bad(call, f"Job {record.name} is active: cancel it before deleting it.")
    call.world.jobs.put(replace(record, is_deleted=True))
    return _null(200)


def cancel(call: Call, record: JobRecord) -> None:
    """Ask a job to stop, and the children that still run, or have not come yet."""
    family = [record, *call.history.children(record.name, 1e12)]
    for each in family:
        if each.created > call.now:
            call.world.jobs.put(replace(each, is_deleted=True))
        elif each.cancel_requested_at is None and not timeline.is_terminal(each, call.now):
            call.world.jobs.put(replace(each, cancel_requested_at=call.now))


def _asked(call: Call) -> JobRecord:
    """The job of the path."""
    record = call.history.get(call.params["job"], call.now)
    if record is None:
        raise call.refused(404, f"Job {call.params['job']} not found.", "NotFound", "JobNotFound")
    return record


def _wanted(call: Call, records: Iterator[JobRecord]) -> Iterator[JobRecord]:
    view = call.query.get("listviewtype", "ActiveOnly").lower()
    kind = call.query.get("jobtype", "").lower()
    tag = call.query.get("tag")
    wanted = dict(
        part.partition("=")[::2] for part in call.query.get("properties", "").split(",") if part
    )
    for record in records:
        if view != "all" and record.is_archived is not (view == "archivedonly"):
            continue
        if kind and record.type.lower() != kind:
            continue
        if tag and tag not in (record.tags or {}):
            continue
        held = arm_body.properties(record)
        if any(
            name not in held or (value and held[name] != value) for name, value in wanted.items()
        ):
            continue
        yield record


def _complaint(name: str, asked: Any, *, is_new: bool) -> str | None:
    if not _NAME.fullmatch(name):
        return f"The job name '{name}' is not valid."
    if not isinstance(asked, dict):
        return "The request has no properties."
    kind = asked.get("jobType")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        return "The field jobType is required: AutoML, Command, Sweep, Pipeline or Spark."
    if is_new and kind.lower() == "command" and not asked.get("command"):
        return "The field command is required."
    return None


def _edited(record: JobRecord, asked: dict[str, Any]) -> JobRecord:
    return replace(
        record,
        display_name=asked.get("displayName", record.display_name),
        description=asked.get("description", record.description),
        tags=asked.get("tags", record.tags),
        is_archived=bool(asked.get("isArchived", record.is_archived)),
    )


def _created(call: Call, record: JobRecord, status: int) -> Response:
    location = f"{call.base}{call.workspace.id}/jobs/{record.name}?api-version={call.version}"
    body = arm_body.job(record, call.now, call.place)
    return JSONResponse(body, status, {"Location": location})


def _operation(call: Call, record: JobRecord) -> dict[str, str]:
    held = call.workspace
    return {
        "Location": f"{call.base}/subscriptions/{held.subscription.id}/providers/{PROVIDER}"
        f"/locations/{held.location}/mfeOperationResults/jc:{held.guid}:{record.name}"
        f"?api-version={call.version}",
        "x-ms-async-operation-timeout": "PT1H",
        **operations.hint(call),
    }


def _bad(call: Call, message: str) -> Refusal:
    return call.refused(400, message, "BadArgument", "ArgumentInvalid")


def _null(status: int, **headers: str) -> Response:
    return Response(b"null", status, headers, "application/json; charset=utf-8")


JOBS = f"{WORKSPACE}/jobs"
JOB = f"{JOBS}/{{job}}"
ROUTES = [
    Route("GET", JOBS, list_jobs, "Jobs_List"),
    Route("GET", JOB, get_job, "Jobs_Get"),
    Route("PUT", JOB, put_job, "Jobs_CreateOrUpdate"),
    Route("POST", f"{JOB}/cancel", cancel_job, "Jobs_Cancel"),
    Route("DELETE", JOB, delete_job, "Jobs_Delete"),
]
