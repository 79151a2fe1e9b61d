"""What clients tell of their runs as it happens, and the stretches of a run's life."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs import run_changes, timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.timeline import Phase
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes.run_history import asked_run, no_run, objects, under_experiments


async def post_event(call: Call) -> Response:
    record, event = asked_run(call), await call.body()
    if not isinstance(event.get("name"), str):
        raise call.data_refused(400, "The field name is required.", "BadArgument")
    _happened(call, record, event)
    return JSONResponse(None)


async def post_events(call: Call) -> Response:
    """Events of several runs: `data` says of which."""
    errors, successes = [], []
    for event in objects((await call.body()).get("events")):
        data = event.get("data")
        name = str((data if isinstance(data, dict) else {}).get("RunId") or "")
        record = call.history.get(name, call.now)
        if record is None or not isinstance(event.get("name"), str):
            errors.append({"key": {**event, "name": str(event.get("name"))}, "value": no_run(name)})
        else:
            _happened(call, record, event)
            successes.append(str(event["name"]))
    return JSONResponse({"errors": errors, "successes": successes})


async def spans(call: Call) -> Response:
    """Every status with its beginning and end."""
    record = asked_run(call)
    reached = [each for each in timeline.phases(record) if each.start <= call.now]
    return _spans(call, record, reached)


async def active_spans(call: Call) -> Response:
    record = asked_run(call)
    reached = [each for each in timeline.phases(record) if each.start <= call.now]
    return _spans(call, record, reached[-1:])


async def post_spans(call: Call) -> Response:
    """A client's own account of its run: the last one tells where it is."""
    record = asked_run(call)
    for span in objects((await call.body()).get("spans")):
        status = str(span.get("status"))
        if status in run_changes.STATUSES:
            record = run_changes.moved(record, status, call.now, call.now)
    call.world.jobs.put(record)
    return JSONResponse(None)


def _happened(call: Call, record: JobRecord, event: dict[str, Any]) -> None:
    changed = run_changes.by_event(record, str(event["name"]), event.get("data"), call.now)
    if changed is not record:
        call.world.jobs.put(changed)


def _spans(call: Call, record: JobRecord, phases: list[Phase]) -> Response:
    bodies = [_span(record, place, each, call.now) for place, each in enumerate(phases)]
    return JSONResponse({"value": bodies, "continuationToken": None, "nextLink": None})


def _span(record: JobRecord, place: int, phase: Phase, now: float) -> dict[str, Any]:
    trace = uuid5(NAMESPACE_URL, f"{record.workspace}/{record.name}").hex
    ended = phase.end if phase.end is not None and phase.end <= now else None
    return {
        "context": {
            "traceId": trace,
            "spanId": f"{trace[:14]}{place:02x}",
            "isRemote": False,
            "isValid": True,
            "tracestate": [],
        },
        "name": phase.status,
        "status": phase.status,
        "parentSpanId": None,
        "attributes": [],
        "events": [],
        "links": [],
        "startTimestamp": iso(phase.start),
        "endTimestamp": iso(ended),
    }


_PRIVATE = f"/history/v1.0/private{WORKSPACE}"
_SPANS = f"{_PRIVATE}/runs/{{run}}/spans"
ROUTES = [
    *under_experiments("POST", "/runs/{run}/events", post_event, "Events_Post"),
    *under_experiments("POST", "/batch/events", post_events, "Events_BatchPost"),
    Route("GET", _SPANS, spans, "Spans_List", Plane.DATA),
    Route("POST", _SPANS, post_spans, "Spans_Post", Plane.DATA),
    Route("GET", f"{_SPANS}/active", active_spans, "Spans_GetActive", Plane.DATA),
]
