"""Jobs through ARM: list, get, create, cancel, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import intakes, operations
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.pairs import has, has_one
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.http.views import view
from amltui.emulator.jobs import arm_body, timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import NEWEST, Key, key_of
from amltui.emulator.jobs.submissions import checks, submitted
from amltui.emulator.jobs.submissions.intake import compute_name
from amltui.emulator.places import PROVIDER

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}")
MOST_READ = 20_000
"""Jobs that are looked at for one page: a page can be short, and still have one behind it."""


async def list_jobs(call: Call) -> Response:
    """Newest first. A page starts behind the last job of the one before, whatever came since."""
    page, following = _page(call)
    bodies = [arm_body.job(record, call.now, call.place) for record in page]
    return JSONResponse(paging.listing(call, bodies, following))


async def get_job(call: Call) -> Response:
    return JSONResponse(arm_body.job(_asked(call), call.now, call.place))


async def put_job(call: Call) -> Response:
    """A new job runs; of an old one only what can be edited is taken."""
    name, asked = call.params["job"], (await call.body()).get("properties")
    if not _NAME.fullmatch(name):
        raise _bad(call, f"The job name '{name}' is not valid.")
    known = call.history.get(name, call.now)
    if isinstance(asked, Mapping) and asked.get("sourceJobId"):
        asked = again(call, asked)
    complaint = checks.complaint(asked)
    if known is not None and isinstance(asked, Mapping) and asked.get("jobType"):
        complaint = checks.misshapen(asked)
    if complaint is not None or asked is None:
        raise _bad(call, complaint or "The request has no properties.")
    if known is not None:
        return _created(call, call.world.jobs.put(_edited(known, asked)), 200)
    _check_places(call, asked)
    intake = intakes.intake(call.world, call.workspace, call.now, call.who)
    job, *children = submitted(intake, name, asked)
    for each in (job, *children):
        call.world.jobs.put(each)
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
    for each in (record, *call.history.family(record.name, float("inf"))):
        call.world.jobs.put(replace(each, is_deleted=True))
    return _null(200)


def cancel(call: Call, record: JobRecord) -> None:
    """Ask a job to stop, and the children that still run, or have not come yet."""
    family = [record, *call.history.family(record.name, float("inf"))]
    for each in family:
        if each.created > call.now:
            call.world.jobs.put(replace(each, is_deleted=True))
        elif each.cancel_requested_at is None and not timeline.is_terminal(each, call.now):
            call.world.jobs.put(replace(each, cancel_requested_at=call.now))
    for compute in {each.compute for each in family if each.compute}:
        most = intakes.most(call.world, call.workspace, compute)
        call.world.jobs.move_up(call.workspace.id, compute, most, call.now)


def again(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What an earlier job was asked to be, under what is asked for now."""
    source = str(asked["sourceJobId"]).rpartition("/")[2]
    record = call.history.get(source, call.now)
    if record is None:
        raise call.refused(404, f"Job {source} not found.", "NotFound", "JobNotFound")
    before = arm_body.asked_of(record, call.place)
    return {**before, **{name: value for name, value in asked.items() if value is not None}}


def _asked(call: Call) -> JobRecord:
    """The job of the path."""
    record = call.history.get(call.params["job"], call.now)
    if record is None:
        raise call.refused(404, f"Job {call.params['job']} not found.", "NotFound", "JobNotFound")
    return record


def _page(call: Call) -> tuple[list[JobRecord], Key | None]:
    """Some jobs, and the one behind which the next page starts."""
    start = paging.position(paging.asked_token(call))
    match start:
        case [int() | float() as created, str() as name]:
            before = (float(created), name)
        case _:
            before = NEWEST
    found: list[JobRecord] = []
    last = before
    size, asked_view = paging.count(call.query.get("$top"), call.world.page_size), view(call)
    held = call.history.newest_first(call.now, before)
    for record in islice(held, MOST_READ):
        if len(found) == size:
            return found, last
        last = key_of(record)
        found += _wanted(call, record, asked_view)
    return found, last if next(held, None) is not None else None


def _wanted(call: Call, record: JobRecord, asked_view: str) -> Iterator[JobRecord]:
    """The job itself, if it is one of those that are asked for."""
    query = call.query
    if asked_view != "All" and record.is_archived is not (asked_view == "ArchivedOnly"):
        return
    if (kind := query.get("jobtype")) and record.type.lower() != kind.lower():
        return
    if not has_one(record.tags, query.get("tag")):
        return
    scheduled = query.get("scheduled", "").lower()
    if scheduled in {"true", "false"} and (record.schedule is not None) is (scheduled == "false"):
        return
    if (schedule := query.get("scheduleid")) and not _is_of(record, schedule):
        return
    if (name := query.get("assetname")) and name not in str([record.inputs, record.environment]):
        return
    asked = query.get("properties")
    if not asked or has(arm_body.properties(record), asked):
        yield record


def _is_of(record: JobRecord, schedule: str) -> bool:
    """A schedule is named by its name or by its id."""
    return (record.schedule or "").lower() == schedule.rpartition("/")[2].lower()


def _check_places(call: Call, asked: Mapping[str, Any]) -> None:
    """A job for a compute or in an environment that is not there is refused at once."""
    settings = asked.get("settings") or {}
    steps = asked.get("jobs") or {}
    computes = [asked.get("computeId"), settings.get("default_compute")]
    computes += [each.get("computeId") or each.get("compute") for each in steps.values()]
    for compute in (compute_name(each) for each in computes if isinstance(each, str)):
        if compute is not None and call.world.compute(call.workspace, compute) is None:
            message = f"The compute '{compute}' was not found in the workspace."
            raise call.refused(400, message, "BadArgument", "ArgumentInvalid", "ComputeNotFound")
    trial = asked.get("trial") or {}
    for identity in (asked.get("environmentId"), trial.get("environmentId")):
        if identity and not intakes.is_environment(call.world, call.workspace, call.now, identity):
            message = f"The environment '{identity}' was not found in the workspace."
            raise call.refused(400, message, "BadArgument", "EnvironmentNotFound")


def _edited(record: JobRecord, asked: Mapping[str, Any]) -> JobRecord:
    return replace(
        record,
        display_name=asked.get("displayName", record.display_name),
        description=asked.get("description", record.description),
        tags=_own(asked["tags"]) if asked.get("tags") is not None else record.tags,
        is_archived=bool(asked.get("isArchived", record.is_archived)),
    )


def _own(tags: Mapping[str, str | None]) -> dict[str, str | None]:
    """Without what the service puts there itself."""
    return {name: value for name, value in tags.items() if not name.startswith("_aml_system_")}


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
